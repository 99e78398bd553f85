"""From readings to verdicts: ok, watch, flag, or cannot tell (MEASURES 6, decision rule).

A reading is watch or flag only where its value less its standard error lies beyond the band, or,
over a set, where at least 60 % of at least five valid repetitions do so one by one. The error
stays in both: what the pose model gets wrong in every repetition does not shrink with their number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from kneetrack.exercises.rules import Reader, RepLike, Rule
from kneetrack.records import Band, SideName, Status
from kneetrack.result import SummaryRow, Verdict

RANK: dict[Status, int] = {"cannot_tell": 0, "ok": 1, "watch": 2, "flag": 3}
_MANY_REPS = 5
_MOST = 0.6


def beyond(value: float, edge: float, *, higher_is_worse: bool) -> bool:
    """Whether a value lies on the bad side of an edge."""
    return value > edge if higher_is_worse else value < edge


def status_of(value: float, error: float, bands: Sequence[Band | None]) -> Status:
    """ok, watch or flag of a finite value; each band is judged with the error in its favour."""
    worst: Status = "ok"
    for band in bands:
        if band is None:
            continue
        up = band.higher_is_worse
        favoured = value - error if up else value + error
        if beyond(favoured, band.flag, higher_is_worse=up):
            return "flag"
        if beyond(favoured, band.watch, higher_is_worse=up):
            worst = "watch"
    return worst


def reader_status(value: float, error: float, reader: Reader) -> Status:
    """The status of a value by a reader's bands, no worse than the reader may give."""
    status = status_of(value, error, (reader.above, reader.below))
    return min(status, reader.most, key=lambda s: RANK[s])


def _share_status(statuses: Sequence[Status]) -> Status:
    """The status that at least 60 % of at least five repetitions reach."""
    if len(statuses) < _MANY_REPS:
        return "ok"
    reached = [RANK[status] for status in statuses]
    for status in ("flag", "watch"):
        if np.mean([r >= RANK[status] for r in reached]) >= _MOST:
            return status
    return "ok"


def judge_rep(rule: Rule, rep: RepLike, *, barred: str = "") -> list[Verdict]:
    """All verdicts of one rule in one repetition; ``barred`` = why the repetition is not judged."""
    verdicts = []
    for index, side in rule.legs(rep.working):
        if barred:
            verdicts.append(_cannot(rule, side, rule.readers[0], barred))
            continue
        verdicts.append(
            _decide(rule, side, [_read(rule, r, rep, index, side) for r in rule.readers])
        )
    return verdicts


def _read(rule: Rule, reader: Reader, rep: RepLike, index: int | None, side: SideName) -> Verdict:
    sample = reader.read(rep, reader, index)
    if not np.isfinite(sample.value):
        return _cannot(rule, side, reader, sample.reason or "could not be measured")
    error = sample.error if np.isfinite(sample.error) else reader.error
    status = reader_status(sample.value, error, reader)
    if status == "ok" and reader.no_ok:
        return _cannot(rule, side, reader, reader.no_ok)
    return Verdict(
        rule=rule.name,
        side=side,
        status=status,
        measure=reader.measure,
        value=float(sample.value),
        unit=reader.unit,
        error=float(error),
        reason=sample.reason or _evidence_note(rule, reader),
        information=rule.information,
    )


def _evidence_note(rule: Rule, reader: Reader) -> str:
    if rule.information:
        return rule.note
    if reader.measure == "ktsr" and rule.sides == "each":
        return "both knees together: this view cannot tell which one"
    return ""


def _cannot(rule: Rule, side: SideName, reader: Reader, reason: str) -> Verdict:
    return Verdict(
        rule=rule.name,
        side=side,
        status="cannot_tell",
        measure=reader.measure,
        unit=reader.unit,
        reason=rule.note if rule.note and not rule.information else reason,
        information=rule.information,
    )


def _decide(rule: Rule, side: SideName, readings: list[Verdict]) -> Verdict:
    valid = [v for v in readings if v.status != "cannot_tell"]
    if not valid:
        return readings[0]
    return max(valid, key=lambda v: RANK[v.status]) if rule.worst else valid[0]


def summarise(
    rule: Rule, side: SideName, verdicts: Sequence[Verdict], set_index: int
) -> SummaryRow:
    """One rule and side over a set: the median of the valid repetitions against the bands.

    Where a reviewer overruled a repetition, the status is that of the middle one of them.
    """
    row = _measured(rule, side, verdicts, set_index)
    if all(v.overruled is None for v in verdicts):
        return row
    told = sorted((v.status for v in verdicts if v.status != "cannot_tell"), key=RANK.__getitem__)
    if not told:
        return row.model_copy(update={"corrected": True})
    status = max(told[(len(told) - 1) // 2], _share_status(told), key=lambda s: RANK[s])
    changes: dict[str, object] = {"status": status, "corrected": True}
    if status != row.status:
        changes["overruled"] = row.status
        changes["cue"] = rule.cue if status in ("watch", "flag") else ""
    if row.value is None:
        changes["reason"] = next(v.reason for v in verdicts if v.overruled is not None)
    return row.model_copy(update=changes)


def _measured(
    rule: Rule, side: SideName, verdicts: Sequence[Verdict], set_index: int
) -> SummaryRow:
    valid = [v for v in verdicts if v.value is not None and v.status != "cannot_tell"]
    valid = [v for v in valid if 2 * len(valid) >= len(verdicts) or not _one_sided(rule, v)]
    total = len(verdicts)
    if not valid:
        silent = [v for v in verdicts if v.status == "cannot_tell"] or list(verdicts)
        first = silent[0]
        reason = Counter(v.reason for v in silent).most_common(1)[0][0]
        untold = {"reason": reason, "status": "cannot_tell", "overruled": None}
        return SummaryRow(**(first.model_dump() | untold), set=set_index, reps_total=total)
    measure = _deciding_measure(rule, valid)
    reader = next(r for r in rule.readers if r.measure == measure)
    same = [v for v in valid if v.measure == measure]
    values = [float(v.value) for v in same if v.value is not None]
    median = float(np.median(values))
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    single = float(np.median([v.error for v in same if v.error is not None]))
    error = float(np.hypot(single, spread / np.sqrt(len(values))))
    status = max(
        reader_status(median, error, reader),
        _share_status([v.status for v in same]),
        key=lambda s: RANK[s],
    )
    return SummaryRow(
        rule=rule.name,
        side=side,
        status=status,
        measure=measure,
        value=median,
        unit=reader.unit,
        error=error,
        reason=Counter(v.reason for v in same).most_common(1)[0][0],
        information=rule.information,
        set=set_index,
        reps_valid=len(values),
        reps_total=total,
        cue=rule.cue if status in ("watch", "flag") else "",
    )


def _one_sided(rule: Rule, verdict: Verdict) -> bool:
    """Whether the reading behind a verdict tells only when something is wrong.

    The few repetitions in which such a reading spoke up are no sample of the set.
    """
    return any(r.no_ok for r in rule.readers if r.measure == verdict.measure)


def _deciding_measure(rule: Rule, valid: Sequence[Verdict]) -> str:
    """The measure that decided most repetitions; the worst one where the rule says so."""
    if rule.worst:
        return max(valid, key=lambda v: RANK[v.status]).measure
    return Counter(v.measure for v in valid).most_common(1)[0][0]
