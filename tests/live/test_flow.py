"""From the first picture to the end of a session: every transition, by time and by what is seen."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.feedback import PAIN
from kneetrack.live.flow import Flow, Plan, Sight
from kneetrack.live.working import set_complete
from kneetrack.live_records import Fault, FinishedRep
from kneetrack.records import SettingsError
from tests.live.acting import Act, arms_down, arms_up, lies, stands

DOWN = arms_down(stands())
UP = arms_up(stands())


def after_one_set(**plan: object) -> Act:
    """In the rest after the first of two sets of three."""
    act = Act(
        Plan(**{"exercise": "squat", "sets_total": 2, "reps_total": 3, "rest_s": 20.0, **plan})  # type: ignore[arg-type]
    )
    act.to_set()
    for _ in range(3):
        act.rep()
    return act


# ------------------------------------------------------------------ the whole way


def test_from_the_start_to_the_end_by_itself() -> None:
    act = Act().go(1.0, size_px=(0, 0), pose=None).be(size_px=(720, 1280), pose=stands())
    for _ in range(2):
        act.to_set()
        for _ in range(3):
            act.rep()
    act.go(1.0)
    assert act.phases == [
        *("starting", "framing", "still", "countdown", "set"),
        *("rest", "framing", "still", "countdown", "set", "summary"),
    ]
    assert act.flags() == ["begin_set", "end_set"] * 2
    assert not act.now.finished


def test_a_first_time_of_zero_or_of_a_million_is_the_same() -> None:
    told = []
    for start_s in (0.0, 1e6):
        act = Act(start_s=start_s).to_set()
        told.append([(t - start_s, tone, words) for t, tone, words in act.heard_since()])
    assert [row[1:] for row in told[0]] == [row[1:] for row in told[1]]
    assert [row[0] for row in told[0]] == pytest.approx([row[0] for row in told[1]], abs=0.051)


def test_three_two_one_go_a_second_apart() -> None:
    act = Act().to_set()
    counted = [(t, tone, words) for t, tone, words in act.heard_since() if tone]
    assert [row[1:] for row in counted] == [
        ("tick", "three"),
        ("tick", "two"),
        ("tick", "one"),
        ("go", "Go"),
    ]
    assert np.diff([t for t, _, _ in counted]) == pytest.approx([1.0] * 3, abs=0.051)
    numbers = [s.screen.countdown for s in act.steps if s.phase == "countdown"]
    assert sorted(set(numbers), reverse=True) == [3, 2, 1]  # type: ignore[type-var]


def test_begin_set_comes_in_one_frame_with_go() -> None:
    act = Act().to_set().go(2.0)
    begun = [step for step in act.steps if step.begin_set]
    assert len(begun) == 1
    assert begun[0].phase == "set"
    assert any(heard.tone == "go" for heard in begun[0].heard)


def test_who_leaves_during_the_countdown_is_asked_back() -> None:
    act = Act()
    act.until("countdown")
    act.go(0.8, pose=None)
    assert act.now.phase == "framing"
    assert "begin_set" not in act.flags()
    act.be(pose=stands()).to_set()


def test_leaving_for_a_moment_does_not_stop_the_countdown() -> None:
    act = Act()
    act.until("countdown")
    act.go(0.4, pose=None).be(pose=stands())
    assert act.until("set") < 2.8


# ------------------------------------------------------------------ the set


def test_counts_are_said_shown_and_marked() -> None:
    act = Act().to_set()
    first = act.rep()
    assert first.screen.reps_done == 1
    assert [(h.tone, h.words) for h in first.heard] == [("good_rep", "one")]
    second = act.rep(status="flag")
    assert [(h.tone, h.words) for h in second.heard] == [("rep", "two")]
    assert second.screen.rep_marks == ("ok", "flag")
    assert (second.screen.set_number, second.screen.sets_total) == (1, 2)
    assert second.screen.reps_total == 3
    third = act.rep()
    assert [h.tone for h in third.heard] == ["good_rep", "set_done"]
    assert third.end_set
    assert third.phase == "rest"


def test_a_cue_is_heard_once_and_stays_on_the_screen() -> None:
    act = Act().to_set()
    knee = Fault("knee_valgus", "right", "flag", "", "")
    for _ in range(10):
        act.frame(moment=act.moment(knee, under_way=True))
    assert act.now.screen.cue == "Point your right knee over your second toe"
    assert act.now.screen.cue_status == "flag"
    act.go(1.5)
    assert act.now.screen.cue != ""
    act.go(1.5)
    assert act.now.screen.cue == ""
    assert [tone for _, tone, _ in act.heard_since() if tone == "knee_in"] == ["knee_in"]


def test_feedback_off_still_counts() -> None:
    act = Act(Plan(exercise="squat", reps_total=3, feedback="off")).to_set()
    knee = Fault("knee_valgus", "right", "flag", "", "")
    for _ in range(20):
        act.frame(moment=act.moment(knee, under_way=True))
    act.rep(status="flag")
    assert act.words[-2:] == ["Go", "one"]


@pytest.mark.parametrize(
    ("sides", "complete"),
    [
        ("BBB", True),
        ("BB", False),
        ("LLL", True),
        ("LLLR", False),
        ("LRLRL", False),
        ("LRLRLR", True),
        ("LLRRRR", False),
        ("", False),
    ],
)
def test_a_set_is_done_when_every_side_begun_is_done(sides: str, complete: bool) -> None:
    names = {"B": "both", "L": "left", "R": "right"}
    reps = [FinishedRep(i + 1, names[s], "ok") for i, s in enumerate(sides)]  # type: ignore[arg-type]
    assert set_complete(reps, 3) is complete


def test_lunges_are_counted_a_side() -> None:
    act = Act(Plan(exercise="lateral_lunge", sets_total=1, reps_total=3)).to_set()
    said = [act.rep(side).heard[0].words for side in ("left", "right", "left", "right", "left")]  # type: ignore[arg-type]
    assert said == ["one", "one", "two", "two", "three"]
    assert act.now.screen.detail == "left 3, right 2"
    assert act.now.screen.reps_done == 3
    assert act.now.phase == "set"
    assert act.rep("right").phase == "summary"


def test_twenty_idle_seconds_after_a_repetition_end_the_set() -> None:
    act = Act().to_set()
    act.rep()
    assert act.go(19.5).now.phase == "set"
    assert act.until("rest") < 1.0
    assert act.flags() == ["begin_set", "end_set"]


def test_a_long_repetition_is_not_idle() -> None:
    act = Act().to_set()
    act.rep()
    act.rep(seconds=40.0)
    assert act.now.phase == "set"


def test_none_for_thirty_seconds_is_hinted_at_and_never_ends_it() -> None:
    act = Act().to_set()
    act.go(29.0)
    assert "Begin whenever" not in act.words[-1]
    act.go(90.0)
    assert act.now.phase == "set"
    hints = [t for t, _, words in act.heard_since() if words.startswith("Begin whenever")]
    assert np.diff(hints) == pytest.approx([30.0, 30.0], abs=0.1)


def test_out_of_the_picture_for_a_moment_and_for_good() -> None:
    act = Act().to_set()
    act.rep()
    act.go(2.0, pose=None)
    assert act.now.screen.headline == "Come back into the picture"
    act.go(2.0, pose=stands())
    assert act.now.phase == "set"
    assert act.now.screen.headline == ""
    act.be(pose=None)
    assert act.until("summary") == pytest.approx(4.0, abs=0.2)
    assert act.flags() == ["begin_set", "end_set"]
    assert act.words.count("Come back into the picture") == 2


def test_who_leaves_before_any_repetition_starts_over() -> None:
    act = Act().to_set().go(5.0, pose=None)
    assert act.now.phase == "framing"
    assert act.flags() == ["begin_set", "restart"]
    act.be(pose=stands()).to_set()


# ------------------------------------------------------------------ keys


def test_space_pauses_and_goes_on() -> None:
    act = Act().to_set()
    act.rep()
    assert act.frame(key=" ").phase == "paused"
    act.go(60.0, moment=act.moment(finished=FinishedRep(1, "both", "ok")))
    assert act.now.phase == "paused"
    assert act.now.screen.reps_done == 1
    act.be(moment=None)
    assert act.frame(key=" ").phase == "set"
    assert act.go(19.0).now.phase == "set"
    assert act.flags() == ["begin_set"]


def test_walking_off_while_paused_is_fine() -> None:
    act = Act().to_set()
    act.frame(key=" ")
    act.go(120.0, pose=None)
    assert act.now.phase == "paused"


@pytest.mark.parametrize("paused", [False, True])
def test_r_begins_the_set_again(paused: bool) -> None:
    act = Act().to_set()
    act.rep()
    if paused:
        act.frame(key=" ")
    step = act.frame(key="R")
    assert step.restart
    assert not step.end_set
    assert step.screen.reps_done == 0
    act.to_set()
    assert act.rep().heard[0].words == "one"
    assert act.flags() == ["begin_set", "restart", "begin_set"]


def test_pain_stops_and_says_what_to_do() -> None:
    act = Act().to_set()
    act.rep()
    step = act.frame(key="p")
    assert step.phase == "summary"
    assert step.end_set
    assert step.screen.detail == PAIN.text
    assert [(h.words, h.urgent) for h in step.heard] == [(PAIN.text, True)]


def test_pain_counts_while_the_camera_is_still_being_opened() -> None:
    flow = Flow(Plan())
    assert flow.step(Sight(0.0)).phase == "starting"
    step = flow.step(Sight(0.1, key="p"))
    assert (step.phase, step.screen.detail, flow.ending) == ("summary", PAIN.text, "pain")


@pytest.mark.parametrize("key", ["q", "esc", "Q"])
def test_q_shows_what_was_done_then_leaves(key: str) -> None:
    act = Act().to_set()
    act.rep()
    step = act.frame(key=key)
    assert (step.phase, step.end_set, step.finished) == ("summary", True, False)
    act.go(10.0)
    assert not act.now.finished
    assert act.frame(key=key).finished
    assert act.frame().finished


def test_q_with_nothing_done_leaves_at_once() -> None:
    act = Act().go(1.0)
    assert act.frame(key="q").finished
    assert act.flags() == []


def test_closing_the_window_leaves_at_once_and_keeps_the_set() -> None:
    act = Act().to_set()
    act.rep()
    step = act.frame(key="close")
    assert step.finished
    assert step.end_set
    assert not act.frame().end_set


def test_keys_of_the_window_change_nothing() -> None:
    act = Act().to_set()
    act.rep()
    before = act.now.phase
    for key in "mfv?":
        assert act.frame(key=key).phase == before
    act.frame(key="q")
    for key in "mfv?":
        assert not act.frame(key=key).finished


# ------------------------------------------------------------------ raised arms


def test_arms_up_for_a_second_pause_and_again_go_on() -> None:
    act = Act().to_set().go(1.0, pose=DOWN)
    act.go(1.5, pose=UP).go(2.0, pose=DOWN)
    assert act.now.phase == "paused"
    assert "Paused. Keep your arms up to finish" in act.words
    act.go(1.5, pose=UP).go(1.0, pose=DOWN)
    assert act.now.phase == "set"
    assert "Going on. Keep your arms up to finish" in act.words
    assert act.flags() == ["begin_set"]


def test_arms_up_for_three_seconds_end_it() -> None:
    act = Act().to_set()
    act.rep()
    act.go(1.0, pose=DOWN).be(pose=UP)
    assert act.until("summary") == pytest.approx(3.0, abs=0.15)
    progress = [s.screen.progress for s in act.steps if s.phase == "paused"]
    assert progress == sorted(progress)  # type: ignore[type-var]
    assert act.flags() == ["begin_set", "end_set"]


def test_arms_up_lying_down() -> None:
    act = Act(Plan(exercise="glute_bridge"))
    act.be(pose=lies(), lying=True, size_px=(1280, 720)).to_set()
    act.go(1.0, pose=arms_down(lies())).go(1.5, pose=arms_up(lies()))
    assert act.now.phase == "paused"


def test_overhead_squats_are_not_a_sign() -> None:
    act = Act().be(pose=UP).to_set()
    for _ in range(2):
        act.go(3.0)
        act.rep()
    assert set(act.phases) == {"framing", "still", "countdown", "set"}


def test_arms_up_end_a_rest_too() -> None:
    act = after_one_set().go(1.0, pose=DOWN).be(pose=UP)
    act.until("paused", 2.0)
    act.until("summary", 3.0)


# ------------------------------------------------------------------ rest


def test_rest_counts_down_warns_and_leads_on() -> None:
    act = after_one_set()
    start = len(act.steps)
    took_s = act.until("framing", 25.0)
    assert took_s == pytest.approx(20.0, abs=0.1)
    seconds = [s.screen.countdown for s in act.steps[start:] if s.phase == "rest"]
    assert (seconds[0], seconds[-1]) == (20, 1)
    heard = [(tone, words) for _, tone, words in act.heard_since(start)]
    assert heard == [
        ("", "Ten seconds"),
        ("tick", ""),
        ("tick", ""),
        ("tick", ""),
        ("", "Set two of two"),
    ]
    assert "Set done. Rest 20 seconds." in act.words
    assert "Next: set 2 of 2" in act.steps[start].screen.detail
    act.to_set()
    assert act.now.screen.set_number == 2
    assert act.now.screen.reps_done == 0


def test_space_skips_the_rest_and_framing_is_looked_at_again() -> None:
    act = after_one_set().go(2.0).be(pose=None)
    assert act.frame(key=" ").phase == "framing"
    act.go(3.0)
    assert act.now.screen.headline == "I cannot see anybody"


def test_a_paused_rest_is_as_long_as_before() -> None:
    act = after_one_set().go(5.0, pose=DOWN).go(1.5, pose=UP).go(30.0, pose=DOWN)
    assert act.now.phase == "paused"
    assert act.frame(key=" ").phase == "rest"
    assert act.now.screen.countdown in (13, 14)


def test_no_rest_at_all() -> None:
    act = after_one_set(rest_s=0.0)
    assert "rest" not in act.phases
    assert act.to_set().now.screen.set_number == 2


def test_fetching_water_in_the_rest_is_not_walking_off_but_staying_away_is() -> None:
    act = after_one_set(rest_s=60.0).go(55.0, pose=None)
    assert act.now.phase == "rest"
    act.be(pose=stands()).to_set()
    act = after_one_set(rest_s=5.0).be(pose=None)
    assert 25.0 < act.until("summary", 60.0) < 36.0


# ------------------------------------------------------------------ trouble with the camera


def test_trouble_is_said_once_and_the_set_goes_on_afterwards() -> None:
    act = Act().to_set()
    act.rep()
    act.be(camera_trouble="The camera is unplugged: plug it in again", pose=None).go(25.0)
    assert act.now.phase == "trouble"
    assert act.now.screen.headline == "The camera is unplugged: plug it in again"
    act.be(camera_trouble="", pose=stands()).go(15.0)
    assert act.now.phase == "set"
    assert act.now.screen.reps_done == 1
    act.rep()
    assert act.words.count("The camera is unplugged: plug it in again") == 1
    assert act.words[-2:] == ["The camera is back", "two"]
    assert act.flags() == ["begin_set"]


def test_a_camera_given_up_ends_with_what_was_done() -> None:
    act = Act().to_set()
    act.rep()
    act.go(5.0, camera_trouble="Gone", pose=None)
    step = act.be(camera_given_up=True).frame()
    assert (step.phase, step.end_set) == ("summary", True)
    assert step.screen.detail == "Gone"
    act.go(7.0)
    assert act.now.finished


def test_trouble_while_starting_counting_down_and_paused() -> None:
    act = Act().be(size_px=(0, 0), pose=None, camera_trouble="Busy").go(3.0)
    assert act.now.phase == "trouble"
    act.be(size_px=(720, 1280), pose=stands(), camera_trouble="")
    act.until("countdown")
    act.go(1.0).go(2.0, camera_trouble="Frozen").be(camera_trouble="")
    assert act.until("set") == pytest.approx(3.0, abs=0.2)
    act.frame(key=" ")
    act.go(2.0, camera_trouble="Frozen").go(1.0, camera_trouble="")
    assert act.now.phase == "paused"


def test_q_ends_in_trouble_too() -> None:
    act = Act().to_set()
    act.rep()
    act.go(2.0, camera_trouble="Gone", pose=None)
    assert act.frame(key="q").end_set


# ------------------------------------------------------------------ the end


def test_summary_stays_while_somebody_is_there() -> None:
    act = after_one_set(sets_total=1).go(120.0)
    assert act.now.phase == "summary"
    assert not act.now.finished
    assert act.go(19.0, pose=None).now.finished is False
    assert act.go(2.0).now.finished


def test_who_walked_away_is_waited_for_15_seconds() -> None:
    act = Act().to_set()
    act.rep()
    act.go(5.0, pose=None)
    assert act.now.phase == "summary"
    start_s = act.t_s
    while not act.frame().finished:
        assert act.t_s < start_s + 20
    assert 13.0 < act.t_s - start_s < 15.1


def test_a_file_ends_the_session_and_leaves_by_itself() -> None:
    act = Act().to_set()
    act.rep()
    act.be(source_ended=True)
    assert act.frame().phase == "summary"
    assert act.flags() == ["begin_set", "end_set"]
    act.go(3.5)
    assert not act.now.finished
    act.go(1.0)
    assert act.now.finished


@pytest.mark.parametrize("where", ["framing", "paused", "rest"])
def test_a_file_may_end_anywhere(where: str) -> None:
    act = Act() if where == "framing" else after_one_set() if where == "rest" else Act().to_set()
    if where == "paused":
        act.frame(key=" ")
    act.go(6.0, source_ended=True)
    assert act.now.phase == "summary"
    assert act.now.finished


def test_nothing_said_twice_in_a_frame_and_times_of_one_frame_apart() -> None:
    act = Act().to_set()
    for step in act.steps:
        words = [heard.words for heard in step.heard]
        assert len(words) == len(set(words))


@pytest.mark.parametrize("wrong", [{"sets_total": 0}, {"reps_total": 0}, {"rest_s": -1.0}])
def test_an_impossible_plan_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        Plan(**wrong)  # type: ignore[arg-type]


def test_random_keys_and_losses_never_break_it() -> None:
    """Whatever comes, flags stay in order: begin, then end or restart, and so on."""
    rng = np.random.default_rng(11)
    people = [stands(), DOWN, UP, None]
    for _ in range(6):
        flow, flags = Flow(Plan(sets_total=2, reps_total=2, rest_s=2.0)), []
        act = Act()
        for i in range(1500):
            sight = Sight(
                i / 10,
                people[0 if rng.random() < 0.9 else int(rng.integers(4))],
                (720, 1280),
                yaw_deg=float(rng.choice([0.0, 0.0, 0.0, 20.0, 90.0])),
                key=str(rng.choice(["", " ", "r", "m", "p"], p=[0.95, 0.03, 0.01, 0.009, 0.001])),
                camera_trouble="Gone" if rng.random() < 0.02 else "",
                moment=act.moment(finished=FinishedRep(1, "both", "ok"))
                if rng.random() < 0.02
                else None,
            )
            step = flow.step(sight)
            flags += [n for n in ("begin_set", "end_set", "restart") if getattr(step, n)]
        assert all(flag == "begin_set" for flag in flags[::2])
        assert "begin_set" not in flags[1::2]
        assert len(flags) >= 2


# ------------------------------------------------------------------ the keys are being read


def test_everything_waits_while_the_keys_are_read() -> None:
    act = after_one_set().go(5.0)
    left_s, said = act.now.screen.countdown, len(act.heard_since())
    act.go(60.0, helping=True)
    assert (act.now.phase, act.now.screen.countdown) == ("rest", left_s)
    act.go(60.0, helping=True, pose=None)
    assert len(act.heard_since()) == said
    act.be(helping=False, pose=stands()).go(1.0)
    assert act.now.phase == "rest" and act.now.screen.countdown in (left_s, left_s - 1)  # type: ignore[operator]


def test_who_reads_the_keys_in_a_set_has_not_left() -> None:
    act = Act().to_set()
    act.rep()
    act.go(30.0, helping=True, pose=None)
    assert act.now.phase == "set"
    act.be(helping=False, pose=stands()).go(0.5)
    assert act.now.phase == "set" and act.now.screen.reps_done == 1


def test_pain_ends_it_also_from_the_keys_and_a_lost_camera_is_seen() -> None:
    act = Act().to_set().go(1.0, helping=True)
    act.go(0.2, helping=True, camera_trouble="the camera is gone")
    assert act.now.phase == "trouble"
    act.go(0.2, camera_trouble="").go(0.2, helping=False)
    assert act.now.phase == "set"
    act.go(0.2, helping=True)
    act.be(helping=False).frame(key="p")
    assert act.now.phase == "summary" and act.now.screen.headline == "Stopped"


def test_the_summary_stays_while_the_keys_are_read() -> None:
    act = Act().to_set()
    act.frame(key="p")
    act.go(60.0, helping=True, pose=None)
    assert act.now.phase == "summary" and not act.now.finished
    act.be(helping=False).go(30.0)
    assert act.now.finished


@pytest.mark.parametrize(
    ("status", "words"), [("ok", "All sets done. Well done."), ("flag", "That was the last set.")]
)
def test_well_done_only_where_nothing_was_flagged(status: str, words: str) -> None:
    act = Act(Plan(exercise="squat", sets_total=1, reps_total=2))
    act.to_set()
    act.rep(status=status)
    act.rep()
    act.go(0.3)
    assert act.now.phase == "summary"
    assert act.now.screen.headline == words


def test_a_side_that_nobody_asked_for_is_not_counted_on_the_screen() -> None:
    act = Act(Plan(exercise="lateral_lunge", sets_total=1, reps_total=3))
    act.to_set()
    assert act.rep(side="left").screen.detail == ""
    both = Act(Plan(exercise="lateral_lunge", sets_total=1, reps_total=3, each_side=True))
    both.to_set()
    assert both.rep(side="left").screen.detail == "left 1, right 0"
