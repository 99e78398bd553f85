"""What counts as a whole set of a part, and what the store is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kneetrack.clinic_records.practice import Dose
from kneetrack.programme.filmed import Filmed
from kneetrack.programme.reading import load_programme
from kneetrack.programme.run_of_part import RunOfPart
from kneetrack.programme.values import PlannedPart
from tests import motions as m

DEFAULT = load_programme(None)


def lunges(*, reps: int, sides: tuple[str, ...], counted: tuple[dict[str, int], ...]) -> RunOfPart:
    """A part of one set after the recorded path has read lunges to these sides."""
    part = DEFAULT.part("lunge")
    assert part is not None
    run = RunOfPart(PlannedPart(part, Dose(1, reps)))
    tempo = m.Tempo(depths=(1.0,) * len(sides), lead_s=2.2, descent_s=1.6, ascent_s=1.5)
    result = m.seen(m.lateral_lunges(tempo, side=sides), m.WIDE, exercise="lateral_lunge")
    assert len(result.reps) == len(sides)
    run.take(Filmed("over", result, counted=counted))  # type: ignore[arg-type]
    return run


THREE = ("left", "right", "left", "right", "left")


@pytest.mark.parametrize(
    ("counted", "status"),
    [
        (({"left": 3, "right": 3},), "done"),
        (({"left": 3, "right": 2},), "partly"),
        ((), "partly"),
        (({"left": 3, "right": 3}, {"left": 1}), "partly"),
    ],
    ids=["counted aloud, one unread", "one never done", "nothing counted", "not the same sets"],
)
def test_only_a_repetition_that_was_counted_aloud_may_be_missing(
    counted: tuple[dict[str, int], ...], status: str
) -> None:
    run = lunges(reps=3, sides=THREE, counted=counted)
    assert (run.status, run.sets_done) == (status, int(status == "done"))


def test_two_of_one_side_are_too_many_to_be_missing() -> None:
    sides = ("left", "right", "left", "right", "left", "left")
    run = lunges(reps=4, sides=sides, counted=({"left": 4, "right": 4},))
    assert run.status == "partly"


def test_by_ear_a_set_that_is_cut_short_is_not_done() -> None:
    part = DEFAULT.part("lunge")
    assert part is not None
    run = RunOfPart(PlannedPart(part, replace(part.dose, sets=2, reps=2)))
    run.by_ear_set(4, 30.0, whole=True)
    run.by_ear_set(3, 20.0, whole=False)
    done = run.done(None)
    assert (done.status, done.sets_done, done.reps_done) == ("partly", 1, 7)
