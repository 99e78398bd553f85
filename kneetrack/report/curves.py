"""The curves of one set as SVG paths and percentages: drawn without a script, so they print.

Paths live in a box of 1000 by 100 that the page stretches; words and marks are placed in percent
beside it and are not stretched. A gap in the numbers is a gap in the line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kneetrack.records import FloatArray, FrameTable, Status
from kneetrack.report import glossary
from kneetrack.report.bands import BandRow
from kneetrack.report.glossary import Measure
from kneetrack.report.overview import RANK
from kneetrack.report.scales import Axis, Scale, apart, decimals, nice, path, rounded, thin
from kneetrack.result import RepRow, Verdict

_ORDER: Final = (
    *("kfo", "ktsr", "fppa_change", "hip_extension", "lift", "knee_separation"),
    *("knee_flexion", "trailing_knee_flexion", "depth", "trunk_minus_shank"),
    *("trunk_lean", "pelvic_drop", "heel_lift", "weight_shift", "lunge_weight", "shank_tilt"),
)
_MOST_CHARTS: Final = 8
_LEAST_VALID: Final = 3
_AROUND_S: Final = 0.7
_NAME_HEIGHT: Final = 13.0
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
class Edge:
    """The edge of a band: its place, its words, and where the words have room."""

    text: str
    at: float
    text_at: float


@dataclass(frozen=True, slots=True)
class Area:
    """A band's shading; percent from the top."""

    status: Status
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """The value that was judged in one repetition."""

    status: Status
    x: float
    y: float
    text: str


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


def rep_status(rep: RepRow) -> Status:
    """The worst state among a repetition's verdicts, information aside."""
    states = [v.status for v in rep.verdicts if not v.information]
    return max(states, key=lambda s: RANK[s], default="cannot_tell")


def curves(
    frames: FrameTable,
    reps: Sequence[RepRow],
    bands: Sequence[BandRow],
    judged: Sequence[str] = (),
    span_s: tuple[float, float] | None = None,
) -> Curves | None:
    """The curves over ``span_s`` (default: all frames); None when there are fewer than 2 frames.

    judged: measures that decided something; they are shown even when they are not usual ones.
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
    wanted = [*_ORDER, *(glossary.stem(name) for name in judged)]
    keys = [key for key in dict.fromkeys(wanted) if key in found]
    return [(key, found[key]) for key in keys][:_MOST_CHARTS]


def _chart(key: str, names: Sequence[str], window: _Window) -> Chart:
    shown = glossary.measure(names[0])
    columns = window.frames.columns
    values = {
        side: columns[name][window.keep] * shown.scale for side, name in _series(names).items()
    }
    own = [band for band in window.bands if band.measure == key]
    verdicts = [
        (rep, v)
        for rep in window.reps
        for v in rep.verdicts
        if glossary.stem(v.measure) == key and v.value is not None
    ]
    scale = _scale(values, own, [v for _, v in verdicts], shown)
    times = window.frames.t_s[window.keep]
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
        areas=tuple(area for band in own for area in _areas(band, scale, shown)),
        edges=_edges(own, scale, shown),
        marks=_marks(verdicts, window.axis, scale, shown),
        data={"unit": shown.unit, "places": shown.places, "lines": data_lines},
    )


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
    verdicts: Sequence[Verdict],
    shown: Measure,
) -> Scale:
    """A range that holds the lines, the judged values, and the bands unless they are far off."""
    known = np.concatenate([v[np.isfinite(v)] for v in values.values()])
    judged = [v.value * shown.scale for v in verdicts if v.value is not None]
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


def _areas(band: BandRow, scale: Scale, shown: Measure) -> list[Area]:
    watch, flag = scale.y(band.watch * shown.scale), scale.y(band.flag * shown.scale)
    far = 0.0 if band.higher_is_worse else 100.0
    spans: list[tuple[Status, float, float]] = [("watch", watch, flag), ("flag", flag, far)]
    return [
        Area(status, min(a, b), round(abs(a - b), 2)) for status, a, b in spans if abs(a - b) > 0.1
    ]


def _edges(bands: Sequence[BandRow], scale: Scale, shown: Measure) -> tuple[Edge, ...]:
    low, high = scale.range
    named = [(n, e) for band in bands for n, e in (("watch", band.watch), ("flag", band.flag))]
    inside = {
        (f"{name} {shown.number(edge)}", scale.y(edge * shown.scale))
        for name, edge in named
        if low < edge * shown.scale < high
    }
    ordered = sorted(inside, key=lambda pair: pair[1])
    room = apart([at for _, at in ordered], _NAME_HEIGHT)
    return tuple(Edge(text, at, text_at) for (text, at), text_at in zip(ordered, room, strict=True))


def _marks(
    verdicts: Sequence[tuple[RepRow, Verdict]], axis: Axis, scale: Scale, shown: Measure
) -> tuple[Mark, ...]:
    """One mark a repetition and side; where several rules look at one value, the worst state."""
    marks: dict[tuple[int, str], tuple[RepRow, Verdict]] = {}
    for rep, verdict in verdicts:
        held = marks.get((rep.index, verdict.side))
        if held is None or RANK[verdict.status] > RANK[held[1].status]:
            marks[rep.index, verdict.side] = (rep, verdict)
    return tuple(
        Mark(
            verdict.status,
            axis.x(rep.bottom_s),
            scale.y((verdict.value or 0.0) * shown.scale),
            f"rep {rep.index}, {verdict.side}: {shown.with_error(verdict.value, verdict.error)}",
        )
        for rep, verdict in marks.values()
    )


def _ticks(scale: Scale, shown: Measure) -> tuple[Tick, ...]:
    values = nice(*scale.range, 3)
    plain = shown.model_copy(update={"scale": 1.0, "places": decimals(values)})
    return tuple(Tick(plain.number(value), scale.y(value)) for value in values)
