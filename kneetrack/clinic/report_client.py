"""The client's page: what was done, measured and changed, and what to practise, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic.catalogue import family
from kneetrack.clinic.report_pictures import client_pictures
from kneetrack.clinic.report_practice import practice
from kneetrack.clinic.report_visit import Visit, group_of, view_word
from kneetrack.clinic_records.numbers import Change, MeasureKey, SessionValue
from kneetrack.records import SideName
from kneetrack.report.clinic.facts import ClientFacts

_DONE: Final = {
    "squat": "squats",
    "lateral_lunge": "lunges to the side",
    "single_leg_squat": "squats on one leg",
    "single_leg_stance": "balance on one leg",
    "glute_bridge": "bridges",
}
_FROM: Final = {
    "front": "from the front",
    "side": "from the side",
    "foot_end": "from your feet",
}
_TELLS: Final = {
    "squat": ("kfo", "knee_flexion"),
    "lateral_lunge": ("kfo", "lead_knee_flexion", "knee_flexion"),
    "single_leg_squat": ("kfo", "knee_flexion", "trunk_lean"),
    "single_leg_stance": ("hold", "trunk_lean"),
    "glute_bridge": ("lift", "knee_separation"),
}
"""The first of these that could be told is the client's number of a movement."""
_MOST_CHANGED, _MOST_SAME, _MOST_UNSURE = 3, 6, 2
_TOLD_OF: Final = {
    "kfo": "knee over the toes",
    "ktsr": "distance between the knees",
    "knee_flexion": "bend of the knee",
    "lead_knee_flexion": "bend of the leading knee",
    "trunk_lean": "lean of the trunk to the side",
    "pelvic_drop": "level of the pelvis",
    "hold": "time held",
    "lift": "lift of the hips",
    "knee_separation": "distance between the knees",
}
"""What a client is told the change of; the rest is for the clinician."""


@dataclass(frozen=True, slots=True)
class _Words:
    """A value in words: "12 % of the shin’s length inside the toes", and its error: "3"."""

    value: str
    error: str


def client_facts(visit: Visit) -> ClientFacts:
    """Everything on the client's page."""
    changed, same, unsure = _changes(visit)
    return ClientFacts(
        did=_did(visit),
        seen=tuple(_seen(visit)),
        pictures=client_pictures(visit),
        practice=practice(visit),
        changed=changed,
        same=same,
        unsure=unsure,
    )


def _did(visit: Visit) -> str:
    takes = list(visit.takes())
    if not takes:
        return "No recording of this visit could be used."
    views = dict.fromkeys(_FROM[trial.view] for _, trial in takes)
    done = dict.fromkeys(_DONE.get(step.exercise, step.title) for step, _ in takes)
    return f"We filmed you {_list(list(views))}: {_list(list(done))}."


