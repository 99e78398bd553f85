"""The client's page: what was done, measured and changed, and what to practise, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic.catalogue import family
from kneetrack.clinic.change import ALSO
from kneetrack.clinic.client_words import STAR, Words, words_of
from kneetrack.clinic.report_home import prescribed
from kneetrack.clinic.report_pictures import client_pictures
from kneetrack.clinic.report_practice import practice
from kneetrack.clinic.report_rows import beyond_words, value_status
from kneetrack.clinic.report_visit import Visit, group_of
from kneetrack.clinic_records.numbers import Change, MeasureKey, SessionValue
from kneetrack.records import SideName, Status
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
_MOST_CHANGED, _MOST_SAME, _MOST_UNSURE = 3, 3, 2
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


_BAND_WORDS: Final[dict[Status | None, str]] = {
    "ok": "inside",
    "watch": "a little outside",
    "flag": "outside",
}
_VERBS: Final = {"kfo": "was ", "knee_flexion": "bent ", "lead_knee_flexion": "bent "}


def client_facts(visit: Visit) -> ClientFacts:
    """Everything on the client's page."""
    changed, same, unsure = _changes(visit)
    seen = _seen(visit)
    return ClientFacts(
        did=_did(visit),
        seen=_unbroken(seen),
        pictures=client_pictures(visit),
        practice=practice(visit),
        changed=_unbroken(changed),
        same=_unbroken(same),
        unsure=_unbroken(unsure),
        corrected=any(STAR in text for text in (*seen, *changed)),
        prescribed=prescribed(visit),
    )


def _unbroken(texts: Sequence[str]) -> tuple[str, ...]:
    """A number and its per cent stay in one line."""
    return tuple(text.replace(" %", "\N{NO-BREAK SPACE}%") for text in texts)


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
            parts = [_together(told, measure, first.exercise)]
            judged = _judged(visit, told) if visit.coaching else ""
            untold = [f"; for your {v.key.side} leg we cannot tell" for v in missing]
            deep = _deep(visit, [v for v in values if v.key.measure != measure])
            return f"{title}, {where}: {'; '.join(parts)}{judged}{''.join(untold)}{deep}."
    why = next((v.why_not for v in values if v.why_not), "it was not seen well enough")
    return f"{title}: we cannot tell this time ({why})."


def _deep(visit: Visit, others: Sequence[SessionValue]) -> str:
    """That it went deeper than prescribed, where the sentence tells another measure."""
    beyond = [words for words in (beyond_words(visit, v) for v in others) if words]
    return f"; your knee bent {beyond[0]}" if beyond and visit.coaching else ""


def _judged(visit: Visit, told: Sequence[SessionValue]) -> str:
    """Where the values lie against their coaching bands; "" where they have none."""
    beyond = {v.key.side: beyond_words(visit, v) for v in told}
    if any(beyond.values()):
        return _deeper(beyond)
    found = [(v.key.side, value_status(visit, v)) for v in told]
    words = [(side, _BAND_WORDS[status]) for side, status in found if status in _BAND_WORDS]
    if len({word for _, word in words}) == 1 and len(words) == len(told):
        return f"; that is {words[0][1]} your target band"
    return "".join(f"; the {side} one is {word} your target band" for side, word in words)


def _deeper(beyond: Mapping[SideName, str]) -> str:
    words = next(text for text in beyond.values() if text)
    if all(beyond.values()):
        return f"; that is {words}"
    return "".join(f"; the {side} one is {text}" for side, text in beyond.items() if text)


def _together(told: Sequence[SessionValue], measure: str, exercise: str) -> str:
    """Both legs in one sentence; what they share is said once."""
    parts = [(v.key.side, words_of(measure, v)) for v in told]
    if len(parts) == 2 and len({w.of for _, w in parts}) == 1:
        (_, first), (_, second) = parts
        shared = f" {first.of}" if first.of else ""
        if measure == "hold" and exercise == "single_leg_stance":
            return (
                f"{first.number} on your left leg{first.about}, {second.number} on your right"
                f"{second.about}"
            )
        verb = _VERBS.get(measure, "")
        noun = _noun(measure)
        return (
            f"your left {noun} {verb}{first.number}{first.about} and your right {noun} "
            f"{second.number}{second.about}{shared}"
        )
    return ", ".join(_part(side, words, measure, exercise) for side, words in parts)


