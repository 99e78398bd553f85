"""What is drawn over a figure: arrows, rings on marked places, and a few words."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from figures.light import Image
from figures.staging import Arrow, Figure, Label

INK = (48, 36, 26)
ACCENT = (150, 84, 8)
RING = (32, 62, 214)
PAPER = (255, 255, 255)
RIM = (247, 246, 244)
FINE = 4
"""Fractional bits of the coordinates."""
Line = NDArray[np.float64]


def mark(image: Image, figure: Figure) -> Image:
    """The picture with arrows, rings, legend and labels."""
    big = 2
    size = (image.shape[1] * big, image.shape[0] * big)
    sheet = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC)
    unit = size[0] / 960
    camera = figure.scene.camera
    for middle, radius in figure.scene.spots:
        x, y = camera.project(middle, size)
        ring(sheet, (x, y), max(radius * size[0] / camera.wide * 0.8, 22 * unit), unit)
    for arrow in figure.arrows:
        points = np.array([camera.project(p, size) for p in arrow.points])
        draw_arrow(sheet, points, arrow, unit)
    for label in figure.labels:
        _label(sheet, label, figure, unit)
    if figure.legend:
        at = (46 * unit, size[1] - 44 * unit)
        ring(sheet, at, 15 * unit, unit, filled=True)
        words(sheet, figure.legend, (at[0] + 30 * unit, at[1] + 11 * unit), 31 * unit)
    return np.asarray(cv2.resize(sheet, None, fx=1 / big, fy=1 / big, interpolation=cv2.INTER_AREA))


def ring(
    sheet: Image, at: tuple[float, float], radius: float, unit: float, *, filled: bool = False
) -> None:
    """A dashed ring, seen through whatever is before it."""
    middle = (round(at[0]), round(at[1]))
    if filled:
        cv2.circle(sheet, middle, round(radius), (90, 128, 255), -1, cv2.LINE_AA)
    for colour, width in ((PAPER, 8), (RING, 4)):
        for start in range(0, 360, 45):
            axes = (round(radius), round(radius))
            cv2.ellipse(sheet, middle, axes, 0, start, start + 30, colour, round(width * unit),
                        cv2.LINE_AA)  # fmt: skip


def draw_arrow(sheet: Image, points: Line, arrow: Arrow, unit: float) -> None:
    """A smooth arrow with a light rim."""
    line = smooth(points)
    length = 40 * unit
    heads = [_head(line, length)] + ([_head(line[::-1], length)] if arrow.both else [])
    shaft = _short(line, 0.7 * length)
    if arrow.both:
        shaft = _short(shaft[::-1], 0.7 * length)
    for colour, extra in ((PAPER, 10 * unit), (ACCENT, 0.0)):
        path = (shaft * 2**FINE).round().astype(np.int32)
        cv2.polylines(sheet, [path], False, colour, round(13 * unit + extra), cv2.LINE_AA, FINE)
        for head in heads:
            corner = (head * 2**FINE).round().astype(np.int32)
            cv2.fillPoly(sheet, [corner], colour, cv2.LINE_AA, FINE)
            if extra:
                cv2.polylines(sheet, [corner], True, colour, round(extra), cv2.LINE_AA, FINE)


def smooth(points: Line, steps: int = 24) -> Line:
    """A curve through the points (Catmull-Rom)."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        parts.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
                   + (3 * b - a - 3 * c + d) * t**3)
        )  # fmt: skip
    return np.vstack([*parts, points[-1:]])


def _short(line: Line, by: float) -> Line:
    """The line without its last ``by`` pixels."""
    away = np.linalg.norm(line - line[-1], axis=1)
    return line[away > by] if (away > by).sum() > 1 else line[:2]


def _head(line: Line, length: float) -> Line:
    base = _short(line, length)[-1]
    way = (line[-1] - base) / np.linalg.norm(line[-1] - base)
    across = np.array([-way[1], way[0]]) * length * 0.5
    base = line[-1] - way * length
    return np.stack([line[-1], base + across, base - across])


def words(
    sheet: Image,
    text: str,
    at: tuple[float, float],
    size: float,
    colour: tuple[int, int, int] = INK,
) -> None:
    """A line of text with a light rim, from a point on its base line."""
    face = cv2.FontFace("sans")
    x, y, rim = round(at[0]), round(at[1]), max(1, round(size / 12))
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7),
                   (-0.7, -0.7)):  # fmt: skip
        there = (x + round(dx * rim), y + round(dy * rim))
        cv2.putText(sheet, text, there, RIM, face, round(size), 500)
    cv2.putText(sheet, text, (x, y), colour, face, round(size), 500)


def wide(text: str, size: float) -> int:
    """How wide a line of text is, in pixels."""
    face = cv2.FontFace("sans")
    return int(cv2.getTextSize((0, 0), text, (0, 0), face, round(size), 500)[2])


def _label(sheet: Image, label: Label, figure: Figure, unit: float) -> None:
    size = (sheet.shape[1], sheet.shape[0])
    x, y = label.at[0] * size[0], label.at[1] * size[1]
    height = 33 * unit
    length = wide(label.text, height)
    if label.to is not None:
        to = np.array(figure.scene.camera.project(label.to, size))
        start = np.array([np.clip(to[0], x, x + length), y - 0.35 * height])
        start[0] += 0 if x < to[0] < x + length else np.sign(to[0] - start[0]) * 10 * unit
        if x < to[0] < x + length:
            start[1] += np.sign(to[1] - y) * 0.75 * height
        ends = [tuple(int(v) for v in p.round()) for p in (start, to)]
        cv2.line(sheet, ends[0], ends[1], PAPER, round(6 * unit), cv2.LINE_AA)
        cv2.line(sheet, ends[0], ends[1], INK, round(2.4 * unit), cv2.LINE_AA)
        cv2.circle(sheet, ends[1], round(6 * unit), PAPER, -1, cv2.LINE_AA)
        cv2.circle(sheet, ends[1], round(4.5 * unit), INK, -1, cv2.LINE_AA)
    words(sheet, label.text, (x, y), height)
