"""A body from where its joints are: the same person in every figure."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from figures.solids import Colour, Limb

Vec = NDArray[np.float64]

SKIN: Colour = (170, 200, 236)
HAIR: Colour = (52, 62, 88)
SHIRT: Colour = (160, 150, 74)
SHORTS: Colour = (134, 96, 74)

THIGH, SHANK, UPPER, FORE = 0.42, 0.41, 0.28, 0.25


def vec(x: float, y: float, z: float) -> Vec:
    """A point or direction."""
    return np.array([x, y, z], float)


def unit(v: Vec) -> Vec:
    """The direction alone."""
    return v / np.linalg.norm(v)


@dataclass(frozen=True)
class Frame:
    """Where a part of the trunk looks and where its top is; its right is forward x up."""

    forward: Vec
    up: Vec

    @property
    def right(self) -> Vec:
        """To the person's right."""
        return unit(np.cross(self.forward, self.up))


def frame(forward: Vec, up: Vec) -> Frame:
    """A frame with ``up`` exact and ``forward`` made square to it."""
    top = unit(up)
    return Frame(unit(forward - (forward @ top) * top), top)


@dataclass(frozen=True)
class Leg:
    """ankle: where it is. toes: where the foot points. knee: where the knee points to."""

    ankle: Vec
    toes: Vec
    knee: Vec


@dataclass(frozen=True)
class Arm:
    """wrist: where it is. fingers: where they point. elbow: where the elbow points to."""

    wrist: Vec
    fingers: Vec
    elbow: Vec


@dataclass(frozen=True)
class Pose:
    """Everything that makes a figure. Left and right are the person's own."""

    pelvis: Vec
    hips: Frame
    chest: Frame
    head: Frame
    left_leg: Leg
    right_leg: Leg
    left_arm: Arm
    right_arm: Arm


@dataclass
class Body:
    """The solids of a figure, and its joints by name."""

    solids: list[Limb] = field(default_factory=list)
    joints: dict[str, Vec] = field(default_factory=dict)


def bent(start: Vec, end: Vec, first: float, second: float, way: Vec) -> tuple[Vec, Vec]:
    """The joint between two bones, bent towards ``way``, and where the second one ends."""
    reach = end - start
    far = min(float(np.linalg.norm(reach)), (first + second) * 0.998)
    line = unit(reach)
    along = (first**2 - second**2 + far**2) / (2 * far)
    side = unit(way - (way @ line) * line)
    return start + line * along + side * np.sqrt(max(first**2 - along**2, 0.0)), start + line * far


def body(pose: Pose) -> Body:
    """The figure in that pose."""
    made = Body()
    _trunk(made, pose)
    _head(made, pose.head)
    for side, sign in (("left", -1.0), ("right", 1.0)):
        _leg(made, pose, side, sign)
        _arm(made, pose, side, sign)
    return made


def _trunk(made: Body, pose: Pose) -> None:
    hips, chest, pelvis = pose.hips, pose.chest, pose.pelvis
    waist = pelvis + hips.up * 0.17
    ribs = waist + chest.up * 0.17
    top = ribs + chest.up * 0.145
    made.joints.update(pelvis=pelvis, waist=waist, ribs=ribs, top=top)
    for sign in (-1.0, 1.0):
        low = pelvis + hips.right * 0.062 * sign
        middle = waist + (hips.right + chest.right) * 0.028 * sign
        high = ribs + chest.right * 0.075 * sign + chest.up * 0.01
        shoulder = top + chest.right * 0.115 * sign - chest.up * 0.035
        seat = low + hips.right * 0.025 * sign - hips.forward * 0.035 - hips.up * 0.035
        made.solids += [
            Limb(low, low + hips.up * 0.06, 0.108, 0.104, SHORTS, 0.05),
            Limb(seat, seat + hips.up * 0.02, 0.092, 0.088, SHORTS, 0.05),
            Limb(low + hips.up * 0.10, middle, 0.100, 0.098, SHIRT, 0.05),
            Limb(middle, high, 0.098, 0.106, SHIRT, 0.05),
            Limb(high, shoulder, 0.106, 0.074, SHIRT, 0.05),
        ]
        made.joints["left_shoulder" if sign < 0 else "right_shoulder"] = (
            top + chest.right * 0.168 * sign - chest.up * 0.02
        )
    made.solids.append(Limb(top, top + chest.up * 0.01, 0.075, 0.07, SHIRT, 0.05))


