"""Bridges from the foot end, live: knees from the outline, as in a recorded clip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from kneetrack import skeleton as sk
from kneetrack.analysis import Question
from kneetrack.angles import kasr_ratio
from kneetrack.assets import model_path
from kneetrack.live.feet_first import FOLLOW_EVERY_S, LOST_S, FeetFirst, FeetFirstWatch
from kneetrack.live.plan import Plan
from kneetrack.live.stepwise import Stepwise
from kneetrack.pose.follow import PersonFollower
from kneetrack.recorded import ClipOptions, analyse, analyse_landmarks, read_landmarks
from kneetrack.records import Frame, Pose, PoseTrack
from kneetrack.settings import Settings
from kneetrack.sources.clip import ClipSource
from tests import motions as m
from tests.live.acting import poses
from tests.live.playing import PlayedCamera, PlayedModel, Shot, hold, play, run, wait
from tests.live.test_stepwise import compare, repair
from tests.motions import Tempo, film
from tests.outlined import astray, outline_of

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
TEMPO = Tempo(descent_s=1.2, hold_s=2.5, ascent_s=1.2, depths=(1.0, 1.0))
FEET = film(m.bridges(TEMPO), m.FOOT_END)
COLLAPSE = film(m.bridges(TEMPO, squeeze_m=0.05), m.FOOT_END)
"""Knees go from 20 to 10 cm apart."""
PICTURE = np.full((2, 2, 3), 90, np.uint8)


@dataclass
class Model:
    """Reads ``told`` of a person who is ``truth``; one entry for each frame index."""

    truth: PoseTrack
    told: PoseTrack
    tracked: list[int] = field(default_factory=list)
    outlined: list[int] = field(default_factory=list)
    company: list[Pose] = field(default_factory=list)

    def track(self, frame: Frame) -> Pose:
        self.tracked.append(frame.index)
        return replace(poses(self.told)[frame.index], t_s=frame.t_s)

    def outline(self, frame: Frame) -> tuple[np.ndarray | None, Pose]:
        self.outlined.append(frame.index)
        pose = replace(poses(self.told)[frame.index], t_s=frame.t_s)
        if not pose.seen:
            return None, pose
        return outline_of(self.truth.xy_px[frame.index], self.truth.size_px), pose

    def find_people(self, frame: Frame, max_people: int) -> list[Pose]:
        return [replace(poses(self.told)[frame.index], t_s=frame.t_s), *self.company]

    def reset(self) -> None:
        pass

    def close(self) -> None:
        pass


def followed(model: Model) -> tuple[PoseTrack, PersonFollower]:
    follower = PersonFollower(model, "largest")
    feet_first = FeetFirst(follower, model.outline)
    seen = [
        feet_first.follow(Frame(PICTURE, float(t_s), i)) for i, t_s in enumerate(model.told.t_s)
    ]
    return PoseTrack.from_poses(seen, model.told.size_px), follower


def test_misread_knees_are_put_where_the_outline_has_them() -> None:
    model = Model(COLLAPSE, astray(COLLAPSE, slice(60, 130)))
    track, follower = followed(model)
    np.testing.assert_allclose(
        kasr_ratio(track.xy_px)[30:], kasr_ratio(COLLAPSE.xy_px)[30:], atol=0.06
    )
    kept, people = follower.finish(track)
    np.testing.assert_array_equal(kept.xy_px, track.xy_px)
    assert people.people_seen == 1 and not people.lost_spans_s


def test_sides_do_not_change_places() -> None:
    track, _ = followed(Model(COLLAPSE, astray(COLLAPSE, slice(60, 130))))
    left = track.xy_px[:, sk.ANKLES[0], 0] > track.xy_px[:, sk.ANKLES[1], 0]
    assert left.all()


def test_each_picture_is_outlined_and_the_person_is_looked_at_now_and_then() -> None:
    model = Model(FEET, FEET)
    followed(model)
    first = model.outlined[0]
    assert model.outlined == list(range(first, len(FEET)))
    assert first / 30 <= 1.0
    often = (len(FEET) - first) / 30 / FOLLOW_EVERY_S
    assert sum(i >= first for i in model.tracked) <= often + 2


@pytest.mark.parametrize(
    "track",
    [film(m.bridges(TEMPO), m.SIDE_LYING), film(m.squats()), film(m.standing(3.0))],
    ids=["side", "squats", "standing"],
)
def test_nobody_else_is_outlined(track: PoseTrack) -> None:
    model = Model(track, track)
    got, _ = followed(model)
    assert not model.outlined
    np.testing.assert_array_equal(got.xy_px, track.xy_px)


def test_knees_that_the_outline_does_not_show_are_not_seen() -> None:
    model = Model(FEET, FEET)
    model.outline = lambda frame: (np.zeros((720, 1280), bool), poses(FEET)[frame.index])  # type: ignore[method-assign]
    track, _ = followed(model)
    assert np.isnan(track.xy_px[40:, list(sk.KNEES)]).all()
    assert not track.confidence[40:, list(sk.KNEES)].any()
    assert np.isfinite(track.xy_px[40:, list(sk.ANKLES)]).all()


def test_with_somebody_else_in_the_picture_nothing_is_outlined_and_knees_do_not_jump() -> None:
    """The model's own knees are elsewhere than those of the outline: they would seem to fall."""
    model = Model(FEET, FEET)
    follower = PersonFollower(model, "largest")
    feet_first = FeetFirst(follower, model.outline)
    frames = [Frame(PICTURE, float(t_s), i) for i, t_s in enumerate(FEET.t_s)]
    for frame in frames[:60]:
        feet_first.follow(frame)
    so_far = len(model.outlined)
    assert so_far and follower.alone
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PersonFollower, "alone", False)
        seen = [feet_first.follow(frame) for frame in frames[60:]]
    assert len(model.outlined) == so_far
    np.testing.assert_array_equal(seen[-1].xy_px[sk.ANKLES[0]], FEET.xy_px[-1][sk.ANKLES[0]])
    assert all(np.isnan(pose.xy_px[list(sk.KNEES)]).all() for pose in seen)


