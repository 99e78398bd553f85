"""From a take's result to a part: what is kept of it, and whether it went with control."""

from __future__ import annotations

import pytest

from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.practice import Dose, PartDone
from kneetrack.result import Result
from kneetrack.selfcheck.measuring import HELD, HURT, WALKED_OFF, part_of
from kneetrack.selfcheck.takes import TAKES
from tests import motions as m

pytestmark = pytest.mark.usefixtures("exact")
FIVE = m.Tempo(depths=(1.0,) * 5)


def step(key: str) -> Step:
    found = TAKES.step(key)
    assert found is not None
    return found


def part(key: str, result: Result | None, how: str = "done", lost: str = "") -> PartDone:
    return part_of(step(key), Dose(), result, how, lost, key)


def squats(kfo: float) -> Result:
    return m.seen(m.squats(FIVE, kfo=(kfo, kfo)), exercise="squat")


def stance(seconds: float, side: str = "left") -> Result:
    return m.seen(m.standing_on(side, seconds), exercise="single_leg_stance")


def test_good_squats_are_clean_and_kept() -> None:
    done = part("squat", squats(-0.02))
    assert (done.status, done.clean, done.judged_by) == ("done", "yes", "camera")
    assert (done.reps_done, done.why, done.folders) == (5, "", ("squat",))
    assert {(x.rule, x.side, x.status) for x in done.measures} == {
        ("knee_valgus", "left", "ok"),
        ("knee_valgus", "right", "ok"),
    }


def test_knees_that_fall_inward_are_not_clean() -> None:
    done = part("squat", squats(0.25))
    assert done.clean == "no"
    worst = done.measures[0]
    assert worst.status == "flag"
    assert worst.value == pytest.approx(0.25, abs=0.05)
    assert worst.error is not None and worst.error > 0


def test_a_balance_is_as_good_as_it_was_long() -> None:
    held = part("stance_left", stance(20.0))
    short = part("stance_left", stance(9.0))
    assert held.status == "done"
    assert short.status == "partly"
    by_rule = {x.rule: x for x in short.measures}
    assert by_rule[HELD].status == "watch"
    assert by_rule[HELD].value == pytest.approx(9.0, abs=1.5)
    assert by_rule[HELD].side == "left"
    assert short.clean == "no"
    assert {x.rule: x.status for x in held.measures}[HELD] == "ok"


def test_the_other_leg_is_not_what_was_asked() -> None:
    done = part("stance_left", stance(20.0, "right"))
    assert done.measures == ()
    assert done.clean == "cannot_tell"
    assert "right leg" in done.why
    assert "film" not in done.why and "restore" not in done.why


def test_from_the_side_knees_cannot_be_told() -> None:
    seen = m.seen(m.squats(FIVE), m.SIDE, exercise="squat")
    done = part("squat", seen)
    assert done.clean == "cannot_tell"
    assert all(x.status == "cannot_tell" and x.reason for x in done.measures)


@pytest.mark.parametrize(
    ("how", "lost", "status", "why"),
    [
        ("pain", "", "pain", HURT),
        ("left", "", "skipped", WALKED_OFF),
        ("camera", "the camera is gone", "skipped", "the camera is gone"),
        ("quit", "", "skipped", "not done"),
    ],
)
def test_a_take_without_a_set_tells_why(how: str, lost: str, status: str, why: str) -> None:
    done = part("squat", None, how, lost)
    assert (done.status, done.why, done.judged_by, done.folders) == (status, why, "nobody", ())


def test_pain_in_the_middle_keeps_what_was_measured() -> None:
    done = part("squat", squats(0.25), how="pain")
    assert (done.status, done.why, done.clean) == ("pain", HURT, "no")


def test_fewer_lunges_on_one_side_are_a_part_of_it() -> None:
    tempo = m.Tempo(descent_s=1.6, ascent_s=1.5, depths=(1.0,) * 6)
    lunges = m.lateral_lunges(tempo, side=["left"] * 5 + ["right"])
    done = part("lunge", m.seen(lunges, m.WIDE, exercise="lateral_lunge"))
    assert done.status == "partly"
    assert "5 to the left and 1 to the right" in done.why


def test_a_side_that_was_not_done_is_not_called_good() -> None:
    tempo = m.Tempo(descent_s=1.6, ascent_s=1.5, depths=(1.0,) * 5)
    lunges = m.lateral_lunges(tempo, side=["left"] * 5)
    done = part("lunge", m.seen(lunges, m.WIDE, exercise="lateral_lunge"))
    assert {x.status for x in done.measures} == {"ok"}
    assert done.clean == "cannot_tell"


def test_only_the_longest_set_is_told() -> None:
    result = squats(-0.02)
    rows = [replace_set(row, 2, "flag") for row in result.summary]
    second = result.sets[0].model_copy(update={"index": 2, "reps": [1]})
    both = result.model_copy(
        update={"sets": [*result.sets, second], "summary": [*result.summary, *rows]}
    )
    assert {x.status for x in part("squat", both).measures} == {"ok"}


def replace_set(row: object, number: int, status: str) -> object:
    return row.model_copy(update={"set": number, "status": status})  # type: ignore[attr-defined]
