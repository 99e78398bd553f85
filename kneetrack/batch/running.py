"""Works through the rows of a batch: what is known is not done again, one error is one row."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from kneetrack.batch.entries import ENDED, Entry, How, Plan, Row, Task, work_key
from kneetrack.batch.ledger import Ledger, Record
from kneetrack.batch.places import absolute, identity_of, sha256_of
from kneetrack.batch.pool import Finished, Pool
from kneetrack.batch.work import EVERY_CLIP, Work, analyse_task
from kneetrack.recorded import exercise_name
from kneetrack.records import KneetrackError

Told = Callable[[int, int, int], None]
"""Called with the rows done in this run, those to do, and how many of them failed."""
_WAIT_S: Final = 0.5
_SAVE_S: Final = 2.0
_ROWS_A_SECOND: Final = 500
_LOOKERS: Final = 16
_AHEAD: Final = 64
"""Clips that wait with their content known."""


@dataclass(frozen=True, slots=True)
class Again:
    """What is done although it is known: clips that failed; the hashes of files that are known."""

    failed: bool = False
    hashes: bool = False


@dataclass(frozen=True, slots=True)
class _Errand:
    """A clip's work, or, without a task, reading what is in a row's file."""

    row: int
    task: Task | None = None


class Batch:
    """The rows of a batch and how far each is."""

    def __init__(
        self,
        entries: Sequence[Entry],
        how: How,
        ledger: Ledger,
        *,
        sources: Sequence[str] = (),
        again: Again | None = None,
        told: Told | None = None,
        work: Work = analyse_task,
    ) -> None:
        self._how = how
        self._ledger = ledger
        self._sources = tuple(sources)
        self._again = again or Again()
        self._told = told
        self._work = work
        self._rows = [Row(entry) for entry in entries]
        self._hashes: dict[str, str] = {}
        self._finished: set[str] = set()
        self._claimed: dict[str, int] = {}
        self._unread: deque[int] = deque()
        self._ready: deque[_Errand] = deque()
        self._under_way: dict[int, _Errand] = {}
        self._alone: deque[_Errand] = deque()
        self._tried: set[int] = set()
        self._number = self._done = self._failed = self._to_do = self._made = 0
        self._saved_s = 0.0

    @property
    def new(self) -> int:
        """Clips that this run worked on, each of which has a record now."""
        return self._made

    @property
    def plan(self) -> Plan:
        """The rows as far as they are known, with how they are analysed."""
        return Plan(tuple(self._rows), self._how, self._sources)

    def run(self, pool: Pool) -> None:
        """Work until every row is settled. Raises what every clip would meet, KeyboardInterrupt.

        Whatever happens, the processes are ended and what is done stays.
        """
        try:
            self._begin()
            self._work_off(pool)
            pool.rest()
            while self._alone:
                self._give(pool, self._alone.popleft())
                self._work_off(pool)
            self._save()
        except BaseException:
            pool.close()
            with suppress(KneetrackError):
                self._save()
            raise
        pool.close()

    def _work_off(self, pool: Pool) -> None:
        """Until nothing is under way and nothing waits but what is to be tried alone."""
        while True:
            while self._ready and pool.room() > 0:
                self._give(pool, self._ready.popleft())
            while self._unread and len(self._ready) < _AHEAD and pool.room(light=True) > 0:
                self._give(pool, _Errand(self._unread.popleft()))
            if not self._under_way:
                return
            finished = pool.next_done(_WAIT_S)
            if finished is not None:
                self._take(finished, self._under_way.pop(finished.token), pool)
            if time.monotonic() - self._saved_s > max(_SAVE_S, len(self._rows) / _ROWS_A_SECOND):
                self._save()

    def _begin(self) -> None:
        """Settle what is known already."""
        done, failed = self._ledger.done()
        self._finished = done if self._again.failed else done | failed
        self._hashes = self._ledger.hashes()
        self._identify()
        for number, row in enumerate(self._rows):
            known = "" if self._again.hashes else self._hashes.get(_known_by(row.entry), "")
            if row.entry.problem:
                self._rows[number] = replace(row, problem=row.entry.problem)
            elif known:
                self._claim(number, known)
            else:
                self._unread.append(number)
        self._to_do = len(self._unread) + len(self._ready)
        self._done = self._failed = 0
        self._save()
        self._tell()

    def _identify(self) -> None:
        missing = [i for i, r in enumerate(self._rows) if not (r.entry.identity or r.entry.problem)]
        with ThreadPoolExecutor(_LOOKERS, thread_name_prefix="looking") as threads:
            found = threads.map(identity_of, [self._rows[i].entry.address for i in missing])
            for i, identity in zip(missing, found, strict=True):
                row = self._rows[i]
                self._rows[i] = replace(row, entry=replace(row.entry, identity=identity))

    def _give(self, pool: Pool, errand: _Errand) -> None:
        self._number += 1
        self._under_way[self._number] = errand
        if errand.task is not None:
            pool.submit(self._number, self._work, errand.task)
        else:
            clip = absolute(self._rows[errand.row].entry.address)
            pool.submit(self._number, sha256_of, clip, light=True)

    def _take(self, finished: Finished, errand: _Errand, pool: Pool) -> None:
        if isinstance(finished.error, EVERY_CLIP):
            raise finished.error
        if errand.task is None:
            self._looked(errand.row, finished)
        elif finished.died and pool.tries_again and errand.row not in self._tried:
            self._tried.add(errand.row)
            self._alone.append(errand)
        else:
            self._worked(errand.task, finished)

    def _looked(self, number: int, finished: Finished) -> None:
        if finished.error is not None:
            line = ENDED if finished.died else _line(finished.error)
            self._rows[number] = replace(self._rows[number], problem=line)
            self._settle(failed=True)
            return
        entry = self._rows[number].entry
        if entry.identity:
            self._hashes[_known_by(entry)] = finished.value
        if not self._claim(number, finished.value):
            self._settle()

    def _claim(self, number: int, sha256: str) -> bool:
        """Take a row's work on; False when it is done, or another row's already."""
        entry = self._rows[number].entry
        exercise = exercise_name(entry.exercise or self._how.exercise) or "auto"
        key = work_key(sha256, exercise, self._how)
        self._rows[number] = replace(self._rows[number], key=key, sha256=sha256)
        if key in self._finished or key in self._claimed:
            return False
        self._claimed[key] = number
        clip, out = absolute(entry.address), absolute(self._ledger.place.address)
        task = Task(key, clip, sha256, exercise, self._how, out)
        self._ready.append(_Errand(number, task))
        return True

    def _worked(self, task: Task, finished: Finished) -> None:
        failed = finished.error is not None or finished.value.status == "error"
        if finished.error is not None:
            kind = "ended" if finished.died else "unexpected"
            line = ENDED if finished.died else _line(finished.error)
            self._ledger.write(Record(task.key, task.sha256, "error", kind, line, 1))
        self._made += 1
        self._settle(failed=failed)

    def _settle(self, *, failed: bool = False) -> None:
        self._done += 1
        self._failed += failed
        self._tell()

    def _tell(self) -> None:
        if self._told is not None:
            self._told(self._done, self._to_do, self._failed)

    def _save(self) -> None:
        self._ledger.keep_hashes(self._hashes)
        self._ledger.keep_plan(self.plan)
        self._saved_s = time.monotonic()


def _known_by(entry: Entry) -> str:
    return f"{entry.identity} {absolute(entry.address)}" if entry.identity else ""


def _line(error: BaseException) -> str:
    told = str(error) if isinstance(error, KneetrackError) else f"{type(error).__name__}: {error}"
    return " ".join(told.split())
