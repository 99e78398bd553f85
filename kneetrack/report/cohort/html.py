"""The text of cohort.html."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment

from kneetrack.records import Status
from kneetrack.report.cohort.page import CohortPage, States
from kneetrack.report.templating import asset, environment

STATES: tuple[Status, ...] = ("ok", "watch", "flag", "cannot_tell")
WORDS = {"ok": "OK", "watch": "watch", "flag": "flag", "cannot_tell": "cannot tell"}


def render_cohort(page: CohortPage) -> str:
    """The page; every name that came from outside is escaped."""
    style = asset("cohort", "cohort.css")
    template = _environment().get_template("cohort.html.j2")
    return template.render(page=page, style=style, states=STATES, words=WORDS)


def percent(part: int, whole: int) -> str:
    """A share; "<1 %" and ">99 %" where rounding would say none or all."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 1:
        return "<1 %"
    if 99 < share < 100:
        return ">99 %"
    return f"{share:.0f} %"


def shares(states: States) -> list[tuple[Status, int, float, float]]:
    """(state, number, where its piece of the bar begins, how wide it is), 0 to 100."""
    total = sum(states.values())
    found: list[tuple[Status, int, float, float]] = []
    begin = 0.0
    for state in STATES:
        width = 100 * states.get(state, 0) / total if total else 0.0
        found.append((state, states.get(state, 0), round(begin, 3), round(width, 3)))
        begin += width
    return found


def grouped(number: int) -> str:
    """A whole number with a narrow space between thousands."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


@cache
def _environment() -> Environment:
    made = environment("cohort")
    made.globals |= {"percent": percent, "shares": shares, "grouped": grouped}
    return made
