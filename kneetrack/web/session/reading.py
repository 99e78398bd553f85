"""A take read back from the store, with what a reviewer changed."""

from __future__ import annotations

from dataclasses import dataclass

from kneetrack.clinic.correcting import shown_landmarks
from kneetrack.clinic.hand import move_of
from kneetrack.clinic.kept import current_result, frames_path, original_result
from kneetrack.clinic.landmark_moves import nearest_frame
from kneetrack.clinic_records.visits import Correction, Session, Trial
from kneetrack.records import FrameTable, PoseTrack
from kneetrack.report import bands as bands_of
from kneetrack.report.curves import Curves, curves
from kneetrack.result import Result
from kneetrack.store import Store
from kneetrack.web.session.keptframes import read_frames


@dataclass(frozen=True, slots=True)
class ShownTake:
    """One take with its corrections.

    original: as analysed. current: with every correction that stands; the same object where none
    does. corrections: those that were withdrawn, too.
    """

    trial: Trial
    session: Session
    original: Result
    current: Result
    frames: FrameTable
    corrections: tuple[Correction, ...]

    def curves(self, *, coaching: bool = False) -> Curves | None:
        """The curves over the whole take; coaching: with the bands of its exercise."""
        result = self.current
        judged = [row.measure for row in result.summary if not row.information]
        bands: list[bands_of.BandRow] = []
        if coaching:
            rules = {row.rule for row in result.summary}
            every = bands_of.collect(result.provenance.thresholds)
            bands = [b for b in bands_of.of_exercise(every, result.exercise) if b.rule in rules]
        return curves(self.frames, result.reps, bands, judged)


def read_take(store: Store, trial_id: str) -> ShownTake:
    """Numbers, curves and corrections of a take. Raises UnknownRecordError, StoreError."""
    trial = store.trial(trial_id)
    corrections = tuple(store.corrections(trial_id, withdrawn=True))
    standing = [c for c in corrections if c.withdrawn_at is None]
    original = original_result(store, trial_id)
    return ShownTake(
        trial=trial,
        session=store.session(trial.session_id),
        original=original,
        current=current_result(store, trial_id) if standing else original,
        frames=read_frames(frames_path(store, trial_id)),
        corrections=corrections,
    )


def read_landmarks(store: Store, shown: ShownTake) -> tuple[PoseTrack, tuple[tuple[int, int], ...]]:
    """The landmarks as they now stand, and (frame, landmark) of those that were put elsewhere.

    Raises StoreError.
    """
    track = shown_landmarks(store, shown.trial.id)
    standing = [c for c in shown.corrections if c.withdrawn_at is None]
    moves = [move_of(c) for c in standing if c.kind == "landmark"]
    places = {(nearest_frame(track.t_s, move.t_s), move.landmark) for move in moves}
    return track, tuple(sorted(places))


def size_of(store: Store, trial_id: str) -> tuple[int, int]:
    """(width, height) of the take's picture, in pixels."""
    return original_result(store, trial_id).source.size_px
