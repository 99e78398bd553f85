"""Half-kneeling, the supported stretches and the start of the bridge; and all figures by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from figures import rolling
from figures.body import Arm, Body, Frame, Leg, Pose, body, frame, vec
from figures.light import Scene
from figures.solids import Box, Solid
from figures.staging import (
    AHEAD,
    CUSHION,
    FABRIC,
    LEVEL,
    PULLS,
    UP,
    WOOD,
    Arrow,
    Figure,
    Label,
    camera_at,
    tilted,
)

# ---- half-kneeling: the right knee is down ------------------------------------------------------


def _kneeling(chest: Frame, head: Frame, left: Arm, right: Arm) -> tuple[Body, list[Solid]]:
    pose = Pose(
        pelvis=vec(0.03, 0.56, 0.0),
        hips=tilted(ahead=-5),
        chest=chest,
        head=head,
        left_leg=Leg(vec(0.44, 0.085, -0.12), AHEAD, vec(1, 0.6, -0.1)),
        right_leg=Leg(vec(-0.44, 0.075, 0.10), vec(-1, -0.35, 0), vec(0.4, -1, 0)),
        left_arm=left,
        right_arm=right,
    )
    made = body(pose)
    cushion = Box(vec(-0.07, 0.035, 0.10), (0.17, 0.035, 0.15), CUSHION, 0.03)
    return made, [*made.solids, cushion]


def straight_ahead() -> Figure:
    """Half-kneeling, upright, hands on the front thigh."""
    made, solids = _kneeling(
        LEVEL,
        LEVEL,
        Arm(vec(0.37, 0.615, -0.15), vec(1, -0.3, 0.2), vec(-0.6, -0.3, -1)),
        Arm(vec(0.34, 0.63, -0.03), vec(1, -0.3, -0.5), vec(-0.6, -0.3, 1)),
    )
    camera = camera_at(vec(0.55, 0.22, 1.0), vec(0.03, 0.74, 0), 2.3)
    hip = made.joints["right_hip"]
    return Figure(
        Scene(solids, camera, [(hip + vec(0.10, -0.03, 0.03), 0.10)]),
        [
            Arrow([vec(-0.22, 0.76, 0.10), vec(-0.27, 0.60, 0.10), vec(-0.17, 0.46, 0.10)]),
            Arrow([vec(0.16, 0.86, 0.20), vec(0.42, 0.86, 0.20)]),
        ],
        [
            Label("tailbone tucked", (0.04, 0.43), vec(-0.24, 0.66, 0.10)),
            Label("cushion", (0.06, 0.80), vec(-0.20, 0.05, 0.2)),
            Label("shin upright", (0.74, 0.74), vec(0.46, 0.30, -0.1)),
            Label("hips a little forward", (0.61, 0.36), vec(0.36, 0.87, 0.2)),
        ],
        PULLS,
    )


def up_and_over() -> Figure:
    """The arm of the kneeling side reaches over to the other side."""
    chest = tilted(side=26)
    made, solids = _kneeling(
        chest,
        tilted(side=30),
        Arm(vec(0.36, 0.62, -0.17), vec(1, -0.4, 0.0), vec(-0.4, -0.2, -1)),
        Arm(vec(0.08, 1.53, -0.34), vec(0, 0.0, -1), vec(0.1, 1.0, 0.6)),
    )
    camera = camera_at(vec(1.0, 0.14, 0.30), vec(0.0, 0.76, -0.12), 2.6)
    side = made.joints["ribs"] + chest.right * 0.15
    hip = made.joints["right_hip"]
    return Figure(
        Scene(solids, camera, [(hip + vec(0.09, 0.0, 0.05), 0.10), (side, 0.09)]),
        [Arrow([vec(0.1, 1.30, 0.38), vec(0.1, 1.58, 0.16), vec(0.1, 1.62, -0.22)])],
        [
            Label("arm of the", (0.09, 0.26)),
            Label("kneeling side", (0.09, 0.31), made.joints["right_elbow"]),
            Label("cushion", (0.12, 0.76), vec(-0.02, 0.05, 0.20)),
        ],
        PULLS,
    )


def turn_to_front() -> Figure:
    """The chest turns towards the front leg, the hips do not."""
    chest = tilted(turn=55)
    made, solids = _kneeling(
        chest,
        tilted(turn=70),
        Arm(vec(-0.36, 0.98, -0.46), vec(-0.5, 0.1, -0.6), vec(0, -1, 0)),
        Arm(vec(0.40, 0.62, -0.22), vec(0.6, -0.5, -0.4), vec(0.6, -0.2, 0.6)),
    )
    camera = camera_at(vec(0.80, 0.20, -0.90), vec(0.0, 0.72, 0), 2.55)
    middle = made.joints["ribs"] - UP * 0.08
    ring = [middle + 0.33 * vec(np.cos(a), 0.0, np.sin(a)) for a in np.radians([28, -8, -44, -80])]
    return Figure(
        Scene(solids, camera),
        [Arrow(ring)],
        [
            Label("front leg", (0.05, 0.66), vec(0.46, 0.32, -0.12)),
            Label("cushion", (0.72, 0.92), vec(-0.2, 0.05, 0.05)),
            Label("hips stay", (0.70, 0.60), vec(-0.09, 0.56, -0.08)),
            Label("chest turns", (0.09, 0.36), vec(0.22, 0.86, -0.15)),
        ],
    )


# ---- supported stretches -----------------------------------------------------------------------


def seated() -> Figure:
    """Figure-four on a chair: the right ankle on the left thigh, a long back."""
    lean = tilted(ahead=26)
    pose = Pose(
        pelvis=vec(0.0, 0.57, 0.0),
        hips=tilted(ahead=16),
        chest=lean,
        head=tilted(ahead=14),
        left_leg=Leg(vec(0.44, 0.085, -0.13), AHEAD, vec(1, 0.8, 0)),
        right_leg=Leg(vec(0.33, 0.615, -0.17), vec(0.35, 0.15, -0.9), vec(0.5, 0.1, 1)),
        left_arm=Arm(vec(0.40, 0.70, -0.20), vec(0.3, -0.6, 0.6), vec(-0.5, 0, -1)),
        right_arm=Arm(vec(0.26, 0.68, 0.20), vec(0.3, -0.6, 0.5), vec(-0.6, 0.2, 1)),
    )
    made = body(pose)
    seat = Box(vec(-0.02, 0.435, 0.0), (0.22, 0.022, 0.22), WOOD, 0.015)
    legs = [
        Box(vec(x, 0.21, z), (0.02, 0.21, 0.02), WOOD, 0.008) for x in (-0.21, 0.17)
        for z in (-0.19, 0.19)
    ]  # fmt: skip
    posts = [Box(vec(-0.235, 0.66, z), (0.018, 0.24, 0.02), WOOD, 0.008) for z in (-0.19, 0.19)]
    back = Box(vec(-0.235, 0.82, 0.0), (0.016, 0.08, 0.21), WOOD, 0.012)
    camera = camera_at(vec(1.0, 0.52, 0.70), vec(0.12, 0.66, 0.03), 2.15)
    spot = made.joints["right_hip"] + vec(-0.02, -0.02, 0.08)
    return Figure(
        Scene([*made.solids, seat, *legs, *posts, back], camera, [(spot, 0.11)]),
        [Arrow([vec(0.52, 1.36, -0.18), vec(0.66, 1.24, -0.18), vec(0.72, 1.04, -0.18)])],
        [
            Label("ankle above", (0.74, 0.50)),
            Label("the knee", (0.74, 0.55), made.joints["right_ankle"]),
        ],
        PULLS,
    )


def supported() -> Figure:
    """Modified pigeon: the right leg bent on a couch, hands on the seat, the left foot behind."""
    lean = tilted(ahead=46)
    pose = Pose(
        pelvis=vec(0.02, 0.76, 0.0),
        hips=tilted(ahead=30),
        chest=lean,
        head=tilted(ahead=40),
        left_leg=Leg(vec(-0.38, 0.085, -0.12), vec(1, -0.12, 0), vec(1, 0, 0)),
        right_leg=Leg(vec(0.22, 0.47, -0.20), vec(-0.1, -0.15, -1), vec(0.9, -0.2, 0.75)),
        left_arm=Arm(vec(0.78, 0.50, -0.24), vec(1, -0.35, -0.1), vec(-0.5, 0.2, -1)),
        right_arm=Arm(vec(0.78, 0.50, 0.28), vec(1, -0.35, 0.1), vec(-0.5, 0.2, 1)),
    )
    made = body(pose)
    seat = Box(vec(0.55, 0.32, 0.0), (0.46, 0.10, 0.70), FABRIC, 0.06)
    base = Box(vec(0.57, 0.13, 0.0), (0.43, 0.10, 0.68), (150, 136, 124), 0.03)
    back = Box(vec(1.08, 0.52, 0.0), (0.11, 0.36, 0.70), FABRIC, 0.08)
    camera = camera_at(vec(-0.12, 0.62, -1.0), vec(0.36, 0.58, 0), 2.5)
    return Figure(
        Scene([*made.solids, seat, base, back], camera),
        [],
        [
            Label("hands carry you", (0.07, 0.10), made.joints["left_wrist"]),
            Label("knee out to the side", (0.04, 0.80), made.joints["right_knee"]),
            Label("foot drawn in", (0.22, 0.94), made.joints["right_ankle"]),
            Label("foot on the floor", (0.68, 0.94), made.joints["left_ankle"]),
        ],
    )


def on_the_back() -> Figure:
    """The start of the bridge: on the back, a block between the knees, hips about to lift."""
    supine = frame(UP, vec(-1, -0.16, 0))
    pose = Pose(
        pelvis=vec(0.0, 0.155, 0.0),
        hips=frame(UP, vec(-1, -0.06, 0)),
        chest=supine,
        head=frame(vec(0.12, 1, 0), vec(-1, 0.05, 0)),
        left_leg=Leg(vec(0.50, 0.085, -0.13), AHEAD, vec(0, 1, 0)),
        right_leg=Leg(vec(0.50, 0.085, 0.13), AHEAD, vec(0, 1, 0)),
        left_arm=Arm(vec(0.0, 0.045, -0.36), AHEAD, vec(0, 0, -1)),
        right_arm=Arm(vec(0.0, 0.045, 0.36), AHEAD, vec(0, 0, 1)),
    )
    made = body(pose)
    knees = (made.joints["left_knee"] + made.joints["right_knee"]) / 2
    block = Box(knees + vec(0.0, 0.0, 0.0), (0.06, 0.10, 0.085), CUSHION, 0.012)
    mat = Box(vec(-0.10, 0.006, 0.0), (0.92, 0.008, 0.36), (196, 164, 120), 0.006)
    camera = camera_at(vec(0.85, 0.50, 1.0), vec(-0.06, 0.28, 0), 2.05)
    return Figure(
        Scene([*made.solids, block, mat], camera),
        [Arrow([vec(0.02, 0.36, 0.10), vec(0.02, 0.62, 0.10)])],
        [Label("block", (0.80, 0.22), knees + vec(0.02, 0.10, 0.05))],
    )


FIGURES: dict[str, Callable[[], Figure]] = {
    "hip_flexor_release-straight_ahead": straight_ahead,
    "hip_flexor_release-up_and_over": up_and_over,
    "hip_flexor_release-turn_to_front": turn_to_front,
    "soft_tissue-glutes": rolling.glutes,
    "soft_tissue-outer_thigh": rolling.outer_thigh,
    "soft_tissue-inner_thigh": rolling.inner_thigh,
    "soft_tissue-front_thigh": rolling.front_thigh,
    "soft_tissue-back_thigh": rolling.back_thigh,
    "figure_four-seated": seated,
    "modified_pigeon-supported": supported,
    "glute_bridge-start": on_the_back,
}
