"""How good a picture of the person there is: what it adds to errors, and when it is not enough.

Measured on degraded clips with exact truth (docs/robustness.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kneetrack.posture import Posture
from kneetrack.records import FloatArray, PictureFacts
from kneetrack.view import ViewLimits

BODY_LEGS: Final = 2.05
"""Body height over the length of thigh and shank (hips at 0.53, ankles at 0.04 of it)."""
COARSE_PX: Final = 50.0
"""Body height at which low resolution adds as much error as there is anyhow."""
SHARP: Final = 1.8
"""Sharpness from which on more does not help; sharp clips have 1.7 to 2.6."""
PER_SHARPNESS: Final = 1.7
PER_NOISE: Final = 7.0


@dataclass(frozen=True, slots=True)
class Quality:
    """person_height_px: standing height in the picture. frames_per_s: pictures a second.

    coarseness: what standard errors are multiplied by, 1 or more. unfit: why nothing can be
    measured, and what to do about it; empty when the picture is good enough.
    """

    person_height_px: float = float("nan")
    frames_per_s: float = float("nan")
    coarseness: float = 1.0
    unfit: str = ""


def quality(
    posture: Posture, inside: NDArray[np.bool_], picture: PictureFacts | None, limits: ViewLimits
) -> Quality:
    """The picture's quality over the frames ``inside`` (T,); ``picture`` None when unknown."""
    legs = posture.leg_px[inside]
    height = BODY_LEGS * float(np.nanmedian(legs)) if np.isfinite(legs).any() else float("nan")
    rate = frames_per_s(posture.t_s)
    return Quality(
        person_height_px=height,
        frames_per_s=rate,
        coarseness=coarseness(height, picture),
        unfit=_unfit(height, rate, picture, limits),
    )


def frames_per_s(t_s: FloatArray) -> float:
    """The usual rate of pictures at the times ``t_s``; NaN for fewer than two."""
    return float(1 / np.median(np.diff(t_s))) if len(t_s) > 1 else float("nan")


def resolution_factor(person_height_px: float) -> float:
    """By how much standard errors grow in a small picture: the person's standing height, pixels.

    sqrt(1 + (50 / height)^2): 1.00 from 500 pixels, 1.04 at 175, 1.13 at 95. Unknown counts as 1.
    """
    if not person_height_px > 0:
        return 1.0
    return float(np.hypot(1.0, COARSE_PX / person_height_px))


def coarseness(person_height_px: float, picture: PictureFacts | None) -> float:
    """By how much standard errors grow for want of pixels, sharpness and light together.

    Few pixels and a soft picture are the same lack, of which the larger counts; noise, as a share
    of the contrast, comes on top. What is not known adds nothing.
    """
    lack = np.sqrt(resolution_factor(person_height_px) ** 2 - 1)
    grain = 0.0
    if picture is not None:
        lack = max(lack, PER_SHARPNESS * max(0.0, SHARP - picture.sharpness))
        grain = PER_NOISE * picture.noise / max(picture.contrast, 1.0)
    return float(np.sqrt(1 + lack**2 + grain**2))


def _unfit(height_px: float, rate: float, picture: PictureFacts | None, limits: ViewLimits) -> str:
    if picture is not None:
        least = max(limits.contrast_min, limits.contrast_to_noise_min * picture.noise)
        if picture.contrast < least:
            return "too dark: switch on a light, and have it in front of you"
        if picture.sharpness < limits.sharpness_min:
            return "too blurred: clean the lens, let the camera focus, give more light"
    if height_px < limits.person_height_min_px:
        return "too small in the picture: come closer, or film with more pixels"
    if rate < limits.frames_per_s_min:
        return "too few pictures a second: film with 15 or more"
    return ""
