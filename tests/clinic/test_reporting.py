"""The report of a session, gathered from a store filled with made-up takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest

from kneetrack.clinic.client_words import in_words
from kneetrack.clinic.correcting import move_bounds, strike_rep
from kneetrack.clinic.report_curves import over_rep, read_columns
from kneetrack.clinic.report_visit import leg_free
from kneetrack.clinic.reporting import report_facts, report_html, report_pdf
from kneetrack.clinic.scores import confirm
from kneetrack.clinic.sheets import sheet
from kneetrack.clinic_records.visits import Session, SetupFacts
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.report.clinic.facts import ReportFacts, Row
from kneetrack.store import Store, open_store
from tests.report.clinic.test_visit_pages import words
from tests.test_wording import offences
from tests.web import filling

TODAY = date(2026, 11, 29)
CODE, INITIALS, NOTE = "QX-731", "Z.Q.", "grandmother of the mayor"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Session]]]:
    """Two visits with squats from the front and the side; nothing changes it."""
    folder = tmp_path_factory.mktemp("clinic")
    with open_store(str(folder / "clinic.db"), by="mw") as store:
        client = filling.fill_client(store, CODE)
        store.change_client(client.id, replace(client.facts, initials=INITIALS, notes=NOTE))
        for at, knees, seed in (
            (filling.FIRST, filling.Knees(0.03, 0.24), 0),
            (filling.SECOND, filling.Knees(0.02, 0.05), 1),
        ):
            filling.fill_session(store, client.id, at, knees, steps=1, seed=seed, clip=False)
        yield store, store.sessions(client.id)


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Session]]:
    """A visit to change."""
    folder = tmp_path_factory.mktemp("own")
    with open_store(str(folder / "clinic.db"), by="mw") as store:
        client = filling.fill_client(store, CODE)
        knees = filling.Knees(0.03, 0.24)
        session = filling.fill_session(
            store, client.id, filling.FIRST, knees, steps=1, seed=0, clip=False
        )
        yield store, session


@pytest.fixture(scope="module")
def facts(filled: tuple[Store, list[Session]]) -> ReportFacts:
    store, sessions = filled
    return report_facts(store, sessions[1].id, today=TODAY)


def row(facts: ReportFacts, label: str) -> Row:
    return next(r for table in facts.tables for r in table.rows if r.label == label)


def test_numbers_with_errors_views_and_reps(facts: ReportFacts) -> None:
    kfo = row(facts, "Knee over foot (KFO)")
    assert kfo.view == "front"
    assert kfo.cells["right"].reps == "5/5"
    assert re.fullmatch(r"\+\d+ ± \d+ %", kfo.cells["right"].text)
    assert kfo.difference.endswith("%")
    assert row(facts, "Knee flexion").view == "side"
    assert set(row(facts, "Knee-to-toe separation (KTSR)").cells) == {"both"}


def test_the_knee_that_came_out_has_changed_and_the_other_has_not(facts: ReportFacts) -> None:
    kfo = row(facts, "Knee over foot (KFO)")
    assert kfo.changes["right"].answer == "changed"
    assert kfo.changes["left"].answer == "no_real_change"
    assert facts.last == "1, 7 September 2026"
    assert any(
        text.startswith("right knee over the toes in squats, seen from the front:")
        for text in facts.client.changed
    )
    assert "left knee over the toes in squats" in facts.client.same[0]
    depth = row(facts, "Depth")
    assert depth.changes["both"].answer == "cannot_tell"
    assert "no minimal detectable change is known" in depth.changes["both"].why


def test_the_client_reads_numbers_with_their_error_and_view(facts: ReportFacts) -> None:
    (line,) = facts.client.seen
    assert line.startswith("Squat, from the front: your left knee was ")
    assert line.count("give or take") == 2
    assert "of your shin’s length inside your toes" in line
    assert [p.caption for p in facts.client.pictures] == ["from the front", "from the side"]
    assert {p.title for p in facts.client.practice} >= {"Squat", "Lateral lunge"}


def test_a_client_reads_what_a_ratio_is_of() -> None:
    told = in_words("ktsr", 0.92, 0.04)
    assert (told.number, told.error, told.of) == ("0.92", "0.04", "times that between your toes")


def test_an_account_of_the_computer_has_measured_nothing(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "clinic.db"), by="root") as store:
        client = filling.fill_client(store, CODE)
        session = store.begin_session(client.id, "lower-limb", 1, SetupFacts())
        assert "measured by" not in report_html(store, session.id, today=TODAY)


def test_takes_that_are_missing_are_told_with_their_reason(facts: ReportFacts) -> None:
    (missing,) = [u for u in facts.untold if u.why == "not filmed"]
    assert "Lateral lunge, side" in missing.what
    assert "Squat, front" not in missing.what


def test_a_first_visit_compares_with_nothing(filled: tuple[Store, list[Session]]) -> None:
    store, sessions = filled
    first = report_facts(store, sessions[0].id, today=TODAY)
    assert first.last == ""
    assert all(not r.changes for table in first.tables for r in table.rows)
    assert (first.client.changed, first.client.same, first.client.unsure) == ((), (), ())


def test_the_visit_to_compare_with_can_be_chosen(filled: tuple[Store, list[Session]]) -> None:
    store, sessions = filled
    chosen = report_facts(store, sessions[1].id, today=TODAY, compare=1)
    assert chosen.last.startswith("1, ")
    with pytest.raises(SettingsError, match="session 2 is later than session 1"):
        report_facts(store, sessions[0].id, today=TODAY, compare=2)
    for number in (1, 7):
        with pytest.raises(SettingsError, match=f"no other session {number}"):
            report_facts(store, sessions[0].id, today=TODAY, compare=number)


def test_an_unknown_session(filled: tuple[Store, list[Session]]) -> None:
    with pytest.raises(UnknownRecordError):
        report_html(filled[0], "0" * 32, today=TODAY)


def test_curves_of_both_legs(facts: ReportFacts) -> None:
    kfo, flexion = facts.curves
    assert [line.side for line in kfo.lines] == ["left", "right"]
    assert [line.side for line in flexion.lines] == ["both"]
    assert len(kfo.lines[0].reps) == 5
    middle = flexion.lines[0].mean[25]
    assert middle is not None and 60 < middle < 120


def test_without_photographs_figures_are_drawn(facts: ReportFacts) -> None:
    assert [still.drawn for still in facts.stills] == [True, True]
    assert all(still.size_px[0] > 100 for still in facts.stills)


def test_coaching_judges_and_measurement_does_not(
    filled: tuple[Store, list[Session]], facts: ReportFacts
) -> None:
    store, sessions = filled
    judged = report_facts(store, sessions[0].id, coaching=True, today=TODAY)
    assert row(judged, "Knee over foot (KFO)").cells["right"].status == "flag"
    assert row(judged, "Knee over foot (KFO)").cells["left"].status == "ok"
    assert judged.bands
    (line,) = judged.client.seen
    assert "the left one is inside your target band" in line
    assert "the right one is outside your target band" in line
    assert "band" not in facts.client.seen[0]
    assert any("second toe" in cue for p in judged.client.practice for cue in p.cues)
    assert all(c.status is None for t in facts.tables for r in t.rows for c in r.cells.values())
    assert facts.bands == ()


def test_nothing_of_the_client_but_the_code(filled: tuple[Store, list[Session]]) -> None:
    store, sessions = filled
    text = report_html(store, sessions[1].id, today=TODAY)
    assert CODE in text
    assert INITIALS not in text
    assert NOTE not in text
    assert CODE not in text.split("</title>")[0]
    assert offences(words(text)) == []
    asked = report_html(store, sessions[1].id, today=TODAY, initials=True)
    assert INITIALS in asked


def test_the_pdf_has_three_pages_and_no_initials(filled: tuple[Store, list[Session]]) -> None:
    store, sessions = filled
    data = report_pdf(store, sessions[1].id, today=TODAY)
    document = pypdfium2.PdfDocument(data)
    found = [sheet.get_textpage().get_text_range() for sheet in document]
    told = str(document.get_metadata_dict())
    document.close()
    assert len(found) in (2, 3)
    assert all(CODE in text for text in found)
    assert not any(INITIALS in text or NOTE in text for text in found)
    assert INITIALS.encode() not in data and NOTE.encode() not in data
    assert CODE not in told


def test_a_correction_of_the_session_compared_with_is_listed(own: tuple[Store, Session]) -> None:
    store, first = own
    trial = store.trials(first.id)[0]
    strike_rep(store, trial.id, 2, reason="a step in between")
    second = filling.fill_session(
        store,
        first.client_id,
        filling.SECOND,
        filling.Knees(0.02, 0.05),
        steps=1,
        seed=1,
        clip=False,
    )
    told = report_facts(store, second.id, today=TODAY)
    assert row(told, "Knee over foot (KFO)").changes["right"].corrected
    (line,) = told.corrections
    assert line.where == "Squat, front, session 1"
    assert line.reason == "a step in between"


def test_corrections_are_marked_and_the_original_is_told(own: tuple[Store, Session]) -> None:
    store, session = own
    trial = next(t for t in store.trials(session.id) if t.view == "front")
    strike_rep(store, trial.id, 2, reason="a step in between")
    move_bounds(store, trial.id, 3, end_s=store.rep_lines(trial.id)[2].end_s - 0.05, reason="late")
    told = report_facts(store, session.id, today=TODAY)
    assert len(told.corrections) == 2
    assert told.corrections[0].where == "Squat, front"
    assert "was struck out" in told.corrections[0].what
    assert told.corrections[0].reason == "a step in between"
    assert row(told, "Knee over foot (KFO)").cells["right"].corrected
    assert row(told, "Knee over foot (KFO)").cells["right"].reps == "4/4"
    assert not row(told, "Knee flexion").cells["both"].corrected
    assert any(
        text.startswith("Squat, Knee over foot (KFO), right: originally +")
        for text in told.originals
    )
    assert told.curves[0].corrected and not told.curves[1].corrected
    assert told.client.corrected and any("%* " in text for text in told.client.seen)
    page = report_html(store, session.id, today=TODAY)
    assert "* Your clinician corrected what the camera saw here." in page
    stars = [s for s in told.stills if s.caption.endswith("*")]
    assert all("front" in still.caption for still in stars)


def test_without_a_correction_there_is_no_star(facts: ReportFacts) -> None:
    assert not facts.client.corrected
    assert not any("*" in text for text in (*facts.client.seen, *facts.client.changed))
    assert not any("*" in still.caption for still in facts.stills)


def test_confirmed_points_choose_the_cues(own: tuple[Store, Session]) -> None:
    store, session = own
    form = sheet("qasls")
    filling.fill_trial(
        store, session.id, _step("slsq_left"), "front", filling.Knees(0.2, 0.0), clip=False
    )
    points = {item.key: int(item.key.startswith("pelvis")) for item in form.items}
    confirm(store, session.id, "slsq_left", form, "left", points)
    told = report_facts(store, session.id, today=TODAY)
    (line,) = told.sheets
    assert (line.title, line.total, line.most) == ("QASLS, single-leg squat, left", 2, 10)
    practice = next(p for p in told.client.practice if p.title == "Single-leg squat")
    assert practice.cues[0] == "Keep your belt level."


def test_setup_that_differs_is_marked_and_stops_the_comparison(own: tuple[Store, Session]) -> None:
    store, session = own
    later = filling.fill_session(
        store, session.client_id, filling.SECOND, filling.Knees(0.02, 0.05), steps=1, clip=False,
        setup=SetupFacts(distance_m=2.0, camera_height_m=0.8, footwear="shoes", stance="hip width"),
    )  # fmt: skip
    told = report_facts(store, later.id, today=TODAY)
    assert {line.label for line in told.setup if line.differs} >= {"Distance", "Footwear"}
    change = row(told, "Knee over foot (KFO)").changes["right"]
    assert change.answer == "cannot_tell"
    assert "Distance 3.00 m" in change.why and "; also Footwear: " in change.why
    assert all("; also " not in text for text in told.client.unsure)
    assert told.client.changed == ()


def test_an_empty_visit_has_a_report(own: tuple[Store, Session]) -> None:
    store, session = own
    empty = store.begin_session(
        session.client_id, "lower-limb", 1, filling.SETUP, at=filling.FIRST + timedelta(days=9)
    )
    told = report_facts(store, empty.id, today=TODAY)
    assert told.tables == () and told.client.seen == ()
    assert told.client.did == "No recording of this visit could be used."
    assert "No take of this session counts" in report_html(store, empty.id, today=TODAY)


@pytest.mark.parametrize(
    ("title", "free"),
    [
        ("Single-leg squat, left", "Single-leg squat"),
        ("Balance on the right leg", "Balance"),
        ("Squat", "Squat"),
        ("Left", "Left"),
    ],
)
def test_titles_without_their_leg(title: str, free: str) -> None:
    assert leg_free(title) == free


def test_gaps_of_a_column_stay_gaps(tmp_path_factory: pytest.TempPathFactory) -> None:
    import numpy as np

    from tests.report.make_results import one_knee_in

    path = tmp_path_factory.mktemp("csv") / "frames.csv"
    lines = [f"{i / 10:.1f},{'' if 8 < i < 14 else i}" for i in range(30)]
    path.write_text("t_s,kfo_ratio_left\n" + "\n".join(lines) + "\n", encoding="utf-8")
    table = read_columns(path, ("t_s", "kfo_ratio_left", "missing"))
    assert set(table) == {"t_s", "kfo_ratio_left"}
    rep = one_knee_in()[0].reps[0].model_copy(update={"start_s": 0.0, "end_s": 2.9})
    curve = over_rep(table["t_s"], table["kfo_ratio_left"], rep)
    assert np.isnan(curve).sum() > 5
    assert curve[0] == 0 and curve[-1] == pytest.approx(29)


def _step(key: str) -> filling.Step:
    found = filling.load_protocol("lower-limb").step(key)
    assert found is not None
    return found
