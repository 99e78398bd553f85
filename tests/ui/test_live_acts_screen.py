"""The screens of timers, repetitions by ear and the pain scale, from plates to pixels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from kneetrack.live_records import ScaleShown, ScreenState
from kneetrack.ui.live import LiveScreen
from kneetrack.ui.live.figurecard import LIGHT, figure_card
from kneetrack.ui.live.plan import plan
from kneetrack.ui.live.scale import scale
from kneetrack.ui.overlay import Placed
from tests.ui.drawn import blank, pairs
from tests.ui.test_live_screen import LONG, SHAPES

KEYS = (("Space", "pause"), ("N", "next"), ("P", "it hurts: stop"), ("Q", "stop for today"))
WORDS = ((0, "none"), (5, "medium"), (10, "worst"))
TIMER = ScreenState(
    "timer",
    title="Hip-flexor release",
    headline="Right side, reaching up and over",
    countdown=27,
    progress=0.1,
    next_up="Left side, turning the chest",
    choices=KEYS,
)
SCALE = ScreenState("scale", headline="How much does it hurt?", detail="Type it", choices=KEYS)
STATES = {
    "timer": TIMER,
    "long": replace(TIMER, headline=LONG, next_up=LONG, countdown=599),
    "lead": replace(TIMER, phase="lead", note="Get ready", detail=LONG, countdown=8),
    "reps": replace(TIMER, headline="Hold 2", reps_total=12, countdown=4),
    "next": replace(TIMER, phase="lead", note="Next", countdown=None, progress=None),
    "intro": replace(TIMER, phase="rest", detail=LONG),
    "scale": replace(SCALE, scale=ScaleShown(WORDS, 7)),
    "unchosen": replace(SCALE, scale=ScaleShown(WORDS)),
}


@pytest.fixture
def figure(tmp_path: Path) -> str:
    """A half transparent, blue picture."""
    picture = np.zeros((300, 400, 4), np.uint8)
    picture[:, :, 0], picture[:, 200:, 3] = 200, 255
    path = tmp_path / "Bild äöü.png"
    path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    return str(path)


def plates(state: ScreenState, size_px: tuple[int, int]) -> dict[str, Placed]:
    return {plate.name: plate for plate in plan(state, scale(size_px)).plates}


@pytest.mark.parametrize("size_px", SHAPES)
@pytest.mark.parametrize("with_figure", [False, True])
@pytest.mark.parametrize("name", STATES)
def test_nothing_overlaps_and_all_is_on_the_screen(
    name: str, with_figure: bool, size_px: tuple[int, int], figure: str
) -> None:
    state = replace(STATES[name], figure=figure if with_figure else "")
    found = plates(state, size_px)
    for a, b in pairs(list(found.values())):
        assert a.rect.overlap(b.rect) == 0, (a.name, b.name)
    for plate in found.values():
        box = plate.rect
        assert 0 <= box.left < box.right <= size_px[0], plate.name
        assert 0 <= box.top < box.bottom <= size_px[1], plate.name
    drawn = LiveScreen(size_px).draw(blank(size_px), state)
    assert drawn.shape == (size_px[1], size_px[0], 3)


@pytest.mark.parametrize("size_px", [(1280, 720), (720, 1280)])
@pytest.mark.parametrize("with_figure", [False, True])
def test_the_number_can_be_read_from_three_metres(
    size_px: tuple[int, int], with_figure: bool, figure: str
) -> None:
    found = plates(replace(TIMER, figure=figure if with_figure else ""), size_px)
    assert found["disc"].sprite.size_px[0] > 0.45 * min(size_px)
    assert ("figure" in found) == with_figure


def test_the_number_stays_where_it_is_while_it_counts_and_words_change() -> None:
    rects = {
        plates(replace(TIMER, countdown=n, headline=words), (1280, 720))["disc"].rect
        for n in (60, 9, 1)
        for words in ("Up", "Left: step out, sit back")
    }
    assert len(rects) == 1


def test_the_ring_fills_and_the_number_changes() -> None:
    size = (1280, 720)
    screen = LiveScreen(size)
    little, much, other = (
        screen.draw(None, replace(TIMER, **changes))  # type: ignore[arg-type]
        for changes in ({"progress": 0.1}, {"progress": 0.9}, {"countdown": 26, "progress": 0.1})
    )
    assert much.astype(int).sum() - little.astype(int).sum() > 100_000
    assert (little != other).any()


def test_the_picture_stands_on_a_light_plate_where_it_is_transparent(figure: str) -> None:
    card = figure_card(figure, (600, 500), scale((1280, 720)))
    assert card is not None
    wide, high = card.size_px
    assert wide <= 600 and high <= 500 and (wide - high) > 80
    assert tuple(card.paint[high // 2, wide // 4]) == LIGHT
    assert tuple(card.paint[high // 2, 3 * wide // 4]) == (200, 0, 0)


def test_a_picture_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"nothing")
    for path in (broken, tmp_path / "gone.png"):
        found = plates(replace(TIMER, figure=str(path)), (1280, 720))
        assert "figure" not in found and "disc" in found


def test_the_chosen_step_differs_without_any_colour() -> None:
    size = (1280, 720)
    drawn = [
        LiveScreen(size).draw(None, replace(SCALE, scale=ScaleShown(WORDS, chosen)))
        for chosen in (None, 3, 10)
    ]
    for a, b in pairs(drawn):
        away = np.abs(cv2.cvtColor(a, cv2.COLOR_BGR2GRAY).astype(int) - b.mean(axis=2))
        assert (away > 100).sum() > 3000
    assert max(int(np.ptp(image.astype(int), axis=2).max()) for image in drawn) < 40  # greys alone


def test_each_step_of_the_scale_is_drawn() -> None:
    size = (1280, 720)
    pictures = [
        LiveScreen(size).draw(None, replace(SCALE, scale=ScaleShown(WORDS, chosen))).tobytes()
        for chosen in range(11)
    ]
    assert len(set(pictures)) == 11
