"""What is deleted is gone: rows, folders, and every byte of it in the database's files."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from kneetrack.clinic_records.people import Client
from kneetrack.clinic_records.visits import RESULT_FILE, Correction, ScoreItem
from kneetrack.records import UnknownRecordError
from kneetrack.store import Store, engines, files, open_store
from kneetrack.store.columns import metadata
from tests.store.practising import full_practice
from tests.storing import (
    finished_trial,
    lay_files,
    needs_sqlite,
    new_client,
    new_session,
    numbers,
)

KEPT = {"audit", "removals", "store_facts", "users", "sign_ins", "reliability"}


def words(n: int) -> dict[str, str]:
    """What must not be readable afterwards."""
    return {"code": f"Zq{n:03d}Code", "initials": f"W{n:03d}X", "notes": f"Remark{n:03d} " * 40}


def full_visit(store: Store, n: int) -> Client:
    """A client with something in every table and in files."""
    told = words(n)
    client = new_client(store, told["code"], initials=told["initials"], notes=told["notes"] + "1")
    for turn in range(2):
        facts = replace(client.facts, notes=told["notes"] + "x" * 50 * turn)
        store.change_client(client.id, facts)
    session = new_session(store, client)
    store.change_session(session.id, notes=told["notes"])
    trial = finished_trial(store, session, clip=True)
    folder = store.trial_folder(trial.id)
    (folder / RESULT_FILE).write_text(told["code"] + told["notes"], "utf-8")
    store.note_trial(trial.id, told["notes"])
    made = Correction(
        "", trial.id, "verdict", {"rep": 1}, {}, {"status": told["code"]}, told["notes"], "",
        datetime.now(UTC),
    )  # fmt: skip
    store.add_correction(made)
    item = ScoreItem("knee", 1, told["notes"], 1)
    store.save_score(session.id, "squat", "lsd", "left", [item])
    full_practice(store, client, why=told["notes"], note=told["notes"])
    store.prescribe(client.id, told["code"], told["notes"], told["notes"])
    return client


def readable(folder: Path, n: int) -> list[str]:
    """Files in which a word of the client can be read, in either byte order of text."""
    told = [word.strip().split()[0] for word in words(n).values()]
    looked_for = [w.encode(code) for w in told for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return [
        path.name
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(word in path.read_bytes() for word in looked_for)
    ]


def test_every_row_and_file_of_theirs_goes(store: Store) -> None:
    gone, kept = full_visit(store, 1), full_visit(store, 2)
    with store._engine.connect() as connection:
        rows = {t.name: count(connection, t) for t in metadata.sorted_tables if t.name not in KEPT}
    assert all(n >= 2 for n in rows.values()), rows
    trial = store.trials(store.sessions(gone.id)[0].id)[0]
    done = store.delete_client(gone.id)
    assert (done.clients, done.sessions, done.trials, done.left) == (1, 1, 1, ())
    assert (done.practices, done.files) == (1, 4)
    with store._engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name not in KEPT:
                assert count(connection, table) * 2 == rows[table.name], table.name
    assert not (store.files / gone.id).exists()
    assert (store.files / kept.id).is_dir()
    for ask in (lambda: store.client(gone.id), lambda: store.trial(trial.id)):
        with pytest.raises(UnknownRecordError):
            ask()


def count(connection: object, table: object) -> int:
    query = select(func.count()).select_from(table)  # type: ignore[arg-type]
    return int(connection.execute(query).scalar_one())  # type: ignore[attr-defined]


def test_audit_lines_stay_and_tell_nothing(store: Store) -> None:
    client = full_visit(store, 1)
    store.delete_client(client.id)
    lines = store.audit(record_id=client.id)
    assert (lines[0].what, lines[0].kind, lines[0].by) == ("deleted", "client", "Kim")
    assert len(lines) > 8
    text = str(lines)
    assert not any(word.split()[0] in text for word in words(1).values())


@needs_sqlite
def test_no_byte_of_the_deleted_can_be_read(store: Store) -> None:
    place = Path(store.place).parent
    clients = [full_visit(store, n) for n in range(40)]
    assert all(readable(place, n) for n in range(40)), "the search finds what is there"
    for n in range(0, 40, 2):
        assert store.delete_client(clients[n].id).left == ()
        assert readable(place, n) == []
    assert all(readable(place, n) for n in range(1, 40, 2))


@needs_sqlite
def test_no_byte_of_a_deleted_practice_can_be_read(store: Store) -> None:
    place = Path(store.place).parent
    client = new_client(store)
    practices = [full_practice(store, client, why=words(n)["notes"]) for n in range(20)]
    assert all(readable(place, n) for n in range(20)), "the search finds what is there"
    for n in range(0, 20, 2):
        assert store.delete_practice(practices[n].id).left == ()
        assert readable(place, n) == []
    assert all(readable(place, n) for n in range(1, 20, 2))


@needs_sqlite
def test_the_gaps_of_pages_are_closed(store: Store) -> None:
    """Overwriting what is deleted is not enough: rows that moved before leave copies in gaps."""
    dice = random.Random(0)
    clients = [new_client(store, f"KT-{n}", notes=words(n)["notes"]) for n in range(60)]
    for _ in range(120):
        n = dice.randrange(60)
        notes = words(n)["notes"] * dice.randint(1, 7)
        store.change_client(clients[n].id, replace(clients[n].facts, notes=notes[:4000]))
    gone = [n for n in range(60) if dice.random() < 0.5]
    for n in gone:
        store.delete_client(clients[n].id, scrub=n == gone[-1])
    assert [n for n in gone if readable(Path(store.place).parent, n)] == []
    with store._engine.connect() as connection:
        free = connection.execute(text("PRAGMA freelist_count")).scalar()
    assert free == 0, "written anew"


@needs_sqlite
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks at open files")
def test_the_database_is_written_anew_on_the_disk_and_no_file_stays(store: Store) -> None:
    """In memory that would take as much as the database is large."""
    client = full_visit(store, 1)
    for _ in range(4):
        store.note_audit("exported", "cohort", "", "x" * 2_000_000)
    seen: set[str] = set()

    def look() -> int:
        for handle in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):
                seen.add(str(handle.readlink()))
        return 0

    with store._engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        raw.set_progress_handler(look, 10)  # type: ignore[union-attr]
    store.delete_client(client.id)
    folder = Path(store.place).parent
    temporary = [path for path in seen if Path(path).parent == folder and "etilqs" in path]
    assert temporary and all(path.endswith(" (deleted)") for path in temporary)
    assert not list(folder.glob("etilqs*"))
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA temp_store").scalar() == 2, "memory again"
        assert not connection.exec_driver_sql("PRAGMA temp_store_directory").scalar()


@needs_sqlite
def test_while_another_program_reads_it_is_put_off(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_S", 0.2)
    place = Path(store.place)
    other = sqlite3.connect(place, isolation_level=None)
    try:
        with open_store(str(place), files=store.files) as second:
            client = full_visit(second, 1)
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM clients").fetchone()
            left = second.delete_client(client.id).left
            assert [line for line in left if "may still be readable" in line]
            with pytest.raises(UnknownRecordError):
                second.client(client.id)
    finally:
        other.close()
    store.finish_deletions()
    assert readable(place.parent, 1) == []


def test_files_that_cannot_be_removed_are_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = full_visit(store, 1)
    folder = store.files / client.id

    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "remove", refuse)
    left = store.delete_client(client.id).left
    assert f"{folder}: no permission" in left
    monkeypatch.undo()
    store.finish_deletions()
    assert not folder.exists()


def test_what_is_written_after_the_deletion_goes_too(store: Store) -> None:
    client = new_client(store)
    session = new_session(store, client)
    trial = store.begin_trial(session.id, "squat", "front", "clip")
    folder = store.trial_folder(trial.id)
    store.delete_session(session.id)
    folder.mkdir(parents=True)
    lay_files(folder)
    with pytest.raises(UnknownRecordError):
        store.finish_trial(trial.id, numbers(trial.id))
    assert not folder.exists()
    store.delete_client(client.id)
    folder.mkdir(parents=True)
    store.finish_deletions()
    assert not (store.files / client.id).exists()


@needs_sqlite
def test_of_many_the_last_one_cleans_up(store: Store) -> None:
    place = Path(store.place).parent
    clients = [full_visit(store, n) for n in range(3)]
    for n, client in enumerate(clients[:2]):
        assert store.delete_client(client.id, scrub=n == 1).left == ()
    assert readable(place, 0) == readable(place, 1) == []
    store.delete_client(clients[2].id, scrub=False)
    with open_store(store.place, files=store.files):
        assert readable(place, 2) == []


@pytest.mark.parametrize("whole", [True, False])
def test_clips_on_their_way_go_also_those_that_come_too_late(store: Store, whole: bool) -> None:
    client = new_client(store)
    session = new_session(store, client)
    folder = store.files / files.INCOMING / session.id
    for late in (False, True):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "clip").write_bytes(b"on its way")
        if late:
            store.finish_deletions()
        elif whole:
            store.delete_client(client.id)
        else:
            store.delete_session(session.id)
        assert not folder.exists()


def test_an_unknown_client_is_told(store: Store) -> None:
    with pytest.raises(UnknownRecordError, match="client"):
        store.delete_client("0" * 32)
    with pytest.raises(UnknownRecordError, match="session"):
        store.delete_session("0" * 32)


def test_what_an_analysis_writes_for_a_deleted_client_goes_when_it_ends(store: Store) -> None:
    client = new_client(store)
    session = new_session(store, client)
    trial = store.begin_trial(session.id, "squat", "front", "clip")
    folder = store.trial_folder(trial.id)
    store.delete_client(client.id)
    folder.mkdir(parents=True)
    (folder / "landmarks.npz").write_bytes(b"too late")
    with pytest.raises(UnknownRecordError):
        store.finish_trial(trial.id, numbers(trial.id))
    assert not folder.parent.exists()
