"""The type scale and the lengths of the live screen, made to be read from three metres.

The palette is that of :mod:`kneetrack.ui.style`. On a screen 29 cm wide the large letters have
capitals of 9 mm, which is 10 arc minutes at three metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kneetrack.ui.style import Sizes, Style, sizes


@dataclass(frozen=True, eq=False)
class LiveStyle(Style):
    """The style of the live screen: the overlay's palette, thicker lines, larger letters.

    small, body, large, huge, giant: heights of letters, fractions of the unit (see
    :class:`Scale`). dim: how much of the picture's light stays behind a full-screen message.
    """

    margin: float = 0.030
    pad: float = 0.017
    gap: float = 0.014
    corner: float = 0.020
    plate_opacity: float = 0.84
    leg_line: float = 0.0150
    bone_line: float = 0.0055
    knee_sign: float = 0.031

    small: float = 0.034
    body: float = 0.052
    large: float = 0.082
    huge: float = 0.190
    giant: float = 0.420
    dim: float = 0.28


LIVE_STYLE: Final = LiveStyle()


@dataclass(frozen=True, eq=False)
class Scale:
    """The lengths of one screen size in pixels; compared by identity.

    unit: the screen's height, less on a narrow one. column: width of the plates at the left and
    right edge. figure: lengths of what is drawn on the person, and of plates.
    """

    style: LiveStyle
    width: int
    height: int
    unit: float
    margin: int
    pad: int
    gap: int
    small: int
    body: int
    large: int
    huge: int
    giant: int
    column: int
    figure: Sizes

    @property
    def band(self) -> int:
        """Height of the band at the top that is kept for messages in large letters."""
        return round(2 * self.pad + self.lines * LINE * self.large)

    @property
    def upright(self) -> bool:
        """Whether the screen is clearly higher than wide."""
        return self.height > _UPRIGHT * self.width

    @property
    def lines(self) -> int:
        """How many lines a message may take: two, on an upright screen three."""
        return 3 if self.upright else 2

    @property
    def room(self) -> int:
        """Width between the margins."""
        return self.width - 2 * self.margin


LINE: Final = 1.2
"""Distance between lines, in letter sizes."""
_NARROW: Final = 1.3
_UPRIGHT: Final = 1.2
_COLUMN: Final = (0.235, 0.27)
"""Width of the side columns, on a wide and on an upright screen."""


@lru_cache(maxsize=32)
def scale(size_px: tuple[int, int], style: LiveStyle = LIVE_STYLE) -> Scale:
    """The lengths for a screen of ``size_px`` (width, height)."""
    width, height = size_px
    unit = min(float(height), _NARROW * width)

    def whole(fraction: float) -> int:
        return max(1, round(fraction * unit))

    return Scale(
        style=style,
        width=width,
        height=height,
        unit=unit,
        margin=round(style.margin * min(width, height)),
        pad=whole(style.pad),
        gap=whole(style.gap),
        small=whole(style.small),
        body=whole(style.body),
        large=whole(style.large),
        huge=whole(style.huge),
        giant=whole(style.giant),
        column=round(min(0.34 * height, _COLUMN[height > _UPRIGHT * width] * width)),
        figure=sizes(size_px, style),
    )
