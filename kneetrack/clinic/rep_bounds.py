"""Repetitions as a reviewer bounds them: moved, struck out, or added.

A correction names its repetition by the bounds that it had; what was found is matched by time, so
that a moved landmark, which may change what is found, leaves every other correction in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kneetrack import signals
from kneetrack.posture import Posture
from kneetrack.recognise import recognise
from kneetrack.records import FloatArray, SettingsError, SideName
from kneetrack.reps import Dip, dip_between, hold_near_depth
from kneetrack.result import ExerciseName, Rejected
from kneetrack.sets import LOST_S, Found, FoundRep, group, most_frequent
from kneetrack.settings import Settings

SHORTEST_S: Final = 0.3
"""A repetition shorter than this is a slip of the hand."""
STRUCK: Final = "struck out by the reviewer"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds of the clip; bottom: the deepest point, of a bridge the top, of a stance the end."""

    start_s: float
    bottom_s: float
    end_s: float

    def overlap_s(self, other: Bounds | Dip) -> float:
        """How long both are under way; negative: how far they are apart."""
        return min(self.end_s, other.end_s) - max(self.start_s, other.start_s)


@dataclass(frozen=True, slots=True)
class RepEdit:
    """before None: one is added; after None: one is struck out. rep: its original number.

    side: of one that is added; None: as it looks.
    """

    rep: int | None
    before: Bounds | None
    after: Bounds | None
    side: SideName | None = None


def check_bounds(bounds: Bounds, clip_s: tuple[float, float], others: Sequence[Bounds]) -> None:
    """Raises SettingsError, one line, when no repetition can be so. clip_s: first, last frame."""
    b = bounds
    if not all(abs(t) < float("inf") for t in (b.start_s, b.bottom_s, b.end_s)):
        raise SettingsError("start, bottom and end must be numbers of seconds")
    if not b.start_s < b.bottom_s <= b.end_s:
        raise SettingsError(
            f"the bottom ({b.bottom_s:.2f} s) must lie between the start ({b.start_s:.2f} s) "
            f"and the end ({b.end_s:.2f} s)"
        )
    if b.start_s < clip_s[0] - 1e-3 or b.end_s > clip_s[1] + 1e-3:
        raise SettingsError(
            f"a repetition from {b.start_s:.2f} to {b.end_s:.2f} s does not lie within the clip "
            f"({clip_s[0]:.2f} to {clip_s[1]:.2f} s)"
        )
    if b.end_s - b.start_s < SHORTEST_S:
        raise SettingsError(f"a repetition takes at least {SHORTEST_S:g} s")
    for other in others:
        if b.overlap_s(other) > 1e-3:
            raise SettingsError(
                f"{b.start_s:.2f} to {b.end_s:.2f} s overlaps the repetition from "
                f"{other.start_s:.2f} to {other.end_s:.2f} s"
            )


@dataclass(frozen=True, slots=True)
class Place:
    """Where edits are made: the posture and yaw (T,) of the track, and what was asked."""

    posture: Posture
    yaw_deg: FloatArray
    settings: Settings
    exercise: ExerciseName | None = None

    def dip(self, bounds: Bounds, exercise: ExerciseName) -> Dip:
        """The dip within bounds."""
        t_s = self.posture.t_s
        at = (bounds.start_s, bounds.bottom_s, bounds.end_s)
        if exercise == "single_leg_stance":
            return _stance(t_s, bounds)
        signal = signals.fill_gaps(t_s, self.posture.sink, LOST_S)
        dip = dip_between(t_s, signal, *at, self.settings.reps)
        return hold_near_depth(dip) if exercise == "glute_bridge" else dip


def _stance(t_s: FloatArray, b: Bounds) -> Dip:
    first, stop = t_s.searchsorted((b.start_s - 1e-9, b.end_s + 1e-9))
    low = min(int(first), len(t_s) - 1)
    return Dip(
        low, max(low, int(stop) - 1), b.start_s, b.end_s, b.end_s, 0.0, b.end_s - b.start_s, 0, 0.0
    )


