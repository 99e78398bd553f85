from __future__ import annotations

import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from kneetrack.exercises import all_exercises
from kneetrack.guide import Page, load_page, page_names, pages, picture_path
from kneetrack.records import SettingsError
from tests.test_wording import offences

PAGES = [load_page(name) for name in page_names()]
NOT_JUDGED = {("glute_bridge", "knee_valgus")}
"""Rules that an exercise lists and never judges: lying down the distance of the knees counts."""
CLAIMS = re.compile(
    r"\b(?:cures?|heals?|fixes|prevents?|releases? (?:fascia|trigger)|strengthens?|"
    r"activates?|muscle balance|proven)\b",
    re.IGNORECASE,
)


def texts(page: Page) -> list[str]:
    """Everything of a page that is shown or spoken."""
    lines = [page.title, page.summary, page.breathe, page.say, page.dose, page.picture_alt]
    lines += [page.advice, *page.prepare, *page.steps, *page.camera, *page.stop_if]
    lines += [text for slip in page.slips for text in (slip.seen, slip.do)]
    return lines + [text for place in page.positions for text in (place.title, place.say)]


def test_the_pages_go_as_a_programme_goes() -> None:
    assert page_names() == (
        *("hip_flexor_release", "glute_bridge", "lateral_lunge", "soft_tissue"),
        *("figure_four", "modified_pigeon", "squat", "single_leg_squat", "single_leg_stance"),
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_tells_all_there_is_to_know(page: Page) -> None:
    for told in (page.prepare, page.steps, page.slips, page.stop_if, page.picture_alt, page.dose):
        assert told
    assert (page.kind == "timed") == bool(page.positions)
    assert len({place.key for place in page.positions}) == len(page.positions)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_claims_and_names_nothing_that_it_must_not(page: Page) -> None:
    for text in texts(page):
        assert offences(text) == []
        assert not CLAIMS.search(text), text


def test_the_check_on_claims_can_fail() -> None:
    assert CLAIMS.search("It cures knees.")
    assert CLAIMS.search("The squeeze activates the glutes.")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_spoken_is_short(page: Page) -> None:
    for say in (page.say, *(place.say for place in page.positions)):
        sentences = re.findall(r"[^.?!]+[.?!]", say)
        assert "".join(sentences) == say
        assert len(sentences) <= 2
        assert len(say.split()) <= 18


@pytest.mark.parametrize("exercise", all_exercises().values(), ids=lambda e: e.name)
def test_what_the_camera_judges_is_on_the_page(exercise: object) -> None:
    from kneetrack.exercises.rules import Exercise

    assert isinstance(exercise, Exercise)
    page = load_page(exercise.name)
    judged = {rule.name for rule in exercise.rules if not rule.information}
    judged -= {rule for name, rule in NOT_JUDGED if name == exercise.name}
    assert page.judged
    assert {slip.rule for slip in page.slips} - {""} == judged
    assert page.dose == (exercise.dose or page.dose)
    assert set(exercise.aliases) <= {*page.aliases, page.name}


def test_only_what_has_rules_claims_a_camera() -> None:
    for page in PAGES:
        assert page.judged == (page.name in all_exercises()), page.name
        assert page.judged or not any(slip.rule for slip in page.slips)


def test_walking_off_is_told_only_from_positions_in_which_one_is_seen() -> None:
    upright = {page.name for page in PAGES if page.upright}
    assert upright == {"hip_flexor_release", "figure_four", "single_leg_stance"}


def test_the_programme_has_its_positions() -> None:
    ways = [place.key for place in load_page("release").positions]
    assert ways == ["straight_ahead", "up_and_over", "turn_to_front"]
    regions = {place.key for place in load_page("soft_tissue").positions}
    assert regions == {"glutes", "outer_thigh", "inner_thigh", "front_thigh", "back_thigh"}
    assert "extreme pigeon" in load_page("pigeon").advice


def test_every_name_and_alias_is_of_one_page() -> None:
    names = [name for page in PAGES for name in (page.name, *page.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Lateral-Lunge", "lateral_lunge"),
        ("bridge", "glute_bridge"),
        ("foam roller", "soft_tissue"),
    ],
)
def test_a_page_is_found_however_it_is_spelt(typed: str, found: str) -> None:
    assert load_page(typed).name == found


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(SettingsError, match=r"'latteral_lunge': did you mean 'lateral-lunge'\?"):
        load_page("latteral_lunge")


@pytest.mark.parametrize(
    "text, told", [('title = "a"\ntitle = "b"\n', "line 2"), ('titel = "a"\n', "titel")]
)
def test_a_damaged_page_is_named_with_its_line(
    text: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "glute_bridge.toml").write_text(text, "utf-8")
    inside = SimpleNamespace(files=lambda _: tmp_path)
    monkeypatch.setattr("kneetrack.guide.pages.resources", inside)
    with pytest.raises(SettingsError, match=rf"glute_bridge\.toml is damaged .*{told}"):
        pages._read.__wrapped__("glute_bridge")


def test_a_position_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_page("squat").position("sideways")


def test_a_missing_picture_says_what_to_do() -> None:
    with pytest.raises(SettingsError, match="reinstall kneetrack"):
        picture_path("nothing.jpg")


def test_the_guide_in_the_docs_is_the_pages(root: Path) -> None:
    script = runpy.run_path(str(root / "scripts" / "write_exercises.py"))
    written = (root / "docs" / "exercises.md").read_text("utf-8")
    assert written == script["text"](), "run: python scripts/write_exercises.py"
