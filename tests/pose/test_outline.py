"""Knees in drawn outlines, with places known by hand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kneetrack.pose.outline import KNEE_RADIUS, Outline, knees_in_outline

SIZE = (640, 480)
ANKLE_Y = 400
HEIGHT = 200  # of the domes over the ankles
RADIUS = KNEE_RADIUS * HEIGHT
ANKLES = np.array([(260.0, ANKLE_Y), (380.0, ANKLE_Y)])


def legs(knees_x: tuple[float, float], *, top: float = HEIGHT, uneven: float = 0.0) -> np.ndarray:
    """(H, W): two shanks from the ankles up to round knees, joined at the bottom by the seat."""
    mask = np.zeros(SIZE[::-1], np.uint8)
    thick = round(2 * RADIUS)
    for i, (x, ankle) in enumerate(zip(knees_x, ANKLES, strict=True)):
        knee = (round(x), round(ANKLE_Y - top + RADIUS + i * uneven))
        cv2.line(mask, knee, (round(ankle[0]), ANKLE_Y), 1, thick)
    cv2.rectangle(mask, (260, 330), (380, 390), 1, -1)
    return mask.astype(bool)


@pytest.mark.parametrize("ratio", [0.5, 0.8, 1.0, 1.3, 1.8])
def test_knees_are_found_in_the_domes(ratio: float) -> None:
    wanted = (320 - 60 * ratio, 320 + 60 * ratio)
    knees = knees_in_outline(Outline.of(legs(wanted)), ANKLES)
    np.testing.assert_allclose(knees[:, 0], wanted, atol=3)
    np.testing.assert_allclose(knees[:, 1], ANKLE_Y - HEIGHT + RADIUS, atol=2)


def test_thighs_that_show_beside_closed_knees_do_not_pull_them_apart() -> None:
    wanted = (293.0, 347.0)
    mask = legs(wanted).astype(np.uint8)
    for x, outwards in zip(wanted, (-1, 1), strict=True):
        thigh = (round(x + outwards * 0.65 * RADIUS), round(ANKLE_Y - HEIGHT + 1.85 * RADIUS))
        cv2.ellipse(mask, thigh, (round(1.2 * RADIUS), round(1.4 * RADIUS)), 0, 0, 360, 1, -1)
    knees = knees_in_outline(Outline.of(mask.astype(bool)), ANKLES)
    np.testing.assert_allclose(knees[:, 0], wanted, atol=3)


def test_knees_follow_the_order_of_the_ankles() -> None:
    outline = Outline.of(legs((250, 390)))
    one, other = (knees_in_outline(outline, a) for a in (ANKLES, ANKLES[::-1]))
    np.testing.assert_array_equal(one, other[::-1])


def test_arms_a_head_between_the_knees_and_specks_change_nothing() -> None:
    plain = legs((250, 390))
    busy = plain.astype(np.uint8)
    cv2.line(busy, (260, 350), (120, 395), 1, 12)  # arms on the floor
    cv2.line(busy, (380, 350), (520, 395), 1, 12)
    cv2.circle(busy, (320, 240), 25, 1, -1)  # the head
    cv2.line(busy, (320, 240), (320, 350), 1, 30)
    cv2.circle(busy, (560, 60), 6, 1, -1)  # a speck above everything
    expected = knees_in_outline(Outline.of(plain), ANKLES)
    knees = knees_in_outline(Outline.of(busy.astype(bool)), ANKLES)
    np.testing.assert_allclose(knees, expected, atol=1)


def test_knees_of_unequal_height_are_not_told() -> None:
    assert np.isnan(knees_in_outline(Outline.of(legs((260, 380), uneven=40)), ANKLES)).all()


def test_a_knee_over_the_other_foot_is_not_told() -> None:
    assert np.isnan(knees_in_outline(Outline.of(legs((370, 440))), ANKLES)).all()


@pytest.mark.parametrize("lost", ["mask", "ankle", "both ankles in one place"])
def test_nothing_seen_is_nan(lost: str) -> None:
    mask, ankles = legs((260, 380)), ANKLES.copy()
    if lost == "mask":
        mask[:] = False
    elif lost == "ankle":
        ankles[0] = np.nan
    else:
        ankles[0] = ankles[1]
    assert np.isnan(knees_in_outline(Outline.of(mask), ankles)).all()


def test_an_outline_keeps_the_outer_edges() -> None:
    mask = np.zeros((6, 8), bool)
    mask[2:5, 3:6] = True
    mask[0, 0] = True  # a speck
    outline = Outline.of(mask)
    assert outline.top.tolist() == [6, 6, 6, 2, 2, 2, 6, 6]
    assert outline.left.tolist() == [8, 8, 3, 3, 3, 8]
    assert outline.right.tolist() == [-1, -1, 5, 5, 5, -1]
