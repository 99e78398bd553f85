"""Where the pictures of a practice come from: a camera that stays on, or clips that play as one."""

from __future__ import annotations

import typing
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.programme.values import Part, Programme
from kneetrack.records import SourceError

if TYPE_CHECKING:
    from kneetrack.sources.camera import Camera

_CLIPS: Final = frozenset({".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".gif"})
View = ViewAsked | typing.Literal[""]


class Cameras(typing.Protocol):
    """Where the pictures come from, part by part. between: the camera that stays on, if any."""

    between: Camera | None

    def of(self, part: Part, view: View) -> AbstractContextManager[Camera] | None:
        """The camera for sets of a part; None when there is none for them."""


@dataclass(slots=True)
class OneCamera:
    """A camera that stays on from the first part to the last."""

    between: Camera | None

    def of(self, part: Part, view: View) -> AbstractContextManager[Camera] | None:
        """Always the same."""
        assert self.between is not None
        return nullcontext(self.between)


@dataclass(slots=True)
class PlayedClips:
    """Clips that play as the camera: by name, such as "lunge" or "bridge-foot-end", or one."""

    clips: dict[str, Path]
    always: Path | None = None
    between: Camera | None = None

    def of(self, part: Part, view: View) -> AbstractContextManager[Camera] | None:
        """A camera that plays the clip of these sets."""
        from kneetrack.sources.camera import open_camera

        found = (self.clips[name] for name in clip_names(part, view) if name in self.clips)
        path = next(found, self.always)
        return None if path is None else open_camera(str(path))


def clip_names(part: Part, view: View) -> tuple[str, ...]:
    """How a clip of these sets may be named, the closest name first."""
    names = dict.fromkeys((part.key, part.exercise))
    views = (f"-{view}", "") if view else ("",)
    return tuple(f"{name}{seen}".replace("_", "-") for seen in views for name in names)


def of_one_leg(part: Part, side: str) -> Part:
    """The part as its clip of one leg is named: "balance-left"."""
    return replace(part, key=f"{part.key}_{side}", exercise=f"{part.exercise}_{side}")


def open_cameras(spec: str, programme: Programme) -> Cameras:
    """What ``--camera`` names: a folder of clips, one clip, or a camera. Raises SourceError."""
    from kneetrack.live.start import camera_spec
    from kneetrack.sources.camera import open_camera

    if spec and Path(spec).is_dir():
        return PlayedClips(_matching(Path(spec), programme))
    camera = open_camera(camera_spec(spec))
    if camera.virtual:
        return PlayedClips({}, Path(camera_spec(spec)))
    return OneCamera(camera)


def _matching(folder: Path, programme: Programme) -> dict[str, Path]:
    clips = {
        path.stem.lower().replace("_", "-"): path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in _CLIPS
    }
    wanted = {
        name
        for part in programme.parts
        if part.views
        for each in (part, of_one_leg(part, "left"), of_one_leg(part, "right"))
        for view in (*part.views, "")
        for name in clip_names(each, typing.cast(View, view))
    }
    found = {name: path for name, path in clips.items() if name in wanted}
    if not found:
        like = next((p.key for p in programme.parts if p.views), "lunge")
        raise SourceError(f"no clip in {folder} is named like a part: {like}.mp4 ...")
    return found
