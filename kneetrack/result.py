"""The result of an analysis: the schema of result.json (``kneetrack/result/1``).

``status`` is three-valued with a middle: ok, watch, flag, or cannot_tell with a reason a person
understands. ``value`` and ``error`` are in ``unit``; both are null when it cannot be told.
"""

from __future__ import annotations

import operator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SkipValidation
from pydantic.json_schema import SkipJsonSchema

from kneetrack.records import FrameTable, PictureFacts, PoseTrack, Status

SCHEMA_ID: Literal["kneetrack/result/1"] = "kneetrack/result/1"
ExerciseName = Literal[
    "squat", "single_leg_squat", "single_leg_stance", "glute_bridge", "lateral_lunge", "none"
]
ResultSide = Literal["left", "right", "both", "alternating"]
ViewName = Literal["front", "oblique", "side", "back", "foot_end"]


def _absent(value: object) -> bool:
    return value is None


class _Model(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True
    )


class Source(_Model):
    """The clip that was read."""

    file: str = Field(description="file name as given")
    sha256: str
    fps: float = Field(description="mean frames per second of true time")
    duration_s: float
    frames: int = Field(description="frames read, not the header's count")
    size_px: tuple[int, int] = Field(description="width, height of the upright picture")
    rotation_deg: int = 0
    mirrored: bool = False
    variable_frame_rate: bool = False
    codec: str = ""
    speed: float = Field(1.0, description="playback speed: 0.25 = four times slow motion")
    notes: list[str] = []
    picture: PictureFacts | None = Field(
        None, description="light, contrast, noise and sharpness of the person; null: not looked at"
    )


class View(_Model):
    """Where the camera stood, seen from the person."""

    name: ViewName | None = None
    yaw_deg: float | None = Field(
        None, description="> 0: the camera is on the person's left; turn to the own left to face it"
    )
    yaw_error_deg: float | None = None
    roll_deg: float | None = Field(
        None, description="> 0: upright things lean to the right in the picture; measures are level"
    )
    roll_error_deg: float | None = None
    reason: str = Field("", description="what to change when filming, empty when nothing")


class Verdict(_Model):
    """One rule, one side, in one repetition."""

    rule: str
    side: Literal["left", "right", "both"]
    status: Status
    measure: str = Field(description="the measure that decided, e.g. kfo, ktsr, fppa_change")
    value: float | None = None
    unit: str = ""
    error: float | None = Field(None, description="standard error of value, in unit")
    reason: str = Field("", description="why it could not be told, or what to notice")
    information: bool = Field(False, description="information only, never red")
    corrected: bool = Field(
        False, description="a reviewer's correction touches it", exclude_if=operator.not_
    )
    overruled: Status | None = Field(
        None,
        description="the status that the numbers gave, where a reviewer's stands in its place",
        exclude_if=_absent,
    )


class SummaryRow(Verdict):
    """One rule and side over a whole set."""

    set: int = Field(1, description="1-based index of the set")
    reps_valid: int = 0
    reps_total: int = 0
    cue: str = Field("", description="what to do, in plain words; empty when ok")


class RepRow(_Model):
    """One repetition. Times in seconds of true time from the start of the clip."""

    index: int = Field(description="1-based, over the whole clip")
    set: int = 1
    exercise: ExerciseName
    side: Literal["left", "right", "both"]
    start_s: float
    bottom_s: float = Field(description="deepest point; for a bridge the top, for a stance the end")
    end_s: float
    descent_s: float
    hold_s: float
    ascent_s: float
    valid: bool = Field(True, description="judged; False: counted only")
    depth: float | None = Field(None, description="peak of the rep signal (leg or thigh lengths)")
    measures: dict[str, float | None] = Field(
        {},
        description="values at the bottom, keyed like the columns of frames.csv; "
        "_at_45_60: while the knee bends 45 to 60 degrees",
    )
    errors: dict[str, float | None] = Field(
        {}, description="standard error of each of the measures, in its unit"
    )
    verdicts: list[Verdict] = []
    corrected: bool = Field(
        False,
        description="a reviewer set its bounds or added it, or a correction touches them",
        exclude_if=operator.not_,
    )
    corrected_measures: list[str] = Field(
        [], description="which of the measures a correction touches", exclude_if=operator.not_
    )


