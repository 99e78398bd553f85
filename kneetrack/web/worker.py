"""One clip's analysis, in a process of its own: ``python -m kneetrack.web.worker``.

The job comes as one line of JSON on standard input; how far it is goes out on standard output, a
line of JSON each. Standard input stays open as long as the server lives: when it ends, however it
ended, so does this, and the trial stays under way until the server's next start.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from kneetrack.clinic.at_work import BROKEN_OFF, at_work, is_at_work
from kneetrack.clinic_records.visits import Trial
from kneetrack.records import ConsentError, KneetrackError, UnknownRecordError
from kneetrack.store import Store, open_store
from kneetrack.web.incoming import MOST_TRIES, Incoming, Upload

INTAKE: Final = "kneetrack.clinic.intake:take_clip"
GAVE_UP: Final = "the analysis of this clip brought the program down several times"
_TELL_EVERY_S: Final = 0.3
Report = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is told. intake: ``module:function``, called as clinic.intake.take_clip."""

    db: str | None
    files: str
    by: str
    upload_id: str
    intake: str = INTAKE


def measure(
    store: Store, incoming: Incoming, upload: Upload, intake: Callable[..., Trial], report: Report
) -> bool:
    """Has a clip analysed, going on with a trial that was left under way; whether it is done with.

    Where it is not the clip's doing (no room, no model), the clip waits for another try.
    """
    from kneetrack.clinic.change import protocol_of

    try:
        session = store.session(upload.session_id)
        step = protocol_of(store, [session]).step(upload.step)
        upload = incoming.save(replace(upload, tries=upload.tries + 1))
        trial = _trial(store, incoming, upload)
        if trial is None or step is None:
            return True
        upload = incoming.save(replace(upload, trial_id=trial.id))
        if upload.tries > MOST_TRIES:
            store.fail_trial(trial.id, GAVE_UP)
            return True
        intake(store, trial.id, step, incoming.clip(upload), progress=report)
    except (ConsentError, UnknownRecordError):
        return True
    except KneetrackError:
        incoming.save(replace(upload, queued=False, trial_id="", tries=0))
        return False
    return True


def _trial(store: Store, incoming: Incoming, upload: Upload) -> Trial | None:
    """The trial to go on with, or a new one; None: it is finished already."""
    if upload.trial_id:
        with suppress(UnknownRecordError):
            trial = store.trial(upload.trial_id)
            if trial.status == "under_way":
                return trial
            if not (trial.status == "failed" and trial.reason == BROKEN_OFF):
                return None
    elif upload.tries > 1:  # killed after a trial was begun and before that was written down
        taken = {other.trial_id for other in incoming.of_session(upload.session_id)}
        for trial in store.trials(upload.session_id):
            same = (trial.step, trial.view, trial.origin) == (upload.step, upload.view, "clip")
            free = trial.id not in taken and not is_at_work(store.trial_folder(trial.id))
            if same and free and trial.status == "under_way":
                return trial
    return store.begin_trial(upload.session_id, upload.step, upload.view, "clip")


def run(job: Job, report: Report) -> None:
    """Does the job. Raises KneetrackError when the store does not answer."""
    module, _, name = job.intake.partition(":")
    intake = getattr(importlib.import_module(module), name)
    with open_store(job.db, files=Path(job.files), by=job.by) as store:
        incoming = Incoming(store.files)
        upload = incoming.find(job.upload_id)
        with at_work(incoming.folder(upload)):
            done = measure(store, incoming, upload, intake, report)
        if done:
            incoming.drop(upload)


def _teller(out: Any) -> Report:
    last = [("", 0.0)]

    def tell(stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if stage == last[0][0] and now - last[0][1] < _TELL_EVERY_S:
            return
        last[0] = (stage, now)
        out.write(json.dumps({"stage": stage, "done": done, "total": total}) + "\n")
        out.flush()

    return tell


def _end_with_the_server() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def main() -> int:
    """Reads the job, does it; 0: done, or the trial says why not."""
    job = Job(**json.loads(sys.stdin.buffer.readline()))
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    with suppress(OSError, AttributeError):
        os.nice(5)
    try:
        run(job, _teller(sys.stdout))
    except UnknownRecordError:
        return 0
    except Exception as error:
        sys.stdout.write(json.dumps({"error": type(error).__name__}) + "\n")
        sys.stdout.flush()
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the watching thread still reads
