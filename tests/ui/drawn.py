"""Stick people and pictures to draw on."""

from __future__ import annotations

from typing import Any

import numpy as np

from kneetrack.records import FloatArray, KneeMark, OverlayFrame
from kneetrack.skeleton import Landmark
from kneetrack.ui.style import ImageU8

SIZES = [(480, 854), (720, 960), (720, 720), (960, 720), (1280, 720), (108, 192), (3840, 2160)]
STATES = ("ok", "watch", "flag", "cannot_tell", "resting")
GREY = 120

_HALF = {  # from the middle, of the body height: x towards the person's left, y down from the top
    Landmark.LEFT_EAR: (0.03, 0.06),
    Landmark.LEFT_SHOULDER: (0.11, 0.18),
    Landmark.LEFT_ELBOW: (0.17, 0.34),
    Landmark.LEFT_WRIST: (0.18, 0.48),
    Landmark.LEFT_HIP: (0.055, 0.50),
    Landmark.LEFT_KNEE: (0.08, 0.74),
    Landmark.LEFT_ANKLE: (0.08, 0.95),
    Landmark.LEFT_HEEL: (0.08, 0.975),
    Landmark.LEFT_FOOT_INDEX: (0.10, 1.0),
}


def blank(size_px: tuple[int, int]) -> ImageU8:
    """A grey picture of (width, height)."""
    return np.full((size_px[1], size_px[0], 3), GREY, np.uint8)


def person(
    size_px: tuple[int, int], middle: float = 0.5, top: float = 0.16, height: float = 0.7
) -> FloatArray:
    """Landmarks (33, 2) of a person seen from the front; parts of the picture's width, height."""
    xy = np.full((33, 2), np.nan)
    width, high = size_px
    for landmark, (x, y) in _HALF.items():
        for side, sign in ((0, 1), (1, -1)):
            xy[landmark + side] = (width * middle + sign * x * height * high, high * top)
            xy[landmark + side, 1] += y * height * high
    xy[Landmark.NOSE] = (width * middle, high * (top + 0.07 * height))
    return xy


def sideways(size_px: tuple[int, int]) -> FloatArray:
    """The same person from the side, facing the left of the picture, knees bent."""
    xy = person(size_px)
    middle, high = size_px[0] / 2, size_px[1]
    xy[:, 0] = middle + 0.02 * (xy[:, 0] - middle)
    xy[[Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE], 0] -= 0.12 * high
    xy[[Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX], 0] -= 0.08 * high
    return xy


def frame(xy_px: FloatArray, left: str = "ok", right: str = "ok", **more: Any) -> OverlayFrame:
    """A frame with a label at each knee that is not resting."""
    knees = tuple(
        KneeMark(state, "" if state == "resting" else f"KFO {value} %")  # type: ignore[arg-type]
        for state, value in ((left, "+21"), (right, "−2"))
    )
    return OverlayFrame(xy_px=xy_px, knees=(knees[0], knees[1]), **more)


def full(xy_px: FloatArray, left: str = "flag", right: str = "watch") -> OverlayFrame:
    """A frame with everything on it."""
    return frame(
        xy_px,
        left,
        right,
        title="Single-leg squat, left",
        reps_done=2,
        reps_total=5,
        rep_marks=("ok", "flag"),
        depth_fraction=0.6,
        cue="Push the knees out over the toes",
        cue_status="flag",
        note="camera 22° to your left: turn 22° to your left",
    )


def pairs(things: list[Any]) -> list[tuple[Any, Any]]:
    """Every two of them."""
    return [(a, b) for i, a in enumerate(things) for b in things[i + 1 :]]


def changed(image: ImageU8) -> Any:
    """(H, W) bool: where something was drawn on a blank picture."""
    return (image != GREY).any(axis=2)
