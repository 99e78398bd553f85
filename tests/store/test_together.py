"""Several threads and several programs at one store."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kneetrack.clinic_records.people import ClientFacts
from kneetrack.records import SettingsError
from kneetrack.store import Store
from tests.storing import finished_trial, new_client, new_session

PROGRAM = """
import sys
from pathlib import Path
from kneetrack.store import open_store
from tests.storing import finished_trial, new_client, new_session
url, files, name = sys.argv[1:]
with open_store(url, files=Path(files), by=name) as store:
    session = store.sessions(store.client("KT-000").id)[0]
    for n in range(6):
        finished_trial(store, session, reps=2)
        new_session(store, new_client(store, f"{name}-{n}"))
"""


def test_threads_do_not_get_in_each_others_way(store: Store) -> None:
    session = new_session(store, new_client(store))

    def work(n: int) -> str:
        mine = store.acting_as(f"T{n}")
        client = new_client(mine, f"KT-{n}")
        finished_trial(mine, new_session(mine, client), reps=2)
        return finished_trial(mine, session, reps=2).id

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(work, range(16)))
    found = store.trials(session.id)
    assert sorted(t.attempt for t in found) == list(range(1, 17))
    assert {t.id for t in found} == set(ids)
    assert [t.attempt for t in found if t.status == "good"] == [16]
    assert store.count_clients() == 17
    for line in store.audit(limit=1000):
        if line.by.startswith("T") and line.kind == "client":
            assert store.client(line.record_id).code == f"KT-{line.by[1:]}"


def test_one_code_goes_to_one_client(store: Store) -> None:
    def add(n: int) -> bool:
        try:
            store.add_client(ClientFacts("KT-017" if n % 2 else "kt-017"))
        except SettingsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(16))) == 1
    assert store.count_clients() == 1


def test_programs_do_not_get_in_each_others_way(
    store: Store, store_url: str, store_files: Path, root: Path
) -> None:
    session = new_session(store, new_client(store, "KT-000"))
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, store_url, str(store_files), name],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=root,
        )
        for name in ("A", "B", "C")
    ]
    try:
        told = [program.communicate(timeout=120)[0] for program in running]
    finally:
        for program in running:
            program.kill()
            program.wait(10)
    assert told == ["", "", ""]
    assert store.count_clients() == 19
    found = store.trials(session.id)
    assert [t.attempt for t in found] == list(range(1, 19))
    assert [t.attempt for t in found if t.status == "good"] == [18]
