"""Doses, one step at a time: up towards the most, down the way they came, and both in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Literal

from kneetrack.clinic_records.practice import Dose
from kneetrack.programme.values import Part

LEAST_SHARE: Final = 0.6
"""Of the repetitions or seconds that a part begins with, when pain wants less than that."""
_COUNTED: Final = (("reps", 1.0), ("sets", 1.0), ("hold_s", 1.0), ("depth_deg", 5.0))
_TIMED: Final = (("hold_s", 10.0),)
_NAMES: Final = ("sets", "reps", "hold_s", "depth_deg")


def steps_of(part: Part) -> Sequence[tuple[str, float]]:
    """What grows in a part, in this order, and by how much at a time."""
    return _TIMED if part.kind == "timed" else _COUNTED


def step_up(part: Part, dose: Dose, *, deeper: bool) -> Dose:
    """One step: back to the start where it lies below it, else on towards the most."""
    steps = [step for step in steps_of(part) if deeper or step[0] != "depth_deg"]
    for target in (part.dose, part.most):
        for name, step in steps:
            now, end = getattr(dose, name), getattr(target, name)
            if now is not None and end is not None and now < end:
                return _with(dose, name, min(end, now + step))
    return dose


def step_down(part: Part, dose: Dose) -> Dose:
    """One step the way it came; below the start fewer sets, then fewer repetitions."""
    less = undone(dose, part.dose, steps_of(part))
    return less if less != dose else undone(dose, least_dose(part), steps_of(part))


def undone(dose: Dose, target: Dose, steps: Sequence[tuple[str, float]]) -> Dose:
    """One step down towards a target, the last that grows first; the same dose at the target."""
    for name, step in reversed(steps):
        now, end = getattr(dose, name), getattr(target, name)
        if now is not None and end is not None and now > end:
            return _with(dose, name, max(end, now - step))
    return dose


def least_dose(part: Part) -> Dose:
    """The smallest dose of a part. Holding and depth of a counted one stay."""
    start = part.dose
    if part.kind == "timed":
        return replace(start, hold_s=_share(start.hold_s, 5.0))
    reps = None if start.reps is None else math.ceil(start.reps * LEAST_SHARE - 1e-9)
    return replace(start, sets=start.sets and 1, reps=reps)


def _share(value: float | None, grain: float) -> float | None:
    return None if value is None else min(value, grain * math.ceil(value * LEAST_SHARE / grain))


def bounded(part: Part, told: Dose, otherwise: Dose) -> Dose:
    """A dose as this part can have it, within its bounds; what is not told is as ``otherwise``."""
    dose, least = otherwise, least_dose(part)
    for name in _NAMES:
        value, low, high = (getattr(d, name) for d in (told, least, part.most))
        if None not in (value, low, high):
            dose = _with(dose, name, min(max(value, low), high))
    return dose


def within(dose: Dose, limit_deg: float | None) -> Dose:
    """The dose, no deeper than a limit."""
    if limit_deg is None or dose.depth_deg is None:
        return dose
    return replace(dose, depth_deg=min(dose.depth_deg, limit_deg))


def lower(one: Dose, other: Dose) -> Dose:
    """The lesser of two in everything."""
    dose = one
    for name in _NAMES:
        value = getattr(other, name)
        if value is not None and getattr(dose, name) is not None:
            dose = _with(dose, name, min(getattr(dose, name), value))
    return dose


def _with(dose: Dose, name: str, value: float) -> Dose:
    whole = name in ("sets", "reps")
    changed: dict[str, Any] = {name: int(value) if whole else float(value)}
    return replace(dose, **changed)


def change_of(dose: Dose, asked: Dose | None) -> Literal["more", "less", "same"]:
    """Whether a dose is more or less than the one that was asked for before."""
    if asked is None or dose == asked:
        return "same"
    return "less" if lower(dose, asked) == dose else "more"


def difference(now: Dose, before: Dose) -> str:
    """What changed from one dose to another that differs in one thing: "one repetition more"."""
    name = next(n for n in _NAMES if getattr(now, n) != getattr(before, n))
    value = getattr(now, name)
    by = value - getattr(before, name)
    if name in ("reps", "sets"):
        word = {"reps": "repetition", "sets": "set"}[name]
        return f"one {word} {'more' if by > 0 else 'fewer'}"
    if name == "hold_s":
        return (
            f"{abs(by):g} second{'' if abs(by) == 1 else 's'} {'longer' if by > 0 else 'shorter'}"
        )
    return f"{abs(by):g}° {'deeper' if by > 0 else 'less deep'}, to {value:g}°"
