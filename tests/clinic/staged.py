"""Clips for the clinic's tests: text files that say what is on them, read without a pose model.

``squat front``, ``single_leg_squat front right``, ``lateral_lunge side``, ``squat front 3`` (three
repetitions), ``nobody``, ``broken``. :func:`stage` puts the reader in the model's place.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from kneetrack import recorded
from kneetrack.recorded import ClipOptions, Landmarks, Progress
from kneetrack.records import ClipInfo, PeopleInfo, PoseTrack, SourceError
from tests import motions as m

QUICK = m.Tempo(descent_s=1.1, ascent_s=1.0, hold_s=0.2, top_s=0.6, lead_s=2.2)


class Reader:
    """What stands in the pose model's place. read: the clips that were read, by name."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(
        self, path: Path, options: ClipOptions, progress: Progress | None = None
    ) -> Landmarks:
        self.read.append(path.name)
        words = path.read_text("utf-8").split("#")[0].split()
        if progress is not None:
            progress("reading", 1, 1)
        if words[0] == "broken":
            raise SourceError(f"cannot read {path}: {path.name} is no video")
        if words[0] == "stop":
            raise KeyboardInterrupt
        return landmarks(path, track(" ".join(words)))


def stage(patch: pytest.MonkeyPatch) -> Reader:
    """Read clips as this module's, in every room."""
    reader = Reader()
    patch.setattr(recorded, "read_landmarks", reader)
    return reader


def landmarks(path: Path, seen: PoseTrack) -> Landmarks:
    """As the model would have given them."""
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    note = f"{path.name} has a changing rate"
    info = ClipInfo(
        str(path), sha, 30.0, float(seen.t_s[-1]), len(seen), seen.size_px, notes=(note,)
    )
    return Landmarks(seen, info, PeopleInfo(), "1" * 64, "1.2.2")


def clip(folder: Path, name: str, what: str) -> Path:
    """A clip on which that is to be seen. Clips of the same name and words are the same clip."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"{what} # {name}", encoding="utf-8")
    return path


@cache
def track(words: str) -> PoseTrack:
    """The landmarks of a clip on which that is to be seen."""
    exercise, *more = words.split()
    if exercise == "nobody":
        return m.blanked(m.film(m.standing(2.0)), 0.0, 9.0)
    reps = next((int(word) for word in more if word.isdigit()), 5)
    foot = next((word for word in more if word in ("left", "right")), "left")
    view = next(
        (word for word in more if word in ("front", "side", "foot_end", "oblique")), "front"
    )
    tempo = replace(QUICK, depths=(1.0,) * reps)
    yaw_deg = {"side": 90.0, "oblique": 22.0}.get(view, 0.0)
    camera = m.Camera(yaw_deg=yaw_deg)
    if exercise == "single_leg_squat":
        motion = m.single_leg_squats(tempo, side=foot)
    elif exercise == "single_leg_stance":
        motion = m.standing_on(foot, float(reps if reps != 5 else 20))
    elif exercise == "glute_bridge":
        motion = m.bridges(replace(tempo, hold_s=1.5))
        camera = m.FOOT_END if view == "foot_end" else m.SIDE_LYING
    elif exercise == "lateral_lunge":
        motion = m.lateral_lunges(
            replace(tempo, depths=(1.0,) * 2 * reps), side=["left", "right"] * reps
        )
        camera = m.WIDE if view == "front" else camera
    else:
        motion = m.squats(tempo)
    return m.film(motion, camera, noise_px=0.5)
