"""What is drawn in each frame of the annotated video, from a finished result.

Pure: texts and states only. The numbers are those of frames.csv, rounded for reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from kneetrack import skeleton as sk
from kneetrack.exercises.rules import Exercise, Reader
from kneetrack.judge import RANK, reader_status
from kneetrack.records import FloatArray, FrameTable, KneeMark, OverlayFrame, Status
from kneetrack.result import RepRow, Result, SetRow, Verdict
from kneetrack.view import near_side

SHALLOW = 0.5
"""Below this fraction of a repetition's depth a knee is resting: its number is not judged."""
STEPPED = 0.75
"""The same for a lunge, whose step out and back says nothing of the knee."""
SEPARATION = "knee_separation"
"""What is shown from the foot end of a bridge: of the distance at the start."""
FLEXION = "knee_flexion"
"""What is shown in a side view, where alignment cannot be told; it has no band."""
_RESTING = KneeMark("resting", "")


def knee_label(measure: str, value: float) -> str:
    """The number beside a knee, e.g. "in 24 %" for a knee-over-foot offset of 0.24."""
    if measure == "kfo":
        percent = round(100 * value)
        way = "in" if percent > 0 else "out"
        return f"{way} {abs(percent)} %" if percent else "0 %"
    if measure == "ktsr":
        return f"knees/toes {value:.2f}"
    if measure == "lift":
        return f"lift {value:.2f}"
    if measure == SEPARATION:
        return f"knees {100 * value:.0f} %"
    if measure == FLEXION:
        return f"bend {value:.0f}°"
    return f"{value:+.0f}°"


@dataclass(frozen=True, slots=True)
class _SetContext:
    row: SetRow
    exercise: Exercise
    reps: list[RepRow]
    measure: str
    note: str
    deepest: float
    bridge_mode: str | None


class OverlayScript:
    """Gives the :class:`OverlayFrame` of any frame of a result's table."""

    def __init__(self, result: Result, exercises: dict[str, Exercise]) -> None:
        assert result.frames is not None
        self._table: FrameTable = result.frames
        self._sets = [_context(result, row, exercises) for row in result.sets]
        self._reason = result.reason
        self._starts = [context.row.start_s for context in self._sets]

    def __len__(self) -> int:
        return len(self._table.t_s)

    def frame(self, index: int) -> OverlayFrame:
        """What to draw at one row of the table."""
        assert self._table.xy_px is not None
        xy = self._table.xy_px[index]
        if self._sets and all(s.row.view.name == "foot_end" for s in self._sets):
            xy = _shanks_only(xy)
        if not self._sets:
            return OverlayFrame(xy, (_RESTING, _RESTING), title="No exercise", note=self._reason)
        t_s = float(self._table.t_s[index])
        context = self._sets[self._set_at(t_s)]
        done = [rep for rep in context.reps if rep.end_s <= t_s]
        current = next((rep for rep in context.reps if rep.start_s <= t_s <= rep.end_s), None)
        cue, cue_status = _cue(context, current, done, t_s)
        sink = float(self._table.columns["rep_depth_ratio"][index])
        return OverlayFrame(
            xy_px=xy,
            knees=self._knees(context, current, index, sink),
            title=_title(context),
            reps_done=len(done),
            reps_total=len(context.reps),
            rep_marks=tuple(rep_status(rep) for rep in done),
            depth_fraction=float(np.clip(sink / context.deepest, 0, 1))
            if np.isfinite(sink)
            else None,
            cue=cue,
            cue_status=cue_status,
            note=context.note,
        )

    def _set_at(self, t_s: float) -> int:
        after = [i for i, start in enumerate(self._starts) if start <= t_s + 1.0]
        return after[-1] if after else 0

    def _knees(
        self, context: _SetContext, current: RepRow | None, index: int, sink: float
    ) -> tuple[KneeMark, KneeMark]:
        left, right = (self._knee(context, current, index, sink, s) for s in (0, 1))
        return left, right

    def _knee(
        self, context: _SetContext, current: RepRow | None, index: int, sink: float, side: int
    ) -> KneeMark:
        name = sk.SIDES[side]
        far = context.measure == "lift" and side != near_side(context.row.view.yaw_deg or 0.0)
        if current is None or current.side not in ("both", name) or far:
            return _RESTING
        if not context.measure:
            return KneeMark("cannot_tell", "")
        value = self._value(context.measure, name, index)
        least = STEPPED if context.row.exercise == "lateral_lunge" else SHALLOW
        deep = current.depth is None or not sink < least * current.depth
        if not np.isfinite(value):
            unclear = deep and context.measure != FLEXION
            return KneeMark("cannot_tell", "") if unclear else _RESTING
        label = knee_label(context.measure, value)
        if not current.valid:
            return KneeMark("cannot_tell", "")
        if context.measure == FLEXION:
            return KneeMark("resting", label)
        return KneeMark(_live_status(context, value), label) if deep else _RESTING

    def _value(self, measure: str, side: str, index: int) -> float:
        unit = {"kfo": "ratio", "ktsr": "ratio", "lift": "ratio", SEPARATION: "ratio"}.get(
            measure, "deg"
        )
        columns = self._table.columns
        for key in (f"{measure}_{unit}_{side}", f"{measure}_{unit}"):
            if key in columns:
                return float(columns[key][index])
        return float("nan")


