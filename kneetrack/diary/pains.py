"""Pain over time, and whether the morning after is still to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.diary.days import last_morning, local_day, morning_after, never_begun
from kneetrack.records import SettingsError, UnknownRecordError

STILL_KNOWN_DAYS: Final = 14
"""For so long a morning is asked for; later nobody knows any more."""


@dataclass(frozen=True, slots=True)
class PainPoint:
    """What was told of one practice, 0 to 10; None: not told. morning: the day of ``next``."""

    number: int
    day: date
    morning: date
    before: int | None
    after: int | None
    next: int | None


@dataclass(frozen=True, slots=True)
class PainTold:
    """The pain that was told last. when: "before", "after", "next morning"; day: of telling."""

    pain: int
    when: str
    day: date
    number: int


@dataclass(frozen=True, slots=True)
class MorningAfter:
    """The morning after a day of practice, and the practices that it is about."""

    practised_on: date
    morning: date
    records: tuple[PracticeRecord, ...]

    @property
    def told(self) -> int | None:
        """What was told of it already."""
        return self.records[-1].practice.pain_next


def pain_points(records: Sequence[PracticeRecord], zone: tzinfo | None = None) -> list[PainPoint]:
    """One a practice, oldest first, also where nothing was told."""
    return [_point(r, zone) for r in sorted(records, key=lambda r: r.practice.at)]


def _point(record: PracticeRecord, zone: tzinfo | None) -> PainPoint:
    p = record.practice
    return PainPoint(
        p.number,
        local_day(p.at, zone),
        morning_after(p.at, zone),
        p.facts.pain_before,
        p.pain_after,
        p.pain_next,
    )


def last_told(records: Sequence[PracticeRecord], zone: tzinfo | None = None) -> PainTold | None:
    """The pain that was told last, None when never."""
    for point in reversed(pain_points(records, zone)):
        if point.next is not None:
            return PainTold(point.next, "next morning", point.morning, point.number)
        if point.after is not None:
            return PainTold(point.after, "after", point.day, point.number)
        if point.before is not None:
            return PainTold(point.before, "before", point.day, point.number)
    return None


def mornings(
    records: Sequence[PracticeRecord], now: datetime, zone: tzinfo | None = None
) -> list[MorningAfter]:
    """Mornings after practices that have come by now, oldest first. After a self-check none is."""
    found: dict[date, list[PracticeRecord]] = {}
    for record in _of_programme(records):
        found.setdefault(morning_after(record.practice.at, zone), []).append(record)
    latest = last_morning(now, zone)
    return [
        MorningAfter(local_day(own[-1].practice.at, zone), morning, tuple(own))
        for morning, own in found.items()
        if morning <= latest
    ]


def _of_programme(records: Sequence[PracticeRecord]) -> list[PracticeRecord]:
    """Without those that were kept from being begun."""
    own = [r for r in records if r.practice.facts.kind == "programme" and not never_begun(r)]
    return sorted(own, key=lambda r: r.practice.at)


def due(
    records: Sequence[PracticeRecord], now: datetime, zone: tzinfo | None = None
) -> MorningAfter | None:
    """The last morning after a practice, where it is not told and not long ago."""
    last = next(reversed(mornings(records, now, zone)), None)
    if last is None or last.told is not None:
        return None
    long_ago = local_day(now, zone) - last.morning >= timedelta(days=STILL_KNOWN_DAYS)
    return None if long_ago else last


def morning_to_tell(
    records: Sequence[PracticeRecord],
    now: datetime,
    day: date | None = None,
    zone: tzinfo | None = None,
) -> MorningAfter:
    """Of which practices a pain of the morning after is; day: of the practice, None: the last.

    Raises SettingsError, UnknownRecordError.
    """
    own = _asked_of(records, day, zone)
    come = mornings(own, now, zone)
    if not come:
        on = local_day(own[-1].practice.at, zone)
        raise SettingsError(
            f"the morning after the practice of {on} is still to come; "
            "--after tells the pain after a practice"
        )
    last = come[-1]
    if day is None:
        _refuse_a_mix_up(last, local_day(now, zone))
    return last


def _refuse_a_mix_up(last: MorningAfter, today: date) -> None:
    on, told = last.practised_on, last.told
    if told is not None:
        raise SettingsError(
            f"the morning after {on} is told already, {told}: to change it add --day {on}; "
            "--after is for the pain after a practice"
        )
    if (today - last.morning).days >= STILL_KNOWN_DAYS:
        raise SettingsError(
            f"the last practice was on {on}: to tell its morning after all, add --day {on}"
        )


def practice_to_tell(
    records: Sequence[PracticeRecord], day: date | None = None, zone: tzinfo | None = None
) -> PracticeRecord:
    """Of which practice a pain after it is; day: its day, None: the last practice.

    Raises SettingsError where it is told already and no day says that it is to be changed.
    """
    last = _asked_of(records, day, zone)[-1]
    told, on = last.practice.pain_after, local_day(last.practice.at, zone)
    if day is None and told is not None:
        raise SettingsError(
            f"the pain after the practice of {on} is told already, {told}: to change it add "
            f"--day {on}; without --after the pain of the next morning is told"
        )
    return last


def _asked_of(
    records: Sequence[PracticeRecord], day: date | None, zone: tzinfo | None
) -> list[PracticeRecord]:
    """Practices of the programme, of that day alone where there is one; never none."""
    own = _of_programme(records)
    if not own:
        raise UnknownRecordError("there is no practice in the diary yet, only self-checks")
    return own if day is None else of_day(own, day, zone)


def of_day(
    records: Sequence[PracticeRecord], day: date, zone: tzinfo | None = None
) -> list[PracticeRecord]:
    """The practices of a day, oldest first. Raises UnknownRecordError naming days there are."""
    own = [r for r in records if local_day(r.practice.at, zone) == day]
    if own:
        return sorted(own, key=lambda r: r.practice.at)
    days = sorted({local_day(r.practice.at, zone) for r in records})
    near = ", ".join(str(d) for d in sorted(days, key=lambda d: abs((d - day).days))[:3])
    raise UnknownRecordError(f"there is no practice of {day}: the nearest are of {near}")
