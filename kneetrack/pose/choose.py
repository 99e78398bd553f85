"""Which of several people is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from kneetrack.pose.people import Person
from kneetrack.records import FloatArray

Choice = Literal["exerciser", "largest", "centre", "moving"] | int
"""Whom to follow; a number counts people from left to right at first sight, from 1."""

_LEAST = 0.06
_WALKING = 0.25
_LEAST_EXERCISE_M = 0.15
_AS_GOOD = 0.5
_INCUMBENT = 1.15
_STEADY_SCALE_S = 1.5

_IN_WORDS = {
    "exerciser": "the one who does the exercise",
    "largest": "the largest",
    "centre": "the one nearest the middle",
    "moving": "the one who moves most",
}


def best(
    people: Sequence[Person], choice: Choice, width_px: int, followed: Person | None = None
) -> Person | None:
    """The person that ``choice`` means, judged by all that was seen of everybody so far.

    Where two come out about equal, it is the one already ``followed``.
    """
    if isinstance(choice, int):
        return next((p for p in people if p.number == choice), None)
    candidates = [p for p in people if p.real] or list(people)
    if not candidates:
        return None
    longest = max(len(p.t_s) for p in candidates)
    lasting = [p for p in candidates if len(p.t_s) >= 0.2 * longest]
    if choice == "exerciser":
        return _exerciser(candidates, width_px, followed)
    if choice == "moving":
        return max(candidates, key=lambda p: way_m(p) * _bonus(p, followed))
    if choice == "centre":
        return min(lasting, key=lambda p: _off_centre(p, width_px) / _bonus(p, followed))
    return max(lasting, key=lambda p: float(np.median(p.scale_px)) * _bonus(p, followed))


def in_words(choice: Choice, person: Person | None, people_seen: int) -> str:
    """Whom we followed, in plain words."""
    if person is None:
        return "nobody"
    if isinstance(choice, int):
        return f"person {choice} from the left of {people_seen}"
    if people_seen <= 1:
        return "the only person"
    which = f"(person {person.number} of {people_seen})"
    if choice == "exerciser" and exercise_m(person) < _LEAST_EXERCISE_M:
        return f"the most prominent, as nobody is seen to exercise {which}"
    return f"{_IN_WORDS[choice]} {which}"


def as_busy(people: Sequence[Person], person: Person) -> int:
    """How many others exercise about as much as this person does."""
    least = max(_LEAST_EXERCISE_M, _AS_GOOD * exercise_m(person))
    return sum(p.real and p is not person and exercise_m(p) >= least for p in people)


def exercise_m(person: Person) -> float:
    """Metres that the hips rose and fell in all, above the feet; small wavering is left out.

    Repetitions add up. Walking does not count: there the hips go far more across than up.
    """
    if len(person.t_s) < 2:
        return 0.0
    scale = _steady_scale(person)
    lift, across = np.array(person.lift_px) / scale, np.array(person.hips_px)[:, 0] / scale
    rises = [(abs(lift[b] - lift[a]), abs(across[b] - across[a])) for a, b in _swings(lift)]
    return float(sum(up for up, aside in rises if up > _WALKING * aside))


def way_m(person: Person) -> float:
    """Metres that the hips moved in the picture, across and up and down; wavering left out."""
    if len(person.t_s) < 2:
        return 0.0
    course = (np.array(person.hips_px) / _steady_scale(person)[:, None]).T
    return float(sum(abs(line[b] - line[a]) for line in course for a, b in _swings(line)))


def prominence(person: Person, width_px: int) -> float:
    """Size in the picture, less towards its sides: who is meant when nothing else tells."""
    return float(np.median(person.scale_px)) * (1 - 0.5 * min(_off_centre(person, width_px), 1.0))


def _bonus(person: Person, followed: Person | None) -> float:
    return _INCUMBENT if person is followed else 1.0


def _exerciser(candidates: Sequence[Person], width_px: int, followed: Person | None) -> Person:
    done = {p.number: exercise_m(p) for p in candidates}
    most = max(done.values())
    if most < _LEAST_EXERCISE_M:
        busy = list(candidates)
    else:
        busy = [p for p in candidates if done[p.number] >= _AS_GOOD * most]
    return max(busy, key=lambda p: prominence(p, width_px) * _bonus(p, followed))


def _off_centre(person: Person, width_px: int) -> float:
    """0 in the middle of the picture, 1 at its side."""
    x = float(np.median([hips[0] for hips in person.hips_px]))
    return abs(2 * x / width_px - 1)


def _steady_scale(person: Person) -> FloatArray:
    """(N,) pixels per metre, median over the time around each sighting."""
    times, scales = np.array(person.t_s), np.array(person.scale_px)
    first = np.searchsorted(times, times - _STEADY_SCALE_S)
    last = np.searchsorted(times, times + _STEADY_SCALE_S, side="right")
    return np.array([np.median(scales[a:b]) for a, b in zip(first, last, strict=True)])


def _swings(values: FloatArray) -> list[tuple[int, int]]:
    """First and last index of every rise and fall of a curve that is not mere wavering."""
    swings: list[tuple[int, int]] = []
    turn = extreme = direction = 0
    for i in range(len(values)):
        if direction == 0:
            extreme = i
            direction = int(np.sign(values[i] - values[0]) * (abs(values[i] - values[0]) >= _LEAST))
        elif direction * (values[i] - values[extreme]) > 0:
            extreme = i
        elif abs(values[i] - values[extreme]) >= _LEAST:
            swings.append((turn, extreme))
            turn, extreme, direction = extreme, i, -direction
    return [*swings, (turn, extreme)] if direction else swings
