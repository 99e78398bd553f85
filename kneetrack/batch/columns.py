"""The columns of clips.parquet, reps.parquet and verdicts.parquet: names, kinds, units, meaning.

Their order never changes within a version of the schema; new ones come at the end. docs/batch.md
is held to this list by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal["text", "whole", "number", "truth"]
TableName = Literal["clips", "reps", "verdicts"]
SCHEMA_VERSION: Final = 1
EXTRA: Final = "manifest_"
"""In front of the names of a manifest's own columns, in clips.parquet."""
ERROR: Final = "_error"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. unit: "deg", "s", "ratio", "px", "1/s", "" where it has none."""

    name: str
    kind: Kind
    unit: str
    text: str


_CLIPS: Final = """
row whole - number of the row: the order of the sources and of the manifest, from 1
clip text - path or address of the clip
client text - from the manifest
exercise_asked text - what the manifest or --exercise asked for; auto: recognised
side_asked text - from the manifest, as it stands there
duplicate_of whole - the first row with the same content, asked in the same way; null: none
work_key text - what reps and verdicts are joined on; null where the clip could not be read
content_sha256 text - sha256 of the file's content
status text - analysed, no_exercise, nobody, error, or pending (the batch was interrupted before it)
error_kind text - settings, clip, output, ended (its process died), unexpected; null: none
error text - why it could not be analysed, one line
exit_code whole - what `kneetrack analyse` would have ended with; null while pending
exercise text - of the set with most repetitions; none: nothing recognised
exercise_detected text - what was recognised, whatever was asked
side text - left, right, both or alternating
reason text - why no exercise was recognised
sets whole - sets found
reps whole - repetitions counted
reps_valid whole - of these, judged
reps_ok whole - repetitions with nothing outside its band, knees judged
reps_watch whole - repetitions whose worst verdict is watch
reps_flag whole - repetitions whose worst verdict is flag
reps_cannot_tell whole - repetitions that could not be judged
view text - front, oblique, side, back or foot_end
yaw_deg number deg camera yaw; > 0: on the person's left
yaw_error_deg number deg its standard error
roll_deg number deg camera roll; > 0: upright things lean to the right
roll_error_deg number deg its standard error
view_reason text - what to change when filming
fps_per_s number 1/s mean pictures a second of true time
duration_s number s length, true time
frames whole - pictures read
width_px whole px of the upright picture
height_px whole px of the upright picture
codec text - of the video stream
playback_speed number ratio 0.25: four times slow motion
variable_frame_rate truth - whether pictures come unevenly
people_seen whole - people in the picture
swaps_repaired whole - pictures in which left and right were exchanged and put right
brightness number grey median grey level of the person, 0 to 255
contrast number grey grey levels between the 5th and the 95th percentile
noise number grey standard deviation from pixel to pixel
sharpness number ratio about 2 in a sharp picture, 1 where nothing is finer
notes text - remarks of the analysis, one a line
processing_s number s how long its analysis took
folder text - where its kept files are, below the batch's folder; null: none
quality text - standard or best
bridge text - the bridge asked for, low or full
settings_sha256 text - of the effective settings, which plan.json holds
model_sha256 text - of the pose model
kneetrack text - version
mediapipe text - version
video_sha256 text - of the video, also where landmarks kept of it were analysed
"""
_REPS: Final = """
work_key text - joins clips and verdicts
clip_row whole - row of the clip in clips.parquet (of duplicates the first)
rep whole - number of the repetition in the clip, from 1
set whole - number of its set
exercise text - of its set
side text - left, right or both
view text - of its set: front, oblique, side, back or foot_end
status text - its worst verdict: ok, watch, flag or cannot_tell
valid truth - judged; false: counted only
start_s number s true time from the clip's start
bottom_s number s deepest point; for a bridge the top, for a stance the end
end_s number s true time from the clip's start
descent_s number s duration of the way down
hold_s number s duration at the bottom
ascent_s number s duration of the way up
rep_depth_ratio number ratio peak of the rep signal, in leg or thigh lengths
"""
_VERDICTS: Final = """
work_key text - joins clips and reps
clip_row whole - row of the clip in clips.parquet (of duplicates the first)
rep whole - number of the repetition in the clip, from 1
exercise text - of the repetition
view text - of the repetition's set
rule text - what was looked at (`kneetrack exercises`)
side text - left, right or both
status text - ok, watch, flag or cannot_tell
measure text - the measure that decided
value number - in unit; null: cannot tell
error number - its standard error, in unit
unit text - deg, ratio or s
reason text - why it cannot be told, or what to notice
information truth - information only: belongs to no band
rep_valid truth - whether the repetition was judged
"""
_MEASURES: Final = """
fppa deg lr+
fppa_change deg lrm+
fppa_square deg lr+
knee_flexion_gate deg lr
kfo ratio lr
ktsr ratio -
kasr ratio -
ktsr_change ratio -
kasr_change ratio -
nksd ratio -
kmd ratio lr
toe_out deg -
trunk_lean deg -
pelvic_obliquity deg -
shoulder_obliquity deg -
pelvic_drop deg lr
hip_adduction_2d deg lr
dynamic_valgus_index deg lr
weight_shift ratio -
depth ratio -
hip_knee_level ratio lr
drop ratio -
knee_flexion deg lr
trunk_inclination deg -
shank_inclination deg lr
trunk_minus_shank deg -
heel_lift ratio lr
hips_back ratio lr
knee_past_toe ratio lr
lead_knee_flexion deg lr
trailing_knee_flexion deg lr
step_width ratio -
lunge_weight ratio lr
shank_tilt deg lr
hip_extension deg -
lift ratio -
bridge_shank deg -
knee_separation ratio -
knee_ankle_separation ratio -
knee_to_hip ratio -
"""
"""Name, unit, and which there are: l, r (each leg), m (mean of both), + (also at 45 to 60°)."""
_ENDS: Final = {"l": "_left", "r": "_right", "m": "_mean", "-": ""}
MID: Final = "_at_45_60"


def columns(table: TableName) -> tuple[Column, ...]:
    """The columns of a table in order; of clips without those of a manifest."""
    if table == "clips":
        return _read(_CLIPS)
    if table == "verdicts":
        return _read(_VERDICTS)
    return (*_read(_REPS), *_measured())


def measure_columns() -> tuple[str, ...]:
    """The columns of reps.parquet that hold measures, without those of their errors."""
    return tuple(column.name for column in _measured() if not column.name.endswith(ERROR))


def _read(lines: str) -> tuple[Column, ...]:
    parts = [line.split(maxsplit=3) for line in lines.strip().splitlines()]
    kinds: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
    return tuple(
        Column(name, kinds[kind], "" if unit == "-" else unit, text)
        for name, kind, unit, text in parts
    )


def _measured() -> tuple[Column, ...]:
    found: list[Column] = []
    for line in _MEASURES.strip().splitlines():
        stem, unit, which = line.split()
        for letter in which.replace("+", ""):
            for mid in ("", MID) if "+" in which else ("",):
                name = f"{stem}_{unit}{_ENDS[letter]}{mid}"
                when = "while the knee bends 45 to 60 degrees" if mid else "at the bottom"
                about = f"{stem.replace('_', ' ')} {when}"
                found.append(Column(name, "number", unit, f"{about}; null: cannot tell"))
                found.append(Column(name + ERROR, "number", unit, f"standard error of {name}"))
    return tuple(found)
