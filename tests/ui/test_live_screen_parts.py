"""Gauges, letters and the count of the live screen."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from kneetrack.live_records import Gauge
from kneetrack.records import Status
from kneetrack.skeleton import LEFT, RIGHT
from kneetrack.ui import text
from kneetrack.ui.live.banner import Message, message_plate, rate_line, session_line
from kneetrack.ui.live.counting import count_plate, depth_plate
from kneetrack.ui.live.fitting import fit_line, fit_lines
from kneetrack.ui.live.gauges import ZONE_DEG, dial, draw_dial, gauge_plate, needle_deg
from kneetrack.ui.live.scale import scale
from kneetrack.ui.sprites import lay
from kneetrack.ui.style import ImageU8
from tests.ui.drawn import blank
from tests.ui.test_live_screen import CUE, LONG, SHAPES, STATES

SIZE = (1280, 720)


def gauge_picture(gauge: Gauge, inward: int = 1) -> ImageU8:
    lengths = scale(SIZE)
    image = blank(SIZE)
    lay(image, gauge_plate(LEFT, gauge, inward, lengths), 0, 0)
    needle = dial(gauge, inward, 0, 0, lengths)
    if needle is not None:
        draw_dial(image, needle, lengths)
    return image[: round(1.2 * lengths.column), : lengths.column]


def grey(image: ImageU8) -> np.ndarray:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), int)


STATES_OF_A_KNEE = {
    "ok": Gauge("ok", 0.2, "in 2 %"),
    "watch": Gauge("watch", 1.5, "in 2 %"),
    "flag": Gauge("flag", 2.5, "in 2 %"),
    "cannot_tell": Gauge("cannot_tell", None, "in 2 %"),
    "resting": Gauge("resting", None, "in 2 %"),
}


@pytest.mark.parametrize("one, other", list(itertools.combinations(STATES_OF_A_KNEE, 2)))
def test_states_differ_without_any_colour(one: str, other: str) -> None:
    a, b = (grey(gauge_picture(STATES_OF_A_KNEE[name])) for name in (one, other))
    assert (np.abs(a - b) > 60).mean() > 0.03


def test_cannot_tell_has_no_needle_and_no_good_colour() -> None:
    for position in (None, 0.0, float("nan")):
        gauge = Gauge("cannot_tell", position)
        assert needle_deg(gauge, 1) is None
        plain = gauge_picture(gauge)
        assert np.array_equal(plain, gauge_picture(Gauge("cannot_tell", None)))
        spread = plain.max(axis=2).astype(int) - plain.min(axis=2)
        assert spread.max() < 30  # greys only


def test_a_gauge_without_a_number_has_no_needle() -> None:
    assert needle_deg(Gauge("ok", None), 1) is None
    assert needle_deg(Gauge("ok", float("nan")), 1) is None


@pytest.mark.parametrize("inward", [1, -1])
def test_the_needle_leans_inwards_with_the_knee(inward: int) -> None:
    angles = [needle_deg(Gauge("ok", p), inward) for p in (-0.8, 0.0, 0.8)]
    assert angles == pytest.approx([-0.8 * ZONE_DEG * inward, 0, 0.8 * ZONE_DEG * inward])
    left, right = (gauge_picture(Gauge("flag", p)) for p in (-2.6, 2.6))
    middle = scale(SIZE).column // 2
    white = (left == 255).all(axis=2)[:110]
    assert white[:, :middle].sum() > white[:, middle:].sum()
    white = (right == 255).all(axis=2)[:110]
    assert white[:, :middle].sum() < white[:, middle:].sum()


def test_the_needle_stays_on_the_dial_and_in_the_zone_of_its_state() -> None:
    assert abs(needle_deg(Gauge("flag", 40.0), 1) or 0) < 3 * ZONE_DEG
    assert (needle_deg(Gauge("flag", 2.0), 1) or 0) > 2 * ZONE_DEG
    assert (needle_deg(Gauge("flag", -2.0), 1) or 0) < -2 * ZONE_DEG
    assert (needle_deg(Gauge("watch", 0.9), 1) or 0) > ZONE_DEG


def test_left_and_right_are_named() -> None:
    left, right = (
        gauge_plate(side, STATES_OF_A_KNEE["ok"], 1, scale(SIZE)) for side in (LEFT, RIGHT)
    )
    assert not np.array_equal(left.paint, right.paint)


@pytest.mark.parametrize("size_px", SHAPES)
@pytest.mark.parametrize("cue", [CUE, LONG, "Stay tall", "x" * 90])
def test_a_cue_is_shown_whole_in_few_lines(cue: str, size_px: tuple[int, int]) -> None:
    lengths = scale(size_px)
    sprite = message_plate(Message(cue, icon="flag"), lengths)
    assert sprite is not None
    assert sprite.size_px[0] <= lengths.room
    assert sprite.size_px[1] <= lengths.band
    least = round(0.55 * lengths.small)
    room = lengths.room - round(2.5 * lengths.large)
    shown = fit_lines(cue, text.BOLD, lengths.large, least, room, lengths.lines)
    assert len(shown.lines) <= (3 if size_px[1] > size_px[0] else 2)
    assert "".join(shown.lines).replace(" ", "") == cue.replace(" ", "")


@pytest.mark.parametrize("size_px", [(960, 720), (1280, 720), (1920, 1080)])
def test_the_large_letters_can_be_read_from_three_metres(size_px: tuple[int, int]) -> None:
    lengths = scale(size_px)
    cap = 0.7
    assert cap * lengths.large >= size_px[1] / 18
    for cue in (CUE, "Spread the floor with your feet"):
        room = lengths.room - round(2.5 * lengths.large)
        shown = fit_lines(cue, text.BOLD, lengths.large, 10, room)
        assert cap * shown.size >= size_px[1] / 21.5


def test_lines_are_cut_only_when_nothing_else_helps() -> None:
    assert fit_line("Squat", text.BOLD, 40, 20, 300).lines == ("Squat",)
    assert fit_line("Squat " * 30, text.BOLD, 40, 20, 300).lines[0].endswith("…")
    assert fit_lines("", text.BOLD, 40, 20, 300).lines == ()


@pytest.mark.parametrize("done, total", [(0, 10), (3, 10), (10, 10), (12, 10), (3, None)])
def test_each_repetition_has_its_mark(done: int, total: int | None) -> None:
    marks: tuple[Status, ...] = ("ok",) * done
    lengths = scale(SIZE)
    plate = count_plate(done, total, marks, 230, lengths)
    fewer = count_plate(done, total, marks[:-1], 230, lengths)
    assert plate.size_px == (lengths.column, 230)
    assert np.array_equal(plate.paint, fewer.paint) == (done == 0)


def test_of_many_marks_the_latest_are_shown() -> None:
    lengths = scale(SIZE)
    marks: tuple[Status, ...] = ("ok",) * 40
    one = count_plate(40, None, marks, 230, lengths)
    assert not np.array_equal(
        one.paint, count_plate(40, None, (*marks[:-1], "flag"), 230, lengths).paint
    )
    assert np.array_equal(
        one.paint, count_plate(40, None, ("flag", *marks[1:]), 230, lengths).paint
    )


def test_the_depth_bar_fills_downwards() -> None:
    lengths = scale(SIZE)
    light = [depth_plate(step, 230, lengths).paint.astype(int).sum() for step in (0, 20, 40)]
    assert light == sorted(light)
    half = depth_plate(20, 230, lengths).paint.astype(int)
    middle = half.shape[1] // 2
    assert half[80, middle].sum() > half[190, middle].sum()


def test_the_small_lines_say_set_rate_and_delay() -> None:
    assert session_line(STATES["set"]) == "Single-leg squat · set 2 of 3"
    assert rate_line(STATES["set"]) == "30 fps · 62 ms · sound off"
