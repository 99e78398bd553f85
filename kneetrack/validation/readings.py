"""A result beside its truth: every number that has a truth becomes a reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kneetrack import skeleton
from kneetrack.records import FloatArray
from kneetrack.result import RepRow, Result
from kneetrack.validation.measured import MEASURES, MID_RANGE_DEG, Measured
from kneetrack.validation.outcome import Reading
from kneetrack.validation.truth import Truth

NOT_FOUND: Final = "the repetition was not found"
NOT_GIVEN: Final = "not given"
_AT_MID: Final = "_at_45_60"


@dataclass(frozen=True, slots=True)
class Compared:
    """One clip: its truth, its result, and the found repetition of each true one (or None)."""

    truth: Truth
    result: Result
    found: list[RepRow | None]

    def reading(
        self,
        measure: str,
        unit: str,
        truth: float,
        value: float | None,
        *,
        flexion: float | None = None,
        rep: int = 0,
        side: str = "both",
        error: float | None = None,
        reason: str = "",
    ) -> Reading:
        """A reading of this clip; a value that is not finite becomes None."""
        known = value is not None and np.isfinite(value)
        stated = error is not None and np.isfinite(error) and known
        return Reading(
            clip=self.truth.name,
            body=self.truth.body,
            exercise=self.truth.exercise,
            view=self.truth.view,
            yaw_deg=self.truth.yaw,
            flexion_deg=flexion,
            rep=rep,
            side=side,
            measure=measure,
            unit=unit,
            value=float(value) if known and value is not None else None,
            truth=float(truth),
            error=float(error) if stated and error is not None else None,
            reason="" if known else reason or NOT_GIVEN,
        )

    def why_not(self, column: str) -> str:
        """The commonest reason why a column has no value in the repetitions."""
        reasons = self.result.coverage[column].reasons if column in self.result.coverage else {}
        return max(reasons, key=lambda text: reasons[text]) if reasons else NOT_GIVEN


def compare(truth: Truth, result: Result) -> Compared:
    """Pair true and found repetitions."""
    half = [(rep["end"] - rep["start"]) / 2 for rep in truth.reps]
    bottoms = [rep["bottom"] for rep in truth.reps]
    pairs = match(bottoms, [rep.bottom_s for rep in result.reps], half)
    return Compared(truth, result, [None if i is None else result.reps[i] for i in pairs])


def match(
    true_s: Sequence[float], found_s: Sequence[float], within_s: Sequence[float]
) -> list[int | None]:
    """For each true instant the index of the found one nearest to it, each used once.

    within_s: how far off it may be at most. The closest pairs are made first.
    """
    order = sorted((abs(t - f), i, j) for i, t in enumerate(true_s) for j, f in enumerate(found_s))
    paired: list[int | None] = [None] * len(true_s)
    used: set[int] = set()
    for off, i, j in order:
        if paired[i] is None and j not in used and off <= within_s[i]:
            paired[i] = j
            used.add(j)
    return paired


def readings_of(truth: Truth, result: Result) -> list[Reading]:
    """Every number of a result that has a truth in the clip."""
    clip = compare(truth, result)
    readings = [*_whole_clip(clip), *_bottom_times(clip)]
    for measured in MEASURES:
        true = measured.true(truth)
        if true is None:
            continue
        for leg in measured.legs(truth):
            readings += _of_leg(clip, measured, true if leg is None else true[:, leg], leg)
    return [reading for reading in readings if np.isfinite(reading.truth)]


def _whole_clip(clip: Compared) -> list[Reading]:
    truth, result = clip.truth, clip.result
    count = clip.reading("repetitions", "count", len(truth.reps), len(result.reps))
    if truth.movement == "bridge":
        return [count]
    view = result.view
    yaw = clip.reading(
        "camera_yaw",
        "deg",
        truth.seen_yaw(),
        view.yaw_deg,
        error=view.yaw_error_deg,
        reason=view.reason,
    )
    return [count, yaw]


def _bottom_times(clip: Compared) -> list[Reading]:
    return [
        clip.reading(
            "bottom_time",
            "s",
            true["bottom"],
            found.bottom_s if found else None,
            rep=i,
            reason=NOT_FOUND,
        )
        for i, (true, found) in enumerate(zip(clip.truth.reps, clip.found, strict=True), 1)
    ]


def _of_leg(clip: Compared, measured: Measured, true: FloatArray, leg: int | None) -> list[Reading]:
    """The readings of one measure and leg (None: of both), repetition by repetition."""
    readings: list[Reading] = []
    bent = clip.truth.flexion.mean(axis=1) if leg is None else clip.truth.flexion[:, leg]
    for number, rep in enumerate(clip.truth.reps, 1):
        place = _Place(clip, measured, leg, number)
        if measured.at_bottom:
            at, flexion = (float(clip.truth.at(v, rep["bottom"])) for v in (true, bent))
            readings.append(place.from_row(measured.at_bottom, place.key, at, flexion))
        if measured.mid_range:
            readings += _mid_range(place, true, bent)
    return readings


@dataclass(frozen=True, slots=True)
class _Place:
    """One measure of one leg (None: both) in one repetition (1-based) of a clip."""

    clip: Compared
    measured: Measured
    leg: int | None
    rep: int

    @property
    def key(self) -> str:
        return self.measured.key(self.leg)

    @property
    def side(self) -> str:
        return "both" if self.leg is None else skeleton.SIDES[self.leg]

    def from_row(self, name: str, key: str, truth: float, flexion: float) -> Reading:
        """What the repetition's row says under ``key``, with the error that it states."""
        found = self.clip.found[self.rep - 1]
        return self.clip.reading(
            name,
            self.measured.unit,
            truth,
            found.measures.get(key) if found else None,
            flexion=flexion,
            rep=self.rep,
            side=self.side,
            error=found.errors.get(key) if found else None,
            reason=self.clip.why_not(self.key) if found else NOT_FOUND,
        )

    def from_frames(self, truth: float, flexion: float, value: float) -> Reading:
        """What the frames say; they state no error."""
        return self.clip.reading(
            self.measured.name,
            self.measured.unit,
            truth,
            value,
            flexion=flexion,
            rep=self.rep,
            side=self.side,
            reason=self.clip.why_not(self.key),
        )


