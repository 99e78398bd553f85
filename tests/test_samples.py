"""The real model on the bundled samples, and on ../shared/truth where it is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kneetrack.recorded import Landmarks, analyse_landmarks
from kneetrack.records import Frame
from kneetrack.result import Result
from tests.conftest import ROOT
from tests.holding import Report, analyse_clip, load, run
from tests.sampled import sample


def statuses(result: Result, rule: str) -> dict[str, str]:
    return {row.side: row.status for row in result.summary if row.rule == rule}


def held(report: Report) -> str:
    """Everything that did not hold, for the message of a failing test."""
    return report.failures()


def test_everything_that_must_hold_on_the_samples(samples: Path) -> None:
    report = Report()
    for _, truth in load(samples):
        report.add(truth, sample(truth.name))
    assert report.clips == 6
    failed = [check.name for check in report.checks.values() if check.passed < check.total]
    assert not failed, held(report)


def test_everything_that_must_hold_on_shared_truth(shared: Path) -> None:
    report = run([shared / "truth"], analyse_clip)
    assert report.clips >= 34
    failed = [check.name for check in report.checks.values() if check.passed < check.total]
    assert not failed, held(report)
    error = {name: np.abs(check.values) for name, check in report.checks.items() if check.values}
    assert error["FPPA, mean absolute error a leg"].mean() <= 4
    assert error["FPPA change from standing, mean absolute error a leg"].mean() <= 3
    assert error["KFO against the true joints"].mean() <= 0.06


def test_the_reference_checks_can_fail(samples: Path) -> None:
    """A result put beside another clip's truth must not pass."""
    truth = {truth.name: truth for _, truth in load(samples)}
    report = Report()
    report.add(truth["sq_good_anna"], sample("sq_in20_anna"))
    failed = {check.name for check in report.checks.values() if check.passed < check.total}
    assert {"true KFO 3 % and less: ok", "good clips: nothing watch or flag"} & failed


def test_both_knees_in_one_knee_in_none_in() -> None:
    assert statuses(sample("sq_good_anna"), "knee_valgus") == {"left": "ok", "right": "ok"}
    both = statuses(sample("sq_in20_anna"), "knee_valgus")
    assert set(both.values()) <= {"watch", "flag"}
    one = statuses(sample("sq_in30_right_ben"), "knee_valgus")
    assert one["left"] == "ok"
    assert one["right"] in ("watch", "flag")


def test_a_deep_lunge_and_a_good_one() -> None:
    assert statuses(sample("lunge_R_depth115"), "lunge_too_deep")["right"] in ("watch", "flag")
    good = sample("lunge_good_L_anna")
    assert (good.exercise, good.side) == ("lateral_lunge", "left")
    assert statuses(good, "lunge_too_deep") == {"left": "ok"}
    assert statuses(good, "trailing_knee_bent")["right"] != "flag"


def test_a_low_bridge_from_the_side() -> None:
    result = sample("bridge_side_low")
    assert (result.exercise, result.view.name) == ("glute_bridge", "side")
    for rule in ("bridge_too_high", "bridge_too_low", "bridge_over_arched"):
        assert statuses(result, rule) == {"both": "ok"}
    assert set(statuses(result, "knees_together").values()) == {"cannot_tell"}


def test_no_landmark_was_exchanged_on_the_samples() -> None:
    assert all(sample(p.stem).swaps_repaired == 0 for p in (ROOT / "samples").glob("*.mp4"))


def mirrored(name: str) -> Result:
    """The sample through the model with every picture flipped."""
    from kneetrack.assets import model_path
    from kneetrack.pose.blazepose import BlazePose
    from kneetrack.records import PeopleInfo, PoseTrack
    from kneetrack.sources.clip import ClipSource

    with BlazePose(model_path()) as model, ClipSource(ROOT / "samples" / f"{name}.mp4") as clip:
        poses = [
            model.track(Frame(np.ascontiguousarray(f.image[:, ::-1]), f.t_s, f.index)) for f in clip
        ]
        track = PoseTrack.from_poses(poses, clip.size_px)
        return analyse_landmarks(Landmarks(track, clip.info(), PeopleInfo(), model.model_sha256))


def test_a_mirrored_clip_gives_the_sides_exchanged() -> None:
    plain, flipped = sample("sq_in30_right_ben"), mirrored("sq_in30_right_ben")
    assert len(flipped.reps) == len(plain.reps)
    assert plain.frames is not None
    assert flipped.frames is not None
    for here, there in (("left", "right"), ("right", "left")):
        a = plain.frames.columns[f"fppa_deg_{here}"]
        b = flipped.frames.columns[f"fppa_deg_{there}"]
        assert np.nanmedian(np.abs(a - b)) <= 3
        rows = [
            next(r for r in result.summary if r.rule == "knee_valgus" and r.side == side)
            for result, side in ((plain, here), (flipped, there))
        ]
        near_edge = any(
            abs((r.value or 0) - edge) <= (r.error or 0) for r in rows for edge in (0.04, 0.10)
        )
        assert rows[0].status == rows[1].status or near_edge


@pytest.mark.parametrize("path", sorted((ROOT / "samples").glob("*.mp4")), ids=lambda p: p.stem)
def test_every_row_tells_a_value_or_a_reason(path: Path) -> None:
    result = sample(path.stem)
    assert result.summary
    for row in result.summary:
        assert (row.value is None) == (row.status == "cannot_tell"), row
        assert row.value is not None or row.reason, row
        assert row.value is None or (row.error is not None and row.unit), row
