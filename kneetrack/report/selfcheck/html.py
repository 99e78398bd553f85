"""selfcheck.html: one file that needs no network and prints on a page or two."""

from __future__ import annotations

from pathlib import Path

from kneetrack.report.guide_section import guide_section, guide_style
from kneetrack.report.selfcheck.facts import SelfCheckFacts
from kneetrack.report.templating import asset, environment
from kneetrack.report.writing import write_text

FILE_NAME = "selfcheck.html"


def render_selfcheck(facts: SelfCheckFacts) -> str:
    """The text of the page. Every name that came from outside is escaped."""
    exercises = [part.exercise for part in facts.practise]
    return (
        environment("selfcheck")
        .get_template("selfcheck.html.j2")
        .render(
            facts=facts,
            style=asset("selfcheck", "selfcheck.css") + guide_style(),
            guide=guide_section(exercises),
        )
    )


def write_selfcheck(facts: SelfCheckFacts, folder: Path) -> Path:
    """Write the page, whole or not at all. Raises OutputError."""
    return write_text(folder / FILE_NAME, render_selfcheck(facts))
