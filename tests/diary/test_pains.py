"""Pain over time, and which morning is still to be told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kneetrack.diary.pains import (
    due,
    last_told,
    morning_to_tell,
    mornings,
    pain_points,
    practice_to_tell,
)
from kneetrack.records import KneetrackError, SettingsError, UnknownRecordError
from tests.diary.made import on, row

MONDAY, WEDNESDAY = date(2026, 11, 2), date(2026, 11, 4)


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_every_practice_has_a_point_told_or_not() -> None:
    points = pain_points([on(WEDNESDAY, 2), on(MONDAY, 1, pain=(3, None, 1))], UTC)
    assert [(p.before, p.after, p.next) for p in points] == [(3, None, 1), (None, None, None)]
    assert points[0].morning == date(2026, 11, 3)


def test_what_was_told_last() -> None:
    assert last_told([on(MONDAY)], UTC) is None
    records = [on(MONDAY, 1, pain=(3, 2, 1)), on(WEDNESDAY, 2, pain=(4, None, None))]
    told = last_told(records, UTC)
    assert told is not None and (told.pain, told.when, told.number) == (4, "before", 2)
    told = last_told(records[:1], UTC)
    assert told is not None and (told.pain, told.day) == (1, date(2026, 11, 3))


def test_a_morning_is_due_from_the_next_day_for_two_weeks() -> None:
    records = [on(MONDAY, 1, pain=(3, 2, None))]
    assert due(records, at(2, 20), UTC) is None
    found = due(records, at(3), UTC)
    assert found is not None and found.practised_on == MONDAY
    assert due(records, at(16), UTC) is not None
    assert due(records, at(17), UTC) is None
    assert due([on(MONDAY, 1, pain=(3, 2, 0))], at(3), UTC) is None


@pytest.mark.parametrize(("day", "hour", "minute"), [(2, 23, 50), (3, 2, 0)])
def test_no_morning_is_due_in_the_night_of_the_practice(day: int, hour: int, minute: int) -> None:
    records = [row(1, at(day, hour).replace(minute=minute), pain=(3, 2, None))]
    assert due(records, at(3, 3), UTC) is None
    with pytest.raises(SettingsError, match="still to come"):
        morning_to_tell(records, at(3, 3), None, UTC)
    found = due(records, at(3, 4), UTC)
    assert found is not None and found.morning == date(2026, 11, 3)


def test_only_the_last_morning_is_due() -> None:
    records = [on(MONDAY, 1), on(WEDNESDAY, 2, pain=(1, 1, 1))]
    assert due(records, at(5), UTC) is None
    assert due([*records, on(date(2026, 11, 6), 3)], at(6, 20), UTC) is None


def test_no_morning_is_asked_for_after_a_self_check() -> None:
    assert due([on(MONDAY, 1, kind="selfcheck")], at(3), UTC) is None
    with pytest.raises(UnknownRecordError, match="only self-checks"):
        morning_to_tell([on(MONDAY, 1, kind="selfcheck")], at(3), None, UTC)


def test_two_practices_of_a_day_have_one_morning() -> None:
    records = [row(1, at(2, 7)), row(2, at(2, 18)), row(3, at(3, 1))]
    (morning,) = mornings(records, at(3), UTC)
    assert [r.practice.number for r in morning.records] == [1, 2, 3]


def test_which_morning_is_meant() -> None:
    records = [on(MONDAY, 1), on(WEDNESDAY, 2)]
    assert morning_to_tell(records, at(5), None, UTC).practised_on == WEDNESDAY
    assert morning_to_tell(records, at(4, 20), None, UTC).practised_on == MONDAY
    assert morning_to_tell(records, at(5), MONDAY, UTC).practised_on == MONDAY


@pytest.mark.parametrize(
    ("now", "day", "pain", "error", "says"),
    [
        (at(4, 20), None, (None, None, None), SettingsError, "still to come; --after"),
        (at(5), None, (1, 1, 4), SettingsError, "told already, 4: to change it add --day"),
        (at(29), None, (1, 1, None), SettingsError, "was on 2026-11-04: .* add --day 2026-11-04"),
        (at(5), MONDAY, (1, 1, None), UnknownRecordError, "no practice of 2026-11-02"),
    ],
)
def test_a_mix_up_is_refused(
    now: datetime,
    day: date | None,
    pain: tuple[int | None, int | None, int | None],
    error: type[KneetrackError],
    says: str,
) -> None:
    with pytest.raises(error, match=says):
        morning_to_tell([on(WEDNESDAY, 1, pain=pain)], now, day, UTC)


def test_pain_after_is_of_the_last_practice() -> None:
    records = [on(MONDAY, 1, pain=(1, 2, None)), on(WEDNESDAY, 2)]
    assert practice_to_tell(records, None, UTC).practice.number == 2
    assert practice_to_tell(records, MONDAY, UTC).practice.number == 1
    with pytest.raises(SettingsError, match=r"told already, 2: .* --day 2026-11-02"):
        practice_to_tell(records[:1], None, UTC)
