"""A whole live session, from framing to the files it leaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kneetrack.live.keeping import Keep
from kneetrack.live.plan import Plan
from kneetrack.recorded import analyse
from kneetrack.records import OutputError, Pose, PoseTrack
from kneetrack.report.journal import JournalWriter
from kneetrack.sources.clip import ClipSource
from tests import motions as m
from tests.live.acting import arms_down, arms_up, lies, poses, stands
from tests.live.playing import Played, PlayedCamera, Shot, hold, lost, play, run, wait
from tests.motions import Tempo, film

pytestmark = [
    pytest.mark.usefixtures("neutral"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
]
THREE = Tempo(depths=(1.0,) * 3)
SQUATS = film(m.squats(THREE))
KNEES_IN = film(m.squats(Tempo(depths=(1.0,) * 4), kfo=(-0.05, 0.25)))
STILL = poses(SQUATS)[0]


@pytest.fixture
def neutral(monkeypatch: pytest.MonkeyPatch) -> None:
    m.neutral(monkeypatch)


def one_set(track: PoseTrack, before: Pose | None = None) -> object:
    """Stand still until the set begins, do it, and stand there."""

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        first, last = poses(track)[0], poses(track)[-1]
        yield from hold(before or first, lambda: camera.played == 1)
        yield from play(track)
        yield from wait(last, 2.0)
        yield Shot(last, key="q")
        yield from wait(last, 1.0)

    return script


def labels(played: Played, rule: str) -> dict[str, str]:
    assert played.session.ending.written is not None
    rows = played.session.ending.written.result.summary
    return {row.side: row.status for row in rows if row.rule == rule}


def test_a_set_of_good_squats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played = run(one_set(SQUATS), tmp_path, monkeypatch)  # type: ignore[arg-type]
    assert [p for p in played.eye.phases if p != "framing"] == [
        "still",
        "countdown",
        "set",
        "summary",
    ]
    last = played.eye.states[-1]
    assert (last.reps_done, last.rep_marks) == (3, ("ok",) * 3)
    assert played.ear.tones.count("good_rep") == 3
    assert [w for w in played.ear.words if w in ("one", "two", "three")][-3:] == [
        "one",
        "two",
        "three",
    ]
    assert not [h for h in played.ear.heard if h.tone == "knee_in"]
    written = played.session.ending.written
    assert written is not None
    assert len(written.result.reps) == 3
    names = {path.name for path in written.files}
    assert {"landmarks.npz", "result.json", "frames.csv", "reps.csv", "report.html"} <= names
    assert all(path.is_file() for path in written.files)
    assert labels(played, "knee_valgus") == {"left": "ok", "right": "ok"}
    summary = played.eye.states[-1]
    assert any("3 reps" in line.value for line in summary.summary)
    assert str(tmp_path) in summary.detail


def test_what_is_kept_can_be_analysed_again_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = run(one_set(KNEES_IN), tmp_path, monkeypatch)  # type: ignore[arg-type]
    assert played.session.ending.written is not None
    first = played.session.ending.written.result
    for again in (
        analyse(tmp_path / "landmarks.npz", exercise="squat"),
        analyse(tmp_path / "session.landmarks", exercise="squat"),
    ):
        assert [r.bottom_s for r in again.reps] == [r.bottom_s for r in first.reps]
        assert [(s.rule, s.side, s.status) for s in again.summary] == [
            (s.rule, s.side, s.status) for s in first.summary
        ]


def test_a_right_knee_that_falls_in_is_cued_and_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(exercise="squat", sets_total=1, reps_total=4)
    played = run(one_set(KNEES_IN), tmp_path, monkeypatch, plan=plan)  # type: ignore[arg-type]
    cued = [s for s in played.eye.states if s.cue]
    assert cued and "right" in cued[0].cue and cued[0].phase == "set"
    assert "knee_in" in played.ear.tones
    assert cued[0].reps_done == 0, "it is said while the first repetition is going on"
    assert labels(played, "knee_valgus") == {"left": "ok", "right": "flag"}
    gauges = [s.gauges for s in played.eye.states if s.gauges is not None]
    assert "flag" in {right.status for _, right in gauges}
    assert {left.status for left, _ in gauges} <= {"resting", "ok"}
    assert any(line.status == "flag" for line in played.eye.states[-1].summary)


def test_by_ear_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from hold(STILL, lambda: camera.played == 1)
        yield from play(KNEES_IN)
        yield from wait(STILL, 1.5)

    played = run(script, tmp_path, monkeypatch, window=False)
    assert played.eye.states == []
    assert played.session.ending.written is not None
    assert any("second toe" in line for line in played.said)


def test_who_stands_too_near_or_turned_away_is_told_and_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned = stands(m.Camera(yaw_deg=35.0))
    near = stands(m.Camera(distance_m=3.5, fill=1.3))

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from wait(None, 2.0)
        yield from wait(near, 2.5)
        yield from wait(turned, 4.0)
        assert camera.played == 0
        yield from hold(STILL, lambda: camera.played == 1)
        yield from play(SQUATS)
        yield from wait(STILL, 2.0)
        yield Shot(STILL, key="q")
        yield from wait(STILL, 1.0)

    played = run(script, tmp_path, monkeypatch)
    assert played.eye.phases[:1] == ["framing"] or played.eye.phases[:2] == ["starting", "framing"]
    framing = {s.headline for s in played.eye.states if s.phase == "framing"}
    assert any("feet" in text or "back" in text.lower() for text in framing)
    view = [s for s in played.eye.states if s.phase == "view"]
    assert view and "left" in view[0].headline
    assert 15 < max(s.turn_deg or 0.0 for s in view) < 50
    assert len(played.session.ending.written.result.reps) == 3  # type: ignore[union-attr]


def test_an_unplugged_camera_keeps_the_set_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reps = m.squats(THREE).reps
    gap_s = (reps[0].end_s + reps[1].start_s) / 2

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from hold(STILL, lambda: camera.played == 1)
        yield from play(SQUATS, end_s=gap_s)
        yield from lost(5.0)
        yield from play(SQUATS, start_s=gap_s)
        yield from wait(STILL, 2.0)
        yield Shot(STILL, key="q")
        yield from wait(STILL, 1.0)

    played = run(script, tmp_path, monkeypatch)
    assert "trouble" in played.eye.phases
    shown = next(s for s in played.eye.states if s.phase == "trouble")
    assert "plug it in again" in shown.trouble + shown.headline + shown.detail
    assert played.ear.tones.count("trouble") >= 1
    assert played.eye.states[-1].reps_done == 3
    assert len(played.session.ending.written.result.reps) == 3  # type: ignore[union-attr]


def test_a_camera_that_stays_away_ends_the_session_with_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end_s = m.squats(THREE).reps[1].end_s + 0.6

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from hold(STILL, lambda: camera.played == 1)
        yield from play(SQUATS, end_s=end_s)
        yield from lost(3.0)
        for _ in range(30 * 20):
            yield Shot(trouble="the camera is gone", given_up=True)

    played = run(script, tmp_path, monkeypatch)
    assert played.session.lost
    assert len(played.session.ending.written.result.reps) == 2  # type: ignore[union-attr]


@pytest.mark.parametrize("way", ["q", "close", "interrupt"])
def test_every_way_out_keeps_what_was_done(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end_s = m.squats(THREE).reps[1].end_s + 0.6

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from hold(STILL, lambda: camera.played == 1)
        yield from play(SQUATS, end_s=end_s)
        if way == "q":
            yield Shot(STILL, key="q")
            yield from wait(STILL, 1.0)
            yield Shot(STILL, key="q")
        elif way == "close":
            yield Shot(STILL, close=True)
        else:
            yield Shot(interrupt=True)
        yield from wait(STILL, 3.0)

    played = run(script, tmp_path, monkeypatch)
    assert played.interrupted == (way == "interrupt")
    assert len(played.session.ending.written.result.reps) == 2  # type: ignore[union-attr]
    assert not [t.name for t in threading.enumerate() if t.name.startswith(("stepwise", "finish"))]


def test_begun_again_the_first_try_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end_s = m.squats(THREE).reps[1].end_s + 0.6

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from hold(STILL, lambda: camera.played == 1)
        yield from play(SQUATS, end_s=end_s)
        yield Shot(STILL, key="r")
        yield from hold(STILL, lambda: camera.played == 2)
        yield from play(SQUATS)
        yield from wait(STILL, 2.0)
        yield Shot(STILL, key="q")
        yield from wait(STILL, 1.0)

    played = run(script, tmp_path, monkeypatch)
    assert played.eye.states[-1].reps_done == 3
    assert len(played.session.ending.written.result.reps) == 3  # type: ignore[union-attr]


def test_raised_arms_pause_and_a_pause_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    up, down = arms_up(STILL), arms_down(STILL)
    reps = m.squats(THREE).reps
    gap_s = (reps[0].end_s + reps[1].start_s) / 2

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from hold(STILL, lambda: camera.played == 1)
        yield from play(SQUATS, end_s=gap_s)
        yield from wait(down, 1.0)
        yield from wait(up, 1.4)
        yield from wait(down, 1.0)
        yield from play(SQUATS, start_s=reps[1].start_s - 0.3, end_s=reps[1].end_s)
        yield Shot(STILL, key=" ")
        yield from play(SQUATS, start_s=gap_s)
        yield from wait(STILL, 2.0)
        yield Shot(STILL, key="q")
        yield from wait(STILL, 1.0)

    played = run(script, tmp_path, monkeypatch)
    assert "paused" in played.eye.phases
    assert any("aused" in words for words in played.ear.words)
    counted = played.eye.states[-1].reps_done
    assert counted == 3, "what was done in the pause is not counted"
    assert len(played.session.ending.written.result.reps) == 3  # type: ignore[union-attr]


def test_two_sets_with_a_rest_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(exercise="squat", sets_total=2, reps_total=3, rest_s=20.0)

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        for number in (1, 2):
            yield from hold(STILL, lambda n=number: camera.played == n)  # type: ignore[misc]
            yield from play(SQUATS)
        yield from wait(STILL, 2.0)
        yield Shot(STILL, key="q")
        yield from wait(STILL, 1.0)

    played = run(script, tmp_path, monkeypatch, plan=plan)
    assert "rest" in played.eye.phases
    result = played.session.ending.written.result  # type: ignore[union-attr]
    assert [len(row.reps) for row in result.sets] == [3, 3]


def test_a_deep_lunge_speaks_even_with_feedback_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = film(m.lateral_lunges(THREE, side="right", flexion_deg=125.0), m.WIDE)
    plan = Plan(exercise="lateral_lunge", sets_total=1, reps_total=3, feedback="off")
    script = one_set(track)
    played = run(script, tmp_path, monkeypatch, plan=plan, size_px=m.WIDE.size_px)  # type: ignore[arg-type]
    assert "too_deep" in played.ear.tones
    assert labels(played, "lunge_too_deep")["right"] in ("watch", "flag")


def test_a_bridge_found_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    track = film(m.bridges(Tempo(depths=(1.0,) * 3, hold_s=2.5)).moved(z=-0.5), m.SIDE_LYING)
    plan = Plan(exercise="auto", sets_total=1, reps_total=3)
    size_px = m.SIDE_LYING.size_px
    script = one_set(track, lies())
    played = run(script, tmp_path, monkeypatch, plan=plan, size_px=size_px)  # type: ignore[arg-type]
    assert played.session.ending.written is not None
    assert played.session.ending.written.result.exercise == "glute_bridge"
    assert "Glute bridge" in {s.title for s in played.eye.states}
    assert played.eye.states[-1].reps_done == 3
    assert any("still" in words.lower() for words in played.ear.words)


def test_walking_away_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from hold(STILL, lambda: camera.played == 1)
        yield from play(SQUATS)
        yield from wait(None, 40.0)

    plan = Plan(exercise="squat", sets_total=3, reps_total=10)
    played = run(script, tmp_path, monkeypatch, plan=plan)
    assert played.eye.phases[-1] == "summary"
    assert len(played.session.ending.written.result.reps) == 3  # type: ignore[union-attr]


def test_leaving_before_any_set_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNEETRACK_DATA", str(tmp_path / "data"))

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from wait(None, 1.0)
        yield Shot(key="q")
        yield from wait(None, 5.0)

    played = run(script, tmp_path, monkeypatch, keep=Keep())
    assert played.session.ending.written is None
    assert not played.folder.exists()


def test_a_full_disk_is_told_and_the_set_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = JournalWriter.write
    told: list[int] = []

    def full(self: JournalWriter, pose: Pose) -> bool:
        told.append(1)
        if len(told) == 200:
            raise OutputError("cannot write session.landmarks: the disk is full")
        return write(self, pose)

    monkeypatch.setattr(JournalWriter, "write", full)
    played = run(one_set(SQUATS), tmp_path, monkeypatch)  # type: ignore[arg-type]
    assert any("disk is full" in s.trouble + s.note for s in played.eye.states)
    assert played.eye.states[-1].reps_done == 3


def test_the_window_s_own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from wait(STILL, 0.2)
        for key in "mfv?q":
            yield Shot(STILL, key=key)
            yield from wait(STILL, 0.1)
        yield Shot(STILL, key=" ")
        yield Shot(STILL, key="q")
        yield from wait(STILL, 5.0)

    played = run(script, tmp_path, monkeypatch)
    last = played.eye.states[-1]
    assert (last.mirrored, last.sound_on, last.help) == (False, False, False)
    assert any(state.help for state in played.eye.states)
    assert played.eye.full == 1
    assert ("Space", "pause, go on") in last.keys


def test_quitting_in_the_countdown_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNEETRACK_DATA", str(tmp_path / "data"))

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from wait(STILL, 4.0)
        yield Shot(STILL, key="q")
        yield from wait(STILL, 5.0)

    played = run(script, tmp_path, monkeypatch, keep=Keep())
    assert "still" in played.eye.phases
    assert camera_never_played(played)
    assert played.session.ending.written is None and played.session.ending.problem is None
    assert not played.folder.exists()


def camera_never_played(played: Played) -> bool:
    return played.camera.played == 0


def test_a_first_try_that_does_not_count_is_not_in_the_video_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end_s = m.squats(THREE).reps[0].end_s + 0.6

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        yield from hold(STILL, lambda: camera.played == 1)
        yield from play(SQUATS, end_s=end_s)
        yield Shot(STILL, key="r")
        yield from hold(STILL, lambda: camera.played == 2)
        yield from play(SQUATS)
        yield from wait(STILL, 2.0)
        yield Shot(STILL, key="q")
        yield from wait(STILL, 1.0)

    keep = Keep(tmp_path, record=True)
    played = run(script, tmp_path, monkeypatch, keep=keep)
    written = played.session.ending.written
    assert written is not None, played.session.ending.problem
    assert written.video == tmp_path / "session.mp4"
    assert "session.mp4" in (tmp_path / "report.html").read_text("utf-8")
    with ClipSource(tmp_path / "session.mp4") as video:
        last_s = [frame.t_s for frame in video][-1]
    assert end_s > 2.0
    assert abs(last_s - written.result.source.duration_s) < 1.0
