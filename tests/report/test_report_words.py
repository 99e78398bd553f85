"""What the report may not say, and that it has words for all that an analysis can say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kneetrack.exercises import all_exercises
from kneetrack.report import glossary
from kneetrack.report.html import render_report
from kneetrack.report.take import EXERCISES, Take
from tests.report import make_results as made

FOLDER = Path(glossary.__file__).parent
DISCLAIMER = "Does not diagnose, screen for, predict or prevent injury or disease."
FORBIDDEN = (
    r"diagnos\w*",
    r"\brisks?\b",
    r"\bscreen(ing|s|ed)?\b",
    r"abnormal\w*",
    r"patholog\w*",
    r"weak glutes",
    r"glutes are weak",
    r"knee abduction",
    r"\b3-?D\b",
    r"three-dimensional",
    r"\bACL\b",
    r"prevent\w*",
    r"predict\w*",
    r"\btreat(s|ment)?\b",
    r"\brehab(ilitation)?\b",
    r"\bnorms?\b(?!: for most)",
    r"lumbar",
)


def spoken() -> Iterator[tuple[str, str]]:
    """The words of every template and word list, without markup and comments."""
    for path in sorted(FOLDER.glob("*.toml")):
        lines = path.read_text("utf-8").splitlines()
        yield path.name, "\n".join(line for line in lines if not line.startswith("#"))
    for path in sorted((FOLDER / "templates").iterdir()):
        if path.suffix not in {".css", ".js"}:
            text = path.read_text("utf-8")
            yield path.name, re.sub(r"\{[%#{].*?[%#}]\}|<[^>]*>", " ", text, flags=re.S)


@pytest.mark.parametrize(("name", "text"), list(spoken()))
def test_it_measures_and_coaches_and_claims_nothing(name: str, text: str) -> None:
    claimed = re.sub(r"\s+", " ", text).replace(DISCLAIMER, "")
    for words in FORBIDDEN:
        found = re.search(words, claimed, re.I)
        assert found is None, f"{name} says {claimed[found.start() - 40 : found.end() + 40]!r}"


def test_the_wording_list_finds_what_it_looks_for() -> None:
    for phrase in ("a diagnosis", "injury risk", "3-D valgus", "screening", "Knee abduction"):
        assert any(re.search(words, phrase, re.I) for words in FORBIDDEN)


def test_the_medical_note_stands_in_every_report() -> None:
    for name in ("one_knee_in", "nothing_recognised"):
        assert DISCLAIMER in render_report([Take(*getattr(made, name)())])


def test_every_rule_has_words_for_every_state() -> None:
    for exercise in all_exercises().values():
        for rule in exercise.rules:
            entry = glossary.rule(rule.name)
            assert glossary.rule_order(rule.name) < glossary.rule_order("unknown"), (
                f"give {rule.name} words in kneetrack/report/rules.toml"
            )
            if rule.information:
                continue
            for side in ("left", "right", "both"):
                said = [entry.says(s, side) for s in ("ok", "watch", "flag", "cannot_tell")]  # type: ignore[arg-type]
                assert len(set(said)) == 4
                assert not any("{" in words or "  " in words for words in said)
            assert entry.cue


def test_every_measure_that_decides_is_explained() -> None:
    for exercise in all_exercises().values():
        for rule in exercise.rules:
            for reader in rule.readers:
                entry = glossary.measure(reader.measure, reader.unit)
                assert entry.text, f"explain {reader.measure} in kneetrack/report/glossary.toml"
                assert entry.formula, reader.measure
                assert glossary.stem(f"{reader.measure}_{reader.unit}_left") == reader.measure


def test_every_exercise_has_a_title() -> None:
    assert set(all_exercises()) <= set(EXERCISES)


def test_every_source_named_is_known() -> None:
    for key in glossary._measures():
        for source in glossary.measure(key).sources:
            assert glossary.source(source) != source


def test_an_unknown_measure_and_rule_are_shown_under_their_own_names() -> None:
    assert glossary.measure("new_angle_deg_left").name == "New angle"
    assert glossary.measure("new_angle_deg_left").with_error(12.34, 2.0) == "12 ± 2°"
    assert glossary.rule("new_rule").says("flag", "left") == "Left new rule"


@pytest.mark.parametrize(
    ("measure", "value", "error", "text"),
    [
        ("kfo", 0.304, 0.05, "30 ± 5 %"),
        ("kfo", -0.004, 0.05, "0 ± 5 %"),
        ("kfo", -0.08, None, "−8 %"),
        ("fppa_change", 12.37, 3.2, "12 ± 3°"),
        ("ktsr", 0.8249, 0.04, "0.82 ± 0.04"),
        ("descent", 1.0, 0.001, "1.0 ± 0.1 s"),
        ("kfo", None, 0.05, "–"),
        ("kfo", float("nan"), None, "–"),
    ],
)
def test_numbers_have_no_more_digits_than_they_deserve(
    measure: str, value: float | None, error: float | None, text: str
) -> None:
    assert glossary.measure(measure).with_error(value, error) == text


def test_the_sign_of_a_number_becomes_a_word() -> None:
    kfo = glossary.measure("kfo")
    assert kfo.sentence(0.3) == "30 % of the shank’s length inside the toes"
    assert kfo.sentence(-0.08) == "8 % of the shank’s length outside the toes"
    assert kfo.sentence(0.001, 0.04) == "level with the toes: 0 ± 4 % of the shank’s length"
