"""Rolling over a foam roller, region by region."""

from __future__ import annotations

from figures.body import Arm, Leg, Pose, Vec, body, frame, unit, vec
from figures.light import Scene
from figures.solids import Roller, Solid
from figures.staging import AHEAD, FOAM, PRESSED, RIGHT, Arrow, Figure, camera_at, tilted


def _roller(middle: Vec, along: Vec = RIGHT, radius: float = 0.075, half: float = 0.25) -> Roller:
    return Roller(middle - along * half, middle + along * half, radius, FOAM)


def glutes() -> Figure:
    """Sitting on the roller, hands behind, leaning to the right."""
    hips = tilted(ahead=-28, side=-12)
    pose = Pose(
        pelvis=vec(0.0, 0.27, 0.0),
        hips=hips,
        chest=tilted(ahead=-22, side=-6),
        head=tilted(ahead=-4),
        left_leg=Leg(vec(0.52, 0.08, -0.14), AHEAD, vec(0.3, 1, -0.05)),
        right_leg=Leg(vec(0.56, 0.08, 0.16), AHEAD, vec(0.3, 1, 0.15)),
        left_arm=Arm(vec(-0.52, 0.07, -0.26), vec(-1, -0.35, -0.2), vec(-1, 0.3, -0.3)),
        right_arm=Arm(vec(-0.50, 0.07, 0.30), vec(-1, -0.35, 0.2), vec(-1, 0.3, 0.3)),
    )
    made = body(pose)
    solids: list[Solid] = [*made.solids, _roller(vec(-0.02, 0.075, 0.03))]
    camera = camera_at(vec(0.32, 0.30, 1.0), vec(0.02, 0.43, 0), 2.0)
    spot = vec(-0.04, 0.17, 0.16)
    return Figure(
        Scene(solids, camera, [(spot, 0.11)]),
        [Arrow([vec(-0.24, 0.025, 0.52), vec(0.22, 0.025, 0.52)], both=True)],
        legend=PRESSED,
    )


def outer_thigh() -> Figure:
    """On the right side, the outer thigh on the roller, the left foot in front."""
    up = unit(vec(-1, 0.36, 0))
    facing = frame(RIGHT, up)
    pose = Pose(
        pelvis=vec(0.02, 0.275, -0.02),
        hips=frame(RIGHT, unit(vec(-1, 0.16, 0))),
        chest=facing,
        head=frame(RIGHT, unit(vec(-1, 0.85, 0))),
        left_leg=Leg(vec(0.08, 0.085, 0.46), vec(0.35, 0, 1), vec(0.5, 0.9, 0.5)),
        right_leg=Leg(vec(0.84, 0.10, -0.06), vec(0.5, 0, 1), vec(0, 0, 1)),
        left_arm=Arm(vec(-0.30, 0.07, 0.34), vec(-0.3, -0.5, 1), vec(0.1, 0.6, 1)),
        right_arm=Arm(vec(-0.56, 0.05, 0.24), vec(0, 0, 1), vec(0, -1, -0.35)),
    )
    made = body(pose)
    solids: list[Solid] = [*made.solids, _roller(vec(0.20, 0.075, 0.0))]
    camera = camera_at(vec(0.22, 0.45, 1.0), vec(0.10, 0.32, 0.05), 2.15)
    return Figure(
        Scene(solids, camera, [(vec(0.21, 0.165, 0.0), 0.10)]),
        [Arrow([vec(0.20, 0.02, 0.42), vec(0.44, 0.02, 0.42)], both=True)],
        legend=PRESSED,
    )


