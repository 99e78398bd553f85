"""The 33 landmarks of the pose model: names, edges, left/right pairs.

Sides are the subject's own. Odd indices from 11 on are left, even ones right.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np


class Landmark(IntEnum):
    """Index of a landmark on the K axis of every landmark array (K = 33)."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


N_LANDMARKS: Final = len(Landmark)
LEFT, RIGHT = 0, 1
"""Index of a side on every side axis."""
SIDES: Final = ("left", "right")

SHOULDERS: Final = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
ELBOWS: Final = (Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW)
WRISTS: Final = (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)
HIPS: Final = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
KNEES: Final = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)
ANKLES: Final = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
HEELS: Final = (Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL)
TOES: Final = (Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX)
FACE: Final = tuple(Landmark(i) for i in range(11))

EDGES: Final[tuple[tuple[Landmark, Landmark], ...]] = (
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
    *(
        (Landmark(a + side), Landmark(b + side))
        for side in (LEFT, RIGHT)
        for a, b in ((11, 13), (13, 15), (11, 23), (23, 25), (25, 27), (27, 29), (29, 31), (27, 31))
    ),
)
"""Lines of the drawn skeleton."""


def _mirror_permutation() -> np.ndarray:
    permutation = np.arange(N_LANDMARKS)
    for landmark in Landmark:
        name = landmark.name
        if name.startswith("LEFT_"):
            other = Landmark["RIGHT_" + name[5:]]
        elif name.startswith("RIGHT_"):
            other = Landmark["LEFT_" + name[6:]]
        elif name.endswith("_LEFT"):
            other = Landmark[name[:-4] + "RIGHT"]
        elif name.endswith("_RIGHT"):
            other = Landmark[name[:-5] + "LEFT"]
        else:
            other = landmark
        permutation[landmark] = other
    return permutation


MIRROR: Final = _mirror_permutation()
"""(K,) permutation: ``xy[..., MIRROR, :]`` exchanges left and right."""
