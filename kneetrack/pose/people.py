"""Who is who: the people seen so far, and which of them a new sighting is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from kneetrack.pose.sight import NEUTRAL_COLOUR_DISTANCE, Box, Sighting, colour_distance
from kneetrack.records import FloatArray

SAME_COLOURS = 0.4
"""Colour distance: one person mostly stays below 0.25, two in other clothes are above 0.45."""

_DUPLICATE_M = 0.15
_ELBOW_ROOM_M = 0.45
_NEXT_TO_M = 0.2
_SPEED_M_S = 1.5
_SLACK_M = 0.3
_FARTHEST_M = 4.0
_COASTING_S = 0.7
_SIZE_SLACK = 0.25
_UNLIKELY = 2.5
_IMPOSSIBLE = 1e6
_TOO_CLOSE_TO_CALL = 0.5
_REAL_AFTER = 3
_HERE_S = 1.0
_NEWS = 0.15
_MOST_LOOKS = 8
_SAME_PLACE_M = 0.5


@dataclass(slots=True)
class Person:
    """Somebody in the clip: where and when they were seen, and the colours of their clothes.

    The lists run over sightings in order of time, save ``looks``: colours that differ enough to
    be worth keeping (front and back, in light and in shadow). ``script``: the same person's
    course through the clip from an earlier reading of it, None on the first.
    """

    number: int
    t_s: list[float] = field(default_factory=list)
    hips_px: list[FloatArray] = field(default_factory=list)
    scale_px: list[float] = field(default_factory=list)
    lift_px: list[float] = field(default_factory=list)
    box: Box = field(default_factory=Box.nowhere)
    looks: list[FloatArray] = field(default_factory=list)
    script: Script | None = None

    @property
    def real(self) -> bool:
        """Seen more than once or twice: not a coat on a hook."""
        return len(self.t_s) >= _REAL_AFTER or self.script is not None

    @property
    def scale_now_px(self) -> float:
        """Pixels per metre when last seen."""
        return self.scale_px[-1]

    def see(self, sighting: Sighting, *, clear: bool) -> None:
        """Add a sighting. Looks are learnt only where nobody stands in the way (``clear``)."""
        self.t_s.append(sighting.t_s)
        self.hips_px.append(sighting.hips_px)
        self.scale_px.append(sighting.scale_px)
        self.lift_px.append(sighting.lift_px)
        self.box = sighting.box
        if sighting.colour is not None and (clear or not self.looks):
            self._learn(sighting.colour)

    def looks_off(self, sighting: Sighting) -> float:
        """Colour distance to what this person has looked like so far, 0 (same) to 1."""
        gaps = [colour_distance(look, sighting.colour) for look in self.looks]
        return min(gaps, default=NEUTRAL_COLOUR_DISTANCE)

    def _learn(self, colour: FloatArray) -> None:
        if all(colour_distance(look, colour) > _NEWS for look in self.looks):
            self.looks.append(colour)
        if len(self.looks) > _MOST_LOOKS:
            del self.looks[1]

    def unseen_for_s(self, t_s: float) -> float:
        """Seconds since the last sighting; infinite when there was none."""
        return t_s - self.t_s[-1] if self.t_s else float("inf")

    def expected_px(self, t_s: float) -> FloatArray:
        """(2,) where the hips should be now: by the script, or gone on for a moment as before."""
        if self.script is not None and self.script.covers(t_s):
            return self.script.hips_px(t_s)
        ahead = min(max(self.unseen_for_s(t_s), 0.0), _COASTING_S)
        return np.asarray(self.hips_px[-1] + ahead * self.velocity_px_s())

    def expected_box(self, t_s: float) -> Box:
        """Where the person's box should be now."""
        dx, dy = self.expected_px(t_s) - self.hips_px[-1]
        return self.box.moved(float(dx), float(dy))

    def gap_m(self, box: Box, t_s: float) -> float:
        """Metres between this person and a box, sideways; negative = overlap."""
        return self.expected_box(t_s).gap_px(box) / self.scale_now_px

    def next_to(self, box: Box, t_s: float, soon_s: float) -> bool:
        """Whether this person is next to a box, or may be so many seconds later."""
        step_m = abs(float(self.velocity_px_s()[0])) * soon_s / self.scale_now_px
        return self.gap_m(box, t_s) - step_m < _NEXT_TO_M

    def took_the_place_of(self, other: Person) -> bool:
        """Whether this person was first seen where and when the other was last, and stayed."""
        if not (self.t_s and other.t_s) or not 0 <= self.t_s[0] - other.t_s[-1] <= _HERE_S:
            return False
        away = np.linalg.norm(np.array(self.hips_px) - other.hips_px[-1], axis=1)
        return bool(np.all(away < _SAME_PLACE_M * other.scale_now_px))

    def velocity_px_s(self) -> FloatArray:
        """(2,) pixels per second lately; zero when that is not known."""
        i = len(self.t_s) - 1
        while i > 0 and self.t_s[-1] - self.t_s[i] < _COASTING_S:
            i -= 1
        span = self.t_s[-1] - self.t_s[i]
        if not 0.1 <= span <= 3 * _COASTING_S:
            return np.zeros(2)
        return np.asarray((self.hips_px[-1] - self.hips_px[i]) / span)


