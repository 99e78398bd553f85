"""Repetitions recognised and grouped into sets: what was done, when, and on which side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from kneetrack import signals
from kneetrack import skeleton as sk
from kneetrack.posture import BoolArray, Posture
from kneetrack.recognise import Recognised, RecogniseLimits, recognise
from kneetrack.records import FloatArray, SideName
from kneetrack.reps import Dip, RepLimits, drop_shallow, find_dips, hold_near_depth
from kneetrack.result import ExerciseName, Rejected, ResultSide

REST_BETWEEN_SETS_S = 20.0
TURN_BETWEEN_SETS_DEG = 35.0
STANCE_AT_LEAST_S = 3.0
STANCE_IN_AUTO_S = 5.0
TOUCH_S = 1.0
"""A foot that is down for less is a touch within the stance; for longer the stance is over."""
LOST_S = 1.0
"""A person lost for less may still have finished the repetition: it is counted."""


@dataclass(frozen=True, slots=True)
class FoundRep:
    """A repetition with its exercise and side."""

    dip: Dip
    exercise: ExerciseName
    side: SideName


@dataclass(frozen=True, slots=True)
class FoundSet:
    """Consecutive repetitions of one exercise, and the frames [first, last) around them."""

    exercise: ExerciseName
    reps: list[FoundRep]
    first: int = 0
    last: int = 0

    @property
    def side(self) -> ResultSide:
        """left, right, both or alternating."""
        sides = {rep.side for rep in self.reps}
        return sides.pop() if len(sides) == 1 else "alternating"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a track."""

    sets: list[FoundSet]
    rejected: list[Rejected]
    detected: ExerciseName
    reason: str = ""
    others: list[str] = field(default_factory=list)


def find_sets(
    posture: Posture,
    yaw_deg: FloatArray,
    rep_limits: RepLimits,
    limits: RecogniseLimits,
    wanted: ExerciseName | None = None,
) -> Found:
    """Repetitions of ``wanted``, or of whatever is recognised when None."""
    signal = signals.fill_gaps(posture.t_s, posture.sink, LOST_S)
    dips, rejected = find_dips(posture.t_s, signal, rep_limits)
    named = [(dip, recognise(posture, dip, limits)) for dip in dips]
    detected_reps, more = _accept(named, None, rep_limits)
    detected_reps += _stances(posture, detected_reps, STANCE_IN_AUTO_S)
    detected = most_frequent(detected_reps)
    if wanted is None:
        accepted = detected_reps
    elif wanted == "single_leg_stance":
        accepted, more = _stances(posture, [], STANCE_AT_LEAST_S), []
    else:
        accepted, more = _accept(named, wanted, rep_limits)
    accepted.sort(key=lambda rep: rep.dip.start_s)
    sets = group(accepted, posture, yaw_deg)
    reason = "" if sets else _why_none([*rejected, *more], wanted)
    return Found(sets, sorted([*rejected, *more], key=lambda r: r.start_s), detected, reason)


def _accept(
    named: list[tuple[Dip, Recognised]], wanted: ExerciseName | None, limits: RepLimits
) -> tuple[list[FoundRep], list[Rejected]]:
    """Repetitions kept, and the movements that are none, half repetitions among them."""
    rejected = [_rejected(dip, what.reason) for dip, what in named if what.exercise == "none"]
    kept: list[FoundRep] = []
    for dip, what in named:
        if what.exercise == "none":
            continue
        if wanted in (None, what.exercise):
            kept.append(FoundRep(dip, what.exercise, what.side))
        elif (wanted == "glute_bridge") == (what.exercise == "glute_bridge"):
            kept.append(FoundRep(dip, wanted or what.exercise, _forced_side(wanted, what)))
        else:
            rejected.append(_rejected(dip, f"looks like another exercise ({what.exercise})"))
    kept = [
        replace(rep, dip=hold_near_depth(rep.dip)) if rep.exercise == "glute_bridge" else rep
        for rep in kept
    ]
    lunges = [dip for dip, what in named if "forward lunge" in what.reason]
    full: list[FoundRep] = []
    for exercise in {rep.exercise for rep in kept}:
        own = [rep for rep in kept if rep.exercise == exercise]
        peers = [rep.dip for rep in own] + (lunges if exercise == "squat" else [])
        deep, shallow = drop_shallow(peers, limits)
        full += [rep for rep in own if rep.dip in deep]
        rejected += [s for s in shallow if any(s.start_s == rep.dip.start_s for rep in own)]
    return full, rejected


