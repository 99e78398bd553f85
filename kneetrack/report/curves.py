"""The curves of one set as SVG paths and percentages: drawn without a script, so they print.

Paths live in a box of 1000 by 100 that the page stretches; words and marks are placed in percent
beside it and are not stretched. A gap in the numbers is a gap in the line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kneetrack.records import FloatArray, FrameTable, Status
from kneetrack.report import glossary
from kneetrack.report.bands import BandRow
from kneetrack.report.curvemarks import Mark, marks, placed
from kneetrack.report.glossary import Measure
from kneetrack.report.overview import rep_status
from kneetrack.report.scales import Axis, Scale, decimals, nice, path, rounded, thin
from kneetrack.report.shading import Area, Edge, areas, edges
from kneetrack.result import RepRow

_ALWAYS: Final = (
    *("kfo", "ktsr", "fppa_change", "hip_extension", "lift", "knee_separation"),
    *("knee_flexion", "lead_knee_flexion", "trailing_knee_flexion", "depth"),
)
_MOST_CHARTS: Final = 8
_LEAST_VALID: Final = 3
_AROUND_S: Final = 0.7
_LABELS: Final = {"left": "L", "right": "R"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: whose it is, its path, and where it ends (percent from left and top)."""

    side: str
    label: str
    path: str
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis, percent from its start (from the top for the y axis)."""

    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Chart:
    """One measure over time."""

    measure: Measure
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    areas: tuple[Area, ...]
    edges: tuple[Edge, ...]
    marks: tuple[Mark, ...]
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RepSpan:
    """A repetition on the time axis, in percent; ``seek_s`` is its deepest point."""

    index: int
    status: Status
    x: float
    width: float
    seek_s: float


@dataclass(frozen=True, slots=True)
class Curves:
    """All curves of one set over one time axis."""

    start_s: float
    end_s: float
    times: tuple[Tick, ...]
    reps: tuple[RepSpan, ...]
    charts: tuple[Chart, ...]
    data: dict[str, Any]

    @property
    def sided(self) -> bool:
        """Whether any chart tells left from right."""
        return any(line.label for chart in self.charts for line in chart.lines)


def curves(
    frames: FrameTable,
    reps: Sequence[RepRow],
    bands: Sequence[BandRow],
    judged: Sequence[str] = (),
    span_s: tuple[float, float] | None = None,
) -> Curves | None:
    """The curves over ``span_s`` (default: all frames); None when there are fewer than 2 frames.

    judged: measures that decided something; they are shown beside the usual ones.
    """
    window = _window(frames, reps, bands, span_s)
    if window is None:
        return None
    axis, times = window.axis, frames.t_s[window.keep]
    charts = [_chart(key, names, window) for key, names in _columns(window, judged)]
    return Curves(
        start_s=round(axis.start, 3),
        end_s=round(axis.end, 3),
        times=tuple(Tick(f"{t:g} s", axis.x(t)) for t in nice(axis.start, axis.end, 8)),
        reps=tuple(_span(rep, axis) for rep in reps),
        charts=tuple(charts),
        data={
            "t0": round(axis.start, 3),
            "t1": round(axis.end, 3),
            "t": [round(t, 3) for t in times.tolist()],
            "charts": [chart.data for chart in charts],
        },
    )


@dataclass(frozen=True, slots=True)
class _Window:
    """The frames of one set: which ones, and which of them are drawn."""

    frames: FrameTable
    keep: NDArray[np.intp]
    axis: Axis
    reps: Sequence[RepRow]
    bands: Sequence[BandRow]


def _window(
    frames: FrameTable,
    reps: Sequence[RepRow],
    bands: Sequence[BandRow],
    span_s: tuple[float, float] | None,
) -> _Window | None:
    if len(frames.t_s) < 2:
        return None
    first, last = float(frames.t_s[0]), float(frames.t_s[-1])
    start, end = span_s or (first, last)
    axis = Axis(max(first, start - _AROUND_S), min(last, end + _AROUND_S))
    inside = np.flatnonzero((frames.t_s >= axis.start) & (frames.t_s <= axis.end))
    if len(inside) < 2:
        return None
    return _Window(frames, inside[thin(len(inside))], axis, reps, bands)


def _span(rep: RepRow, axis: Axis) -> RepSpan:
    x = axis.x(rep.start_s)
    return RepSpan(
        rep.index, rep_status(rep), x, round(axis.x(rep.end_s) - x, 2), round(rep.bottom_s, 3)
    )


def _columns(window: _Window, judged: Sequence[str]) -> list[tuple[str, list[str]]]:
    """(measure, its columns) worth a chart, in order of importance."""
    found: dict[str, list[str]] = {}
    for name, values in window.frames.columns.items():
        if np.isfinite(values[window.keep]).sum() >= _LEAST_VALID:
            found.setdefault(glossary.stem(name), []).append(name)
    wanted = [*_ALWAYS, *(glossary.stem(name) for name in judged)]
    keys = [key for key in dict.fromkeys(wanted) if key in found]
    return [(key, found[key]) for key in keys][:_MOST_CHARTS]


def _chart(key: str, names: Sequence[str], window: _Window) -> Chart:
    shown = glossary.measure(names[0])
    values = {
        side: _leg(key, side, name, window) * shown.scale for side, name in _series(names).items()
    }
    own = [band for band in window.bands if band.measure == key]
    if shown.either_way:
        own += [replace(band, watch=-band.watch, flag=-band.flag) for band in own]
    verdicts = [
        (rep, v)
        for rep in window.reps
        for v in rep.verdicts
        if glossary.stem(v.measure) == key and v.value is not None
    ]
    times = window.frames.t_s[window.keep]
    dots = [placed(rep, verdict, shown, values, times) for rep, verdict in verdicts]
    scale = _scale(values, own, [dot.value for dot in dots], shown)
    data_lines = [
        {"label": _LABELS.get(side, ""), "v": rounded(v, shown.places + 1)}
        for side, v in values.items()
    ]
    return Chart(
        measure=shown,
        lines=tuple(
            Line(side or "mean", _LABELS.get(side, ""), *path(times, v, window.axis, scale))
            for side, v in values.items()
        ),
        ticks=_ticks(scale, shown),
        areas=areas(own, scale, shown),
        edges=edges(own, scale, shown),
        marks=marks(dots, window.axis, scale, shown),
        data={"unit": shown.unit, "places": shown.places, "lines": data_lines},
    )


def _leg(key: str, side: str, name: str, window: _Window) -> FloatArray:
    """A column as it is drawn: during a repetition of one leg, only the leg it is about."""
    values = window.frames.columns[name][window.keep].astype(np.float64)
    t_s = window.frames.t_s[window.keep]
    for rep in window.reps:
        about = {v.side for v in rep.verdicts if glossary.stem(v.measure) == key} or {rep.side}
        if "both" not in about and side in _LABELS and side not in about:
            values[(t_s >= rep.start_s) & (t_s <= rep.end_s)] = np.nan
    return values


def _series(names: Sequence[str]) -> dict[str, str]:
    """side -> column; the mean of both sides only where there is nothing else."""
    by_side: dict[str, str] = {}
    for name in names:
        ending = name.rsplit("_", 1)[-1]
        by_side[ending if ending in {"left", "right", "mean"} else ""] = name
    if len(by_side) > 1:
        by_side.pop("mean", None)
    return by_side


def _scale(
    values: Mapping[str, FloatArray],
    bands: Sequence[BandRow],
    judged: Sequence[float],
    shown: Measure,
) -> Scale:
    """A range that holds the lines, the dots, and the bands unless they are far off."""
    known = np.concatenate([v[np.isfinite(v)] for v in values.values()])
    low, high = (float(x) for x in np.percentile(known, (0.5, 99.5)))
    low, high = min([low, *judged]), max([high, *judged])
    reach = max(high - low, 10.0**-shown.places)
    for band in bands:
        for edge in (band.watch * shown.scale, band.flag * shown.scale):
            if low - reach <= edge <= high + reach:
                low, high = min(low, edge), max(high, edge)
    least = 4 * 10.0**-shown.places
    room = max(0.09 * (high - low), (least - high + low) / 2)
    return Scale((low - room, high + room))


def _ticks(scale: Scale, shown: Measure) -> tuple[Tick, ...]:
    values = nice(*scale.range, 3)
    plain = shown.model_copy(update={"scale": 1.0, "places": decimals(values)})
    return tuple(Tick(plain.number(value), scale.y(value)) for value in values)
