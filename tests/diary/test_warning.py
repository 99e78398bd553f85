"""What stands on top of a diary."""

from __future__ import annotations

from datetime import date

from kneetrack.diary.warning import pain_summary, warnings
from kneetrack.programme.reading import load_programme
from tests.diary.made import lunge, on

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 4)


def test_pain_that_rose_again_and_parts_that_are_less_stand_on_top() -> None:
    records = [
        on(FIRST, 1, pain=(2, 4, 3)),
        on(LAST, 2, pain=(2, 4, None), parts=(lunge(reps_done=6, status="pain"),), ended="pain"),
    ]
    found = warnings(records, load_programme(None), date(2026, 11, 5))
    assert found[0].startswith("Pain rose or stopped the practice in 2 of the last 2 practices.")
    assert any(line.startswith("Lateral lunge: less next time.") for line in found[1:])
    assert warnings(records, None, LAST) == found[:1]
    assert warnings([on(FIRST, 1, pain=(2, 2, 2))], load_programme(None), LAST) == ()


def test_the_headline_tells_the_last_pain_whole_and_how_often_it_rose() -> None:
    records = [on(FIRST, 1, pain=(5, 5, 5)), on(LAST, 2, pain=(2, 4, 3))]
    assert pain_summary(records) == (
        "Pain in practice 2: before 2, after 4, next morning 3. "
        "It rose, or stopped the practice, in 1 of 2 practices."
    )
    assert pain_summary([on(FIRST, 1)]) == ""
