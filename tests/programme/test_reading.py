"""Programme files: what they say, what is wrong with them in one line, and back to text again."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.clinic_records.practice import Dose
from kneetrack.guide.pages import page_names
from kneetrack.programme import offered, reading
from kneetrack.programme.reading import default_text, load_programme, programme_from
from kneetrack.programme.values import Part, Programme
from kneetrack.records import SettingsError
from tests.conftest import ROOT
from tests.programme.as_toml import to_toml

HEAD = 'title = "Mine"\n'
LUNGE = '[[part]]\nkey = "lunge"\nexercise = "lateral_lunge"\nreps = 8\n'
HOLD = '[[part]]\nexercise = "figure-four"\nhold_s = 30\n'
CONTRACT = """
title = "Hip programme"
about = "..."
leave_out = ["pigeon"]
[limits.lateral_lunge]
knee_flexion_deg = 80
[[part]]
key = "lunge"
exercise = "lateral_lunge"
sets = 2
reps = 8
rest_s = 60
sides = "both"
views = ["front"]
note = "Slowly."
[part.most]
sets = 3
reps = 10
depth_deg = 100
[bands.squat.knee_valgus.kfo]
watch = 0.05
"""


def test_a_whole_file_is_read() -> None:
    programme = programme_from(CONTRACT, "clinician")
    assert programme == Programme(
        "Hip programme",
        (
            Part(
                *("lunge", "lateral_lunge", "reps", "Lateral lunge"),
                Dose(2, 8, None, 80.0),
                Dose(3, 10, None, 100.0),
                views=("front",),
                note="Slowly.",
            ),
        ),
        about="...",
        by="clinician",
        max_knee_flexion_deg={"lateral_lunge": 80.0},
        leave_out=frozenset({"modified_pigeon"}),
        bands={"squat": {"knee_valgus": {"kfo": {"watch": 0.05}}}},
    )


def test_what_is_not_said_is_as_usual() -> None:
    part = programme_from(HEAD + '[[part]]\nexercise = "bridge"\nreps = 10', "own").parts[0]
    assert (part.key, part.title) == ("glute_bridge", "Glute bridge with a block")
    assert part.dose == part.most == Dose(1, 10)
    assert part.views == ("side", "foot_end")
    assert (part.bridge_mode, part.rest_s, part.sides) == ("low", 60.0, "both")


def test_the_default_programme_is_the_five_strategies_of_the_article() -> None:
    programme = load_programme(None)
    parts = {part.key: part for part in programme.parts}
    assert list(parts) == ["release", "bridge", "lunge", "tissue", "figure_four", "pigeon"]
    assert parts["release"].dose.hold_s == parts["release"].most.hold_s == 30
    assert len(parts["release"].positions) == 3
    assert (parts["bridge"].dose, parts["bridge"].most) == (Dose(2, 10, 3.0), Dose(3, 12, 3.0))
    assert parts["bridge"].views == ("side", "foot_end")
    assert parts["lunge"].dose == Dose(2, 8, None, 80.0)
    assert parts["lunge"].most == Dose(3, 10, None, 100.0)
    assert (parts["tissue"].dose.hold_s, parts["tissue"].most.hold_s) == (30, 60)
    assert len(parts["tissue"].positions) == 5
    assert programme.by == "default"


@pytest.mark.parametrize("name", page_names())
def test_every_exercise_of_the_guide_can_be_in_a_programme(name: str) -> None:
    amount = "hold_s = 20" if offered.page_of(name).kind == "timed" else "reps = 5\n"
    if name == "single_leg_stance":
        amount = "hold_s = 20"
    programme = programme_from(f'{HEAD}[[part]]\nexercise = "{name}"\n{amount}', "own")
    assert programme.parts[0].exercise == name
    assert programme_from(to_toml(programme), "own") == programme


# ------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = ", "not valid TOML"),
        (LUNGE, "title is missing"),
        ("title = 3\n" + LUNGE, "title must be a text"),
        ('title = "a\\nb"\n' + LUNGE, "title must be plain text"),
        (f'title = "{"x" * 81}"\n' + LUNGE, "longer than 80"),
        (HEAD, "a programme needs parts"),
        (HEAD + "part = []", "a programme needs parts"),
        (HEAD + 'parts = ""\n' + LUNGE, "unknown key 'parts': did you mean 'part'?"),
        (HEAD + LUNGE + "rep = 8", "part 1 ('lunge'): unknown key 'rep': did you mean 'reps'"),
        (HEAD + "[[part]]\nreps = 8", "part 1: exercise is missing: use "),
        (HEAD + '[[part]]\nexercise = "latral-lunge"', "did you mean 'lateral-lunge'?"),
        (HEAD + LUNGE + LUNGE, "part 2: the key 'lunge' is taken"),
        (HEAD + LUNGE.replace('"lunge"', '"Lunge!"'), "the key 'Lunge!' of a part"),
        (HEAD + LUNGE.replace('"lunge"', '"squat"'), "no other exercise"),
        (HEAD + LUNGE.replace("8", "8.5"), "reps = 8.5: use a whole number from 1 to 30"),
        (HEAD + LUNGE.replace("8", "true"), "reps = True: use a whole number"),
        (HEAD + LUNGE.replace("8", "99"), "part 'lunge': reps = 99: use a whole number"),
        (HEAD + LUNGE.replace("reps = 8", ""), "say how many: reps = 8"),
        (HEAD + LUNGE + "depth_deg = nan", "depth_deg = nan is not a number"),
        (HEAD + LUNGE + "depth_deg = 500", "depth_deg = 500: use 20 to 140"),
        (HEAD + LUNGE + "hold_s = 3", "hold_s does not go with it"),
        (HEAD + LUNGE + 'positions = ["a"]', "positions does not go with it"),
        (HEAD + LUNGE + 'bridge = "low"', "lateral_lunge is no bridge"),
        (HEAD + LUNGE + 'sides = "lft"', "sides = 'lft': did you mean 'left'?"),
        (HEAD + LUNGE + 'views = ["foot_end"]', "views = 'foot_end': use front, side"),
        (HEAD + LUNGE + 'views = ["side", "side"]', "names one of them twice"),
        (HEAD + LUNGE + "views = 3", "views must be a list"),
        (HEAD + LUNGE + "rest_s = 5", "rest_s = 5: use 20 to 300"),
        (HEAD + LUNGE + "[part.most]\nreps = 7", "most: reps = 7 is less than the 8"),
        (HEAD + LUNGE + "[part.most]\nsts = 7", "most: unknown key 'sts': did you mean 'sets'"),
        (HEAD + LUNGE + "[part.most]\ndepth_deg = 90", "how deep to begin: depth_deg"),
        (HEAD + LUNGE + "most = 3", "most must be a table"),
        (HEAD + HOLD + "reps = 3", "reps does not go with it: figure_four is held"),
        (HEAD + HOLD + "[part.most]\nreps = 3", "most: reps does not go with it"),
        (HEAD + HOLD.replace("30", "400"), "hold_s = 400: use 5 to 180"),
        (HEAD + HOLD.replace("hold_s = 30", ""), "say how long: hold_s = 30"),
        (HEAD + HOLD + 'positions = ["sitted"]', "positions = 'sitted': did you mean 'seated'?"),
        (HEAD + '[[part]]\nexercise = "squat"\nreps = 5\nsides = "left"', "both sides work"),
        (HEAD + '[[part]]\nexercise = "bridge"\nreps = 5\ndepth_deg = 80', "depth is asked for in"),
        (HEAD + '[[part]]\nexercise = "single-leg-stance"', "say how long"),
        (HEAD + "[limits]\nlateral_lunge = 80\n" + LUNGE, "limits.lateral_lunge must be a table"),
        (HEAD + "limits = 3\n" + LUNGE, "limits must be a table"),
        (HEAD + "[limits.bridge]\nknee_flexion_deg = 80\n" + LUNGE, "no depth to limit"),
        (HEAD + "[limits.lunge]\n" + LUNGE, "say how deep: knee_flexion_deg = 80"),
        (HEAD + "[limits.lunge]\nknee_flexion = 80\n" + LUNGE, "did you mean 'knee_flexion_deg'"),
        (
            HEAD + "[limits.lunge]\nknee_flexion_deg = 80\n" + LUNGE + "depth_deg = 90",
            "depth_deg = 90 is deeper than the limit 80",
        ),
        (HEAD + 'leave_out = ["lunges"]\n' + LUNGE, "nothing is left to do"),
        (HEAD + 'leave_out = "squat"\n' + LUNGE, "leave_out must be a list"),
        (HEAD + 'leave_out = ["sqat"]\n' + LUNGE, "leave_out: unknown exercise 'sqat'"),
        (HEAD + LUNGE + "[bands.squt]", "unknown setting 'bands.squt'"),
        (HEAD + LUNGE + "[bands.squat.knee_valgus.kfo]\nwatch = 4", "must lie above watch"),
        (HEAD + LUNGE + f'note = "{"x" * 501}"', "note is longer than 500"),
        (HEAD + "a = " + "[\n" * 5000, "not valid TOML"),
    ],
)
def test_every_mistake_is_one_line_that_names_the_key(text: str, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        programme_from(text, "own")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


HUGE = "0x" + "f" * 3800
DOTS = "a." * 1900


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LUNGE.replace("8", "9" * 3900 + "9" * 90), "reps"),
        (LUNGE.replace("8", "9" * 5000), "longer than 4000 characters"),
        (LUNGE.replace("8", HUGE), "reps"),
        (LUNGE + f"depth_deg = {HUGE}", "depth_deg"),
        (LUNGE + f"sides = {HUGE}", "sides"),
        (LUNGE + f"[bands.squat.knee_valgus.kfo]\nwatch = {HUGE}", "bands.squat.knee_valgus.kfo"),
        (f"{DOTS * 20}b = 1", "longer than 4000 characters"),
        ("k" * 3000 + " = 1", "unknown key"),
    ],
)
def test_numbers_and_keys_without_end_are_refused_in_a_short_line(text: str, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        programme_from(HEAD + text, "own")
    assert told in str(error.value)
    assert len(str(error.value)) < 300


def test_a_file_is_named_in_what_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    with pytest.raises(SettingsError, match=r"not found: .*mine\.toml"):
        load_programme(path)
    path.write_text(HEAD + LUNGE.replace("8", "0"), "utf-8")
    with pytest.raises(SettingsError, match=r"mine\.toml: part 'lunge': reps = 0"):
        load_programme(path)
    path.write_bytes(b"title = '\xff'")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_programme(path)
    path.write_bytes(b"x" * 300_000)
    with pytest.raises(SettingsError, match="too long"):
        load_programme(path)
    with pytest.raises(SettingsError, match="cannot read"):
        load_programme(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + LUNGE).encode())
    assert load_programme(path).by == "own"


# ------------------------------------------------------------------ back to text

PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30
).map(str.strip)
TITLES = PLAIN.filter(bool)
NOTES = st.lists(PLAIN, max_size=3).map("\n".join)


@st.composite
def grown(draw: st.DrawFn, least: int, most: int) -> tuple[int, int]:
    """What it begins with and up to where it may grow."""
    begin = draw(st.integers(least, most))
    return begin, draw(st.integers(begin, most))


@st.composite
def a_part(draw: st.DrawFn, number: int, limits: dict[str, float]) -> Part:
    page = offered.page_of(draw(st.sampled_from(page_names())))
    dose, most = Dose(), Dose()
    hold = offered.hold_range(page)
    if hold and (page.kind == "timed" or page.name == "single_leg_stance" or draw(st.booleans())):
        begin, end = draw(grown(round(hold[0]), round(hold[1])))
        dose, most = replace(dose, hold_s=float(begin)), replace(most, hold_s=float(end))
    if page.kind == "reps":
        (sets, most_sets), (reps, most_reps) = draw(grown(1, 6)), draw(grown(1, 30))
        dose = replace(dose, sets=sets, reps=reps)
        most = replace(most, sets=most_sets, reps=most_reps)
    if page.name in offered.BENDING and draw(st.booleans()):
        begin, end = draw(grown(20, round(limits.get(page.name, 140))))
        begin_deg = begin + draw(st.sampled_from([0.0, 0.25])) * (end > begin)
        dose, most = replace(dose, depth_deg=begin_deg), replace(most, depth_deg=float(end))
    keys = [position.key for position in page.positions]
    chosen = draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []
    views = offered.VIEWS.get(page.name, ())
    seen = draw(st.lists(st.sampled_from(views), min_size=1, unique=True)) if views else []
    return Part(
        key=f"part_{number}",
        exercise=page.name,
        kind="timed" if page.kind == "timed" else "reps",
        title=draw(TITLES),
        dose=dose,
        most=most,
        rest_s=float(draw(st.integers(20, 300))) if page.kind == "reps" else 60.0,
        positions=tuple(chosen),
        sides=draw(st.sampled_from(["both", "left", "right"])) if page.each_side else "both",
        views=tuple(seen),
        bridge_mode=draw(st.sampled_from(["low", "full"]))
        if page.name == "glute_bridge"
        else "low",
        note=draw(NOTES),
    )


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    limits = draw(
        st.dictionaries(st.sampled_from(offered.BENDING), st.integers(20, 140).map(float))
    )
    parts = [draw(a_part(number, limits)) for number in range(draw(st.integers(1, 5)))]
    out = draw(st.frozensets(st.sampled_from(page_names())))
    if all(part.exercise in out for part in parts):
        out = frozenset()
    watch = draw(st.floats(0.0, 0.09))
    bands = {"squat": {"knee_valgus": {"kfo": {"watch": watch}}}} if draw(st.booleans()) else {}
    return Programme(
        draw(TITLES),
        tuple(parts),
        about=draw(NOTES),
        by="own",
        max_knee_flexion_deg=limits,
        leave_out=out,
        bands=bands,
    )


@given(programmes())
def test_written_and_read_again_it_is_the_same(programme: Programme) -> None:
    assert programme_from(to_toml(programme), "own") == programme


def test_the_default_file_reads_as_what_is_written_of_it() -> None:
    programme = programme_from(default_text(), "default")
    assert programme_from(to_toml(programme), "default") == programme


def test_the_example_of_the_guide_can_be_read() -> None:
    page = (ROOT / "docs" / "programme-files.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    programme = programme_from(example, "clinician")
    assert [part.key for part in programme.parts] == ["bridge", "lunge", "rolling"]
    for key in (*reading._PART_KEYS, *reading._TOP_KEYS):
        assert key in page, "every key is explained"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[part]\nreps = 1\n[part]\nreps = 2\n", "[[part]]"),
        ("title = “Hips”\n", "straight quotation marks"),
        ("[limits.squat]\nknee_flexion_deg = 80°\n", "without a unit"),
        ("sets = 2\nsets = 3\n", "only once"),
    ],
)
def test_what_is_no_toml_is_told_with_what_helps(text: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        programme_from(text, "own")
    assert says in str(caught.value) and "line" in str(caught.value)
