"""The text of the page of a diary."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kneetrack.report.diary.page import DiaryPage


def render_diary(page: DiaryPage) -> str:
    """The page; every word that came from outside is escaped."""
    style = files("kneetrack.report.diary").joinpath("diary.css").read_text("utf-8")
    template = _environment().get_template("diary.html.j2")
    return template.render(page=page, style=Markup(style), picture=Markup(page.picture))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kneetrack.report", "diary"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
