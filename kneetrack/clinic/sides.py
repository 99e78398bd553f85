"""Right minus left of one session, in the measure's own unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic_records.numbers import MeasureKey, SessionValue, SideDifference
from kneetrack.records import SideName
from kneetrack.result import ViewName

MOST_YAW_DEG: Final = 3.0
"""Beyond it a difference of the frontal-plane angle is mostly the camera's (MEASURES 1.5)."""


def side_differences(values: Sequence[SessionValue]) -> list[SideDifference]:
    """Right minus left of every measure that has both sides, in the order of ``values``.

    Steps of one leg each (``slsq_left``, ``slsq_right``) are put side by side. The error takes the
    two sides' errors as independent. percent: 100 (R - L) / ((R + L) / 2), for depth and times
    alone. A frontal-plane angle is compared only with the camera within 3 degrees of square.
    """
    pairs: dict[MeasureKey, dict[SideName, SessionValue]] = {}
    for value in values:
        if value.key.side != "both":
            pairs.setdefault(_without_side(value.key), {})[value.key.side] = value
    return [
        _difference(key, sides["left"], sides["right"])
        for key, sides in pairs.items()
        if "left" in sides and "right" in sides
    ]


def _without_side(key: MeasureKey) -> MeasureKey:
    step = key.step.removesuffix("_left").removesuffix("_right")
    asked: ViewName = catalogue.family(key.view)
    return MeasureKey(step, key.exercise, key.measure, "both", asked, key.unit)


def _difference(key: MeasureKey, left: SessionValue, right: SessionValue) -> SideDifference:
    missing = [f"{v.key.side}: {v.why_not}" for v in (left, right) if v.value is None]
    if left.value is None or right.value is None:
        same = left.value is right.value and left.why_not == right.why_not
        why = left.why_not if same else "; ".join(missing)
        return SideDifference(key, left, right, None, None, None, why)
    key = replace(key, view=left.key.view)
    barred = _camera_bars(key, left, right)
    if barred:
        return SideDifference(key, left, right, None, None, None, barred)
    difference = right.value - left.value
    known = left.error is not None and right.error is not None
    error = math.hypot(left.error or 0.0, right.error or 0.0) if known else None
    percent = None
    if catalogue.info(key.measure).percent and left.value > 0 and right.value > 0:
        percent = 100 * difference / ((left.value + right.value) / 2)
    why = ""
    if error is not None and abs(difference) <= 1.96 * error:
        why = "no more than the errors of the two sides"
    return SideDifference(key, left, right, difference, error, percent, why)


def _camera_bars(key: MeasureKey, left: SessionValue, right: SessionValue) -> str:
    if left.key.view != right.key.view:
        return f"left was seen from {left.key.view}, right from {right.key.view}: not comparable"
    if not key.measure.startswith("fppa"):
        return ""
    yaws = [v.yaw_deg for v in (left, right)]
    if any(yaw is None for yaw in yaws):
        return "told only when the camera is known to be within 3° of straight in front"
    off = max(abs(yaw) for yaw in yaws if yaw is not None)
    if off > MOST_YAW_DEG:
        return (
            f"the camera was {off:.1f}° off: left and right of this angle are compared only "
            "within 3° of straight in front"
        )
    return ""
