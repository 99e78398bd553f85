"""Bands behind a curve: which parts of its scale are watch and flag, and where their edges are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.records import Status
from kneetrack.report.bands import BandRow
from kneetrack.report.glossary import Measure
from kneetrack.report.scales import Scale, apart

_NAME_HEIGHT: Final = 16.0
"""Least distance between the names of two edges, percent of a drawing's height."""


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


def areas(bands: Sequence[BandRow], scale: Scale, shown: Measure) -> tuple[Area, ...]:
    """The shading of all bands of a measure, as far as it is on the scale."""
    return tuple(area for band in bands for area in _areas(band, scale, shown))


def _areas(band: BandRow, scale: Scale, shown: Measure) -> list[Area]:
    watch, flag = scale.y(band.watch * shown.scale), scale.y(band.flag * shown.scale)
    far = 0.0 if band.higher_is_worse else 100.0
    spans: list[tuple[Status, float, float]] = [("watch", watch, flag), ("flag", flag, far)]
    return [
        Area(status, min(a, b), round(abs(a - b), 2)) for status, a, b in spans if abs(a - b) > 0.1
    ]


def edges(bands: Sequence[BandRow], scale: Scale, shown: Measure) -> tuple[Edge, ...]:
    """The named edges of all bands that are on the scale, from the top."""
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
