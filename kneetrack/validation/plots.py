"""Bland-Altman plots: the difference from the truth against the mean of both.

The only file that imports matplotlib, and only when a plot is drawn; no display, no global state.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kneetrack.validation.outcome import Reading
from kneetrack.validation.tables import agreement_of, measured, measures_of, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

PANELS: Final = (
    "fppa_change",
    "fppa",
    "fppa_square",
    "fppa_change_45_60",
    "kfo_bottom",
    "camera_yaw",
    "knee_flexion_bottom",
    "lead_knee_flexion_bottom",
    "trailing_knee_flexion_bottom",
    "hip_extension_top",
    "knee_ankle_separation_top",
    "ktsr_bottom",
)
"""Readings that get a panel where there are three of them or more."""
FEWEST: Final = 3
COLOURS: Final = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#000000",
    "#8C6D31",
)
"""Okabe and Ito's, told apart by colour-blind eyes; the markers tell them apart in grey."""
MARKERS: Final = "osD^"
MOST_BODIES: Final = 8
_ACROSS: Final = 3
_UNITS: Final = {"deg": "°", "ratio": "", "s": " s", "count": ""}


def bland_altman_png(readings: Sequence[Reading]) -> bytes | None:
    """One picture with a panel a measure; None when no measure has three readings."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    known = measured(readings)
    names = [name for name in measures_of(known) if name in PANELS]
    panels = [[r for r in known if r.measure == name] for name in names]
    panels = [panel for panel in panels if len(panel) >= FEWEST]
    if not panels:
        return None
    across = min(_ACROSS, len(panels))
    down = math.ceil(len(panels) / across)
    figure = Figure(figsize=(4.6 * across, 3.5 * down + 0.7), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    groups = _groups([r for panel in panels for r in panel])
    axes = figure.subplots(down, across, squeeze=False).ravel()
    handles: dict[str, Line2D] = {}
    for ax, panel in zip(axes, panels, strict=False):
        handles |= _panel(ax, panel, groups)
    for ax in axes[len(panels) :]:
        ax.set_axis_off()
    _legend(figure, {name: handles[name] for name in groups if name in handles})
    data = io.BytesIO()
    figure.savefig(data, format="png", metadata={"Software": ""})
    return data.getvalue()


def _groups(readings: Sequence[Reading]) -> list[str]:
    """What the colours stand for: bodies, or exercises where there are too many bodies."""
    bodies = sorted({r.body for r in readings})
    return bodies if len(bodies) <= MOST_BODIES else sorted({r.exercise for r in readings})


def _group(reading: Reading, groups: Sequence[str]) -> str:
    return reading.body if reading.body in groups else reading.exercise


def _panel(ax: Axes, readings: Sequence[Reading], groups: Sequence[str]) -> dict[str, Line2D]:
    """One measure: points, bias, limits of agreement. Returns a line of each group's."""
    drawn: dict[str, Line2D] = {}
    for i, name in enumerate(groups):
        own = [r for r in readings if _group(r, groups) == name]
        if own:
            (drawn[name],) = ax.plot(
                [((r.value or 0.0) + r.truth) / 2 for r in own],
                [(r.value or 0.0) - r.truth for r in own],
                linestyle="none",
                marker=MARKERS[i % len(MARKERS)],
                color=COLOURS[i % len(COLOURS)],
                markersize=5,
                markeredgecolor="white",
                markeredgewidth=0.4,
                alpha=0.8,
            )
    _lines(ax, readings)
    unit = readings[0].unit
    shown = {"deg": " (degrees)", "s": " (s)"}.get(unit, "")
    ax.set_title(f"{_broken(title(readings[0].measure))}\nn = {len(readings)}", fontsize=9)
    ax.set_xlabel(f"mean of value and truth{shown}", fontsize=8)
    ax.set_ylabel(f"value − truth{shown}", fontsize=8)
    ax.tick_params(labelsize=8)
    ax.spines[["top", "right"]].set_visible(False)
    return drawn


def _lines(ax: Axes, readings: Sequence[Reading]) -> None:
    """Zero, the bias and the limits, each written at the right edge with room between them."""
    a, unit = agreement_of(readings), readings[0].unit
    places = 1 if unit == "deg" else 3
    ax.axhline(0, color="#bbbbbb", linewidth=0.8, zorder=0)
    differences = [(r.value or 0.0) - r.truth for r in readings]
    low, high = min(a.low, 0.0, *differences), max(a.high, 0.0, *differences)
    room = (high - low) or 1.0
    ax.set_ylim(low - 0.1 * room, high + 0.1 * room)
    labels = [("+1.96 SD", a.high), ("bias", a.bias), ("−1.96 SD", a.low)]
    heights = _apart([value for _, value in labels], 0.15 * room)
    for (words, value), height in zip(labels, heights, strict=True):
        style = "-" if words == "bias" else "--"
        ax.axhline(value, color="#444444", linewidth=1.0, linestyle=style, zorder=1)
        number = f"{value:+.{places}f}".replace("-", "−")
        ax.annotate(
            f"{words}\n{number}{_UNITS.get(unit, '')}",
            (1.01, height),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=7.5,
            color="#222222",
            annotation_clip=False,
        )


def _apart(heights: Sequence[float], gap: float) -> list[float]:
    """Three falling heights, the outer ones moved off the middle one where closer than ``gap``."""
    high, middle, low = heights
    return [max(high, middle + gap), middle, min(low, middle - gap)]


def _broken(words: str, width: int = 48) -> str:
    """A long title in two lines."""
    if len(words) <= width:
        return words
    cut = words.rfind(", ", 0, width)
    return f"{words[: cut + 1]}\n{words[cut + 2 :]}" if cut > 0 else words


def _legend(figure: Figure, handles: dict[str, Line2D]) -> None:
    figure.legend(
        list(handles.values()),
        [name.replace("_", " ") for name in handles],
        loc="outside lower center",
        ncols=min(8, len(handles)),
        fontsize=8.5,
        frameon=False,
    )
