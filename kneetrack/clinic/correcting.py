"""A reviewer's corrections: put on record, taken back, and what the numbers are with them.

The original files are never written again. Every correction analyses the trial anew from its
landmarks with all that stand. The order is: the correction on record, the corrected files and the
stills, each whole or not at all, then the rows of numbers; what a crash cut short is finished when
the store is opened again (settling.py).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from kneetrack.clinic.again import retake
from kneetrack.clinic.correction_words import line
from kneetrack.clinic.kept import current_result, landmarks_of
from kneetrack.clinic.readings import numbers_of
from kneetrack.clinic.review import (
    Review,
    landmark_draft,
    overrule_draft,
    rep_draft,
)
from kneetrack.clinic.settling import under_way
from kneetrack.clinic_records.visits import CORRECTED_FILE, CORRECTED_FRAMES_FILE, Correction
from kneetrack.records import KneetrackError, SettingsError, SideName, Status, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kneetrack.records import PoseTrack
    from kneetrack.store.store import Store

__all__ = [
    "add_rep",
    "correction_lines",
    "is_settled",
    "move_bounds",
    "move_landmark",
    "overrule",
    "settle",
    "shown_landmarks",
    "strike_rep",
    "withdraw",
]
_TRIES: Final = 5
_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Of a correction that is not on record yet: the store tells the time."""


def move_landmark(
    store: Store,
    trial_id: str,
    *,
    at_s: float,
    landmark: int | str,
    to_px: tuple[float, float],
    until_s: float | None = None,
    reason: str,
) -> Correction:
    """Put a landmark at ``to_px`` (upright picture) in the frame nearest to ``at_s``.

    landmark: index or name ("left_knee"). until_s: the displacement stays until then, or turns into
    that of the next correction of this landmark on the way. Raises SettingsError.
    """
    return _correct(
        store, trial_id, reason, lambda r: landmark_draft(r, at_s, landmark, to_px, until_s)
    )


def move_bounds(
    store: Store,
    trial_id: str,
    rep: int,
    *,
    start_s: float | None = None,
    bottom_s: float | None = None,
    end_s: float | None = None,
    reason: str,
) -> Correction:
    """Other bounds for a repetition, numbered as the result now stands; None: as it is.

    Raises SettingsError.
    """
    if start_s is None and bottom_s is None and end_s is None:
        raise SettingsError("say what to change: the start, the bottom or the end")
    return _correct(
        store, trial_id, reason, lambda r: rep_draft(r, rep, (start_s, bottom_s, end_s))
    )


def strike_rep(store: Store, trial_id: str, rep: int, *, reason: str) -> Correction:
    """Strike out a repetition, numbered as the result now stands. Raises SettingsError."""
    return _correct(store, trial_id, reason, lambda r: rep_draft(r, rep, None))


def add_rep(
    store: Store,
    trial_id: str,
    *,
    start_s: float,
    bottom_s: float,
    end_s: float,
    side: SideName | None = None,
    reason: str,
) -> Correction:
    """Add a repetition that was missed. side: the leg that works; None: as it looks.

    Raises SettingsError.
    """
    return _correct(
        store, trial_id, reason, lambda r: rep_draft(r, None, (start_s, bottom_s, end_s), side)
    )


def overrule(
    store: Store,
    trial_id: str,
    rep: int,
    rule: str,
    side: SideName,
    status: Status,
    *,
    reason: str,
) -> Correction:
    """Another status for a verdict of a repetition, numbered as the result now stands.

    Raises SettingsError.
    """
    return _correct(store, trial_id, reason, lambda r: overrule_draft(r, rep, rule, side, status))


def withdraw(store: Store, correction_id: str) -> Correction:
    """A correction does not hold any more; it stays on record.

    Raises UnknownRecordError, and SettingsError, with what to withdraw first, when without it
    repetitions would lie over each other.
    """
    correction = store.correction(correction_id)
    trial_id = correction.trial_id
    with under_way(store, trial_id):
        review = Review(retake(store, trial_id))
        standing = store.corrections(trial_id)
        if correction_id in {c.id for c in standing}:
            review.check_without(correction, standing)
        withdrawn = store.withdraw_correction(correction_id)
        _settle(store, trial_id, review, stills=_is_seen(correction))
    return withdrawn


def correction_lines(store: Store, trial_id: str) -> list[str]:
    """The corrections that stand, in plain words for a report.

    "rep 3 ended at 7.2 s instead of 6.9 s: heel came up; KF, 2026-11-26".
    """
    return [line(correction) for correction in store.corrections(trial_id)]


