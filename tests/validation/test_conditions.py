"""Clips filmed worse on purpose: the pictures get worse as told, and the truth follows."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from kneetrack.records import Frame, SettingsError
from kneetrack.validation.conditions import AS_FILMED, chosen, conditions, degraded
from kneetrack.validation.truth import Truth
from tests.validation import fakes

EVERY = conditions()
WIDTH, HEIGHT = fakes.SIZE


def picture() -> np.ndarray:
    """A dark upright bar, off the middle, on a bright ground with fine stripes."""
    image = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    image[::4] = 180
    image[200:800, 420:450] = 40
    return image


def frames(count: int = 6) -> Iterator[Frame]:
    return (Frame(np.roll(picture(), 3 * i, axis=1), i / 30, i) for i in range(count))


def through(name: str, count: int = 6) -> list[Frame]:
    return list(degraded(frames(count), EVERY[name]))


def bar(image: np.ndarray) -> np.ndarray:
    """(N, 2) x, y of the dark pixels, outer corners as the origin."""
    rows, columns = np.nonzero(image[..., 0] < 110)
    return np.stack([columns + 0.5, rows + 0.5], axis=-1)


def with_joint(x_px: float, y_px: float) -> Truth:
    truth = fakes.truth()
    joints = truth.arrays["joints2d"].copy()
    joints[:] = (x_px, y_px)
    return replace(truth, arrays=truth.arrays | {"joints2d": joints})


@pytest.mark.parametrize("name", EVERY)
def test_each_run_gives_the_same_pictures(name: str) -> None:
    once, again = through(name), through(name)
    assert len(once) == (3 if name == "fps15" else 6)
    for one, other in zip(once, again, strict=True):
        assert np.array_equal(one.image, other.image)
        assert (one.t_s, one.index) == (other.t_s, other.index)
        assert one.image.dtype == np.uint8


@pytest.mark.parametrize("name", [n for n in EVERY if n not in (AS_FILMED, "fps15")])
def test_each_condition_changes_the_picture(name: str) -> None:
    last = list(frames())[-1].image
    worse = through(name)[-1].image
    assert worse.shape != last.shape or np.abs(worse.astype(int) - last).mean() > 0.5


@pytest.mark.parametrize("name", EVERY)
def test_the_truth_lies_where_the_picture_shows_it(name: str) -> None:
    """The middle of the bar, taken for a joint, is still the middle of the bar."""
    found = bar(through(name, 1)[0].image)
    if name in ("dark", "very-dark"):
        assert len(found) > 0.9 * WIDTH * HEIGHT
        return
    joint = EVERY[name].truth(with_joint(435, 500)).arrays["joints2d"][0, 0]
    assert found.mean(axis=0) == pytest.approx(joint, abs=1.0)


@pytest.mark.parametrize("name", EVERY)
def test_the_measures_of_the_truth_do_not_change(name: str) -> None:
    plain = fakes.truth(inward=(0.2, -0.1))
    worse = EVERY[name].truth(plain)
    assert np.allclose(worse.kfo(), plain.kfo(), atol=1e-6, equal_nan=True)
    assert worse.seen_yaw() == pytest.approx(plain.seen_yaw(), abs=1e-6)
    assert worse.roll == pytest.approx(plain.roll + EVERY[name].roll_deg)


def test_a_given_rotation_of_the_camera_is_rolled_too() -> None:
    plain = fakes.truth()
    upright = plain.info["camera"] | {"R_world_to_cam": np.eye(3).tolist()}
    rolled = EVERY["roll+8"].truth(replace(plain, info=plain.info | {"camera": upright}))
    assert rolled.roll == pytest.approx(8.0)


@pytest.mark.parametrize(("name", "deg"), [("roll-8", -8), ("roll+4", 4)])
def test_upright_things_lean_to_the_right_for_plus(name: str, deg: float) -> None:
    found = bar(through(name, 1)[0].image)
    slope = np.polyfit(-found[:, 1], found[:, 0], 1)[0]
    assert np.degrees(np.arctan(slope)) == pytest.approx(deg, abs=0.3)


def test_sizes_are_as_told() -> None:
    assert through("height240", 1)[0].size_px == (180, 240)
    assert through("far", 1)[0].size_px == (WIDTH, HEIGHT)
    tall = np.ptp(bar(through("far", 1)[0].image)[:, 1])
    assert tall == pytest.approx(0.55 * 600, abs=3)


def test_the_dark_is_dark_and_noisy() -> None:
    for name, gain in (("dark", 0.25), ("very-dark", 0.1)):
        ground = through(name, 1)[0].image[100:180:4, :, 0].astype(float)
        assert ground.mean() == pytest.approx(180 * gain, rel=0.05)
        assert 1.5 < ground.std() < 6


def test_fifteen_pictures_a_second_are_every_second_one() -> None:
    assert [frame.index for frame in through("fps15")] == [0, 2, 4]


@pytest.mark.parametrize("name", EVERY)
def test_conditions_can_be_sent_to_other_processes(name: str) -> None:
    assert pickle.loads(pickle.dumps(EVERY[name])).name == name


def test_conditions_are_chosen_by_name() -> None:
    assert [c.name for c in chosen("dark, roll+8,dark")] == ["as filmed", "dark", "roll+8"]
    assert [c.name for c in chosen("all")] == list(EVERY)
    for wrong in ("drak", ""):
        with pytest.raises(SettingsError, match="as filmed"):
            chosen(wrong)