class SideRow(_Model):
    """One measure of an exercise that works one leg at a time, left against right."""

    exercise: ExerciseName
    measure: str = Field(
        description="reps, depth (hip drop, percent of the leg), kfo (knee inside the foot, "
        "percent of the shank), or descent"
    )
    left: float | None = Field(None, description="the middle of the left leg's repetitions")
    right: float | None = None
    difference: float | None = Field(None, description="right less left, never a share of either")
    error: float | None = Field(None, description="standard error of the difference, in unit")
    unit: Literal["count", "percent", "s"]
    told: Literal["even", "differs", "cannot_tell"] = Field(
        description="differs: by more than 1.96 errors"
    )
    reason: str = ""


class CorrectionNote(_Model):
    """A reviewer's correction that stands; the uncorrected result is kept beside this one."""

    id: str
    kind: Literal["landmark", "bounds", "verdict"]
    text: str = Field(description="what was changed, in words")
    reason: str
    by: str = ""
    at: str = Field("", description="when, ISO 8601")


class Rejected(_Model):
    """A candidate that was not counted."""

    start_s: float
    end_s: float
    reason: str


class SetRow(_Model):
    """Consecutive repetitions of one exercise."""

    index: int
    exercise: ExerciseName
    side: ResultSide
    start_s: float
    end_s: float
    reps: list[int] = Field(description="indices of its repetitions")
    view: View


class Coverage(_Model):
    """How often a measure was valid, of the frames in repetitions."""

    valid_fraction: float
    reasons: dict[str, float] = Field({}, description="reason -> fraction of those frames")


class People(_Model):
    """Whom the tracker followed."""

    people_seen: int = 1
    followed: str = ""
    lost_spans_s: list[tuple[float, float]] = []
    notes: list[str] = []


class Provenance(_Model):
    """What made this result: versions, model, effective settings."""

    kneetrack: str
    mediapipe: str
    opencv: str
    model_sha256: str = Field(serialization_alias="model sha256", validation_alias="model sha256")
    numpy: str = ""
    scipy: str = ""
    thresholds: dict[str, Any] = Field(description="effective settings and bands")
    bridge_mode: Literal["low", "full"] | None = None


class Result(_Model):
    """What one clip (or landmark file) gave."""

    schema_id: Annotated[
        Literal["kneetrack/result/1"],
        Field(serialization_alias="schema", validation_alias="schema"),
    ] = SCHEMA_ID
    exercise: ExerciseName = Field(description="of the set with most repetitions")
    exercise_detected: ExerciseName = Field(description="what was recognised, whatever was asked")
    side: ResultSide | None = None
    reason: str = Field("", description="why exercise is none")
    source: Source
    view: View
    sets: list[SetRow] = []
    reps: list[RepRow] = []
    rejected: list[Rejected] = []
    summary: list[SummaryRow] = []
    sides: list[SideRow] = Field(
        [],
        description="left against right where each leg worked by itself",
        exclude_if=operator.not_,
    )
    coverage: dict[str, Coverage] = {}
    swaps_repaired: int = 0
    people: People = People()
    notes: list[str] = []
    corrections: list[CorrectionNote] = Field(
        [], description="a reviewer's, in the order made", exclude_if=operator.not_
    )
    provenance: Provenance

    frames: SkipJsonSchema[Annotated[FrameTable | None, SkipValidation]] = Field(
        None, exclude=True, repr=False
    )
    track: SkipJsonSchema[Annotated[PoseTrack | None, SkipValidation]] = Field(
        None, exclude=True, repr=False
    )

    def to_json(self) -> str:
        """The text of result.json."""
        return self.model_dump_json(by_alias=True, indent=1)
