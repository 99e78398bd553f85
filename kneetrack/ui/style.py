"""Colours, type scale and sizes of everything drawn on a picture.

One palette (Okabe and Ito 2008, safe for colour-blind people) and one type scale. Lengths are
fractions of the unit, the picture's short side (see :func:`sizes`), so that a picture
looks the same at every resolution. Colours are (blue, green, red), 0..255.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from kneetrack.records import Status

ImageU8 = NDArray[np.uint8]
"""(H, W, 3) uint8, blue-green-red."""
Colour = tuple[int, int, int]
MarkStatus = Status | Literal["resting"]

SMALLEST_SHORT_SIDE_PX: Final = 480


@dataclass(frozen=True, slots=True)
class Look:
    """How one state is shown: colour, colour of the sign on it, width of the leg's line.

    width: factor on the line width; dashed: whether the leg's line is broken.
    """

    colour: Colour
    ink: Colour
    width: float = 1.0
    dashed: bool = False


_WHITE: Final[Colour] = (255, 255, 255)
_BLACK: Final[Colour] = (22, 18, 14)


@dataclass(frozen=True, eq=False)
class Style:
    """Palette and type scale. Heights of letters and lengths are fractions of the unit.

    Compared by identity, so that it is a quick key for what is kept: make one and use it again.
    """

    ok: Look = Look((115, 158, 0), _WHITE)
    watch: Look = Look((0, 159, 230), _BLACK, width=1.25)
    flag: Look = Look((0, 94, 213), _WHITE, width=1.5)
    cannot_tell: Look = Look((206, 200, 196), _BLACK, width=0.8, dashed=True)
    resting: Look = Look((235, 232, 228), _BLACK, width=0.6)

    plate: Colour = (30, 24, 18)
    plate_opacity: float = 0.80
    text: Colour = _WHITE
    text_soft: Colour = (214, 208, 202)
    bone: Colour = (245, 242, 238)
    casing: Colour = (30, 24, 18)

    margin: float = 0.028
    pad: float = 0.018
    gap: float = 0.014
    corner: float = 0.016

    count: float = 0.092
    cue: float = 0.058
    cue_least: float = 0.038
    title: float = 0.042
    label: float = 0.042
    note: float = 0.035

    leg_line: float = 0.0125
    bone_line: float = 0.005
    knee_sign: float = 0.025
    mark_sign: float = 0.021
    bar_width: float = 0.016
    bar_height: float = 0.24

    def look(self, status: MarkStatus) -> Look:
        """The look of a state."""
        looks: dict[MarkStatus, Look] = {
            "ok": self.ok,
            "watch": self.watch,
            "flag": self.flag,
            "cannot_tell": self.cannot_tell,
            "resting": self.resting,
        }
        return looks[status]


DEFAULT_STYLE: Final = Style()


@dataclass(frozen=True, eq=False)
class Sizes:
    """A :class:`Style` with its lengths in pixels for one picture size; compared by identity."""

    style: Style
    width: int
    height: int
    unit: float
    margin: int
    pad: int
    gap: int
    corner: int
    count: int
    cue: int
    cue_least: int
    title: int
    label: int
    note: int
    leg_line: float
    bone_line: float
    knee_sign: float
    mark_sign: float
    bar_width: int
    bar_height: int


@lru_cache(maxsize=32)
def sizes(size_px: tuple[int, int], style: Style = DEFAULT_STYLE) -> Sizes:
    """The lengths in pixels for a picture of ``size_px`` (width, height).

    The unit is the short side; a wide picture gets up to a quarter more, because it is shown
    smaller on an upright phone.
    """
    width, height = size_px
    unit = float(min(width, height) * min(max(1.0, width / height) ** 0.35, 1.25))

    def whole(fraction: float) -> int:
        return max(1, round(fraction * unit))

    return Sizes(
        style=style,
        width=width,
        height=height,
        unit=unit,
        margin=round(style.margin * min(width, height)),
        pad=whole(style.pad),
        gap=whole(style.gap),
        corner=whole(style.corner),
        count=whole(style.count),
        cue=whole(style.cue),
        cue_least=whole(style.cue_least),
        title=whole(style.title),
        label=whole(style.label),
        note=whole(style.note),
        leg_line=max(1.0, style.leg_line * unit),
        bone_line=max(1.0, style.bone_line * unit),
        knee_sign=max(2.0, style.knee_sign * unit),
        mark_sign=max(2.0, style.mark_sign * unit),
        bar_width=whole(style.bar_width),
        bar_height=whole(style.bar_height),
    )