def test_with_somebody_else_there_from_the_beginning_it_is_as_in_a_clip() -> None:
    model = Model(FEET, FEET)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PersonFollower, "alone", False)
        track, _ = followed(model)
    assert not model.outlined
    np.testing.assert_array_equal(track.xy_px, FEET.xy_px)


def see_all(watch: FeetFirstWatch, track: PoseTrack, start_s: float = 0.0) -> None:
    for pose in poses(track):
        watch.see(replace(pose, t_s=pose.t_s + start_s))


def test_standing_up_ends_it_and_a_lost_hold_does_not() -> None:
    watch = FeetFirstWatch()
    see_all(watch, FEET)
    assert watch.on
    end_s = float(FEET.t_s[-1])
    watch.see(Pose.unseen(end_s + LOST_S - 1))
    assert watch.on
    see_all(watch, film(m.standing(2.0)), end_s + LOST_S - 0.5)
    assert not watch.on


def test_who_is_gone_for_long_is_gone() -> None:
    watch = FeetFirstWatch()
    see_all(watch, FEET)
    watch.see(Pose.unseen(float(FEET.t_s[-1]) + LOST_S + 1))
    assert not watch.on


# ------------------------------------------------------------------ whole sessions


def led_astray(pose: Pose) -> Pose:
    """Knees that come together are misread, as the model does it."""
    if not kasr_ratio(pose.xy_px) < 0.8:
        return pose
    track = astray(PoseTrack.from_poses([pose], (1, 1)), slice(None))
    return poses(track)[0]


@dataclass
class Outliner(PlayedModel):
    """A model that goes astray on the knees, but knows the outline."""

    def track(self, frame: Frame) -> Pose:
        return led_astray(super().track(frame))

    def outline(self, frame: Frame) -> tuple[np.ndarray | None, Pose]:
        pose = super().track(frame)
        if not pose.seen:
            return None, pose
        return outline_of(pose.xy_px, self.camera.size_px), self.track(frame)


@dataclass
class Astray(PlayedModel):
    """The same without an outline."""

    def track(self, frame: Frame) -> Pose:
        return led_astray(super().track(frame))


def bridging(track: PoseTrack) -> object:
    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from hold(poses(track)[0], lambda: camera.played > 0)
        yield from play(track)
        yield from wait(poses(track)[-1], 2.0)
        yield Shot(poses(track)[-1], key="q")
        yield from wait(poses(track)[-1], 3.0)

    return script


