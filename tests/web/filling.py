"""A clinic for the tests of the pages: made-up people, analysed for real, without a pose model.

The landmarks are those of the stick people of :mod:`tests.motions` with a little noise, so that
result, curves and corrections belong together; the clip shows the same figure. Takes are made once
a run and copied from then on.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic.readings import numbers_of
from kneetrack.clinic_records.kinds import Purpose, ViewAsked
from kneetrack.clinic_records.people import Client, ClientFacts, ConsentFacts
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.visits import CLIP_FILE, Session, SetupFacts, Trial
from kneetrack.outputs import write_data
from kneetrack.recorded import Landmarks, analyse_landmarks
from kneetrack.records import ClipInfo, PeopleInfo, PoseTrack
from kneetrack.result import ExerciseName, Result
from kneetrack.skeleton import EDGES
from kneetrack.store import Store, open_store
from tests import motions

FIRST = datetime(2026, 9, 7, 9, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(days=42)
SETUP = SetupFacts(distance_m=3.0, camera_height_m=0.8, footwear="barefoot", stance="hip width")
_PORTRAIT, _LANDSCAPE = (360, 640), (640, 360)
_QUICK = motions.Tempo(
    descent_s=1.1, ascent_s=1.0, hold_s=0.2, top_s=0.6, lead_s=2.2, depths=(1.0,) * 5
)


@dataclass(frozen=True)
class Knees:
    """How far each knee is inside the toes at the bottom, in shank lengths."""

    left: float = 0.02
    right: float = 0.02


@dataclass(frozen=True)
class Filled:
    """What :func:`fill_clinic` put into a store."""

    client: Client
    sessions: tuple[Session, ...]
    trials: tuple[Trial, ...]

    def trial(self, session: int = 0, step: str = "squat", view: ViewAsked = "front") -> Trial:
        """A trial by the session's place, its step and view."""
        wanted = (self.sessions[session].id, step, view)
        return next(t for t in self.trials if (t.session_id, t.step, t.view) == wanted)


def fill_clinic(store: Store, *, steps: int | None = 2, code: str = "K-014") -> Filled:
    """A client, consent, and two sessions six weeks apart: the right knee comes in less.

    steps: how many of the protocol's steps each session holds; None: all.
    """
    client = fill_client(store, code)
    first = fill_session(store, client.id, FIRST, Knees(0.03, 0.24), steps=steps)
    second = fill_session(store, client.id, SECOND, Knees(0.02, 0.05), steps=steps, seed=1)
    trials = [trial for session in (first, second) for trial in store.trials(session.id)]
    return Filled(client, (first, second), tuple(trials))


def fill_template(folder: Path) -> Path:
    """A filled clinic in a folder, closed again, for :func:`copied`: squats alone."""
    with open_store(str(folder / "clinic.db"), by="tester") as store:
        fill_clinic(store, steps=1)
    return folder


@contextmanager
def copied(template: Path, folder: Path) -> Iterator[Store]:
    """A copy of a filled clinic, open."""
    shutil.copytree(template, folder / "clinic")
    with open_store(str(folder / "clinic" / "clinic.db"), by="tester") as store:
        yield store


def found(store: Store) -> Filled:
    """The one client of a filled clinic, with sessions and trials."""
    (line,) = store.client_lines()
    sessions = tuple(store.sessions(line.client.id))
    trials = tuple(trial for session in sessions for trial in store.trials(session.id))
    return Filled(line.client, sessions, trials)


def fill_client(
    store: Store, code: str = "K-014", allows: frozenset[Purpose] | None = None
) -> Client:
    """A client who agreed to everything but the cohort and the face, for five years."""
    client = store.add_client(ClientFacts(code=code, initials="A.B.", birth_year=1991))
    store.give_consent(
        client.id,
        ConsentFacts(
            given_on=FIRST.date(),
            purpose="To see whether my knees move differently after six weeks of training.",
            allows=allows or frozenset({"measurements", "video"}),
            keep_until=date(2031, 9, 7),
        ),
    )
    return client


def fill_session(
    store: Store,
    client_id: str,
    at: datetime,
    knees: Knees,
    *,
    steps: int | None = 2,
    seed: int = 0,
    clip: bool = True,
    setup: SetupFacts = SETUP,
) -> Session:
    """A session of the lower-limb protocol, every take of its first steps done and good."""
    protocol = load_protocol("lower-limb")
    session = store.begin_session(client_id, protocol.name, protocol.version, setup, at=at)
    wanted = protocol.steps[:steps]
    for step, view in protocol.takes():
        if step in wanted:
            fill_trial(store, session.id, step, view, knees, seed=seed, clip=clip)
    return store.session(session.id)


