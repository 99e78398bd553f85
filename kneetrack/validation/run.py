"""Runs the clips in processes of their own: one that fails does not end the others."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from kneetrack.analysis import BridgeMode
from kneetrack.recorded import ClipOptions, Progress, analyse
from kneetrack.records import KneetrackError, ModelError, OutputError, SettingsError
from kneetrack.result import Result
from kneetrack.validation.clips import Clip
from kneetrack.validation.conditions import Condition
from kneetrack.validation.outcome import ClipOutcome
from kneetrack.validation.readings import readings_of
from kneetrack.validation.truth import Truth, read_truth
from kneetrack.validation.verdicts import labelled, leg_verdicts, recognised, tracking

STAGE: Final = "validating"
_ENDED: Final = "the process that read it ended unexpectedly"
_PATIENCE_S: Final = 5.0
_EVERY_CLIP: Final = (ModelError, SettingsError, OutputError)
"""Errors that every clip would meet: they end the run."""


@dataclass(frozen=True, slots=True)
class How:
    """How every clip is analysed, and in what condition it is read (None: as it was filmed)."""

    options: ClipOptions = field(default_factory=ClipOptions)
    bridge: BridgeMode = "low"
    config: Path | None = None
    condition: Condition | None = None


Judge = Callable[[Clip, How], ClipOutcome]


def judge_clip(clip: Clip, how: How) -> ClipOutcome:
    """Analyse a clip and hold it against its truth and labels; why not, where that fails.

    Raises only what every other clip would meet, too.
    """
    if clip.problem:
        return ClipOutcome(clip.name, failure=clip.problem)
    try:
        truth = replace(read_truth(clip.truth), name=clip.name) if clip.truth else None
        options = how.options
        if how.condition is not None:
            truth = truth and how.condition.truth(truth)
            options = replace(options, through=how.condition.source)
        result = analyse(clip.video, bridge=how.bridge, config=how.config, options=options)
        return held_against(clip, truth, result)
    except _EVERY_CLIP:
        raise
    except KneetrackError as error:
        return ClipOutcome(clip.name, failure=_without_folder(str(error), clip.video))
    except Exception as error:
        return ClipOutcome(clip.name, failure=f"unexpected {type(error).__name__}: {error}")


def held_against(clip: Clip, truth: Truth | None, result: Result) -> ClipOutcome:
    """What a result contributes."""
    answers = tuple(labelled(clip.name, clip.labels, result))
    if truth is None:
        return ClipOutcome(clip.name, labelled=answers)
    return ClipOutcome(
        clip.name,
        readings=tuple(readings_of(truth, result)),
        legs=tuple(leg_verdicts(truth, result)),
        tracking=tracking(truth, result),
        recognised=recognised(truth, result),
        labelled=answers,
    )


def _without_folder(message: str, video: Path) -> str:
    return " ".join(message.replace(f"{video.parent}{os.sep}", "").split())


def run_clips(
    clips: Sequence[Clip],
    how: How,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    judge: Judge = judge_clip,
) -> list[ClipOutcome]:
    """The outcomes in the order of the clips, ``jobs`` at a time (default: one a CPU).

    A process that dies takes nobody along: what it leaves undone runs again, one clip a process.
    """
    done: dict[int, ClipOutcome] = {}

    def tell() -> None:
        if progress is not None:
            progress(STAGE, len(done), len(clips))

    tell()
    everything = list(range(len(clips)))
    for i, outcome in _in_pool(everything, clips, how, jobs or os.cpu_count() or 1, judge):
        done[i] = outcome
        tell()
    for i in everything:
        if i not in done:
            alone = dict(_in_pool([i], clips, how, 1, judge))
            done[i] = alone.get(i, ClipOutcome(clips[i].name, failure=_ENDED))
            tell()
    return [done[i] for i in everything]


def _in_pool(
    which: Sequence[int], clips: Sequence[Clip], how: How, jobs: int, judge: Judge
) -> Iterator[tuple[int, ClipOutcome]]:
    """Outcomes as they come, by the index of their clip; ends early when a process dies."""
    others = set(multiprocessing.active_children())
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(which)), spawn, initializer=_hushed) as pool:
        try:
            with _interrupts_are_ours():
                futures: dict[Future[ClipOutcome], int] = {
                    pool.submit(judge, clips[i], how): i for i in which
                }
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool:
            return
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _end(set(multiprocessing.active_children()) - others)
            raise


def _end(children: Iterable[BaseProcess]) -> None:
    """Stop processes and wait until they are gone."""
    ending = list(children)
    for child in ending:
        child.terminate()
    for child in ending:
        child.join(_PATIENCE_S)
        if child.is_alive():
            child.kill()


def _hushed() -> None:
    """In each process: what native libraries print is not for the terminal; errors are returned."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


@contextmanager
def _interrupts_are_ours() -> Iterator[None]:
    """Processes started meanwhile ignore Ctrl-C: this one ends them, without their tracebacks."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
