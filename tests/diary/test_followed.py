"""By which prescription a diary that is brought was practised."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kneetrack.clinic_records.practice import Prescription
from kneetrack.diary.bringing import Brought
from kneetrack.diary.followed import followed_prescription, numbered
from kneetrack.programme.reading import default_text
from tests.diary.made import EVENING, row

TEXT = 'title = "Hip programme"\n[[part]]\nexercise = "squat"\nreps = 8\n'


def prescribed(number: int, text: str = TEXT, title: str = "Hip programme") -> Prescription:
    return Prescription(f"r{number}", "c1", number, title, text, EVENING)


def numbers(brought: Brought, *prescriptions: Prescription) -> list[int | None]:
    return [r.practice.facts.prescription for r in numbered(brought, prescriptions)]


def test_practices_of_the_same_programme_get_its_newest_number() -> None:
    other = row(2, EVENING + timedelta(days=1))
    facts = replace(other.practice.facts, programme="Another")
    other = replace(other, practice=replace(other.practice, facts=facts))
    check = row(3, EVENING + timedelta(days=2), kind="selfcheck")
    brought = Brought((row(), other, check), TEXT)
    more = prescribed(3, TEXT.replace("8", "9"))
    assert numbers(brought, prescribed(1), prescribed(2), more) == [2, None, None]
    assert numbers(brought, more) == [None, None, None]
    assert numbers(brought) == [None, None, None]


def test_notes_and_layout_make_no_other_programme() -> None:
    noted = f'note = "Stop if it swells."\r\n{TEXT}note = "slowly"\n# a remark\n'
    assert followed_prescription(Brought((), noted), [prescribed(1)]) == prescribed(1)
    assert followed_prescription(Brought((), TEXT), [prescribed(1, noted)]) is not None


def test_no_programme_in_the_file_is_the_default_one() -> None:
    usual = prescribed(1, default_text())
    assert followed_prescription(Brought(()), [prescribed(2), usual]) == usual


def test_what_cannot_be_read_is_no_prescription() -> None:
    assert followed_prescription(Brought((), "title = "), [prescribed(1, "title = ")]) is None
