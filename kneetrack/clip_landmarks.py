"""From a clip to one person's landmarks: the pose model over its pictures."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from kneetrack.pictures import Pictures, PictureSource
from kneetrack.records import ClipInfo, Frame, PeopleInfo, Pose, PoseTrack

if TYPE_CHECKING:
    from kneetrack.pose.blazepose import BlazePose
    from kneetrack.pose.looks import Looks

PersonName = Literal["exerciser", "largest", "centre", "moving"]
Quality = Literal["standard", "best"]
PERSONS: tuple[PersonName, ...] = get_args(PersonName)
Choice = PersonName | int
Progress = Callable[[str, int, int | None], None]
"""Called with the stage ("reading", "again", "drawing" ...), frames done, and frames in all."""


AHEAD = 2
"""Pictures known beyond the present one."""


@contextmanager
def one_step(progress: Progress | None, stage: str) -> Iterator[None]:
    """Tell of the beginning and the end of a stage that has no frames to count."""
    if progress is not None:
        progress(stage, 0, 1)
    yield
    if progress is not None:
        progress(stage, 1, 1)


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
    with _loaded(options, progress, ahead=ahead) as backend:
        from kneetrack.pose.blazepose import mediapipe_version
        from kneetrack.pose.follow import PersonFollower
        from kneetrack.pose.looks import Looks

        looks = Looks()
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


def _loaded(options: ClipOptions, progress: Progress | None, *, ahead: bool) -> BlazePose:
    with one_step(progress, "loading"):
        from kneetrack.assets import model_path
        from kneetrack.pose.blazepose import BlazePose

        thorough = options.quality == "best"
        return BlazePose(options.model or model_path(), thorough=thorough, ahead=ahead)


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
    expect: Callable[[Frame, Sequence[Frame]], None] = lambda *_: None,
) -> tuple[list[Pose], tuple[int, int]]:
    """expect: told before each picture which two come after it."""
    total = source.declared_frames
    poses: list[Pose] = []
    pictures = iter(source)
    coming = deque(islice(pictures, AHEAD))
    while coming:
        coming.extend(islice(pictures, 1))
        frame = coming.popleft()
        expect(frame, tuple(coming))
        poses.append(follow(frame))
        if progress is not None:
            progress(stage, len(poses), total)
    return poses, source.size_px
