"""A diary that is packed, carried along and unpacked is the same diary."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.clinic_records.practice import (
    Clean,
    Dose,
    HowEnded,
    JudgedBy,
    PartDone,
    PartMeasure,
    PartStatus,
    Practice,
    PracticeFacts,
    PracticeKind,
    PracticeRecord,
    Sign,
    SignFound,
    Told,
)
from kneetrack.diary.bringing import FORMAT, pack, unpack
from kneetrack.records import SettingsError, SideName, Status

AT = datetime(2026, 11, 3, 17, 30, tzinfo=UTC)


def one_of(literal: object) -> st.SearchStrategy[str]:
    return st.sampled_from(get_args(literal))


def maybe(what: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | what


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
counts = st.integers(0, 200)
numbers = st.floats(allow_nan=False, allow_infinity=False)
pains = maybe(st.integers(0, 10))
times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
doses = st.builds(
    Dose, sets=maybe(counts), reps=maybe(counts), hold_s=maybe(numbers), depth_deg=maybe(numbers)
)
measures = st.builds(
    PartMeasure,
    rule=words,
    side=one_of(SideName),
    status=one_of(Status),
    measure=words,
    unit=st.sampled_from(["", "deg", "ratio", "s"]),
    value=maybe(numbers),
    error=maybe(numbers),
    reason=words,
    reps_valid=counts,
    reps_total=counts,
)
parts = st.builds(
    PartDone,
    part=words,
    exercise=words,
    dose=doses,
    status=one_of(PartStatus),
    sets_done=counts,
    reps_done=counts,
    seconds=numbers,
    clean=one_of(Clean),
    judged_by=one_of(JudgedBy),
    why=words,
    measures=st.lists(measures, max_size=3).map(tuple),
)
signs = st.builds(
    SignFound, sign=one_of(Sign), told=one_of(Told), measured=maybe(one_of(Status)), found=words
)
practices = st.builds(
    Practice,
    id=st.text("0123456789abcdef", min_size=32, max_size=32),
    client_id=st.just(""),
    number=st.just(0),
    at=times,
    facts=st.builds(
        PracticeFacts,
        kind=one_of(PracticeKind),
        programme=words,
        prescription=st.none(),
        camera=st.booleans(),
        pain_before=pains,
    ),
    ended=one_of(HowEnded),
    ended_at=maybe(times),
    pain_after=pains,
    pain_next=pains,
    pain_next_on=maybe(st.dates(date(1970, 1, 1), date(2199, 12, 31))),
    note=words,
    brought=st.just(True),
)
records = st.builds(
    PracticeRecord,
    practice=practices,
    parts=st.lists(parts, max_size=3, unique_by=lambda part: part.part).map(tuple),
    signs=st.lists(signs, max_size=5, unique_by=lambda sign: sign.sign).map(tuple),
)
diaries = st.lists(records, max_size=4, unique_by=lambda record: record.practice.id)


@given(diaries, words)
def test_what_is_packed_is_unpacked(diary: list[PracticeRecord], programme: str) -> None:
    found = unpack(pack(diary, programme))
    assert found.programme == programme
    in_order = sorted(diary, key=lambda record: (record.practice.at, record.practice.id))
    assert [replace(r, practice=replace(r.practice, number=0)) for r in found.records] == in_order
    assert [r.practice.number for r in found.records] == list(range(1, len(diary) + 1))


def example() -> PracticeRecord:
    facts = PracticeFacts("programme", "Hips", 3, True, 2)
    measure = PartMeasure("knee_valgus", "left", "ok", "kfo", "ratio", float("nan"), float("inf"))
    done = PartDone(
        "lunge", "lateral_lunge", Dose(2, 8), "done", folders=("lunge-1",), measures=(measure,)
    )
    practice = Practice("a" * 32, "c" * 32, 7, AT, facts, "done", pain_next_on=date(2026, 11, 4))
    return PracticeRecord(practice, (done,), (SignFound("one_leg", "yes"),))


def test_who_and_where_is_left_out() -> None:
    text = pack([example()])
    assert json.loads(text)["format"] == FORMAT == "kneetrack/diary/1"
    for word in ("c" * 32, "lunge-1", "client", "folder", "prescription", "NaN", "Infinity"):
        assert word not in text
    (found,) = unpack(text).records
    assert found.practice.facts.prescription is None
    assert (found.parts[0].measures[0].value, found.parts[0].measures[0].error) == (None, None)


def test_a_mark_at_its_beginning_does_no_harm() -> None:
    assert len(unpack("\ufeff" + pack([example()])).records) == 1


def test_an_empty_diary_is_one() -> None:
    assert unpack(pack([])).records == ()


@given(st.integers(0, 10_000), st.characters())
def test_a_damaged_one_is_told_in_one_line_or_is_still_whole(at: int, character: str) -> None:
    text = pack([example()])
    at %= len(text)
    for spoilt in (text[:at], text[:at] + character + text[at + 1 :]):
        try:
            unpack(spoilt)
        except SettingsError as error:
            assert len(str(error).splitlines()) == 1
            assert len(str(error)) < 200


@given(st.text())
def test_any_other_text_is_told_to_be_foreign(text: str) -> None:
    with pytest.raises(SettingsError, match="not a diary that kneetrack packed"):
        unpack(text)


TEXT = pack([example()])


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        ("", "not a diary"),
        ("null", "not a diary"),
        ("[" * 100_000, "not a diary"),
        ('{"format": "kneetrack/result/1"}', "not a diary"),
        (TEXT[: len(TEXT) // 2], "damaged"),
        (TEXT.replace("diary/1", "diary/2"), "newer kneetrack: update"),
        (TEXT.replace('"ended":"done"', '"ended":"won"'), r"damaged \(at practices.0.ended"),
        (TEXT.replace('"pain_before":2', '"pain_before":11'), "damaged"),
        (TEXT.replace('"pain_before":2', '"pain_before":2,"name": "Kim"'), "damaged"),
        (TEXT.replace("a" * 32, "../../etc/passwd"), "damaged"),
        (TEXT.replace('"Hips"', '"Hi\\u0000ps"'), "damaged"),
        (TEXT.replace('"sets":2', '"sets":1e99'), "damaged"),
        (TEXT.replace("T17:30:00Z", "T17:30:00"), "damaged"),
        (TEXT.replace("2026-11-03T17", "0001-01-01T17"), "damaged"),
        (TEXT.replace("2026-11-03T17", "9999-12-31T17"), "damaged"),
        (TEXT.replace("2026-11-04", "9999-12-31"), "damaged"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(spoilt: str, words: str) -> None:
    assert spoilt != TEXT
    with pytest.raises(SettingsError, match=words) as caught:
        unpack(spoilt)
    assert "\n" not in str(caught.value)


def test_what_a_terminal_obeys_is_taken_out() -> None:
    (found,) = unpack(TEXT.replace('"Hips"', '"Hi\\u001b[2Jps\\u009b"')).records
    assert found.practice.facts.programme == "Hi [2Jps "


def test_the_same_practice_twice_is_no_diary() -> None:
    with pytest.raises(SettingsError, match="damaged"):
        unpack(TEXT.replace('"practices":[', '"practices":[' + _first() + ","))


def _first() -> str:
    return json.dumps(json.loads(TEXT)["practices"][0])
