"""What a camera suggests for an item of a score: points only where the number is beyond doubt.

A number is beyond an edge when it is so by more than its standard error; where edge and error
overlap nothing is suggested. A number from fewer than half of the repetitions suggests nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from kneetrack.clinic import score_clues
from kneetrack.clinic.catalogue import text, written
from kneetrack.clinic.sessions import mean_and_error
from kneetrack.clinic.sheets import SheetItem
from kneetrack.clinic_records.visits import ScoreItem
from kneetrack.records import PoseTrack, SideName
from kneetrack.result import RepRow, Result
from kneetrack.skeleton import SIDES

KNEE_TOE: Final = 0.04
"""KFO beyond which the knee is inside the second toe, shank lengths (MEASURES 9, band 3)."""
KNEE_BORDER: Final = 0.10
"""KFO beyond which it is inside the inner border of the foot."""
LEAN_DEG: Final = 8.0
"""Lean of the trunk to either side that is seen (band 5)."""
FORWARD_DEG: Final = 10.0
"""Lean of the trunk beyond the shank, from the side (band 12)."""
NO_FRONT: Final = "no good take from the front"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was filmed of a step: the takes that count, and which leg is asked about.

    track: as drawn over the front take, for the clues that no measure gives.
    """

    side: SideName
    front: Result | None = None
    track: PoseTrack | None = None
    beside: Result | None = None
    forward_matters: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A mean over repetitions with its error, written for reading; NaN with the reason."""

    value: float
    error: float
    words: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reps:
    """The judged repetitions of one leg in a take."""

    rows: list[RepRow] = field(default_factory=list)
    total: int = 0

    @staticmethod
    def of(result: Result, side: SideName) -> Reps:
        """Of the leg that works; of a movement of both legs, all."""
        own = [row for row in result.reps if row.side in (side, "both")]
        return Reps([row for row in own if row.valid], len(own))


def suggested(item: SheetItem, seen: Seen) -> ScoreItem:
    """The item with what is suggested, and why; or why nothing is."""
    if item.clue in ("none", "touch"):
        return ScoreItem(item.key, None, _clinicians(item, seen))
    if seen.front is None:
        return ScoreItem(item.key, None, f"cannot tell: {NO_FRONT}")
    if item.clue == "trunk":
        return _trunk(item, seen, seen.front)
    if item.clue in ("knee", "knee_toe", "knee_border"):
        return _knee(item, _measure(seen.front, seen.side, f"kfo_ratio_{seen.side}", "kfo"))
    return _clue(item, seen, seen.front)


def _clinicians(item: SheetItem, seen: Seen) -> str:
    why = f"{item.whose or item.title}: for the clinician"
    if item.clue != "touch" or seen.front is None:
        return why
    rows = Reps.of(seen.front, seen.side).rows
    down = [
        v.value
        for row in rows
        for v in row.verdicts
        if v.rule == "balance_lost" and v.value is not None
    ]
    if not down:
        return why
    touched = sum(value > 0 for value in down)
    return f"{why}; the camera saw it on the floor in {touched} of {len(down)} repetitions (front)"


def _measure(result: Result, side: SideName, key: str, measure: str, *, size: bool = False) -> Told:
    """Mean of a measure, or of its size, at the bottom over the judged repetitions."""
    reps = Reps.of(result, side)
    pairs = [(row.measures.get(key), row.errors.get(key)) for row in reps.rows]
    known = [(abs(v) if size else v, e) for v, e in pairs if v is not None]
    if not known or 2 * len(known) < reps.total:
        return Told(math.nan, math.nan, "", _why_not(result, key, reps))
    value, error, _ = mean_and_error([v for v, _ in known], [e for _, e in known if e is not None])
    shown = written(measure, value, error) if size else text(measure, value, error)
    words = f"{shown} ({len(known)} of {reps.total} repetitions)"
    return Told(value, error if error is not None else math.nan, words)


def _why_not(result: Result, key: str, reps: Reps) -> str:
    if not reps.total:
        return "no repetition of this leg"
    found = result.coverage.get(key)
    if found and found.reasons:
        return max(found.reasons, key=lambda reason: found.reasons[reason])
    return "too few repetitions could be measured"


def _beyond(told: Told, edge: float) -> bool | None:
    """Whether it is beyond the edge by more than its error; None in between."""
    if not (math.isfinite(told.value) and math.isfinite(told.error)):
        return None
    if told.value - told.error > edge:
        return True
    return False if told.value + told.error < edge else None


def _knee(item: SheetItem, told: Told) -> ScoreItem:
    if told.reason:
        return ScoreItem(item.key, None, f"cannot tell: {told.reason}")
    toe, border = _beyond(told, KNEE_TOE), _beyond(told, KNEE_BORDER)
    what = f"knee over foot {told.words}, front view"
    if item.clue == "knee_border":
        return _binary(item, border, what, "past the inner border of the foot")
    if item.clue == "knee_toe":
        return _binary(item, toe, what, "inside the second toe")
    return _knee_points(item, what, toe, border)


def _knee_points(item: SheetItem, what: str, toe: bool | None, border: bool | None) -> ScoreItem:
    if border:
        return ScoreItem(item.key, 2, f"{what}: inside the inner border of the foot")
    if toe:
        unsure = "; past the inner border of the foot: cannot tell" if border is None else ""
        return ScoreItem(item.key, 1, f"{what}: inside the second toe{unsure}")
    if toe is False:
        return ScoreItem(item.key, 0, f"{what}: not inside the second toe")
    return ScoreItem(item.key, None, f"cannot tell: {what}, within its error of the second toe")


def _binary(item: SheetItem, answer: bool | None, what: str, found: str) -> ScoreItem:
    if answer is None:
        return ScoreItem(item.key, None, f"cannot tell: {what}, within its error of {_edge(found)}")
    return ScoreItem(item.key, int(answer), f"{what}: {'' if answer else 'not '}{found}")


def _edge(found: str) -> str:
    return f"being {found}"


def _trunk(item: SheetItem, seen: Seen, front: Result) -> ScoreItem:
    """Sideways from the front; in any direction only with a take from the side."""
    aside = _measure(front, seen.side, "trunk_lean_deg", "trunk_lean", size=True)
    leans = _beyond(aside, LEAN_DEG)
    what = f"trunk lean {aside.words}, front view" if not aside.reason else ""
    if leans or not seen.forward_matters:
        if aside.reason:
            return ScoreItem(item.key, None, f"cannot tell: {aside.reason}")
        return _binary(item, leans, what, f"{LEAN_DEG:g}° or more to a side")
    forward = None
    if seen.beside is not None:
        forward = _measure(seen.beside, seen.side, "trunk_minus_shank_deg", "trunk_minus_shank")
    if forward is None or forward.reason:
        return ScoreItem(
            item.key, None, _joined("cannot tell: leaning forward is not seen from the front", what)
        )
    more = f"trunk less shank {forward.words}, side view"
    ahead = _beyond(forward, FORWARD_DEG)
    if ahead:
        return ScoreItem(item.key, 1, f"{more}: leans forward")
    if ahead is False and leans is False:
        return ScoreItem(item.key, 0, _joined(what, more) + ": no lean")
    return ScoreItem(item.key, None, _joined("cannot tell", what or aside.reason, more))


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _clue(item: SheetItem, seen: Seen, front: Result) -> ScoreItem:
    """Arms and wobble, read from the landmarks."""
    if seen.track is None:
        return ScoreItem(item.key, None, "cannot tell: no landmarks are kept")
    reps = Reps.of(front, seen.side)
    clues = [_of_rep(item, seen.track, row, seen.side) for row in reps.rows]
    known = [clue for clue in clues if math.isfinite(clue.value)]
    if not known or 2 * len(known) < reps.total:
        why = clues[0].reason if clues and clues[0].reason else "no repetition of this leg"
        return ScoreItem(item.key, None, f"cannot tell: {why}")
    value, error, _ = mean_and_error([c.value for c in known], [c.error for c in known])
    arms = item.clue == "arm"
    name = "wrists move against the trunk by" if arms else "knee trembles sideways by"
    edge = score_clues.ARM_EDGE if arms else score_clues.WOBBLE_EDGE
    places = 2 if arms else 3
    words = f"{value:.{places}f} ± {error or 0:.{places}f} {known[0].unit}"
    what = f"{name} {words} ({len(known)} of {reps.total} repetitions), front view, a rule of thumb"
    told = Told(value, error if error is not None else math.nan, words)
    return _binary(item, _beyond(told, edge), what, f"more than {edge:g}")


def _of_rep(item: SheetItem, track: PoseTrack, row: RepRow, side: SideName) -> score_clues.Clue:
    inside = np.asarray((track.t_s >= row.start_s) & (track.t_s <= row.end_s))
    if item.clue == "arm":
        return score_clues.arm_travel(track, inside)
    return score_clues.knee_wobble(track, inside, SIDES.index(side))


def in_order(items: Sequence[SheetItem], seen: Seen) -> tuple[ScoreItem, ...]:
    """Every item of a sheet with its suggestion."""
    return tuple(suggested(item, seen) for item in items)
