"""What is filmed in a self-check: balance and squats on one leg, squats and lunges on both."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kneetrack.clinic_records.kinds import Foot
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.practice import Dose
from kneetrack.programme.values import Programme

HOLD_S: Final = 20.0
REPS: Final = 5
_NEAR: Final = "Stand within reach of a wall or a chair."


def _stance(foot: Foot) -> Step:
    return Step(
        f"stance_{foot}",
        f"Balance on the {foot} leg",
        "single_leg_stance",
        ("front",),
        foot,
        0,
        HOLD_S,
        say=f"{_NEAR} Stand on your {foot} leg for twenty seconds, hands on your hips.",
    )


def _one_leg_squat(foot: Foot) -> Step:
    return Step(
        f"slsq_{foot}",
        f"Single-leg squat, {foot}",
        "single_leg_squat",
        ("front",),
        foot,
        REPS,
        say=f"{_NEAR} Five small squats on your {foot} leg, the other foot off the floor.",
    )


_SQUAT = Step(
    "squat",
    "Squat",
    "squat",
    ("front",),
    reps=REPS,
    say="Five squats, as deep as is comfortable. Two seconds down, two seconds up.",
)
_LUNGE = Step(
    "lunge",
    "Lateral lunge",
    "lateral_lunge",
    ("front",),
    reps=REPS,
    say="Five lunges to each side, in turn. Step out, sit back, and come back to standing.",
)
TAKES: Final = Protocol(
    "selfcheck",
    "Self-check",
    1,
    (
        _stance("left"),
        _stance("right"),
        _one_leg_squat("left"),
        _one_leg_squat("right"),
        _SQUAT,
        _LUNGE,
    ),
)


def takes_within(programme: Programme) -> Protocol:
    """The takes without what the programme leaves out, its limits told before they are done."""
    steps = (step for step in TAKES.steps if step.exercise not in programme.leave_out)
    return replace(TAKES, steps=tuple(_limited(step, programme) for step in steps))


def left_out(programme: Programme) -> tuple[str, ...]:
    """Titles of the takes that the programme does not allow."""
    return tuple(step.title for step in TAKES.steps if step.exercise in programme.leave_out)


def dose_of(step: Step, programme: Programme) -> Dose:
    """What a take asks for."""
    depth_deg = programme.max_knee_flexion_deg.get(step.exercise)
    if step.hold_s is not None:
        return Dose(sets=1, hold_s=step.hold_s)
    return Dose(sets=1, reps=step.reps, depth_deg=depth_deg)


def _limited(step: Step, programme: Programme) -> Step:
    limit_deg = programme.max_knee_flexion_deg.get(step.exercise)
    if limit_deg is None:
        return step
    say = step.say.replace(", as deep as is comfortable", "")
    return replace(step, say=f"{say} Bend the knee no further than {limit_deg:.0f} degrees.")