def edited(found: Found, edits: Sequence[RepEdit], place: Place) -> Found:
    """What was found, as the reviewer has it; of several edits of one repetition the last holds."""
    if not edits:
        return found
    reps = [rep for part in found.sets for rep in part.reps]
    reviewed: list[FoundRep] = []
    rejected = list(found.rejected)
    for edit in _last(edits):
        old = None if edit.before is None else _matching(edit.before, reps)
        if old is not None:
            reps.remove(old)
        elif edit.rep is None and edit.before is not None:
            continue
        if edit.after is not None:
            reviewed.append(_rep(edit, edit.after, old, [*reps, *reviewed], place))
        elif old is not None:
            at = old.dip
            rejected.append(Rejected(start_s=at.start_s, end_s=at.end_s, reason=STRUCK))
    own = [Bounds(r.dip.start_s, r.dip.bottom_s, r.dip.end_s) for r in reviewed]
    reps = [rep for rep in reps if not any(_same(rep.dip, bounds) for bounds in own)]
    reps = sorted([*reps, *reviewed], key=lambda rep: rep.dip.start_s)
    rejected = [r for r in rejected if not any(_counted(r, bounds) for bounds in own)]
    sets = group(reps, place.posture, place.yaw_deg)
    reason = found.reason if not sets else ""
    if not sets and not reason:
        reason = "every repetition was struck out by the reviewer"
    return replace(
        found,
        sets=sets,
        rejected=sorted(rejected, key=lambda r: r.start_s),
        detected=most_frequent(reps) if found.detected == "none" else found.detected,
        reason=reason,
    )


def _last(edits: Sequence[RepEdit]) -> list[RepEdit]:
    """One edit a repetition: those of one that was added are joined to its beginning.

    One without a number that was not added came up when a landmark was moved.
    """
    numbered = {edit.rep: edit for edit in edits if edit.rep is not None}
    added: list[RepEdit] = []
    other: dict[Bounds, RepEdit] = {}
    for edit in edits:
        if edit.rep is not None:
            continue
        if edit.before is None:
            added.append(edit)
            continue
        at = _nearest(edit.before, [e.after for e in added if e.after is not None])
        if at is not None:
            index = next(i for i, e in enumerate(added) if e.after == at)
            added[index] = replace(added[index], after=edit.after)
        else:
            other[edit.before] = edit
    standing = [edit for edit in added if edit.after is not None]
    return [*numbered.values(), *other.values(), *standing]


def _nearest(wanted: Bounds, among: Sequence[Bounds]) -> Bounds | None:
    best = max(among, key=wanted.overlap_s, default=None)
    return best if best is not None and wanted.overlap_s(best) > 0 else None


def _matching(wanted: Bounds, reps: Sequence[FoundRep]) -> FoundRep | None:
    """The repetition that was under way then, if any was for half as long as it took."""
    best = max(reps, key=lambda rep: wanted.overlap_s(rep.dip), default=None)
    return best if best is not None and _same(best.dip, wanted) else None


def _same(dip: Dip, bounds: Bounds) -> bool:
    shorter = min(dip.end_s - dip.start_s, bounds.end_s - bounds.start_s)
    return bounds.overlap_s(dip) > 0.5 * shorter


def _counted(rejected: Rejected, bounds: Bounds) -> bool:
    """Whether a movement that was not counted is the one that now is."""
    at = (rejected.start_s + rejected.end_s) / 2
    return bounds.start_s <= at <= bounds.end_s and rejected.reason != STRUCK


def _rep(
    edit: RepEdit, after: Bounds, old: FoundRep | None, others: list[FoundRep], place: Place
) -> FoundRep:
    if old is not None:
        return replace(old, dip=place.dip(after, old.exercise))
    near = min(others, key=lambda rep: abs(rep.dip.bottom_s - after.bottom_s), default=None)
    exercise = place.exercise or (near.exercise if near else None)
    looks = recognise(place.posture, place.dip(after, "none"), place.settings.recognise)
    if exercise is None:
        exercise = looks.exercise
    one_leg = exercise in ("single_leg_squat", "single_leg_stance", "lateral_lunge")
    side: SideName = edit.side or "both"
    if one_leg and edit.side is None:
        side = looks.side if looks.exercise == exercise else near.side if near else "both"
    return FoundRep(place.dip(after, exercise), exercise, side if one_leg else "both")
