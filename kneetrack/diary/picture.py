"""The diary as a picture: practices, pain and measures over the same weeks, one above the other.

The only file of the diary that imports matplotlib, and only when it draws; no display, no global
state.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final, Literal

from kneetrack.clinic_records.practice import PAIN_MOST, PracticeRecord
from kneetrack.diary.days import diary_days, local_day, practice_days, week_of
from kneetrack.diary.measured import REPS, Series
from kneetrack.diary.pains import PainPoint, pain_points
from kneetrack.diary.picture_places import (
    MOST_WEEKS,
    band_edges,
    known,
    measure_groups,
    pain_places,
    places,
    reach,
    weeks_shown,
    within_weeks,
)
from kneetrack.diary.picture_style import (
    BAND,
    EDGE,
    INK,
    LINE,
    PAINS,
    REST,
    SIDE_MARKS,
    SOFT,
    marks,
)
from kneetrack.diary.streaks import AIM
from kneetrack.exercises.rules import Exercise

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SMALL: Final = 8.0
_COUNTS: Final = 7.15
"""Where the numbers of days stand, below the days of a week."""
FEW_WEEKS: Final = 2
_FORMAT = Literal["png", "svg"]
_STRIP: Final = 2.0
_PAIN: Final = 1.7
_MEASURE: Final = 1.45
_NO_METADATA: Final = ("Date", "Creator", "Format", "Type")
_NO_LINE: Final[dict[str, Any]] = {"linestyle": "none"}


def picture_svg(
    records: Sequence[PracticeRecord],
    *,
    today: date,
    weeks: int | None = None,
    zone: tzinfo | None = None,
    exercises: Mapping[str, Exercise] | None = None,
    aim: int = AIM,
) -> str:
    """The picture as an SVG element to stand in a page, without a prolog.

    records: at least one. weeks: so many up to this one, None: all up to half a year. exercises:
    with the bands to be shown, None: the usual ones, {}: no bands.
    """
    text = picture_bytes(
        records, "svg", today=today, weeks=weeks, zone=zone, exercises=exercises, aim=aim
    ).decode("utf-8")
    return text[text.index("<svg") :].replace(
        "<svg ", '<svg role="img" aria-label="Practices, pain and measures over weeks" ', 1
    )


def picture_bytes(
    records: Sequence[PracticeRecord],
    kind: _FORMAT,
    *,
    today: date,
    weeks: int | None = None,
    zone: tzinfo | None = None,
    exercises: Mapping[str, Exercise] | None = None,
    aim: int = AIM,
) -> bytes:
    """The picture as a file, PNG or SVG; arguments as of :func:`picture_svg`."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    mondays = weeks_shown(records, today, weeks, zone)
    shown = within_weeks(records, mondays, zone)
    groups = measure_groups(shown, exercises or None)
    heights = [_STRIP, _PAIN, *([_MEASURE] * max(1, len(groups)))]
    figure = Figure(figsize=(9.0, sum(heights) + 0.3), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)
    strip, pain, *measures = axes.ravel()
    _draw_strip(strip, shown, mondays, today, zone, aim)
    _draw_pain(pain, pain_points(shown, zone))
    for ax, group in zip(measures, groups, strict=False):
        _draw_measure(ax, group, zone, exercises)
    if not groups:
        _empty(measures[0], "Measures", "Nothing was counted or measured in these weeks.")
    _draw_weeks([strip, pain, *measures], mondays, aim)
    return _saved(figure, kind)


def _heading(ax: Axes, title: str) -> None:
    ax.set_title(title, loc="left", fontsize=9.5, fontweight="bold", color=INK, parse_math=False)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(SOFT)
    ax.tick_params(labelsize=_SMALL, colors=SOFT, labelcolor=INK)


def _legend(ax: Axes) -> None:
    handles, names = ax.get_legend_handles_labels()
    if handles:
        ax.legend(
            handles,
            names,
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            borderaxespad=0.1,
            ncols=len(names),
            fontsize=_SMALL,
            frameon=False,
            handletextpad=0.3,
            columnspacing=1.2,
        )


def _empty(ax: Axes, title: str, words: str) -> None:
    _heading(ax, title)
    ax.set_yticks([])
    ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", color=SOFT, fontsize=9)


