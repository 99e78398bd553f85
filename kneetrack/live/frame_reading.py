"""One frame held against the rules of a repetition: what is wrong right now, and the gauges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Literal

import numpy as np

from kneetrack import calibration as cal
from kneetrack import skeleton as sk
from kneetrack.annotate import knee_label
from kneetrack.exercises.rules import Exercise, Reader, Sample
from kneetrack.gates import Gated, Scene
from kneetrack.judge import RANK, judge_rep
from kneetrack.level import level_xy
from kneetrack.live_records import Fault, Gauge
from kneetrack.measures import all_measures
from kneetrack.reading import MID_RANGE_DEG
from kneetrack.records import FloatArray, Pose, SideName, Status
from kneetrack.result import Verdict
from kneetrack.signals import largest_fall

_NOT_YET = Sample(float("nan"), "known at the end of the repetition")
KNEE_RULES = ("knee_valgus", "knee_varus", "knees_together", "knees_apart")


@dataclass(frozen=True, slots=True)
class FrameReader:
    """A single frame that answers like a repetition; what needs a whole one is not known yet.

    measures: of this frame, the last, and of those right before it, at t_s.
    """

    measures: dict[str, Gated]
    side: SideName
    bridge_mode: Literal["low", "full"] = "low"
    t_s: FloatArray = field(default_factory=lambda: np.zeros(1))

    @property
    def working(self) -> int | None:
        """Index of the working leg, None when both work alike."""
        return None if self.side == "both" else sk.SIDES.index(self.side)

    @property
    def descent_s(self) -> float:
        """Not known."""
        return float("nan")

    @property
    def hold_s(self) -> float:
        """Not known."""
        return float("nan")

    def at_bottom(self, measure: str, side: int | None) -> Sample:
        """The measure now."""
        gated = self.measures[measure]
        values, code = gated.side(side)
        value, closed = values[-1], code[-1]
        if np.ndim(value):
            value, closed = value.mean(), closed.max()
        reason = gated.reasons[int(closed) - 1] if closed else ""
        return Sample(float(value), reason, float(np.mean(gated.side_error(side)[-1])))

    def mid_range(self, measure: str, side: int | None) -> Sample:
        """The measure now, if the knee is bent 45 to 60 degrees."""
        bent = float(np.mean(self.measures["knee_flexion_gate"].side(side)[0][-1]))
        low, high = MID_RANGE_DEG
        return self.at_bottom(measure, side) if low <= bent <= high else _NOT_YET

    def whole(self, measure: str, side: int | None) -> Sample:
        """The measure now."""
        return self.at_bottom(measure, side)

    def change_within(self, measure: str, side: int | None) -> Sample:
        """Not known."""
        return _NOT_YET

    def fall_within(self, measure: str, side: int | None, seconds: float) -> Sample:
        """The largest fall so far, where frames before this one are known."""
        now = self.at_bottom(measure, side)
        if not np.isfinite(now.value):
            return now
        values = self.measures[measure].side(side)[0]
        fall = largest_fall(self.t_s, values, seconds, stays_s=cal.FALL_STAYS_S)
        return Sample(fall, error=cal.FALL_ERROR_SHARE * now.error)

    def foot_down_s(self) -> float:
        """Not known."""
        return float("nan")

    def sway(self) -> float:
        """Not known."""
        return float("nan")


def poses_since(poses: Sequence[Pose], t_s: float) -> list[Pose]:
    """The poses from a time on, the last alone where that are fewer than three."""
    recent = list(takewhile(lambda pose: pose.t_s >= t_s, reversed(poses)))
    return recent[::-1] if len(recent) > 2 else [poses[-1]]


def frame_verdicts(
    poses: Sequence[Pose],
    scene: Scene,
    exercise: Exercise,
    side: SideName,
    bridge_mode: Literal["low", "full"],
) -> list[Verdict]:
    """Every rule of the exercise against the last of these filtered poses, oldest first."""
    xy_px = np.stack([pose.xy_px for pose in poses])
    level = level_xy(xy_px, scene.roll_deg, scene.size_px)
    measures = all_measures(level, np.stack([pose.confidence for pose in poses]), scene)
    t_s = np.array([pose.t_s for pose in poses])
    reader = FrameReader(measures, side, bridge_mode, t_s)
    return [
        verdict
        for rule in exercise.rules
        if rule.bridge_mode in (None, bridge_mode) and not rule.information
        for verdict in judge_rep(rule, reader)
    ]


def faults_of(verdicts: Sequence[Verdict], exercise: Exercise) -> tuple[Fault, ...]:
    """Verdicts beyond their band, in the exercise's order of priority."""
    faults = []
    for verdict in verdicts:
        if verdict.information or verdict.status not in ("watch", "flag"):
            continue
        rule = exercise.rule(verdict.rule)
        found = f"{verdict.side} {rule.found}" if verdict.side != "both" else rule.found
        found = found[:1].upper() + found[1:]
        faults.append(Fault(rule.name, verdict.side, verdict.status, found, rule.cue))
    return tuple(faults)


