"""Stands in for the analysis in tests of what goes on around it: quick, and told what to do.

What it does stands in the first bytes of the clip: ``slow``, ``crash``, ``full``, ``withdrawn``.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from kneetrack.clinic_records.numbers import TrialNumbers
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.visits import RESULT_FILE, RepLine, Trial
from kneetrack.records import ConsentError, OutputError
from kneetrack.store import Store

GATE = "let-go"
"""A slow analysis goes on once a file of this name lies beside the store's files."""


def take_clip(store: Store, trial_id: str, step: Step, clip: Path, *, progress: Any) -> Trial:
    wanted = clip.read_bytes()[:9]
    folder = store.trial_folder(trial_id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "begun").write_text(str(os.getpid()))
    progress("reading", 1, 4)
    if wanted.startswith(b"crash"):
        os._exit(9)
    if wanted.startswith(b"full"):
        store.fail_trial(trial_id, "the disk is full")
        raise OutputError("the disk is full")
    if wanted.startswith(b"withdrawn"):
        store.fail_trial(trial_id, "no consent")
        raise ConsentError("no consent")
    end = time.monotonic() + 60
    while wanted.startswith(b"slow") and not (store.files.parent / GATE).exists():
        time.sleep(0.05)
        assert time.monotonic() < end
    progress("reading", 4, 4)
    (folder / RESULT_FILE).write_text("{}")
    reps = tuple(
        RepLine(trial_id, n + 1, "both", float(n), n + 0.5, n + 0.9, True, 0.5) for n in range(5)
    )
    return store.finish_trial(trial_id, TrialNumbers("squat", reps), clip_sha256="1" * 64)
