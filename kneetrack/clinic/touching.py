"""Which numbers corrections touch: found by holding two results against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kneetrack.clinic.hand import row_bounds
from kneetrack.clinic.readings import Touched, parse_key
from kneetrack.records import SideName
from kneetrack.result import RepRow, Result, SummaryRow, Verdict

ROUNDED: Final = 1.5e-4
ROUNDED_DEG: Final = 0.005
"""Less than that apart, two numbers are the same."""
_Name = tuple[int, str, SideName]
"""(repetition, measure or rule, side)."""
_TIMES: Final = ("descent", "hold", "ascent")


def marked(base: Result, result: Result) -> tuple[Result, Touched]:
    """The result with a mark on every number that is not as in ``base``, and what was marked."""
    marks = [_marks(counterpart(row, base), row) for row in result.reps]
    touched = Touched(
        False,
        frozenset(row.index for row, m in zip(result.reps, marks, strict=True) if m.whole),
        frozenset(reading for m in marks for reading in m.readings),
        frozenset(verdict for m in marks for verdict in m.verdicts),
        _recounted(base, result),
    )
    rows = [_marked(row, m) for row, m in zip(result.reps, marks, strict=True)]
    summary = [_summary_row(row, base, touched.verdicts, result) for row in result.summary]
    return result.model_copy(update={"reps": rows, "summary": summary}), touched


def _recounted(base: Result, result: Result) -> bool:
    """Whether other repetitions are there, or other ones are judged."""
    pairs = [(row, counterpart(row, base)) for row in result.reps]
    same = all(old is not None and old.valid == row.valid for row, old in pairs)
    return not same or len(base.reps) != len(result.reps)


@dataclass(frozen=True, slots=True)
class _Marks:
    """What is touched of one repetition. keys: of its measures."""

    whole: bool
    keys: list[str]
    readings: set[_Name]
    verdicts: set[_Name]


def _marks(old: RepRow | None, row: RepRow) -> _Marks:
    whole = old is None or _moved(old, row)
    keys = [k for k in row.measures if old is None or whole or _measure_differs(old, row, k)]
    readings = {(row.index, p[0], p[1]) for key in keys if (p := parse_key(key))}
    if old is not None:
        times = [t for t in _TIMES if whole or _apart(_time(old, t), _time(row, t), ROUNDED)]
        readings |= {(row.index, t, "both") for t in times}
    verdicts: set[_Name] = set()
    for verdict in row.verdicts:
        before = None if old is None or whole else _same_rule(verdict, old.verdicts)
        if verdict.corrected or before is None or _verdict_differs(before, verdict):
            verdicts.add((row.index, verdict.rule, verdict.side))
        if before is None or _numbers_differ(before, verdict):
            readings.add((row.index, verdict.measure, verdict.side))
    return _Marks(whole, keys, readings, verdicts)


def _marked(row: RepRow, marks: _Marks) -> RepRow:
    told = [
        v.model_copy(update={"corrected": True})
        if (row.index, v.rule, v.side) in marks.verdicts
        else v
        for v in row.verdicts
    ]
    changes = {"corrected": marks.whole, "corrected_measures": marks.keys, "verdicts": told}
    return row.model_copy(update=changes)


def counterpart(row: RepRow, base: Result) -> RepRow | None:
    """The repetition of another result that is the same one: under way at the same time."""
    own = row_bounds(row)
    best = max(base.reps, key=lambda r: own.overlap_s(row_bounds(r)), default=None)
    if best is None:
        return None
    shorter = min(own.end_s - own.start_s, best.end_s - best.start_s)
    return best if own.overlap_s(row_bounds(best)) > 0.5 * shorter else None


def _moved(old: RepRow, row: RepRow) -> bool:
    """Whether it is bounded otherwise, or another movement."""
    same = (old.exercise, old.side, old.valid) == (row.exercise, row.side, row.valid)
    before, now = row_bounds(old), row_bounds(row)
    return not same or max(
        abs(before.start_s - now.start_s),
        abs(before.bottom_s - now.bottom_s),
        abs(before.end_s - now.end_s),
    ) > 1e-6  # fmt: skip


def _time(row: RepRow, name: str) -> float:
    return {"descent": row.descent_s, "hold": row.hold_s, "ascent": row.ascent_s}[name]


def _measure_differs(old: RepRow, row: RepRow, key: str) -> bool:
    least = ROUNDED_DEG if "_deg" in key else ROUNDED
    return _apart(old.measures.get(key), row.measures.get(key), least) or _apart(
        old.errors.get(key), row.errors.get(key), least
    )


def _apart(before: float | None, now: float | None, least: float) -> bool:
    if before is None or now is None:
        return before is not now
    return abs(before - now) > least


def _same_rule(verdict: Verdict, among: list[Verdict]) -> Verdict | None:
    wanted = (verdict.rule, verdict.side)
    return next((v for v in among if (v.rule, v.side) == wanted), None)


def _numbers_differ(before: Verdict, now: Verdict) -> bool:
    least = ROUNDED_DEG if now.unit == "deg" else ROUNDED
    return (
        before.measure != now.measure
        or _apart(before.value, now.value, least)
        or _apart(before.error, now.error, least)
    )


def _verdict_differs(before: Verdict, now: Verdict) -> bool:
    return before.status != now.status or _numbers_differ(before, now)


def _summary_row(
    row: SummaryRow,
    base: Result,
    verdicts: frozenset[_Name],
    result: Result,
) -> SummaryRow:
    wanted = (row.rule, row.side, row.set)
    old = next((r for r in base.summary if (r.rule, r.side, r.set) == wanted), None)
    own = {rep.index for rep in result.reps if rep.set == row.set}
    rule = "knee_valgus" if row.rule == "asymmetry" else row.rule
    touched = (
        row.corrected
        or old is None
        or _verdict_differs(old, row)
        or (old.reps_valid, old.reps_total) != (row.reps_valid, row.reps_total)
        or any(r == rule and row.side in (s, "both") for n, r, s in verdicts if n in own)
    )
    return row.model_copy(update={"corrected": True}) if touched else row
