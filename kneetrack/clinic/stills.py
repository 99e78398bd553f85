"""Stills of a trial: a picture of the clip with the skeleton on it, or a drawn figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kneetrack.clinic.moments import moments
from kneetrack.clinic_records.visits import DRAWN_SUFFIX, STILL_PREFIX
from kneetrack.records import FloatArray, KneeMark, OverlayFrame
from kneetrack.report.writing import write_bytes
from kneetrack.result import Result

ImageU8 = NDArray[np.uint8]
SAME_PICTURE_S: Final = 0.07
"""A picture and a pose farther apart in time than this do not belong together."""
_MARGIN: Final = 0.16
"""Room around the person in a still, in lengths of the person as seen: head and feet whole."""
_ASPECTS: Final = (0.75, 1.6)
"""A still is at least and at most so wide for its height, where the picture has the room."""
_GROUND: Final = (104, 92, 78)
"""Blue, green, red behind a drawn figure."""
_HEAD: Final = (150, 138, 124)
_RESTING: Final = KneeMark("resting", "")


def still_file(key: str, *, drawn: bool = False) -> str:
    """The name of a still in the trial's folder; key: of :mod:`kneetrack.clinic.moments`."""
    return f"{STILL_PREFIX}{key}{DRAWN_SUFFIX if drawn else ''}.jpg"


def kept_still(folder: Path, key: str, *, photographs: bool) -> Path | None:
    """The still of that moment: the photograph where there is one and it may be shown, else the
    drawn figure; None when there is neither."""
    names = [still_file(key)] if photographs else []
    paths = (folder / name for name in (*names, still_file(key, drawn=True)))
    return next((path for path in paths if path.is_file()), None)


def drawn_stills(
    result: Result, folder: Path, keys: Sequence[str] | None = None
) -> dict[str, Path]:
    """Stills that show the landmarks on plain ground; keys: None for all. Raises OutputError."""
    return {
        key: write_bytes(folder / still_file(key, drawn=True), data)
        for key, data in drawn_pictures(result).items()
        if keys is None or key in keys
    }


def drawn_pictures(result: Result) -> dict[str, bytes]:
    """JPEG of the landmarks on plain ground for every moment of a result with frames."""
    stills = Stills(result)
    for moment in moments(result):
        stills.look(_ground(result, moment.t_s), moment.t_s)
    return {key: stills.jpeg(key) for key in stills.images}


def _ground(result: Result, t_s: float) -> ImageU8:
    """Plain ground with a disc where the head is: a skeleton without a head looks cut off."""
    from kneetrack.ui.headregion import head_regions

    width, height = result.source.size_px
    ground = np.full((height, width, 3), _GROUND, np.uint8)
    track = result.track
    if track is None or not len(track):
        return ground
    row = int(np.abs(track.t_s - t_s).argmin())
    y, x = np.ogrid[:height, :width]
    for disc in head_regions(track.xy_px[row], track.confidence[row])[:1]:
        inside = (x - disc.x) ** 2 + (y - disc.y) ** 2 <= (0.62 * disc.radius) ** 2
        ground[inside] = _HEAD
    return ground


class Stills:
    """Collects the pictures nearest to a result's moments, cut to the person at that moment.

    What lies around the person is blurred, whatever the client allows: bystanders, mirrors and
    what hangs on the walls agreed to nothing. The client's own face is not looked at here.
    """

    def __init__(self, result: Result) -> None:
        assert result.frames is not None and result.frames.xy_px is not None
        self._result, self._frames = result, result.frames
        self._moments: dict[str, float] = {moment.key: moment.t_s for moment in moments(result)}
        self._boxes = {
            key: still_box(self._landmarks(t_s), result.source.size_px)
            for key, t_s in self._moments.items()
        }
        self._off_s: dict[str, float] = {}
        self.images: dict[str, ImageU8] = {}

    def look(self, image: ImageU8, t_s: float) -> None:
        """Keep a copy of this picture for every moment that it is nearer to than any before."""
        for key, at_s in self._moments.items():
            off_s = abs(at_s - t_s)
            if off_s < self._off_s.get(key, SAME_PICTURE_S):
                left, top, right, bottom = self._boxes[key]
                self._off_s[key] = off_s
                self.images[key] = image[top:bottom, left:right].copy()

    def missing(self) -> list[str]:
        """Moments of which no picture was seen."""
        return [key for key in self._moments if key not in self.images]

    def jpeg(self, key: str) -> bytes:
        """The still with the skeleton of its moment drawn on it."""
        from kneetrack.ui.film import jpeg
        from kneetrack.ui.overlay import annotated_size, draw, fit
        from kneetrack.ui.surroundings import blur_surroundings

        overlay = self._overlay(self._moments[key])
        corner = np.array(self._boxes[key][:2], np.float32)
        image = blur_surroundings(self.images[key], self._landmarks(self._moments[key]) - corner)
        xy = overlay.xy_px - corner
        size_px = annotated_size((image.shape[1], image.shape[0]))
        image, xy = fit(image, xy, size_px)
        return jpeg(draw(np.ascontiguousarray(image), replace(overlay, xy_px=xy)))

    def _row(self, t_s: float) -> int:
        return int(np.abs(self._frames.t_s - t_s).argmin())

    def _landmarks(self, t_s: float) -> FloatArray:
        assert self._frames.xy_px is not None
        return np.asarray(self._frames.xy_px[self._row(t_s)])

    def _overlay(self, t_s: float) -> OverlayFrame:
        """The skeleton alone: no states, no cues."""
        from kneetrack.annotate import OverlayScript
        from kneetrack.exercises import all_exercises

        row = self._row(t_s)
        full = OverlayScript(self._result, all_exercises()).frame(row)
        return OverlayFrame(full.xy_px, (_RESTING, _RESTING))


def still_box(xy_px: FloatArray, size_px: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what a still shows: the person, with room.

    xy_px: (..., K, 2). The whole picture when nobody is seen.
    """
    width, height = size_px
    points = xy_px.reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return 0, 0, width, height
    low, high = points.min(axis=0), points.max(axis=0)
    room = _MARGIN * float((high - low).max())
    low, high = low - room, high + room
    middle, (wide, tall) = (low + high) / 2, high - low
    wide = max(wide, _ASPECTS[0] * tall)
    tall = max(tall, wide / _ASPECTS[1])
    left, right = _span(float(middle[0]), float(wide), width)
    top, bottom = _span(float(middle[1]), float(tall), height)
    return left, top, right, bottom


def _span(middle: float, length: float, most: int) -> tuple[int, int]:
    """Where a stretch of that length lies in 0..most: moved inside where it fits, else cut."""
    length = min(length, float(most))
    start = min(max(middle - length / 2, 0.0), most - length)
    return int(start), max(int(start) + 1, math.ceil(start + length))
