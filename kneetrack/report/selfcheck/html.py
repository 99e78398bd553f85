"""selfcheck.html: one file that needs no network and prints on a page or two."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kneetrack.report.guide_section import guide_section, guide_style
from kneetrack.report.selfcheck.facts import SelfCheckFacts
from kneetrack.report.writing import write_text

FILE_NAME = "selfcheck.html"


def render_selfcheck(facts: SelfCheckFacts) -> str:
    """The text of the page. Every name that came from outside is escaped."""
    exercises = [part.exercise for part in facts.practise]
    return (
        _environment()
        .get_template("selfcheck.html.j2")
        .render(
            facts=facts,
            style=Markup(_asset("selfcheck.css")) + guide_style(),
            guide=guide_section(exercises),
        )
    )


def write_selfcheck(facts: SelfCheckFacts, folder: Path) -> Path:
    """Write the page, whole or not at all. Raises OutputError."""
    return write_text(folder / FILE_NAME, render_selfcheck(facts))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kneetrack.report", "selfcheck"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _asset(name: str) -> str:
    return files("kneetrack.report.selfcheck").joinpath(name).read_text("utf-8")