def _part(side: SideName, words: Words, measure: str, exercise: str) -> str:
    leg = "" if side == "both" else f"{side} "
    of = f" {words.of}" if words.of else ""
    if measure == "hold" and exercise == "single_leg_stance":
        return f"{words.number} on your {leg}leg{words.about}"
    if measure == "lift":
        return f"your hips rose {words.number}{words.about}{of}"
    if measure == "knee_separation":
        return f"your knees were {words.number}{words.about} times as far apart as at the start"
    noun = _noun(measure) + ("s" if side == "both" and "knee" in measure else "")
    return f"your {leg}{noun} {_VERBS.get(measure, '')}{words.number}{words.about}{of}"


def _noun(measure: str) -> str:
    if measure in ("kfo", "knee_flexion", "lead_knee_flexion"):
        return "knee"
    return _TOLD_OF.get(measure, catalogue.info(measure).title.lower())


def _changes(visit: Visit) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What changed, what did not, and what cannot be compared."""
    told = [c for c in visit.changes if c.key.measure in _TOLD_OF and _is_told(c)]
    changed = [_changed(c) for c in told if c.answer == "changed"]
    if len(changed) > _MOST_CHANGED:
        more = len(changed) - _MOST_CHANGED
        changed = [*changed[:_MOST_CHANGED], f"{more} more; your clinician has the list."]
    same = [_name(c.key) for c in told if c.answer == "no_real_change"]
    unsure: dict[str, list[Change]] = {}
    for change in told:
        if change.answer == "cannot_tell":
            unsure.setdefault(_plain_reason(change), []).append(change)
    lines = [f"{_few(_names(own, told))}: {why}." for why, own in unsure.items()]
    return tuple(changed), ((f"{_few(same)}.",) if same else ()), tuple(lines[:_MOST_UNSURE])


def _is_told(change: Change) -> bool:
    """Whether either visit has a number."""
    return change.before.value is not None or change.after.value is not None


def _plain_reason(change: Change) -> str:
    if change.before.value is None:
        return "not measured last time"
    if change.after.value is None:
        return "could not be measured this time"
    if change.limit is None and "minimal detectable change" in change.why:
        return "nobody knows yet from which difference on they would count"
    return change.why.split(ALSO)[0]


def _few(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = len(unique) - _MOST_SAME
    return "; ".join(unique[:_MOST_SAME]) + (f"; and {more} more" if more > 0 else "")


def _names(own: Sequence[Change], told: Sequence[Change]) -> list[str]:
    """What they are about; a movement of which every number is among them is named alone."""
    names = []
    for change in own:
        movement = _movement(change.key)
        alike = [c for c in told if _movement(c.key) == movement]
        whole = len(alike) > 1 and all(c in own for c in alike)
        names.append(movement if whole else _name(change.key))
    return names


def _name(key: MeasureKey) -> str:
    told, movement = _TOLD_OF[key.measure], _movement(key)
    if key.side == "both":
        return f"{told} in {movement}"
    if key.measure == "kfo":
        return f"{key.side} {told} in {movement}"
    return f"{told} in {movement}, {key.side} leg"


def _movement(key: MeasureKey) -> str:
    return _DONE.get(key.exercise, "the movement")


def _changed(change: Change) -> str:
    key, measure = change.key, change.key.measure
    old, new = words_of(measure, change.before), words_of(measure, change.after)
    before = old.number if old.of == new.of else f"{old.number} {old.of}"
    of = f" {new.of}" if new.of else ""
    notes = [f"give or take {new.error}"] if new.error else []
    if change.limit is not None:
        limit = catalogue.written(measure, change.limit.mdc95, brief=True)
        notes.append(f"a difference counts from {limit} on")
    where = _FROM[family(key.view)]
    return (
        f"{_name(key)}, seen {where}: {before} last time, {new.number}{of} now "
        f"({'; '.join(notes)})."
    )
