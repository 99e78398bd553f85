"""From a recorded clip to a result: reads, follows, analyses; and from stored landmarks again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from itertools import islice, tee, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from kneetrack import __version__
from kneetrack.analysis import BridgeMode, Request, analyse_track
from kneetrack.exercises import all_exercises
from kneetrack.pictures import Pictures, PictureSource
from kneetrack.question import Hand
from kneetrack.records import (
    ClipInfo,
    Frame,
    NobodySeenError,
    PeopleInfo,
    Pose,
    PoseTrack,
    SettingsError,
    SourceError,
)
from kneetrack.result import ExerciseName, People, Provenance, Result, Source
from kneetrack.settings import Settings, load_settings

if TYPE_CHECKING:
    from kneetrack.pose.blazepose import BlazePose
    from kneetrack.pose.looks import Looks

PersonName = Literal["exerciser", "largest", "centre", "moving"]
Quality = Literal["standard", "best"]
PERSONS: tuple[PersonName, ...] = get_args(PersonName)
Choice = PersonName | int
SESSION_FILE: Final = "session.landmarks"
"""A live session's landmarks, frame by frame, in its folder."""
Progress = Callable[[str, int, int | None], None]
"""Called with the stage ("reading", "again", "drawing"), frames done, and frames in all."""


@dataclass(frozen=True, slots=True)
class ClipOptions:
    """How to read a clip and whom to follow.

    quality: "standard", or "best": every picture is read twice, for fast movements and few
    pictures a second. parallel: two pictures at a time on two cores, with the same landmarks.
    through: stands between the clip and everybody who reads it; None reads it as it is.
    """

    start_s: float | None = None
    end_s: float | None = None
    speed: float | None = None
    rotate_deg: int | None = None
    person: Choice = "exerciser"
    model: Path | None = None
    quality: Quality = "standard"
    parallel: bool = False
    through: Callable[[PictureSource], PictureSource] | None = None


@dataclass(frozen=True, slots=True)
class Landmarks:
    """One person's landmarks as the model gave them, and where they came from."""

    track: PoseTrack
    clip: ClipInfo
    people: PeopleInfo
    model_sha256: str
    mediapipe: str = ""


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


def read_landmarks(path: Path, options: ClipOptions, progress: Progress | None = None) -> Landmarks:
    """Run the pose model over a clip, following one person; twice if it was the wrong one.

    In parallel the next picture is begun on a guess who will read it. A wrong guess, where the
    person is lost or others come near, sends everything back to the start, in order.
    """
    from kneetrack.pose.turns import GuessedWrong

    if options.parallel:
        with suppress(GuessedWrong):
            return _read_landmarks(path, options, progress, ahead=True)
    return _read_landmarks(path, options, progress, ahead=False)


def _read_landmarks(
    path: Path, options: ClipOptions, progress: Progress | None, *, ahead: bool
) -> Landmarks:
    from kneetrack.assets import model_path
    from kneetrack.pose.blazepose import BlazePose, mediapipe_version
    from kneetrack.pose.follow import PersonFollower
    from kneetrack.pose.looks import Looks

    looks = Looks()
    thorough = options.quality == "best"
    with BlazePose(options.model or model_path(), thorough=thorough, ahead=ahead) as backend:
        with clip_source(path, options) as source:
            follower = PersonFollower(backend, options.person)
            follow = _looking(follower.follow, looks)
            poses, size_px = _follow(source, follow, progress, "reading", backend.expect)
            info = source.info()
        second = follower.second_pass
        if second is not None:
            backend.reset()
            with clip_source(path, options) as source:
                follower, looks = PersonFollower(backend, second), Looks()
                follow = _looking(follower.follow, looks)
                poses, size_px = _follow(source, follow, progress, "again", backend.expect)
        track, people = follower.finish(PoseTrack.from_poses(poses, size_px))
        track = _foot_end_knees(track, people, backend, path, options, progress)
        info = replace(info, picture=looks.facts)
        return Landmarks(track, info, people, backend.model_sha256, mediapipe_version)


def _looking(follow: Callable[[Frame], Pose], looks: Looks) -> Callable[[Frame], Pose]:
    """Following a person, with a look now and then at how well they can be seen."""

    def followed(frame: Frame) -> Pose:
        pose = follow(frame)
        looks.look(frame, pose)
        return pose

    return followed


def _foot_end_knees(
    track: PoseTrack,
    people: PeopleInfo,
    backend: BlazePose,
    path: Path,
    options: ClipOptions,
    progress: Progress | None,
) -> PoseTrack:
    """The track with knees from a second reading where one lies with the feet to the camera."""
    from kneetrack.outlining import OutlineReader

    reader = OutlineReader(track, backend.outline) if people.people_seen == 1 else None
    if reader is None or not reader.spans:
        return track
    with clip_source(path, options) as source:
        _follow(source, reader.look, progress, "knees")
    return reader.finish()


def clip_source(path: Path, options: ClipOptions) -> PictureSource:
    """The clip as the options want it read; the same for every reading."""
    from kneetrack.sources.clip import ClipSource

    source = ClipSource(
        path,
        start_s=options.start_s,
        end_s=options.end_s,
        speed=options.speed,
        rotate_deg=options.rotate_deg,
    )
    return source if options.through is None else options.through(source)


def _follow(
    source: Pictures,
    follow: Callable[[Frame], Pose],
    progress: Progress | None,
    stage: str,
    expect: Callable[[Frame, Frame | None], None] = lambda *_: None,
) -> tuple[list[Pose], tuple[int, int]]:
    """expect: told before each picture which one comes after it."""
    total = source.declared_frames
    poses: list[Pose] = []
    this, rest = tee(source)
    for frame, after in zip_longest(this, islice(rest, 1, None)):
        expect(frame, after)
        poses.append(follow(frame))
        if progress is not None:
            progress(stage, len(poses), total)
    return poses, source.size_px


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
        notes=(*info.notes, *people.notes),
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
