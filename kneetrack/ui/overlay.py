"""The annotated picture: pure drawing of one :class:`~kneetrack.records.OverlayFrame`.

For one picture: ``draw(image, overlay)``. For a film, so that plates do not jump about::

    size_px = annotated_size((width, height))
    annotator = Annotator(size_px, xy_px_of_all_frames)
    annotator.draw(picture_of_size_px, overlay, in_place=True)  # frame by frame
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from kneetrack.records import FloatArray, OverlayFrame
from kneetrack.skeleton import ANKLES, HIPS, KNEES, LEFT, RIGHT, SHOULDERS
from kneetrack.ui import figure, panels, text
from kneetrack.ui.labels import Obstacles, Point, Slots, place_labels
from kneetrack.ui.layout import Layout, Rect, layout_for
from kneetrack.ui.sprites import Sprite, lay
from kneetrack.ui.style import (
    DEFAULT_STYLE,
    SMALLEST_SHORT_SIDE_PX,
    ImageU8,
    Sizes,
    Style,
    sizes,
)

_NO_NUMBER: Final = {"cannot_tell": "cannot tell"}
_ON_TOP: Final = ("resting", "cannot_tell", "ok", "watch", "flag")
_BODY: Final = np.array(list(zip(SHOULDERS, HIPS, KNEES, ANKLES, strict=True)))


@dataclass(frozen=True, slots=True)
class Placed:
    """A plate and where its top left corner goes. name: title, count, cue, bar, left, right."""

    name: str
    sprite: Sprite
    left: int
    top: int

    @property
    def rect(self) -> Rect:
        """The box it takes."""
        width, height = self.sprite.size_px
        return Rect(self.left, self.top, self.left + width, self.top + height)


def annotated_size(size_px: tuple[int, int], longest_px: int | None = None) -> tuple[int, int]:
    """The size (width, height) in which to annotate a picture of ``size_px``.

    Small pictures are enlarged to a short side of 480 pixels, or the text would cover the
    person; those longer than ``longest_px`` are reduced. Both sides are even, as video codecs
    want. Use :func:`fit` to bring picture and landmarks to it.
    """
    width, height = size_px
    if width < 1 or height < 1:
        raise ValueError(f"a picture of {width} x {height} pixels cannot be annotated")
    factor = max(1.0, SMALLEST_SHORT_SIDE_PX / min(size_px))
    if longest_px is not None:
        factor = min(factor, longest_px / max(size_px))
    return _even(width * factor), _even(height * factor)


def _even(length: float) -> int:
    return max(2, 2 * math.ceil(round(length, 3) / 2))


def fit(
    image_bgr: ImageU8, xy_px: FloatArray, size_px: tuple[int, int]
) -> tuple[ImageU8, FloatArray]:
    """Picture and landmarks (..., 2) brought to ``size_px`` (width, height).

    A picture that lacks one pixel to an even size gets its last row or column twice instead of
    being blurred; one that has the size already is returned itself.
    """
    height, width = image_bgr.shape[:2]
    if (width, height) == size_px:
        return image_bgr, xy_px
    right, below = size_px[0] - width, size_px[1] - height
    if right in (0, 1) and below in (0, 1):
        edge = cv2.copyMakeBorder(image_bgr, 0, below, 0, right, cv2.BORDER_REPLICATE)
        return np.asarray(edge, np.uint8), xy_px
    larger = size_px[0] > width
    way = cv2.INTER_CUBIC if larger else cv2.INTER_AREA
    resized = np.asarray(cv2.resize(image_bgr, size_px, interpolation=way), np.uint8)
    factors = np.array([size_px[0] / width, size_px[1] / height])
    return resized, np.asarray(xy_px * factors, xy_px.dtype)


def draw(
    image_bgr: ImageU8,
    overlay: OverlayFrame,
    style: Style = DEFAULT_STYLE,
    *,
    in_place: bool = False,
) -> ImageU8:
    """Draw skeleton, knees, labels, count, cue and depth bar on one picture.

    image_bgr: (H, W, 3) uint8, in pixels of which ``overlay.xy_px`` is. The result is a new
    picture unless ``in_place``, which draws on the given one (contiguous, writable) and returns
    it. Raises ValueError for another kind of array. For a film use :class:`Annotator`.
    """
    size_px = (image_bgr.shape[1], image_bgr.shape[0]) if image_bgr.ndim == 3 else (1, 1)
    return Annotator(size_px, style=style).draw(image_bgr, overlay, in_place=in_place)


class Annotator:
    """Draws the frames of one film in order; plates keep their places as far as they can.

    size_px: (width, height) of the pictures; xy_px: (T, K, 2) landmarks of the whole film in
    those pixels when they are known, from which the layout is decided; else the first frame with
    a person decides.
    """

    def __init__(
        self,
        size_px: tuple[int, int],
        xy_px: FloatArray | None = None,
        style: Style = DEFAULT_STYLE,
    ) -> None:
        self._lengths = sizes(size_px, style)
        self._layout = None if xy_px is None else layout_for(xy_px, self._lengths)
        self._slots: Slots = (None, None)

    def draw(self, image_bgr: ImageU8, overlay: OverlayFrame, *, in_place: bool = False) -> ImageU8:
        """As the function :func:`draw`, for the next frame."""
        lengths = self._lengths
        _check(image_bgr, lengths, in_place)
        image = image_bgr if in_place else image_bgr.copy(order="C")
        xy = figure.drawable(overlay.xy_px, lengths)
        layout = self._layout or layout_for(xy, lengths)
        if np.isfinite(xy).any():
            self._layout = layout
        plates, self._slots = plan(overlay, xy, lengths, layout, self._slots)
        _draw_person(image, overlay, xy, lengths, layout)
        for plate in plates:
            lay(image, plate.sprite, plate.left, plate.top)
        return image


def _check(image: ImageU8, lengths: Sizes, in_place: bool) -> None:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError("draw needs a picture of shape (H, W, 3), uint8")
    if image.shape[:2] != (lengths.height, lengths.width):
        raise ValueError(
            f"the picture is {image.shape[1]} x {image.shape[0]} pixels, "
            f"the film {lengths.width} x {lengths.height}"
        )
    if in_place and not (image.flags.c_contiguous and image.flags.writeable):
        raise ValueError("drawing in place needs a contiguous, writable picture")


def plan(
    overlay: OverlayFrame,
    xy_px: FloatArray,
    lengths: Sizes,
    layout: Layout,
    before: Slots = (None, None),
) -> tuple[list[Placed], Slots]:
    """The plates of a frame and where they go, and the places that the knees' labels took.

    xy_px: (K, 2) drawable landmarks; before: the places of the frame before.
    """
    plates = _header(overlay, lengths)
    plates += _cue(overlay, plates, lengths, layout)
    plates += _bar(overlay, lengths, layout)
    sprites = _label_sprites(overlay, lengths)
    knees = (_knee(xy_px, LEFT), _knee(xy_px, RIGHT))
    seen = [knee for knee in knees if knee is not None]
    obstacles = Obstacles(seen, [plate.rect for plate in plates], _along_body(xy_px))
    extents = (_extent(sprites[LEFT]), _extent(sprites[RIGHT]))
    boxes, slots = place_labels(knees, extents, obstacles, layout, lengths, before=before)
    for name, sprite, box in zip(("left", "right"), sprites, boxes, strict=True):
        if sprite is not None and box is not None:
            plates.append(Placed(name, sprite, round(box.left), round(box.top)))
    return plates, slots


def _header(overlay: OverlayFrame, lengths: Sizes) -> list[Placed]:
    """Title and marks at the top left, the count at the top right; the middle stays free."""
    title = text.clean(overlay.title)
    total = overlay.reps_total
    plates = []
    room = lengths.width - 2 * lengths.margin
    if title or total is not None or overlay.reps_done or overlay.rep_marks:
        sprite = panels.count_plate(overlay.reps_done, total, lengths)
        left = lengths.width - lengths.margin - sprite.size_px[0]
        plates.append(Placed("count", sprite, left, lengths.margin))
        room -= sprite.size_px[0] + 2 * lengths.gap
    room = min(room, round(0.5 * lengths.width * min(1.0, lengths.height / lengths.width) ** 0.5))
    marked = panels.title_plate(title, overlay.rep_marks, room, lengths)
    if marked is not None:
        plates.append(Placed("title", marked, lengths.margin, lengths.margin))
    return plates


def _cue(
    overlay: OverlayFrame, header: list[Placed], lengths: Sizes, layout: Layout
) -> list[Placed]:
    cue, note = text.clean(overlay.cue), text.clean(overlay.note)
    place = layout.cue
    room = (place.right - place.left, place.room_px)
    sprite = panels.cue_plate(cue, overlay.cue_status, note, room, lengths)
    if sprite is None:
        return []
    width, height = sprite.size_px
    top = lengths.height - lengths.margin - height
    if place.edge == "top":
        lowest = max((plate.rect.bottom for plate in header), default=0.0)
        top = min(top, round(lowest) + lengths.gap if header else lengths.margin)
    return [Placed("cue", sprite, (place.left + place.right - width) // 2, max(0, top))]


def _bar(overlay: OverlayFrame, lengths: Sizes, layout: Layout) -> list[Placed]:
    fraction = overlay.depth_fraction
    if fraction is None or not math.isfinite(fraction):
        return []
    step = round(min(1.0, max(0.0, fraction)) * panels.BAR_STEPS)
    sprite = panels.bar_plate(step, lengths)
    width, height = sprite.size_px
    left = lengths.margin if layout.bar_at == "left" else lengths.width - lengths.margin - width
    return [Placed("bar", sprite, left, (lengths.height - height) // 2)]


def _label_sprites(overlay: OverlayFrame, lengths: Sizes) -> list[Sprite | None]:
    sprites: list[Sprite | None] = []
    for side, mark in enumerate(overlay.knees):
        label = text.clean(mark.label) or _NO_NUMBER.get(mark.status, "")
        sprites.append(panels.label_plate(side, mark.status, label, lengths) if label else None)
    return sprites


def _along_body(xy_px: FloatArray) -> list[Point]:
    """Points along trunk, thighs and shanks."""
    points = []
    for shoulder, hip, knee, ankle in xy_px[_BODY].tolist():
        for (x0, y0), (x1, y1) in ((shoulder, hip), (hip, knee), (knee, ankle)):
            if math.isfinite(x0 + y0 + x1 + y1):
                dx, dy = (x1 - x0) / 10, (y1 - y0) / 10
                points += [(x0 + dx * step, y0 + dy * step) for step in range(1, 10)]
    return points


def _knee(xy_px: FloatArray, side: int) -> Point | None:
    x, y = xy_px[KNEES[side]]
    return (float(x), float(y)) if math.isfinite(x) and math.isfinite(y) else None


def _extent(sprite: Sprite | None) -> tuple[int, int] | None:
    return None if sprite is None else sprite.size_px


def _draw_person(
    image: ImageU8, overlay: OverlayFrame, xy_px: FloatArray, lengths: Sizes, layout: Layout
) -> None:
    """Bones, then legs, then signs; of two knees behind each other the worse one on top."""
    scale = layout.body_scale
    figure.draw_skeleton(image, xy_px, lengths, scale=scale)
    marks = sorted(enumerate(overlay.knees), key=lambda item: _ON_TOP.index(item[1].status))
    for side, mark in marks:
        figure.draw_leg(image, xy_px[_BODY[side, 1:]], mark.status, lengths, scale=scale)
    for side, mark in marks:
        figure.draw_knee_sign(image, xy_px[KNEES[side]], mark.status, lengths, scale=scale)