def _forced_side(wanted: ExerciseName | None, what: Recognised) -> SideName:
    return what.side if wanted in ("single_leg_squat", "lateral_lunge") else "both"


def _rejected(dip: Dip, reason: str) -> Rejected:
    return Rejected(start_s=dip.start_s, end_s=dip.end_s, reason=reason)


def _stances(posture: Posture, reps: list[FoundRep], at_least_s: float) -> list[FoundRep]:
    """Standing on one leg for so long, without a repetition in it."""
    found: list[FoundRep] = []
    calm = posture.seen & ~posture.lying & ~(posture.sink > 0.08)
    for sign, stance in ((1, sk.RIGHT), (-1, sk.LEFT)):
        up = calm & (sign * posture.foot_up_world > 0.08) & (sign * posture.foot_up > 0.08)
        for a, b in signals.long_spans(
            _bridge_gaps(posture.t_s, up, TOUCH_S), posture.t_s, at_least_s
        ):
            start_s, end_s = float(posture.t_s[a]), float(posture.t_s[b - 1])
            if any(rep.dip.start_s < end_s and rep.dip.end_s > start_s for rep in reps):
                continue
            hold_s = end_s - start_s
            dip = Dip(a, b - 1, start_s, end_s, end_s, 0.0, hold_s, 0.0, 0.0)
            found.append(FoundRep(dip, "single_leg_stance", _side_name(stance)))
    return found


def _bridge_gaps(t_s: FloatArray, mask: BoolArray, seconds: float) -> BoolArray:
    joined = np.array(mask, bool)
    for a, b in signals.spans(~joined):
        if a > 0 and b < len(joined) and t_s[b] - t_s[a - 1] <= seconds:
            joined[a:b] = True
    return joined


def _side_name(side: int) -> SideName:
    return "left" if side == sk.LEFT else "right"


def most_frequent(reps: list[FoundRep]) -> ExerciseName:
    """The exercise of most repetitions."""
    names: list[ExerciseName] = [rep.exercise for rep in reps]
    return max(names, key=names.count) if names else "none"


def group(reps: list[FoundRep], posture: Posture, yaw_deg: FloatArray) -> list[FoundSet]:
    """Repetitions in order of time as sets: a rest, a turn or another exercise ends one."""
    groups: list[list[FoundRep]] = []
    for rep in reps:
        if groups and _continues(groups[-1][-1], rep, posture, yaw_deg):
            groups[-1].append(rep)
        else:
            groups.append([rep])
    borders = [0]
    for before, after in pairwise(groups):
        middle_s = (before[-1].dip.end_s + after[0].dip.start_s) / 2
        borders.append(int(np.searchsorted(posture.t_s, middle_s)))
    borders.append(len(posture.t_s))
    return [
        FoundSet(group[0].exercise, group, borders[i], borders[i + 1])
        for i, group in enumerate(groups)
    ]


def _continues(last: FoundRep, rep: FoundRep, posture: Posture, yaw_deg: FloatArray) -> bool:
    if rep.exercise != last.exercise:
        return False
    if rep.dip.start_s - last.dip.end_s > REST_BETWEEN_SETS_S:
        return False
    turned = abs(_yaw_at(last.dip, posture, yaw_deg) - _yaw_at(rep.dip, posture, yaw_deg)) % 360
    return not min(turned, 360 - turned) > TURN_BETWEEN_SETS_DEG


def _yaw_at(dip: Dip, posture: Posture, yaw_deg: FloatArray) -> float:
    if posture.lying[dip.first]:
        return 0.0
    near = yaw_deg[max(0, dip.first - 5) : dip.first + 6]
    return float(np.nanmedian(near)) if np.isfinite(near).any() else float("nan")


def _why_none(rejected: list[Rejected], wanted: ExerciseName | None) -> str:
    name = (wanted or "exercise").replace("_", " ")
    if not rejected:
        return f"no repetition of any {name} was found: the hips hardly moved up and down"
    reasons = [r.reason for r in rejected]
    often = max(reasons, key=reasons.count)
    return f"no {name} was recognised; {len(rejected)} movements were not counted, mostly: {often}"
