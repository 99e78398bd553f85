"""Which practice is meant: by number or day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Final

from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.diary.pains import of_day
from kneetrack.records import SettingsError, UnknownRecordError

_LONGEST_NUMBER: Final = 9


def find_practice(
    records: Sequence[PracticeRecord], which: str | None = None, zone: tzinfo | None = None
) -> PracticeRecord:
    """The practice of that number or day (``12``, ``2026-11-27``); None: the last one.

    records: at least one, oldest first. Raises SettingsError, UnknownRecordError.
    """
    if which is None:
        return records[-1]
    text = which.strip().removeprefix("#")
    if text.isdecimal() and len(text) <= _LONGEST_NUMBER:
        return _of_number(records, int(text))
    return _only(of_day(records, read_day(text), zone), text)


def _of_number(records: Sequence[PracticeRecord], number: int) -> PracticeRecord:
    found = next((r for r in records if r.practice.number == number), None)
    if found is None:
        numbers = [r.practice.number for r in records]
        there = f"is only {numbers[0]}" if len(numbers) == 1 else f"are {_numbers(numbers)}"
        raise UnknownRecordError(f"there is no practice {number} in the diary: there {there}")
    return found


def _numbers(numbers: Sequence[int]) -> str:
    first, last = min(numbers), max(numbers)
    return f"{first} and {last}" if len(numbers) == 2 else f"{first} to {last}"


def _only(own: Sequence[PracticeRecord], text: str) -> PracticeRecord:
    if len(own) > 1:
        numbers = ", ".join(str(r.practice.number) for r in own)
        raise SettingsError(f"there are several practices of {text}: say one of {numbers}")
    return own[0]


def read_day(text: str) -> date:
    """A day such as 2026-11-27. Raises SettingsError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise SettingsError(
            f"cannot read {text[:20]!r}: give a number, or a day such as 2026-11-27"
        ) from None
