"""What the report tells of practice at home, and of the programme that is prescribed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic.report_visit import Visit, day
from kneetrack.clinic_records.practice import HowEnded, PracticeRecord, Prescription
from kneetrack.guide import load_page
from kneetrack.programme.limits import limit_words
from kneetrack.programme.pain import rise
from kneetrack.programme.reading import programme_from
from kneetrack.programme.values import Part, Programme
from kneetrack.programme.words import dose_words
from kneetrack.records import SettingsError
from kneetrack.report.clinic.facts import AtHome, Practice, Prescribed

_MOST_PARTS, _MOST_LIMITS, _LONGEST_NOTE, _LONGEST_CUE = 8, 5, 240, 90
_ENDS: Final[dict[HowEnded, str]] = {
    "pain": "stopped by pain",
    "stopped": "stopped early",
    "left": "left early",
}
_UNREADABLE: Final = "your clinician gives it to you as a file"


@dataclass(frozen=True, slots=True)
class _Given:
    prescription: Prescription
    programme: Programme | None


def prescribed(visit: Visit) -> Prescribed | None:
    """The client's programme with its limits, for the client; None without a prescription."""
    given = _given(visit)
    if given is None:
        return None
    if given.programme is None:
        return Prescribed(given.prescription.title, (), (), f"{_UNREADABLE}.")
    note = _short(given.programme.note, _LONGEST_NOTE)
    limits = limit_words(given.programme)
    more = len(limits) - _MOST_LIMITS
    shown = (*limits[:_MOST_LIMITS], *((f"{more} more, as in its file",) if more > 0 else ()))
    return Prescribed(given.programme.title, shown, _parts(given.programme), note)


def at_home(visit: Visit) -> AtHome | None:
    """Practice since the session that this one is compared with, and since this one where it is
    the last; None when nothing is known."""
    given, before = _given(visit), visit.before
    every = visit.store.practice_records(visit.client.id)
    records = [
        record
        for record in every
        if record.practice.at <= visit.session.at
        and (before is None or record.practice.at > before.session.at)
    ]
    sessions = visit.store.sessions(visit.client.id)
    last = all(other.at <= visit.session.at for other in sessions)
    later = [record for record in every if last and record.practice.at > visit.session.at]
    if given is None and not records and not later:
        return None
    since = "" if before is None else f"{before.session.number}, {day(before.session.at)}"
    lines = (*_lines(records), *_since(later))
    return AtHome(since, lines, "" if given is None else _given_words(given))


def _since(later: Sequence[PracticeRecord]) -> Iterator[str]:
    """What was practised after the session, until now."""
    own = [record for record in later if record.practice.facts.kind == "programme"]
    if not own:
        return
    days = sorted({record.practice.at.astimezone().date() for record in own})
    when = f"on {day(days[0])}" if len(days) == 1 else f"from {day(days[0])} to {day(days[-1])}"
    times = "1 practice" if len(own) == 1 else f"{len(own)} practices"
    worse = sum((rise(r.practice) or 0) > 0 or r.practice.ended == "pain" for r in own)
    told = f"; pain rose in it, or stopped it, in {worse}" if worse else ""
    yield f"Since this session: {times}, {when}{told}."


def _given(visit: Visit) -> _Given | None:
    prescription = visit.store.prescription_now(visit.client.id)
    if prescription is None:
        return None
    try:
        return _Given(prescription, programme_from(prescription.text, "clinician"))
    except SettingsError:
        return _Given(prescription, None)


def _given_words(given: _Given) -> str:
    told = f"prescription {given.prescription.number}, {given.prescription.title}"
    limits = () if given.programme is None else limit_words(given.programme)
    held = "; ".join(limits) or "no limits"
    return f"{told}, since {day(given.prescription.at)}: {held}"


def _parts(programme: Programme) -> tuple[Practice, ...]:
    parts = [part for part in programme.parts if part.exercise not in programme.leave_out]
    shown = [_part(part) for part in parts[:_MOST_PARTS]]
    more = len(parts) - len(shown)
    return (*shown, *((Practice(f"{more} more parts", "as in its file", ()),) if more else ()))


def _part(part: Part) -> Practice:
    page = load_page(part.exercise)
    note = _short(part.note, _LONGEST_CUE)
    return Practice(part.title, dose_words(part, part.dose, page), (note,) if note else ())


def _short(text: str, longest: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else plain[:longest].rsplit(" ", 1)[0] + " …"


def _lines(records: Sequence[PracticeRecord]) -> Iterator[str]:
    own = [record for record in records if record.practice.facts.kind == "programme"]
    checks = len(records) - len(own)
    if not own:
        yield "No practice is known of." + (_checks(checks) if checks else "")
        return
    days = {record.practice.at.astimezone().date() for record in own}
    times = "1 practice" if len(own) == 1 else f"{len(own)} practices"
    on = "1 day" if len(days) == 1 else f"{len(days)} days"
    yield f"{times} on {on}, the last on {day(max(days))}." + (_checks(checks) if checks else "")
    yield from _ends(own)
    yield from _pains(own)
    yield from _clean(own)


def _checks(count: int) -> str:
    return " One self-check." if count == 1 else f" {count} self-checks."


def _ends(own: Sequence[PracticeRecord]) -> Iterator[str]:
    ends = [record.practice.ended for record in own]
    told = [f"{words} {ends.count(end)} times" for end, words in _ENDS.items() if end in ends]
    if told:
        first, *rest = (text.replace(" 1 times", " once") for text in told)
        yield ", ".join([first[0].upper() + first[1:], *rest]) + "."


def _pains(own: Sequence[PracticeRecord]) -> Iterator[str]:
    befores = [
        r.practice.facts.pain_before for r in own if r.practice.facts.pain_before is not None
    ]
    if not befores:
        yield "No pain was told."
        return
    span = f"{befores[0]} at first, {befores[-1]} last" if len(befores) > 1 else str(befores[0])
    yield f"Pain (0 to 10) before practice: {span}, at most {max(befores)}."
    for when, later in (
        ("after it", [r.practice.pain_after for r in own]),
        ("the next morning", [r.practice.pain_next for r in own]),
    ):
        told = [
            (pain, r.practice.facts.pain_before)
            for pain, r in zip(later, own, strict=True)
            if pain is not None and r.practice.facts.pain_before is not None
        ]
        worse = [pain - before for pain, before in told if pain > before]
        if worse:
            yield f"More pain {when} in {len(worse)} of {len(told)}, by up to {max(worse)}."
        elif told:
            yield f"Never more pain {when} ({len(told)} told)."


def _clean(own: Sequence[PracticeRecord]) -> Iterator[str]:
    """How often each exercise was clean in the eyes of the camera, of all times it could tell."""
    seen: dict[str, list[bool]] = {}
    for part in (part for record in own for part in record.parts):
        if part.judged_by == "camera" and part.clean != "cannot_tell":
            seen.setdefault(part.exercise, []).append(part.clean == "yes")
    if seen:
        told = (f"{_title(name)} {sum(clean)} of {len(clean)}" for name, clean in seen.items())
        yield f"Clean by the camera at home: {', '.join(told)}."


def _title(exercise: str) -> str:
    try:
        title = load_page(exercise).title
    except SettingsError:
        title = exercise.replace("_", " ")
    return title[:1].lower() + title[1:]
