"""Practices before the camera, through to the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.programme.filmed import plan_of, sets_from
from kneetrack.store import Store
from tests import motions as m
from tests.clinic.staged import track
from tests.live.acting import lies, stands
from tests.live.playing import Shot, lost, play, wait
from tests.programme.by_clock import answering, programme
from tests.programme.on_camera import BRIDGE, LUNGE, OnCamera

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
FRONT = "lateral_lunge front 2"
Make = Callable[..., OnCamera]


@pytest.fixture
def make(store: Store, monkeypatch: pytest.MonkeyPatch) -> Make:
    def made(text: str = LUNGE, sets: int = 1, **more: object) -> OnCamera:
        what = programme(text.format(sets=sets))
        return OnCamera(store, monkeypatch, what, NOW, **more)  # type: ignore[arg-type]

    return made


def kept(s: OnCamera) -> PracticeRecord:
    client = s.store.own_client()
    assert client is not None
    return s.store.practice_records(client.id)[-1]


def test_lunges_are_judged_and_kept(make: Make) -> None:
    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.a_set(FRONT)
        yield from s.to_the_end()

    s = make().run(script)
    record = kept(s)
    part = record.parts[0]
    assert record.practice.ended == "done" and record.practice.facts.camera
    assert (part.status, part.sets_done, part.reps_done) == ("done", 1, 4)
    assert (part.clean, part.judged_by, part.why) == ("yes", "camera", "")
    assert {m.side for m in part.measures if m.rule == "knee_valgus"} == {"left", "right"}
    folder = s.store.practice_folder(record.practice.id)
    assert part.folders == ("lunge-1",)
    assert json.loads((folder / "lunge-1" / "result.json").read_text("utf-8"))["reps"]
    assert not list(folder.rglob("*.mp4"))
    assert "Breathe out as you push off" in s.ear.words
    assert "lunge-1/report.html" in (folder / "practice.html").read_text("utf-8")
    assert (folder / "lunge-1" / "report.html").is_file()


def test_the_bridge_is_seen_from_the_side_then_from_the_foot_end(make: Make) -> None:
    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.a_set("glute_bridge side 2")
        yield from s.a_set("glute_bridge foot_end 2")
        yield from s.to_the_end(lies())

    s = make(BRIDGE, 2).run(script)
    part = kept(s).parts[0]
    assert (part.status, part.sets_done, part.reps_done) == ("done", 2, 4)
    assert part.folders == ("bridge-1", "bridge-2")
    rest = next(state for state in s.eye.states if state.headline.startswith("Now turn your feet"))
    assert rest.detail.startswith("Next: set 2 of 2")
    told = {m.rule: m.status for m in part.measures}
    assert (told["bridge_too_high"], told["hold_too_short"]) == ("ok", "ok")
    assert {"knees_together", "knees_apart"} <= set(told)


def test_knees_that_fall_in_are_not_clean(make: Make) -> None:
    motion = m.lateral_lunges(
        m.Tempo(depths=(1.0,) * 4, lead_s=2.2), side=["left", "right"] * 2, kfo=0.3
    )
    seen = m.film(motion, m.WIDE, noise_px=0.5)

    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.to_set(FRONT)
        yield from play(seen)
        yield from s.to_the_end()

    part = kept(make().run(script)).parts[0]
    assert (part.status, part.clean, part.judged_by) == ("done", "no", "camera")
    assert "knee falls inward" in part.why


def test_limits_of_the_programme_hold(make: Make) -> None:
    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.a_set("lateral_lunge side 2")
        yield from s.to_the_end()

    text = LUNGE.replace('"front"', '"side"') + "[limits.lateral_lunge]\nknee_flexion_deg = 50\n"
    part = kept(make(text, size_px=m.SIDE.size_px).run(script)).parts[0]
    assert part.clean == "no" and "lunge is deep" in part.why


def test_it_hurts_in_a_set(make: Make) -> None:
    seen = track(FRONT)

    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.to_set(FRONT)
        yield from play(seen, end_s=6.0)
        yield Shot(stands(m.WIDE), key="p")
        yield from s.to_the_end()

    s = make(sets=2, person=answering(("scale: How much do they hurt now", "6"))).run(script)
    record = kept(s)
    assert (record.practice.ended, record.practice.pain_after) == ("pain", 6)
    assert record.parts[0].status == "pain"
    assert 1 <= record.parts[0].reps_done < 4
    assert "Nothing more is done today." in s.told


def test_walking_off_in_a_set_asks_whether_it_hurts(make: Make) -> None:
    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.to_set(FRONT)
        yield from play(track(FRONT), end_s=6.0)
        yield from s.here(None, lambda: s.now.headline == "You walked off. Does it hurt?")
        yield from s.to_the_end()

    s = make(sets=2, person=answering(("rest: You walked off", "p"))).run(script)
    assert kept(s).practice.ended == "pain"
    assert kept(s).parts[0].status == "pain" and kept(s).parts[0].reps_done >= 1


def test_a_set_that_is_cut_short_by_one_repetition_is_not_done(make: Make) -> None:
    """Three a side were asked for, two were done: one is missing, and was never counted."""

    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.to_set(FRONT)
        yield from play(track(FRONT))
        yield from wait(stands(m.WIDE), 3.0)
        yield Shot(stands(m.WIDE), key="q")
        yield from s.to_the_end()

    s = make(LUNGE.replace("reps = 2", "reps = 3"), person=answering(("rest: Stopped here", "n")))
    part = kept(s.run(script)).parts[0]
    assert (part.status, part.sets_done, part.reps_done) == ("partly", 0, 4)
    assert part.clean == "no" and "not all repetitions" in part.why


def test_who_walked_off_and_comes_back_goes_on_with_the_next_set(make: Make) -> None:
    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.to_set(FRONT)
        yield from play(track(FRONT), end_s=6.0)
        yield from s.here(None, lambda: s.now.headline == "You walked off. Does it hurt?")
        yield from s.a_set(FRONT)
        yield from s.to_the_end()

    s = make(sets=2, person=answering(("rest: You walked off", "n"))).run(script)
    part = kept(s).parts[0]
    assert (kept(s).practice.ended, part.status, part.sets_done) == ("done", "partly", 1)
    assert part.folders == ("lunge-1", "lunge-2")


def test_who_walks_off_for_good_has_left(make: Make) -> None:
    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.to_set(FRONT)
        yield from play(track(FRONT), end_s=6.0)
        while True:
            yield Shot(None)

    s = make(sets=2, person=answering()).run(script)
    assert kept(s).practice.ended == "left"
    assert kept(s).practice.pain_after is None
    assert kept(s).parts[0].status == "partly"


def test_walking_off_in_a_timer_ends_it_too(make: Make) -> None:
    text = LUNGE + '[[part]]\nkey = "release"\nexercise = "hip_flexor_release"\nhold_s = 30\n'

    def script(s: OnCamera) -> Iterator[Shot]:
        here = stands(m.WIDE)
        yield from s.here(here, lambda: bool(s.eye.states) and s.now.phase == "timer", 200)
        yield from wait(here, 8.0)
        while True:
            yield Shot(None)

    s = make(text, person=answering(("rest: Lateral lunge", "s"))).run(script)
    assert kept(s).practice.ended == "left"
    release = kept(s).parts[1]
    assert release.status == "partly" and release.seconds < 30


def test_who_rolls_out_of_the_picture_has_not_walked_off(make: Make) -> None:
    """On the mat nobody is seen: the time goes on, and nothing is asked."""
    text = LUNGE + (
        '[[part]]\nkey = "tissue"\nexercise = "soft_tissue"\npositions = ["glutes"]\nhold_s = 30\n'
    )

    def script(s: OnCamera) -> Iterator[Shot]:
        here = stands(m.WIDE)
        yield from s.here(here, lambda: bool(s.eye.states) and s.now.phase == "timer", 200)
        yield from wait(here, 8.0)
        yield from s.here(None, lambda: s.now.phase == "scale", 120)
        yield from s.to_the_end()

    s = make(text, person=answering(("rest: Lateral lunge", "s"))).run(script)
    assert kept(s).practice.ended == "done"
    assert kept(s).parts[1].status == "done"


def test_the_camera_is_lost_and_it_goes_on_by_ear(make: Make) -> None:
    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.a_set(FRONT)
        yield from wait(stands(m.WIDE), 3.0)
        yield from lost(31.0)
        yield Shot(trouble="the camera is gone", given_up=True)
        yield from s.to_the_end()

    s = make(sets=2).run(script)
    part = kept(s).parts[0]
    assert any("Going on by ear" in line for line in s.told)
    assert (part.status, part.sets_done, part.reps_done) == ("done", 2, 8)
    assert (part.clean, part.judged_by) == ("yes", "self")
    assert {m.rule for m in part.measures} >= {"knee_valgus"}
    assert kept(s).practice.ended == "done"


def test_q_in_a_set_then_the_next_part(make: Make) -> None:
    text = (
        LUNGE
        + '[[part]]\nkey = "bridge"\nexercise = "glute_bridge"\nsets = 1\nreps = 2\nhold_s = 2\n'
    )

    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.to_set(FRONT)
        yield from play(track(FRONT), end_s=6.0)
        yield Shot(stands(m.WIDE), key="q")
        yield from s.a_set("glute_bridge side 2")
        yield from s.to_the_end(lies())

    s = make(text, person=answering(("rest: Stopped here", "n"))).run(script)
    assert [(p.part, p.status) for p in kept(s).parts] == [("lunge", "partly"), ("bridge", "done")]


def test_ctrl_c_in_a_set_keeps_it(make: Make) -> None:
    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.to_set(FRONT)
        yield from play(track(FRONT), end_s=6.0)
        yield Shot(interrupt=True)

    s = make(sets=2)
    with pytest.raises(KeyboardInterrupt):
        s.run(script)
    record = kept(s)
    assert (record.practice.ended, record.parts[0].status) == ("stopped", "partly")
    assert record.parts[0].reps_done >= 1
    assert s.session.shown is not None


BALANCE = """
title = "Balance"
[[part]]
key = "balance"
exercise = "single_leg_stance"
hold_s = 10
"""


def test_a_balance_is_filmed_leg_by_leg(make: Make) -> None:
    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.a_set("single_leg_stance front left 12")
        yield from s.a_set("single_leg_stance front right 12")
        yield from s.to_the_end(stands(m.FRONT))

    part = kept(make(BALANCE, size_px=m.FRONT.size_px).run(script)).parts[0]
    assert (part.status, part.judged_by, part.reps_done) == ("done", "camera", 0)
    assert part.folders == ("balance-1", "balance-2")
    told = {(m.rule, m.side): m for m in part.measures}
    assert {told["seconds_held", side].value for side in ("left", "right")} == {10.0}
    assert told["balance_lost", "left"].status == told["balance_lost", "right"].status == "ok"


def test_a_balance_that_is_too_short_is_done_in_part(make: Make) -> None:
    def script(s: OnCamera) -> Iterator[Shot]:
        yield from s.a_set("single_leg_stance front left 6")
        yield from wait(stands(m.FRONT), 3.0)
        yield Shot(stands(m.FRONT), key="q")
        yield from s.to_the_end(stands(m.FRONT))

    s = make(BALANCE, size_px=m.FRONT.size_px, person=answering(("rest: Stopped here", "n"))).run(
        script
    )
    part = kept(s).parts[0]
    assert part.status == "partly" and part.clean == "no"
    told = {(m.rule, m.side): m for m in part.measures}
    assert told["seconds_held", "left"].status == "watch"


def test_feedback_fades_from_set_to_set() -> None:
    part = programme(BRIDGE.format(sets=3)).parts[0]
    rows = [sets_from(part, part.dose, first) for first in (1, 2, 3)]
    assert [(r.first, r.last, r.view) for r in rows] == [
        (1, 1, "side"),
        (2, 2, "foot_end"),
        (3, 3, "side"),
    ]
    plans = [plan_of(part, part.dose, row) for row in rows]
    assert {plan.feedback for plan in plans} == {"faded"}
    assert [plan.first_set for plan in plans] == [1, 2, 3]
    assert {plan.begin_words for plan in plans} == {"Hold each one at the top for 2 seconds"}
