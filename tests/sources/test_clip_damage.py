"""Files that are wrong, broken, blank or no clips at all: read what is there, and say so."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from kneetrack.records import ClipInfo, NobodySeenError, SourceError
from kneetrack.sources.clip import ClipSource
from tests import clipmaking as make


def read(path: Path, **how: float) -> tuple[list[int], ClipInfo]:
    """Picture numbers of all frames, and the info."""
    with ClipSource(path, **how) as clip:
        numbers = [make.index_of(frame.image) for frame in clip]
    return numbers, clip.info()


@pytest.fixture
def noisy() -> Callable[[int], make.Frames]:
    """Frames that do not compress, so that a file has its bytes spread over its length."""

    def frames(count: int) -> make.Frames:
        rng = np.random.default_rng(0)
        for index in range(count):
            image = make.picture(index)
            image[:8] = rng.integers(0, 255, (8, *image.shape[1:]), np.uint8)
            yield image, index / 30

    return frames


# --- cut off


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm", ".avi", ".gif"])
@pytest.mark.parametrize("fraction", [0.35, 0.6, 0.9])
def test_a_clip_cut_off_is_read_up_to_there(
    tmp_path: Path,
    noisy: Callable[[int], make.Frames],
    suffix: str,
    fraction: float,
    capfd: pytest.CaptureFixture[str],
) -> None:
    whole = make.write_clip(tmp_path / f"whole{suffix}", noisy(60), options={"g": "10"})
    if suffix in (".mp4", ".mov"):
        whole = make.index_in_front(whole, tmp_path / f"front{suffix}")
    path = make.cut_off(whole, tmp_path / f"cut{suffix}", fraction)
    numbers, info = read(path)
    assert 60 * fraction * 0.6 < len(numbers) < 60 * fraction * 1.3
    sure = len(numbers) - (suffix == ".gif")  # half of a gif's last picture may be the one before
    assert numbers[:sure] == [i % make.CYCLE for i in range(sure)]
    (note,) = [note for note in info.notes if "cut off after" in note]
    assert f"{len(numbers) / 30:.1f} s" in note and "analysed what is there" in note
    assert capfd.readouterr() == ("", "")


def test_an_mp4_without_its_index(tmp_path: Path) -> None:
    whole = make.write_clip(tmp_path / "whole.mp4", make.pictures(60))
    path = make.cut_off(whole, tmp_path / "cut.mp4", 0.5)
    with pytest.raises(SourceError, match=r"incomplete.*copy it again") as caught, ClipSource(path):
        pass
    assert "\n" not in str(caught.value)


def test_a_fragmented_mp4_cut_off(tmp_path: Path, noisy: Callable[[int], make.Frames]) -> None:
    whole = tmp_path / "whole.mp4"
    clip = make.write_clip(tmp_path / "a.mp4", noisy(60), options={"g": "10"})
    with (
        av.open(str(clip)) as source,
        av.open(str(whole), "w", options={"movflags": "frag_keyframe+empty_moov"}) as target,
    ):
        copy = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                target.mux(packet)
    numbers, info = read(make.cut_off(whole, tmp_path / "cut.mp4", 0.6))
    assert 20 <= len(numbers) < 45
    assert any("cut off after" in note for note in info.notes)


# --- damaged within


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm", ".avi"])
def test_damage_in_the_middle_is_left_out(
    tmp_path: Path, noisy: Callable[[int], make.Frames], suffix: str
) -> None:
    options = {"g": "10"} | ({"bf": "0"} if suffix in (".mp4", ".mkv") else {})
    whole = make.write_clip(tmp_path / f"a{suffix}", noisy(60), options=options)
    path = make.damaged(whole, tmp_path / f"b{suffix}", {23, 24})
    with ClipSource(path) as clip:
        frames = list(clip)
    info = clip.info()
    assert 45 <= len(frames) <= 59
    times = np.array([frame.t_s for frame in frames])
    np.testing.assert_allclose(times * 30, np.round(times * 30), atol=0.04)
    assert times[-1] == pytest.approx(59 / 30, abs=2e-3)  # the gap stays a gap
    assert any("damaged and left out" in note for note in info.notes)


def test_pictures_that_decode_to_rubbish_are_left_out(
    tmp_path: Path, noisy: Callable[[int], make.Frames]
) -> None:
    whole = make.write_clip(tmp_path / "a.avi", noisy(30), options={"g": "5", "b": "8000000"})
    path = make.damaged(whole, tmp_path / "b.avi", {14}, keep=8)
    with ClipSource(path) as clip:
        frames = list(clip)
    assert 14 not in [round(frame.t_s * 30) for frame in frames]
    assert "1 frame damaged and left out" in clip.info().notes


def test_a_promise_of_too_many_frames(tmp_path: Path) -> None:
    whole = make.write_clip(tmp_path / "a.avi", make.pictures(40))
    path = make.wrong_frame_count(whole, tmp_path / "b.avi", 90)
    with ClipSource(path) as clip:
        assert clip.declared_frames == 90
        assert len(list(clip)) == 40
    info = clip.info()
    assert info.frames == 40 and info.duration_s == pytest.approx(40 / 30, abs=0.01)
    assert any("its header promises 3.0 s" in note for note in info.notes)


def test_a_promise_of_too_few_frames(tmp_path: Path) -> None:
    whole = make.write_clip(tmp_path / "a.avi", make.pictures(40))
    numbers, info = read(make.wrong_frame_count(whole, tmp_path / "b.avi", 7))
    assert len(numbers) == info.frames == 40
    assert any("promises 7 frames, 40 were read" in note for note in info.notes)


# --- blank


@pytest.mark.parametrize("colour", [(0, 0, 0), (0, 156, 0), (255, 255, 255)])
@pytest.mark.parametrize("suffix", [".mp4", ".gif"])
def test_leading_blank_frames_are_skipped(
    tmp_path: Path, colour: tuple[int, int, int], suffix: str
) -> None:
    clip = make.write_clip(tmp_path / "a.mp4", make.pictures(20))
    path = make.leading_blank(clip, tmp_path / f"b{suffix}", 5, colour)
    with ClipSource(path) as source:
        frames = list(source)
    info = source.info()
    assert [make.index_of(frame.image) for frame in frames] == [n % make.CYCLE for n in range(20)]
    assert frames[0].index == 5
    assert frames[0].t_s == pytest.approx(5 / 30, abs=0.011)
    assert info.frames == 25
    assert "5 frames blank at the start and skipped" in info.notes


def test_blank_frames_later_are_frames(tmp_path: Path) -> None:
    frames = [*make.pictures(5), (np.zeros((64, 96, 3), np.uint8), 5 / 30)]
    numbers, info = read(make.write_clip(tmp_path / "a.mp4", frames))
    assert len(numbers) == 6 and info.notes == ()


def test_a_clip_that_is_all_blank(tmp_path: Path) -> None:
    black = np.zeros((64, 96, 3), np.uint8)
    path = make.write_clip(tmp_path / "a.mp4", [(black, i / 30) for i in range(9)])
    with ClipSource(path) as clip, pytest.raises(NobodySeenError, match="blank"):
        list(clip)


# --- no clip


def no_folder(tmp_path: Path) -> Path:
    return tmp_path


def missing(tmp_path: Path) -> Path:
    return tmp_path / "none.mp4"


def empty(tmp_path: Path) -> Path:
    (tmp_path / "empty.mp4").touch()
    return tmp_path / "empty.mp4"


def text(tmp_path: Path) -> Path:
    (tmp_path / "note.txt").write_text("Not a film.\n" * 50, "utf-8")
    return tmp_path / "note.txt"


def noise(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    (tmp_path / "noise.mp4").write_bytes(rng.integers(0, 255, 20_000, np.uint8).tobytes())
    return tmp_path / "noise.mp4"


def photo(tmp_path: Path) -> Path:
    import cv2

    ok, data = cv2.imencode(".png", make.picture(0))
    assert ok
    (tmp_path / "photo.png").write_bytes(data.tobytes())
    return tmp_path / "photo.png"


def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), "fltp", "mono")
        silence.rate = 44100
        container.mux(stream.encode(silence))
        container.mux(stream.encode(None))
    return path


def sound_with_cover(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp4"
    with av.open(str(sound(tmp_path))) as source, av.open(str(path), "w") as target:
        song = target.add_stream_from_template(source.streams.audio[0])
        cover = target.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 96, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        still = av.VideoFrame.from_ndarray(make.picture(0), format="bgr24")
        target.mux(cover.encode(still.reformat(format="yuvj420p")))
        target.mux(cover.encode(None))
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = song
                target.mux(packet)
    return path


def no_frame(tmp_path: Path) -> Path:
    whole = make.write_clip(tmp_path / "whole.mp4", make.pictures(4))
    return make.damaged(whole, tmp_path / "hopeless.mp4", {0, 1, 2, 3})


@pytest.mark.parametrize(
    ("make_file", "words"),
    [
        (missing, "does not exist: check"),
        (no_folder, "is a folder: give one video file"),
        (empty, "is empty"),
        (text, "not a video"),
        (noise, "not a video"),
        (photo, "not a video"),
        (sound, "holds no video"),
        (sound_with_cover, "holds no video"),
        (no_frame, "no frame that can be decoded"),
    ],
)
def test_what_is_no_clip_is_told_in_one_line(
    tmp_path: Path,
    make_file: Callable[[Path], Path],
    words: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path = make_file(tmp_path)
    with pytest.raises(SourceError, match=words) as caught, ClipSource(path) as clip:
        list(clip)
    message = str(caught.value)
    assert str(path) in message and "\n" not in message
    assert caught.value.exit_code == 3
    assert capfd.readouterr() == ("", "")


def test_nothing_is_fetched_from_elsewhere(tmp_path: Path) -> None:
    """A playlist may name addresses; a clip of a person must not lead anywhere."""
    path, told = tmp_path / "list.m3u8", []

    def read_it() -> None:
        try:
            read(path)
        except SourceError as error:
            told.append(error)

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}\n", "utf-8")
        reading = threading.Thread(target=read_it, daemon=True)  # a visitor would wait for ever
        reading.start()
        with pytest.raises(TimeoutError):
            server.accept()
        reading.join(2)
    assert len(told) == 1