@dataclass(frozen=True, slots=True)
class Script:
    """A person's course from an earlier reading: t_s (N,), course (N, 3) = hips x, y and scale."""

    t_s: NDArray[np.float64]
    course: NDArray[np.float64]
    gap_s: float = 1.5

    @staticmethod
    def of(person: Person) -> Script:
        """The course of a person as seen so far."""
        course = np.column_stack([np.array(person.hips_px), person.scale_px])
        return Script(np.array(person.t_s), course)

    def covers(self, t_s: float) -> bool:
        """Whether the person was seen shortly before and after this time."""
        i = int(np.searchsorted(self.t_s, t_s))
        before = t_s - self.t_s[i - 1] if i > 0 else np.inf
        after = self.t_s[i] - t_s if i < len(self.t_s) else np.inf
        return bool(min(before, after) <= self.gap_s / 2)

    def hips_px(self, t_s: float) -> FloatArray:
        """(2,) hips, interpolated."""
        return np.array([np.interp(t_s, self.t_s, self.course[:, k]) for k in (0, 1)])

    def scale_px(self, t_s: float) -> float:
        """Pixels per metre, interpolated."""
        return float(np.interp(t_s, self.t_s, self.course[:, 2]))


@dataclass(frozen=True, slots=True)
class Naming:
    """Who each sighting is: a person, or None; ``torn``: it could be either of two people."""

    who: tuple[Person | None, ...]
    torn: tuple[bool, ...]

    def index(self, person: Person | None) -> int | None:
        """Which sighting is this person."""
        return next((i for i, p in enumerate(self.who) if p is not None and p is person), None)

    def but(self, i: int, person: Person) -> Naming:
        """The same, except that sighting ``i`` is this person for sure."""
        who = [None if p is person else p for p in self.who]
        who[i] = person
        return Naming(tuple(who), tuple(t and j != i for j, t in enumerate(self.torn)))


