"""Drawings of where to put the camera: from above for each exercise, and from the side."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np

from kneetrack.ui.signs import sign
from kneetrack.ui.sprites import lay
from kneetrack.ui.style import DEFAULT_STYLE, Colour, ImageU8, MarkStatus

PAPER: Colour = (255, 255, 255)
FLOOR: Colour = (243, 240, 236)
INK: Colour = (44, 36, 30)
SOFT: Colour = (130, 120, 112)
BODY: Colour = (178, 114, 0)
SKIN: Colour = (214, 176, 120)
FRONT: Colour = (115, 158, 0)
SIDE: Colour = (0, 94, 213)
REGULAR, BOLD = 420, 620
METRE = 125.0
Point = tuple[float, float]
CLEAR = 16


class Sheet:
    """A white sheet with metres for coordinates: x to the right, y down, origin at the person."""

    def __init__(self, width: int, height: int, origin_px: Point, title: str) -> None:
        self.image: ImageU8 = np.full((height, width, 3), PAPER, np.uint8)
        self._origin = origin_px
        write(self.image, title, (28, 48), 30, BOLD)

    def px(self, point: Point) -> tuple[int, int]:
        """Fixed-point pixels of a point in metres."""
        x, y = (o + METRE * p for o, p in zip(self._origin, point, strict=True))
        return round(x * CLEAR), round(y * CLEAR)

    def line(self, a: Point, b: Point, colour: Colour, width: int = 2) -> None:
        """A straight line."""
        cv2.line(self.image, self.px(a), self.px(b), colour, width, cv2.LINE_AA, 4)

    def dashes(self, a: Point, b: Point, colour: Colour, width: int = 2) -> None:
        """A broken line."""
        count = max(1, round(math.dist(a, b) / 0.12))
        for i in range(count):
            start, end = i / count, (i + 0.55) / count
            self.line(_between(a, b, start), _between(a, b, end), colour, width)

    def arrow(self, a: Point, b: Point, colour: Colour, *, both: bool = False) -> None:
        """A line with a head at b, or at both ends."""
        self.line(a, b, colour)
        for tip, tail in ((b, a), (a, b))[: 2 if both else 1]:
            angle = _angle(tail, tip)
            wings = [_from(tip, angle + turn, -0.13) for turn in (0.4, -0.4)]
            self.area([tip, *wings], colour)

    def area(self, points: list[Point], colour: Colour) -> None:
        """A filled polygon."""
        corners = np.array([self.px(point) for point in points], np.int32)
        cv2.fillPoly(self.image, [corners], colour, cv2.LINE_AA, 4)

    def oval(self, middle: Point, half: Point, colour: Colour, turn_deg: float = 0) -> None:
        """A filled ellipse with half axes ``half`` in metres."""
        axes = (round(METRE * half[0] * CLEAR), round(METRE * half[1] * CLEAR))
        where = self.px(middle)
        cv2.ellipse(self.image, where, axes, turn_deg, 0, 360, colour, -1, cv2.LINE_AA, 4)

    def text(
        self, line: str, middle: Point, size: int = 21, weight: int = REGULAR, colour: Colour = INK
    ) -> None:
        """A line of text with its middle there."""
        x, y = (v / CLEAR for v in self.px(middle))
        write(self.image, line, (x, y + 0.35 * size), size, weight, colour, centred=True)

    def view(self, lens: Point, aim: Point, colour: Colour, half: float = 0.30) -> None:
        """What a camera sees, ``half`` radians to either side of its aim."""
        angle = _angle(lens, aim)
        reach = math.dist(lens, aim) + 0.75
        edges = [_from(lens, angle + turn, reach) for turn in (half, -half)]
        faded = [round(0.88 * 255 + 0.12 * c) for c in colour]
        self.area([lens, *edges], (faded[0], faded[1], faded[2]))

    def camera(self, lens: Point, aim: Point, colour: Colour, number: str) -> None:
        """A camera seen from above, and its dashed axis towards ``aim``."""
        angle = _angle(lens, aim)
        self.dashes(lens, aim, colour)
        middle = _from(lens, angle, -0.30)
        self.area(_box(middle, angle, (0.20, 0.17)), colour)
        self.area(_box(_from(lens, angle, -0.07), angle, (0.06, 0.09)), colour)
        self.text(number, middle, 22, BOLD, PAPER)


def write(
    image: ImageU8,
    line: str,
    where_px: Point,
    size: int,
    weight: int = REGULAR,
    colour: Colour = INK,
    *,
    centred: bool = False,
) -> None:
    """Write a line from, or around, a point on its baseline."""
    face = cv2.FontFace("sans")
    x, y = where_px
    if centred:
        left, _, width, _ = cv2.getTextSize((0, 0), line, (0, 0), face, size, weight)
        x -= (left + width) / 2
    cv2.putText(image, line, (round(x), round(y)), colour, face, size, weight)


def caption(image: ImageU8, title: str, lines: list[str], status: MarkStatus) -> ImageU8:
    """The picture with a sign and a title above and lines below, on white."""
    width = image.shape[1]
    size, small = round(width / 15), round(width / 20)
    above = np.full((round(1.8 * size), width, 3), PAPER, np.uint8)
    mark = sign(status, round(0.6 * size), DEFAULT_STYLE)
    wide = cv2.getTextSize((0, 0), title, (0, 0), cv2.FontFace("sans"), size, BOLD)[2]
    left = (width - wide - 1.6 * size) / 2
    half = mark.size_px[0] / 2
    lay(above, mark, round(left + 0.6 * size - half), round(0.85 * size - half))
    write(above, title, (left + 1.6 * size, 1.2 * size), size, BOLD)
    below = np.full((round(1.35 * small * len(lines)), width, 3), PAPER, np.uint8)
    for i, line in enumerate(lines):
        write(below, line, (width / 2, (1.35 * i + 1.0) * small), small, REGULAR, centred=True)
    return np.vstack([above, image, below])


def _angle(start: Point, end: Point) -> float:
    return math.atan2(end[1] - start[1], end[0] - start[0])


def _between(a: Point, b: Point, part: float) -> Point:
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part


def _from(start: Point, angle: float, length: float) -> Point:
    return start[0] + length * math.cos(angle), start[1] + length * math.sin(angle)


def _box(middle: Point, angle: float, half: Point) -> list[Point]:
    """Corners of a box whose length points along ``angle``: the last two are its front."""
    corners = ((-1, 1), (-1, -1), (1, -1), (1, 1))
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    return [
        (
            middle[0] + i * half[0] * along[0] + j * half[1] * across[0],
            middle[1] + i * half[0] * along[1] + j * half[1] * across[1],
        )
        for i, j in corners
    ]


def person(sheet: Sheet, x: float = 0.0, *, colour: Colour = BODY, feet: str = "both") -> None:
    """Somebody who stands and faces the bottom of the sheet; the own left is to the right."""
    for side, name in ((-1, "right"), (1, "left")):
        there = feet in ("both", name)
        shoe = INK if there else SOFT
        middle = (x + side * 0.14, 0.14 if there else -0.16)
        sheet.oval(middle, (0.055, 0.15), shoe, -side * 6)
    sheet.oval((x, 0), (0.27, 0.13), colour)
    sheet.oval((x, 0.02), (0.105, 0.12), SKIN)


def standing(title: str, feet: str = "both", *, steps: bool = False) -> ImageU8:
    """From above: an exercise done standing; camera 1 in front, camera 2 at the side."""
    sheet = Sheet(960, 680, (330, 190), title)
    front, side = (0.0, 3.0), (3.0, 0.0)
    sheet.view(front, (0.0, 0.0), FRONT, 0.42 if steps else 0.30)
    sheet.view(side, (0.0, 0.0), SIDE, 0.24)
    sheet.camera(front, (0.0, 0.0), FRONT, "1")
    sheet.camera(side, (0.0, 0.0), SIDE, "2")
    if steps:
        for x in (-0.95, 0.95):
            person(sheet, x, colour=(222, 200, 168))
            sheet.arrow((math.copysign(0.34, x), -0.28), (x * 0.93, -0.28), INK)
    sheet.dashes((-1.6, 0.32), (1.6, 0.32), SOFT, 1)
    person(sheet, feet=feet)
    sheet.text("line of the toes", (-1.72, 0.46), 18, REGULAR, SOFT)
    sheet.arrow((-0.62, 0.36), (-0.62, 2.96), INK, both=True)
    sheet.text("3 m or more", (-1.32, 1.95))
    sheet.line((0.0, 0.54), (0.16, 0.54), SOFT)
    sheet.line((0.16, 0.54), (0.16, 0.33), SOFT)
    sheet.text("90°", (0.42, 0.55), 18, REGULAR, SOFT)
    sheet.text("1  front: the knees", (1.35, 3.02), 24, BOLD, FRONT)
    sheet.text("2  side: the depth", (3.3, 0.62), 24, BOLD, SIDE)
    sheet.text("in a second take", (3.3, 0.86), 19, REGULAR, SOFT)
    if steps:
        sheet.text("both steps inside the picture", (1.35, 3.26), 19, REGULAR, SOFT)
    if feet != "both":
        sheet.text("the other foot stays off the floor", (-0.95, -0.52), 18, REGULAR, SOFT)
    return sheet.image


def lying() -> ImageU8:
    """From above: the glute bridge; camera 1 at the foot end, camera 2 at the side."""
    sheet = Sheet(960, 640, (330, 200), "Glute bridge, from above")
    sheet.view((2.9, 0.0), (-0.3, 0.0), FRONT, 0.24)
    sheet.view((0.1, 2.75), (0.1, 0.0), SIDE, 0.36)
    sheet.area(_box((-0.1, 0), 0.0, (0.95, 0.36)), (228, 214, 196))
    sheet.camera((2.9, 0.0), (0.75, 0.0), FRONT, "1")
    sheet.camera((0.1, 2.75), (0.1, 0.0), SIDE, "2")
    for y in (-0.12, 0.12):
        sheet.area(_box((0.24, y), 0.0, (0.30, 0.075)), INK)
        sheet.oval((0.66, y), (0.14, 0.05), INK)
        sheet.area(_box((-0.35, 2.35 * y), 0.0, (0.28, 0.045)), SKIN)
    sheet.area(_box((-0.36, 0), 0.0, (0.32, 0.19)), BODY)
    sheet.oval((-0.82, 0), (0.13, 0.105), SKIN)
    sheet.arrow((0.95, -0.42), (2.86, -0.42), INK, both=True)
    sheet.text("2 m, lens 0.4–0.5 m high", (1.95, -0.66))
    sheet.arrow((-0.45, 0.45), (-0.45, 2.7), INK, both=True)
    sheet.text("2.5 m", (-0.9, 1.5))
    sheet.text("1  foot end: the knees", (3.2, 0.52), 24, BOLD, FRONT)
    sheet.text("2  side: the lift", (1.5, 2.72), 24, BOLD, SIDE)
    sheet.text("lens 0.3–0.5 m above the mat", (1.75, 2.97), 19, REGULAR, SOFT)
    return sheet.image


def from_the_side() -> ImageU8:
    """The tripod's height and distance, and the margin around the person."""
    sheet = Sheet(960, 480, (200, 425), "Height, distance and margin, from the side")
    lens = (3.4, -0.8)
    sheet.area([lens, (0.0, -2.0), (-0.55, -2.2), (-0.55, 0.2), (0.0, 0.2)], (232, 243, 226))
    sheet.line((-1.4, 0.0), (5.9, 0.0), SOFT)
    for colour, top, bottom, width in ((BODY, -1.38, -0.98, 30), (INK, -0.86, -0.1, 20)):
        sheet.line((0.0, top), (0.0, bottom), colour, width)
    sheet.oval((0.06, -0.04), (0.16, 0.05), INK)
    sheet.oval((0.02, -1.64), (0.11, 0.14), SKIN)
    for x in (-0.28, 0.0, 0.28):
        sheet.line((3.55, -0.72), (3.55 + x, 0.0), INK, 3)
    sheet.area(_box((3.58, -0.8), math.pi, (0.18, 0.11)), FRONT)
    sheet.dashes(lens, (0.12, -0.8), FRONT)
    sheet.text("level", (2.6, -0.92), 20, BOLD, FRONT)
    sheet.arrow((4.05, -0.04), (4.05, -0.8), INK, both=True)
    sheet.text("0.5–0.9 m", (4.62, -0.50), 22, BOLD)
    sheet.text("between knee and hip", (4.98, -0.26), 19, REGULAR, SOFT)
    sheet.arrow((0.24, 0.2), (3.36, 0.2), INK, both=True)
    sheet.text("3 m or more", (1.8, 0.34), 21, BOLD)
    sheet.text("room above the head", (0.75, -2.34), 20, REGULAR, SOFT)
    sheet.text("room below the feet", (-0.62, 0.34), 20, REGULAR, SOFT)
    return sheet.image


SCHEMATICS: dict[str, Callable[[], ImageU8]] = {
    "setup": from_the_side,
    "squat-above": lambda: standing("Squat, from above"),
    "single-leg-above": lambda: standing("Single-leg squat and stance, from above", "right"),
    "lunge-above": lambda: standing("Lateral lunge, from above", steps=True),
    "bridge-above": lying,
}
