"""Which prescription a diary that is brought was practised by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kneetrack.clinic_records.practice import PracticeRecord, Prescription
from kneetrack.diary.bringing import Brought
from kneetrack.programme.reading import default_text, programme_from
from kneetrack.programme.values import Programme
from kneetrack.records import SettingsError


def followed_prescription(
    brought: Brought, prescriptions: Sequence[Prescription]
) -> Prescription | None:
    """The newest one that asks for the same as the programme of the diary; notes do not matter."""
    own = _without_notes(brought.programme or default_text())
    if own is None:
        return None
    same = [each for each in prescriptions if _without_notes(each.text) == own]
    return max(same, key=lambda each: each.number, default=None)


def numbered(brought: Brought, prescriptions: Sequence[Prescription]) -> tuple[PracticeRecord, ...]:
    """Its practices; those of the programme that was prescribed carry the prescription's number.

    At home all practices under one title belong to one programme, so they do here, and the doses
    that are planned from them are those of home.
    """
    followed = followed_prescription(brought, prescriptions)
    if followed is None:
        return brought.records
    return tuple(_numbered(record, followed) for record in brought.records)


def _numbered(record: PracticeRecord, followed: Prescription) -> PracticeRecord:
    facts = record.practice.facts
    if facts.kind != "programme" or facts.programme != followed.title:
        return record
    facts = replace(facts, prescription=followed.number)
    return replace(record, practice=replace(record.practice, facts=facts))


def _without_notes(text: str) -> Programme | None:
    """None where it cannot be read here."""
    try:
        programme = programme_from(text, "clinician")
    except SettingsError:
        return None
    parts = tuple(replace(part, note="") for part in programme.parts)
    return replace(programme, parts=parts, note="")
