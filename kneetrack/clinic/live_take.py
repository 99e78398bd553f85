"""One take by camera: a live set whose landmarks, and nothing else, go into the trial's folder."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kneetrack.analysis import Question
from kneetrack.clinic.at_work import at_work, failed
from kneetrack.clinic.intake import joined_notes, take_landmarks
from kneetrack.clinic.visit import Take
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.visits import Trial
from kneetrack.live.keeping import VIDEO_FILE, Follow, Keep, Keeper, Versions
from kneetrack.live.plan import Plan, counts_each_side
from kneetrack.outputs import Written
from kneetrack.recorded import SESSION_FILE
from kneetrack.settings import Settings

if TYPE_CHECKING:
    from kneetrack.live.start import Studio
    from kneetrack.sources.camera import Camera
    from kneetrack.store.store import Store

THANKS = "Thank you. That was it."
STOPPED = "not measured: it was stopped before a repetition was done"


class TrialKeeper(Keeper):
    """Keeps a take in its trial's folder while it lasts; at its end the store has it."""

    def __init__(
        self, store: Store, trial: Trial, step: Step, settings: Settings, versions: Versions
    ) -> None:
        client_id = store.session(trial.session_id).client_id
        consent = store.consent_now(client_id)
        allows = consent.facts.allows if consent is not None else frozenset()
        folder = store.trial_folder(trial.id)
        keep = Keep(folder, record="video" in allows, blur_face="faces" not in allows)
        super().__init__(keep, step.exercise, versions)
        self._store, self._trial, self._step, self._settings = store, trial, step, settings

    def finish(self, question: Question, follow: Follow) -> Written | None:
        """Analyse what was kept, give it to the store, and take away what was kept meanwhile."""
        from kneetrack.clinic.kept import original_result

        landmarks = self.landmarks(follow)
        if landmarks is None:
            return None
        video = self.folder / VIDEO_FILE
        trial = take_landmarks(
            self._store,
            self._trial.id,
            self._step,
            landmarks,
            video=video if video.is_file() else None,
            settings=self._settings,
        )
        for name in (VIDEO_FILE, SESSION_FILE):
            with suppress(OSError):
                (self.folder / name).unlink(missing_ok=True)
        if trial.status == "failed":
            return None
        return Written(original_result(self._store, trial.id), [])


@dataclass(frozen=True, slots=True)
class Filmed:
    """What became of a take. how: as in ``LiveSession.how_ended``. lost: why the camera is gone."""

    trial: Trial
    how: str
    lost: str = ""


def plan_of(take: Take) -> Plan:
    """What the live set is told of a step: no coaching, one set."""
    step, view = take
    return Plan(
        exercise=step.exercise,
        sets_total=1,
        reps_total=step.reps or 1,
        feedback="off",
        title=step.title,
        view=view,
        each_side=counts_each_side(step.exercise, step.foot, view),
        hold_s=step.hold_s,
        done=THANKS,
    )


def question_of(step: Step, settings: Settings) -> Question:
    """What is to be read from it."""
    return Question(settings, step.exercise, "full" if step.bridge_mode == "full" else "low")


def film_take(
    store: Store,
    session_id: str,
    take: Take,
    studio: Studio,
    camera: Camera,
    settings: Settings,
    tell: Callable[[str], None],
) -> Filmed:
    """A new attempt at a take, from standing still to the trial in the store.

    camera: entered. Raises a KneetrackError that is not the take's own doing; Ctrl-C is raised
    after what was done has been analysed.
    """
    step, view = take
    trial = store.begin_trial(session_id, step.key, view, "camera")
    keeper = TrialKeeper(store, trial, step, settings, studio.versions)
    studio.backend.reset()
    session = None
    try:
        with at_work(store.trial_folder(trial.id)), keeper:
            session = studio.session(
                camera, question_of(step, settings), plan_of(take), keeper, tell
            )
            session.leave_when_done = True
            session.run()
    except KeyboardInterrupt:
        failed(store, trial.id, STOPPED)
        raise
    finally:
        _nothing_done(store, trial.id, "" if session is None else session.lost)
    if session.ending.problem is not None:
        raise session.ending.problem
    done = store.trial(trial.id)
    if session.how_ended == "pain":
        done = store.note_trial(trial.id, joined_notes(done.note, "stopped: it hurt"))
    return Filmed(done, session.how_ended, session.lost)


def _nothing_done(store: Store, trial_id: str, lost: str) -> None:
    """A take that was left before its set has failed; its folder is empty."""
    if store.trial(trial_id).status == "under_way":
        failed(store, trial_id, f"not measured: {lost or 'it was ended before a repetition'}")
