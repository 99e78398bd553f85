"""What is practised at home, in the export of a client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

from kneetrack.clinic.plain_csv import csv_bytes
from kneetrack.clinic_records.people import Client
from kneetrack.clinic_records.practice import (
    Dose,
    PartMeasure,
    PracticeRecord,
    Prescription,
    SignFound,
)
from kneetrack.store.cleaning import practice_place
from kneetrack.store.store import Store

_DOSE: Final = tuple(f.name for f in fields(Dose))
_MEASURE: Final = tuple(f.name for f in fields(PartMeasure))
_SIGN: Final = tuple(f.name for f in fields(SignFound))
_DONE: Final = ("status", "sets_done", "reps_done", "seconds", "clean", "judged_by", "why")
NOT_KEPT: Final = {"at-work"}
"""Files of a practice that tell nothing: the lock of who is at work on it."""


def practice_facts(store: Store, client: Client) -> dict[str, Any]:
    """Practices and prescriptions as they stand in client.json."""
    return {
        "practices": [
            {
                **asdict(record.practice),
                "folder": practice_name(record),
                "parts": [asdict(part) for part in record.parts],
                "signs": [asdict(sign) for sign in record.signs],
            }
            for record in store.practice_records(client.id)
        ],
        "prescriptions": [asdict(one) for one in store.prescriptions(client.id)],
    }


def practice_name(record: PracticeRecord) -> str:
    """The folder of a practice in a zip: "practices/practice-12"."""
    return f"practices/practice-{record.practice.number}"


def practice_tables(store: Store, client: Client) -> Iterator[tuple[str, bytes]]:
    """The tables, and every prescription as a file."""
    records = store.practice_records(client.id)
    yield "practices.csv", csv_bytes(_practice_rows(records))
    yield "parts.csv", csv_bytes(_part_rows(records))
    yield "part-measures.csv", csv_bytes(_measure_rows(records))
    yield "signs.csv", csv_bytes(_sign_rows(records))
    for one in store.prescriptions(client.id):
        yield _prescription_name(one), one.text.encode("utf-8")


def practice_files(store: Store, client: Client) -> Iterator[tuple[str, Path]]:
    """Name in the zip and place of what the camera kept of each practice."""
    for record in store.practice_records(client.id):
        folder = practice_place(store.files, client.id, record.practice.id)
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name not in NOT_KEPT:
                yield f"{practice_name(record)}/{path.relative_to(folder).as_posix()}", path


def _prescription_name(one: Prescription) -> str:
    return f"prescriptions/prescription-{one.number}.toml"


def _practice_rows(records: Sequence[PracticeRecord]) -> Iterator[Sequence[Any]]:
    yield (
        *("practice", "at", "kind", "programme", "prescription", "camera", "ended", "ended_at"),
        *("pain_before", "pain_after", "pain_next", "pain_next_on", "brought", "note"),
    )
    for p in (record.practice for record in records):
        facts = p.facts
        yield (
            *(p.number, p.at.isoformat(), facts.kind, facts.programme, facts.prescription),
            *(facts.camera, p.ended, p.ended_at and p.ended_at.isoformat(), facts.pain_before),
            *(p.pain_after, p.pain_next, p.pain_next_on, p.brought, p.note),
        )


def _part_rows(records: Sequence[PracticeRecord]) -> Iterator[Sequence[Any]]:
    yield ("practice", "part", "exercise", *(f"asked_{name}" for name in _DOSE), *_DONE)
    for record in records:
        for part in record.parts:
            asked = (getattr(part.dose, name) for name in _DOSE)
            done = (getattr(part, name) for name in _DONE)
            yield (record.practice.number, part.part, part.exercise, *asked, *done)


def _measure_rows(records: Sequence[PracticeRecord]) -> Iterator[Sequence[Any]]:
    yield ("practice", "part", "exercise", *_MEASURE)
    for record in records:
        for part in record.parts:
            for line in part.measures:
                told = (getattr(line, name) for name in _MEASURE)
                yield (record.practice.number, part.part, part.exercise, *told)


def _sign_rows(records: Sequence[PracticeRecord]) -> Iterator[Sequence[Any]]:
    yield ("practice", *_SIGN)
    for record in records:
        for sign in record.signs:
            yield (record.practice.number, *(getattr(sign, name) for name in _SIGN))