def _context(result: Result, row: SetRow, exercises: dict[str, Exercise]) -> _SetContext:
    reps = [rep for rep in result.reps if rep.set == row.index]
    rows = [s for s in result.summary if s.set == row.index and s.rule == "knee_valgus"]
    told = [s for s in rows if s.status != "cannot_tell"]
    note = "" if told or not rows else rows[0].reason
    if row.exercise == "glute_bridge":
        note, measure = "", "lift" if row.view.name == "side" else SEPARATION
    else:
        measure = told[0].measure if told else FLEXION if row.view.name == "side" else ""
    return _SetContext(
        row=row,
        exercise=exercises[row.exercise],
        reps=reps,
        measure=measure,
        note=note[:1].upper() + note[1:],
        bridge_mode=result.provenance.bridge_mode,
        deepest=max([rep.depth or 0.0 for rep in reps] + [1e-3]),
    )


def _shanks_only(xy: FloatArray) -> FloatArray:
    """Landmarks without what the model makes up of somebody seen from the feet."""
    shown = np.full_like(xy, np.nan)
    kept = [*sk.KNEES, *sk.ANKLES, *sk.HEELS, *sk.TOES]
    shown[kept] = xy[kept]
    return shown


def _fraction(sink: float, deepest: float) -> float | None:
    return float(np.clip(sink / deepest, 0, 1)) if np.isfinite(sink) else None


def _title(context: _SetContext) -> str:
    side = context.row.side
    leg = f", {side}" if side in ("left", "right") else ""
    return f"{context.exercise.title}{leg}"


def _live_status(context: _SetContext, value: float) -> Status:
    """The state of a number against every band of its measure about the knees (or the lift)."""
    readers: list[Reader] = [
        reader
        for rule in context.exercise.rules
        for reader in rule.readers
        if reader.measure == context.measure and rule.bridge_mode in (None, context.bridge_mode)
    ]
    statuses = [reader_status(value, r.error, r) for r in readers]
    return max(statuses, key=lambda s: RANK[s], default="ok")


def rep_status(rep: RepRow) -> Status:
    """The mark of a repetition: its worst verdict; cannot tell when the knees could not be."""
    known = [v for v in rep.verdicts if not v.information]
    statuses: list[Status] = [v.status for v in known]
    worst: Status = max(statuses, key=lambda s: RANK[s], default="cannot_tell")
    if RANK[worst] >= RANK["watch"]:
        return worst
    knees = [v for v in known if v.rule == "knee_valgus"]
    if rep.exercise != "glute_bridge" and knees:
        return "ok" if any(v.status == "ok" for v in knees) else "cannot_tell"
    return worst


def worst_verdict(context_rules: Exercise, rep: RepRow) -> Verdict | None:
    """The one thing to say about a repetition: the worst, and of those the first by priority."""
    order = {rule.name: i for i, rule in enumerate(context_rules.rules)}
    faults = [v for v in rep.verdicts if not v.information and v.status in ("watch", "flag")]
    return min(faults, key=lambda v: (-RANK[v.status], order.get(v.rule, 99)), default=None)


def _cue(
    context: _SetContext, current: RepRow | None, done: list[RepRow], t_s: float
) -> tuple[str, Status]:
    """One cue: about the repetition under way once it is past its bottom, else the last one."""
    rep = current if current is not None and t_s >= current.bottom_s else None
    if rep is None and done and current is None:
        rep = done[-1]
    if rep is None:
        return "", "ok"
    fault = worst_verdict(context.exercise, rep)
    if fault is not None:
        return found_text(context.exercise, fault, rep), fault.status
    status: Literal["ok", "cannot_tell"] = "ok" if rep_status(rep) == "ok" else "cannot_tell"
    if status == "ok":
        return "Good repetition", "ok"
    return "Knees: cannot tell", "cannot_tell"


def found_text(exercise: Exercise, verdict: Verdict, rep: RepRow) -> str:
    """ "Right knee falls inward", "Both knees fall inward", "Trunk leans"."""
    rule = exercise.rule(verdict.rule)
    sides = {v.side for v in rep.verdicts if v.rule == rule.name and v.status in ("watch", "flag")}
    if rule.found_both and {"left", "right"} <= sides:
        return rule.found_both
    found = rule.found
    text = f"{verdict.side} {found}" if verdict.side != "both" else found
    return text[:1].upper() + text[1:]
