"""What one report is made of: one take (a clip's result), or two of the same exercise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kneetrack.records import FrameTable
from kneetrack.result import Result, SetRow, View

EXERCISES: Final = {
    "squat": "Squat",
    "single_leg_squat": "Single-leg squat",
    "single_leg_stance": "Single-leg balance",
    "glute_bridge": "Glute bridge",
    "lateral_lunge": "Lateral lunge",
    "none": "No exercise recognised",
}
_VIEWS: Final = {
    "front": "Front",
    "oblique": "Oblique",
    "side": "Side",
    "back": "Back",
    "foot_end": "Foot end",
}
_SIDES: Final = {
    "both": "both legs",
    "left": "left leg",
    "right": "right leg",
    "alternating": "left and right in turn",
}


@dataclass(frozen=True, slots=True)
class Video:
    """The annotated video beside the report.

    name: link relative to the report. A moment ``t_s`` of the clip's clock is shown at
    ``(t_s - t0_s) * stretch`` seconds of the video.
    """

    name: str
    t0_s: float = 0.0
    stretch: float = 1.0


@dataclass(frozen=True, slots=True)
class Take:
    """One clip in the report.

    stills: JPEG or PNG bytes under the keys of :func:`kneetrack.report.stills.choose_stills`.
    """

    result: Result
    frames: FrameTable
    stills: Mapping[str, bytes] = field(default_factory=dict)
    video: Video | None = None


def exercise_title(name: str) -> str:
    """ "single_leg_squat" -> "Single-leg squat"."""
    return EXERCISES.get(name, name.replace("_", " ").capitalize())


def side_title(side: str | None) -> str:
    """ "alternating" -> "left and right in turn"; empty when there is none."""
    return _SIDES.get(side or "", "")


def view_name(view: View) -> str:
    """ "Front", "Side" ...; "Unknown" when the view could not be told."""
    return _VIEWS.get(view.name or "", "Unknown")


def view_text(view: View) -> str:
    """The view and how far off it the camera stood, e.g. "front view, camera 12° to the left"."""
    if view.name is None:
        return "view not known"
    text = f"{view_name(view).lower()} view"
    if view.yaw_deg is None:
        return text
    if view.name in {"front", "oblique"}:
        if abs(view.yaw_deg) < 2.5:
            return f"{text}, camera straight on"
        side = "left" if view.yaw_deg > 0 else "right"
        return f"{text}, camera {abs(view.yaw_deg):.0f}° to the person’s {side}"
    return f"{text}, camera at {abs(view.yaw_deg):.0f}°"


def file_name(path: str) -> str:
    """The last part of a path of any system: where the clip lay is nobody's business."""
    return re.split(r"[/\\]", path)[-1] or path


def reps_text(row: SetRow) -> str:
    """ "1 rep", "8 reps"."""
    return f"{len(row.reps)} rep{'s' if len(row.reps) != 1 else ''}"


def sets_of(result: Result) -> list[SetRow]:
    """The sets of a result; one over all of its repetitions when it names none."""
    if result.sets or not result.reps:
        return list(result.sets)
    return [
        SetRow(
            index=result.reps[0].set,
            exercise=result.exercise,
            side=result.side or "both",
            start_s=result.reps[0].start_s,
            end_s=result.reps[-1].end_s,
            reps=[rep.index for rep in result.reps],
            view=result.view,
        )
    ]
