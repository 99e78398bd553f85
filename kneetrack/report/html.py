"""report.html: one file that needs no network, with the annotated video beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kneetrack.report import glossary
from kneetrack.report.guide_section import guide_section, guide_style
from kneetrack.report.page import Page, make_page
from kneetrack.report.take import Take, sets_of
from kneetrack.report.takeview import TakeView
from kneetrack.report.templating import asset, environment
from kneetrack.report.writing import write_text

STATUS_WORDS = {
    "ok": "OK",
    "watch": "Watch",
    "flag": "Flag",
    "cannot_tell": "Cannot tell",
    "information": "Information",
}
TALLY_WORDS = {
    "ok": "OK",
    "watch": "to watch",
    "flag": "to work on",
    "cannot_tell": "could not be judged",
}


def render_report(takes: Sequence[Take], *, date: str = "") -> str:
    """The text of report.html for one take, or for two takes of the same exercise (front, side).

    date: shown as given, e.g. "22 November 2025". Every name that came from outside is escaped.
    """
    if not takes:
        raise ValueError("a report needs a take")
    page = make_page(takes, date)
    return (
        environment("templates")
        .get_template("report.html.j2")
        .render(
            page=page,
            data=_script_data(page),
            style=asset("templates", "style.css") + guide_style(),
            guide=guide_section(row.exercise for take in takes for row in sets_of(take.result)),
            script=asset("templates", "script.js"),
            words=STATUS_WORDS,
            tally_words=TALLY_WORDS,
            rule=glossary.rule,
            measure=glossary.measure,
        )
    )


def write_report(takes: Sequence[Take], path: Path, *, date: str = "") -> Path:
    """Write report.html, whole or not at all. Raises OutputError."""
    return write_text(path, render_report(takes, date=date))


def _script_data(page: Page) -> Markup:
    """The numbers behind the curves as JSON that cannot end its script element."""
    text = json.dumps([_take_data(take) for take in page.takes], separators=(",", ":"))
    for mark, escaped in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
        text = text.replace(mark, escaped)
    return Markup(text)


def _take_data(take: TakeView) -> dict[str, Any]:
    return {
        "t0": take.t0_s,
        "stretch": take.stretch,
        "sets": [shown.curves.data if shown.curves else None for shown in take.sets],
    }
