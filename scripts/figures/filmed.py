"""Pictures from stills of rendered clips: the start, the exercise, and a common slip beside it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from figures.light import PAPER, Image
from kneetrack.records import KneeMark, OverlayFrame, Status
from kneetrack.ui.overlay import draw
from kneetrack.ui.signs import sign
from kneetrack.ui.sprites import lay
from kneetrack.ui.style import DEFAULT_STYLE

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "docs"))
from clips import SAMPLES, bottom, joints, picture  # noqa: E402

FOLDER = ROOT / "kneetrack" / "guide" / "pictures"
INK, SOFT = (48, 36, 26), (120, 104, 92)
RESTING = KneeMark("resting", "")


class MissingError(Exception):
    """A clip or a drawing that a picture is made of is not there."""


@dataclass(frozen=True)
class Still:
    """One panel of a clip, or of a drawn ``figure``. at_s: which moment, None = the bottom.

    knees: states of the left and the right knee line, "" for none. status: "ok" is marked with a
    tick, "flag" with a cross. crop: (left, top, right, bottom) in parts of the picture.
    """

    clip: str
    title: str
    lines: tuple[str, ...] = ()
    status: str = ""
    at_s: float | None = None
    knees: tuple[str, str] = ("", "")
    crop: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    flip: bool = False
    figure: str = ""


def row(stills: list[Still], width: int, clips: Path | None) -> Image:
    """Panels side by side, so wide together."""
    gap = 16
    each = (width - gap * (len(stills) + 1)) // len(stills)
    lines = max(len(still.lines) for still in stills)
    panels = [_panel(still, each, lines, clips) for still in stills]
    sheet = np.full((panels[0].shape[0] + gap, width, 3), PAPER, np.uint8)
    for i, panel in enumerate(panels):
        left = gap + i * (each + gap)
        sheet[gap : gap + panel.shape[0], left : left + each] = panel
    return sheet


def _panel(still: Still, width: int, lines: int, clips: Path | None) -> Image:
    shown = _still(still, clips)
    high = round(shown.shape[0] * width / shown.shape[1])
    way = cv2.INTER_AREA if shown.shape[1] > width else cv2.INTER_CUBIC
    shown = np.asarray(cv2.resize(shown, (width, high), interpolation=way), np.uint8)
    size, small = 27, 21
    above = np.full((round(1.75 * size), width, 3), PAPER, np.uint8)
    below = np.full((round(1.3 * small * lines + 0.5 * small), width, 3), PAPER, np.uint8)
    start = 0
    if still.status:
        mark = sign(still.status, round(0.62 * size), DEFAULT_STYLE)  # type: ignore[arg-type]
        lay(above, mark, 0, round(0.82 * size - mark.size_px[0] / 2))
        start = mark.size_px[0] + 6
    _write(above, still.title, start, 1.15 * size, size, 620, INK)
    for i, line in enumerate(still.lines):
        _write(below, line, 0, (1.3 * i + 1.1) * small, small, 450, SOFT)
    return np.vstack([above, shown, below])


def _write(
    sheet: Image, text: str, x: float, y: float, size: int, weight: int,
    colour: tuple[int, int, int],
) -> None:  # fmt: skip
    face = cv2.FontFace("sans")
    cv2.putText(sheet, text, (round(x), round(y)), colour, face, size, weight)


def _still(still: Still, clips: Path | None) -> Image:
    image = drawn(still.figure) if still.figure else _frame(still, clips)
    high, wide = image.shape[:2]
    x0, y0, x1, y1 = still.crop
    part = image[round(y0 * high) : round(y1 * high), round(x0 * wide) : round(x1 * wide)]
    return np.ascontiguousarray(part[:, ::-1] if still.flip else part)


def drawn(name: str) -> Image:
    """A figure as it was written before. Raises MissingError."""
    image = cv2.imread(str(FOLDER / f"{name}.jpg"))
    if image is None:
        raise MissingError(f"draw {name} first")
    return np.asarray(image, np.uint8)


def _frame(still: Still, clips: Path | None) -> Image:
    folder = next((f for f in (SAMPLES, clips) if f and (f / f"{still.clip}.npz").is_file()), None)
    if folder is None:
        raise MissingError(f"{still.clip} is in no folder of clips: name one with --clips")
    index = bottom(still.clip, folder) if still.at_s is None else round(still.at_s * 30)
    image = picture(still.clip, index, folder)
    if any(still.knees):
        xy = joints(still.clip, folder=folder)[index]
        left, right = (KneeMark(s, "") if s else RESTING for s in still.knees)  # type: ignore[arg-type]
        image = draw(image, OverlayFrame(xy.astype(np.float32), (left, right)))
    return image


_BOTH: tuple[Status, Status] = ("ok", "ok")
_WHOLE = (0.0, 0.08, 1.0, 0.93)
_FRONT = (0.12, 0.08, 0.88, 0.95)


def squat(clips: Path | None) -> Image:
    """From the front: standing, knees over the feet, knees inward."""
    return row(
        [
            Still("sq_good_anna", "Start", ("feet hip-width",), at_s=0.1, crop=_FRONT),
            Still("sq_good_anna", "Knees over toes", ("kneecap over second toe",), "ok",
                  knees=_BOTH, crop=_FRONT),
            Still("sq_in20_anna", "Knees inward", ("a common slip",), "flag",
                  knees=("flag", "flag"), crop=_FRONT),
        ],
        960,
        clips,
    )  # fmt: skip


def lateral_lunge(clips: Path | None) -> Image:
    """From the front: standing, the lunge, and the knee inward."""
    return row(
        [
            Still("lunge_good_L_anna", "Start", ("feet together",), at_s=0.1, crop=_WHOLE),
            Still("lunge_good_L_anna", "Knee over foot", ("other leg long, chest lifted",), "ok",
                  knees=("ok", ""), crop=_WHOLE),
            Still("lunge_in25_R_ben", "Knee inward", ("a common slip",), "flag",
                  knees=("", "flag"), crop=_WHOLE, flip=True),
        ],
        960,
        clips,
    )  # fmt: skip


def single_leg_squat(clips: Path | None) -> Image:
    """From the front: on one leg, the squat, and the knee inward."""
    return row(
        [
            Still("slsq_good_anna", "Start", ("stand on one leg",), at_s=1.0, crop=_FRONT),
            Still("slsq_good_anna", "Knee over foot", ("belt level, chest tall",), "ok",
                  knees=("", "ok"), crop=_FRONT),
            Still("slsq_in25_ben", "Knee inward", ("a common slip",), "flag", knees=("flag", ""),
                  crop=_FRONT, flip=True),
        ],
        960,
        clips,
    )  # fmt: skip


def single_leg_stance(clips: Path | None) -> Image:
    """From the front: both feet, then one."""
    return row(
        [
            Still("slsq_good_anna", "Start", ("eyes on a point",), at_s=0.0, crop=_FRONT),
            Still("slsq_good_anna", "Tall on one leg", ("belt level, the knee over the foot",),
                  "ok", at_s=1.0, knees=("", "ok"), crop=_FRONT),
        ],
        720,
        clips,
    )  # fmt: skip


def glute_bridge(clips: Path | None) -> Image:
    """The start, knees kept and knees together; a low lift and one that is too high."""
    side, feet = (0.06, 0.26, 0.94, 0.88), (0.18, 0.22, 0.82, 0.86)
    lifts = row(
        [
            Still("bridge_side_low", "Low lift, and hold", ("a hand's width off the mat",), "ok",
                  crop=side),
            Still("bridge_side_overarch", "Too high",
                  ("hips above the line from shoulder to knee",), "flag", crop=side),
        ],
        960,
        clips,
    )  # fmt: skip
    knees = row(
        [
            Still("", "Start", ("block between the knees",), crop=(0.0, 0.0, 1.0, 1.0),
                  figure="glute_bridge-start"),
            Still("bridge_foot_neutral", "Knees kept", ("in line with feet and hips",), "ok",
                  crop=feet),
            Still("bridge_foot_together", "Knees together", ("a common slip",), "flag",
                  crop=feet),
        ],
        960,
        clips,
    )  # fmt: skip
    return np.vstack([knees, lifts])


FILMED: dict[str, Callable[[Path | None], Image]] = {
    "squat": squat,
    "lateral_lunge": lateral_lunge,
    "glute_bridge": glute_bridge,
    "single_leg_squat": single_leg_squat,
    "single_leg_stance": single_leg_stance,
}
