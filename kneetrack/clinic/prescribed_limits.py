"""How deep a client was to go when a session was: values are held against what was prescribed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kneetrack.clinic_records.practice import Prescription
from kneetrack.exercises.rules import Reader
from kneetrack.judge import reader_status
from kneetrack.programme.limits import with_programme
from kneetrack.programme.reading import programme_from
from kneetrack.records import PRESCRIBED_LIMIT, SettingsError, Status
from kneetrack.settings import Settings

Limited = tuple[str, str]
"""Exercise and measure."""


@dataclass(frozen=True, slots=True)
class PrescribedLimits:
    """Limits of one prescription. number: the prescription's. readers: what judges by them."""

    number: int
    readers: Mapping[Limited, Reader]

    def limit_deg(self, exercise: str, measure: str) -> float | None:
        """How deep it was prescribed to go; None: nothing is prescribed for that."""
        reader = self.readers.get((exercise, measure))
        return None if reader is None or reader.above is None else reader.above.watch

    def status(
        self, exercise: str, measure: str, value: float | None, error: float | None
    ) -> Status | None:
        """A value held against its limit; None where there is no limit, or no value."""
        reader = self.readers.get((exercise, measure))
        if reader is None or value is None:
            return None
        return reader_status(value, reader.error if error is None else error, reader)


def held_at(prescriptions: Sequence[Prescription], at: datetime) -> Prescription | None:
    """The prescription that held at a time."""
    held = [
        one
        for one in prescriptions
        if one.at <= at and (one.withdrawn_at is None or at < one.withdrawn_at)
    ]
    return held[-1] if held else None


def limits_of(prescription: Prescription | None) -> PrescribedLimits | None:
    """The limits of a prescription; None without one, or where it cannot be read here."""
    if prescription is None:
        return None
    try:
        programme = programme_from(prescription.text, "clinician")
    except SettingsError:
        return None
    exercises = with_programme(Settings(), programme).exercises
    readers = {
        (name, reader.measure): reader
        for name in programme.max_knee_flexion_deg
        if name in exercises
        for rule in exercises[name].rules
        for reader in rule.readers
        if reader.reference == PRESCRIBED_LIMIT
    }
    return PrescribedLimits(prescription.number, readers)
