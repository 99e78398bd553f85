"""The page about a practice as one HTML file that needs no network and prints on A4."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kneetrack.report.guide_section import guide_section, guide_style
from kneetrack.report.practice.facts import PracticeShown
from kneetrack.report.templating import asset, environment
from kneetrack.report.writing import write_text

STATUS_WORDS: Final = {
    "ok": "fine",
    "watch": "a little off",
    "flag": "off",
    "cannot_tell": "cannot tell",
}
SIGNS: Final = {"ok": "✓", "watch": "△", "flag": "▲", "cannot_tell": "?"}
"""Told by shape, not by colour alone."""
PART_SIGNS: Final = {"done": "●", "partly": "◐", "skipped": "–", "pain": "▲"}
CLEAN: Final = {
    ("yes", "camera"): "With control, as the camera saw it",
    ("yes", "self"): "With control, by your own word",
    ("no", "camera"): "Not quite clean",
    ("no", "self"): "Not quite clean, by your own word",
    ("cannot_tell", "camera"): "The camera cannot tell whether it was clean",
}


def render_practice(shown: PracticeShown) -> str:
    """The text of the page. Every name that came from outside is escaped."""
    return (
        environment("practice/templates")
        .get_template("practice.html.j2")
        .render(
            p=shown,
            signs=SIGNS,
            part_signs=PART_SIGNS,
            words=STATUS_WORDS,
            clean=CLEAN,
            guide=guide_section(shown.exercises),
            style=asset("practice/templates", "practice.css") + guide_style(),
        )
    )


def write_practice(shown: PracticeShown, path: Path) -> Path:
    """Write the page, whole or not at all. Raises OutputError."""
    return write_text(path, render_practice(shown))
