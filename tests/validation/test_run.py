"""Clips run in processes of their own; one that fails takes nobody along."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from kneetrack.records import ModelError
from kneetrack.validation.clips import Clip
from kneetrack.validation.outcome import ClipOutcome
from kneetrack.validation.run import How, judge_clip, run_clips
from tests.validation import fakes

NAMES = ("a", "dies", "b", "c")


def clips(*names: str) -> list[Clip]:
    return [Clip(name, Path(f"{name}.mp4")) for name in names]


def fake_judge(clip: Clip, how: How) -> ClipOutcome:
    """Stands in for the analysis, in the worker process."""
    if clip.name == "dies":
        os._exit(1)
    if clip.name == "no model":
        raise ModelError("the model is not there")
    return ClipOutcome(clip.name, failure=f"{os.getpid()}")


def test_outcomes_come_in_order_from_other_processes_and_progress_is_told() -> None:
    told: list[tuple[str, int, int | None]] = []
    found = run_clips(
        clips("a", "b", "c"), How(), jobs=2, judge=fake_judge,
        progress=lambda *what: told.append(what),
    )  # fmt: skip
    assert [o.clip for o in found] == ["a", "b", "c"]
    assert str(os.getpid()) not in {o.failure for o in found}
    assert told == [("validating", done, 3) for done in range(4)]


def test_a_process_that_dies_is_the_failure_of_its_clip_alone() -> None:
    found = run_clips(clips(*NAMES), How(), jobs=2, judge=fake_judge)
    assert [o.clip for o in found] == list(NAMES)
    failed = {o.clip for o in found if "ended unexpectedly" in o.failure}
    assert failed == {"dies"}


def test_what_every_clip_would_meet_ends_the_run() -> None:
    with pytest.raises(ModelError, match="not there"):
        run_clips(clips("a", "no model", "b"), How(), jobs=1, judge=fake_judge)


def interrupting(stage: str, done: int, total: int | None) -> None:
    if done == 1:
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_ends_the_processes() -> None:
    others = set(multiprocessing.active_children())
    with pytest.raises(KeyboardInterrupt):
        run_clips(clips("a", "b", "c"), How(), jobs=2, judge=fake_judge, progress=interrupting)
    started = set(multiprocessing.active_children()) - others
    for child in started:
        child.join(60)  # a killed process may take its time on a busy machine
    assert not any(runs(child.pid) for child in started)


def runs(pid: int | None) -> bool:
    """Whether there is such a process. (One that another thread has waited for looks alive.)"""
    try:
        os.kill(pid or 0, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_clip_that_cannot_be_read_or_has_no_usable_truth_tells_why(tmp_path: Path) -> None:
    video = tmp_path / "a.mp4"
    video.write_bytes(b"no video")
    outcome = judge_clip(Clip("a", video), How())
    assert outcome.failure
    assert str(tmp_path) not in outcome.failure, "pages are handed over: no folders"
    assert judge_clip(Clip("a", video, problem="half"), How()).failure == "half"
    broken = fakes.save(fakes.truth("a", movement="jump"), tmp_path)
    assert "movement 'jump'" in judge_clip(Clip("a", video, broken), How()).failure
