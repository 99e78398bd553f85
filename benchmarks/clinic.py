"""Ten thousand sessions in the store: how long each page takes; printed, and written as Markdown.

    python benchmarks/clinic.py [--sessions 10000] [--rounds 10] [--out docs/clinic-performance.md]

One real client's two sessions (made-up people, analysed for real) are copied as rows until there
are as many as wanted; pages are then asked for over HTTP from a server on loopback, each round of
another client. A page is everything up to its last byte, downloads included, pictures apart.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kneetrack.store import Store, open_store  # noqa: E402
from kneetrack.web.config import WebConfig  # noqa: E402
from kneetrack.web.server import settle_memory  # noqa: E402
from tests.web.conftest import served_app  # noqa: E402
from tests.web.filling import fill_clinic  # noqa: E402

SESSIONS_EACH = 7
PAGES = {
    "start": "/",
    "list of clients": "/clients",
    "client": "/clients/{client}",
    "session": "/sessions/{session}",
    "take with its player": "/trials/{trial}",
    "two sessions side by side": "/clients/{client}/compare",
    "trend": "/clients/{client}/trend",
    "upload": "/sessions/{session}/upload",
    "new session": "/clients/{client}/sessions/new",
    "consent": "/clients/{client}/consent",
    "what has run out": "/expiry",
    "audit": "/audit",
}
DOWNLOADS = {
    "report, HTML": "/sessions/{session}/report.html",
    "report, PDF": "/sessions/{session}/report.pdf",
}


@dataclass(frozen=True)
class Someone:
    """Ids of one copied client: the newest session, and one of its takes."""

    client: str
    session: str
    trial: str


def copy_rows(store: Store, sessions: int) -> list[str]:
    """Rows of the client that is there, again and again; gives the ids of the new clients."""
    engine = store._engine
    with engine.begin() as db:
        client = dict(db.execute(text("SELECT * FROM clients")).mappings().one())
        consent = dict(db.execute(text("SELECT * FROM consents")).mappings().one())
        visits = [
            dict(r) for r in db.execute(text("SELECT * FROM sessions ORDER BY at")).mappings()
        ]
        takes = [dict(r) for r in db.execute(text("SELECT * FROM trials")).mappings()]
        made: list[str] = []
        rows: dict[str, list[dict[str, object]]] = {
            name: [] for name in ("clients", "consents", "sessions", "trials", "audit")
        }
        copies: list[dict[str, str]] = []
        for number in range(-(-sessions // SESSIONS_EACH)):
            who = uuid.uuid4().hex
            made.append(who)
            code = f"B-{number:05d}"
            rows["clients"].append(client | {"id": who, "code": code, "code_key": code.casefold()})
            rows["consents"].append(consent | {"id": uuid.uuid4().hex, "client_id": who})
            for visit_number in range(SESSIONS_EACH):
                source = visits[visit_number % len(visits)]
                visit = uuid.uuid4().hex
                at = datetime(2025, 1, 6, 8, tzinfo=UTC) + timedelta(
                    days=30 * visit_number, minutes=number
                )
                when = at.replace(tzinfo=None) if engine.dialect.name == "sqlite" else at
                rows["sessions"].append(source | {"id": visit, "client_id": who, "at": str(when)})
                for take in takes:
                    if take["session_id"] == source["id"]:
                        copy = uuid.uuid4().hex
                        rows["trials"].append(take | {"id": copy, "session_id": visit})
                        copies.append({"copy": copy, "source": take["id"]})
        for name in ("clients", "consents", "sessions", "trials"):
            columns = list(rows[name][0])
            quoted = ", ".join(f'"{c}"' for c in columns)
            values = ", ".join(f":{c}" for c in columns)
            db.execute(text(f"INSERT INTO {name} ({quoted}) VALUES ({values})"), rows[name])
        db.execute(text("CREATE TEMPORARY TABLE copies (copy TEXT, source TEXT)"))
        db.execute(text("INSERT INTO copies VALUES (:copy, :source)"), copies)
        for name in ("reps", "readings", "verdicts"):
            found = db.execute(text(f"SELECT * FROM {name} LIMIT 1")).mappings().one()
            own = [f'"{c}"' for c in found if c not in ("n", "trial_id")]
            theirs = ", ".join(f"t.{c}" for c in own)
            db.execute(
                text(
                    f"INSERT INTO {name} (trial_id, {', '.join(own)}) SELECT c.copy, {theirs} "
                    f"FROM copies c JOIN {name} t ON t.trial_id = c.source"
                )
            )
    with engine.connect() as db:
        db.execute(text("ANALYZE"))
    return made


def with_files(store: Store, client_ids: list[str], sources: dict[tuple[str, str], Path]) -> None:
    """The files of the takes of a few clients, so that their pages have something to show."""
    for client_id in client_ids:
        for session in store.sessions(client_id):
            for trial in store.trials(session.id):
                folder = store.trial_folder(trial.id)
                shutil.rmtree(folder, ignore_errors=True)
                shutil.copytree(sources[trial.step, trial.view], folder)


def somebody(store: Store, client_id: str) -> Someone:
    session = store.sessions(client_id)[-1]
    return Someone(client_id, session.id, store.trials(session.id)[0].id)


def timed(ask: Callable[[], httpx.Response]) -> float:
    started = time.perf_counter()
    answer = ask()
    seconds = time.perf_counter() - started
    assert answer.status_code == 200, (answer.status_code, answer.text[:500])
    return seconds * 1000


@contextmanager
def filled(sessions: int, rounds: int) -> Iterator[tuple[Store, list[Someone], str]]:
    with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/clinic.db") as store:
        first = fill_clinic(store, steps=None)
        sources = {(t.step, t.view): store.trial_folder(t.id) for t in first.trials}
        clients = copy_rows(store, sessions)
        step = max(1, len(clients) // (rounds + 1))
        chosen = clients[::step][: rounds + 1]
        with_files(store, chosen, sources)
        with store._engine.connect() as db:
            counted = {
                name: db.execute(text(f"SELECT COUNT(*) FROM {name}")).scalar()
                for name in ("clients", "sessions", "trials", "readings")
            }
        told = ", ".join(f"{count:,} {name}" for name, count in counted.items())
        size = (Path(folder) / "clinic.db").stat().st_size / 1e6
        yield store, [somebody(store, c) for c in chosen], f"{told}; the database {size:,.0f} MB"


def measure(rounds: int, sessions: int) -> str:
    """The table in Markdown."""
    lines = ["| page | median, ms | worst of the rounds, ms |", "| --- | --- | --- |"]
    with filled(sessions, rounds) as (store, people, told):
        config = WebConfig(store, now=lambda: datetime.now(UTC), analyse=False)
        with served_app(config) as address, httpx.Client(base_url=address, timeout=120) as http:
            settle_memory()
            for title, path in (PAGES | DOWNLOADS).items():
                spans = []
                for someone in people:
                    where = path.format(**vars(someone))
                    spans.append(timed(lambda where=where: http.get(where)))
                spans = spans[1:]  # the first warms up templates and imports
                lines.append(f"| {title} | {statistics.median(spans):.0f} | {max(spans):.0f} |")
                print(lines[-1], flush=True)
    machine = f"{platform.machine()}, {__import__('os').cpu_count()} cores"
    head = (
        f"# Ten thousand sessions\n\nMade by `make bench-clinic` on {date.today()} ({machine}), "
        f"SQLite, {rounds} rounds, each of another client.\n\n{told}.\n\n"
    )
    return head + "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    page = measure(asked.rounds, asked.sessions)
    print(page)
    if asked.out:
        asked.out.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
