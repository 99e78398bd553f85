"""What to practise: the protocol's exercises with the cues that fit what was found or confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kneetrack.clinic.report_visit import Visit
from kneetrack.clinic_records.plans import Step
from kneetrack.exercises import all_exercises
from kneetrack.exercises.rules import Exercise
from kneetrack.report.clinic.facts import Practice
from kneetrack.result import ExerciseName

_MOST_EXERCISES, _MOST_CUES = 4, 2
_TECHNIQUE: Final[dict[ExerciseName, tuple[str, ...]]] = {
    "squat": ("knee_valgus", "too_fast"),
    "lateral_lunge": ("knee_valgus", "trailing_knee_bent"),
    "single_leg_squat": ("knee_valgus", "trunk_lean"),
    "single_leg_stance": ("balance_lost", "trunk_lean"),
    "glute_bridge": ("knees_together", "hold_too_short"),
}
"""The cues of plain technique, for everybody."""
_ITEMS: Final = (
    (("knee", "patella"), "knee_valgus"),
    (("trunk",), "trunk_lean"),
    (("pelvi",), "pelvic_drop"),
    (("touch", "wobble", "steady", "balance"), "balance_lost"),
)
"""Parts of an item's key -> the rule whose cue speaks to it."""


def practice(visit: Visit) -> tuple[Practice, ...]:
    """At most four exercises of the protocol, each with one or two cues."""
    steps: dict[ExerciseName, Step] = {}
    for step in visit.protocol.steps:
        steps.setdefault(step.exercise, step)
    known = all_exercises()
    wanted = sorted((n for n in steps if n in known), key=lambda n: n == "single_leg_stance")
    return tuple(_practice(visit, known[name], steps[name]) for name in wanted[:_MOST_EXERCISES])


def _practice(visit: Visit, exercise: Exercise, step: Step) -> Practice:
    rules = [*_found(visit, exercise), *_confirmed(visit, exercise)]
    rules = [*dict.fromkeys([*rules, *_TECHNIQUE.get(exercise.name, ())])]
    cues = {rule.name: rule.cue for rule in exercise.rules if rule.cue}
    chosen = [cues[name] for name in rules if name in cues][:_MOST_CUES]
    return Practice(exercise.title, _dose(exercise, step), tuple(chosen))


def _dose(exercise: Exercise, step: Step) -> str:
    if exercise.dose:
        return exercise.dose.replace("-", "–")
    each = "" if exercise.name == "squat" else " on each leg"
    if step.hold_s is not None:
        return f"{step.hold_s:g} seconds{each}"
    return f"{step.reps} repetitions{each}, slowly" if step.reps else ""


def _found(visit: Visit, exercise: Exercise) -> Iterator[str]:
    """Rules outside their band: in coaching mode alone."""
    if not visit.coaching:
        return
    rows = [row for result in visit.results.values() if result.exercise == exercise.name
            for row in result.summary if not row.information]  # fmt: skip
    for status in ("flag", "watch"):
        yield from (row.rule for row in rows if row.status == status)


def _confirmed(visit: Visit, exercise: Exercise) -> Iterator[str]:
    """Rules that the clinician's confirmed points speak of."""
    for score in visit.store.scores(visit.session.id):
        step = visit.protocol.step(score.step)
        if step is None or step.exercise != exercise.name:
            continue
        for item in score.items:
            if item.confirmed:
                yield from (
                    rule for parts, rule in _ITEMS if any(part in item.key for part in parts)
                )
