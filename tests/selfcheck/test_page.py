"""The page of a self-check: what is on it, what is not, and names that came from outside."""

from __future__ import annotations

import re
from dataclasses import replace

from kneetrack.report.selfcheck.facts import LineFact, PractiseFact, SelfCheckFacts, SignFact
from kneetrack.report.selfcheck.html import render_selfcheck

LINE = LineFact("Squat", "Left knee falls inward", "14 ± 5 %", "flag")
FACTS = SelfCheckFacts(
    "29 November 2026",
    "1 of the five signs was told or seen.",
    programme="Hip programme",
    signs=(SignFact("Knees caving in", "no", "seen", "flag", True, (LINE,)),),
    practise=(PractiseFact("Glute bridge", "2 sets of 10", "for: knees", "glute_bridge"),),
    see_somebody_if=("it wakes you at night",),
    untold=(("Lateral lunge", "turn 12° to your left"),),
    filmed=True,
)


def plain(facts: SelfCheckFacts) -> str:
    """The words of a page."""
    body = render_selfcheck(facts).partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_told_measured_practise_doctor_and_what_is_not_known() -> None:
    words = plain(FACTS)
    for told in (
        "1 of the five signs was told or seen.",
        "Knees caving in no seen",
        "Left knee falls inward: 14 ± 5 %",
        "Glute bridge 2 sets of 10",
        "kneetrack programme",
        "it wakes you at night",
        "Lateral lunge : turn 12° to your left",
        "How to do it: Glute bridge with a block",
        "does not diagnose".capitalize(),
    ):
        assert told.lower() in words.lower(), told


def test_after_a_red_flag_there_is_nothing_else() -> None:
    facts = SelfCheckFacts("today", "Please see a doctor today.", red_flags=("Calf swollen",))
    words = plain(facts)
    assert "Calf swollen" in words and "Nothing was measured." in words
    for other in ("five signs", "What to practise", "How to do it", "could not be told"):
        assert other not in words


def test_what_hurt_is_practised_later() -> None:
    assert "What to practise, once it has settled" in plain(replace(FACTS, hurt=True))
    assert "once it has settled" not in plain(FACTS)


def test_without_a_camera_it_says_so() -> None:
    assert "No camera looked at this." in plain(replace(FACTS, filmed=False))


def test_names_from_outside_are_escaped_and_nothing_is_loaded() -> None:
    page = render_selfcheck(replace(FACTS, programme="<script>alert(1)</script>"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=\"(?!data:)", page)