def gauges_of(
    verdicts: Sequence[Verdict], exercise: Exercise, side: SideName
) -> tuple[Gauge, Gauge]:
    """Left and right gauge of the working knees; the other knee of one-legged work rests."""
    left, right = (
        Gauge() if side not in ("both", name) else _gauge(verdicts, exercise, name)
        for name in ("left", "right")
    )
    return left, right


def _gauge(verdicts: Sequence[Verdict], exercise: Exercise, side: str) -> Gauge:
    own = [v for v in verdicts if v.rule in KNEE_RULES and v.side in (side, "both")]
    told = [v for v in own if v.value is not None]
    if not told:
        return Gauge("cannot_tell") if own else Gauge()
    first = told[0]
    assert first.value is not None
    same = [v for v in told if v.measure == first.measure]
    status: Status = max((v.status for v in same), key=lambda s: RANK[s])
    readers = [
        reader
        for rule in exercise.rules
        if rule.name in KNEE_RULES
        for reader in rule.readers
        if reader.measure == first.measure
    ]
    return Gauge(
        status,
        gauge_position(first.value, readers, first.error),
        knee_label(first.measure, first.value),
    )


def gauge_position(
    value: float, readers: Sequence[Reader], error: float | None = None
) -> float | None:
    """Where a value lies against the bands about it: 0 mid-band, +1 watch, +2 flag, inward.

    The value is taken with its standard error in its favour, as the verdict is: the pointer
    crosses an edge just when the status changes. Below -1 it is beyond the outward band.
    """
    edges = _edges(readers)
    if edges is None:
        return None
    middle, inward, outward = edges
    error = readers[0].error if error is None else error
    favoured = middle + np.sign(value - middle) * max(0.0, abs(value - middle) - error)
    is_inward = (favoured - middle) * (inward[0] - middle) >= 0
    watch, flag = inward if is_inward else outward
    distance = abs(favoured - middle)
    first, second = abs(watch - middle), abs(flag - middle)
    position = distance / first if distance <= first else 1 + (distance - first) / (second - first)
    return float(min(position, 2.5)) * (1 if is_inward else -1)


def _edges(
    readers: Sequence[Reader],
) -> tuple[float, tuple[float, float], tuple[float, float]] | None:
    """Middle of the good band, (watch, flag) inward, (watch, flag) outward.

    The first reader gives the inward side; a band that has only one side is mirrored.
    """
    bands = [band for r in readers for band in (r.above, r.below) if band is not None]
    if not bands:
        return None
    inward = bands[0]
    others = [b for b in bands if b.higher_is_worse != inward.higher_is_worse]
    if others:
        middle = (inward.watch + others[0].watch) / 2
        outward = (others[0].watch, others[0].flag)
    else:
        middle = inward.watch - (inward.flag - inward.watch)
        outward = (2 * middle - inward.watch, 2 * middle - inward.flag)
    return middle, (inward.watch, inward.flag), outward
