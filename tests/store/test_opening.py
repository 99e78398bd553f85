"""Where the store is, who may look, and one clear line for whatever is wrong with it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from kneetrack.clinic_records.people import ClientFacts
from kneetrack.records import StoreError
from kneetrack.store import Store, engines, files, open_store
from kneetrack.store.columns import metadata
from kneetrack.store.migrating import REVISIONS, migration_settings
from tests.storing import finished_trial, needs_sqlite, new_client, new_session

not_root = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() == 0, reason="root may do everything"
)


def test_the_migrations_make_the_tables(store: Store) -> None:
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        script = ScriptDirectory.from_config(migration_settings(connection))
    assert tuple(r.revision for r in script.walk_revisions())[::-1] == REVISIONS


def test_a_store_is_there_when_it_is_opened_again(store_url: str, store_files: Path) -> None:
    with open_store(store_url, files=store_files) as store:
        client = new_client(store)
        trial = finished_trial(store, new_session(store, client))
    with open_store(store_url, files=store_files) as store:
        assert store.client("KT-017") == client
        assert (store.trial_folder(trial.id) / "result.json").is_file()
        assert store.by


def test_one_made_by_a_newer_program_is_left_alone(store_url: str, store_files: Path) -> None:
    with open_store(store_url, files=store_files) as store, store._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer kneetrack: update this one$"):
        open_store(store_url, files=store_files)


@needs_sqlite
def test_the_environment_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNEETRACK_DATA", str(tmp_path / "data"))
    for name in ("KNEETRACK_DB", "KNEETRACK_FILES"):
        monkeypatch.delenv(name, raising=False)
    with open_store() as store:
        assert store.place == str(tmp_path / "data" / "clinic.db")
        assert store.files == tmp_path / "data" / "clinic.db.files"
    monkeypatch.setenv("KNEETRACK_DB", f"sqlite:///{tmp_path}/other.db")
    monkeypatch.setenv("KNEETRACK_FILES", str(tmp_path / "elsewhere"))
    with open_store() as store:
        assert store.place == str(tmp_path / "other.db")
        assert store.files == tmp_path / "elsewhere"


@needs_sqlite
@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_user_may_look(tmp_path: Path) -> None:
    path = tmp_path / "new" / "clinic.db"
    old = os.umask(0)
    try:
        with open_store(str(path)) as store:
            folder = store.trial_folder(
                finished_trial(store, new_session(store, new_client(store))).id
            )
            beside = [p for p in path.parent.iterdir() if p.is_file()]
            assert {p.stat().st_mode & 0o777 for p in beside} == {0o600}
            assert len(beside) == 3, "database, -wal and -shm"
            for place in (path.parent, store.files, folder.parent, folder):
                assert place.stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(old)


@needs_sqlite
def test_sqlite_is_set_up_to_lose_nothing(store: Store) -> None:
    with store._engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "secure_delete": 1}


def make_other_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (id INTEGER)")
    connection.close()


BAD = {
    "no database": (lambda p: p.write_bytes(b"no database at all" * 99), "not a database"),
    "other program": (make_other_program, "another program"),
    "a folder": (lambda p: p.mkdir(), "is a folder"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_store_is_told_and_left_as_it_is(name: str, tmp_path: Path) -> None:
    make, words = BAD[name]
    path = tmp_path / "clinic.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError, match=words) as caught:
        open_store(str(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://a:geheim@host/db", "cannot be kept in mysql"),
        ("postgresql+pg9000://a:geheim@host/db", r"pip install 'kneetrack\[postgres\]'"),
        ("postgresql://a:geheim@host:port/db", "address of the database cannot be read"),
        ("postgresql://a:geheim@127.0.0.1:1/db?connect_timeout=2", "127.0.0.1:1/db does not answ"),
        ("postgresql://a:geheim@127.0.0.1:1/db?geheim=geheim", "does not answer|cannot be opened"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_a_bad_address_is_one_line_without_its_password(
    url: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        open_store(url, files=tmp_path / "files")
    assert "\n" not in str(caught.value)
    if "geheim=" not in url:
        assert "geheim" not in str(caught.value)
    assert not (tmp_path / "files").exists()


def test_postgresql_without_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(StoreError, match=r"pip install 'kneetrack\[postgres\]'"):
        open_store("postgres://host/db")


def test_without_its_database_library_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "from kneetrack.records import StoreError\n"
        "try:\n import kneetrack.store\n"
        "except StoreError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith("the store needs sqlalchemy, which is not installed: pip install")


@needs_sqlite
def test_a_locked_database_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_S", 0.2)
    with open_store(store.place, files=store.files) as second:
        other = sqlite3.connect(store.place, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            assert second.client_lines() == [], "reading goes on"
            with pytest.raises(StoreError, match="busy: another program writes"):
                second.add_client(ClientFacts("KT-1"))
        finally:
            other.close()
        second.add_client(ClientFacts("KT-1"))


@needs_sqlite
def test_a_full_disk_is_told_and_nothing_is_half_done(store: Store) -> None:
    new_client(store, notes="x" * 4000)
    with store._engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StoreError, match="the disk is full"):
        for n in range(100):
            store.add_client(ClientFacts(f"KT-{n}", notes="x" * 4000))
    with store._engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    assert len(store.audit(kind="client")) == store.count_clients()


@needs_sqlite
def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    with open_store(str(path)) as store:
        for n in range(60):
            new_client(store, f"KT-{n}", notes="x" * 2000)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 8192) + whole[-4096:])
    with pytest.raises(StoreError, match=r"is damaged|not a database"):
        open_store(str(path)).client_lines()


@not_root
@needs_sqlite
def test_no_permission_is_told(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(StoreError, match="no permission"):
        open_store(str(tmp_path / "closed" / "clinic.db"))


def test_files_that_are_lost_are_missed(store_url: str, store_files: Path) -> None:
    with open_store(store_url, files=store_files) as store:
        trial = finished_trial(store, new_session(store, new_client(store)))
    store_files.rename(store_files.with_name("moved"))
    with pytest.raises(StoreError, match=r"not there: .*KNEETRACK_FILES"):
        open_store(store_url, files=store_files)
    with open_store(store_url, files=store_files.with_name("moved")) as store:
        assert (store.trial_folder(trial.id) / "result.json").is_file()
    store_files.mkdir()
    with open_store(store_url, files=store_files) as store:
        assert store.trial(trial.id) == trial, "goes on without the files"


def test_files_of_another_store_are_not_touched(
    store_url: str, store_files: Path, tmp_path: Path
) -> None:
    with open_store(str(tmp_path / "other.db")) as other:
        foreign = other.files
    with pytest.raises(StoreError, match="another store"):
        open_store(store_url, files=foreign)


def test_a_file_in_the_way_of_the_folder(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(StoreError, match="a file is in the way"):
        open_store(store_url, files=tmp_path / "taken")


def test_a_disk_without_room_for_files(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    session = new_session(store, new_client(store))

    def full(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "make_private", full)
    with pytest.raises(StoreError, match="the disk is full"):
        store.begin_trial(session.id, "squat", "front", "clip")
    monkeypatch.undo()
    assert store.trial_folder(store.unfinished_trials()[0].id).is_dir()


def test_migrations_of_two_stations_at_once_happen_once(store_url: str, store_files: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kneetrack.store import open_store\n"
        "with open_store(sys.argv[1], files=Path(sys.argv[2])) as s: print(s.count_clients())"
    )
    command = [sys.executable, "-c", code, store_url, str(store_files)]
    children = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    try:
        ended = [child.communicate(timeout=60) for child in children]
    finally:
        for child in children:
            child.kill()
            child.wait(10)
    assert ended == [("0\n", "")] * 3
