"""Practice at home in the report of a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kneetrack.clinic import report_rows, report_visit
from kneetrack.clinic.prescribed_limits import held_at, limits_of
from kneetrack.clinic.reporting import report_facts, report_html
from kneetrack.clinic_records.numbers import MeasureKey, SessionValue
from kneetrack.clinic_records.practice import PracticeFacts, Prescription
from kneetrack.programme.client_note import with_client_note
from kneetrack.programme.reading import default_text
from kneetrack.report.clinic.facts import ReportFacts
from kneetrack.store import Store
from tests.clinic.test_reporting import TODAY
from tests.test_wording import offences
from tests.web import filling
from tests.web.conftest import clinic_template
from tests.web.diaries import fill_diary

__all__ = ["clinic_template"]
DAY = timedelta(days=1)
LIMITED = (
    default_text()
    .replace("# [limits.squat]", "[limits.lateral_lunge]")
    .replace("# knee_flexion_deg = 90", "knee_flexion_deg = 80")
    .replace("depth_deg = 100", "depth_deg = 80")
    .replace('title = "Hip', 'leave_out = ["modified_pigeon"]\ntitle = "Hip')
    .replace('key = "lunge"', 'key = "lunge"\nnote = "Hold on to a chair."')
)


@pytest.fixture
def clinic(clinic_template: Path, tmp_path: Path) -> Iterator[tuple[Store, filling.Filled]]:
    with filling.copied(clinic_template, tmp_path) as store:
        yield store, filling.found(store)


def told(store: Store, visit: filling.Filled, session: int = 1) -> ReportFacts:
    return report_facts(store, visit.sessions[session].id, today=TODAY)


def test_nothing_is_told_where_nothing_is_known(clinic: tuple[Store, filling.Filled]) -> None:
    facts = told(*clinic)
    assert facts.home is None and facts.client.prescribed is None
    assert facts.client.practice, "the protocol's exercises"
    assert "At home" not in report_html(clinic[0], clinic[1].sessions[1].id, today=TODAY)


def test_the_clinician_sees_practice_since_the_last_session(
    clinic: tuple[Store, filling.Filled],
) -> None:
    store, visit = clinic
    fill_diary(store, visit.client.id, filling.SECOND - DAY)
    home = told(store, visit).home
    assert home is not None
    assert (home.since, home.given) == ("1, 7 September 2026", "")
    assert home.lines == (
        "9 practices on 9 days, the last on 18 October 2026. One self-check.",
        "Stopped by pain once.",
        "Pain (0 to 10) before practice: 5 at first, 1 last, at most 5.",
        "More pain after it in 1 of 8, by up to 2.",
        "More pain the next morning in 1 of 8, by up to 1.",
        "Clean by the camera at home: glute bridge with a block 4 of 9, lateral lunge 4 of 9.",
    )
    assert told(store, visit, 0).home is None, "all of it was after the first session"


def test_what_was_practised_after_a_session_is_told_with_the_last_one(
    clinic: tuple[Store, filling.Filled],
) -> None:
    store, visit = clinic
    fill_diary(store, visit.client.id, filling.SECOND + 30 * DAY, practices=2)
    home = told(store, visit).home
    assert home is not None and home.lines[-1].startswith("Since this session: 2 practices")
    assert told(store, visit, 0).home is None
    store.begin_practice(visit.client.id, PracticeFacts("programme"), at=filling.FIRST - DAY)
    first = told(store, visit, 0).home
    assert first is not None and first.since == ""
    assert first.lines == (
        "1 practice on 1 day, the last on 6 September 2026.",
        "No pain was told.",
    )


def test_practice_since_the_session_is_told_with_its_days(
    clinic: tuple[Store, filling.Filled],
) -> None:
    store, visit = clinic
    at = store.session(visit.sessions[1].id).at
    for days, after in ((1, 4), (3, 2)):
        facts = PracticeFacts("programme", "Hip programme", pain_before=2)
        practice = store.begin_practice(visit.client.id, facts, at=at + DAY * days)
        store.tell_pain(practice.id, after=after)
        store.end_practice(practice.id, "done", at=at + DAY * days)
    home = told(store, visit).home
    assert home is not None
    assert home.lines[0] == "No practice is known of."
    assert home.lines[-1].startswith("Since this session: 2 practices, from ")
    assert home.lines[-1].endswith("; pain rose in it, or stopped it, in 1.")


def test_a_self_check_alone(clinic: tuple[Store, filling.Filled]) -> None:
    store, visit = clinic
    fill_diary(store, visit.client.id, filling.SECOND - DAY, practices=0)
    home = told(store, visit).home
    assert home is not None
    assert home.lines == ("No practice is known of. One self-check.",)


def test_a_prescription_takes_the_place_of_the_protocols_exercises(
    clinic: tuple[Store, filling.Filled],
) -> None:
    store, visit = clinic
    noted = with_client_note(LIMITED, "Every\nother day. " + "x " * 400)
    store.prescribe(visit.client.id, "Hip programme", noted, "Agreed with the GP.")
    facts = told(store, visit)
    given = facts.client.prescribed
    assert given is not None
    assert given.title == "Hip programme"
    assert given.limits == (
        "Lateral lunge: no deeper than 80°",
        "Modified pigeon, supported: left out",
    )
    assert given.note.startswith("Every other day. x") and given.note.endswith(" …")
    assert len(given.note) <= 242
    doses = {part.title: part for part in given.parts}
    assert doses["Lateral lunge"].dose == "2 sets of 8 on each side, no deeper than 80°"
    assert doses["Lateral lunge"].cues == ("Hold on to a chair.",)
    assert not any("pigeon" in title.lower() for title in doses)
    assert facts.home is not None and "no deeper than 80°" in facts.home.given
    text = report_html(store, visit.sessions[1].id, today=TODAY)
    assert "What to practise: Hip programme" in text
    assert "Every other day" in text and "Agreed with the" not in text, (
        "what is on record is for clinicians"
    )
    assert offences(text.split("</style>")[1]) == []


def test_a_programme_that_cannot_be_read_is_given_as_a_file(
    clinic: tuple[Store, filling.Filled],
) -> None:
    store, visit = clinic
    store.prescribe(visit.client.id, "Of the future", "title = 'x'\nnew = 1\n")
    facts = told(store, visit)
    assert facts.client.prescribed is not None
    assert facts.client.prescribed.title == "Of the future"
    assert "as a file" in facts.client.prescribed.note
    store.withdraw_prescription(store.prescriptions(visit.client.id)[0].id)
    assert told(store, visit).client.prescribed is None


def test_depth_is_held_against_what_was_prescribed_when_the_session_was() -> None:
    at = filling.SECOND
    limits = [
        Prescription("a", "c", 1, "Old", LIMITED, at - DAY * 9, withdrawn_at=at - DAY),
        Prescription("b", "c", 2, "New", LIMITED, at - DAY),
    ]
    assert held_at(limits, filling.SECOND) is limits[1]
    assert held_at(limits, filling.SECOND - DAY * 2) is limits[0]
    assert held_at(limits, filling.SECOND - DAY * 20) is None
    found = limits_of(limits[1])
    assert found is not None and found.number == 2
    assert found.limit_deg("lateral_lunge", "lead_knee_flexion") == 80
    assert found.status("lateral_lunge", "lead_knee_flexion", 88.8, 5.5) == "watch"
    assert found.status("lateral_lunge", "lead_knee_flexion", 96.0, 3.0) == "flag"
    assert found.status("lateral_lunge", "lead_knee_flexion", 75.0, 3.0) == "ok"
    assert found.status("squat", "knee_flexion", 120.0, 3.0) is None


def test_a_lunge_beyond_the_prescribed_limit_has_no_tick(
    clinic: tuple[Store, filling.Filled],
) -> None:
    store, visit = clinic
    session = store.session(visit.sessions[1].id)
    limited = Prescription("b", "c", 2, "New", LIMITED, session.at - DAY)
    about = report_visit.visit(store, session.id, coaching=True, today=TODAY)
    key = MeasureKey("lunge", "lateral_lunge", "lead_knee_flexion", "left", "front", "deg")
    deep = SessionValue(session.id, key, 88.8, 5.5, 1.0, 5, 5)
    assert report_rows.value_status(about, deep) is None
    assert report_rows.beyond_words(about, deep) == ""
    about.__dict__["limits"] = limits_of(limited)
    assert report_rows.value_status(about, deep) == "watch"
    assert report_rows.beyond_words(about, deep) == "beyond the prescribed 80°"
    assert report_rows.beyond_words(about, replace(deep, value=75.0)) == ""
