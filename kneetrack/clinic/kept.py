"""What is kept of a trial, read back: its result as measured and as corrected, its landmarks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kneetrack.clinic.naming import take_name
from kneetrack.clinic_records.visits import (
    CLIP_FILE,
    CORRECTED_FILE,
    CORRECTED_FRAMES_FILE,
    FRAMES_FILE,
    LANDMARKS_FILE,
    RESULT_FILE,
)
from kneetrack.records import SourceError, StoreError, UnknownRecordError
from kneetrack.result import Result

if TYPE_CHECKING:
    from kneetrack.recorded import Landmarks
    from kneetrack.store.store import Store


def original_result(store: Store, trial_id: str) -> Result:
    """As the analysis gave it; without frames and track. Raises UnknownRecordError, StoreError."""
    return _result(store, trial_id, RESULT_FILE)


def current_result(store: Store, trial_id: str) -> Result:
    """With every correction that stands; the original where there is none."""
    corrected = store.trial_folder(trial_id) / CORRECTED_FILE
    return _result(store, trial_id, CORRECTED_FILE if corrected.is_file() else RESULT_FILE)


def frames_path(store: Store, trial_id: str) -> Path:
    """The table of :func:`current_result`. Raises UnknownRecordError, StoreError."""
    folder = store.trial_folder(trial_id)
    corrected = folder / CORRECTED_FILE
    name = CORRECTED_FRAMES_FILE if corrected.is_file() else FRAMES_FILE
    return _file(store, trial_id, name)


def landmarks_of(store: Store, trial_id: str) -> Landmarks:
    """The landmarks as the model gave them. Raises UnknownRecordError, StoreError."""
    from kneetrack.recorded import stored_landmarks

    try:
        return stored_landmarks(_file(store, trial_id, LANDMARKS_FILE))
    except SourceError:
        raise _damaged(LANDMARKS_FILE) from None


def clip_path(store: Store, trial_id: str) -> Path | None:
    """The kept clip; None when none was kept."""
    path = store.trial_folder(trial_id) / CLIP_FILE
    return path if path.is_file() else None


def _result(store: Store, trial_id: str, name: str) -> Result:
    path = _file(store, trial_id, name)
    try:
        return Result.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        raise _damaged(name) from None


def _file(store: Store, trial_id: str, name: str) -> Path:
    path = store.trial_folder(trial_id) / name
    if path.is_file():
        return path
    trial = store.trial(trial_id)
    take = take_name(trial.step, trial.view, trial.attempt)
    if trial.status in ("under_way", "failed"):
        raise UnknownRecordError(f"{take} has no result: {trial.reason or 'it is not finished'}")
    raise StoreError(f"{take}: {name} is missing from the store's files")


def _damaged(name: str) -> StoreError:
    return StoreError(f"{name} of the take is damaged and cannot be read")