def _draw_weeks(axes: Sequence[Axes], mondays: Sequence[date], aim: int) -> None:
    """The common axis: a line a week, a date where there is room, of few weeks every day's."""
    starts = [float(m.toordinal()) for m in mondays]
    every = max(1, -(-len(mondays) // 13))
    for ax in axes:
        ax.set_xlim(starts[0], starts[-1] + 7)
        for start in starts[1:]:
            ax.axvline(start, color=LINE, linewidth=0.7, zorder=0)
    last = axes[-1]
    if len(mondays) <= FEW_WEEKS:
        days = [monday + timedelta(days=i) for monday in mondays for i in range(7)]
        last.set_xticks(places(days)[0], [f"{d:%a}\n{d.day} {d:%b}" for d in days])
    else:
        last.set_xticks(starts[::every], [f"{m.day} {m:%b}" for m in mondays[::every]], ha="left")
    words = f"week from Monday; number of days in bold: {aim} or more"
    last.set_xlabel(words, fontsize=_SMALL, color=SOFT)
    for ax in axes[:-1]:
        ax.tick_params(axis="x", length=0, labelbottom=False)


def _draw_strip(
    ax: Axes,
    records: Sequence[PracticeRecord],
    mondays: Sequence[date],
    today: date,
    zone: tzinfo | None,
    aim: int,
) -> None:
    """A row a day of the week; every dot at its day, as in the other panels."""
    _heading(ax, "Practices")
    days = diary_days(records, zone)
    first = min(days, default=today)
    every = (monday + timedelta(days=i) for monday in mondays for i in range(7))
    rest = [day for day in every if first <= day <= today and day not in days]
    ax.plot(*places(rest), ".", color=REST, markersize=3, zorder=1)
    for name, style, chosen in marks(list(days.values())):
        ax.plot(*places(chosen), label=name, zorder=2, **_NO_LINE, **style)
    frame: dict[str, Any] = {"fillstyle": "none", "markersize": 14, "markeredgewidth": 0.8}
    ax.plot(*places([today]), marker="s", color=SOFT, label="today", **_NO_LINE, **frame)
    done = practice_days(records, zone)
    for monday in mondays if len(mondays) <= MOST_WEEKS else ():
        if week_of(first) <= monday <= today:
            _count(ax, monday, sum(week_of(day) == monday for day in done), aim)
    ax.set_yticks([*range(7), _COUNTS], ["Mon", "", "Wed", "", "Fri", "", "Sun", "days"])
    ax.set_ylim(7.8, -0.8)
    ax.tick_params(axis="y", length=0)
    _legend(ax)


def _count(ax: Axes, monday: date, days: int, aim: int) -> None:
    weight = "bold" if days >= aim else "normal"
    style: dict[str, Any] = {
        "ha": "center",
        "va": "center",
        "fontsize": _SMALL,
        "color": INK,
        "weight": weight,
    }
    ax.text(monday.toordinal() + 3.5, _COUNTS, str(days), **style)


def _draw_pain(ax: Axes, points: Sequence[PainPoint]) -> None:
    """Before, after and the next morning of each practice, joined."""
    if all(p.before is None and p.after is None and p.next is None for p in points):
        _empty(ax, "Pain, 0 to 10", "No pain was told in these weeks.")
        return
    _heading(ax, "Pain, 0 to 10")
    for p in points:
        ax.plot(*known(pain_places(p)), color=REST, linewidth=1.0, zorder=1)
    for i, (name, style) in enumerate(PAINS):
        told = known([pain_places(p)[i] for p in points])
        if told[0]:
            ax.plot(*told, label=name, zorder=3 - i / 10, clip_on=False, **_NO_LINE, **style)
    ax.set_ylim(-0.5, PAIN_MOST + 0.5)
    ax.set_yticks(range(0, PAIN_MOST + 1, 2))
    ax.grid(axis="y", color=LINE, linewidth=0.6)
    ax.set_axisbelow(True)
    _legend(ax)


def _draw_measure(
    ax: Axes,
    group: Sequence[Series],
    zone: tzinfo | None,
    exercises: Mapping[str, Exercise] | None,
) -> None:
    """One measure, its sides beside each other; a question mark where it could not be told."""
    first = group[0]
    unit = f", {first.unit_words}" if first.unit_words else ""
    _heading(ax, first.title + unit)
    untold = [_draw_series(ax, series, zone) for series in group]
    low, high = reach(group)
    ax.set_ylim(0.0 if first.measure == REPS else low, high)
    _draw_bands(ax, first, exercises)
    if any(untold):
        ax.plot([], [], marker="$?$", color=SOFT, label="cannot tell", **_NO_LINE)
    ax.locator_params(axis="y", nbins=5, integer=first.measure == REPS)
    _legend(ax)


def _draw_series(ax: Axes, series: Series, zone: tzinfo | None) -> bool:
    """Values with error bars, not joined across gaps. Returns whether some could not be told."""
    marker, colour, line, part_of_day, height = SIDE_MARKS[series.side]
    xs = [local_day(t.at, zone).toordinal() + part_of_day for t in series.told]
    ys = [float("nan") if t.value is None else t.value * series.factor for t in series.told]
    if series.values:
        ax.errorbar(
            *(xs, ys),
            yerr=[abs((t.error or 0.0) * series.factor) for t in series.told],
            marker=marker,
            color=colour,
            markersize=4.5,
            linewidth=1.0,
            linestyle=line,
            elinewidth=0.9,
            capsize=0 if len(xs) > 30 else 2,
            label=None if series.side == "both" else series.side,
            zorder=3,
        )
    gaps = [x for x, t in zip(xs, series.told, strict=True) if t.value is None]
    style: dict[str, Any] = {
        "marker": "$?$",
        "markersize": 6,
        "markeredgewidth": 0,
        "color": colour,
    }
    foot = ax.get_xaxis_transform()
    ax.plot(gaps, [height] * len(gaps), transform=foot, **_NO_LINE, **style)
    return bool(gaps)


def _draw_bands(ax: Axes, series: Series, exercises: Mapping[str, Exercise] | None) -> None:
    """Where values are within the coaching band; the axis grows to show its edge."""
    foot, top = band_edges(series, exercises)
    edges = [edge for edge in (foot, top) if edge is not None]
    if not edges:
        return
    low, high = ax.get_ylim()
    low, high = min(low, *edges), max(high, *edges)
    room = 0.1 * (high - low)
    low, high = low - room, high + room
    ax.set_ylim(low, high)
    start, end = low if foot is None else foot, high if top is None else top
    ax.axhspan(start, end, color=BAND, zorder=0, label="coaching band", linewidth=0)
    for edge in edges:
        ax.axhline(edge, color=EDGE, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0.5)


def _saved(figure: Figure, kind: _FORMAT) -> bytes:
    data = io.BytesIO()
    metadata = {"Software": ""} if kind == "png" else dict.fromkeys(_NO_METADATA)
    figure.savefig(data, format=kind, dpi=150, metadata=metadata, facecolor="white")
    return data.getvalue()
