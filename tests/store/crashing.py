"""Kills programs at work with a store, and looks whether it is whole afterwards.

``python -m tests.store.crashing steps|moments|births URL FILES N SEED`` runs apart from pytest,
because it forks: children begin with everything imported. It prints one line a finding.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event, select, text

from kneetrack.clinic_records.people import Client, ConsentFacts
from kneetrack.clinic_records.practice import PracticeFacts
from kneetrack.clinic_records.visits import CLIP_FILE, RESULT_FILE
from kneetrack.records import UnknownRecordError
from kneetrack.store import Store, open_store
from kneetrack.store.practice_tables import practices
from kneetrack.store.tables import clients, removals, store_facts, trials
from tests.store.practising import part
from tests.storing import lay_files, new_client, new_session, numbers

Tell = Callable[[str], None]
WATCHED = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "open"}


def measure(store: Store, session_id: str, code: str, tell: Tell) -> None:
    """One trial, told when it is finished."""
    trial = store.begin_trial(session_id, "squat", "front", "clip")
    folder = store.trial_folder(trial.id)
    lay_files(folder, clip=True)
    (folder / RESULT_FILE).write_text(code, "utf-8")
    store.finish_trial(trial.id, numbers(trial.id))
    tell(f"finished {trial.id}")


def practise(store: Store, client: Client, code: str, tell: Tell) -> None:
    """One practice, told when its part is kept."""
    practice = store.begin_practice(client.id, PracticeFacts("programme", code))
    (store.practice_folder(practice.id) / RESULT_FILE).write_text(code, "utf-8")
    store.add_part(practice.id, part(why=code))
    tell(f"practised {practice.id}")
    store.end_practice(practice.id, "done")


def narrow(store: Store, client_id: str, tell: Tell) -> None:
    """A consent without clips."""
    now = store.need_consent(client_id).facts
    store.give_consent(client_id, ConsentFacts(now.given_on, "numbers alone"))
    tell(f"narrowed {client_id}")


def visit(store: Store, code: str, tell: Tell) -> str:
    """A client, two trials; the id."""
    allows = frozenset({"measurements", "video"})
    client = new_client(store, code, notes=code * 20, allows=allows)  # type: ignore[arg-type]
    tell(f"added {client.id}")
    practise(store, client, code, tell)
    session = new_session(store, client)
    for _ in range(2):
        measure(store, session.id, code, tell)
    return client.id


def whole_story(store: Store, tell: Tell) -> None:
    """From the first to the last of a client, beside one who stays."""
    visit(store, "Stays001", tell)
    gone = visit(store, "Goes001", tell)
    store.delete_session(store.sessions(gone)[0].id)
    store.delete_practice(store.practices(gone)[0].id)
    gone_too = visit(store, "Goes002", tell)
    narrow(store, gone_too, tell)
    for client_id in (gone, gone_too):
        tell(f"deletes {client_id}")
        store.delete_client(client_id)
        tell(f"deleted {client_id}")


def at_random(store: Store, seed: int, tell: Tell) -> None:
    """Any of it, for as long as one is let."""
    dice = random.Random(seed)
    ids: list[str] = []
    for turn in range(10_000):
        if len(ids) < 3 or dice.random() < 0.2:
            ids.append(visit(store, f"Rand{seed:04d}x{turn:04d}", tell))
        client_id = dice.choice(ids)
        what = dice.random()
        if what < 0.6:
            session = dice.choice(store.sessions(client_id))
            measure(store, session.id, "again", tell)
        elif what < 0.75:
            narrow(store, client_id, tell)
        else:
            ids.remove(client_id)
            tell(f"deletes {client_id}")
            store.delete_client(client_id)
            tell(f"deleted {client_id}")


def child(url: str, files: Path, work: Callable[[Store, Tell], None], die_at: int | None) -> int:
    """Fork one that works, and dies of itself at a step; its process id."""
    pid = os.fork()
    if pid:
        return pid
    steps = 0

    def step(*_anything: object) -> None:
        nonlocal steps
        steps += 1
        if steps == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(line: str) -> None:
        os.write(log, f"{line}\n".encode())

    def on_audit(name: str, arguments: tuple[object, ...]) -> None:
        if name in WATCHED and str(files) in str(arguments[0]):
            step()

    code = 1
    try:
        log = os.open(files.parent / "told.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        if die_at is not None:
            sys.addaudithook(on_audit)
        with open_store(url, files=files, by="child") as store:
            if die_at is not None:
                event.listen(store._engine, "before_cursor_execute", step)
                event.listen(store._engine, "commit", step)
            work(store, tell)
        tell(f"steps {steps}")
        code = 0
    finally:
        os._exit(code)


def findings(url: str, files: Path) -> list[str]:
    """What is wrong with a store after a crash."""
    log = files.parent / "told.txt"
    told = [line.split() for line in log.read_text("utf-8").splitlines()] if log.exists() else []
    said = {(what, which) for what, which in told}
    wrong: list[str] = []
    with open_store(url, files=files) as store:
        with store._reading() as connection:
            if store._sqlite:
                whole = connection.execute(text("PRAGMA integrity_check")).scalars().all()
                wrong += [f"integrity: {line}" for line in whole if line != "ok"]
                if connection.execute(text("PRAGMA foreign_key_check")).first():
                    wrong.append("foreign keys")
            left = connection.execute(select(removals.c.path).where(removals.c.done.is_(False)))
            wrong += [f"not removed: {path}" for path in left.scalars()]
            if connection.execute(select(store_facts).where(store_facts.c.key == "scrub")).first():
                wrong.append("not scrubbed")
            known = {row.id: row.code for row in connection.execute(select(clients))}
            takes = {row.id: row for row in connection.execute(select(trials))}
            practised = set(connection.execute(select(practices.c.id)).scalars())
        for trial_id, row in takes.items():
            folder = store.trial_folder(trial_id)
            if row.status in ("good", "rejected"):
                if not (folder / RESULT_FILE).is_file() or len(store.rep_lines(trial_id)) != 5:
                    wrong.append(f"half a trial: {trial_id}")
                if row.clip_kept != (folder / CLIP_FILE).is_file():
                    wrong.append(f"clip not as told: {trial_id}")
        wrong += wrong_with_promises(store, said, set(known), set(takes))
        wrong += wrong_with_practices(store, said, practised)
    known_folders = {*takes, *(f"practice-{practice_id}" for practice_id in practised)}
    for folder in (p for p in files.iterdir() if p.is_dir()):
        if folder.name not in known or any(p.name not in known_folders for p in folder.iterdir()):
            wrong.append(f"orphan: {folder.name}")
    return wrong + still_readable(files.parent, set(known.values()))


def wrong_with_promises(
    store: Store, said: set[tuple[str, str]], known: set[str], takes: set[str]
) -> list[str]:
    """What was told as done and is not so."""
    wrong = [f"came back: {which}" for what, which in said if what == "deleted" and which in known]
    going = {which for what, which in said if what == "deletes"}
    for what, which in said:
        if what in ("added", "narrowed") and which not in known | going:
            wrong.append(f"lost: client {which}")
        if what == "narrowed" and which in known:
            visits = store.sessions(which)
            if any(t.clip_kept for s in visits for t in store.trials(s.id) if t.attempt <= 2):
                wrong.append(f"clip kept: {which}")
        if what == "finished" and which not in takes:
            lines = store.audit(record_id=which)
            if not lines:
                wrong.append(f"lost: trial {which}")
    return wrong


def wrong_with_practices(
    store: Store, said: set[tuple[str, str]], practised: set[str]
) -> list[str]:
    """Practices that were told to have a part, and have not, or are gone without a word."""
    wrong = []
    for practice_id in (which for what, which in said if what == "practised"):
        if practice_id in practised:
            if not store.practice_record(practice_id).parts:
                wrong.append(f"lost: part of {practice_id}")
        elif not store.audit(record_id=practice_id):
            wrong.append(f"lost: practice {practice_id}")
    return wrong


def still_readable(folder: Path, codes: set[str]) -> list[str]:
    """Codes of nobody who is in the store, in any byte of any file."""
    import re

    found = set()
    for path in (p for p in folder.rglob("*") if p.is_file()):
        found |= {m.decode() for m in re.findall(rb"Rand\d{4}x\d{4}|Goes00\d", path.read_bytes())}
    return [f"readable: {code}" for code in sorted(found - codes)]


def at_steps(url: str, files: Path, every: int) -> None:
    """Die at every ``every``-th step of the whole story, each time on top of what is left."""
    die_at = 1
    while True:
        (files.parent / "told.txt").unlink(missing_ok=True)
        with open_store(url, files=files) as store:
            for code in ("Stays001", "Goes001", "Goes002"):
                try:
                    store.delete_client(store.client(code).id)
                except UnknownRecordError:
                    continue
        _, status = os.waitpid(child(url, files, whole_story, die_at), 0)
        for line in findings(url, files):
            print(f"step {die_at}: {line}", flush=True)
        if not os.WIFSIGNALED(status):
            print(f"ended {os.waitstatus_to_exitcode(status)} after {die_at} steps", flush=True)
            return
        die_at += every


def wait_for(log: Path, more: int) -> None:
    """Wait until so many more lines were told."""

    def lines() -> int:
        return log.read_bytes().count(b"\n") if log.exists() else 0

    wanted, until = lines() + more, time.monotonic() + 20
    while lines() < wanted and time.monotonic() < until:
        time.sleep(0.002)


def at_moments(url: str, files: Path, kills: int, seed: int) -> None:
    """Kill two at work at once, at a random moment, again and again."""
    dice = random.Random(seed)
    for n in range(kills):
        works = [
            lambda store, tell, s=seed * 100 + 2 * n + k: at_random(store, s, tell) for k in (0, 1)
        ]
        pids = [child(url, files, work, None) for work in works]
        wait_for(files.parent / "told.txt", dice.randint(0, 20))
        time.sleep(dice.random() * 0.02)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        ends = [os.waitpid(pid, 0)[1] for pid in pids]
        for line in findings(url, files):
            print(f"kill {n}: {line}", flush=True)
        if not all(os.WIFSIGNALED(end) for end in ends):
            print(f"kill {n}: ended before it was killed", flush=True)
    said = (files.parent / "told.txt").read_text("utf-8")
    print(f"ended 0 after {kills} kills, {said.count('finished')} trials", flush=True)


def at_birth(url: str, files: Path, kills: int) -> None:
    """Kill two that make the store at once, a little later each time."""
    import alembic.command  # noqa: F401  (or it would be all that the children get to)

    for n in range(kills):
        place = files.parent / f"born{n}"
        place.mkdir(parents=True)
        new = str(place / "clinic.db") if "://" not in url else url
        pids = [child(new, place / "files", lambda *_: None, None) for _ in (0, 1)]
        time.sleep(0.01 * n if "://" not in url else 0.1)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        for line in findings(new, place / "files"):
            print(f"birth {n}: {line}", flush=True)
        if "://" in url:
            break
    print(f"ended 0 after {kills} births", flush=True)


if __name__ == "__main__":
    how, address, where, number, start = sys.argv[1:]
    Path(where).parent.mkdir(parents=True, exist_ok=True)
    if how == "steps":
        at_steps(address, Path(where), int(number))
    elif how == "births":
        at_birth(address, Path(where), int(number))
    else:
        at_moments(address, Path(where), int(number), int(start))
