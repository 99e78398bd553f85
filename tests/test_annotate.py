"""What is drawn: states and numbers, those of frames.csv after rounding."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kneetrack.annotate import OverlayScript
from kneetrack.exercises import all_exercises
from kneetrack.report.tables import write_frames_csv
from kneetrack.result import Result
from tests import motions as mo
from tests.motions import Camera, Tempo, exact  # noqa: F401

pytestmark = pytest.mark.usefixtures("exact")
TWO = Tempo(depths=(1, 1))
KNEES_IN = mo.squats(kfo=(0.02, 0.16))
SCENES = {
    "kfo": (KNEES_IN, mo.FRONT),
    "ktsr": (mo.squats(TWO, kfo=(0.22, 0.22)), Camera(yaw_deg=22)),
    "single leg": (mo.single_leg_squats(TWO, side="right"), mo.FRONT),
    "lunge": (mo.lateral_lunges(side="left"), mo.WIDE),
    "bridge": (mo.bridges(), mo.SIDE_LYING),
    "side": (mo.squats(TWO), mo.SIDE),
    "two sets": (mo.squats(TWO).then(mo.lateral_lunges()), mo.WIDE),
}


def script_of(result: Result) -> OverlayScript:
    return OverlayScript(result, all_exercises())


def csv_columns(result: Result, folder: Path) -> dict[str, np.ndarray]:
    assert result.frames is not None
    path = write_frames_csv(result.frames, folder / "frames.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        key: np.array([float(row[key]) if row[key] else np.nan for row in rows])
        for key in rows[0]
        if key != "phase"
    }


def written(label: str, columns: dict[str, np.ndarray], index: int, side: str) -> bool:
    """Whether the number of a label is that of frames.csv, rounded as it is drawn."""

    def value(*names: str) -> float:
        return next(
            columns[n][index] for n in names if n in columns and np.isfinite(columns[n][index])
        )

    if label.endswith("%"):
        number = int(re.sub(r"\D", "", label))
        signed = {"in": number, "out": -number}.get(label.split(maxsplit=1)[0], 0)
        if number:
            assert label.split(maxsplit=1)[0] in ("in", "out")
        return abs(100 * value(f"kfo_ratio_{side}") - signed) <= 0.5 + 1e-3
    number = float(re.findall(r"[-+]?\d+\.?\d*", label)[0])
    if "knees/toes" in label:
        return abs(value("ktsr_ratio") - number) <= 0.005 + 1e-4
    if "lift" in label:
        return abs(value(f"lift_ratio_{side}", "lift_ratio") - number) <= 0.005 + 1e-4
    if "bend" in label:
        return abs(value(f"knee_flexion_deg_{side}") - number) <= 0.5 + 1e-3
    return abs(value(f"fppa_change_deg_{side}", f"fppa_deg_{side}") - number) <= 0.5 + 1e-3


@pytest.mark.parametrize("name", SCENES)
def test_the_numbers_drawn_are_those_of_the_table(name: str, tmp_path: Path) -> None:
    motion, camera = SCENES[name]
    result = mo.seen(motion, camera)
    script = script_of(result)
    columns = csv_columns(result, tmp_path)
    drawn = 0
    for index in range(len(script)):
        for side, knee in zip(("left", "right"), script.frame(index).knees, strict=True):
            if re.search(r"\d", knee.label):
                drawn += 1
                assert written(knee.label, columns, index, side), (index, side, knee.label)
    assert drawn > 30


def test_every_frame_has_its_picture_and_its_person() -> None:
    result = mo.seen(KNEES_IN)
    script = script_of(result)
    assert result.frames is not None
    assert result.frames.xy_px is not None
    assert len(script) == len(result.frames.t_s)
    for index in (0, 100, len(script) - 1):
        np.testing.assert_array_equal(script.frame(index).xy_px, result.frames.xy_px[index])


def test_the_state_of_each_knee_at_the_bottom() -> None:
    result = mo.seen(KNEES_IN)
    script = script_of(result)
    bottom = int(np.argmin(np.abs(KNEES_IN.t_s - KNEES_IN.reps[1].bottom_s)))
    left, right = script.frame(bottom).knees
    assert left.status == "ok"
    assert right.status == "flag"
    assert right.label == "in 16 %"


def test_standing_knees_rest() -> None:
    script = script_of(mo.seen(KNEES_IN))
    for index in (0, 20):
        assert {knee.status for knee in script.frame(index).knees} == {"resting"}


def test_repetitions_are_counted_up_as_they_end() -> None:
    result = mo.seen(KNEES_IN)
    script = script_of(result)
    counts = [script.frame(i).reps_done for i in range(len(script))]
    assert counts[0] == 0
    assert counts[-1] == 3 == script.frame(0).reps_total
    assert all(b - a in (0, 1) for a, b in pairwise(counts))
    for rep in result.reps:
        after = int(np.searchsorted(KNEES_IN.t_s, rep.end_s))
        assert counts[after] == rep.index
        assert counts[after - 1] == rep.index - 1
        assert len(script.frame(after).rep_marks) == rep.index
    assert set(script.frame(len(script) - 1).rep_marks) == {"flag"}


def test_where_the_view_gives_no_number_it_says_so() -> None:
    result = mo.seen(mo.squats(TWO), Camera(yaw_deg=45))
    script = script_of(result)
    bottom = int(np.argmin(np.abs(result.frames.t_s - result.reps[0].bottom_s)))  # type: ignore[union-attr]
    shown = script.frame(bottom)
    assert {knee.status for knee in shown.knees} == {"cannot_tell"}
    assert not any(re.search(r"\d", knee.label) for knee in shown.knees)
    assert "turn 45° to your left" in shown.note


def test_the_cue_names_the_fault_and_praise_needs_none() -> None:
    last = KNEES_IN.reps[1]
    now = int(np.searchsorted(KNEES_IN.t_s, last.bottom_s + 0.4))
    bad = script_of(mo.seen(KNEES_IN)).frame(now)
    assert bad.cue.startswith("Right knee")
    assert bad.cue_status == "flag"
    good = script_of(mo.seen(mo.squats())).frame(now)
    assert good.cue_status == "ok"


def test_a_clip_without_an_exercise_says_why() -> None:
    result = mo.seen(mo.standing(3.0))
    shown = script_of(result).frame(10)
    assert shown.note == result.reason
    assert {knee.status for knee in shown.knees} == {"resting"}


def test_depth_goes_from_nothing_to_all() -> None:
    script = script_of(mo.seen(KNEES_IN))
    depths = [script.frame(i).depth_fraction for i in range(len(script))]
    known = [d for d in depths if d is not None]
    assert min(known) == pytest.approx(0, abs=0.02)
    assert max(known) == pytest.approx(1, abs=0.02)
