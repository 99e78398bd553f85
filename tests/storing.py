"""A store for tests, and what a visit leaves in it, from made-up numbers.

``from tests.storing import store, store_url`` brings the fixtures into another folder's conftest.
With KNEETRACK_TEST_POSTGRES (the address of a database) they use that instead of SQLite.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import cast

import pytest

from kneetrack.clinic_records.kinds import Purpose, ViewAsked
from kneetrack.clinic_records.numbers import Reading, TrialNumbers
from kneetrack.clinic_records.people import Client, ClientFacts, ConsentFacts
from kneetrack.clinic_records.visits import (
    CLIP_FILE,
    FRAMES_FILE,
    LANDMARKS_FILE,
    RESULT_FILE,
    RepLine,
    Session,
    SetupFacts,
    Trial,
    VerdictLine,
)
from kneetrack.records import SideName
from kneetrack.result import ExerciseName, ViewName
from kneetrack.store import Store, open_store

POSTGRES = os.environ.get("KNEETRACK_TEST_POSTGRES", "")
"""Address of a database that tests may fill; empty: SQLite."""
needs_sqlite = pytest.mark.skipif(bool(POSTGRES), reason="about SQLite's file")
PURPOSE = "To see whether the knees track better."


@pytest.fixture(params=["postgresql" if POSTGRES else "sqlite"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store of this test's own."""
    if request.param == "sqlite":
        yield str(tmp_path / "clinic" / "clinic.db")
        return
    import psycopg

    schema = f"test_{uuid.uuid4().hex}"
    plain = POSTGRES.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True, connect_timeout=10) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    yield f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}options=-csearch_path%3D{schema}"
    with psycopg.connect(plain, autocommit=True, connect_timeout=10) as connection:
        connection.execute("SET lock_timeout = '10s'")
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def store_files(tmp_path: Path) -> Path:
    """Its folder of files."""
    return tmp_path / "clinic" / "files"


@pytest.fixture
def store(store_url: str, store_files: Path) -> Iterator[Store]:
    """An empty store, open."""
    with open_store(store_url, files=store_files, by="Kim") as opened:
        yield opened


def new_client(
    store: Store,
    code: str = "KT-017",
    *,
    allows: frozenset[Purpose] = frozenset({"measurements"}),
    keep_until: date | None = None,
    given_on: date | None = None,
    initials: str = "",
    notes: str = "",
) -> Client:
    """A client who agreed."""
    client = store.add_client(ClientFacts(code, initials, 1984, "left", notes))
    facts = ConsentFacts(given_on or date.today(), PURPOSE, allows, keep_until)
    store.give_consent(client.id, facts, today=facts.given_on)
    return client


def new_session(
    store: Store, client: Client, *, at: datetime | None = None, setup: SetupFacts | None = None
) -> Session:
    """A visit of theirs."""
    setup = setup or SetupFacts(3.0, 0.8, "barefoot", "hip width")
    return store.begin_session(client.id, "lower-limb", 1, setup, at=at)


def numbers(
    trial_id: str,
    values: Mapping[str, float | None] | None = None,
    *,
    reps: int = 5,
    exercise: ExerciseName = "squat",
    view: ViewName = "front",
    error: float = 0.02,
) -> TrialNumbers:
    """Made-up numbers: each measure (``name``, or ``name:side:unit``) the same in every rep."""
    values = {"kfo:left:ratio": 0.08, "kfo:right:ratio": 0.02} if values is None else values
    found = []
    for name, value in values.items():
        measure, side, unit = name.split(":") if ":" in name else (name, "both", "ratio")
        found += [
            Reading(
                trial_id,
                rep,
                exercise,
                measure,
                cast(SideName, side),
                unit,
                view,
                value,
                None if value is None else error,
            )
            for rep in range(1, reps + 1)
        ]
    times = [(2.0 * rep, 2.0 * rep + 0.8, 2.0 * rep + 1.6) for rep in range(reps)]
    return TrialNumbers(
        exercise,
        tuple(
            RepLine(trial_id, rep + 1, "both", *times[rep], valid=True, depth=0.4)
            for rep in range(reps)
        ),
        tuple(found),
        tuple(
            VerdictLine(
                trial_id, rep + 1, "knee_valgus", "left", "watch", "kfo", 0.08, error, "ratio"
            )
            for rep in range(reps)
        ),
    )


def lay_files(folder: Path, *, clip: bool = False) -> None:
    """What an analysis leaves in a trial's folder, in shape alone."""
    (folder / FRAMES_FILE).write_text("t_s\n0.0\n", "utf-8")
    (folder / LANDMARKS_FILE).write_bytes(b"PK made up")
    if clip:
        (folder / CLIP_FILE).write_bytes(b"made-up clip")
    (folder / RESULT_FILE).write_text("{}", "utf-8")


def finished_trial(
    store: Store,
    session: Session,
    step: str = "squat",
    view: ViewAsked = "front",
    *,
    values: Mapping[str, float | None] | None = None,
    reps: int = 5,
    exercise: ExerciseName = "squat",
    clip: bool = False,
) -> Trial:
    """A good trial with files and made-up numbers."""
    trial = store.begin_trial(session.id, step, view, "clip")
    lay_files(store.trial_folder(trial.id), clip=clip)
    made = numbers(trial.id, values, reps=reps, exercise=exercise, view=view)
    return store.finish_trial(trial.id, made, clip_sha256="0" * 64)