def fill_steps(
    store: Store, session_id: str, steps: Sequence[str], *, clip: bool = True
) -> list[Trial]:
    """Every take of some steps of the lower-limb protocol."""
    return [
        fill_trial(store, session_id, step, view, clip=clip)
        for step, view in load_protocol("lower-limb").takes()
        if step.key in steps
    ]


def squat_step() -> Step:
    """The first step of the lower-limb protocol."""
    return load_protocol("lower-limb").steps[0]


def fill_trial(
    store: Store,
    session_id: str,
    step: Step,
    view: ViewAsked,
    knees: Knees = Knees(),
    *,
    seed: int = 0,
    clip: bool = True,
) -> Trial:
    """One good trial with its files."""
    made = take(step.exercise, step.foot, view, knees, seed)
    trial = store.begin_trial(session_id, step.key, view, "clip")
    folder = store.trial_folder(trial.id)
    write_data(made, folder)
    if clip:
        (folder / CLIP_FILE).write_bytes(clip_of(step.exercise, step.foot, view, knees, seed))
    return store.finish_trial(trial.id, numbers_of(trial.id, made), clip_sha256="0" * 64)


# ------------------------------------------------------------------ takes, made once


@cache
def take(
    exercise: ExerciseName, foot: str, view: ViewAsked, knees: Knees = Knees(), seed: int = 0
) -> Result:
    """The result of a made-up take; its ``track`` and ``frames`` are there, too."""
    track = _track(exercise, foot, view, knees, seed)
    info = ClipInfo("take.mp4", "0" * 64, 30.0, float(track.t_s[-1]), len(track), track.size_px)
    landmarks = Landmarks(track, info, PeopleInfo(), "1" * 64, "1.2.2")
    return analyse_landmarks(landmarks, exercise=exercise)


@cache
def clip_of(exercise: ExerciseName, foot: str, view: ViewAsked, knees: Knees, seed: int) -> bytes:
    """The same figure as an H.264 clip."""
    from kneetrack.report.video import VideoWriter
    from kneetrack.ui.film import i420

    track = _track(exercise, foot, view, knees, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / CLIP_FILE
        with VideoWriter(path, track.size_px, fps=30.0, preset="ultrafast") as video:
            for xy, t_s in zip(track.xy_px, track.t_s.tolist(), strict=True):
                video.write(i420(_picture(xy, track.size_px)), t_s)
        return path.read_bytes()


def _track(
    exercise: ExerciseName, foot: str, view: ViewAsked, knees: Knees, seed: int
) -> PoseTrack:
    motion = _motion(exercise, foot, knees)
    return motions.film(motion, _camera(exercise, view), noise_px=0.5, seed=seed)


def _motion(exercise: ExerciseName, foot: str, knees: Knees) -> motions.Motion:
    one = "right" if foot == "right" else "left"
    inside = knees.right if one == "right" else knees.left
    if exercise == "single_leg_squat":
        return motions.single_leg_squats(_QUICK, side=one, kfo=inside)
    if exercise == "single_leg_stance":
        return motions.standing_on(one, 20.0)
    if exercise == "glute_bridge":
        slow = replace(_QUICK, hold_s=1.5)
        return motions.bridges(slow, squeeze_m=0.1 * (knees.left + knees.right))
    if exercise == "lateral_lunge":
        sides = ["left", "right"] * 5 if foot == "both" else [one] * 5
        return motions.lateral_lunges(replace(_QUICK, depths=(1.0,) * len(sides)), side=sides)
    return motions.squats(_QUICK, kfo=(knees.left, knees.right))


def _camera(exercise: ExerciseName, view: ViewAsked) -> motions.Camera:
    if exercise == "glute_bridge":
        lying = motions.FOOT_END if view == "foot_end" else motions.SIDE_LYING
        return replace(lying, size_px=_LANDSCAPE)
    wide = exercise == "lateral_lunge" and view == "front"
    yaw_deg = 90.0 if view == "side" else 0.0
    return motions.Camera(yaw_deg=yaw_deg, size_px=_LANDSCAPE if wide else _PORTRAIT)


def _picture(xy: np.ndarray, size_px: tuple[int, int]) -> np.ndarray:
    import cv2

    width, height = size_px
    image = np.full((height, width, 3), (214, 208, 200), np.uint8)
    cv2.rectangle(image, (0, int(height * 0.86)), (width, height), (176, 168, 160), -1)
    points = np.nan_to_num(xy, nan=-100.0).round().astype(int)
    limb = max(6, height // 40)
    for a, b in EDGES:
        cv2.line(image, points[a].tolist(), points[b].tolist(), (96, 72, 52), limb, cv2.LINE_AA)
    cv2.circle(image, points[0].tolist(), height // 24, (96, 72, 52), -1, cv2.LINE_AA)
    return image
