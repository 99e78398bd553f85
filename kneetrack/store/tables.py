"""The tables. What they hold crosses the border as values of ``clinic_records``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC, whatever the database makes of time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite has no zones."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time in the store has a time zone")
        there = value.astimezone(UTC)
        return there.replace(tzinfo=None) if dialect.name == "sqlite" else there

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


ID: Final = String(32)
COUNTER: Final = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[Any]:
    return Column("id", ID, primary_key=True)


def _of(name: str, table: str, **more: Any) -> Column[Any]:
    target = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(name, ID, target, nullable=False, **more)


def _text(name: str, length: int | None = None) -> Column[Any]:
    return Column(name, Text() if length is None else String(length), nullable=False)


def _int(name: str) -> Column[Any]:
    return Column(name, Integer(), nullable=False)


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean(), nullable=False)


store_facts: Final = Table(
    "store_facts", metadata, Column("key", String(32), primary_key=True), _text("value")
)
"""``id``: of the store, also in its folder of files. ``scrub``: rows were deleted, and what they
held may still be readable in the database's file."""

clients: Final = Table(
    "clients",
    metadata,
    _id(),
    _text("code", 32),
    _text("code_key", 96),
    _text("initials", 8),
    _text("initials_key", 32),
    Column("birth_year", Integer()),
    _text("complaint", 8),
    _text("notes"),
    Column("created_at", UtcTime(), nullable=False),
    UniqueConstraint("code_key"),
)

consents: Final = Table(
    "consents",
    metadata,
    _id(),
    _of("client_id", "clients"),
    _int("number"),
    Column("given_on", Date(), nullable=False),
    _text("purpose"),
    _text("allows", 80),
    Column("keep_until", Date()),
    _text("guardian", 80),
    Column("withdrawn_on", Date()),
    UniqueConstraint("client_id", "number"),
)

sessions: Final = Table(
    "sessions",
    metadata,
    _id(),
    _of("client_id", "clients"),
    Column("at", UtcTime(), nullable=False),
    _text("protocol", 80),
    _int("protocol_version"),
    Column("distance_m", Float()),
    Column("camera_height_m", Float()),
    _text("footwear", 80),
    _text("stance", 80),
    _text("clothing", 80),
    _text("camera", 80),
    _text("notes"),
    _text("by", 80),
    Column("closed_at", UtcTime()),
    Index(None, "client_id", "at", "id"),
    Index(None, "at", "id"),
)

trials: Final = Table(
    "trials",
    metadata,
    _id(),
    _of("session_id", "sessions"),
    _int("number"),
    _text("step", 80),
    _text("view", 8),
    _int("attempt"),
    _text("origin", 8),
    _text("status", 12),
    _text("reason"),
    _text("note"),
    Column("at", UtcTime(), nullable=False),
    Column("finished_at", UtcTime()),
    _text("exercise", 32),
    _int("reps_valid"),
    _int("reps_total"),
    _flag("clip_kept"),
    _text("clip_sha256", 64),
    UniqueConstraint("session_id", "number"),
    UniqueConstraint("session_id", "step", "view", "attempt"),
)
Index(
    "ix_trials_under_way",
    trials.c.at,
    sqlite_where=text("status = 'under_way'"),
    postgresql_where=text("status = 'under_way'"),
)

reps: Final = Table(
    "reps",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    _of("trial_id", "trials", index=True),
    _int("index"),
    _text("side", 8),
    Column("start_s", Float(), nullable=False),
    Column("bottom_s", Float(), nullable=False),
    Column("end_s", Float(), nullable=False),
    _flag("valid"),
    Column("depth", Float()),
    _flag("corrected"),
)

readings: Final = Table(
    "readings",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    _of("trial_id", "trials"),
    _int("rep"),
    _text("exercise", 32),
    _text("measure", 80),
    _text("side", 8),
    _text("unit", 16),
    Column("view", String(8)),
    Column("value", Float()),
    Column("error", Float()),
    _flag("valid"),
    _flag("corrected"),
    Index(None, "trial_id", "measure"),
)

verdicts: Final = Table(
    "verdicts",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    _of("trial_id", "trials", index=True),
    _int("rep"),
    _text("rule", 80),
    _text("side", 8),
    _text("status", 12),
    _text("measure", 80),
    Column("value", Float()),
    Column("error", Float()),
    _text("unit", 16),
    _text("reason"),
    _flag("corrected"),
)

corrections: Final = Table(
    "corrections",
    metadata,
    _id(),
    _of("trial_id", "trials"),
    _int("number"),
    _text("kind", 12),
    Column("target", JSON(), nullable=False),
    Column("before", JSON(), nullable=False),
    Column("after", JSON(), nullable=False),
    _text("reason"),
    _text("by", 80),
    Column("at", UtcTime(), nullable=False),
    Column("withdrawn_at", UtcTime()),
    UniqueConstraint("trial_id", "number"),
)

scores: Final = Table(
    "scores",
    metadata,
    _id(),
    _of("session_id", "sessions"),
    _text("step", 80),
    _text("sheet", 8),
    _text("side", 8),
    UniqueConstraint("session_id", "step", "sheet", "side"),
)

score_items: Final = Table(
    "score_items",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    _of("score_id", "scores", index=True),
    _text("key", 80),
    Column("suggested", Integer()),
    _text("why"),
    Column("confirmed", Integer()),
    _text("by", 80),
    Column("at", UtcTime()),
)

reliability: Final = Table(
    "reliability",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    _text("measure", 80),
    _text("exercise", 32),
    _text("view", 8),
    _text("unit", 16),
    _int("subjects"),
    _int("sessions"),
    Column("icc", Float()),
    Column("sem", Float(), nullable=False),
    Column("mdc95", Float(), nullable=False),
    Column("adopted_at", UtcTime()),
    _text("by", 80),
)

audit: Final = Table(
    "audit",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    Column("at", UtcTime(), nullable=False),
    _text("by", 80),
    _text("what", 32),
    _text("kind", 32),
    _text("record_id", 64),
    _text("client_id", 32),
    _text("detail"),
    Index(None, "record_id", "n"),
    Index(None, "client_id", "n"),
    Index(None, "kind", "n"),
)
"""``client_id``: whose record it is, "" for nobody's."""

users: Final = Table(
    "users",
    metadata,
    _id(),
    _text("name", 32),
    _text("name_key", 96),
    _text("role", 12),
    _flag("active"),
    _text("password_hash"),
    UniqueConstraint("name_key"),
)

sign_ins: Final = Table(
    "sign_ins",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    _of("user_id", "users", index=True),
    Column("expires_at", UtcTime(), nullable=False),
)

removals: Final = Table(
    "removals",
    metadata,
    Column("path", String(200), primary_key=True),
    Column("at", UtcTime(), nullable=False),
    _flag("done"),
)
"""Folders and files, relative to the folder of files, that are to go: written in the transaction
that makes them superfluous, so that a crash cannot leave them behind."""
