"""Which of the two readings of a picture is taken when: with readers that follow a script."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from kneetrack.pose.turns import GuessedWrong, Turns
from kneetrack.recorded import ClipOptions, read_landmarks
from kneetrack.records import Frame, Pose
from kneetrack.skeleton import ANKLES, HIPS, KNEES, N_LANDMARKS, SHOULDERS
from tests.sampled import SAMPLES, sample

IMAGE = np.zeros((8, 8, 3), np.uint8)


def standing(x: float, t_s: float) -> Pose:
    xy = np.full((N_LANDMARKS, 2), (x, 100.0), np.float32)
    for joint, y in ((SHOULDERS, 100), (HIPS, 250), (KNEES, 380), (ANKLES, 500)):
        xy[joint[0]], xy[joint[1]] = (x + 30, y), (x - 30, y)
    return Pose(xy, np.zeros((N_LANDMARKS, 3), np.float32), np.ones(N_LANDMARKS, np.float32), t_s)


class Reader:
    """Finds whom its script says, and remembers when it was asked."""

    def __init__(self, script: Callable[[float], float | None]) -> None:
        self.script = script
        self.asked: list[float] = []
        self.following = False
        self.tried_s = -np.inf

    def track(self, frame: Frame) -> Pose:
        self.asked.append(frame.t_s)
        self.tried_s = frame.t_s
        x = self.script(frame.t_s)
        self.following = x is not None
        return Pose.unseen(frame.t_s) if x is None else standing(x, frame.t_s)

    def reset(self) -> None:
        self.following = False


def model(plain: Reader, mirrored: Reader, *, thorough: bool = False) -> Turns:
    return Turns((plain, mirrored), thorough=thorough)


def read(made: Turns, times: np.ndarray) -> list[Pose]:
    return [made.track(Frame(IMAGE, float(t), i)) for i, t in enumerate(times)]


def test_pictures_are_read_in_turn_once_the_person_is_found_in_both() -> None:
    plain, mirrored = Reader(lambda t: 200.0), Reader(lambda t: 204.0)
    poses = read(model(plain, mirrored), np.arange(9) / 30)
    assert len(plain.asked) + len(mirrored.asked) == 10  # both for the first, one each after
    assert abs(len(plain.asked) - len(mirrored.asked)) <= 1
    hips = [float(p.xy_px[HIPS[0], 0]) for p in poses]
    assert hips[0] == 232.0
    assert set(hips[1:]) == {230.0, 234.0}


@pytest.mark.parametrize(("rate", "thorough"), [(12.5, False), (30.0, True)])
def test_rare_pictures_and_thorough_reading_take_both(rate: float, thorough: bool) -> None:
    plain, mirrored = Reader(lambda t: 200.0), Reader(lambda t: 204.0)
    poses = read(model(plain, mirrored, thorough=thorough), np.arange(6) / rate)
    assert len(plain.asked) == len(mirrored.asked) == 6
    assert {float(p.xy_px[HIPS[0], 0]) for p in poses} == {232.0}


def test_an_empty_picture_is_searched_once() -> None:
    plain, mirrored = Reader(lambda t: None), Reader(lambda t: 200.0)
    assert not any(p.seen for p in read(model(plain, mirrored), np.arange(5) / 30))
    assert (len(plain.asked), len(mirrored.asked)) == (5, 0)


def test_who_is_lost_in_one_kind_of_picture_is_followed_in_the_other() -> None:
    """And is looked for again there now and then, not in every picture."""
    plain, mirrored = Reader(lambda t: 200.0), Reader(lambda t: 204.0 if t < 0.1 else None)
    poses = read(model(plain, mirrored), np.arange(60) / 30)
    assert all(p.seen for p in poses)
    late = [t for t in mirrored.asked if t > 0.2]
    assert 3 <= len(late) <= 8
    assert len(plain.asked) + len(mirrored.asked) <= 60 + 10


def test_a_reading_that_hops_to_somebody_else_is_not_believed() -> None:
    plain, mirrored = Reader(lambda t: 200.0), Reader(lambda t: 204.0 if t < 0.1 else 900.0)
    poses = read(model(plain, mirrored), np.arange(30) / 30)
    assert max(float(p.xy_px[HIPS[0], 0]) for p in poses) < 240


def in_order(made: Turns, times: np.ndarray) -> list[Pose]:
    """As a clip is read: every picture with the one that comes after it."""
    frames = [Frame(IMAGE, float(t), i) for i, t in enumerate(times)]
    poses = []
    for i, frame in enumerate(frames):
        made.expect(frame, frames[i + 1 : i + 3])
        poses.append(made.track(frame))
    return poses


@contextmanager
def a_thread_each() -> Iterator[tuple[ThreadPoolExecutor, ThreadPoolExecutor]]:
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        yield one, other


class Slow(Reader):
    """Takes its time, and tells when two readers were at work at once."""

    at_work = 0
    most = 0

    def track(self, frame: Frame) -> Pose:
        with LOCK:
            Slow.at_work += 1
            Slow.most = max(Slow.most, Slow.at_work)
        time.sleep(0.002)
        pose = super().track(frame)
        with LOCK:
            Slow.at_work -= 1
        return pose


LOCK = threading.Lock()


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("rate", [12.5, 30.0])
def test_reading_ahead_gives_the_same_from_the_same_pictures(rate: float, thorough: bool) -> None:
    times = np.arange(40) / rate

    def readers(kind: type[Reader]) -> tuple[Reader, Reader]:
        return kind(lambda t: 200.0 + 90 * t), kind(lambda t: 204.0 + 80 * t)

    one = readers(Reader)
    expected = in_order(Turns(one, thorough=thorough), times)
    Slow.most = 0
    with a_thread_each() as threads:
        two = readers(Slow)
        ahead = in_order(Turns(two, thorough=thorough, threads=threads), times)
    assert Slow.most == 2
    assert [reader.asked for reader in one] == [reader.asked for reader in two]
    assert [p.xy_px.tolist() for p in expected] == [p.xy_px.tolist() for p in ahead]


LOST: tuple[Callable[[float], float | None], ...] = (
    lambda t: 200.0 if not 0.4 < t < 0.6 else None,
    lambda t: 200.0 if t < 0.5 else 900.0,
)


@pytest.mark.parametrize("script", LOST)
def test_a_wrong_guess_is_never_passed_over(script: Callable[[float], float | None]) -> None:
    with a_thread_each() as threads, pytest.raises(GuessedWrong):
        made = Turns((Reader(script), Reader(lambda t: 204.0)), threads=threads)
        in_order(made, np.arange(40) / 30)


def test_another_picture_than_expected_or_a_fresh_start_is_a_wrong_guess() -> None:
    frames = [Frame(IMAGE, i / 30, i) for i in range(6)]
    for surprise in (lambda made: made.track(Frame(IMAGE, 0.1, 3)), lambda made: made.reset()):
        with a_thread_each() as threads:
            made = Turns((Reader(lambda t: 200.0), Reader(lambda t: 204.0)), threads=threads)
            for i, frame in enumerate(frames[:3]):
                made.expect(frame, frames[i + 1 : i + 3])
                made.track(frame)
            with pytest.raises(GuessedWrong):
                surprise(made)


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_a_clip_read_ahead_gives_the_same_landmarks(samples: Path, name: str) -> None:
    """To the last bit; so every number, repetition and verdict is the same, too."""
    track = sample(name).track
    ahead = read_landmarks(samples / f"{name}.mp4", ClipOptions(parallel=True)).track
    assert track is not None
    assert track.xyz_m is not None
    assert ahead.xyz_m is not None
    np.testing.assert_array_equal(track.xy_px, ahead.xy_px)
    np.testing.assert_array_equal(track.xyz_m, ahead.xyz_m)
    np.testing.assert_array_equal(track.confidence, ahead.confidence)


@pytest.mark.slow
def test_a_clip_that_cannot_be_read_ahead_is_read_in_order(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where others come near: the guess fails in the middle."""
    whole = Turns.track

    def surprised(turns: Turns, frame: Frame) -> Pose:
        if turns._threads is not None and frame.index == 30:
            raise GuessedWrong
        return whole(turns, frame)

    monkeypatch.setattr(Turns, "track", surprised)
    ahead = read_landmarks(samples / "sq_in20_anna.mp4", ClipOptions(parallel=True)).track
    track = sample("sq_in20_anna").track
    assert track is not None
    np.testing.assert_array_equal(track.xy_px, ahead.xy_px)
