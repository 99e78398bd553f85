"""kneetrack correct and kneetrack score, as they are typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from kneetrack.commands import reviewing, scoring
from kneetrack.records import KneetrackError, SettingsError, UnknownRecordError
from tests.clinic.reviewed import CODE, Reviewed, reviewed


@pytest.fixture
def squat(tmp_path: Path) -> Iterator[Reviewed]:
    with reviewed(tmp_path) as made:
        yield made


@pytest.fixture
def one_leg(tmp_path: Path) -> Iterator[Reviewed]:
    with reviewed(tmp_path, "slsq_left") as made:
        yield made


def run(folder: Path, *arguments: str, typed: str = "") -> str:
    """What the command prints; an error that it raises is raised here."""
    app = typer.Typer()
    reviewing.add_to(app)
    scoring.add_to(app)
    done = CliRunner().invoke(
        app, [*arguments, "--db", str(folder / "clinic.db")], input=typed, catch_exceptions=True
    )
    if isinstance(done.exception, KneetrackError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_bounds_are_corrected_listed_and_withdrawn(squat: Reviewed, tmp_path: Path) -> None:
    end_s = squat.original.reps[2].end_s
    said = run(
        tmp_path, "correct", "bounds", CODE, "1", "squat:front",
        "--rep", "3", "--end", f"{end_s + 0.3:.3f}", "--reason", "heel came up",
    )  # fmt: skip
    assert said.startswith(f"rep 3 ended at {end_s + 0.3:.1f} s instead of {end_s:.1f} s")
    listed = run(tmp_path, "correct", "list", CODE, "1", "squat:front")
    (made,) = squat.store.corrections(squat.trial.id)
    assert f"{made.id[:8]}  rep 3 ended at" in listed and made.id not in listed
    assert "heel came up; " in listed
    assert [line.endswith("corrected") for line in listed.splitlines()[:5]] == [
        False, False, True, False, False,
    ]  # fmt: skip
    assert run(tmp_path, "correct", "withdraw", made.id[:6]).startswith("withdrawn: rep 3 ended")
    assert squat.store.corrections(squat.trial.id) == []
    listed = run(tmp_path, "correct", "list", CODE, "1", "squat:front", "--withdrawn")
    assert "(withdrawn)" in listed


def test_where_landmarks_are_is_shown_as_it_is_typed(squat: Reviewed, tmp_path: Path) -> None:
    take = (CODE, "1", "squat:front")
    shown = run(tmp_path, "correct", "list", *take, "--at", "3.4")
    assert shown.startswith("at 3.40 s, in the upright picture of ")
    was = {line.split()[0]: line.split()[1] for line in shown.splitlines()[1:]}
    assert len(was) == 33 and "," in was["left_knee"]
    moved = ("--at", "3.4", "--landmark", "left_knee", "--to", "205,420", "--reason", "trousers")
    said = run(tmp_path, "correct", "landmark", *take, *moved)
    assert f"from ({was['left_knee'].replace(',', ', ')}) to (205, 420) px" in said
    assert "left_knee         205,420" in run(tmp_path, "correct", "list", *take, "--at", "3.4")
    told = json.loads(run(tmp_path, "correct", "list", *take, "--at", "3.4", "--json"))
    assert told["landmarks"]["left_knee"] == [205.0, 420.0]
    with pytest.raises(SettingsError, match="99 s lies outside the clip"):
        run(tmp_path, "correct", "list", *take, "--at", "99")


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("abc12", UnknownRecordError, "the first 6 or more digits"),
        ("%%%%%%%", UnknownRecordError, "the first 6 or more digits"),
        ("abcdef0123", UnknownRecordError, "no correction is known by 'abcdef0123'"),
    ],
)
def test_a_correction_that_is_not_there(
    text: str, error: type[Exception], says: str, squat: Reviewed, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says):
        run(tmp_path, "correct", "withdraw", text)


def test_two_that_begin_alike_need_more_digits(
    squat: Reviewed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = iter([f"abcdef{n}{'0' * 25}" for n in range(2)])
    monkeypatch.setattr("kneetrack.store.reviewing.new_id", lambda: next(ids))
    for rep in ("1", "2"):
        run(tmp_path, "correct", "strike", CODE, "1", "squat:front", "--rep", "1", "--reason", rep)
    with pytest.raises(SettingsError, match="several corrections begin with abcdef"):
        run(tmp_path, "correct", "withdraw", "abcdef")
    run(tmp_path, "correct", "withdraw", "ABCDEF1")
    assert len(squat.store.corrections(squat.trial.id)) == 1


def test_every_other_kind_of_correction(squat: Reviewed, tmp_path: Path) -> None:
    take = (CODE, "1", "squat:front")
    reps = squat.original.reps
    said = run(
        tmp_path, "correct", "landmark", *take, "--at", f"{reps[0].bottom_s}",
        "--landmark", "left_knee", "--to", "205,420", "--until", f"{reps[0].bottom_s + 0.3}",
        "--reason", "trousers",
    )  # fmt: skip
    assert said.startswith("left knee 3.40 to 3.70 s moved from (")
    run(
        tmp_path, "correct", "verdict", *take, "--rep", "2", "--rule", "knee_valgus",
        "--side", "right", "--status", "ok", "--reason", "brace",
    )  # fmt: skip
    run(tmp_path, "correct", "strike", *take, "--rep", "5", "--reason", "cough")
    run(
        tmp_path, "correct", "add", *take, "--start", f"{reps[4].start_s}",
        "--bottom", f"{reps[4].bottom_s}", "--end", f"{reps[4].end_s}", "--reason", "no cough",
    )  # fmt: skip
    kinds = [c.kind for c in squat.store.corrections(squat.trial.id)]
    assert kinds == ["landmark", "verdict", "bounds", "bounds"]
    assert len(squat.now.reps) == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["landmark", "--at", "3", "--landmark", "left_knee", "--to", "4"], "write X,Y"),
        (["landmark", "--at", "3", "--landmark", "left_kne", "--to", "4,4"], "did you mean"),
        (["verdict", "--rep", "1", "--rule", "knee_valgus", "--status", "good"], "unknown verdict"),
        (
            ["verdict", "--rep", "1", "--rule", "knee_valgus", "--status", "ok", "--side", "x"],
            "unknown side",
        ),
        (["strike", "--rep", "9"], "no repetition 9"),
    ],
)
def test_what_cannot_be_is_one_line(
    arguments: list[str], words: str, squat: Reviewed, tmp_path: Path
) -> None:
    name, *options = arguments
    with pytest.raises(SettingsError, match=words) as error:
        run(tmp_path, "correct", name, CODE, "1", "squat:front", *options, "--reason", "x")
    assert "\n" not in str(error.value)
    assert squat.store.corrections(squat.trial.id, withdrawn=True) == []


def test_an_unknown_client_or_take(squat: Reviewed, tmp_path: Path) -> None:
    for client, take in (("Q-1", "squat:front"), (CODE, "sqat:front")):
        with pytest.raises(UnknownRecordError):
            run(tmp_path, "correct", "list", client, "1", take)


# ------------------------------------------------------------------ scores


def test_in_a_pipe_only_what_is_set_is_confirmed(one_leg: Reviewed, tmp_path: Path) -> None:
    shown = run(tmp_path, "score", CODE, "1", "slsq_left")
    assert "suggested 0: knee over foot" in shown
    assert "thigh rotation: for the clinician" in shown
    assert one_leg.store.scores(one_leg.trial.session_id) == []
    shown = run(
        tmp_path, "score", CODE, "1", "slsq_left", "--sheet", "qasls", "--side", "left",
        "--set", "knee_medial=1", "--set", "arm=0",
    )  # fmt: skip
    assert shown.splitlines()[-1] == "QASLS: 2 of 10 items confirmed"
    medial = next(line for line in shown.splitlines() if line.split()[:1] == ["knee_medial"])
    assert medial.split()[1:3] == ["confirmed", "1"], "the table is as it is now"
    shown = run(tmp_path, "score", CODE, "1", "slsq_left", "--set", "arm=-")
    assert shown.splitlines()[-1] == "QASLS: 1 of 10 items confirmed"


def test_at_a_terminal_every_item_is_asked_for(
    one_leg: Reviewed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "_at_a_terminal", lambda: True)
    typed = "\n".join(["0", "7", "0", "1", "", "0", "0", "0", "0", "0", "0"]) + "\n"
    shown = run(tmp_path, "score", CODE, "1", "slsq_left", typed=typed)
    assert shown.splitlines()[-1] == "QASLS: 9 of 10 items confirmed"
    shown = run(tmp_path, "score", CODE, "1", "slsq_left", typed="1\n")  # the one that was left
    assert shown.splitlines()[-1] == "QASLS: 2 of 10 points (0 is best)"


def test_coaching_says_where_a_total_lies(one_leg: Reviewed, tmp_path: Path) -> None:
    asked = ["score", CODE, "1", "slsq_left", "--sheet", "lsd"]
    points = ["arm=0", "trunk=0", "pelvis=1", "knee=0", "unsteady=0"]
    sets = [part for text in points for part in ("--set", text)]
    assert run(tmp_path, *asked, *sets).splitlines()[-1] == "LSD: 1 of 6 points (0 is best)"
    shown = run(tmp_path, *asked, "--coaching")
    assert shown.splitlines()[-1].endswith("0 to 1: well controlled")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["slsq_left", "--set", "arm"], "write ITEM=POINTS"),
        (["slsq_left", "--set", "arm=5"], "has 0, 1 points, not 5"),
        (["slsq_left", "--set", "leg=1"], "has no item"),
        (["slsq_left", "--side", "both"], "of one leg"),
        (["squat", "--side", "left"], "no score of its own"),
    ],
)
def test_what_no_score_has(
    arguments: list[str], words: str, one_leg: Reviewed, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=words):
        run(tmp_path, "score", CODE, "1", *arguments)
