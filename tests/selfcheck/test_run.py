"""Whole self-checks: questions, takes, pain, walking off, Ctrl-C, and what stands in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from kneetrack.clinic_records.practice import SIGNS
from kneetrack.programme.before import red_flags_due
from kneetrack.programme.reading import load_programme, programme_from
from kneetrack.programme.red_flag_asking import READ_S
from kneetrack.red_flags import SEE_A_DOCTOR, SEE_A_DOCTOR_TODAY
from kneetrack.selfcheck import takes
from kneetrack.selfcheck.outcome import STOPPED
from kneetrack.store import Store
from tests import motions as m
from tests.live.playing import Shot, lost
from tests.selfcheck.rehearsing import CTRL_C, Answering, Rehearsal, Reply, Script, replies

Rehearse = Callable[..., Rehearsal]


@pytest.fixture
def rehearse(store: Store, monkeypatch: pytest.MonkeyPatch) -> Rehearse:
    """Self-checks with short takes: those named, in the usual order."""

    def made(
        reply: Reply | None = None,
        script: Script | None = None,
        only: tuple[str, ...] = (),
        programme: str = "",
        **more: object,
    ) -> Rehearsal:
        steps = [
            replace(step, reps=min(step.reps, 2), hold_s=step.hold_s and 6.0)
            for step in takes.TAKES.steps
            if not only or step.key in only
        ]
        monkeypatch.setattr(takes, "TAKES", replace(takes.TAKES, steps=tuple(steps)))
        chosen = programme_from(programme, "own") if programme else load_programme(None)
        return Rehearsal(store, reply or replies(), chosen, script, **more)  # type: ignore[arg-type]

    return made


FILMED = {"camera have a look": "y"}


def test_questions_alone(rehearse: Rehearse) -> None:
    told = {"groin": "y", "on one leg": "u"}
    r = rehearse(replies(told)).run()
    record = r.record()
    assert [s.told for s in record.signs] == ["no", "yes", "no", "unsure", "no"]
    assert all(s.measured is None for s in record.signs)
    facts = record.practice.facts
    assert (facts.kind, facts.camera, facts.programme) == ("selfcheck", False, "Hip programme")
    assert (record.practice.ended, record.parts) == ("done", ())
    assert r.outcome is not None
    assert [fit.part.exercise for fit in r.outcome.fits] == ["hip_flexor_release", "soft_tissue"]
    told_of = "Told or seen: tightness in the front of the hips or groin."
    assert r.face.states[-1].headline == told_of
    assert len(r.face.states[-1].summary) == len(SIGNS)
    assert "Do your knees cave in when you squat or lunge?" in r.ear.words
    assert "Do your knees cave in when you squat or lunge?" in r.face.headlines


@pytest.mark.parametrize(
    ("flag", "key", "words"),
    [
        ("knee locked", "y", SEE_A_DOCTOR_TODAY),
        ("knee locked", "u", SEE_A_DOCTOR_TODAY),
        ("night", "y", SEE_A_DOCTOR),
    ],
)
def test_a_red_flag_stops_it(rehearse: Rehearse, flag: str, key: str, words: str) -> None:
    question = {"knee locked": "The knee itself", "night": "Lately"}[flag]
    each = {"knee locked": "Is the knee locked", "night": "at night or at rest?"}[flag]
    r = rehearse(replies({each: key, question: "y"}), _never).run()
    record = r.record()
    assert record.practice.ended == "stopped"
    assert record.practice.note.startswith(words)
    assert flag in record.practice.note.lower()
    assert (record.signs, record.parts) == ((), ())
    assert words in r.face.headlines
    assert not any("five signs" in headline for headline in r.face.headlines)
    assert "Do your knees cave in when you squat or lunge?" not in r.face.headlines


@pytest.mark.parametrize(("key", "due"), [("y", True), ("n", False)])
def test_a_practice_asks_again_after_a_red_flag(rehearse: Rehearse, key: str, due: bool) -> None:
    r = rehearse(replies({"calves": key, "Fever": key})).run()
    practice = r.record().practice
    assert red_flags_due([practice], practice.at + timedelta(hours=1)) is due


def test_what_cannot_wait_is_asked_even_after_another_flag(rehearse: Rehearse) -> None:
    wanted = {"give way": "y", "calves": "y", "The knee itself": "y", "Fever": "y"}
    r = rehearse(replies(wanted)).run()
    assert r.record().practice.note.startswith(SEE_A_DOCTOR_TODAY)
    assert "knee gives way" in r.record().practice.note.lower()


def test_a_group_of_which_nothing_holds_goes_on(rehearse: Rehearse) -> None:
    r = rehearse(replies({"The knee itself": "y"})).run()
    assert r.record().practice.ended == "done"


@pytest.mark.parametrize("key", ["q", "close", CTRL_C])
def test_who_stops_after_a_yes_is_sent_to_a_doctor(rehearse: Rehearse, key: str) -> None:
    r = rehearse(replies({"swell within": "n", "out of shape": key, "The knee itself": "y"})).run()
    practice = r.record().practice
    assert practice.ended == "stopped"
    assert practice.note.startswith(SEE_A_DOCTOR_TODAY)
    assert "Knee out of shape" in practice.note and "swelled" not in practice.note
    assert (SEE_A_DOCTOR_TODAY in r.face.headlines) is (key == "q")


def test_a_key_that_is_held_down_answers_no_red_flag(rehearse: Rehearse) -> None:
    """Nor does one that was pressed before its question could be read."""
    asked: list[str] = []
    held = iter(["n"] * 200)

    class Holding(Answering):
        def key(self, taken: str = "") -> str:
            now = self.states[-1] if self.states else None
            if now is None or "safe to begin" not in now.title:
                return super().key(taken)
            if now.detail not in asked:
                asked.append(now.detail)
            return next(held, "") or super().key(taken)

    r = rehearse(somebody=Holding).run()
    assert r.record().practice.ended == "done"
    assert next(held, "") == ""
    assert len(asked) == 4
    assert r.now_s > 4 * READ_S


def test_stopped_before_anything_was_answered_keeps_nothing(rehearse: Rehearse) -> None:
    for headline in ("Does any", "Have somebody", "after sitting"):
        assert rehearse(replies({headline: "q"})).run().records() == []


def test_back_asks_again(rehearse: Rehearse) -> None:
    keys = iter(["y", "y", "b", "u", "n", "n", "n"])

    def reply(state: object) -> str:
        title = state.title  # type: ignore[attr-defined]
        return next(keys) if "question" in title else replies()(state)  # type: ignore[arg-type]

    told = [s.told for s in rehearse(reply).run().record().signs]
    assert told == ["yes", "unsure", "no", "no", "no"]


@pytest.mark.parametrize("key", ["q", "close", CTRL_C])
def test_stopped_in_between_keeps_what_was_answered(rehearse: Rehearse, key: str) -> None:
    r = rehearse(replies({"groin": "y", "pigeon": key})).run()
    record = r.record()
    assert [s.told for s in record.signs][:3] == ["no", "yes", "not_asked"]
    assert record.practice.ended == "stopped"
    assert r.interrupted is (key == CTRL_C)


def _never(r: Rehearsal) -> Iterator[Shot]:
    raise AssertionError("nothing is to be filmed")
    yield Shot()


def test_the_camera_has_no_look_where_that_is_not_wanted(rehearse: Rehearse) -> None:
    r = rehearse(replies({"camera have a look": "n"}), _never).run()
    assert r.record().practice.facts.camera is False
    assert r.record().practice.ended == "done"


def test_all_takes_are_measured_and_no_video_is_kept(rehearse: Rehearse) -> None:
    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from r.take("single_leg_stance front left 10")
        yield from r.take("single_leg_stance front right 10")
        yield from r.take("single_leg_squat front left 2")
        yield from r.take("single_leg_squat front right 2")
        yield from r.take("squat front 2")

    keys = ("stance_left", "stance_right", "slsq_left", "slsq_right", "squat")
    r = rehearse(replies(FILMED), script, keys).run()
    record = r.record()
    assert [p.part for p in record.parts] == [step.key for step in takes.TAKES.steps]
    assert [p.status for p in record.parts] == ["done"] * 5
    assert all(p.judged_by == "camera" and p.measures for p in record.parts)
    assert record.practice.facts.camera
    assert record.practice.ended == "done"
    measured = {s.sign: s.measured for s in record.signs}
    assert measured["sitting_stairs"] is None
    assert measured["one_leg"] is not None and measured["knees_cave_in"] is not None
    kept = r.kept()
    assert {"squat-1/landmarks.npz", "stance_left-1/result.json"} <= kept
    assert not [name for name in kept if name.endswith((".mp4", ".jpg", ".png"))]
    assert any("wall or a chair" in words for words in r.ear.words)


def test_lunges_to_both_sides(rehearse: Rehearse) -> None:
    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from r.take("lateral_lunge front 2")

    r = rehearse(replies(FILMED), script, ("lunge",), size_px=m.WIDE.size_px).run()
    (part,) = r.record().parts
    assert (part.status, part.reps_done) == ("done", 4)
    assert {x.side for x in part.measures if x.rule == "knee_valgus"} == {"left", "right"}


def test_takes_are_left_out_by_wish(rehearse: Rehearse) -> None:
    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from wait_for_ever()

    r = rehearse(replies({**FILMED, "Face the camera": "s"}), script).run()
    assert [p.status for p in r.record().parts] == ["skipped"] * 6
    assert r.outcome is not None and r.outcome.untold == ()
    assert all(s.measured is None for s in r.record().signs)


def until_a_repetition(r: Rehearsal, what: str) -> Iterator[Shot]:
    shots = r.take(what)
    while not (r.face.states[-1].phase == "set" and r.face.states[-1].reps_done):
        yield next(shots)


def wait_for_ever() -> Iterator[Shot]:
    while True:
        yield Shot()


def test_pain_ends_it(rehearse: Rehearse) -> None:
    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from r.take("squat front 1", end="p")

    r = rehearse(replies({**FILMED, "from 0 to 10": "4"}), script, ("squat", "lunge")).run()
    record = r.record()
    assert record.practice.ended == "pain"
    assert record.practice.pain_after == 4
    assert [(p.part, p.status) for p in record.parts] == [("squat", "pain")]
    assert STOPPED in r.face.headlines
    assert r.outcome is not None and r.outcome.hurt
    assert r.face.states[-1].detail == "", "nothing to practise today"


def test_much_pain_wants_a_doctor(rehearse: Rehearse) -> None:
    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from wait_for_ever()

    hurts = {**FILMED, "from 0 to 10": "8", "Face the camera": "p"}
    r = rehearse(replies(hurts), script).run()
    assert r.record().practice.pain_after == 8
    assert r.outcome is not None and r.outcome.headline.startswith("Pain 8 of 10. ")
    assert SEE_A_DOCTOR in r.outcome.headline
    assert r.face.headlines[-1] == r.outcome.headline


def test_it_may_hurt_before_a_take(rehearse: Rehearse) -> None:
    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from wait_for_ever()

    hurts = {**FILMED, "from 0 to 10": "n", "Face the camera": "p"}
    r = rehearse(replies(hurts), script).run()
    record = r.record()
    assert (record.practice.ended, record.practice.pain_after) == ("pain", None)
    assert record.parts == ()
    assert r.outcome is not None and r.outcome.hurt


def test_who_walks_off_and_does_not_come_back_has_left(rehearse: Rehearse) -> None:
    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from until_a_repetition(r, "squat front 1")
        yield from wait_for_ever()

    def reply(state: object) -> str:
        text = f"{state.headline} {state.detail}"  # type: ignore[attr-defined]
        return "" if "do it again" in text else replies(FILMED)(state)  # type: ignore[arg-type]

    r = rehearse(reply, script, ("squat", "lunge")).run()
    record = r.record()
    assert record.practice.ended == "left"
    assert [p.part for p in record.parts] == ["squat"]
    assert record.parts[0].why == "1 of 2 squats counted"


def test_who_never_comes_is_not_waited_for(rehearse: Rehearse) -> None:
    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from wait_for_ever()

    def reply(state: object) -> str:
        text = f"{state.headline} {state.detail}"  # type: ignore[attr-defined]
        return "" if "do it again" in text else replies(FILMED)(state)  # type: ignore[arg-type]

    record = rehearse(reply, script, ("squat", "lunge")).run().record()
    assert record.practice.ended == "left"
    assert [(p.part, p.status, p.judged_by) for p in record.parts] == [
        ("squat", "skipped", "nobody")
    ]


def test_a_take_is_done_again(rehearse: Rehearse) -> None:
    asked = {"count": 0}

    def reply(state: object) -> str:
        if "do it again" in state.detail:  # type: ignore[attr-defined]
            asked["count"] += 1
            return "r" if asked["count"] == 1 else "n"
        return replies(FILMED)(state)  # type: ignore[arg-type]

    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from r.take("squat front 1", end="q")
        yield from r.take("squat front 2")

    r = rehearse(reply, script, ("squat",)).run()
    (part,) = r.record().parts
    assert (part.status, part.reps_done, part.folders) == ("done", 2, ("squat-1-2",))


def test_ctrl_c_in_a_take_keeps_what_was_done(rehearse: Rehearse) -> None:
    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from until_a_repetition(r, "squat front 1")
        yield Shot(interrupt=True)

    r = rehearse(replies({**FILMED, "groin": "y"}), script, ("squat",)).run()
    record = r.record()
    assert r.interrupted
    assert record.practice.ended == "stopped"
    assert [(p.part, p.reps_done) for p in record.parts] == [("squat", 1)]
    assert record.signs[1].told == "yes"


def test_a_camera_that_is_gone_ends_the_takes(rehearse: Rehearse) -> None:
    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from until_a_repetition(r, "squat front 1")
        yield from lost(2.0)
        yield Shot(trouble="the camera is gone: plug it in again", given_up=True)
        yield from lost(2.0)

    r = rehearse(replies(FILMED), script, ("squat", "lunge")).run()
    record = r.record()
    assert record.practice.ended == "stopped"
    assert [(p.part, p.reps_done) for p in record.parts] == [("squat", 1)]
    assert r.outcome is not None
    assert r.outcome.notes == ("the camera is gone: plug it in again",)
    assert r.face.states[-1].phase == "summary"


def test_what_the_programme_leaves_out_is_not_filmed(rehearse: Rehearse) -> None:
    toml = """
title = "Easy"
leave_out = ["lateral_lunge", "single_leg_squat"]
[limits.squat]
knee_flexion_deg = 60
[[part]]
key = "bridge"
exercise = "glute_bridge"
sets = 1
reps = 8
"""

    def script(r: Rehearsal) -> Iterator[Shot]:
        yield from wait_for_ever()

    r = rehearse(replies({**FILMED, "Face the camera": "s"}), script, programme=toml).run()
    assert [p.part for p in r.record().parts] == ["stance_left", "stance_right", "squat"]
    assert r.record().parts[2].dose.depth_deg == 60
    assert any("no further than 60 degrees" in words for words in r.ear.words)
    assert r.outcome is not None
    assert "Lateral lunge" in r.outcome.not_allowed