def inner_thigh() -> Figure:
    """Face down on the forearms, the right knee out to the side, its inner thigh on the roller."""
    pose = Pose(
        pelvis=vec(-0.05, 0.20, 0.0),
        hips=frame(vec(0, -1, 0), vec(1, 0.10, 0)),
        chest=frame(vec(0.3, -1, 0), vec(1, 0.38, 0)),
        head=frame(vec(0.55, -0.7, 0), vec(1, 0.5, 0)),
        left_leg=Leg(vec(-0.86, 0.07, -0.14), vec(-1, -0.25, 0), vec(0, -1, -0.2)),
        right_leg=Leg(vec(-0.36, 0.10, 0.52), vec(-0.8, -0.2, 0.5), vec(0.8, -0.1, 1)),
        left_arm=Arm(vec(0.70, 0.045, -0.16), AHEAD, vec(0, -1, -0.3)),
        right_arm=Arm(vec(0.70, 0.045, 0.16), AHEAD, vec(0, -1, 0.3)),
    )
    made = body(pose)
    middle = 0.6 * made.joints["right_hip"] + 0.4 * made.joints["right_knee"]
    roller = _roller(vec(middle[0], 0.07, middle[2]), unit(vec(1, 0, 0.1)), 0.07, 0.24)
    solids: list[Solid] = [*made.solids, roller]
    camera = camera_at(vec(-0.25, 0.85, 1.0), vec(-0.05, 0.18, 0.12), 2.2)
    return Figure(
        Scene(solids, camera, [(middle - vec(0, 0.05, 0), 0.10)]),
        [Arrow([vec(0.32, 0.02, 0.14), vec(0.32, 0.02, 0.46)], both=True)],
        legend=PRESSED,
    )


def front_thigh() -> Figure:
    """Face down on the forearms, the front of the thighs on the roller."""
    pose = Pose(
        pelvis=vec(-0.02, 0.255, 0.0),
        hips=frame(vec(0, -1, 0), vec(1, 0.10, 0)),
        chest=frame(vec(0.1, -1, 0), vec(1, 0.16, 0)),
        head=frame(vec(0.35, -0.9, 0), vec(1, 0.3, 0)),
        left_leg=Leg(vec(-0.82, 0.19, -0.12), vec(-1, -0.6, 0), vec(0, -1, 0)),
        right_leg=Leg(vec(-0.82, 0.19, 0.12), vec(-1, -0.6, 0), vec(0, -1, 0)),
        left_arm=Arm(vec(0.72, 0.045, -0.17), AHEAD, vec(-0.2, -1, -0.2)),
        right_arm=Arm(vec(0.72, 0.045, 0.17), AHEAD, vec(-0.2, -1, 0.2)),
    )
    made = body(pose)
    solids: list[Solid] = [*made.solids, _roller(vec(-0.14, 0.075, 0.0), half=0.28)]
    camera = camera_at(vec(0.30, 0.34, 1.0), vec(-0.04, 0.22, 0), 2.05)
    return Figure(
        Scene(solids, camera, [(vec(-0.15, 0.165, 0.12), 0.10)]),
        [Arrow([vec(-0.28, 0.02, 0.55), vec(0.02, 0.02, 0.55)], both=True)],
        legend=PRESSED,
    )


def back_thigh() -> Figure:
    """Sitting with the hands behind, the back of the thighs on the roller."""
    pose = Pose(
        pelvis=vec(-0.16, 0.22, 0.0),
        hips=tilted(ahead=-24),
        chest=tilted(ahead=-16),
        head=tilted(ahead=0),
        left_leg=Leg(vec(0.65, 0.10, -0.12), vec(0.35, 1, -0.1), vec(0, 1, 0)),
        right_leg=Leg(vec(0.65, 0.10, 0.12), vec(0.35, 1, 0.1), vec(0, 1, 0)),
        left_arm=Arm(vec(-0.60, 0.07, -0.26), vec(-1, -0.35, -0.2), vec(-1, 0.3, -0.3)),
        right_arm=Arm(vec(-0.60, 0.07, 0.26), vec(-1, -0.35, 0.2), vec(-1, 0.3, 0.3)),
    )
    made = body(pose)
    solids: list[Solid] = [*made.solids, _roller(vec(0.02, 0.075, 0.0), half=0.28)]
    camera = camera_at(vec(0.30, 0.30, 1.0), vec(0.0, 0.42, 0), 2.1)
    return Figure(
        Scene(solids, camera, [(vec(0.02, 0.135, 0.12), 0.11)]),
        [Arrow([vec(-0.12, 0.02, 0.55), vec(0.18, 0.02, 0.55)], both=True)],
        legend=PRESSED,
    )
