"""The page of a diary, and the same as plain values."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from kneetrack.clinic_records.practice import SignFound
from kneetrack.diary.finding import find_practice
from kneetrack.diary.page import diary_page
from kneetrack.diary.plain import diary_dict
from kneetrack.report.diary.html import render_diary
from tests.diary.made import KFO, RELEASE, lunge, many, on

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)


def test_the_page_tells_every_practice() -> None:
    lost = lunge(status="skipped", reps_done=0, sets_done=0)
    records = [
        on(date(2026, 11, 2), 1, pain=(3, 2, 1), parts=(RELEASE, lunge(*KFO))),
        on(date(2026, 11, 4), 2, parts=(RELEASE, lost), note="<b>sore</b>"),
        on(date(2026, 11, 5), 3, kind="selfcheck"),
    ]
    page = diary_page("Diary", records, NOW, zone=UTC)
    assert [line.number for line in page.lines] == [3, 2, 1]
    assert [line.state for line in page.lines] == ["selfcheck", "partly", "done"]
    assert page.lines[2].pain == "3 → 2 → 1" and page.lines[1].pain == ""
    assert page.lines[1].parts[1][2] == "left out"
    assert ("2 of 3", "days this week") in page.figures
    text = render_diary(page)
    assert "&lt;b&gt;sore" in text and "<b>sore" not in text
    assert "<svg " in text and "Not a medical device" in text
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_measures_have_their_first_and_last_number() -> None:
    page = diary_page("Diary", many(8), NOW, zone=UTC)
    by_title = {(line.title, line.side): line for line in page.measures}
    left = by_title["Lateral lunge: knee over foot (KFO)", "left"]
    assert left.tries >= left.told >= 2 and "±" in left.first and "±" in left.last


def test_what_was_never_told_is_named_once() -> None:
    page = diary_page("Diary", [on(date(2026, 11, 2), 1, parts=(lunge(*KFO),))], NOW, zone=UTC)
    assert [line.side for line in page.measures] == ["left", "right"]
    assert page.untold == ("Lateral lunge: bend of the leading knee, left",)
    assert "Could not be told in any practice: Lateral lunge: bend" in render_diary(page)


def test_plain_values_are_json() -> None:
    records = [
        on(date(2026, 11, 2), 1, pain=(3, 2, None), parts=(lunge(*KFO),)),
        on(date(2026, 11, 4), 2, kind="selfcheck", signs=(SignFound("one_leg", "yes"),)),
    ]
    told = json.loads(json.dumps(diary_dict("me", records, NOW, zone=UTC)))
    assert told["today"] == "2026-11-05" and told["streaks"]["this_week"] == 1
    assert told["morning_due"] == {"practised_on": "2026-11-02", "morning": "2026-11-03"}
    first, second = told["practices"]
    assert first["at"] == "2026-11-02T18:05:00+00:00" and first["pain_before"] == 3
    assert first["parts"][0]["measures"][0]["value"] == 0.08
    assert second["signs"] == [{"sign": "one_leg", "told": "yes", "measured": None, "found": ""}]
    assert [day["day"] for day in told["days"]] == ["2026-11-02", "2026-11-04"]


def test_a_practice_by_number_or_day() -> None:
    records = [on(date(2026, 11, 2), 1), on(date(2026, 11, 4), 2)]
    assert find_practice(records, None, UTC).practice.number == 2
    assert find_practice(records, "#1", UTC).practice.number == 1
    assert find_practice(records, "2026-11-02", UTC).practice.number == 1
