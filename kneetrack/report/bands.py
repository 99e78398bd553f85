"""The coaching bands that a result was judged by, and how a value stands against its band."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from kneetrack.records import PRESCRIBED_LIMIT, Status
from kneetrack.report import glossary
from kneetrack.result import ExerciseName


@dataclass(frozen=True, slots=True)
class BandRow:
    """One band: ok on the good side of ``watch``, flag beyond ``flag``, in the measure's unit."""

    rule: str
    measure: str
    watch: float
    flag: float
    exercise: str = ""
    unit: str = ""
    reference: str = ""
    confidence: str = ""

    @property
    def higher_is_worse(self) -> bool:
        """Whether the value grows from watch to flag."""
        return self.flag > self.watch

    def severity(self, value: float) -> float:
        """0 at the edge of watch, 1 at the edge of flag, negative when ok."""
        width = self.flag - self.watch
        return (value - self.watch) / width if width else value - self.watch

    @property
    def ok_text(self) -> str:
        """ "up to 4 %" or "from 0.90"."""
        shown = glossary.measure(self.measure, self.unit)
        return f"{'up to' if self.higher_is_worse else 'from'} {shown.number(self.watch)}"

    @property
    def ok_words(self) -> str:
        """ "ok up to 100°", or that it is a limit: "limit of the programme: 80°"."""
        if not self.is_limit:
            return f"ok {self.ok_text}"
        shown = glossary.measure(self.measure, self.unit)
        return f"{PRESCRIBED_LIMIT}: {shown.number(self.watch)}"

    @property
    def limit_text(self) -> str:
        """ "limit 80°"."""
        return f"limit {glossary.measure(self.measure, self.unit).number(self.watch)}"

    @property
    def is_limit(self) -> bool:
        """Whether a programme has made it stricter."""
        return self.reference == PRESCRIBED_LIMIT

    @property
    def flag_text(self) -> str:
        """ "above 10 %" or "below 0.80"."""
        shown = glossary.measure(self.measure, self.unit)
        return f"{'above' if self.higher_is_worse else 'below'} {shown.number(self.flag)}"


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of a scale: from and to in percent of its length."""

    status: Status
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Bullet:
    """A value on its band's scale; all in percent of the scale's length, 0 = left."""

    zones: tuple[Zone, ...]
    at: float
    low: float
    high: float


def collect(thresholds: Mapping[str, Any]) -> tuple[BandRow, ...]:
    """All bands in a result's thresholds, however deep they lie; what is no band is passed over."""
    return tuple(_walk(thresholds.get("bands", thresholds), ()))


def find(bands: Sequence[BandRow], rule: str, measure: str, exercise: str = "") -> BandRow | None:
    """The band of a rule for the measure that decided, of the exercise where bands differ."""
    fitting = [b for b in bands if b.rule == rule and b.measure == glossary.stem(measure)]
    own = [b for b in fitting if b.exercise == exercise]
    general = [b for b in fitting if not b.exercise]
    return next(iter([*own, *general]), None)


def of_exercise(bands: Sequence[BandRow], exercise: str) -> list[BandRow]:
    """The bands that hold for an exercise: its own, and those that name none."""
    return [b for b in bands if b.exercise in {"", exercise}]


def bullet(band: BandRow, value: float, error: float | None) -> Bullet:
    """Where ``value`` with its error stands on a scale that shows all of the band."""
    spread = error or 0.0
    width = abs(band.flag - band.watch) or abs(band.watch) or 1.0
    low = min(value - spread, band.watch, band.flag) - width
    high = max(value + spread, band.watch, band.flag) + width

    def percent(x: float) -> float:
        return round(100 * (x - low) / (high - low), 2)

    edges = [percent(band.watch), percent(band.flag)]
    if band.higher_is_worse:
        zones = _zones(("ok", "watch", "flag"), [0.0, *edges, 100.0])
    else:
        zones = _zones(("flag", "watch", "ok"), [0.0, *edges[::-1], 100.0])
    return Bullet(zones, percent(value), percent(value - spread), percent(value + spread))


def _zones(states: Sequence[Status], edges: Sequence[float]) -> tuple[Zone, ...]:
    spans = zip(states, edges, edges[1:], strict=False)
    return tuple(Zone(state, start, end) for state, start, end in spans)


def _walk(node: Any, path: tuple[str, ...], confidence: str = "") -> Iterator[BandRow]:
    if isinstance(node, Mapping):
        confidence = str(node.get("confidence") or confidence)
        if _is_number(node.get("watch")) and _is_number(node.get("flag")):
            yield _band(node, path, confidence)
            return
        for key, child in node.items():
            yield from _walk(child, (*path, str(key)), confidence)
    elif isinstance(node, list | tuple):
        for child in node:
            yield from _walk(child, path, confidence)


def _band(node: Mapping[str, Any], path: tuple[str, ...], confidence: str) -> BandRow:
    exercises = set(get_args(ExerciseName))
    named = [key for key in path if key not in exercises]
    return BandRow(
        rule=str(node.get("rule") or (named[0] if named else "")),
        measure=glossary.stem(str(node.get("measure") or (named[-1] if named else ""))),
        watch=float(node["watch"]),
        flag=float(node["flag"]),
        exercise=str(node.get("exercise") or next((k for k in path if k in exercises), "")),
        unit=str(node.get("unit") or ""),
        reference=str(node.get("reference") or ""),
        confidence=confidence,
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