class People:
    """Everybody seen so far, numbered from 1: left to right at first, then in order of coming."""

    def __init__(self, known: Sequence[Person] = ()) -> None:
        self.known: list[Person] = list(known)

    def name(self, sightings: Sequence[Sighting], t_s: float) -> Naming:
        """Say who the sightings are, by place, size and colours; does not record them."""
        people = [p for p in self.known if p.t_s or _scripted(p, t_s)]
        if not people or not sightings:
            return Naming((None,) * len(sightings), (False,) * len(sightings))
        costs = np.array([[_cost(p, s, t_s) for s in sightings] for p in people])
        who: list[Person | None] = [None] * len(sightings)
        torn = [False] * len(sightings)
        for row, column in zip(*linear_sum_assignment(costs), strict=True):
            if costs[row, column] > _UNLIKELY:
                continue
            who[column] = people[row]
            here = np.array([_scripted(p, t_s) or p.unseen_for_s(t_s) < _HERE_S for p in people])
            torn[column] = _someone_else_as_likely(costs[here], costs[row, column], int(column))
        return Naming(tuple(None if t else w for w, t in zip(who, torn, strict=True)), tuple(torn))

    def join(self, person: Person, other: Person) -> None:
        """Other turned out to be the same person, who now looks different."""
        person.t_s += other.t_s
        person.hips_px += other.hips_px
        person.scale_px += other.scale_px
        person.lift_px += other.lift_px
        person.box = other.box
        person.looks = (person.looks + other.looks)[-_MOST_LOOKS:]
        self.known.remove(other)

    def welcome(self, sightings: Sequence[Sighting], naming: Naming) -> Naming:
        """Make new people of sightings that are nobody known and stand clear of the others."""
        who, first = list(naming.who), not self.known
        order = sorted(range(len(sightings)), key=lambda i: sightings[i].box.centre_x)
        for i in order:
            clear = first or _stands_clear(i, sightings)
            if who[i] is None and clear and not naming.torn[i]:
                who[i] = Person(self._next_number())
                self.known.append(who[i])  # type: ignore[arg-type]
        return Naming(tuple(who), naming.torn)

    def _next_number(self) -> int:
        return 1 + max((p.number for p in self.known), default=0)


def newly_found(known: Sequence[Sighting], found: Sequence[Sighting]) -> list[Sighting]:
    """Those of ``found`` that are nobody known yet: the model may report one body twice.

    What is found within the box of somebody known, who was painted over, may be what is left
    of them.
    """
    new: list[Sighting] = []
    for sighting in sorted(found, key=lambda s: -float(s.pose.confidence.mean())):
        again = any(sighting.apart_m(other.pose) <= _DUPLICATE_M for other in [*known, *new])
        if not again and not any(other.box.contains(sighting.hips_px) for other in known):
            new.append(sighting)
    return new


def _cost(person: Person, sighting: Sighting, t_s: float) -> float:
    """Below 1: surely the same; above 2.5: not the same. Place, size and colours count alike."""
    colour = person.looks_off(sighting)
    if colour > SAME_COLOURS:
        return _IMPOSSIBLE
    scripted = _scripted(person, t_s)
    away_s = 0.0 if scripted else max(person.unseen_for_s(t_s), 0.0)
    script = person.script
    scale = script.scale_px(t_s) if script and scripted else person.scale_now_px
    gap_m = float(np.linalg.norm(sighting.hips_px - person.expected_px(t_s))) / scale
    place = gap_m / min(_SLACK_M + _SPEED_M_S * away_s, _FARTHEST_M)
    size = abs(float(np.log(sighting.scale_px / scale))) / (_SIZE_SLACK + 0.2 * min(away_s, 3.0))
    return place + size + colour / SAME_COLOURS


def _scripted(person: Person, t_s: float) -> bool:
    return person.script is not None and person.script.covers(t_s)


def _someone_else_as_likely(costs: NDArray[np.float64], cost: float, column: int) -> bool:
    """Whether a second person, who fits no other sighting, fits this one as well."""
    elsewhere = np.delete(costs, column, axis=1) <= _UNLIKELY
    as_likely = (costs[:, column] < cost + _TOO_CLOSE_TO_CALL) & ~elsewhere.any(axis=1)
    return int(as_likely.sum()) > 1


def _stands_clear(i: int, sightings: Sequence[Sighting]) -> bool:
    me = sightings[i]
    return all(
        np.linalg.norm(me.hips_px - other.hips_px) > _ELBOW_ROOM_M * me.scale_px
        for j, other in enumerate(sightings)
        if j != i
    )
