"""States are told apart without colour, and by colour-blind people too."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kneetrack.ui.signs import sign
from kneetrack.ui.style import DEFAULT_STYLE
from tests.ui.drawn import STATES, pairs

# Machado, Oliveira and Fernandes 2009, full severity, on linear light.
EYES = {
    "common": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def seen(colour: tuple[int, int, int], eyes: np.ndarray) -> np.ndarray:
    """CIELAB of a blue-green-red colour through these eyes."""
    rgb = np.array(colour[::-1]) / 255
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    through = np.clip(eyes @ light, 0, 1).astype(np.float32)
    back = np.where(through <= 0.0031308, 12.92 * through, 1.055 * through ** (1 / 2.4) - 0.055)
    pixel = back.astype(np.float32).reshape(1, 1, 3)
    return cv2.cvtColor(pixel, cv2.COLOR_RGB2LAB)[0, 0]


@pytest.mark.parametrize("eyes", EYES)
def test_colours_differ_for_every_kind_of_eye(eyes: str) -> None:
    for one, other in pairs(list(STATES[:4])):
        a, b = (seen(DEFAULT_STYLE.look(state).colour, EYES[eyes]) for state in (one, other))
        assert np.linalg.norm(a - b) > 15, (one, other)


@pytest.mark.parametrize("radius", [9, 18, 40])
def test_outlines_differ_without_any_colour(radius: int) -> None:
    outlines = {s: sign(s, radius, DEFAULT_STYLE).keep[..., 0] < 128 for s in STATES}
    for one, other in pairs(list(STATES)):
        a, b = outlines[one], outlines[other]
        assert (a ^ b).sum() > 0.12 * (a | b).sum(), (one, other)


def test_signs_are_centred_and_symmetrical_in_outline() -> None:
    for state in STATES:
        outline = sign(state, 20, DEFAULT_STYLE).keep[..., 0].astype(int)
        assert abs(outline - outline[:, ::-1]).mean() < 3, state


def test_flagged_lines_are_thicker_and_unsure_ones_broken() -> None:
    looks = [DEFAULT_STYLE.look(state) for state in ("resting", "ok", "watch", "flag")]
    widths = [look.width for look in looks]
    assert widths == sorted(widths) and len(set(widths)) == 4
    assert [state for state in STATES if DEFAULT_STYLE.look(state).dashed] == ["cannot_tell"]
