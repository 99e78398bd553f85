"""kneetrack sessions, session and trial: looking at what was measured."""

from __future__ import annotations

import json

import pytest

from kneetrack.clinic import catalogue
from kneetrack.clinic.correcting import move_bounds
from kneetrack.clinic_records.visits import ScoreItem, Session
from kneetrack.store import Store
from tests.commands.conftest import Command
from tests.storing import new_client, new_session
from tests.web.filling import Knees, fill_clinic, fill_trial


@pytest.fixture
def session(store: Store) -> Session:
    """A client's second session, with a squat from front and side."""
    from kneetrack.clinic.protocols import load_protocol

    client = new_client(store)
    new_session(store, client)
    made = new_session(store, client)
    squat = load_protocol("lower-limb").steps[0]
    for view in squat.views:
        fill_trial(store, made.id, squat, view, Knees(0.02, 0.2), clip=False)
    return made


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_sessions_are_listed(
    store: Store, session: Session, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    store.close_session(store.sessions(session.client_id)[0].id)
    assert command("sessions", "kt-017") == 0
    lines = shown(capsys)
    assert any("lower-limb 0 of 10 distance 3 m" in line for line in lines)
    assert any("lower-limb 2 of 10 open distance 3 m" in line for line in lines)
    assert command("sessions", "KT-017", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [s["session"] for s in told] == [1, 2]
    assert told[1]["setup"]["footwear"] == "barefoot"


def test_a_session_is_deleted_when_it_is_said_which_and_that_it_is_sure(
    store: Store, session: Session, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    client_id = session.client_id
    folder = store.trial_folder(store.trials(session.id)[0].id)
    third = new_session(store, store.client("KT-017"))
    assert command("session", "KT-017", "--delete", "--yes") == 2
    assert "say which one" in capsys.readouterr().err
    assert command("session", "KT-017", 2, "--delete") == 2
    assert "for good: add --yes" in capsys.readouterr().err
    assert command("session", "KT-017", 2, "--delete", "--yes", "--json") == 2
    assert len(store.sessions(client_id)) == 3 and folder.is_dir()
    capsys.readouterr()
    assert command("session", "KT-017", 2, "--delete", "--yes") == 0
    told = capsys.readouterr()
    assert told.out.startswith("Deleted session 2 of KT-017 (") and "2 takes): " in told.out
    assert told.err == "Sessions are numbered by day: 3 is now 2.\n"
    assert [s.id for s in store.sessions(client_id)][1:] == [third.id] and not folder.exists()


def test_a_session_is_put_on_the_day_that_is_right(
    store: Store, session: Session, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    first = store.sessions(session.client_id)[0]
    assert command("session", "KT-017", 2, "--date", "2026-02-30") == 2
    assert command("session", "KT-017", 2, "--date", "2999-01-01") == 2
    assert "lies ahead" in capsys.readouterr().err
    assert command("session", "KT-017", 2, "--date", "2020-05-03") == 0
    told = capsys.readouterr()
    assert "is now of 2020-05-03." in told.err
    assert "Sessions are numbered by day: 2 is now 1, 1 is now 2." in told.err
    assert [s.id for s in store.sessions(session.client_id)] == [session.id, first.id]
    assert command("session", "KT-017", "2020-05-03", "--date", "2020-05-03") == 0
    assert "is now" not in capsys.readouterr().err
    what = [(line.what, line.detail) for line in store.audit(record_id=session.id)]
    assert what[0] == ("changed", "at")


def test_a_client_without_sessions(
    store: Store, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    new_client(store)
    assert command("sessions", "KT-017") == 0
    assert shown(capsys) == ["KT-017 has no session yet."]
    assert command("session", "KT-017") == 7


def test_front_and_side_stand_in_one_row_each_number_with_view_and_error(
    session: Session, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("session", "KT-017") == 0
    lines = shown(capsys)
    row = lines[lines.index(next(x for x in lines if x.startswith("Squat ✓ front 5/5"))) :]
    row = row[: row.index("")]
    assert row[1].startswith("✓ side 5/5")
    kfo = next(line for line in row if " Knee over foot (KFO) front " in f" {line}")
    assert kfo.count(" ± ") == 2 and kfo.count("%") == 2
    flexion = next(line for line in row if "Knee flexion side" in line)
    assert "±" in flexion and "°" in flexion
    assert "Lateral lunge front: not taken" in lines
    assert lines[-1] == "mean of the valid repetitions ± one standard error"
    assert "FPPA change: Change of the frontal-plane angle from standing" in lines


def test_everything_is_in_the_json(
    store: Store, session: Session, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    items = [ScoreItem("arm", 0, "", 1)]
    store.save_score(session.id, "slsq_left", "qasls", "left", items)
    assert command("session", "KT-017", 2, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    squat, _, single = told["steps"][:3]
    assert [t["take"] for t in squat["takes"]] == ["squat:front", "squat:side"]
    views = {v["view"] for v in squat["values"] if v["value"] is not None}
    assert views == {"front", "side"}
    assert all(v["error"] is not None for v in squat["values"] if v["value"] is not None)
    assert all(v["why_not"] for v in squat["values"] if v["value"] is None)
    assert single["scores"] == [{"sheet": "qasls", "side": "left", "total": 1, "items": {"arm": 1}}]


def test_corrections_are_marked(
    store: Store, session: Session, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    front = store.trials(session.id)[0]
    rep = store.rep_lines(front.id)[1]
    move_bounds(store, front.id, 2, bottom_s=rep.bottom_s + 0.1, reason="a little later")
    assert command("session", "KT-017", 2) == 0
    lines = shown(capsys)
    assert any("Knee over foot (KFO) front" in line and "*" in line for line in lines)
    assert "* a reviewer's correction is in it" in lines
    assert command("session", "KT-017", 2, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["steps"][0]["takes"][0]["corrections"] == 1


def test_a_trial_is_rejected_restored_and_noted(
    store: Store, session: Session, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    front, side = store.trials(session.id)
    words = ("trial", "reject", "KT-017", 2, "squat:front", "Squat:Side", "--reason", "pain")
    assert command(*words) == 0
    assert "squat:front does not count: pain" in capsys.readouterr().err
    assert {store.trial(t.id).status for t in (front, side)} == {"rejected"}
    assert command("session", "KT-017", 2) == 0
    assert "squat:front, rejected: pain" in shown(capsys)
    assert command("trial", "restore", "KT-017", 2, "squat:front#1") == 0
    assert store.trial(front.id).status == "good"
    for text in ("held the rail", "tired"):
        assert command("trial", "note", "KT-017", 2, "squat:front", "--text", text) == 0
    assert store.trial(front.id).note == "held the rail; tired"
    words = ("trial", "note", "KT-017", 2, "squat:front", "--text", "fine", "--replace")
    assert command(*words) == 0
    assert store.trial(front.id).note == "fine"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("reject", "KT-017", 2, "squat:front", "jump:front", "--reason", "x"), 7, "did you mean"),
        (("reject", "KT-017", 2, "squat:front"), 2, "Missing option '--reason'"),
        (("reject", "KT-017", 2, "squat:front", "--reason", " "), 2, "with a reason"),
        (("restore", "KT-017", 5, "squat:front"), 7, "no session 5: there are sessions 1 to 2"),
        (("note", "KT-017", 2, "squat", "--text", "x"), 2, "say squat:front or squat:side"),
    ],
)
def test_what_is_wrong_changes_nothing(
    store: Store,
    session: Session,
    command: Command,
    words: tuple[object, ...],
    code: int,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command("trial", *words) == code
    assert told in capsys.readouterr().err
    assert {t.status for t in store.trials(session.id)} == {"good"}


def test_a_session_whose_protocol_is_gone_is_shown_by_its_trials(
    store: Store, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = fill_clinic(store, steps=1)
    gone = store.begin_session(filled.client.id, "ours", 3, filled.sessions[0].setup)
    from kneetrack.clinic.protocols import load_protocol

    squat = load_protocol("lower-limb").steps[0]
    fill_trial(store, gone.id, squat, "front", clip=False)
    assert command("session", "K-014", gone.number) == 0
    assert any("Knee over foot (KFO) front" in line for line in shown(capsys))
    assert command("sessions", "K-014") == 0


@pytest.mark.parametrize("width", [60, 80, 100, 131, 132, 160])
def test_the_numbers_of_a_measure_stand_beside_it_at_any_width(
    session: Session, command: Command, width: int,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("COLUMNS", str(width))
    assert command("session", "KT-017", 2, "--json") == 0
    values = json.loads(capsys.readouterr().out)["steps"][0]["values"]
    assert command("session", "KT-017", 2) == 0
    lines = capsys.readouterr().out.splitlines()
    table = lines[: next(i for i, line in enumerate(lines) if line.startswith("Lateral lunge"))]
    assert all(len(line) <= width and line == line.rstrip() for line in table[3:])
    for measure in ("knee_flexion", "drop", "descent"):
        value = next(v for v in values if v["measure"] == measure and v["value"] is not None)
        shown = catalogue.text(measure, value["value"], value["error"], brief=True)
        name = " ".join(catalogue.label(measure).split()[:2])
        row = next(line for line in table if f" {name} " in f" {line}")
        assert f"{value['view']} " in row and row.endswith(shown)
