"""The live screen: every state in every shape, from plates to pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneetrack.live_records import Gauge, Phase, ScreenState, SummaryLine
from kneetrack.records import Status
from kneetrack.red_flags import RED_FLAG_GROUPS
from kneetrack.ui.layout import Rect
from kneetrack.ui.live import LiveScreen, contact_sheet, screen_size
from kneetrack.ui.live.cards import summary_card
from kneetrack.ui.live.choices import choices_row
from kneetrack.ui.live.plan import plan
from kneetrack.ui.live.scale import LIVE_STYLE, scale
from kneetrack.ui.style import ImageU8
from tests.ui.drawn import GREY, blank, pairs, person, sideways

CAPITALS = 0.7
"""Height of capitals, part of the letter size."""
SHAPES = [(960, 720), (1280, 720), (720, 1280), (1920, 1080), (720, 720)]
CUE = "Point your kneecaps over your second toe"
LONG = "Press your big toes into the floor and point both of your kneecaps over your second toe ok"
PATH = "Report saved in /home/anna/.local/share/kneetrack/sessions/2025-03-04_18.30.12_squat_anna"
ROW: tuple[Status, ...] = ("ok", "watch", "flag", "cannot_tell", "ok", "ok", "ok")
KEYS = (("Space", "pause, go on"), ("R", "start the set again"), ("Q", "end, write the report"))
BASE = ScreenState(
    "set", title="Single-leg squat", set_number=2, sets_total=3, rate_fps=29.97, delay_ms=61.6
)
SET = replace(
    BASE,
    recording=True,
    sound_on=False,
    reps_done=7,
    reps_total=12,
    rep_marks=ROW,
    gauges=(Gauge("ok", 0.3, "in 3 %"), Gauge("flag", 2.7, "in 23 %")),
    depth_fraction=0.6,
)
CHOICES = (
    *(("N", "next in 8 s"), ("R", "again"), ("X", "reject"), ("S", "skip the next")),
    *(("T", "note"), ("Q", "stop for now")),
)
STATES: dict[str, ScreenState] = {
    "starting": replace(BASE, phase="starting", headline="Starting the camera", detail="A moment"),
    "framing": replace(
        BASE, phase="framing", headline="Step back", detail="I cannot see your feet"
    ),
    "lying": replace(BASE, phase="framing", headline="Move the camera back", lying=True),
    "view": replace(BASE, phase="view", headline="Turn a little to your left", turn_deg=15),
    "still": replace(BASE, phase="still", headline="Stand still", detail="Legs long", progress=0.4),
    "countdown": replace(BASE, phase="countdown", headline="Get ready", countdown=3),
    "set": SET,
    "cue": replace(SET, cue=CUE, cue_status="flag"),
    "long cue": replace(SET, cue=LONG, cue_status="watch"),
    "note": replace(SET, note="The left foot is hidden"),
    "arms up": replace(SET, progress=0.5, headline="Arms up: pause"),
    "unsure": replace(SET, gauges=(Gauge("cannot_tell"), Gauge("resting"))),
    "endless": replace(SET, reps_done=123, reps_total=None, rep_marks=ROW * 18),
    "paused": replace(SET, phase="paused", headline="Paused", detail="Space goes on", progress=0.5),
    "rest": replace(SET, phase="rest", headline="Rest", detail="Next: set 3", countdown=120),
    "summary": replace(
        BASE,
        phase="summary",
        headline="Well done",
        detail=PATH,
        summary=tuple(SummaryLine("Right knee over the foot", "in 23 %", s) for s in ROW),
    ),
    "trouble": replace(BASE, phase="trouble", headline="The camera is gone", trouble="Plug it in"),
    "help": replace(SET, help=True, keys=KEYS),
    "before a take": replace(
        BASE,
        phase="rest",
        headline="Bridge, from the foot end",
        detail=f"{LONG}. {LONG}",
        countdown=8,
        progress=0.2,
        choices=(("N", "begin"), ("S", "leave it out"), ("Q", "stop for now")),
    ),
    "after a take": replace(
        BASE,
        phase="summary",
        headline=f"{LONG}: film again, or keep what there is",
        detail="Next: Squat, from the side.",
        summary=(SummaryLine("Squat, from the front", "attempt 2", "watch"),),
        choices=CHOICES,
    ),
    "a question": replace(BASE, phase="summary", headline="Why is it rejected?", choices=CHOICES),
}


def boxes(state: ScreenState, size_px: tuple[int, int], left_knee_at: int = -1) -> dict[str, Rect]:
    made = plan(state, scale(size_px), left_knee_at=left_knee_at)
    return {plate.name: plate.rect for plate in made.plates}


def drawn(state: ScreenState, size_px: tuple[int, int] = (1280, 720)) -> ImageU8:
    return LiveScreen(size_px).draw(blank(size_px), replace(state, xy_px=person(size_px)))


@pytest.mark.parametrize("size_px", SHAPES)
@pytest.mark.parametrize("name", STATES)
def test_plates_stay_inside_the_margins_and_apart(name: str, size_px: tuple[int, int]) -> None:
    found = boxes(STATES[name], size_px)
    margin = scale(size_px).margin
    assert found
    for plate, box in found.items():
        assert box.left >= margin and box.right <= size_px[0] - margin, plate
        assert box.top >= margin and box.bottom <= size_px[1] - margin, plate
    assert [
        (one, other) for one, other in pairs(list(found)) if found[one].overlap(found[other]) > 0
    ] == []


@pytest.mark.parametrize("size_px", SHAPES)
@pytest.mark.parametrize("name", STATES)
def test_every_state_is_drawn_alike_each_time_and_leaves_its_input_alone(
    name: str, size_px: tuple[int, int]
) -> None:
    small = (size_px[0] // 4, size_px[1] // 4)
    image, xy = blank(small), person(small)
    before = xy.copy()
    state = replace(STATES[name], xy_px=xy)
    screen = LiveScreen(size_px)
    first, second = screen.draw(image, state), screen.draw(image, state)
    assert first.shape == (size_px[1], size_px[0], 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, second)
    assert not (first == GREY).all()
    assert (image == GREY).all()
    assert np.array_equal(xy, before, equal_nan=True)


@pytest.mark.parametrize("size_px", SHAPES)
def test_the_middle_stays_free_during_a_set(size_px: tuple[int, int]) -> None:
    width, height = size_px
    lengths = scale(size_px)
    below = lengths.margin + lengths.band
    middle = Rect(0.31 * width, below, 0.69 * width, height - lengths.margin - 2 * lengths.small)
    for name in ("set", "cue", "long cue", "note"):
        found = boxes(STATES[name], size_px)
        hidden = [each for each, box in found.items() if box.overlap(middle) > 0]
        assert hidden == [], name


@pytest.mark.parametrize("size_px", [(320, 240), (640, 360), (240, 320), (1280, 720)])
def test_the_screen_has_the_shape_of_the_picture_and_720_pixels(size_px: tuple[int, int]) -> None:
    width, height = screen_size(size_px)
    assert min(width, height) == 720
    assert width / height == pytest.approx(size_px[0] / size_px[1], rel=0.01)
    assert screen_size((1920, 1080)) == (1920, 1080)


@pytest.mark.parametrize("xy", [None, np.full((33, 2), np.nan), np.full((33, 2), 1e9)])
@pytest.mark.parametrize("phase", ["framing", "view", "still", "countdown", "set"])
def test_nobody_in_the_picture_is_no_error(xy: object, phase: Phase) -> None:
    size = (640, 480)
    seen = LiveScreen(size).draw(blank(size), replace(SET, phase=phase, xy_px=xy))  # type: ignore[arg-type]
    nobody = LiveScreen(size).draw(blank(size), replace(SET, phase=phase, xy_px=None))
    assert np.array_equal(seen, nobody)


def test_no_picture_at_all_still_shows_what_is_wrong() -> None:
    shown = LiveScreen((640, 480)).draw(None, replace(STATES["trouble"], xy_px=person((640, 480))))
    assert len(np.unique(shown)) > 10


@pytest.mark.parametrize(
    "image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)]
)
def test_another_kind_of_array_is_refused(image: ImageU8) -> None:
    with pytest.raises(ValueError, match="uint8"):
        LiveScreen((640, 480)).draw(image, BASE)


def test_the_mirrored_preview_flips_picture_and_landmarks() -> None:
    size = (640, 480)
    image = blank(size)
    image[:, :320] = (10, 60, 200)
    state = ScreenState("view", xy_px=person(size, middle=0.3), mirrored=False)
    straight = LiveScreen(size).draw(image, state)
    mirrored = LiveScreen(size).draw(image, replace(state, mirrored=True))
    off = np.abs(mirrored.astype(int) - straight[:, ::-1].astype(int)).max(axis=2)
    assert (straight[:, :320] != (10, 60, 200)).any()
    assert (off > 40).mean() < 0.002  # but for the rounding at the edges of lines


@pytest.mark.parametrize("mirrored", [True, False])
def test_words_are_never_mirrored(mirrored: bool) -> None:
    state = replace(STATES["cue"], xy_px=None, gauges=None, mirrored=mirrored)
    size = (1280, 720)
    other = replace(state, mirrored=not mirrored)
    shown, same = (LiveScreen(size).draw(blank(size), each) for each in (state, other))
    assert np.array_equal(shown, same)
    assert not np.array_equal(shown, shown[:, ::-1])


@pytest.mark.parametrize("mirrored", [True, False])
def test_a_gauge_stands_where_its_knee_is_seen(mirrored: bool) -> None:
    size = (1280, 720)
    orange = LIVE_STYLE.flag.colour
    right_bad = replace(SET, recording=False, rep_marks=(), mirrored=mirrored)
    shown = LiveScreen(size).draw(blank(size), replace(right_bad, xy_px=person(size)))
    columns = np.flatnonzero((shown == orange).all(axis=2).any(axis=0))
    gauge = columns[(columns < 270) | (columns > 1010)]
    assert len(gauge)
    assert ((gauge > 640) == mirrored).all()  # seen from the front, the right knee is there


def test_gauges_keep_their_places_while_the_legs_are_behind_each_other() -> None:
    size = (1280, 720)
    screen, fresh = LiveScreen(size), LiveScreen(size)
    turned = person(size)
    turned[:, 0] = size[0] - turned[:, 0]  # seen from behind
    screen.draw(blank(size), replace(SET, xy_px=turned))
    aside = replace(SET, xy_px=sideways(size))
    assert not np.array_equal(screen.draw(blank(size), aside), fresh.draw(blank(size), aside))


@pytest.mark.parametrize("mirrored", [True, False])
def test_the_arrow_points_to_the_screens_left_for_a_turn_to_the_own_left(mirrored: bool) -> None:
    size = (1280, 720)
    for turn_deg, at_left in ((15.0, True), (-15.0, False)):
        state = replace(STATES["view"], turn_deg=turn_deg, mirrored=mirrored)
        box = boxes(state, size)["turn"]
        assert (box.right < 640) == at_left
        image = LiveScreen(size).draw(blank(size), state)
        amber = (image == LIVE_STYLE.watch.colour).all(axis=2)
        rows, columns = np.nonzero(amber)
        tip = columns.min() if at_left else columns.max()
        assert np.ptp(rows[columns == tip]) < 0.3 * np.ptp(rows)  # a point, not the shaft
        shaft = columns[rows == rows.max()].mean()
        assert (shaft > columns.mean()) == at_left


def test_without_a_turn_there_is_no_arrow() -> None:
    for turn_deg in (None, 0.2, float("nan")):
        assert "turn" not in boxes(replace(STATES["view"], turn_deg=turn_deg), (960, 720))


def test_only_what_is_named_stands_on_the_screen_during_a_set() -> None:
    found = set(boxes(STATES["cue"], (1280, 720)))
    assert found == {"session", "rate", "message", "count", "depth", "left", "right"}


def test_progress_and_depth_move() -> None:
    for name, field in (("still", "progress"), ("rest", "progress"), ("set", "depth_fraction")):
        little = drawn(replace(STATES[name], **{field: 0.2}))
        much = drawn(replace(STATES[name], **{field: 0.8}))
        more = much.astype(int).sum() - little.astype(int).sum()
        assert more > 10_000, name


def test_nonsense_numbers_are_left_out() -> None:
    nan = float("nan")
    state = replace(SET, depth_fraction=nan, rate_fps=nan, delay_ms=nan, sound_on=True)
    found = boxes(state, (960, 720))
    assert "depth" not in found
    assert "rate" not in found
    drawn(replace(state, phase="still", progress=nan))


def test_the_recording_dot_and_the_help_can_be_seen() -> None:
    assert not np.array_equal(drawn(SET), drawn(replace(SET, recording=False)))
    assert set(boxes(STATES["help"], (960, 720))) == {"help"}


@pytest.mark.parametrize(
    "words", ["Żółć — größer, 膝を外へ", "bell \x07 and \ud800 and \n two lines", "😀"]
)
def test_any_text_is_drawn(words: str) -> None:
    state = replace(SET, cue=words, title=words, note=words)
    for phase in ("set", "rest", "trouble", "summary"):
        lines = (SummaryLine(words, words, "ok"),)
        drawn(replace(state, phase=phase, headline=words, detail=words, summary=lines))  # type: ignore[arg-type]


def test_the_contact_sheet_has_a_cell_for_each_camera() -> None:
    picture = blank((320, 240))
    before = picture.copy()
    three = contact_sheet([("0: A", "640 x 480", picture), ("1: B", "", None), ("2: C", "", None)])
    one = contact_sheet([("0: A", "640 x 480", picture)])
    assert three.shape[0] > 1.9 * one.shape[0] and three.shape[1] > 1.9 * one.shape[1]
    assert ((three == GREY).all(axis=2)).sum() >= 480 * 360 * 0.99
    assert np.array_equal(picture, before)
    assert contact_sheet([]).shape == one.shape


def test_what_is_asked_before_exercises_can_be_read_from_three_metres() -> None:
    lengths = scale((1280, 720))
    least_px = 720 / 30
    for group in RED_FLAG_GROUPS:
        lines = tuple(SummaryLine(flag.short, "", "cannot_tell") for flag in group.flags)
        card = summary_card(lines, (lengths.room, 400), lengths)
        assert card is not None
        row_px = (card.size_px[1] - 2 * lengths.pad) / len(lines)
        assert CAPITALS * row_px / 1.72 >= least_px
    row = choices_row((("Y", "yes"), ("N", "no")), lengths.room, lengths)
    assert row is not None and CAPITALS * row.size_px[1] / 1.72 >= least_px
