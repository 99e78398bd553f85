"""The verdicts of a take against the coaching bands, worked out for its page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic.correction_words import VERDICT_WORDS
from kneetrack.clinic_records.numbers import Reading
from kneetrack.clinic_records.visits import VerdictLine
from kneetrack.records import SideName, Status
from kneetrack.report import glossary
from kneetrack.result import RepRow

FROM_STANDING: Final = frozenset({"weight_shift"})
"""Measures whose rule judges how far they went from standing."""
Overruled = Mapping[tuple[int, str, SideName], Status]
"""(repetition, rule, side) -> what was measured where a reviewer says otherwise."""


@dataclass(frozen=True, slots=True)
class VerdictCell:
    """One verdict. about: its number or the reason; was: the state before it was overruled."""

    rep: int
    state: str
    corrected: bool
    about: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A rule and leg: one state a repetition, in order of the repetitions.

    note: the reason that all of them share.
    """

    rule: str
    side: SideName
    title: str
    states: tuple[VerdictCell, ...]
    note: str = ""


def verdict_views(
    lines: Sequence[VerdictLine],
    readings: Sequence[Reading] = (),
    overruled: Overruled | None = None,
) -> tuple[VerdictView, ...]:
    """The verdicts against the coaching bands, a row a rule and leg.

    readings: what the table of repetitions shows; the bands show the same numbers.
    """
    rows: dict[tuple[str, SideName], list[VerdictLine]] = {}
    for line in lines:
        rows.setdefault((line.rule, line.side), []).append(line)
    ordered = sorted(rows.items(), key=lambda item: glossary.rule_order(item[0][0]))
    told = {(r.rep, r.measure, r.side): r for r in readings}
    return tuple(
        _verdict_view(rule, side, group, told, overruled or {}) for (rule, side), group in ordered
    )


def overruled_of(reps: Sequence[RepRow]) -> Overruled:
    """The verdicts of a result that a reviewer overruled."""
    return {
        (rep.index, v.rule, v.side): v.overruled
        for rep in reps
        for v in rep.verdicts
        if v.overruled is not None
    }


def _verdict_view(
    rule: str,
    side: SideName,
    group: Sequence[VerdictLine],
    told: Mapping[tuple[int, str, SideName], Reading],
    overruled: Overruled,
) -> VerdictView:
    reasons = {line.reason for line in group}
    shared = len(reasons) == 1 and all(line.value is None for line in group)
    cells = []
    for line in group:
        was = overruled.get((line.rep, line.rule, line.side))
        cells.append(
            VerdictCell(
                line.rep,
                VERDICT_WORDS[line.status],
                line.corrected,
                "" if shared else _about(line, told),
                "" if was is None else VERDICT_WORDS[was],
            )
        )
    return VerdictView(
        rule, side, rule_title(rule, side), tuple(cells), group[0].reason if shared else ""
    )


def rule_title(rule: str, side: str) -> str:
    """Such as "Knee inward, left"."""
    name = glossary.rule(rule).name
    return f"{name}, {side}" if side in ("left", "right") else name


def _about(line: VerdictLine, told: Mapping[tuple[int, str, SideName], Reading]) -> str:
    """The number of the table; beside it the judged one, where that is another quantity."""
    if line.value is None:
        return line.reason
    judged = catalogue.text(line.measure, line.value, line.error, brief=True)
    own = told.get((line.rep, line.measure, line.side))
    if own is None or own.value is None:
        return judged
    shown = catalogue.text(own.measure, own.value, own.error, brief=True)
    if line.measure in FROM_STANDING:
        moved = catalogue.written(line.measure, line.value, line.error, brief=True)
        return f"{shown}; {moved} away from standing"
    alike = math.isclose(abs(own.value), abs(line.value), rel_tol=1e-3, abs_tol=1e-3)
    return shown if alike else f"{shown}; judged {judged}"
