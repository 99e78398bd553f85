"""What is decided once a clip."""

from __future__ import annotations

import numpy as np

from kneetrack.skeleton import MIRROR
from kneetrack.ui.layout import Rect, layout_for
from kneetrack.ui.style import sizes
from tests.ui.drawn import person, sideways

SIZE = (720, 960)


def test_a_clip_has_the_layout_of_its_frames() -> None:
    track = np.stack([person(SIZE, top=top) for top in (0.14, 0.15, 0.16)])
    clip, one = layout_for(track, sizes(SIZE)), layout_for(track[2], sizes(SIZE))
    assert (clip.stacked, clip.outward, clip.bar_at) == (one.stacked, one.outward, one.bar_at)
    assert clip.cue == one.cue


def test_frames_without_a_person_do_not_count() -> None:
    track = np.stack([person(SIZE)] * 3 + [np.full((33, 2), np.nan)] * 5)
    assert layout_for(track, sizes(SIZE)) == layout_for(track[:3], sizes(SIZE))


def test_nobody_at_all_has_a_layout() -> None:
    assert layout_for(np.full((4, 33, 2), np.nan), sizes(SIZE)).cue.edge == "bottom"
    assert layout_for(np.empty((0, 33, 2)), sizes(SIZE)).cue.edge == "bottom"


def test_views_are_told_apart() -> None:
    lengths = sizes(SIZE)
    front, side = layout_for(person(SIZE), lengths), layout_for(sideways(SIZE), lengths)
    assert (front.stacked, front.outward) == (False, 1)
    assert (side.stacked, side.outward) == (True, -1)
    back = person(SIZE)[MIRROR]
    assert layout_for(back, lengths).outward == -1


def test_lines_are_thinner_for_a_small_person() -> None:
    lengths = sizes(SIZE)
    assert layout_for(person(SIZE, height=0.75), lengths).body_scale > 0.9
    assert layout_for(person(SIZE, height=0.25), lengths).body_scale == 0.6


def test_the_bar_stands_where_the_person_is_not() -> None:
    assert layout_for(person(SIZE, middle=0.3), sizes(SIZE)).bar_at == "right"
    assert layout_for(person(SIZE, middle=0.7), sizes(SIZE)).bar_at == "left"


def test_boxes() -> None:
    box = Rect(10, 10, 30, 20)
    assert box.overlap(Rect(20, 15, 50, 50)) == 50
    assert box.overlap(Rect(30, 10, 50, 20)) == 0
    assert box.distance(33, 24) == 5
    assert box.distance(15, 15) == 0
    assert Rect(-5, 90, 15, 120).within(Rect(0, 0, 100, 100)) == Rect(0, 70, 20, 100)