def session(
    track: PoseTrack, folder: Path, patch: pytest.MonkeyPatch, model: type[PlayedModel]
) -> tuple[dict[str, str], set[str]]:
    """Status of each rule in the end, and what was told while it went on."""
    plan = Plan(exercise="glute_bridge", sets_total=1, reps_total=2)
    size_px = m.FOOT_END.size_px
    played = run(bridging(track), folder, patch, plan=plan, size_px=size_px, model=model)  # type: ignore[arg-type]
    written = played.session.ending.written
    assert written is not None and len(written.result.reps) == 2
    again = analyse(played.folder / "session.landmarks", exercise="glute_bridge")
    assert [row.status for row in again.summary] == [r.status for r in written.result.summary]
    return {row.rule: row.status for row in written.result.summary}, set(played.ear.words)


def test_a_live_bridge_from_the_foot_end_is_judged_and_cued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, words = session(COLLAPSE, tmp_path / "in", monkeypatch, Outliner)
    assert told["knees_together"] == "flag"
    assert "Keep the block still" in words
    told, words = session(FEET, tmp_path / "still", monkeypatch, Outliner)
    assert told["knees_together"] == told["knees_apart"] == "ok"
    assert "Keep the block still" not in words


def test_a_block_that_falls_is_cued_while_it_does_and_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped = film(m.bridges(TEMPO, drop_m=0.04), m.FOOT_END)
    told, words = session(dropped, tmp_path, monkeypatch, Outliner)
    assert told["block_lost"] == "flag"
    assert "Place the block again and press it" in words
    with Stepwise(Question(Settings(), "glute_bridge"), dropped.size_px, repair) as stepwise:
        stepwise.begin([])
        moments = [stepwise.step(pose) for pose in poses(dropped)]
    running = [any(f.rule == "block_lost" for f in moment.running) for moment in moments]
    assert 0.3 * 30 < sum(running) < 2 * 2.5 * 30


def test_without_an_outline_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told, _ = session(COLLAPSE, tmp_path, monkeypatch, Astray)
    assert told["knees_together"] == "cannot_tell"


# ------------------------------------------------------------------ the real model


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bridge_foot_neutral", "bridge_foot_together"])
def test_live_tells_what_the_recorded_path_tells(shared: Path, name: str) -> None:
    from kneetrack.pose.blazepose import BlazePose

    clip = shared / "truth" / f"{name}.mp4"
    recorded = read_landmarks(clip, ClipOptions())
    result = analyse_landmarks(recorded, exercise="glute_bridge", settings=Settings())
    with ClipSource(clip) as source:
        frames = list(source)
    held = [replace(frames[0], t_s=i / 30) for i in range(90)]
    shifted = [replace(f, t_s=f.t_s - frames[0].t_s + 3.0) for f in frames]
    with BlazePose(model_path()) as model:
        follower = PersonFollower(model, "largest")
        feet_first = FeetFirst(follower, model.outline)
        seen = [feet_first.follow(replace(f, index=i)) for i, f in enumerate([*held, *shifted])]
    kept, people = follower.finish(PoseTrack.from_poses(seen, frames[0].size_px))
    assert people.people_seen == 1
    at_the_end = analyse_landmarks(
        replace(recorded, track=kept), exercise="glute_bridge", settings=Settings()
    )
    with Stepwise(Question(Settings(), "glute_bridge"), kept.size_px, repair) as stepwise:
        stepwise.begin(seen[30:90])
        moments = [stepwise.step(pose) for pose in seen[90:]]
        last_s = seen[-1].t_s
        moments += [stepwise.step(Pose.unseen(last_s + i / 30)) for i in range(1, 91)]
        told = [
            replace(r, start_s=r.start_s - 3, bottom_s=r.bottom_s - 3, end_s=r.end_s - 3)
            for r in stepwise.reps
        ]
    compare(result, told)
    for measure in ("knee_separation_ratio", "knee_ankle_separation_ratio"):
        np.testing.assert_allclose(
            [rep.measures[measure] for rep in at_the_end.reps],
            [rep.measures[measure] for rep in result.reps],
            atol=0.03,
        )
    running = {f.rule for moment in moments for f in moment.running}
    assert running == ({"knees_together", "block_lost"} if name.endswith("together") else set())