def shown_landmarks(store: Store, trial_id: str) -> PoseTrack:
    """What is drawn over a trial's pictures: repaired, smoothed, and moved by the reviewer.

    In pixels alone, without ``xyz_m``.
    """
    from kneetrack.analysis import smooth_track
    from kneetrack.clinic.hand import move_of
    from kneetrack.clinic.landmark_moves import moved
    from kneetrack.pose.repair import drop_invented, repair_swaps

    track, _ = drop_invented(repair_swaps(landmarks_of(store, trial_id).track)[0])
    moves = [move_of(c) for c in store.corrections(trial_id) if c.kind == "landmark"]
    return moved(smooth_track(replace(track, xyz_m=None)), moves)


def settle(store: Store, trial_id: str) -> None:
    """Make files and rows those of the corrections that stand; needed only after a crash."""
    with under_way(store, trial_id):
        _settle(store, trial_id, Review(retake(store, trial_id)))


def is_settled(store: Store, trial_id: str) -> bool:
    """Whether the corrected files and the rows are those of the corrections that stand."""
    standing = [correction.id for correction in store.corrections(trial_id)]
    if not (store.trial_folder(trial_id) / CORRECTED_FILE).is_file() and standing:
        return False
    try:
        result = current_result(store, trial_id)
    except StoreError:
        return False
    rows = [(r.index, r.start_s, r.bottom_s, r.end_s) for r in store.rep_lines(trial_id)]
    told = [(v.rep, v.rule, v.side, v.status, v.value) for v in store.verdict_lines(trial_id)]
    return (
        [note.id for note in result.corrections] == standing
        and rows == [(r.index, r.start_s, r.bottom_s, r.end_s) for r in result.reps]
        and sorted(told, key=str)
        == sorted(
            ((r.index, v.rule, v.side, v.status, v.value) for r in result.reps for v in r.verdicts),
            key=str,
        )
    )


def _correct(
    store: Store, trial_id: str, reason: str, draft: Callable[[Review], dict[str, Any]]
) -> Correction:
    """Check it, put it on record, and make files and rows anew."""
    if not reason.strip():
        raise SettingsError("a correction needs a reason")
    if len(reason) > 400:
        raise SettingsError("the reason is at most 400 characters")
    with under_way(store, trial_id):
        standing = store.corrections(trial_id)
        review = Review(retake(store, trial_id), standing)
        wanted = Correction(
            id="", trial_id=trial_id, reason=reason.strip(), by="", at=_NO_TIME, **draft(review)
        )
        review.check(wanted)
        made = store.add_correction(wanted)
        try:
            _settle(store, trial_id, review, stills=_is_seen(wanted))
        except KneetrackError:
            with suppress(KneetrackError):
                store.withdraw_correction(made.id)
                _settle(store, trial_id, review)
            raise
    return made


def _is_seen(correction: Correction) -> bool:
    """Whether pictures may show something else with it: another verdict alone is not seen."""
    return correction.kind != "verdict"


def _settle(store: Store, trial_id: str, review: Review, *, stills: bool = True) -> None:
    """Until nobody else has corrected it meanwhile: the last one makes it of all that stand."""
    for _ in range(_TRIES):
        standing = store.corrections(trial_id)
        _write(store, trial_id, review, standing, stills)
        if [c.id for c in store.corrections(trial_id)] == [c.id for c in standing]:
            return
    raise SettingsError("this take is being corrected by somebody else: try again in a moment")


def _write(
    store: Store, trial_id: str, review: Review, standing: list[Correction], stills: bool
) -> None:
    from kneetrack.clinic.restilling import restill
    from kneetrack.report.tables import write_frames_csv, write_result_json

    folder = store.trial_folder(trial_id)
    if not standing:
        _remove(folder)
        shown = review.first
        if stills:
            restill(store, trial_id, shown)
        store.corrected_numbers(trial_id, numbers_of(trial_id, shown))
        return
    result, touched = review.corrected(standing)
    assert result.frames is not None
    write_frames_csv(result.frames, folder / CORRECTED_FRAMES_FILE)
    write_result_json(result, folder / CORRECTED_FILE)
    if stills:
        restill(store, trial_id, result)
    store.corrected_numbers(trial_id, numbers_of(trial_id, result, touched=touched))


def _remove(folder: Path) -> None:
    """The result first: without it nobody looks at its frames."""
    for name in (CORRECTED_FILE, CORRECTED_FRAMES_FILE):
        with suppress(FileNotFoundError):
            (folder / name).unlink()
