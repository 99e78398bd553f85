"""Knee flexion as far as each view shows it.

From the side it is an angle in the picture. From the front it is a guess that chooses the moments
at which other measures are read (``knee_flexion_gate_deg``), except in a lateral lunge.
"""

from __future__ import annotations

from kneetrack import angles as an
from kneetrack import calibration as cal
from kneetrack import skeleton as sk
from kneetrack.gates import Scene
from kneetrack.records import FloatArray


def seen_flexion_deg(xy: FloatArray, scene: Scene) -> FloatArray:
    """(T, 2): knee flexion as far as the view shows it, to gate, to sample and for the errors."""
    if scene.lying or scene.view.name == "side":
        return an.knee_flexion_deg(xy)
    if scene.exercise == "lateral_lunge":
        return lunge_flexion_deg(xy, scene)
    return _sunk_deg(xy, scene) * cal.FLEXION_GATE_GAIN


def _sunk_deg(xy: FloatArray, scene: Scene) -> FloatArray:
    base = scene.baseline
    standing = an.pair(base.xy, sk.ANKLES)[:, 1] - an.pair(base.xy, sk.HIPS)[:, 1]
    return an.knee_flexion_sunk_deg(xy, standing if base.found else base.leg_px)


def lunge_flexion_deg(xy: FloatArray, scene: Scene) -> FloatArray:
    """(T, 2): of a lunge's legs: by foreshortening (reads low) and by sinking (reads high)."""
    base = scene.baseline
    shortened = an.knee_flexion_gate_deg(xy, base.thigh_px, base.shank_px)
    return (shortened + _sunk_deg(xy, scene)) / 2
