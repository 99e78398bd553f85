"""Clips that say what is to happen to them, and the work that does it: no model, no video.

A clip's text is a line of words: ``ok``, ``sleep 0.2``, ``error``, ``nobody``, ``die`` (always),
``die once`` (a file beside it remembers), ``full`` (the disk), ``model``. A number after ``#``
makes the content one of its own.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from kneetrack.batch.entries import Done, Task
from kneetrack.batch.ledger import Ledger, Record
from kneetrack.batch.places import local_copy, place_of
from kneetrack.batch.pool import Finished
from kneetrack.batch.work import failed
from kneetrack.records import ModelError, NobodySeenError, OutputError, SourceError


def make_clips(folder: Path, *texts: str) -> list[Path]:
    """A clip a text, numbered."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, text in enumerate(texts):
        path = folder / f"clip{number:02}.mp4"
        path.write_text(f"{text} # {number}")
        paths.append(path)
    return paths


def fake_record(key: str, sha256: str, kfo: float | None = 0.05) -> Record:
    """Two repetitions of a squat, one of them flagged, one rule that cannot be told."""
    reps = [
        {"rep": n, "set": 1, "exercise": "squat", "side": "both", "view": "front", "valid": True,
         "status": state, "start_s": float(n), "bottom_s": n + 0.5, "end_s": n + 1.0,
         "kfo_ratio_left": kfo, "kfo_ratio_left_error": 0.03}
        for n, state in ((1, "ok"), (2, "flag"))
    ]  # fmt: skip
    verdicts: list[dict[str, Any]] = []
    for n, state in ((1, "ok"), (2, "flag")):
        common = {"rep": n, "exercise": "squat", "view": "front", "rep_valid": True}
        told = {"measure": "kfo", "value": kfo, "error": 0.03, "unit": "ratio", "reason": None}
        verdicts.append(common | told | {"rule": "knee_valgus", "side": "left", "status": state,
                                         "information": False})  # fmt: skip
        untold = {"measure": "heel_lift", "value": None, "error": None, "unit": "ratio"}
        verdicts.append(common | untold | {
            "rule": "heel_lift", "side": "left", "status": "cannot_tell", "information": False,
            "reason": f"camera {40 + n}° to your left: turn {40 + n}° to your left",
        })  # fmt: skip
    readings = [["squat", "kfo", side, "front", kfo, 0.03] for side in ("left", "right")] * 2
    clip = {"exercise": "squat", "exercise_detected": "squat", "reps": 2, "reps_valid": 2,
            "duration_s": 4.0, "view": "front", "mediapipe": "1.2"}  # fmt: skip
    return Record(
        key, sha256, "analysed", seconds=1.5, clip=clip, reps=reps, verdicts=verdicts,
        readings=readings,
    )  # fmt: skip


def fake_work(task: Task) -> Done:
    """Do what the clip says; every time it is done is a line of ``log`` beside the clip."""
    with local_copy(task.address) as clip:
        words = clip.read_text().split("#")[0].split()
    beside = Path(task.address).parent
    if beside.is_dir():
        with (beside / "log").open("a") as log:
            log.write(f"{Path(task.address).name} {os.getpid()}\n")
    record = _done(task, words, Path(task.address))
    Ledger(place_of(task.out)).write(record)
    return Done(task.key, record.status, record.error)


def _done(task: Task, words: list[str], clip: Path) -> Record:
    once = clip.with_suffix(".died")
    match words[0]:
        case "sleep":
            time.sleep(float(words[1]))
        case "error":
            return failed(task, SourceError("this clip is broken"))
        case "nobody":
            return failed(task, NobodySeenError("nobody was seen in the clip"))
        case "full":
            raise OutputError("cannot write there: the disk is full")
        case "model":
            raise ModelError("the model is damaged")
        case "die" if words[1:] != ["once"] or not once.exists():
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return fake_record(task.key, task.sha256)


def done_in(folder: Path) -> list[str]:
    """The names of the clips worked on, in order."""
    log = folder / "log"
    return [line.split()[0] for line in log.read_text().splitlines()] if log.exists() else []


class InlinePool:
    """Calls run at once, in this process; a clip that says ``dies`` ends like a dead process."""

    tries_again = True

    def __init__(self) -> None:
        self._ended: list[Finished] = []
        self.closed = False

    def room(self, *, light: bool = False) -> int:
        return 2 - len(self._ended)

    def submit(self, token: int, call: Any, argument: Any, *, light: bool = False) -> None:
        if isinstance(argument, Task) and "dies" in Path(argument.address).read_text():
            self._ended.append(Finished(token, error=RuntimeError("gone"), died=True))
            return
        try:
            self._ended.append(Finished(token, call(argument)))
        except Exception as error:
            self._ended.append(Finished(token, error=error))

    def next_done(self, timeout_s: float) -> Finished | None:
        return self._ended.pop(0)

    def rest(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True
