"""The diary as a table: one row a part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Any, Final

from kneetrack.clinic.plain_csv import csv_bytes
from kneetrack.clinic_records.practice import PartDone, PartMeasure, PracticeRecord
from kneetrack.diary.days import local_day
from kneetrack.diary.measured import NO_MEASURE
from kneetrack.diary.words import minutes, time_text

OF_A_PRACTICE: Final = (
    *("practice", "day", "time", "kind", "programme", "prescription", "camera", "ended"),
    *("minutes", "pain_before", "pain_after", "pain_next_morning", "next_morning_told_on"),
    *("brought", "signs", "note"),
)
OF_A_PART: Final = (
    *("part", "exercise", "status", "sets_asked", "reps_asked", "hold_asked_s"),
    *("depth_asked_deg", "sets_done", "reps_done", "seconds", "clean", "judged_by", "why"),
)


def diary_csv(records: Sequence[PracticeRecord], zone: tzinfo | None = None) -> bytes:
    """The whole diary, oldest first. A practice without parts has one row with those empty.

    After the fixed columns two a measure and side, ``kfo_ratio_left`` and its standard error
    ``kfo_ratio_left_error``; empty where it could not be told.
    """
    names = measure_columns(records)
    head = [*OF_A_PRACTICE, *OF_A_PART]
    head += [column for name in names for column in _pair(name)]
    return csv_bytes([head, *_rows(records, names, zone)])


Column = tuple[str, str, str]
"""Measure, side, unit."""


def measure_columns(records: Iterable[PracticeRecord]) -> list[Column]:
    """Every measure and side with a number in the diary, in order of the alphabet."""
    found = {_column(row) for record in records for part in record.parts for row in _numbers(part)}
    return sorted(found)


def _numbers(part: PartDone) -> list[PartMeasure]:
    """Measures that could be told; of several rules with the same one the first."""
    told = [m for m in part.measures if m.value is not None and m.status != "cannot_tell"]
    first: dict[Column, PartMeasure] = {}
    for row in told:
        if row.rule not in NO_MEASURE:
            first.setdefault(_column(row), row)
    return list(first.values())


def _column(row: PartMeasure) -> Column:
    return row.measure, row.side, row.unit


def _pair(name: Column) -> tuple[str, str]:
    measure, side, unit = name
    own = "_".join(filter(None, [measure, unit, "" if side == "both" else side]))
    return own, f"{own}_error"


def _rows(
    records: Sequence[PracticeRecord], names: Sequence[Column], zone: tzinfo | None
) -> Iterable[list[Any]]:
    for record in records:
        common = _practice_cells(record, zone)
        if not record.parts:
            yield common + [None] * (len(OF_A_PART) + 2 * len(names))
        for part in record.parts:
            told = {_column(row): row for row in _numbers(part)}
            cells: list[Any] = []
            for name in names:
                row = told.get(name)
                cells += [None, None] if row is None else [row.value, row.error]
            yield common + _part_cells(part) + cells


def _practice_cells(record: PracticeRecord, zone: tzinfo | None) -> list[Any]:
    p = record.practice
    signs = "; ".join(f"{s.sign} {s.told}" for s in record.signs)
    return [
        *(p.number, local_day(p.at, zone).isoformat(), time_text(p.at, zone), p.facts.kind),
        *(p.facts.programme, p.facts.prescription, p.facts.camera, p.ended, minutes(p)),
        *(p.facts.pain_before, p.pain_after, p.pain_next, p.pain_next_on),
        *(p.brought, signs, p.note),
    ]


def _part_cells(part: PartDone) -> list[Any]:
    asked = part.dose
    return [
        *(part.part, part.exercise, part.status, asked.sets, asked.reps, asked.hold_s),
        *(asked.depth_deg, part.sets_done, part.reps_done, part.seconds, part.clean),
        *(part.judged_by, part.why),
    ]
