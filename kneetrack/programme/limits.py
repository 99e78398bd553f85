"""What a programme changes in how movements are judged: limits of depth, and bands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from kneetrack.clinic_records.practice import Dose
from kneetrack.cue_words import number_word
from kneetrack.exercises import all_exercises
from kneetrack.exercises.rules import Exercise, Reader, Rule
from kneetrack.guide.pages import load_page
from kneetrack.programme.values import Programme
from kneetrack.records import PRESCRIBED_LIMIT, Band, SettingsError
from kneetrack.settings import Settings, with_bands

FLAG_ABOVE_DEG: Final = 10.0
"""A knee that bends so much more than the limit is a flag; up to that it is a watch."""
DEEPER: Final = "deeper_than_prescribed"
_LUNGE: Final = "lunge_too_deep"
DEPTH_RULES: Final = (_LUNGE, DEEPER)
_INFORMATION: Final = "knee_flexion"
_HOLD: Final = "hold_too_short"
_USUAL_HOLD: Final = Band(2.0, 1.0)
_LONG_ENOUGH, _HARDLY_HELD = 2 / 3, 1 / 3
"""Of the hold asked for: as the usual 2 and 1 seconds are of the usual three."""


def with_programme(
    settings: Settings, programme: Programme, doses: Mapping[str, Dose] | None = None
) -> Settings:
    """Settings by which a programme's limits and bands are kept; its words go with the result.

    doses: what is asked for today, by key of a part or by exercise; the stricter of limit and dose
    holds, and it only makes a band stricter. A hold is judged by the shortest that is asked for.
    """
    settings = with_bands(settings, programme.bands)
    limits, holds = _limits(programme, doses or {}), _holds(programme, doses or {})
    exercises = dict(settings.exercises)
    for name, limit_deg in limits.items():
        if name in exercises:
            exercises[name] = _changed(exercises[name], partial(_limited_rule, limit_deg=limit_deg))
    for name, hold_s in holds.items():
        if name in exercises:
            exercises[name] = _changed(exercises[name], partial(_held_rule, hold_s=hold_s))
    notes = dict.fromkeys([*settings.notes, *_notes(programme, limits)])
    return replace(settings, exercises=exercises, notes=tuple(notes))


def limit_words(programme: Programme) -> tuple[str, ...]:
    """Its limits, one each: "Lateral lunge: no deeper than 80°", "Squat: left out"."""
    deep = (
        f"{_title(name)}: no deeper than {limit:g}°"
        for name, limit in programme.max_knee_flexion_deg.items()
    )
    return (*deep, *(f"{_title(name)}: left out" for name in sorted(programme.leave_out)))


def respected(programme: Programme) -> str:
    """All that is respected of it in one line, "" when it asks for nothing beyond doses."""
    told = _told(programme, programme.max_knee_flexion_deg)
    return f"the programme {programme.title!r}: {told}" if told else ""


def refuse_left_out(programme: Programme, exercise: str | None) -> None:
    """Raises SettingsError when that exercise is not to be done at all."""
    if exercise in programme.leave_out:
        assert exercise is not None
        raise SettingsError(
            f"the programme {programme.title!r} leaves out {_spoken(exercise)}: "
            "choose another exercise"
        )


def _limits(programme: Programme, doses: Mapping[str, Dose]) -> dict[str, float]:
    limits = dict(programme.max_knee_flexion_deg)
    for key, dose in doses.items():
        part = programme.part(key)
        name = part.exercise if part is not None else key
        if dose.depth_deg is not None:
            limits[name] = min(limits.get(name, dose.depth_deg), dose.depth_deg)
    return limits


def _holds(programme: Programme, doses: Mapping[str, Dose]) -> dict[str, float]:
    holds: dict[str, float] = {}
    for key, dose in doses.items():
        part = programme.part(key)
        name = part.exercise if part is not None else key
        if dose.hold_s is not None:
            holds[name] = min(holds.get(name, dose.hold_s), dose.hold_s)
    return holds


def _notes(programme: Programme, limits: Mapping[str, float]) -> list[str]:
    told = _told(programme, limits)
    return [f"Limits of the programme {programme.title!r}: {told}"] if told else []


def _told(programme: Programme, limits: Mapping[str, float]) -> str:
    told = [f"{_spoken(name)} no deeper than {limit:g}°" for name, limit in limits.items()]
    told += [f"{_spoken(name)}: left out" for name in sorted(programme.leave_out)]
    if programme.bands:
        told.append(f"own bands for {', '.join(map(_spoken, programme.bands))}")
    return "; ".join(told)


def _changed(exercise: Exercise, change: Callable[[Rule], Rule]) -> Exercise:
    return exercise.with_rules(tuple(change(rule) for rule in exercise.rules))


def _held_rule(rule: Rule, hold_s: float) -> Rule:
    """Who counts to five alone comes to four: two thirds are long enough.

    Bands that somebody has set are only made stricter.
    """
    if rule.name != _HOLD:
        return rule
    asked = Band(round(hold_s * _LONG_ENOUGH, 2), round(hold_s * _HARDLY_HELD, 2))
    readers = tuple(_by_hold(reader, asked) for reader in rule.readers)
    cue = f"Hold at the top for a slow count of {number_word(round(hold_s))}."
    return rule if readers == rule.readers else replace(rule, readers=readers, cue=cue)


def _by_hold(reader: Reader, asked: Band) -> Reader:
    usual = reader.below
    if usual is None or usual == asked:
        return reader
    if usual != _USUAL_HOLD:
        asked = Band(max(asked.watch, usual.watch), max(asked.flag, usual.flag))
    return replace(reader, below=asked, reference="hold of the programme")


def _limited_rule(rule: Rule, limit_deg: float) -> Rule:
    """Depth judged by the limit; from the front a squat's depth stays untold, as it always is."""
    if rule.name == _LUNGE:
        cue = f"Not so deep: no more than {limit_deg:g}° at the knee; sit back as if to a chair."
        stricter = any(r.above and limit_deg < r.above.watch for r in rule.readers if _bend(r))
        readers = tuple(_capped(r, limit_deg) if _bend(r) else r for r in rule.readers)
        return replace(rule, readers=readers, cue=cue if stricter else rule.cue)
    if rule.name in (_INFORMATION, DEEPER):
        readers = tuple(_capped(r, limit_deg) for r in rule.readers)
        band = readers[0].above
        assert band is not None
        return replace(
            rule,
            name=DEEPER,
            readers=readers,
            information=False,
            found="goes deeper than prescribed",
            cue=f"Not so deep: stop at {band.watch:g} degrees of knee bend.",
        )
    return rule


def _bend(reader: Reader) -> bool:
    return reader.unit == "deg"


def _capped(reader: Reader, limit_deg: float) -> Reader:
    limit = Band(limit_deg, limit_deg + FLAG_ABOVE_DEG)
    usual = reader.above
    if usual is None:
        return replace(reader, above=limit, reference=PRESCRIBED_LIMIT)
    if limit.watch >= usual.watch and limit.flag >= usual.flag:
        return reader
    band = Band(min(limit.watch, usual.watch), min(limit.flag, usual.flag))
    return replace(reader, above=band, reference=PRESCRIBED_LIMIT)


def _title(exercise: str) -> str:
    known = all_exercises().get(exercise)
    return known.title if known is not None else load_page(exercise).title


def _spoken(exercise: str) -> str:
    title = _title(exercise)
    return title[:1].lower() + title[1:]