def _mid_range(place: _Place, true: FloatArray, bent: FloatArray) -> list[Reading]:
    """While the leg is truly bent 45 to 60 degrees: frame by frame, and as the result sums it up.

    true, bent: (T,) the measure's truth and the true flexion.
    """
    truth = place.clip.truth
    row = truth.reps[place.rep - 1]
    inside = (truth.t_s >= row["start"]) & (truth.t_s <= row["end"])
    inside &= (bent >= MID_RANGE_DEG[0]) & (bent <= MID_RANGE_DEG[1])
    if not inside.any():
        return []
    flexion = float(bent[inside].mean())
    value, expected = _over_frames(place, true, inside)
    readings = [place.from_frames(expected, flexion, value)]
    key = place.key + _AT_MID
    if any(key in found.measures for found in place.clip.result.reps):
        name = f"{place.measured.name}_45_60"
        readings.append(place.from_row(name, key, float(true[inside].mean()), flexion))
    return readings


def _over_frames(place: _Place, true: FloatArray, inside: NDArray[np.bool_]) -> tuple[float, float]:
    """Mean of a column and of its truth over the frames in which it is given and truly inside.

    inside: (T,) truth frames; a frame of the result counts by the one nearest to it.
    """
    frames, truth = place.clip.result.frames, place.clip.truth
    if frames is None or place.key not in frames.columns:
        return np.nan, float(true[inside].mean())
    read, expected = frames.columns[place.key], truth.at(true, frames.t_s)
    near = np.rint(np.interp(frames.t_s, truth.t_s, np.arange(len(truth.t_s)))).astype(int)
    wanted = inside[near] & np.isfinite(read) & np.isfinite(expected)
    if not wanted.any():
        return np.nan, float(true[inside].mean())
    return float(read[wanted].mean()), float(expected[wanted].mean())
