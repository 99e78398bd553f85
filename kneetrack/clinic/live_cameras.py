"""Where the pictures of a visit come from: a camera that stays on, or clips that play as one."""

from __future__ import annotations

import typing
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kneetrack.clinic.naming import take_name
from kneetrack.clinic.visit import Take
from kneetrack.clinic_records.plans import Protocol
from kneetrack.records import SourceError

if TYPE_CHECKING:
    from kneetrack.sources.camera import Camera


class Cameras(typing.Protocol):
    """Where the pictures come from, take by take. between: the camera that stays on, if any."""

    between: Camera | None

    def of(self, take: Take) -> AbstractContextManager[Camera] | None:
        """The camera of a take; None when there is none for it."""


@dataclass(slots=True)
class OneCamera:
    """A camera that stays on from take to take."""

    between: Camera | None

    def of(self, take: Take) -> AbstractContextManager[Camera] | None:
        """Always the same."""
        assert self.between is not None
        return nullcontext(self.between)


@dataclass(slots=True)
class PlayedFiles:
    """Clips that play as the camera: one for each take, or the same for all."""

    files: dict[str, Path]
    always: Path | None = None
    between: Camera | None = None

    def of(self, take: Take) -> AbstractContextManager[Camera] | None:
        """A camera that plays the clip of a take."""
        from kneetrack.sources.camera import open_camera

        path = self.files.get(take_name(take[0].key, take[1]), self.always)
        return None if path is None else open_camera(str(path))


def open_cameras(spec: str, protocol: Protocol) -> Cameras:
    """What ``--camera`` names: a folder of clips, one clip, or a camera. Raises SourceError."""
    from kneetrack.clinic.matching import match_clips
    from kneetrack.live.start import camera_spec
    from kneetrack.sources.camera import open_camera

    if spec and Path(spec).is_dir():
        matching = match_clips(protocol, Path(spec))
        if not matching.matches:
            raise SourceError(f"no clip in {spec} is named like a take: squat-front.mp4 ...")
        return PlayedFiles({match.take: match.clip for match in matching.matches})
    camera = open_camera(camera_spec(spec))
    if camera.virtual:
        return PlayedFiles({}, Path(camera_spec(spec)))
    return OneCamera(camera)
