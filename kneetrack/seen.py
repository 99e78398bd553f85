"""Gates of what is seen of a person: hidden limbs, their size in the picture, feet together."""

from __future__ import annotations

import numpy as np

from kneetrack import angles as an
from kneetrack import skeleton as sk
from kneetrack.gates import Gate, Scene
from kneetrack.records import FloatArray
from kneetrack.view import body_height_fraction


def hidden_gates(confidence: FloatArray, scene: Scene) -> dict[str, list[Gate]]:
    """Visibility gates: a leg's own, both legs', feet's, trunk's."""
    least = scene.limits.visibility if not scene.lying else 0.2
    unsure = confidence < least
    leg = unsure[:, list(sk.KNEES)] | unsure[:, list(sk.ANKLES)] | unsure[:, list(sk.HIPS)]
    foot = unsure[:, list(sk.TOES)]
    return {
        "leg": [(leg, "that leg is hidden or unclear")],
        "foot": [(leg, "that leg is hidden or unclear"), (foot, "that foot is hidden")],
        "both": [((leg | foot).any(axis=1), "a leg or a foot is hidden")],
        "trunk": [
            (unsure[:, [*sk.HIPS, *sk.SHOULDERS]].any(axis=1), "shoulders or hips are hidden")
        ],
    }


def size_gates(xy: FloatArray, scene: Scene, slack: float = 0.0) -> list[Gate]:
    """Gates of the body's height in the picture; ``slack`` for what perspective hardly touches."""
    if scene.lying:
        return []
    reference = scene.baseline.xy if scene.baseline.found else xy
    share = float(np.nanmax(body_height_fraction(reference, scene.size_px)))
    return [
        (share < scene.limits.body_height_min, "too small in the picture: come closer"),
        (share > scene.limits.body_height_max + slack, "too close: step back, keep a margin"),
    ]


def pair_gates(xy: FloatArray, scene: Scene) -> list[Gate]:
    """When a separation ratio says nothing: feet together, one leg, uneven depth."""
    narrow = an.separation_px(xy, sk.TOES) < 0.35 * np.mean(scene.baseline.shank_px)
    return [
        (scene.exercise in ("lateral_lunge",), "the legs do different things in a lunge"),
        (scene.exercise.startswith("single_leg"), "one foot is off the floor"),
        (narrow, "feet too close together: stand hip-wide"),
    ]
