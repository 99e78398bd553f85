"""What a figure of the guide consists of, and the frames and cameras that figures share."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from figures.body import Frame, Vec, frame, unit, vec
from figures.light import Camera, Scene
from figures.solids import Colour

PULLS = "gentle pull here"
PRESSED = "pressed here"
CUSHION: Colour = (96, 178, 238)
FOAM: Colour = (128, 176, 110)
WOOD: Colour = (150, 186, 208)
FABRIC: Colour = (186, 170, 156)
AHEAD, UP, RIGHT = vec(1, 0, 0), vec(0, 1, 0), vec(0, 0, 1)
LEVEL = Frame(AHEAD, UP)


@dataclass
class Arrow:
    """A curved arrow through points in the room; both: a head at each end."""

    points: list[Vec]
    both: bool = False


@dataclass
class Label:
    """Words at ``at`` with a thin line to ``to``; both in parts of the picture or the room."""

    text: str
    at: tuple[float, float]
    to: Vec | None = None


@dataclass
class Figure:
    """A scene with what is drawn on top."""

    scene: Scene
    arrows: list[Arrow] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    legend: str = ""


def tilted(ahead: float = 0.0, side: float = 0.0, turn: float = 0.0, base: Frame = LEVEL) -> Frame:
    """A frame leant ahead, to the person's left (side > 0) and turned left, in degrees."""
    a, s, t = np.radians([ahead, side, turn])
    left = -base.right
    up = unit(base.up + base.forward * np.tan(a) + left * np.tan(s))
    forward = base.forward * np.cos(t) + left * np.sin(t)
    return frame(forward, up)


def camera_at(eye: Vec, target: Vec, wide: float) -> Camera:
    """A camera five metres from its target, in the direction of ``eye``."""
    return Camera(target + unit(eye) * 5.0, target, wide)
