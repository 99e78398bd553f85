"""The contact sheet of ``kneetrack cameras``: a thumbnail of each camera with its name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from kneetrack.ui import text
from kneetrack.ui.live.fitting import fit_line, fit_lines
from kneetrack.ui.live.preview import fit, show
from kneetrack.ui.live.scale import LIVE_STYLE, LiveStyle, scale
from kneetrack.ui.live.shapes import draw_ring
from kneetrack.ui.panels import write
from kneetrack.ui.sprites import Canvas, lay
from kneetrack.ui.style import ImageU8

Camera = tuple[str, str, ImageU8 | None]
"""Title, subtitle, thumbnail (H, W, 3) uint8 BGR or None."""

_CELL_PX: Final = (640, 360)
_GAP_PX: Final = 24
_TITLE_PX: Final = 34
_SUBTITLE_PX: Final = 26
_WORDS_PX: Final = 108
_EMPTY: Final = (52, 45, 38)


def contact_sheet(cameras: Sequence[Camera], style: LiveStyle = LIVE_STYLE) -> ImageU8:
    """Thumbnails with their names side by side, (H, W, 3) uint8 BGR.

    cameras: (title, subtitle, thumbnail or None) each; one without a picture says so. With no
    cameras the sheet says that none was found.
    """
    if not cameras:
        cameras = [("No camera found", "", None)]
    columns = math.ceil(math.sqrt(len(cameras)))
    rows = math.ceil(len(cameras) / columns)
    wide, high = _CELL_PX[0] + _GAP_PX, _CELL_PX[1] + _WORDS_PX + _GAP_PX
    sheet = np.empty((rows * high + _GAP_PX, columns * wide + _GAP_PX, 3), np.uint8)
    sheet[:] = style.plate
    for i, camera in enumerate(cameras):
        _cell(sheet, camera, _GAP_PX + i % columns * wide, _GAP_PX + i // columns * high, style)
    return sheet


def _cell(sheet: ImageU8, camera: Camera, left: int, top: int, style: LiveStyle) -> None:
    title, subtitle, picture = camera
    width, height = _CELL_PX
    cell = sheet[top : top + height, left : left + width]
    cell[:] = _EMPTY
    if picture is None or not picture.size:
        _no_picture(sheet, left, top, style)
    else:
        show(picture, fit((picture.shape[1], picture.shape[0]), _CELL_PX), cell, mirrored=False)
    canvas = Canvas(width, _WORDS_PX)
    line = fit_line(title, text.BOLD, _TITLE_PX, 20, width)
    for words in line.lines:
        write(canvas, words, (0, 34), (line.size, text.BOLD), style.text)
    line = fit_lines(subtitle, text.REGULAR, _SUBTITLE_PX, 16, width, 1)
    for words in line.lines:
        write(canvas, words, (0, 76), (line.size, text.REGULAR), style.text_soft)
    lay(sheet, canvas.sprite(), left, top + height)


def _no_picture(sheet: ImageU8, left: int, top: int, style: LiveStyle) -> None:
    lengths = scale(_CELL_PX, style)
    middle = (left + _CELL_PX[0] / 2, top + 0.40 * _CELL_PX[1])
    radius = 0.13 * _CELL_PX[1]
    colour = style.cannot_tell.colour
    draw_ring(sheet, middle, radius, 5, 0.0, (colour, colour))
    reach = 0.7071 * radius
    ends = [(round(middle[0] + s * reach), round(middle[1] + s * reach)) for s in (-1, 1)]
    cv2.line(sheet, ends[0], ends[1], colour, 5, cv2.LINE_AA)
    line = fit_line("no picture", text.REGULAR, 28, 28, _CELL_PX[0])
    canvas = Canvas(line.width + 4, 44)
    write(canvas, "no picture", (0, 22), (28, text.REGULAR), lengths.style.text_soft)
    lay(sheet, canvas.sprite(), round(middle[0] - line.width / 2), top + round(0.66 * _CELL_PX[1]))
