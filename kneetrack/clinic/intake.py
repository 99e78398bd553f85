"""A take's whole way into the store: landmarks, analysis, files, rows, and the word that it counts.

The trial is under way from its beginning. Its files are complete in its folder before the store is
told that it is finished, so that a kill at any moment leaves a trial under way or a finished one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kneetrack.clinic.at_work import BROKEN_OFF, at_work, failed
from kneetrack.clinic.naming import take_name
from kneetrack.clinic.takecheck import TakeCheck, check_take, left_out_for
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.visits import (
    FRAMES_FILE,
    LANDMARKS_FILE,
    RESULT_FILE,
    Trial,
)
from kneetrack.recorded import ClipOptions, Landmarks, Progress
from kneetrack.records import KneetrackError, NobodySeenError, SourceError
from kneetrack.result import Result
from kneetrack.settings import Settings

if TYPE_CHECKING:
    from kneetrack.store.store import Store

_NO_OUT: Final = re.compile(r"( or|;) choose another folder with --out")
"""The store's folder is not chosen take by take."""
Pictured = Callable[[Trial, Result], None]
"""Writes what may be looked at of a trial: stills, and the kept clip."""


def take_clip(
    store: Store,
    trial_id: str,
    step: Step,
    clip: Path,
    *,
    landmarks: Landmarks | None = None,
    options: ClipOptions | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Analyse the clip of a trial that was begun, keep what the consent allows, and finish it.

    A clip that cannot be read, or in which nobody is seen, fails the trial, with the reason in its
    ``reason``. Where the take is not what the step asks for, its ``note`` says so; of another
    exercise or leg it is rejected, and can be restored. Raises a
    KneetrackError for what is not the clip's doing (full disk, no model, no consent any more); the
    trial has failed then, too. Neither the clip's name nor its folder is kept anywhere.
    landmarks: where this clip has been read with these options already.
    """
    from kneetrack.recorded import holds_landmarks, read_landmarks, stored_landmarks

    options = options or ClipOptions()
    with _failing(store, trial_id, clip), at_work(store.trial_folder(trial_id)):
        picture = None if holds_landmarks(clip) else clip
        if landmarks is None and picture is None:
            landmarks = stored_landmarks(clip)
        elif landmarks is None:
            landmarks = read_landmarks(clip, options, progress)
        _finish(store, trial_id, step, landmarks, picture, clip, options, settings, progress)
    return store.trial(trial_id)


def take_landmarks(
    store: Store,
    trial_id: str,
    step: Step,
    landmarks: Landmarks,
    *,
    video: Path | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Trial:
    """As :func:`take_clip`, of landmarks that a live session followed.

    video: what was recorded of it, on the clock of the landmarks; it is not taken away.
    """
    with _failing(store, trial_id, video), at_work(store.trial_folder(trial_id)):
        options = ClipOptions()
        _finish(store, trial_id, step, landmarks, video, video, options, settings, progress)
    return store.trial(trial_id)


def check_trial(store: Store, trial: Trial, step: Step) -> TakeCheck | None:
    """The take check of a finished trial; None when it has no result."""
    from kneetrack.clinic.kept import current_result

    if trial.status in ("under_way", "failed"):
        return None
    return check_take(step, trial.view, current_result(store, trial.id))


def _finish(
    store: Store,
    trial_id: str,
    step: Step,
    landmarks: Landmarks,
    picture: Path | None,
    named: Path | None,
    options: ClipOptions,
    settings: Settings | None,
    progress: Progress | None,
) -> None:
    from kneetrack.clinic.picturing import picture_trial
    from kneetrack.clinic.readings import numbers_of
    from kneetrack.recorded import analyse_landmarks

    trial = store.trial(trial_id)
    landmarks = _nameless(landmarks, trial, named)
    result = analyse_landmarks(
        landmarks,
        exercise=step.exercise,
        bridge="full" if step.bridge_mode == "full" else "low",
        settings=settings,
    )
    check = check_take(step, trial.view, result)
    if check.problem == "nothing" or not result.reps:
        raise NobodySeenError(check.text)
    folder = store.trial_folder(trial_id)
    _write(result, landmarks, folder)
    picture_trial(store, trial_id, result, picture, options=options, progress=progress)
    numbers = numbers_of(trial_id, result)
    if not check.counts:
        store.reject_trial(trial_id, check.text)
    elif not check.good:
        store.note_trial(trial_id, joined_notes(trial.note, check.text))
    store.finish_trial(trial_id, numbers, clip_sha256=landmarks.clip.sha256)


def restore_trial(store: Store, trial: Trial) -> Trial:
    """Let it count again; what the take check had rejected it for stays with it as its note."""
    restored = store.restore_trial(trial.id)
    seen = left_out_for(trial.reason)
    return store.note_trial(trial.id, joined_notes(restored.note, seen)) if seen else restored


def joined_notes(before: str, more: str) -> str:
    """A note with another sentence; nothing twice."""
    return before if more in before else "; ".join(part for part in (before, more) if part)


def _nameless(landmarks: Landmarks, trial: Trial, clip: Path | None) -> Landmarks:
    """Without the clip's name, which may tell who it is."""
    name = take_name(trial.step, trial.view).replace(":", "-")
    info, people = landmarks.clip, landmarks.people
    notes = tuple(without_paths(note, clip) for note in info.notes)
    who = tuple(without_paths(note, clip) for note in people.notes)
    return replace(
        landmarks,
        clip=replace(info, file=name, notes=notes),
        people=replace(people, notes=who),
    )


def without_paths(text: str, *paths: Path | None) -> str:
    """A message without the names of files: "the clip" in their place."""
    for path in paths:
        if path is not None:
            names = {str(path), str(path.absolute()), path.name}
            for name in sorted(names, key=len, reverse=True):
                text = text.replace(f"'{name}'", "the clip").replace(name, "the clip")
    return text


def _write(result: Result, landmarks: Landmarks, folder: Path) -> None:
    """result.json last: with it there is everything."""
    from kneetrack.report.landmarks import StoredLandmarks, write_landmarks
    from kneetrack.report.tables import write_frames_csv, write_result_json
    from kneetrack.report.writing import make_folder

    make_folder(folder)
    made = result.provenance
    versions = {
        "kneetrack": made.kneetrack,
        "mediapipe": made.mediapipe,
        "model sha256": made.model_sha256,
    }
    stored = StoredLandmarks(landmarks.track, landmarks.clip, landmarks.people, versions)
    write_landmarks(stored, folder / LANDMARKS_FILE)
    assert result.frames is not None
    write_frames_csv(result.frames, folder / FRAMES_FILE)
    write_result_json(result, folder / RESULT_FILE)


@contextmanager
def _failing(store: Store, trial_id: str, clip: Path | None) -> Iterator[None]:
    """What goes wrong within fails the trial; what is not the clip's doing is raised as well."""
    try:
        yield
    except KneetrackError as error:
        reason = _NO_OUT.sub("", without_paths(str(error), clip, store.trial_folder(trial_id)))
        with suppress(KneetrackError):
            failed(store, trial_id, reason)
        if not isinstance(error, SourceError | NobodySeenError):
            raise type(error)(reason) from error
    except BaseException:
        with suppress(KneetrackError):
            failed(store, trial_id, BROKEN_OFF)
        raise
