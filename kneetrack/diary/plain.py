"""The diary as plain values for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, tzinfo
from typing import Any

from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.diary.days import diary_days, local_day, practice_days, state_of
from kneetrack.diary.pains import due, last_told
from kneetrack.diary.streaks import AIM, streaks


def diary_dict(
    code: str,
    records: Sequence[PracticeRecord],
    now: datetime,
    *,
    aim: int = AIM,
    zone: tzinfo | None = None,
) -> dict[str, Any]:
    """Everything of a diary; times with their offset from Greenwich, days by the local clock."""
    today = local_day(now, zone)
    found: Any = {
        "client": code,
        "today": today,
        "streaks": asdict(streaks(practice_days(records, zone), today, aim)),
        "pain_told_last": _asdict(last_told(records, zone)),
        "morning_due": _due(records, now, zone),
        "days": [
            {
                "day": day.day,
                "state": day.state,
                "selfcheck": day.selfcheck,
                "practices": [r.practice.number for r in day.records],
            }
            for day in diary_days(records, zone).values()
        ],
        "practices": [practice_dict(r, zone) for r in records],
    }
    plain: dict[str, Any] = _plain(found)
    return plain


def practice_dict(record: PracticeRecord, zone: tzinfo | None = None) -> dict[str, Any]:
    """One practice with its parts, measures and signs."""
    p = record.practice
    own = asdict(p)
    own.pop("client_id")
    facts = own.pop("facts")
    plain: dict[str, Any] = _plain(
        {
            **own,
            **facts,
            "at": p.at.astimezone(zone),
            "day": local_day(p.at, zone),
            "state": state_of(record),
            "parts": [asdict(part) for part in record.parts],
            "signs": [asdict(sign) for sign in record.signs],
        }
    )
    return plain


def _asdict(told: Any) -> dict[str, Any] | None:
    return None if told is None else asdict(told)


def _due(
    records: Sequence[PracticeRecord], now: datetime, zone: tzinfo | None
) -> dict[str, Any] | None:
    found = due(records, now, zone)
    if found is None:
        return None
    return {"practised_on": found.practised_on, "morning": found.morning}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
