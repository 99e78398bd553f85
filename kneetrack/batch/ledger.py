"""What is done: one record a finished clip, written whole, and what files are known by.

In the batch's folder: ``records/ab/<work key>.json.gz`` (``.failed.json.gz`` of a clip with an
error), ``hashes.json`` (path, size and age -> content), ``plan.json`` (rows of the latest run).
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any, Final

from kneetrack.batch.entries import Plan, Status
from kneetrack.batch.places import Place
from kneetrack.records import SettingsError, SourceError

SCHEMA_ID: Final = "kneetrack/batch-record/1"
_DONE: Final = ".json.gz"
_FAILED: Final = ".failed.json.gz"
_RECORDS: Final = "records"
_HASHES: Final = "hashes.json"
_PLAN: Final = "plan.json"
_AT_A_TIME: Final = 64


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the tables need of one finished clip."""

    key: str
    sha256: str
    status: Status
    error_kind: str = ""
    error: str = ""
    exit_code: int = 0
    seconds: float = 0.0
    clip: dict[str, Any] = field(default_factory=dict)
    reps: Sequence[dict[str, Any]] = ()
    verdicts: Sequence[dict[str, Any]] = ()
    readings: Sequence[Sequence[Any]] = ()

    @property
    def failed(self) -> bool:
        """Whether it is one that --retry-failed does again."""
        return self.status == "error"

    def taking(self, seconds: float) -> Record:
        """The same, with how long it took."""
        return replace(self, seconds=seconds)


def files_folder(key: str) -> str:
    """Where a clip's kept files are, below the batch's folder: named by content, by nobody."""
    return f"files/{key[:16]}"


class Ledger:
    """The records of a batch's folder, and its two small files."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def place(self) -> Place:
        """The folder."""
        return self._place

    def write(self, record: Record) -> None:
        """Write a record, whole or not at all; what it replaces goes. Raises OutputError."""
        data = json.dumps({"schema": SCHEMA_ID} | asdict(record), allow_nan=False).encode()
        self._place.write(_name(record.key, failed=record.failed), gzip.compress(data, 6))
        if not record.failed:
            self._place.remove(_name(record.key, failed=True))

    def done(self) -> tuple[set[str], set[str]]:
        """The keys of the records that are there: finished ones, and failed ones."""
        finished, failed = set(), set()
        for name in self._place.names(_RECORDS):
            file = name.rpartition("/")[2]
            if file.endswith(_FAILED):
                failed.add(file.removesuffix(_FAILED))
            elif file.endswith(_DONE):
                finished.add(file.removesuffix(_DONE))
        return finished, failed - finished

    def read(self, keys: Iterable[str]) -> Iterator[Record | None]:
        """The records of some keys in their order, None where there is none; few at a time."""
        waiting = iter(keys)
        with ThreadPoolExecutor(8, thread_name_prefix="records") as threads:
            while some := list(islice(waiting, _AT_A_TIME)):
                yield from threads.map(self._one, some)

    def _one(self, key: str) -> Record | None:
        """A record. One that is damaged goes, so that the next run does its clip again."""
        for name in [_name(key, failed=failed) for failed in (False, True)] if key else []:
            data = self._place.read(name)
            record = _parsed(data) if data is not None else None
            if record is not None:
                return record
            if data is not None:
                self._place.remove(name)
        return None

    def hashes(self) -> dict[str, str]:
        """What files are known by -> the sha256 of their content; empty when there is none."""
        try:
            known = json.loads(self._place.read(_HASHES) or b"{}")
        except ValueError:
            return {}
        return {str(k): str(v) for k, v in known.items()} if isinstance(known, dict) else {}

    def keep_hashes(self, known: dict[str, str]) -> None:
        """Write what files are known by. Raises OutputError."""
        self._place.write(_HASHES, json.dumps(known, indent=0).encode())

    def keep_plan(self, plan: Plan) -> None:
        """Write the plan of this run. Raises OutputError."""
        self._place.write(_PLAN, plan.to_json().encode())

    def plan(self) -> Plan:
        """The plan of the latest run. Raises SourceError, SettingsError."""
        data = self._place.read(_PLAN)
        if data is None:
            raise SourceError(f"{self._place.address} holds no batch: give clips to begin one")
        try:
            return Plan.from_json(data.decode())
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsError(
                f"{self._place.address}/{_PLAN} is not a plan of this version ({error}): "
                "run the batch again"
            ) from error


def _name(key: str, *, failed: bool) -> str:
    return f"{_RECORDS}/{key[:2]}/{key}{_FAILED if failed else _DONE}"


def _parsed(data: bytes) -> Record | None:
    """A record; None when it is not one, which then counts as not done."""
    try:
        content = json.loads(gzip.decompress(data))
        if content.pop("schema") != SCHEMA_ID:
            return None
        return Record(**content)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        return None
