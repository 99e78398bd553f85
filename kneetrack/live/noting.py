"""What a person in front of the camera is told of what it cannot judge from where it stands."""

from __future__ import annotations

from kneetrack.assembly import AnalysedSet

SIDE_BRIDGE = "From the side I can judge lift and line, not your knees"
FOOT_END_BRIDGE = "From your feet I can judge your knees, not lift and line"


def view_note(told: AnalysedSet) -> str:
    """One line about the view, or why the knees of the last repetition could not be judged."""
    if told.scene.lying:
        return _of_bridge(told)
    if told.verdicts:
        return _untold(told, "knee_valgus")
    return told.view.reason if told.view.name != "front" else ""


def _of_bridge(told: AnalysedSet) -> str:
    if told.view.name == "side":
        return SIDE_BRIDGE
    return _untold(told, "knees_together") or FOOT_END_BRIDGE


def _untold(told: AnalysedSet, rule: str) -> str:
    last = told.verdicts[-1] if told.verdicts else []
    reasons = (v.reason for v in last if v.rule == rule and v.status == "cannot_tell")
    return next(reasons, "")
