"""The live path against the recorded one: same repetitions, same moments, same verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic, sleep

import numpy as np
import pytest

from kneetrack import gates
from kneetrack.analysis import Question
from kneetrack.annotate import rep_status
from kneetrack.exercises.rules import Exercise
from kneetrack.level import level_track
from kneetrack.live.noting import FOOT_END_BRIDGE, SIDE_BRIDGE
from kneetrack.live.stepwise import Stepwise
from kneetrack.live_records import FinishedRep, Moment
from kneetrack.pose.repair import drop_invented, repair_swaps
from kneetrack.records import Pose, PoseTrack
from kneetrack.result import ExerciseName, RepRow, Result, Verdict
from kneetrack.settings import Settings
from tests import motions
from tests.motions import Tempo, exact, film  # noqa: F401
from tests.sampled import SAMPLES, sample

STILL_S = 2.0
LATER_S = 5.0
"""The set begins so long after the session: holding still and the countdown come first."""


def repair(track: PoseTrack) -> PoseTrack:
    return drop_invented(repair_swaps(track)[0])[0]


def pose(track: PoseTrack, index: int, t_s: float) -> Pose:
    world = None if track.xyz_m is None else track.xyz_m[index]
    return Pose(track.xy_px[index], world, track.confidence[index], t_s)


def live(
    track: PoseTrack, *, question: Question | None = None, background: bool = False
) -> tuple[list[FinishedRep], list[Moment]]:
    """Hold the first frame for two seconds, then every frame in order, then walk away."""
    question = question or Question(Settings())
    baseline = [pose(track, 0, i / 30) for i in range(round(30 * STILL_S))]
    shift_s = LATER_S - float(track.t_s[0])
    moments: list[Moment] = []
    with Stepwise(question, track.size_px, repair, background=background) as stepwise:
        stepwise.begin(baseline)
        for i, t_s in enumerate(track.t_s):
            moments.append(stepwise.step(pose(track, i, float(t_s) + shift_s)))
            if background:
                sleep(0.002)
        last_s = float(track.t_s[-1]) + shift_s
        until = monotonic() + 20
        for i in range(1, 91):
            moments.append(stepwise.step(Pose.unseen(last_s + i / 30)))
            while stepwise.busy and monotonic() < until:
                sleep(0.002)
        finished = [m.finished for m in moments if m.finished is not None]
        assert tuple(finished) == stepwise.reps
    back = LATER_S - float(track.t_s[0])
    return [
        replace(r, start_s=r.start_s - back, bottom_s=r.bottom_s - back, end_s=r.end_s - back)
        for r in finished
    ], moments


def edges(verdict: Verdict, exercise: Exercise) -> Iterator[float]:
    for reader in exercise.rule(verdict.rule).readers:
        if reader.measure == verdict.measure:
            for band in (reader.above, reader.below):
                yield from (band.watch, band.flag) if band is not None else ()


def near_an_edge(verdict: Verdict, exercise: Exercise) -> bool:
    """Whether the value, judged with its error in its favour, may fall on either side."""
    if verdict.value is None:
        return False
    error = verdict.error or 0.0
    return any(abs(abs(verdict.value - edge) - error) <= error for edge in edges(verdict, exercise))


def same_verdicts(row: RepRow, told: FinishedRep, exercise: Exercise) -> None:
    live_status = {(f.rule, f.side): f.status for f in told.faults}
    for verdict in row.verdicts:
        if verdict.information:
            continue
        recorded = verdict.status if verdict.status in ("watch", "flag") else None
        if live_status.get((verdict.rule, verdict.side)) != recorded:
            assert near_an_edge(verdict, exercise), (row.index, verdict, told.faults)


def compare(result: Result, told: list[FinishedRep]) -> None:
    assert [(r.index, r.side) for r in result.reps] == [(r.number, r.side) for r in told]
    for row, rep in zip(result.reps, told, strict=True):
        assert abs(row.bottom_s - rep.bottom_s) <= 0.2
        same_verdicts(row, rep, Settings().exercises[row.exercise])
        if {f.status for f in rep.faults} == {
            v.status for v in row.verdicts if v.status in ("watch", "flag") and not v.information
        }:
            assert rep.status == rep_status(row)


pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_live_tells_what_the_recorded_path_tells(name: str) -> None:
    result = sample(name)
    assert result.track is not None and result.reps
    told, _ = live(result.track)
    compare(result, told)


@pytest.mark.slow
def test_reading_in_the_background_counts_the_same() -> None:
    track = sample("sq_in30_right_ben").track
    assert track is not None
    told, _ = live(track, background=True)
    assert told == live(track)[0]


@pytest.mark.slow
def test_a_knee_that_falls_in_is_seen_while_it_does() -> None:
    result = sample("sq_in30_right_ben")
    assert result.track is not None
    _, moments = live(result.track)
    running = [f for m in moments for f in m.running if f.rule == "knee_valgus"]
    assert {f.side for f in running} == {"right"}
    lasting = max(
        sum(m.running != () and abs(m.t_s - r.bottom_s - 5) < 1 for m in moments)
        for r in result.reps
    )
    assert lasting / 30 > 0.3
    left, right = zip(*(m.gauges for m in moments), strict=True)
    assert max(g.position for g in right if g.position is not None) > 1
    assert all(g.position < 1 for g in left if g.position is not None)


@pytest.mark.slow
def test_good_repetitions_are_left_in_peace() -> None:
    for name in ("sq_good_anna", "lunge_good_L_anna"):
        track = sample(name).track
        assert track is not None
        _, moments = live(track)
        seen_s = sum(bool(m.running) for m in moments) / 30
        assert seen_s < 0.3, name


SETS = {
    "squats": motions.squats(Tempo(depths=(1.0,) * 5)),
    "squats without a pause": motions.squats(Tempo(depths=(1.0,) * 5, top_s=0.05)),
    "lunges": motions.lateral_lunges(Tempo(depths=(1.0,) * 4)),
    "single-leg squats": motions.single_leg_squats(Tempo(depths=(1.0,) * 4)),
}


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize("name", SETS)
def test_synthetic_sets(name: str) -> None:
    track = film(SETS[name], motions.WIDE if name == "lunges" else motions.FRONT)
    told, _ = live(track)
    compare(motions.analyse(track), told)
    assert len(told) == len(SETS[name].reps)


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize("deg", [-8.0, 8.0])
def test_a_tilted_camera_is_levelled_live_as_well(deg: float) -> None:
    """One knee falls in; neither the repetitions nor any single frame blames the other."""
    upright = film(motions.squats(Tempo(depths=(1.0,) * 3), kfo=(-0.05, 0.25)))
    track = level_track(upright, -deg)
    told, moments = live(track)
    compare(motions.analyse(track), told)
    assert [[(f.rule, f.side) for f in r.faults] for r in told] == [[("knee_valgus", "right")]] * 3
    running = {f.side for m in moments for f in m.running if f.rule == "knee_valgus"}
    assert running == {"right"}


@pytest.mark.usefixtures("exact")
def test_a_long_set_forgets_its_beginning_and_counts_on() -> None:
    track = film(motions.squats(Tempo(depths=(1.0,) * 16)))
    assert track.t_s[-1] > 45
    told, _ = live(track)
    compare(motions.analyse(track), told)


@pytest.mark.usefixtures("exact")
def test_standing_about_counts_nothing() -> None:
    told, moments = live(film(motions.standing(8.0)))
    assert told == []
    assert not any(m.rep_under_way or m.running for m in moments)


@pytest.mark.usefixtures("exact")
def test_from_the_side_the_knees_cannot_be_told() -> None:
    track = film(SETS["squats"], replace(motions.FRONT, yaw_deg=90.0))
    told, moments = live(track)
    assert len(told) == 5
    second_s = LATER_S + SETS["squats"].reps[1].start_s
    deep = [m for m in moments if m.t_s > second_s and (m.depth_fraction or 0) > 0.95]
    assert {g.status for m in deep for g in m.gauges} == {"cannot_tell"}
    assert all(g.position is None for m in moments for g in m.gauges)
    assert "side" in deep[-1].note


@pytest.mark.usefixtures("exact")
def test_a_pause_keeps_the_count_and_drops_half_a_repetition() -> None:
    track = film(motions.squats(Tempo(depths=(1.0,) * 3)))
    reps = SETS["squats"].reps
    with Stepwise(Question(Settings()), track.size_px) as stepwise:
        stepwise.begin([pose(track, 0, -2 + i / 30) for i in range(60)])
        middle_s = (reps[1].start_s + reps[1].bottom_s) / 2
        told: list[FinishedRep] = []
        paused = False
        for i, t_s in enumerate(track.t_s):
            if middle_s < t_s < reps[1].end_s:
                if not paused:
                    paused = True
                    stepwise.resume()
                continue
            moment = stepwise.step(pose(track, i, float(t_s)))
            told += [moment.finished] if moment.finished else []
    assert [r.bottom_s for r in told] == pytest.approx(
        [reps[0].bottom_s, reps[2].bottom_s], abs=0.2
    )
    assert [r.number for r in told] == [1, 2]


@pytest.mark.usefixtures("exact")
def test_nobody_and_hidden_legs_are_no_error() -> None:
    track = film(SETS["squats"])
    hidden = track.xy_px.copy()
    hidden[:, 25:] = np.nan
    told, moments = live(replace(track, xy_px=hidden))
    assert told == []
    assert all(g.position is None for m in moments for g in m.gauges)
    empty = [Pose.unseen(i / 30) for i in range(200)]
    with Stepwise(Question(Settings()), (720, 960)) as stepwise:
        stepwise.begin([])
        assert all(stepwise.step(p).finished is None for p in empty)


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize(
    ("motion", "camera", "name", "note"),
    [
        (motions.bridges(), motions.SIDE_LYING, "glute_bridge", SIDE_BRIDGE),
        (motions.bridges(), motions.FOOT_END, "glute_bridge", FOOT_END_BRIDGE),
        (motions.lateral_lunges(), motions.WIDE, "lateral_lunge", ""),
        (motions.lateral_lunges(), motions.SIDE, "lateral_lunge", gates.FRONT),
    ],
    ids=["bridge side", "bridge feet", "lunge front", "lunge side"],
)
def test_what_this_view_cannot_tell_is_noted(
    motion: motions.Motion, camera: motions.Camera, name: ExerciseName, note: str
) -> None:
    _, moments = live(film(motion, camera), question=Question(Settings(), name))
    assert moments[-1].note == note


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize(
    ("motion", "camera", "rule"),
    [
        (motions.lateral_lunges(kfo=0.15), motions.WIDE, "knee_valgus"),
        (motions.lateral_lunges(flexion_deg=120), motions.WIDE, "lunge_too_deep"),
        (
            motions.lateral_lunges(trailing_deg=60, build=motions.Build(knee_out_deg=(40, 40))),
            motions.WIDE,
            "trailing_knee_bent",
        ),
        (
            motions.lateral_lunges(build=motions.Build(lean_left_deg=18)),
            motions.WIDE,
            "trunk_lean",
        ),
        (
            motions.lateral_lunges(build=motions.Build(lean_forward_deg=40)),
            motions.SIDE,
            "trunk_lean",
        ),
        (motions.bridges(lift_m=0.23), motions.SIDE_LYING, "bridge_too_high"),
        (motions.bridges(lift_m=0.28), motions.SIDE_LYING, "bridge_over_arched"),
    ],
    ids=["knee", "depth", "trailing", "lean", "chest", "high", "arched"],
)
def test_faults_of_lunges_and_bridges_are_seen_while_they_last_and_marked(
    motion: motions.Motion, camera: motions.Camera, rule: str
) -> None:
    name: ExerciseName = "glute_bridge" if rule.startswith("bridge") else "lateral_lunge"
    told, moments = live(film(motion, camera), question=Question(Settings(), name))
    assert told and all(rule in {fault.rule for fault in rep.faults} for rep in told)
    running = sum(any(f.rule == rule for f in moment.running) for moment in moments)
    assert running / 30 > 0.3 * len(told)
