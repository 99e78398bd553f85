"""From a recorded clip to a result: reads, follows, analyses; and from stored landmarks again."""

from __future__ import annotations

from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Final

from kneetrack import __version__
from kneetrack.analysis import BridgeMode, Request, analyse_track
from kneetrack.clip_landmarks import (
    PERSONS,
    Choice,
    ClipOptions,
    Landmarks,
    PersonName,
    Progress,
    Quality,
    clip_source,
    one_step,
    read_landmarks,
)
from kneetrack.exercises import all_exercises
from kneetrack.question import Hand
from kneetrack.records import ClipInfo, NobodySeenError, SettingsError, SourceError
from kneetrack.result import ExerciseName, People, Provenance, Result, Source
from kneetrack.settings import Settings, load_settings

__all__ = [
    "PERSONS",
    "SESSION_FILE",
    "Choice",
    "ClipOptions",
    "Landmarks",
    "PersonName",
    "Progress",
    "Quality",
    "analyse",
    "analyse_landmarks",
    "clip_source",
    "exercise_name",
    "holds_landmarks",
    "one_step",
    "read_landmarks",
    "stored_landmarks",
]
SESSION_FILE: Final = "session.landmarks"
"""A live session's landmarks, frame by frame, in its folder."""


def exercise_name(text: str) -> ExerciseName | None:
    """The exercise of that name or alias; None for "auto". Raises SettingsError."""
    wanted = text.strip().lower().replace("-", "_").replace(" ", "_")
    if wanted == "auto":
        return None
    for exercise in all_exercises().values():
        if wanted in (exercise.name, *exercise.aliases):
            return exercise.name
    names = ", ".join(name.replace("_", "-") for name in all_exercises())
    raise SettingsError(f"unknown exercise {text!r}: use auto, {names}")


def analyse(
    clip: str | Path,
    *,
    exercise: str = "auto",
    bridge: BridgeMode = "low",
    config: str | Path | None = None,
    options: ClipOptions | None = None,
    progress: Progress | None = None,
) -> Result:
    """Analyse a recorded clip, a landmarks.npz of an earlier analysis, or a live session's folder.

    exercise: "auto" or a name (``kneetrack exercises``). bridge: which glute bridge was asked for.
    config: a TOML file over the default bands and gates. Raises a KneetrackError with one clear
    line when the clip, the model or a setting is not usable, or nobody is seen.
    """
    name, path = exercise_name(exercise), Path(clip)
    settings = load_settings(Path(config) if config is not None else None)
    if holds_landmarks(path):
        landmarks = stored_landmarks(path)
    else:
        landmarks = read_landmarks(path, options or ClipOptions(), progress)
    return analyse_landmarks(landmarks, exercise=name, bridge=bridge, settings=settings)


def holds_landmarks(path: Path) -> bool:
    """Whether it is not a clip: a landmarks.npz, a session.landmarks, or a session's folder."""
    return path.suffix.lower() in (".npz", ".landmarks") or path.is_dir()


def stored_landmarks(path: Path) -> Landmarks:
    """Landmarks that an earlier analysis or a live session wrote, also one that was killed.

    Of a folder, landmarks.npz is read, or session.landmarks when there is none that can be read.
    Raises SourceError.
    """
    from kneetrack.report.journalreading import read_journal
    from kneetrack.report.landmarks import read_landmarks as read_file

    if path.is_dir():
        return _session_landmarks(path)
    journal = path.suffix.lower() == ".landmarks"
    stored = read_journal(path).kept() if journal else read_file(path)
    return Landmarks(
        stored.track,
        stored.clip,
        stored.people,
        stored.versions.get("model sha256", ""),
        stored.versions.get("mediapipe", ""),
    )


def _session_landmarks(folder: Path) -> Landmarks:
    whole, journal = folder / "landmarks.npz", folder / SESSION_FILE
    if whole.is_file():
        try:
            return stored_landmarks(whole)
        except SourceError:
            if not journal.is_file():
                raise
    if not journal.is_file():
        raise SourceError(
            f"{folder} holds neither landmarks.npz nor {SESSION_FILE}: "
            "give a video file, or the folder of a live session"
        )
    return stored_landmarks(journal)


def analyse_landmarks(
    landmarks: Landmarks,
    *,
    exercise: ExerciseName | None = None,
    bridge: BridgeMode = "low",
    settings: Settings | None = None,
    hand: Hand | None = None,
) -> Result:
    """Repair what the model swapped or invented, then measure and judge; hand: a reviewer's."""
    from kneetrack.pose.repair import drop_invented, repair_swaps

    track = landmarks.track
    if not len(track) or not track.confidence.any():
        raise NobodySeenError(
            next(iter(landmarks.people.notes), "nobody was seen in the clip")
            + ": keep the whole body in the picture, in good light"
        )
    settings = settings or Settings()
    track, swaps, _ = repair_swaps(track)
    track, _ = drop_invented(track)
    info, people = landmarks.clip, landmarks.people
    request = Request(
        source=_source(info),
        provenance=_provenance(landmarks, settings, bridge),
        settings=settings,
        exercise=exercise,
        bridge_mode=bridge,
        people=People(
            people_seen=people.people_seen,
            followed=people.followed,
            lost_spans_s=list(people.lost_spans_s),
            notes=list(people.notes),
        ),
        swaps_repaired=swaps + people.swaps_repaired,
        notes=(*info.notes, *people.notes, *settings.notes),
        hand=hand,
    )
    result = analyse_track(track, request)
    return result.model_copy(update={"track": landmarks.track})


def _source(info: ClipInfo) -> Source:
    """The file's name without its folder: a report that is handed over tells nothing else."""
    facts = asdict(info)
    return Source(**(facts | {"file": Path(info.file).name, "notes": list(info.notes)}))


def _provenance(landmarks: Landmarks, settings: Settings, bridge: BridgeMode) -> Provenance:
    return Provenance(
        kneetrack=__version__,
        mediapipe=landmarks.mediapipe,
        opencv=_version("opencv-python"),
        numpy=_version("numpy"),
        scipy=_version("scipy"),
        model_sha256=landmarks.model_sha256,
        thresholds=settings.as_dict(),
        bridge_mode=bridge,
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
