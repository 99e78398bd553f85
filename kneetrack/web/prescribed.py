"""What the pages show of a prescription: the parts and limits of its programme, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kneetrack.clinic_records.practice import PracticeRecord, Prescription
from kneetrack.diary.words import dose_text
from kneetrack.exercises.rules import Exercise
from kneetrack.guide import load_page
from kneetrack.programme.doses import planned
from kneetrack.programme.limits import limit_words, with_programme
from kneetrack.programme.reading import load_programme, programme_from
from kneetrack.programme.steps import within
from kneetrack.programme.values import Part, PlannedPart, Programme
from kneetrack.programme.words import RESTS
from kneetrack.records import SettingsError
from kneetrack.settings import Settings
from kneetrack.store import Store


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a programme: its dose to begin with, up to where it may grow, within the limits.

    now: where the client stands, "" where nothing was practised or it is the dose to begin with.
    """

    title: str
    left_out: bool
    dose: str
    now: str
    most: str
    note: str


def shown(store: Store, client_id: str, today: date) -> dict[str, Any]:
    """The prescription that holds and earlier ones, for a template."""
    now = store.prescription_now(client_id)
    programme = None if now is None else followed(store, client_id)
    history = store.practice_records(client_id)
    return {
        "prescription": now,
        "earlier": [p for p in store.prescriptions(client_id)[::-1] if p.withdrawn_at is not None],
        "parts": () if programme is None else _lines(programme, history, today),
        "client_note": "" if programme is None else programme.note,
        "limits": () if programme is None else limit_words(programme),
    }


def exercises_of(store: Store, client_id: str) -> Mapping[str, Exercise] | None:
    """The exercises with the bands of what is prescribed; None: the usual ones."""
    now = store.prescription_now(client_id)
    programme = None if now is None else _read(now)
    return None if programme is None else with_programme(Settings(), programme).exercises


def followed(store: Store, client_id: str) -> Programme | None:
    """The programme that holds: what is prescribed, else the usual one; None: unreadable here."""
    now = store.prescription_now(client_id)
    if now is None:
        return load_programme(None)
    programme = _read(now)
    return None if programme is None else replace(programme, prescription=now.number)


def _read(prescription: Prescription) -> Programme | None:
    """None where a newer or older kneetrack wrote what this one cannot read."""
    try:
        return programme_from(prescription.text, "clinician")
    except SettingsError:
        return None


def _lines(
    programme: Programme, history: Sequence[PracticeRecord], today: date
) -> tuple[PartLine, ...]:
    now = {each.part.key: each for each in planned(programme, history, today)}
    return tuple(_line(programme, part, now.get(part.key)) for part in programme.parts)


def _line(programme: Programme, part: Part, now: PlannedPart | None) -> PartLine:
    each = load_page(part.exercise).each_side and part.sides == "both"
    limit = programme.max_knee_flexion_deg.get(part.exercise)
    within_limit = (within(dose, limit) for dose in (part.dose, part.most))
    dose, most = (dose_text(one, each_side=each) for one in within_limit)
    left_out = part.exercise in programme.leave_out
    title = part.title if part.sides == "both" else f"{part.title}, {part.sides}"
    stands = "" if now is None else RESTS if now.rests else dose_text(now.dose, each_side=each)
    return PartLine(
        title,
        left_out,
        dose,
        "" if stands == dose else stands,
        "" if most == dose else most,
        part.note,
    )
