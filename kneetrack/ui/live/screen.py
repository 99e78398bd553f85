"""The live screen: pure drawing of one :class:`~kneetrack.live_records.ScreenState`::

screen = LiveScreen(screen_size((1280, 720)))
shown = screen.draw(picture_bgr, state)  # frame by frame
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kneetrack.live_records import ScreenState
from kneetrack.records import FloatArray
from kneetrack.skeleton import ANKLES, HIPS, KNEES, LEFT, RIGHT, SHOULDERS
from kneetrack.ui import figure
from kneetrack.ui.live import preview
from kneetrack.ui.live.gauges import draw_dial
from kneetrack.ui.live.plan import STAGED, Plan, plan
from kneetrack.ui.live.preview import screen_size
from kneetrack.ui.live.scale import LIVE_STYLE, LiveStyle, Scale, scale
from kneetrack.ui.live.shapes import draw_ring
from kneetrack.ui.live.target import draw_target
from kneetrack.ui.sprites import lay
from kneetrack.ui.style import ImageU8, MarkStatus

__all__ = ["LiveScreen", "screen_size"]

_ON_TOP: Final = ("resting", "cannot_tell", "ok", "watch", "flag")
_FULL_SIZE_BODY: Final = 0.62
_BODY: Final = np.array([*SHOULDERS, *HIPS, *KNEES, *ANKLES])


class LiveScreen:
    """Draws one frame after the other on a screen of ``size_px`` (width, height).

    It remembers only on which side each knee was last seen, so that gauges do not change places
    while the legs are behind each other. Not for several threads at once.
    """

    def __init__(self, size_px: tuple[int, int], style: LiveStyle = LIVE_STYLE) -> None:
        if min(size_px) < 1:
            raise ValueError(f"a screen of {size_px[0]} x {size_px[1]} pixels shows nothing")
        self._scale = scale((int(size_px[0]), int(size_px[1])), style)
        self._left_knee: tuple[bool, int] | None = None

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) of what :meth:`draw` returns."""
        return self._scale.width, self._scale.height

    def draw(self, image_bgr: ImageU8 | None, state: ScreenState) -> ImageU8:
        """The screen (height, width, 3) uint8 BGR for an upright, unmirrored picture of any size.

        image_bgr: (H, W, 3) uint8, in pixels of which ``state.xy_px`` is; None when there is no
        picture. The input stays as it is. Raises ValueError for another kind of array.
        """
        lengths = self._scale
        canvas, xy = _background(image_bgr, state, lengths)
        table = state.help or state.phase == "summary"
        staged = table or state.phase in STAGED
        if staged:
            _darken(canvas, lengths.style.dim * (0.7 if table else 1.0))
        elif state.phase == "framing":
            draw_target(canvas, state.lying, lengths)
        elif xy is not None:
            _draw_person(canvas, xy, state, lengths)
        _draw_plan(canvas, plan(state, lengths, left_knee_at=self._side(xy, state)), lengths)
        return canvas

    def _side(self, xy_px: FloatArray | None, state: ScreenState) -> int:
        """At which edge the gauge of the left knee stands: -1 left, +1 right."""
        before = self._left_knee
        default = -1 if state.mirrored else 1
        last = before[1] if before is not None and before[0] == state.mirrored else default
        side = preview.left_knee_at(xy_px, last)
        self._left_knee = (state.mirrored, side)
        return side


def _background(
    image: ImageU8 | None, state: ScreenState, lengths: Scale
) -> tuple[ImageU8, FloatArray | None]:
    """The picture on the screen, and the landmarks there that can be drawn."""
    size = (lengths.width, lengths.height)
    if image is None:
        canvas = np.empty((size[1], size[0], 3), np.uint8)
        canvas[:] = lengths.style.plate
        return canvas, None
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
        raise ValueError("draw needs a picture of shape (H, W, 3), uint8")
    place = preview.fit((image.shape[1], image.shape[0]), size)
    canvas = np.empty((size[1], size[0], 3), np.uint8)
    if (place.left, place.top, place.right, place.bottom) != (0, 0, *size):
        canvas[:] = lengths.style.plate
    preview.show(image, place, canvas, state.mirrored)
    if state.xy_px is None:
        return canvas, None
    xy = preview.to_screen(state.xy_px, place, state.mirrored)
    return canvas, figure.drawable(xy, lengths.figure)


def _darken(canvas: ImageU8, light: float) -> None:
    cv2.convertScaleAbs(canvas, canvas, light)


def _draw_person(canvas: ImageU8, xy: FloatArray, state: ScreenState, lengths: Scale) -> None:
    """Bones, each knee's line, and during a set the sign of its state on the knee."""
    thin = _body_scale(xy, lengths)
    sizes = lengths.figure
    figure.draw_skeleton(canvas, xy, sizes, scale=thin)
    states: list[tuple[int, MarkStatus]] = [(LEFT, "resting"), (RIGHT, "resting")]
    if state.phase == "set" and state.gauges is not None:
        states = [(side, gauge.status) for side, gauge in enumerate(state.gauges)]
    states.sort(key=lambda item: _ON_TOP.index(item[1]))
    for side, status in states:
        leg = xy[[HIPS[side], KNEES[side], ANKLES[side]]]
        figure.draw_leg(canvas, leg, status, sizes, scale=thin)
    for side, status in states:
        figure.draw_knee_sign(canvas, xy[KNEES[side]], status, sizes, scale=thin)


def _body_scale(xy: FloatArray, lengths: Scale) -> float:
    """0.6..1: thinner lines for a small person, in steps so that signs can be kept."""
    seen = xy[_BODY]
    seen = seen[np.isfinite(seen).all(axis=1)]
    if len(seen) < 2:
        return 1.0
    extent = seen.max(axis=0) - seen.min(axis=0)
    part = float(np.hypot(*extent)) / (_FULL_SIZE_BODY * min(lengths.width, lengths.height))
    return round(10 * min(1.0, max(0.6, part))) / 10


def _draw_plan(canvas: ImageU8, made: Plan, lengths: Scale) -> None:
    for plate in made.plates:
        lay(canvas, plate.sprite, plate.left, plate.top)
    colours = (lengths.style.text, (96, 88, 80))
    for ring in made.rings:
        draw_ring(canvas, ring.middle, ring.radius, ring.width, ring.fraction, colours)
    for dial in made.dials:
        draw_dial(canvas, dial, lengths)
