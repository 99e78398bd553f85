"""Everything that the report shows, worked out; the templates only lay it out."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from kneetrack.records import Status
from kneetrack.report import bands as bands_of
from kneetrack.report import glossary, overview
from kneetrack.report.bands import BandRow
from kneetrack.report.glossary import Measure
from kneetrack.report.overview import Check, Headline, Untold
from kneetrack.report.sides import SideLine, side_lines
from kneetrack.report.stills import StillChoice, alike, choose_stills
from kneetrack.report.take import (
    Take,
    exercise_title,
    reps_text,
    sets_of,
    side_title,
    view_name,
    view_text,
)
from kneetrack.report.takeview import TakeView, drawn, take_view
from kneetrack.result import SetRow

_TALLY: tuple[Status, ...] = ("flag", "watch", "ok", "cannot_tell")


@dataclass(frozen=True, slots=True)
class Picture:
    """A still with its caption; ``src`` is a data URL; upright: higher than wide."""

    src: str
    upright: bool
    take: int
    choice: StillChoice
    view: str


@dataclass(frozen=True, slots=True)
class Group:
    """One exercise: a set, or the sets of two takes that show the same."""

    title: str
    subtitle: str
    status: Status
    headlines: tuple[Headline, ...]
    next_step: str
    tally: tuple[tuple[Status, int], ...]
    checks: tuple[Check, ...]
    information: tuple[Check, ...]
    untold: tuple[Untold, ...]
    pictures: tuple[Picture, ...]
    alike: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report."""

    title: str
    date: str
    reason: str
    joined: bool
    groups: tuple[Group, ...]
    sides: tuple[SideLine, ...]
    takes: tuple[TakeView, ...]
    measures: tuple[Measure, ...]
    bands: tuple[BandRow, ...]
    sources: tuple[str, ...]


def make_page(takes: Sequence[Take], date: str = "") -> Page:
    """Work out the report of one take, or of two takes of the same exercise."""
    joined = len(takes) > 1
    groups = [_group(members, joined) for members in _members(takes)]
    views = [take_view(take, joined) for take in takes]
    measures = _measures(takes, views)
    bands = _bands(takes)
    first = takes[0].result
    titles = dict.fromkeys(group.title for group in groups)
    return Page(
        title=" and ".join(titles) or exercise_title("none"),
        date=date,
        reason="" if groups else first.reason,
        joined=joined,
        groups=tuple(groups),
        sides=side_lines([take.result for take in takes]),
        takes=tuple(views),
        measures=measures,
        bands=bands,
        sources=_sources(measures),
    )


def _members(takes: Sequence[Take]) -> list[list[tuple[Take, SetRow]]]:
    """Sets that belong together: the nth set of an exercise in each take."""
    groups: dict[tuple[str, int], list[tuple[Take, SetRow]]] = {}
    for take in takes:
        seen: dict[str, int] = {}
        for row in sets_of(take.result):
            nth = seen[row.exercise] = seen.get(row.exercise, 0) + 1
            groups.setdefault((row.exercise, nth), []).append((take, row))
    return list(groups.values())


def _group(members: Sequence[tuple[Take, SetRow]], joined: bool) -> Group:
    first = members[0][1]
    found = overview.merge(
        [
            overview.checks(take.result, row, bands_of.collect(take.result.provenance.thresholds))
            for take, row in members
        ]
    )
    judged = [check for check in found if not check.information]
    states = [check.status for check in judged]
    lying = first.exercise == "glute_bridge"
    headlines = overview.headlines(found, name_view=joined, lying=lying)
    pictures = _pictures(members)
    return Group(
        title=exercise_title(first.exercise),
        subtitle=side_title(first.side).capitalize() if joined else _set_facts(first),
        status=headlines[0].status,
        headlines=tuple(headlines),
        next_step=overview.next_step(found),
        tally=tuple((state, states.count(state)) for state in _TALLY if state in states),
        checks=tuple(check for check in judged if check.status != "cannot_tell"),
        information=tuple(c for c in found if c.information and c.status != "cannot_tell"),
        untold=tuple(overview.untold(found)),
        pictures=pictures,
        alike=len(pictures) > 1 and alike(pictures[0].choice, pictures[1].choice),
    )


def _set_facts(row: SetRow) -> str:
    return ", ".join(filter(None, (reps_text(row), side_title(row.side), view_text(row.view))))


def _pictures(members: Sequence[tuple[Take, SetRow]]) -> tuple[Picture, ...]:
    shown = []
    for nth, (take, row) in enumerate(members):
        for choice in choose_stills(take.result).values():
            if choice.set == row.index and choice.key in take.stills:
                src = data_url(take.stills[choice.key])
                width, height = take.result.source.size_px
                shown.append(Picture(src, height > width, nth, choice, view_name(row.view)))
    return tuple(shown)


def data_url(image: bytes) -> str:
    """A JPEG or PNG as a data URL."""
    kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(image).decode('ascii')}"


def _measures(takes: Sequence[Take], views: Sequence[TakeView]) -> tuple[Measure, ...]:
    """The measures that the report shows anywhere and that have an explanation."""
    judged = [row.measure for take in takes for row in take.result.summary]
    curves = [key for view in views for key in sorted(drawn(view.sets))]
    found = {m.key: m for m in (glossary.measure(name) for name in [*judged, *curves])}
    return tuple(m for m in found.values() if m.text)


def _bands(takes: Sequence[Take]) -> tuple[BandRow, ...]:
    """The bands of the rules that were looked at, each once."""
    found: dict[BandRow, None] = {}
    for take in takes:
        looked_at = {row.rule for row in take.result.summary}
        exercises = {row.exercise for row in sets_of(take.result)}
        for band in bands_of.collect(take.result.provenance.thresholds):
            if band.rule in looked_at and (not band.exercise or band.exercise in exercises):
                found[band] = None
    return tuple(sorted(found, key=lambda band: glossary.rule_order(band.rule)))


def _sources(measures: Sequence[Measure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(glossary.source(key) for m in measures for key in m.sources))
