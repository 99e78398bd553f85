"""Sessions, trials, corrections and scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from kneetrack.clinic_records.kinds import (
    CorrectionKind,
    Origin,
    SheetName,
    TrialStatus,
    ViewAsked,
)
from kneetrack.records import SettingsError, SideName, Status
from kneetrack.result import ExerciseName

RESULT_FILE: Final = "result.json"
"""In a trial's folder: what the analysis gave. Never overwritten."""
FRAMES_FILE: Final = "frames.csv"
LANDMARKS_FILE: Final = "landmarks.npz"
CLIP_FILE: Final = "clip.mp4"
"""The kept clip: H.264, upright, without sound and metadata, faces blurred unless allowed."""
CORRECTED_FILE: Final = "corrected.json"
"""The result with every correction that stands; absent without any. Frames beside it."""
CORRECTED_FRAMES_FILE: Final = "corrected-frames.csv"
FACES_FILE: Final = "faces-shown"
"""An empty file that tells that the clip and the stills of this folder show the face. Written
before them; without the consent to show faces the store takes away clip, stills and it."""
STILL_PREFIX: Final = "still-"
"""Every still picture of a trial is named so."""
DRAWN_SUFFIX: Final = "-drawn"
"""At the end of the stem of a still that is no photograph but drawn from the landmarks."""


@dataclass(frozen=True, slots=True)
class SetupFacts:
    """How a session was set up: kept, and compared next time. None or "" = not told.

    distance_m: camera to client. camera_height_m: of the lens above the floor. stance: "hip width",
    or centimetres between the heels, as a text. Raises SettingsError.
    """

    distance_m: float | None = None
    camera_height_m: float | None = None
    footwear: str = ""
    stance: str = ""
    clothing: str = ""
    camera: str = ""

    def __post_init__(self) -> None:
        for name, value, most in (
            ("distance", self.distance_m, 15.0),
            ("camera height", self.camera_height_m, 4.0),
        ):
            if value is not None and not 0 < value <= most:
                raise SettingsError(f"the {name} of {value:g} m is not between 0 and {most:g} m")
        for name in ("footwear", "stance", "clothing", "camera"):
            if len(getattr(self, name)) > 80:
                raise SettingsError(f"{name}: at most 80 characters")


@dataclass(frozen=True, slots=True)
class Session:
    """One visit of one client. number: 1-based, by time, within the client."""

    id: str
    client_id: str
    number: int
    at: datetime
    protocol: str
    protocol_version: int
    setup: SetupFacts = field(default_factory=SetupFacts)
    notes: str = ""
    by: str = ""
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """One take of a step from one view. attempt: 1-based within step and view.

    Of several good attempts at one step and view the newest counts; the store rejects the older
    ones with the reason "repeated". clip_sha256: of the clip that was analysed; its name is not
    kept, it may tell who it is. exercise, reps_valid, reps_total: of its result. clip_kept: a copy
    lies in the trial's folder.
    """

    id: str
    session_id: str
    step: str
    view: ViewAsked
    attempt: int
    origin: Origin
    status: TrialStatus
    reason: str = ""
    note: str = ""
    at: datetime | None = None
    exercise: ExerciseName = "none"
    reps_valid: int = 0
    reps_total: int = 0
    clip_kept: bool = False
    clip_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A change that a reviewer made; the original stays, and this can be withdrawn.

    landmark: ``target`` {"t_s", "landmark" (index), "until_s" (optional)},
    ``before`` {"xy_px": [x, y]}, ``after`` {"xy_px": [x, y]}.
    bounds: target {"rep": index in the original result, or null for a repetition that was added},
    before/after {"start_s", "bottom_s", "end_s"} or after {} for one that is struck out.
    verdict: target {"rep", "rule", "side"}, before/after {"status"}.
    """

    id: str
    trial_id: str
    kind: CorrectionKind
    target: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str
    by: str
    at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One item of a sheet: what the camera suggests, and what the clinician confirmed.

    suggested, confirmed: points; None = cannot tell, or not decided yet. why: what the suggestion
    rests on, or why there is none ("thigh rotation: for the clinician").
    """

    key: str
    suggested: int | None = None
    why: str = ""
    confirmed: int | None = None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A sheet filled in for one step of a session and one leg."""

    id: str
    session_id: str
    step: str
    sheet: SheetName
    side: SideName
    items: tuple[ScoreItem, ...] = ()

    @property
    def total(self) -> int | None:
        """Sum of the confirmed items; None until every item is."""
        points = [item.confirmed for item in self.items]
        known = [p for p in points if p is not None]
        return sum(known) if len(known) == len(points) and points else None


@dataclass(frozen=True, slots=True)
class RepLine:
    """A repetition of a trial in the store; times in seconds of the clip."""

    trial_id: str
    index: int
    side: SideName
    start_s: float
    bottom_s: float
    end_s: float
    valid: bool
    depth: float | None
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """A rule of one repetition and side; corrected: a reviewer changed it, or what it rests on."""

    trial_id: str
    rep: int
    rule: str
    side: SideName
    status: Status
    measure: str
    value: float | None
    error: float | None
    unit: str
    reason: str = ""
    corrected: bool = False
