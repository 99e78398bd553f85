"""What the figures should reach, and whether they do in this set of clips."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kneetrack.validation.agreement import Share
from kneetrack.validation.measured import SQUARE_YAW_DEG
from kneetrack.validation.outcome import FRONT_YAW_DEG, LegVerdict, Reading, Tracking
from kneetrack.validation.table import Cell, Column, Table, shown
from kneetrack.validation.tables import HONEST, agreement_of, coverage_of, measured
from kneetrack.validation.verdict_tables import detection

NOT_HERE: Final = "not in this set"
ENOUGH: Final = 10
"""Fewer readings than this prove nothing either way."""
KNEE_RULES: Final = ("knee_valgus", "knee_varus")
SIGN_FROM_DEG: Final = 6.0

Wanted = Callable[[Reading], bool]


@dataclass(frozen=True, slots=True)
class Target:
    """One figure that should be reached. n: on how many it stands; reached None: none here."""

    what: str
    wanted: str
    found: str
    n: int
    reached: bool | None
    left_out: int = 0

    @property
    def verdict(self) -> str:
        """yes, no, too few to say, or not in this set."""
        if self.reached is None:
            return NOT_HERE
        answer = "yes" if self.reached else "no"
        return answer if self.n >= ENOUGH else f"{answer}, but too few to say"


def targets(
    readings: Sequence[Reading], legs: Sequence[LegVerdict], tracking: Sequence[Tracking]
) -> list[Target]:
    """All targets over everything that was read."""
    return [
        *_angles(readings),
        *_offsets(readings, legs),
        *_yaw(readings),
        *_others(readings),
        _stated(readings),
        _alarms(tracking),
    ]


def target_table(found: Iterable[Target]) -> Table:
    """One row a target."""
    rows: list[tuple[Cell, ...]] = [
        (t.what, t.wanted, t.found, t.n, t.left_out, t.verdict) for t in found
    ]
    columns = (
        Column("what", "figure"),
        Column("wanted", "to reach"),
        Column("found", "measured"),
        Column("n", "n", "count"),
        Column("not_measured", "not measured", "count"),
        Column("reached", "reached"),
    )
    return Table("targets", "Targets", columns, (*rows,))


def _mean_error(
    what: str,
    readings: Iterable[Reading],
    most: float,
    bias: float | None = None,
    *,
    unit: str = "deg",
) -> Target:
    """Mean absolute error of at most ``most``, and the bias within ± ``bias``."""
    own = list(readings)
    wanted = f"mean absolute error <= {_with_unit(most, unit)}"
    wanted += f", bias within {_with_unit(bias, unit)}" if bias is not None else ""
    agreement = agreement_of(own)
    if not agreement.n:
        return Target(what, wanted, "", 0, None, len(own))
    found = f"{shown(agreement.mae, 'size', unit)}"
    found += f", bias {shown(agreement.bias, 'signed', unit)}" if bias is not None else ""
    good = agreement.mae <= most and (bias is None or abs(agreement.bias) <= bias)
    return Target(what, wanted, found, agreement.n, good, len(own) - agreement.n)


def _with_unit(value: float, unit: str) -> str:
    return f"{value:g}{'°' if unit == 'deg' else ''}"


def _square(reading: Reading) -> bool:
    return abs(reading.yaw_deg) <= SQUARE_YAW_DEG


def _of(
    readings: Iterable[Reading], measure: str, wanted: Wanted = lambda _: True
) -> list[Reading]:
    return [r for r in readings if r.measure == measure and wanted(r)]


def _angles(readings: Sequence[Reading]) -> list[Target]:
    place = "flexion 45-60°, camera within 5°"
    rows = [
        _mean_error(f"FPPA change, {place}", _of(readings, "fppa_change", _square), 1.0, 0.5),
        _mean_error(f"FPPA, {place}", _of(readings, "fppa", _square), 1.8, 0.5),
    ]
    reported = [
        ("FPPA change, as reported for 45-60°, camera within 5°", "fppa_change_45_60", 1.0),
        ("FPPA, as reported for 45-60°, camera within 5°", "fppa_45_60", 1.8),
    ]
    for what, measure, most in reported:
        own = _of(readings, measure, _square)
        rows += [_mean_error(what, own, most, 0.5)] if own else []
    near = _of(readings, "fppa_square", lambda r: abs(r.yaw_deg) <= FRONT_YAW_DEG)
    off = [r for r in near if not _square(r)]
    return [
        *rows,
        _mean_error("FPPA seen squarely, flexion 45-60°, camera within 15°", near, 3.0),
        _mean_error("FPPA seen squarely, flexion 45-60°, camera 5-15° off", off, 3.0),
    ]


def _offsets(readings: Sequence[Reading], legs: Sequence[LegVerdict]) -> list[Target]:
    near = _of(readings, "kfo_bottom", lambda r: abs(r.yaw_deg) <= FRONT_YAW_DEG)
    found, spared = detection(legs)
    return [
        _mean_error(
            "KFO at the bottom (shank lengths), camera within 15°", near, 0.03, unit="ratio"
        ),
        _share("knee_valgus: sensitivity, true KFO >= 12 %, camera within 15°", found, 0.95),
        _share("knee_valgus: specificity, true KFO <= 3 %, camera within 15°", spared, 0.95),
    ]


def _share(what: str, share: Share, least: float) -> Target:
    low, high = share.interval
    if not share.n:
        return Target(what, f">= {least:g}", "", 0, None)
    found = f"{share.value:.3f} ({low:.2f} to {high:.2f})"
    return Target(what, f">= {least:g}", found, share.n, share.value >= least)


def _yaw(readings: Sequence[Reading]) -> list[Target]:
    every = _of(readings, "camera_yaw")
    own = measured(every)
    signed = [r for r in own if abs(r.truth) > SIGN_FROM_DEG]
    right = sum((r.value or 0.0) * r.truth > 0 for r in signed)
    missing = len(every) - len(own)
    middle = float(np.median([abs((r.value or 0.0) - r.truth) for r in own])) if own else np.nan
    return [
        Target(
            "camera yaw, median error",
            "<= 2°",
            f"{middle:.1f}" if own else "",
            len(own),
            middle <= 2 if own else None,
            missing,
        ),
        Target(
            f"camera yaw, sign where it is above {SIGN_FROM_DEG:g}°",
            "always right",
            f"{right} of {len(signed)}" if signed else "",
            len(signed),
            right == len(signed) if signed else None,
        ),
    ]


def _others(readings: Sequence[Reading]) -> list[Target]:
    apart = _of(readings, "knee_ankle_separation_top")
    bridge = _mean_error(
        "bridge: knee to ankle distance from the foot end", apart, 0.08, unit="ratio"
    )
    if apart and not bridge.n:
        bridge = Target(bridge.what, bridge.wanted, "cannot tell", 0, True, len(apart))
    return [
        _mean_error(
            "knee flexion from the side, at the bottom", _of(readings, "knee_flexion_bottom"), 4.0
        ),
        _mean_error(
            "bridge: shoulder-hip-knee from the side", _of(readings, "hip_extension_top"), 5.0
        ),
        bridge,
    ]


def _stated(readings: Sequence[Reading]) -> Target:
    share = coverage_of(readings)
    what, wanted = "stated error: value ± 1.96 error holds the truth", "90 to 98 %"
    if not share.n:
        return Target(what, wanted, "", 0, None)
    good = HONEST[0] <= share.value <= HONEST[1]
    return Target(what, wanted, f"{100 * share.value:.1f} %", share.n, good)


def _alarms(tracking: Sequence[Tracking]) -> Target:
    """Knee rules alone: a trunk may lean, and a squat may be hurried, while the knees track."""
    squats = [c for c in tracking if c.exercise == "squat" and abs(c.yaw_deg) <= 45]
    raised = [c for c in squats if any(rule in KNEE_RULES for rule, _, _ in c.raised)]
    return Target(
        "knees watch or flag on squats that track, yaw -45 to 45°, any depth",
        "none",
        f"{len(raised)} clips" if squats else "",
        len(squats),
        not raised if squats else None,
    )