def _list(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def _seen(visit: Visit) -> list[str]:
    """A sentence a movement."""
    groups: dict[str, list[SessionValue]] = {}
    for value in visit.now.values:
        groups.setdefault(group_of(value.key.step), []).append(value)
    found = []
    for group in dict.fromkeys(group_of(step.key) for step in visit.protocol.steps):
        values = groups.get(group)
        if values:
            found.append(_sentence(visit, values))
    return found


def _sentence(visit: Visit, values: Sequence[SessionValue]) -> str:
    first = values[0].key
    title = visit.title(first.step)
    for measure in _TELLS.get(first.exercise, ()):
        told = [v for v in values if v.key.measure == measure and v.value is not None]
        if told:
            where = _FROM[family(told[0].key.view)]
            missing = [v for v in values if v.key.measure == measure and v.value is None]
            parts = [_part(v, measure, first.exercise) for v in told]
            parts += [f"for your {v.key.side} leg we cannot tell" for v in missing]
            return f"{title}, {where}: {'; '.join(parts)}."
    why = next((v.why_not for v in values if v.why_not), "it was not seen well enough")
    return f"{title}: we cannot tell this time ({why})."


def _part(value: SessionValue, measure: str, exercise: str) -> str:
    words = in_words(measure, value.value or 0.0, value.error)
    leg = "" if value.key.side == "both" else f"{value.key.side} "
    about = f" (give or take {words.error})" if words.error else ""
    if measure == "kfo":
        return f"your {leg}knee was {words.value}{about}"
    if measure in ("knee_flexion", "lead_knee_flexion"):
        joint = f"your {leg}knee" if leg else "your knees"
        return f"{joint} bent {words.value}{about}"
    if measure == "hold" and exercise == "single_leg_stance":
        return f"{words.value} on your {leg}leg{about}"
    if measure == "lift":
        return f"your hips rose {words.value}{about}"
    if measure == "knee_separation":
        return f"your knees were {words.value} times as far apart as at the start{about}"
    name = _TOLD_OF.get(measure, catalogue.info(measure).title.lower())
    return f"{name} {leg}{words.value}{about}"


def in_words(measure: str, value: float, error: float | None) -> _Words:
    """A value as a client reads it: without a sign where words can say it."""
    about = catalogue.info(measure)
    own = "" if error is None else catalogue.size_text(measure, error).split(" of ")[0]
    own = own.removesuffix(" thigh lengths").removesuffix(" leg lengths")
    if measure == "kfo":
        percent = round(abs(value) * about.factor)
        if not percent:
            return _Words("level with your toes", own)
        way = "inside" if value > 0 else "outside"
        return _Words(f"{percent} % of your shin’s length {way} your toes", own)
    if measure == "lift":
        return _Words(f"{round(value * about.factor)} % of your thigh’s length", own)
    if about.unit == "s":
        return _Words(f"{value:.1f} seconds", own)
    text = catalogue.text(measure, value) if about.signed else catalogue.size_text(measure, value)
    return _Words(text, own)


def _changes(visit: Visit) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What changed, what did not, and what cannot be compared."""
    told = [c for c in visit.changes if c.key.measure in _TOLD_OF and _is_told(c)]
    changed = [_changed(visit, c) for c in told if c.answer == "changed"]
    if len(changed) > _MOST_CHANGED:
        more = len(changed) - _MOST_CHANGED
        changed = [*changed[:_MOST_CHANGED], f"{more} more: your clinician has the list."]
    same = [_name(visit, c.key) for c in told if c.answer == "no_real_change"]
    unsure: dict[str, list[str]] = {}
    for change in told:
        if change.answer == "cannot_tell":
            reason = _plain_reason(change)
            unsure.setdefault(reason, []).append(_name(visit, change.key))
    lines = [f"{_few(names)}: {reason}." for reason, names in unsure.items()]
    return tuple(changed), ((f"{_few(same)}.",) if same else ()), tuple(lines[:_MOST_UNSURE])


def _is_told(change: Change) -> bool:
    """Whether either visit has a number."""
    return change.before.value is not None or change.after.value is not None


def _plain_reason(change: Change) -> str:
    if change.before.value is None:
        return "it was not measured last time"
    if change.after.value is None:
        return "it could not be measured this time"
    if change.limit is None and "minimal detectable change" in change.why:
        return "nobody knows yet from which difference on it would count"
    return change.why.split(" (and ")[0]


def _few(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = len(unique) - _MOST_SAME
    return "; ".join(unique[:_MOST_SAME]) + (f"; and {more} more" if more > 0 else "")


def _name(visit: Visit, key: MeasureKey) -> str:
    side: SideName = key.side
    leg = "" if side == "both" else f", {side}"
    return f"{visit.title(key.step).lower()}, {_TOLD_OF[key.measure]}{leg}"


def _changed(visit: Visit, change: Change) -> str:
    key, measure = change.key, change.key.measure
    old = in_words(measure, change.before.value or 0.0, change.before.error)
    new = in_words(measure, change.after.value or 0.0, change.after.error)
    limit = ""
    if change.limit is not None:
        limit = f"; from {catalogue.size_text(measure, change.limit.mdc95).split(' of ')[0]} on"
        limit += " a difference counts"
    errors = f" (give or take {new.error})" if new.error else ""
    view = view_word(family(key.view))
    return (
        f"{_name(visit, key)}, seen from the {view}: {old.value} last time, "
        f"{new.value} now{errors}{limit}."
    )
