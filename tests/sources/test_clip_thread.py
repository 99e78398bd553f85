"""The decoding thread: ahead but bounded, and gone on every way out."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from kneetrack.sources._prefetch import Prefetch
from kneetrack.sources.clip import ClipSource
from tests import clipmaking as make


def decoding() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "kneetrack-decode"]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make.write_clip(tmp_path / "a.mp4", make.pictures(60))


def test_it_ends_with_the_clip(clip: Path) -> None:
    with ClipSource(clip) as source:
        assert len(list(source)) == 60
    assert decoding() == []


def test_it_ends_when_the_consumer_leaves(clip: Path) -> None:
    with ClipSource(clip) as source:
        next(iter(source))
        assert len(decoding()) == 1
    assert decoding() == []


def test_it_ends_when_the_consumer_raises(clip: Path) -> None:
    with pytest.raises(ZeroDivisionError), ClipSource(clip) as source:
        for frame in source:
            assert frame.index // 0
    assert decoding() == []


def test_it_ends_when_nobody_reads(clip: Path) -> None:
    with ClipSource(clip) as source:
        iter(source)
        time.sleep(0.05)  # the buffer is full, the thread waits
    assert decoding() == []


def test_the_info_ends_it_too(clip: Path) -> None:
    with ClipSource(clip) as source:
        next(iter(source))
        info = source.info()
        assert decoding() == []
    assert 1 <= info.frames <= 60 and info.notes == ()


def test_an_unopened_or_used_clip_says_so(clip: Path) -> None:
    source = ClipSource(clip)
    with pytest.raises(RuntimeError, match="open the clip first"):
        iter(source)
    with source:
        list(source)
        with pytest.raises(RuntimeError, match="read once"):
            iter(source)
    with pytest.raises(RuntimeError, match="read once"), source:
        pass


def test_an_error_in_the_thread_reaches_the_consumer_after_the_items() -> None:
    def items() -> Generator[int, None, None]:
        yield 1
        yield 2
        raise LookupError("lost")

    ahead = Prefetch(items(), 4)
    assert (next(ahead), next(ahead)) == (1, 2)
    with pytest.raises(LookupError, match="lost"):
        next(ahead)
    with pytest.raises(StopIteration):
        next(ahead)
    ahead.close()
    ahead.close()


def test_it_is_never_further_ahead_than_allowed() -> None:
    made = 0

    def items() -> Generator[int, None, None]:
        nonlocal made
        while made < 1000:
            made += 1
            yield made

    ahead = Prefetch(items(), 3)
    for expected in range(1, 40):
        assert next(ahead) == expected
        time.sleep(0.001)
        assert made <= expected + 4
    ahead.close()
    assert decoding() == []


def test_frames_own_their_memory(clip: Path) -> None:
    with ClipSource(clip) as source:
        frames = list(source)
    first = frames[0].image.copy()
    for frame in frames[1:]:
        frame.image[:] = 7
    np.testing.assert_array_equal(frames[0].image, first)


def resident_bytes() -> int:
    statm = Path("/proc/self/statm")
    if not statm.is_file():
        pytest.skip("no /proc here")
    return int(statm.read_text("ascii").split()[1]) * 4096


def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    path = make.write_clip(tmp_path / "a.mp4", make.pictures(160, 30, (640, 480)))
    early = late = 0
    with ClipSource(path) as source:
        for frame in source:
            if frame.index == 60:
                early = resident_bytes()
            late = resident_bytes()
    assert frame.index == 159
    assert late - early < 30_000_000  # 100 frames of 0.9 MB, were they kept
