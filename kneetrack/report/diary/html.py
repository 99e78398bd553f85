"""The text of the page of a diary."""

from __future__ import annotations

from markupsafe import Markup

from kneetrack.report.diary.page import DiaryPage
from kneetrack.report.templating import asset, environment


def render_diary(page: DiaryPage) -> str:
    """The page; every word that came from outside is escaped."""
    style = asset("diary", "diary.css")
    template = environment("diary").get_template("diary.html.j2")
    return template.render(page=page, style=style, picture=Markup(page.picture))
