"""The annotated picture as a whole."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneetrack.records import KneeMark, OverlayFrame
from kneetrack.skeleton import ANKLES, HIPS, KNEES, LEFT, RIGHT
from kneetrack.ui.layout import layout_for, safe_area
from kneetrack.ui.overlay import Annotator, annotated_size, draw, fit, plan
from kneetrack.ui.style import DEFAULT_STYLE, sizes
from tests.ui.drawn import GREY, SIZES, STATES, blank, changed, frame, full, pairs, person, sideways

SIZE = (720, 960)
NOBODY = np.full((33, 2), np.nan)


def placed(overlay: OverlayFrame, size_px: tuple[int, int] = SIZE) -> dict[str, object]:
    lengths = sizes(size_px)
    layout = layout_for(overlay.xy_px, lengths)
    return {p.name: p.rect for p in plan(overlay, overlay.xy_px, lengths, layout)[0]}


def test_drawing_twice_gives_the_same_picture() -> None:
    overlay = full(person(SIZE))
    assert np.array_equal(draw(blank(SIZE), overlay), draw(blank(SIZE), overlay))


def test_the_given_picture_stays_as_it_is_unless_in_place() -> None:
    overlay = full(person(SIZE))
    image = blank(SIZE)
    drawn = draw(image, overlay)
    assert (image == GREY).all()
    assert draw(image, overlay, in_place=True) is image
    assert np.array_equal(image, drawn)


def test_landmarks_stay_as_they_are() -> None:
    xy = person(SIZE)
    before = xy.copy()
    draw(blank(SIZE), full(xy))
    assert np.array_equal(xy, before, equal_nan=True)


def test_nobody_and_nothing_to_say_leaves_the_picture_alone() -> None:
    overlay = OverlayFrame(NOBODY, (KneeMark("resting", ""), KneeMark("resting", "")))
    assert not changed(draw(blank(SIZE), overlay)).any()


@pytest.mark.parametrize("size_px", SIZES)
def test_plates_stay_inside_the_margins_and_apart(size_px: tuple[int, int]) -> None:
    for middle in (0.02, 0.25, 0.5, 0.75, 0.98):
        overlay = full(person(size_px, middle=middle))
        safe = safe_area(sizes(size_px))
        boxes = placed(overlay, size_px)
        assert {"title", "count", "cue", "bar", "left", "right"} == set(boxes)
        for name, box in boxes.items():
            assert box.left >= safe.left and box.right <= safe.right, name
            assert box.top >= safe.top and box.bottom <= safe.bottom, name
        if 0.2 < middle < 0.8 and min(size_px) > 200:
            assert all(a.overlap(b) == 0 for a, b in pairs(list(boxes.values())))


@pytest.mark.parametrize("size_px", [size for size in SIZES if min(size) > 200])
@pytest.mark.parametrize("view", [person, sideways])
def test_labels_hide_no_knee_and_not_each_other(size_px: tuple[int, int], view: object) -> None:
    xy = view(size_px)  # type: ignore[operator]
    boxes = placed(frame(xy), size_px)
    reach = sizes(size_px).knee_sign * 0.6
    assert boxes["left"].overlap(boxes["right"]) == 0
    for knee in xy[[*KNEES]]:
        assert all(box.distance(*knee) >= reach for name, box in boxes.items())


def test_each_label_stands_on_the_picture_side_of_its_knee() -> None:
    boxes = placed(frame(person(SIZE)))
    assert boxes["left"].left > SIZE[0] / 2 > boxes["right"].right  # seen from the front
    mirrored = person(SIZE)
    mirrored[:, 0] = SIZE[0] - mirrored[:, 0]
    boxes = placed(frame(mirrored))
    assert boxes["right"].left > SIZE[0] / 2 > boxes["left"].right


def test_in_side_view_both_labels_stand_in_front() -> None:
    xy = sideways(SIZE)
    boxes = placed(frame(xy))
    assert all(boxes[side].right < xy[KNEES[LEFT], 0] for side in ("left", "right"))


@pytest.mark.parametrize("state", STATES)
def test_a_leg_has_the_colour_of_its_state_and_the_other_has_not(state: str) -> None:
    other = "ok" if state != "ok" else "flag"
    xy = person(SIZE)
    image = draw(blank(SIZE), frame(xy, left=state, right=other))
    colour = DEFAULT_STYLE.look(state).colour  # type: ignore[arg-type]
    for side, expected in ((LEFT, True), (RIGHT, False)):
        leg = [HIPS[side], KNEES[side], ANKLES[side]]
        assert (along(image, xy[leg]) == colour).all(axis=1).any() == expected


def along(image: np.ndarray, joints: np.ndarray) -> np.ndarray:
    """(n, 3) pixels on the lines between joints."""
    steps = np.linspace(0, 1, 60)[:, None]
    points = np.concatenate([a + (b - a) * steps for a, b in pairwise(joints)])
    x, y = points.astype(int).T
    return image[y, x]


def test_cannot_tell_is_a_broken_line() -> None:
    xy = person(SIZE)
    thigh = xy[[HIPS[LEFT], KNEES[LEFT]]]
    thigh = thigh[0] + (thigh[1] - thigh[0]) * np.array([[0.1], [0.8]])
    grey = DEFAULT_STYLE.cannot_tell.colour
    broken = (along(draw(blank(SIZE), frame(xy, "cannot_tell")), thigh) == grey).all(axis=1)
    whole = (along(draw(blank(SIZE), frame(xy, "ok")), thigh) == DEFAULT_STYLE.ok.colour).all(
        axis=1
    )
    assert whole.all()
    assert np.count_nonzero(np.diff(broken.astype(int)) == 1) >= 2


def test_a_knee_that_was_not_seen_gets_neither_sign_nor_label() -> None:
    xy = person(SIZE)
    xy[KNEES[RIGHT]] = np.nan
    overlay = frame(xy, left="ok", right="flag")
    assert "right" not in placed(overlay)
    flag = DEFAULT_STYLE.flag.colour
    assert not (draw(blank(SIZE), overlay) == flag).all(axis=2).any()


def test_a_knee_without_a_number_says_so() -> None:
    xy = person(SIZE)
    for state, labelled in (("cannot_tell", True), ("ok", False), ("resting", False)):
        mark = KneeMark(state, "")  # type: ignore[arg-type]
        assert ("left" in placed(OverlayFrame(xy, (mark, mark)))) == labelled


def test_every_text_shows() -> None:
    everything = full(person(SIZE))
    drawn = draw(blank(SIZE), everything)
    boxes = placed(everything)
    for name, box in boxes.items():
        part = drawn[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
        assert (part > 230).all(axis=2).mean() > 0.02, f"nothing written on {name}"


@pytest.mark.parametrize(
    "more",
    [
        {"reps_done": 3},
        {"reps_done": 2, "reps_total": 4},
        {"rep_marks": ("ok", "watch")},
        {"title": "Lateral lunge"},
        {"cue": "Sit back to the chair"},
        {"cue_status": "watch"},
        {"note": "turn 12° to your left"},
        {"depth_fraction": 0.2},
    ],
)
def test_every_field_changes_the_picture(more: dict[str, object]) -> None:
    base: dict[str, object] = {
        "title": "Squat",
        "reps_done": 2,
        "rep_marks": ("ok", "ok"),
        "cue": "Good",
        "note": "front view",
        "depth_fraction": 0.9,
    }
    xy = person(SIZE)
    before, after = frame(xy, **base), frame(xy, **{**base, **more})
    assert not np.array_equal(draw(blank(SIZE), before), draw(blank(SIZE), after))


def test_a_label_moves_with_its_knee() -> None:
    there = placed(frame(person(SIZE)))["left"]
    lower = placed(frame(person(SIZE, top=0.2)))["left"]
    assert lower.top - there.top == pytest.approx(0.04 * SIZE[1], abs=1.5)


def test_the_cue_clears_the_feet_in_upright_and_wide_pictures() -> None:
    for size_px in ((720, 960), (720, 1280), (1280, 720), (1920, 1080)):
        xy = person(size_px, height=0.73)
        overlay = frame(xy, cue="Point your kneecaps at your second toes")
        cue = placed(overlay, size_px)["cue"]
        assert all(cue.distance(*toe) > 0 for toe in xy[[*ANKLES, 29, 30, 31, 32]])


def test_the_cue_of_someone_who_lies_low_stands_above() -> None:
    size_px = (1040, 480)
    xy = person(size_px)
    lying = np.stack([2.6 * xy[:, 1] - 100, 430 + 0.2 * (xy[:, 0] - 520)], axis=1)
    assert placed(full(lying), size_px)["cue"].bottom < 0.6 * size_px[1]


@pytest.mark.parametrize("status", STATES[:4])
def test_a_long_cue_is_never_cut_off(status: str) -> None:
    words = "keep your pelvis level and point your kneecap at your second toe while you bend"
    overlay = frame(person(SIZE), cue=words + " slowly and come up again", cue_status=status)
    box = placed(overlay)["cue"]
    assert box.height < 0.3 * SIZE[1]
    assert safe_area(sizes(SIZE)).left <= box.left


@settings(max_examples=40)
@given(
    st.text(max_size=60),
    st.text(max_size=300),
    st.text(max_size=30),
    st.sampled_from([(1, 1), (7, 3), (16, 16), (108, 192), (640, 360)]),
)
def test_no_text_and_no_size_raises(
    title: str, cue: str, label: str, size_px: tuple[int, int]
) -> None:
    overlay = OverlayFrame(
        person(size_px),
        (KneeMark("ok", label), KneeMark("flag", label)),
        title=title,
        cue=cue,
        note=cue,
        reps_done=9999,
        rep_marks=("ok",) * 40,
        depth_fraction=7.0,
    )
    assert draw(blank(size_px), overlay).shape == (size_px[1], size_px[0], 3)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e9, -1e9, 1e300])
def test_wild_landmarks_are_not_drawn(value: float) -> None:
    wild = np.full((33, 2), value)
    quiet = OverlayFrame(wild, (KneeMark("ok", "KFO 0 %"), KneeMark("ok", "")), depth_fraction=None)
    assert not changed(draw(blank(SIZE), quiet)).any()
    partly = person(SIZE)
    partly[[25, 28]] = value
    draw(blank(SIZE), full(partly))


def test_depth_that_is_not_a_number_has_no_bar() -> None:
    assert "bar" not in placed(frame(person(SIZE), depth_fraction=float("nan")))


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((20, 20), np.uint8),
        np.zeros((20, 20, 4), np.uint8),
        np.zeros((20, 20, 3), np.float32),
    ],
)
def test_another_kind_of_picture_is_refused(image: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        draw(image, frame(NOBODY))


def test_a_picture_that_cannot_be_drawn_on_is_refused_in_place() -> None:
    with pytest.raises(ValueError, match="contiguous"):
        draw(blank(SIZE)[::-1], frame(NOBODY), in_place=True)
    assert draw(blank(SIZE)[:, ::-1], full(person(SIZE))).shape == (960, 720, 3)


@pytest.mark.parametrize(
    ("size_px", "expected"),
    [
        ((108, 192), (480, 854)),
        ((256, 118), (1042, 480)),
        ((720, 960), (720, 960)),
        ((1280, 720), (1280, 720)),
        ((607, 1081), (608, 1082)),
        ((3840, 2160), (3840, 2160)),
    ],
)
def test_small_pictures_are_annotated_larger(
    size_px: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert annotated_size(size_px) == expected


def test_pictures_can_be_annotated_smaller() -> None:
    assert annotated_size((3840, 2160), longest_px=1920) == (1920, 1080)
    with pytest.raises(ValueError, match="0 x 10"):
        annotated_size((0, 10))


def test_fit_brings_landmarks_along() -> None:
    image, xy = blank((108, 192)), np.array([[54.0, 96.0], [np.nan, 0.0]])
    larger, there = fit(image, xy, (480, 854))
    assert larger.shape == (854, 480, 3)
    assert there[0] == pytest.approx((240, 427))
    assert np.isnan(there[1, 0])
    same, unmoved = fit(larger, there, (480, 854))
    assert same is larger and unmoved is there


def test_fit_adds_a_missing_row_without_blurring() -> None:
    image = np.random.default_rng(1).integers(0, 255, (721, 481, 3), np.uint8)
    even, xy = fit(image, np.array([[480.0, 720.0]]), (482, 722))
    assert np.array_equal(even[:721, :481], image)
    assert xy.tolist() == [[480.0, 720.0]]


def test_a_film_starts_like_a_single_picture() -> None:
    overlay = full(person(SIZE))
    for landmarks in (None, overlay.xy_px[None]):
        first = Annotator(SIZE, landmarks).draw(blank(SIZE), overlay)
        assert np.array_equal(first, draw(blank(SIZE), overlay))


def test_a_film_has_one_size() -> None:
    with pytest.raises(ValueError, match="10 x 20 pixels, the film 720 x 960"):
        Annotator(SIZE).draw(blank((10, 20)), frame(NOBODY))


def test_labels_do_not_jitter_in_a_film() -> None:
    """Near the edge the label changes its place; noise of the landmarks must not repeat that."""
    noise = np.random.default_rng(2).normal(0, 3, (60, 33, 2))
    track = person(SIZE, middle=0.76) + noise
    lengths = sizes(SIZE)
    layout = layout_for(track, lengths)
    remembered, forgotten, slots = [], [], (None, None)
    for xy in track:
        _, slots = plan(frame(xy), xy, lengths, layout, slots)
        remembered.append(slots)
        forgotten.append(plan(frame(xy), xy, lengths, layout)[1])
    assert changes(remembered) <= 2
    assert changes(forgotten) > 5, "the example does not test anything"


def changes(slots: list[object]) -> int:
    return sum(a != b for a, b in pairwise(slots))


def test_a_label_goes_back_beside_its_knee() -> None:
    lengths = sizes(SIZE)
    slots = (None, None)
    for middle, beside in ((0.5, True), (0.95, False), (0.5, True)):
        xy = person(SIZE, middle=middle)
        _, slots = plan(frame(xy), xy, lengths, layout_for(xy, lengths), slots)
        assert (slots[LEFT] == 0) == beside
