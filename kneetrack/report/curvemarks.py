"""Where the dots on a curve lie: on the curve, at the moment at which a repetition was judged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kneetrack.records import FloatArray, Status
from kneetrack.report import glossary
from kneetrack.report.glossary import Measure
from kneetrack.report.overview import RANK
from kneetrack.report.scales import Axis, Scale
from kneetrack.result import RepRow, Verdict

_MID_RANGE: Final = "_at_45_60"
_SAME: Final = 1e-3
_LEGS: Final = ("left", "right")


@dataclass(frozen=True, slots=True)
class Mark:
    """The value that was judged in one repetition; status: of its verdict."""

    status: Status
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A dot before it is drawn: when, at what value of the curve as shown, and its verdict.

    read: value and error of the curve at the bottom, in which a rule may judge another number (how
    far it is from standing); None: the dot is where the curve has the number that was judged.
    """

    rep: RepRow
    verdict: Verdict
    t_s: float
    value: float
    read: tuple[float, float | None] | None = None


def placed(
    rep: RepRow, verdict: Verdict, shown: Measure, lines: Mapping[str, FloatArray], t_s: FloatArray
) -> Placed:
    """The dot of a verdict that has a value.

    lines: side -> (T,) as drawn, in units shown. Read at the bottom: there. Read while the knee
    bends 45 to 60 degrees: where the curve has that value.
    """
    judged = verdict.value or 0.0
    own, error = _at_bottom(rep, verdict, shown.key)
    signed = -judged if own is not None and shown.either_way and own < 0 else judged
    if own is not None and not _same(own, signed) and _in_mid_range(rep, verdict, shown.key):
        own = None
    if own is None:
        found = _nearest(rep, verdict, judged * shown.scale, lines, t_s)
        return Placed(rep, verdict, *(found or (rep.bottom_s, judged * shown.scale)))
    read = own, verdict.error if error is None else error
    return Placed(rep, verdict, rep.bottom_s, own * shown.scale, read)


def marks(dots: Sequence[Placed], axis: Axis, scale: Scale, shown: Measure) -> tuple[Mark, ...]:
    """One mark a repetition and side; where several rules look at one value, the worst state."""
    kept: dict[tuple[int, str], Placed] = {}
    for dot in dots:
        key = dot.rep.index, dot.verdict.side
        held = kept.get(key)
        if held is None or RANK[dot.verdict.status] > RANK[held.verdict.status]:
            kept[key] = dot
    return tuple(
        Mark(dot.verdict.status, axis.x(dot.t_s), scale.y(dot.value), _text(dot, shown))
        for dot in kept.values()
    )


def _text(dot: Placed, shown: Measure) -> str:
    verdict = dot.verdict
    value, error = dot.read or (verdict.value, verdict.error)
    return f"rep {dot.rep.index}, {verdict.side}: {shown.with_error(value, error)}"


def _columns(rep: RepRow, verdict: Verdict, key: str, *, mid: bool) -> list[str]:
    """Names of a repetition's measures that tell this one, of the verdict's leg or of none."""
    names = []
    for name in rep.measures:
        bare = name.removesuffix(_MID_RANGE)
        if (bare != name) != mid or glossary.stem(bare) != key:
            continue
        side = bare.rsplit("_", 1)[-1]
        if side not in _LEGS or side == verdict.side:
            names.append(name)
    return names


def _at_bottom(rep: RepRow, verdict: Verdict, key: str) -> tuple[float | None, float | None]:
    for name in _columns(rep, verdict, key, mid=False):
        value = rep.measures[name]
        if value is not None:
            return value, rep.errors.get(name)
    return None, None


def _in_mid_range(rep: RepRow, verdict: Verdict, key: str) -> bool:
    told = [rep.measures[name] for name in _columns(rep, verdict, key, mid=True)]
    return any(v is not None and _same(v, verdict.value or 0.0) for v in told)


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-3, abs_tol=_SAME)


def _nearest(
    rep: RepRow, verdict: Verdict, wanted: float, lines: Mapping[str, FloatArray], t_s: FloatArray
) -> tuple[float, float] | None:
    """(when, value) where the curve of that leg is nearest to a value within the repetition."""
    line = next((lines[s] for s in (verdict.side, "", "mean") if s in lines), None)
    if line is None:
        return None
    inside = np.flatnonzero((t_s >= rep.start_s) & (t_s <= rep.end_s) & np.isfinite(line))
    if not len(inside):
        return None
    at = inside[np.abs(line[inside] - wanted).argmin()]
    return float(t_s[at]), float(line[at])
