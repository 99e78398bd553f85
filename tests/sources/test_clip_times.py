"""Time: variable rates, odd starts, parts of a clip, slow motion, timestamps that lie."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from kneetrack.records import ClipInfo, SettingsError, SourceError
from kneetrack.sources import _reader
from kneetrack.sources._clock import Clock, Rhythm
from kneetrack.sources._container import open_container
from kneetrack.sources.clip import ClipSource
from tests import clipmaking as make


def times(path: Path, **how: float) -> tuple[list[float], list[int], ClipInfo]:
    """Times and picture numbers of all frames, and the info."""
    with ClipSource(path, **how) as clip:
        pairs = [(frame.t_s, make.index_of(frame.image)) for frame in clip]
    return [t for t, _ in pairs], [n for _, n in pairs], clip.info()


def settled(raw: list[float | None], step_s: float = 0.1) -> tuple[list[float], int]:
    """What a Clock makes of raw timestamps, and how many it repaired."""
    clock = Clock(step_s, raw[0] or 0.0)
    following = [*raw[1:], None]
    out = [clock.settle(now, after) for now, after in zip(raw, following, strict=True)]
    assert (np.diff(out) > 0).all()
    return out, clock.repaired


# --- the clock


@pytest.mark.parametrize(
    ("raw", "expected", "repaired"),
    [
        ([5.0, 5.1, 5.2], [0, 0.1, 0.2], 0),
        ([0, 0.1, 0.9, 1.0], [0, 0.1, 0.9, 1.0], 0),  # a true pause
        ([0, 0.04, 0.15, 0.19], [0, 0.04, 0.15, 0.19], 0),
        ([0, 0.1, 0.1, 0.3], [0, 0.1, 0.2, 0.3], 1),  # repeated
        ([0, 0.1, 0.1, 0.2, 0.3], [0, 0.1, 0.15, 0.2, 0.3], 1),  # a frame too many
        ([0, 0.1, 0.1001, 0.3], [0, 0.1, 0.2, 0.3], 1),  # as good as repeated
        ([0, 0.1, None, 0.3], [0, 0.1, 0.2, 0.3], 1),
        ([None, None, None], [0, 0.1, 0.2], 3),
        ([0, 0.1, 0.05, 0.3], [0, 0.1, 0.2, 0.3], 1),  # falls
        ([0, 0.1, 50.0, 0.3, 0.4], [0, 0.1, 0.2, 0.3, 0.4], 1),  # leaps for one frame
        ([7, 7.1, 2.0, 7.3, 7.4], [0, 0.1, 0.2, 0.3, 0.4], 1),  # falls far for one frame
        ([7, 7.1, 7.2, 0, 0.1, 0.2], [0, 0.1, 0.2, 0.3, 0.4, 0.5], 1),  # starts again
        ([7, 7.1, 7.2, 0, 0.15, 0.2], [0, 0.1, 0.2, 0.3, 0.45, 0.5], 1),
        ([0, 0, 0, 0], [0, 0.1, 0.2, 0.3], 3),
    ],
)
def test_times_are_repaired(raw: list[float | None], expected: list[float], repaired: int) -> None:
    out, count = settled(raw)
    np.testing.assert_allclose(out, expected, atol=1e-9)
    assert count == repaired


def test_repaired_times_rise_whatever_comes() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        raw = np.arange(40) * 0.1 + rng.normal(0, rng.choice([0, 0.05, 2.0]), 40)
        settled([None if rng.random() < 0.1 else float(value) for value in raw])


def test_rhythm_tells_variable_from_rounded() -> None:
    def rhythm(values: np.ndarray, tick_s: float) -> Rhythm:
        made = Rhythm(tick_s)
        for value in values:
            made.add(float(value))
        return made

    even = np.arange(300) / 30
    assert not rhythm(even, 1e-5).variable
    assert not rhythm(np.round(even, 2), 0.01).variable  # a gif's clock
    assert not rhythm(np.delete(even, [50, 120]), 1e-5).variable  # two dropped frames
    assert rhythm(np.delete(even, np.arange(10, 290, 7)), 1e-5).variable
    empty, one = rhythm(even[:0], 1e-5), rhythm(even[:1], 1e-5)
    assert (empty.fps, empty.duration_s, one.fps, one.duration_s) == (0, 0, 0, 0)


# --- containers


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm"])
def test_variable_rate_keeps_the_true_times(tmp_path: Path, suffix: str) -> None:
    rng = np.random.default_rng(1)
    stamps = np.cumsum(rng.choice([0.02, 0.033, 0.05, 0.2], 40)) - 0.02
    frames = ((make.picture(i), t) for i, t in enumerate(stamps))
    path = make.write_clip(tmp_path / f"vfr{suffix}", frames)
    found, numbers, info = times(path)
    np.testing.assert_allclose(found, stamps - stamps[0], atol=1.1e-3)
    assert numbers == [i % make.CYCLE for i in range(40)]
    assert info.variable_frame_rate
    assert info.fps == pytest.approx(39 / (stamps[-1] - stamps[0]), rel=0.01)


def test_a_phones_dropped_frames(tmp_path: Path) -> None:
    whole = make.write_clip(tmp_path / "whole.mp4", make.pictures(90))
    found, _, info = times(make.variable_rate(whole, tmp_path / "vfr.mp4"))
    assert info.variable_frame_rate and 45 < len(found) < 75
    assert info.notes == ()
    np.testing.assert_allclose(np.array(found) * 30 % 1 % 0.999, 0, atol=0.02)


@pytest.mark.parametrize("name", ["a.ts", "a.mkv", "a.mp4"])
def test_time_starts_at_the_first_frame(tmp_path: Path, name: str) -> None:
    found, _, info = times(make.write_clip(tmp_path / name, make.pictures(10), start_s=7.3))
    np.testing.assert_allclose(found, np.arange(10) / 30, atol=1.1e-3)
    assert info.notes == ()


def test_reordered_pictures_and_edit_lists(tmp_path: Path) -> None:
    """B-frames put an edit list into an mp4."""
    options = {"preset": "veryfast", "bf": "3", "b-adapt": "0"}
    path = make.write_clip(tmp_path / "b.mp4", make.pictures(27), options=options)
    assert b"elst" in path.read_bytes()
    found, numbers, info = times(path)
    assert numbers == [n % make.CYCLE for n in range(27)] and found[0] == 0
    assert info.notes == ()


def test_a_trimmed_mp4_shows_what_players_show(tmp_path: Path) -> None:
    """A phone trims by an edit list: the frames before stay in the file, unseen."""
    path = make.write_clip(tmp_path / "a.mp4", make.pictures(28), options={"bf": "0"})
    data = bytearray(path.read_bytes())
    entry = data.index(b"elst") + 12
    trim_ms, ticks = 333, 10_000  # ten frames; 30000 ticks a second
    length_ms = int.from_bytes(data[entry : entry + 4], "big")
    data[entry : entry + 4] = (length_ms - trim_ms).to_bytes(4, "big")
    data[entry + 4 : entry + 8] = ticks.to_bytes(4, "big")
    path.write_bytes(data)
    found, numbers, info = times(path)
    assert numbers == [n % make.CYCLE for n in range(10, 28)] and found[0] == 0
    assert info.duration_s == pytest.approx(0.6, abs=0.01)
    assert info.notes == ()


def test_repeated_and_falling_stamps_in_a_file(tmp_path: Path) -> None:
    """Pictures that need no other are shown at any stamp; here two stamps are wrong."""
    clip = make.write_clip(tmp_path / "a.mkv", make.pictures(20), codec="mjpeg")

    def lie(index: int, packet: av.Packet) -> av.Packet:
        shift = {7: -33, 12: -60}.get(index, 0)
        packet.dts = packet.pts - 1000
        packet.pts += shift
        return packet

    found, numbers, info = times(make.remux(clip, tmp_path / "b.mkv", lie))
    np.testing.assert_allclose(found, np.arange(20) / 30, atol=2e-3)
    assert numbers == [n % make.CYCLE for n in range(20)]
    assert [note for note in info.notes if note.startswith("2 frames had a missing")]


def test_a_bare_stream_without_stamps(tmp_path: Path) -> None:
    path = tmp_path / "a.h264"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for image, _ in make.pictures(20):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode(None))
    found, numbers, info = times(path)
    assert numbers == [n % make.CYCLE for n in range(20)]
    np.testing.assert_allclose(found, np.arange(20) / 25, atol=1e-3)
    assert info.duration_s == pytest.approx(0.8, abs=0.01)


# --- parts


def test_a_part_in_the_players_seconds(tmp_path: Path) -> None:
    path = make.write_clip(tmp_path / "a.mp4", make.pictures(60))
    with ClipSource(path, start_s=0.5, end_s=1.0) as clip:
        assert clip.declared_frames == 15
        assert clip.declared_duration_s == pytest.approx(0.5)
        frames = list(clip)
    assert [make.index_of(f.image) for f in frames] == [n % make.CYCLE for n in range(15, 30)]
    assert [f.index for f in frames] == list(range(15))
    assert frames[0].t_s == pytest.approx(0.5) and frames[-1].t_s < 1.0
    info = clip.info()
    assert (info.frames, info.notes) == (15, ())


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm", ".avi"])
@pytest.mark.parametrize("start_s", [5.0, 6.02, 9.9])
def test_a_late_start_gives_the_same_frames(tmp_path: Path, suffix: str, start_s: float) -> None:
    options = {"g": "45"}
    frames = make.pictures(300, 30, (32, 32))
    path = make.write_clip(tmp_path / f"a{suffix}", frames, options=options)
    from_zero = [pair for pair in zip(*times(path)[:2], strict=True) if pair[0] >= start_s]
    sought = list(zip(*times(path, start_s=start_s)[:2], strict=True))
    assert sought == from_zero


def test_seeking_too_far_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make.write_clip(
        tmp_path / "a.mp4", make.pictures(240, 30, (32, 32)), options={"g": "15"}
    )

    class Overshooting:
        def __init__(self, path: Path) -> None:
            self.container = open_container(path)

        def __getattr__(self, name: str) -> object:
            return getattr(self.container, name)

        def seek(self, offset: int, *, stream: object) -> None:
            self.container.seek(offset + 45_000, stream=stream)  # 1.5 s

    expected = times(path, start_s=5.5)
    monkeypatch.setattr(_reader, "open_container", Overshooting)
    assert times(path, start_s=5.5) == expected


@pytest.mark.parametrize(("start_s", "end_s"), [(-1, None), (2, 2), (3, 1), (None, 0), (0, -1)])
def test_impossible_parts(tmp_path: Path, start_s: float | None, end_s: float | None) -> None:
    with pytest.raises(SettingsError, match="--start"):
        ClipSource(tmp_path / "a.mp4", start_s=start_s, end_s=end_s)


def test_a_start_beyond_the_end(tmp_path: Path) -> None:
    path = make.write_clip(tmp_path / "a.mp4", make.pictures(30))
    for start_s in (1.5, 40.0):
        with ClipSource(path, start_s=start_s) as clip, pytest.raises(SourceError, match=r"1\.0 s"):
            list(clip)


# --- slow motion


def test_speed_makes_true_time(tmp_path: Path) -> None:
    path = make.write_clip(tmp_path / "a.mp4", make.pictures(40))
    with ClipSource(path, speed=0.25, start_s=0.4) as clip:
        assert clip.declared_fps == pytest.approx(120)
        assert clip.declared_duration_s == pytest.approx((40 / 30 - 0.4) / 4)
        assert clip.declared_frames == 28
        frames = list(clip)
    info = clip.info()
    assert frames[0].t_s == pytest.approx(0.1)
    np.testing.assert_allclose(np.diff([f.t_s for f in frames]), 1 / 120, atol=1e-5)
    assert info.fps == pytest.approx(120, rel=1e-3)
    assert info.duration_s == pytest.approx(28 / 120, abs=1e-3)
    assert (info.speed, info.notes) == (0.25, ("speed 0.25 as given",))


@pytest.mark.parametrize("speed", [0, -1, float("nan"), float("inf")])
def test_impossible_speeds(tmp_path: Path, speed: float) -> None:
    with pytest.raises(SettingsError, match=r"--speed"):
        ClipSource(tmp_path / "a.mp4", speed=speed)


@pytest.mark.parametrize("factor", [4, 8])
def test_slow_motion_of_android_is_found(tmp_path: Path, factor: int) -> None:
    clip = make.write_clip(tmp_path / "a.mp4", make.pictures(20))
    slow = make.slow_motion(clip, tmp_path / "slow.mp4", factor)
    found, _, info = times(slow)
    assert info.speed == pytest.approx(1 / factor)
    np.testing.assert_allclose(found, np.arange(20 * factor) / (30 * factor), atol=1e-3)
    assert info.fps == pytest.approx(30 * factor, rel=1e-3)
    assert any("slow motion" in note for note in info.notes)
    found, _, info = times(slow, speed=1)
    np.testing.assert_allclose(found, np.arange(20 * factor) / 30, atol=1e-3)
    assert info.speed == 1


@pytest.mark.parametrize(
    ("fps", "tags", "speed", "told"),
    [
        (240, {"com.android.capture.fps": "240.000000"}, 1, ""),
        (29.4, {"com.android.capture.fps": "30.000000"}, 1, ""),
        (24, {"com.android.capture.fps": "30.000000"}, 1, ""),
        (30.045, {"com.android.capture.fps": "120.000000"}, 0.25, "slow motion"),
        (15, {"com.android.capture.fps": "30.000000"}, 1, ""),  # poor light
        (7.5, {"com.android.capture.fps": "30.000000"}, 0.25, "slow motion"),
        (30, {"com.android.capture.fps": "2.000000"}, 15, "time-lapse"),
        (30, {"com.android.capture.fps": "nonsense"}, 1, ""),
        (240, {"com.apple.quicktime.full-frame-rate-playback-intent": "0"}, 1, "slow motion"),
        (30, {"com.apple.quicktime.full-frame-rate-playback-intent": "0"}, 1, ""),
    ],
)
def test_what_the_container_says_of_the_capture(
    tmp_path: Path, fps: float, tags: dict[str, str], speed: float, told: str
) -> None:
    path = make.write_clip(tmp_path / "a.mp4", make.pictures(20, fps), fps=fps, metadata=tags)
    _, _, info = times(path)
    assert info.speed == speed
    assert bool(info.notes) == bool(told)
    assert told in " ".join(info.notes)
