"""The parts of following: boxes and colours, who is who, when to look, who is meant."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.pose.blank import nothing_but, without, without_people
from kneetrack.pose.choose import best, exercise_m, in_words, way_m
from kneetrack.pose.lookout import Lookout
from kneetrack.pose.people import SAME_COLOURS, People, Person, Script, newly_found
from kneetrack.pose.sight import Box, Sighting, colour_distance, sight
from kneetrack.records import Frame
from tests.pose.stage import FPS, SCALE, SIZE, Player, Stage, squatting

RED, BLUE = (40, 40, 200), (200, 60, 30)


def sightings(*players: Player, i: int = 0) -> list[Sighting]:
    frame = Stage(list(players), i + 1).frame(i)
    found = [sight(frame, p) for p in (player.pose(i) for player in players) if p is not None]
    return [s for s in found if s is not None]


def watched(player: Player, steps: int) -> Person:
    person = Person(1)
    for i in range(steps):
        person.see(sightings(player, i=i)[0], clear=True)
    return person


def at(x: float, colour: tuple[int, int, int] = RED, scale: float = SCALE) -> Player:
    return Player(lambda i: x, colour, scale=scale)


def test_a_sighting_knows_place_size_and_box() -> None:
    (seen,) = sightings(at(300))
    assert seen.hips_px[0] == pytest.approx(300)
    assert seen.scale_px == pytest.approx(SCALE, rel=1e-3)
    assert seen.lift_px == pytest.approx(0.85 * SCALE, rel=1e-3)
    assert seen.box.left < 275 and seen.box.right > 325
    deeper = sightings(Player(lambda i: 300.0, RED, lambda i: 0.4))[0]
    assert deeper.scale_px == pytest.approx(SCALE, rel=1e-3)
    assert deeper.lift_px == pytest.approx(0.45 * SCALE, rel=1e-3)


def test_colours_tell_people_apart_and_know_them_again() -> None:
    red, blue = sightings(at(150), at(450, BLUE))
    (again,) = sightings(at(400, scale=70))
    assert colour_distance(red.colour, again.colour) < 0.2
    assert colour_distance(red.colour, blue.colour) > SAME_COLOURS
    assert 0 < colour_distance(red.colour, None) < SAME_COLOURS


def test_gaps_between_boxes() -> None:
    box = Box(0, 0, 10, 10)
    assert box.gap_px(Box(15, 0, 20, 10)) == 5
    assert box.gap_px(Box(8, 0, 20, 10)) == -2
    assert box.gap_px(Box(15, 20, 20, 30)) == float("inf")
    assert box.moved(2, 3).padded(1) == Box(1, 2, 13, 14)


def test_painting_over_leaves_the_original_alone() -> None:
    frame = Stage([at(150), at(450, BLUE)], 1).frame(0)
    before = frame.image.copy()
    red, blue = sightings(at(150), at(450, BLUE))
    alone = nothing_but(frame, red.box)
    assert (alone.image == RED).all(axis=2).any() and not (alone.image == BLUE).all(axis=2).any()
    other = without(frame, [blue.box], keep=red.box)
    assert (other.image == RED).all(axis=2).sum() == (before == RED).all(axis=2).sum()
    assert not (other.image == BLUE).all(axis=2).any()
    gone = without_people(frame, [red])
    assert (gone.image == RED).all(axis=2).sum() < 0.1 * (before == RED).all(axis=2).sum()
    assert (gone.image == BLUE).all(axis=2).sum() == (before == BLUE).all(axis=2).sum()
    assert np.array_equal(frame.image, before)


def test_newcomers_are_numbered_from_left_to_right_and_known_again() -> None:
    people = People()
    blue, red = at(450, BLUE), at(150)
    first = sightings(blue, red)
    naming = people.welcome(first, people.name(first, 0.0))
    assert [p.number for p in naming.who if p] == [2, 1]
    for seen, person in zip(first, naming.who, strict=True):
        assert person is not None
        person.see(seen, clear=True)
    later = sightings(at(165), at(440, BLUE), i=1)
    assert [p.number for p in people.name(later, 0.1).who if p] == [1, 2]


def test_another_in_the_same_place_in_other_clothes_is_not_the_same() -> None:
    person = watched(at(300), 3)
    assert People([person]).name(sightings(at(300, BLUE), i=4), 0.4).who == (None,)


def test_one_of_two_alike_in_one_place_is_nobody_for_sure() -> None:
    stays, passes = watched(at(300), 8), watched(Player(lambda i: 160 + 15 * i), 8)
    passes.number = 2
    people = People([stays, passes])
    naming = people.name(sightings(at(300), i=9), 0.9)
    assert naming.who == (None,) and naming.torn == (True,)
    apart = people.name(sightings(at(300), at(380), i=13), 1.3)
    assert apart.who == (stays, passes)


def test_the_same_body_found_twice_counts_once() -> None:
    assert (
        len(newly_found([], [*sightings(at(300)), *sightings(at(304)), *sightings(at(400))])) == 2
    )


def test_a_script_tells_where_somebody_will_be() -> None:
    script = Script.of(watched(Player(lambda i: 100.0 + 10 * i), 20))
    assert script.covers(1.0) and not script.covers(9.0)
    assert script.hips_px(1.05)[0] == pytest.approx(205)
    assert script.scale_px(1.05) == pytest.approx(SCALE, rel=1e-3)


def test_squats_count_as_exercise_and_walking_does_not() -> None:
    squats = watched(Player(lambda i: 300.0, RED, squatting(every=20, deep_m=0.3)), 60)
    assert exercise_m(squats) == pytest.approx(6 * 0.3, rel=0.15)
    walks = watched(Player(lambda i: 100.0 + 8 * i, BLUE, squatting(every=6, deep_m=0.05)), 60)
    assert exercise_m(walks) == 0
    assert way_m(walks) == pytest.approx(59 * 8 / SCALE, rel=0.2)
    stands = watched(Player(lambda i: 300.0 + np.sin(i), BLUE), 60)
    assert exercise_m(stands) == way_m(stands) == 0
    walks.number, stands.number = 2, 3
    assert best([stands, walks, squats], "exerciser", SIZE[0]) is squats
    assert best([stands, walks, squats], "moving", SIZE[0]) is walks
    assert best([stands, walks, squats], 3, SIZE[0]) is stands
    assert best([stands], 2, SIZE[0]) is None
    assert best([], "exerciser", SIZE[0]) is None


def test_whom_we_followed_in_words() -> None:
    assert in_words("largest", Person(1), 1) == "the only person"
    assert in_words("centre", Person(2), 3) == "the one nearest the middle (person 2 of 3)"
    assert in_words("exerciser", Person(2), 2).startswith("the most prominent")
    assert in_words(2, Person(2), 3) == "person 2 from the left of 3"
    assert in_words(4, None, 3) == "nobody"


def test_a_look_is_due_when_somebody_comes_in_and_not_for_the_own_movement() -> None:
    squatter = Player(lambda i: 300.0, RED, squatting())
    stage = Stage([squatter, Player(lambda i: 600.0 - 8 * (i - 25) if i >= 25 else None, BLUE)], 60)
    lookout = Lookout()
    due = []
    for frame in stage.frames():
        box = sightings(squatter, i=frame.index)[0].box
        if lookout.due(frame, box):
            due.append(frame.index)
            lookout.looked(frame, box, found_others=False)
    assert due and 25 <= due[0] <= 30


def test_a_shaking_camera_sets_off_few_looks() -> None:
    rng = np.random.default_rng(0)
    wall = rng.integers(0, 255, (90, 150, 3), np.uint8).repeat(5, 0).repeat(5, 1)
    lookout, looks = Lookout(), 0
    for i in range(int(30 * FPS)):
        dx = int(rng.integers(0, 80))
        frame = Frame(np.ascontiguousarray(wall[:360, dx : dx + 640]), i / FPS, i)
        if lookout.due(frame, None):
            looks += 1
            lookout.looked(frame, None, found_others=False)
    assert 3 <= looks <= 3 + 30 / 6
