"""A result in the few lines that fit on the screen and that can be read from three metres."""

from __future__ import annotations

from collections.abc import Mapping

from kneetrack.exercises.rules import Exercise
from kneetrack.judge import RANK
from kneetrack.live_records import SummaryLine
from kneetrack.result import Result, SummaryRow

MOST_LINES = 6
KNEES = ("knee_valgus",)
OF_A_KNEE = (*KNEES, "knee_varus")
"""Rules about where a knee is: a line a knee, of the one that says most."""


def summary_lines(result: Result, exercises: Mapping[str, Exercise]) -> tuple[SummaryLine, ...]:
    """What was done, then the knees, then what else was beyond its band; at most six lines."""
    if not result.sets:
        reason = result.reason or "no repetition was counted"
        return (SummaryLine(reason[:1].upper() + reason[1:], "", "cannot_tell"),)
    lines = [_done(result, exercises)]
    rows = _a_line_a_knee([row for row in result.summary if not row.information])
    for rule in dict.fromkeys(row.rule for row in rows):
        own = [row for row in rows if row.rule == rule]
        status = max((row.status for row in own), key=lambda s: RANK[s])
        if rule in KNEES or status in ("watch", "flag"):
            lines += _rule_lines(own, exercises)
    return tuple(lines[:MOST_LINES])


def _a_line_a_knee(rows: list[SummaryRow]) -> list[SummaryRow]:
    """A knee that is pushed outside the foot is not told to be good as well."""
    said: dict[str, str] = {}
    for side in {row.side for row in rows}:
        own = [row for row in rows if row.side == side and row.rule in OF_A_KNEE]
        worst = max(own, key=lambda row: (RANK[row.status], row.rule in KNEES), default=None)
        if worst is not None:
            said[side] = worst.rule if worst.status in ("watch", "flag") else KNEES[0]
    return [r for r in rows if r.rule not in OF_A_KNEE or r.rule == said[r.side]]


def _done(result: Result, exercises: Mapping[str, Exercise]) -> SummaryLine:
    title = exercises[result.exercise].title
    sets = len(result.sets)
    each = " + ".join(str(len(row.reps)) for row in result.sets)
    text = title if sets == 1 else f"{title}, {sets} sets"
    return SummaryLine(text, f"{each} rep{'s' if len(result.reps) != 1 else ''}", "ok")


def _rule_lines(rows: list[SummaryRow], exercises: Mapping[str, Exercise]) -> list[SummaryLine]:
    """One line a side; sides that tell the same share one."""
    lines = []
    for side in dict.fromkeys(row.side for row in rows):
        own = [row for row in rows if row.side == side]
        worst = max(own, key=lambda row: RANK[row.status])
        lines.append(_line(worst, _exercise_of(worst, exercises)))
    if len(lines) == 2 and lines[0].status == lines[1].status == "cannot_tell":
        return [SummaryLine("Both knees", lines[0].value, "cannot_tell")]
    return lines


def _exercise_of(row: SummaryRow, exercises: Mapping[str, Exercise]) -> Exercise:
    return next(e for e in exercises.values() if any(r.name == row.rule for r in e.rules))


def _line(row: SummaryRow, exercise: Exercise) -> SummaryLine:
    rule = exercise.rule(row.rule)
    who = f"{row.side} knee" if row.rule in KNEES and row.side != "both" else ""
    if row.status == "cannot_tell":
        return SummaryLine(_capital(who or rule.found), "cannot tell", "cannot_tell")
    if row.status == "ok":
        return SummaryLine(_capital(who or rule.found), "good", "ok")
    side = f"{row.side} " if row.side != "both" else ""
    return SummaryLine(_capital(side + rule.found), _value(row), row.status)


def _value(row: SummaryRow) -> str:
    if row.value is None:
        return ""
    error = row.error or 0.0
    if row.measure == "kfo":
        return f"{100 * row.value:.0f} ± {100 * error:.0f} %"
    if row.unit == "deg":
        return f"{row.value:.0f} ± {error:.0f}°"
    if row.unit == "s":
        return f"{row.value:.1f} s"
    return f"{row.value:.2f} ± {error:.2f}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