def _head(made: Body, head: Frame) -> None:
    neck = made.joints["top"] + head.up * 0.02
    middle = neck + head.up * 0.175 + head.forward * 0.02
    crown = middle + head.up * 0.03 - head.forward * 0.008
    chin = middle - head.up * 0.065 + head.forward * 0.035
    made.joints["head"] = middle
    made.solids += [
        Limb(neck, middle, 0.052, 0.052, SKIN, 0.03),
        Limb(crown, chin, 0.094, 0.054, SKIN, 0.03),
        Limb(middle + head.forward * 0.092, middle + head.forward * 0.106 - head.up * 0.02,
             0.010, 0.015, SKIN, 0.02),
        Limb(crown - head.forward * 0.02 + head.up * 0.012, crown - head.forward * 0.03,
             0.097, 0.092, HAIR, 0.008),
        Limb(crown - head.forward * 0.112 + head.up * 0.035,
             crown - head.forward * 0.125 + head.up * 0.03, 0.04, 0.036, HAIR, 0.02),
    ]  # fmt: skip
    for sign in (-1.0, 1.0):
        ear = middle + head.right * 0.088 * sign - head.forward * 0.012 - head.up * 0.012
        made.solids.append(Limb(ear, ear + head.up * 0.032, 0.015, 0.019, SKIN, 0.012))


def _leg(made: Body, pose: Pose, side: str, sign: float) -> None:
    leg: Leg = pose.left_leg if sign < 0 else pose.right_leg
    hip = pose.pelvis + pose.hips.right * 0.092 * sign - pose.hips.up * 0.03
    knee, ankle = bent(hip, leg.ankle, THIGH, SHANK, leg.knee)
    hem = hip + (knee - hip) * 0.72
    back = unit((hip - knee) + (ankle - knee) + 1e-6)
    calf = knee + (ankle - knee) * 0.34 + back * 0.012
    toes = unit(leg.toes)
    down = unit((ankle - knee) - ((ankle - knee) @ toes) * toes)
    across = np.cross(toes, down)
    heel = ankle - toes * 0.045 + down * 0.042
    made.joints.update({f"{side}_hip": hip, f"{side}_knee": knee, f"{side}_ankle": ankle})
    made.solids += [
        Limb(hip, hem, 0.092, 0.067, SHORTS, 0.03),
        Limb(hem, knee, 0.060, 0.054, SKIN, 0.012),
        Limb(knee, calf, 0.052, 0.055, SKIN, 0.03),
        Limb(calf, ankle, 0.055, 0.034, SKIN, 0.03),
        Limb(ankle, heel, 0.034, 0.033, SKIN, 0.02),
    ]
    for out in (-0.024, 0.0, 0.024):
        ball = ankle + toes * (0.118 - 0.2 * abs(out)) + down * 0.056 + across * out
        made.solids += [
            Limb(heel + across * out * 0.4, ball, 0.029, 0.021, SKIN, 0.03),
            Limb(ankle + toes * 0.02 + down * 0.01, ball, 0.031, 0.021, SKIN, 0.03),
            Limb(ball, ball + toes * 0.055 + down * 0.004, 0.021, 0.015, SKIN, 0.03),
        ]
    made.joints[f"{side}_toes"] = ankle + toes * 0.17 + down * 0.05


def _arm(made: Body, pose: Pose, side: str, sign: float) -> None:
    arm: Arm = pose.left_arm if sign < 0 else pose.right_arm
    shoulder = made.joints[f"{side}_shoulder"]
    elbow, wrist = bent(shoulder, arm.wrist, UPPER, FORE, arm.elbow)
    cuff = shoulder + (elbow - shoulder) * 0.52
    fingers = unit(arm.fingers)
    palm = wrist + fingers * 0.06
    made.joints.update({f"{side}_elbow": elbow, f"{side}_wrist": wrist})
    made.solids += [
        Limb(shoulder, cuff, 0.064, 0.054, SHIRT, 0.03),
        Limb(cuff, elbow, 0.045, 0.038, SKIN, 0.01),
        Limb(elbow, elbow + (wrist - elbow) * 0.3, 0.038, 0.041, SKIN, 0.02),
        Limb(elbow + (wrist - elbow) * 0.3, wrist, 0.041, 0.027, SKIN, 0.02),
        Limb(wrist, palm, 0.026, 0.034, SKIN, 0.02),
        Limb(palm, palm + fingers * 0.075, 0.031, 0.019, SKIN, 0.02),
    ]
