"""Readings as tables: how far off, by what, and whether the stated errors are honest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from kneetrack.validation.agreement import Agreement, Share, agreement, coverage
from kneetrack.validation.outcome import Reading
from kneetrack.validation.table import Cell, Column, Table

TITLES: Final = {
    "fppa_change": "FPPA change from standing, at 45-60°",
    "fppa": "FPPA, at 45-60°",
    "fppa_square": "FPPA seen squarely, at 45-60°",
    "fppa_change_mean": "FPPA change, mean of both legs, at 45-60°",
    "fppa_change_45_60": "FPPA change, as reported for 45-60°",
    "fppa_45_60": "FPPA, as reported for 45-60°",
    "fppa_square_45_60": "FPPA seen squarely, as reported for 45-60°",
    "fppa_change_mean_45_60": "FPPA change, mean of both, as reported for 45-60°",
    "fppa_bottom": "FPPA at the bottom",
    "fppa_square_bottom": "FPPA seen squarely, at the bottom",
    "fppa_change_bottom": "FPPA change at the bottom",
    "fppa_change_mean_bottom": "FPPA change, mean of both, at the bottom",
    "kfo_bottom": "KFO at the bottom",
    "ktsr_bottom": "KTSR at the bottom",
    "knee_flexion_bottom": "knee flexion from the side, at the bottom",
    "lead_knee_flexion_bottom": "lunge: bending knee's flexion, at the bottom",
    "trailing_knee_flexion_bottom": "lunge: trailing knee's flexion, at the bottom",
    "hip_extension_top": "bridge: shoulder-hip-knee from the side, at the top",
    "knee_ankle_separation_top": "bridge: knee to ankle distance from the foot end, at the top",
    "camera_yaw": "camera yaw",
    "bottom_time": "time of the bottom",
    "repetitions": "repetitions counted",
}
"""Reading -> what it is called, in the order of the tables."""
WHOLE_CLIP: Final = ("repetitions", "bottom_time")
YAW_BANDS: Final = (0, 5, 10, 15, 30, 45, 67, 113, 180)
DEPTH_BANDS: Final = (0, 45, 60, 75, 90, 105, 180)
HONEST: Final = (0.90, 0.98)
"""Share of readings that value ± 1.96 error should hold."""

Key = Callable[[Reading], str]


def title(measure: str) -> str:
    """What a measure is called."""
    return TITLES.get(measure, measure)


def band(value: float, edges: Sequence[float], unit: str = "°") -> str:
    """The band a value falls into, such as ``5-10°``; the upper edge belongs to it."""
    for low, high in pairwise(edges):
        if value <= high:
            return f"{low:g}-{high:g}{unit}"
    return f"over {edges[-1]:g}{unit}"


SPLITS: Final[dict[str, tuple[str, Key]]] = {
    "exercise": ("By exercise", lambda r: r.exercise.replace("_", " ")),
    "view": ("By view", lambda r: r.view),
    "body": ("By body", lambda r: r.body),
    "yaw": ("By camera yaw, either way", lambda r: band(abs(r.yaw_deg), YAW_BANDS)),
    "depth": (
        "By true knee flexion at that instant",
        lambda r: "" if r.flexion_deg is None else band(r.flexion_deg, DEPTH_BANDS),
    ),
}
"""Name -> title, and the group a reading belongs to ("" = none)."""

_AGREEMENT: Final = (
    Column("unit", "unit"),
    Column("n", "n", "count"),
    Column("bias", "bias", "signed"),
    Column("mean_absolute_error", "mean abs. error", "size"),
    Column("sd", "SD", "size"),
    Column("rms", "RMS", "size"),
    Column("limit_low", "limits of agreement from", "signed"),
    Column("limit_high", "to", "signed"),
    Column("p95", "95 % within", "size"),
    Column("worst", "worst", "signed"),
    Column("not_measured", "not measured", "count"),
)


def measured(readings: Iterable[Reading]) -> list[Reading]:
    """Those that have a value."""
    return [reading for reading in readings if reading.value is not None]


def agreement_of(readings: Iterable[Reading]) -> Agreement:
    """The agreement of the readings that have a value."""
    known = measured(readings)
    return agreement(np.array([r.value for r in known]), np.array([r.truth for r in known]))


def coverage_of(readings: Iterable[Reading]) -> Share:
    """How many of the readings with a stated error lie within 1.96 of it."""
    known = _stated(readings)
    return coverage(
        np.array([r.value for r in known], float),
        np.array([r.truth for r in known], float),
        np.array([r.error for r in known], float),
    )


def measures_of(readings: Iterable[Reading]) -> list[str]:
    """The measures that occur, in the order of the tables."""
    there = {reading.measure for reading in readings}
    return [name for name in TITLES if name in there] + sorted(there - set(TITLES))


def measure_table(readings: Sequence[Reading]) -> Table:
    """One row a measure, over everything; counts are in the table of what was recognised."""
    rows: list[tuple[Cell, ...]] = []
    for measure in measures_of(readings):
        if measure == "repetitions":
            continue
        own = [r for r in readings if r.measure == measure]
        rows.append((title(measure), *_agreement_cells(own)))
    return Table("measures", "Every measure", (Column("measure", "measure"), *_AGREEMENT), (*rows,))


def split_table(readings: Sequence[Reading], name: str) -> Table:
    """One row a measure and group, such as body or band of yaw; whole-clip counts left out."""
    heading, key = SPLITS[name]
    rows: list[tuple[Cell, ...]] = []
    for measure in measures_of(readings):
        if measure in WHOLE_CLIP:
            continue
        groups: dict[str, list[Reading]] = {}
        for reading in readings:
            if reading.measure == measure and key(reading):
                groups.setdefault(key(reading), []).append(reading)
        for group in sorted(groups, key=_natural):
            rows.append((title(measure), group, *_agreement_cells(groups[group])))
    columns = (Column("measure", "measure"), Column(name, name), *_AGREEMENT)
    return Table(f"by_{name}", heading, columns, (*rows,))


def worth_reading(table: Table) -> Table:
    """A split without the measures that fall into one group only."""
    counts: dict[Cell, int] = {}
    for row in table.rows:
        counts[row[0]] = counts.get(row[0], 0) + 1
    rows = tuple(row for row in table.rows if counts[row[0]] > 1)
    return Table(table.name, table.title, table.columns, rows, table.note)


def _natural(text: str) -> tuple[float, str]:
    digits = text.split("-", 1)[0].removeprefix("over ").rstrip("°")
    return (float(digits), text) if digits.isdecimal() else (0.0, text)


def _agreement_cells(readings: Sequence[Reading]) -> tuple[Cell, ...]:
    a = agreement_of(readings)
    return (
        readings[0].unit,
        a.n,
        a.bias,
        a.mae,
        a.sd,
        a.rms,
        a.low,
        a.high,
        a.p95,
        a.worst,
        len(readings) - a.n,
    )


def coverage_table(readings: Sequence[Reading]) -> Table:
    """How often value ± 1.96 stated errors holds the truth: in all, by body, and by measure."""
    stated = _stated(readings)
    groups = [("everything", stated)]
    groups += [(body, [r for r in stated if r.body == body]) for body in _bodies(stated)]
    groups += [(title(m), [r for r in stated if r.measure == m]) for m in measures_of(stated)]
    rows = [(name, *_coverage_cells(own)) for name, own in groups if own]
    columns = (Column("what", ""), *_COVERAGE)
    return Table("coverage", "Is the stated error honest?", columns, (*rows,), _COVERAGE_NOTE)


def coverage_by_body_table(readings: Sequence[Reading]) -> Table:
    """The same, measure by measure and body by body."""
    stated = _stated(readings)
    rows = [
        (title(measure), body, *_coverage_cells(own))
        for measure in measures_of(stated)
        for body in _bodies(stated)
        if (own := [r for r in stated if (r.measure, r.body) == (measure, body)])
    ]
    columns = (Column("measure", "measure"), Column("body", "body"), *_COVERAGE)
    return Table("coverage_by_body", "The stated error, body by body", columns, (*rows,))


def _stated(readings: Iterable[Reading]) -> list[Reading]:
    return [r for r in measured(readings) if r.error is not None]


def _bodies(readings: Iterable[Reading]) -> list[str]:
    return sorted({r.body for r in readings})


def _coverage_cells(readings: Sequence[Reading]) -> tuple[Cell, ...]:
    share = coverage_of(readings)
    return (*share_cells(share), honest(share))


def honest(share: Share) -> str:
    """Whether the share lies in 90 to 98 %; where it does not, whether that may be chance."""
    if HONEST[0] <= share.value <= HONEST[1]:
        return "yes"
    low, high = share.interval
    where = "below" if share.value < HONEST[0] else "above"
    chance = low <= HONEST[1] and high >= HONEST[0]
    return f"{where}, may be chance" if chance else f"no, {where}"


def share_columns(count: str) -> tuple[Column, ...]:
    """Count, n, share and its interval."""
    return (
        Column("count", count, "count"),
        Column("n", "of", "count"),
        Column("share", "share", "share"),
        Column("interval_low", "95 % interval from", "share"),
        Column("interval_high", "to", "share"),
    )


def share_cells(share: Share) -> tuple[Cell, ...]:
    """The cells of :func:`share_columns`."""
    return (share.count, share.n, share.value, *share.interval)


_COVERAGE: Final = (*share_columns("held"), Column("reached", "within 90-98 %"))
_COVERAGE_NOTE: Final = (
    "Share of readings whose value is within 1.96 stated standard errors of the truth. Readings of "
    "one body are alike, so the figures body by body tell more than their number."
)
