"""From which difference on a change between two sessions is called real.

In this order: what the clinic has found of its own and adopted (reliability.py), else a published
minimal detectable change, else none. The limit that is used is never below what the errors of the
two values allow, 1.96 sqrt(e1^2 + e2^2): no change is called real that the tool could have made up.
The errors are taken as independent; what the pose model gets wrong for one body on both days alike
would cancel, so this is on the safe side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic_records.numbers import Limit, MeasureKey, Reliability, SessionValue

NONE_KNOWN: Final = (
    "no minimal detectable change is known; adopt your own with kneetrack reliability"
)
FPPA_MDC95_DEG: Final = 8.5
KFO_MDC95: Final = round(math.radians(FPPA_MDC95_DEG) / 2, 3)
"""Shank lengths. Own derivation from the FPPA's: with hip and ankle where they are, a knee that
moves inward by d turns the thigh by d / thigh and the shank by d / shank; thigh and shank of one
length, seen at full length, give an FPPA change of 2 d / shank radians. Bent, both look shorter and
a smaller d does it (0.064 at 60 degrees): the larger is taken. The errors of KFO itself (0.032 each
day) ask for 0.089 and so decide in practice."""
_MUNRO: Final = "Munro 2012, single-leg squat and landing"
_PUBLISHED: Final[dict[str, tuple[float, str]]] = {
    "fppa": (FPPA_MDC95_DEG, _MUNRO),
    "fppa_change": (FPPA_MDC95_DEG, _MUNRO),
    "fppa_square": (FPPA_MDC95_DEG, _MUNRO),
    "kfo": (KFO_MDC95, "derived by geometry from the 8.5° of Munro 2012"),
    "knee_flexion": (10.0, "kneetrack's own default for knee flexion"),
    "lead_knee_flexion": (10.0, "kneetrack's own default for knee flexion"),
    "ktsr": (0.15, "derived from how much landmarks scatter"),
    "trunk_lean": (5.0, "derived from how much landmarks scatter"),
    "pelvic_drop": (11.0, "derived from how much the hip points scatter"),
}
"""MEASURES 1.3 (FPPA), band 34 (flexion, KTSR, trunk lean), 2.4 (pelvis)."""


def published(key: MeasureKey) -> Limit | None:
    """The minimal detectable change that is known from elsewhere; None: none is."""
    stem = key.measure.removesuffix(catalogue.MID_RANGE).removesuffix(catalogue.MEAN)
    found = _PUBLISHED.get(stem)
    return Limit(found[0], key.unit, found[1]) if found else None


def own(key: MeasureKey, adopted: Sequence[Reliability]) -> Limit | None:
    """What the clinic adopted for this measure, exercise and view; None: nothing."""
    for row in adopted:
        same = (row.measure, row.exercise, row.view) == (key.measure, key.exercise, key.view)
        if same and row.unit == key.unit and math.isfinite(row.mdc95):
            day = f", {row.adopted_at.astimezone():%Y-%m-%d}" if row.adopted_at is not None else ""
            return Limit(row.mdc95, key.unit, f"own reliability{day}", own=True)
    return None


def from_errors(before: SessionValue, after: SessionValue) -> float | None:
    """1.96 sqrt(e1^2 + e2^2) of two values; None when an error is not known."""
    if before.error is None or after.error is None:
        return None
    return 1.96 * math.hypot(before.error, after.error)


def limit_for(
    before: SessionValue, after: SessionValue, adopted: Sequence[Reliability]
) -> Limit | None:
    """The limit for a change between two values, with what decided it; None: none is known."""
    key = after.key
    known = own(key, adopted) or published(key)
    if known is None:
        return None
    least = from_errors(before, after)
    if least is None or least <= known.mdc95:
        return known
    smaller = catalogue.size_text(key.measure, known.mdc95)
    source = f"errors of the two values, above {smaller}: {known.source}"
    return Limit(least, key.unit, source)
