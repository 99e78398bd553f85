"""The tables. What they hold crosses the border as values of ``clinic_records``."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from kneetrack.store.columns import (
    COUNTER,
    UtcTime,
    flag_column,
    id_column,
    int_column,
    metadata,
    of_column,
    text_column,
)

store_facts: Final = Table(
    "store_facts", metadata, Column("key", String(32), primary_key=True), text_column("value")
)
"""``id``: of the store, also in its folder of files. ``scrub``: rows were deleted, and what they
held may still be readable in the database's file. ``own_client``: id of the client who practises
at this computer."""
OWN_CLIENT: Final = "own_client"

clients: Final = Table(
    "clients",
    metadata,
    id_column(),
    text_column("code", 32),
    text_column("code_key", 96),
    text_column("initials", 8),
    text_column("initials_key", 32),
    Column("birth_year", Integer()),
    text_column("complaint", 8),
    text_column("notes"),
    Column("created_at", UtcTime(), nullable=False),
    UniqueConstraint("code_key"),
)

consents: Final = Table(
    "consents",
    metadata,
    id_column(),
    of_column("client_id", "clients"),
    int_column("number"),
    Column("given_on", Date(), nullable=False),
    text_column("purpose"),
    text_column("allows", 80),
    Column("keep_until", Date()),
    text_column("guardian", 80),
    Column("withdrawn_on", Date()),
    UniqueConstraint("client_id", "number"),
)

sessions: Final = Table(
    "sessions",
    metadata,
    id_column(),
    of_column("client_id", "clients"),
    Column("at", UtcTime(), nullable=False),
    text_column("protocol", 80),
    int_column("protocol_version"),
    Column("distance_m", Float()),
    Column("camera_height_m", Float()),
    text_column("footwear", 80),
    text_column("stance", 80),
    text_column("clothing", 80),
    text_column("camera", 80),
    text_column("notes"),
    text_column("by", 80),
    Column("closed_at", UtcTime()),
    Index(None, "client_id", "at", "id"),
    Index(None, "at", "id"),
)

trials: Final = Table(
    "trials",
    metadata,
    id_column(),
    of_column("session_id", "sessions"),
    int_column("number"),
    text_column("step", 80),
    text_column("view", 8),
    int_column("attempt"),
    text_column("origin", 8),
    text_column("status", 12),
    text_column("reason"),
    text_column("note"),
    Column("at", UtcTime(), nullable=False),
    Column("finished_at", UtcTime()),
    text_column("exercise", 32),
    int_column("reps_valid"),
    int_column("reps_total"),
    flag_column("clip_kept"),
    text_column("clip_sha256", 64),
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
    of_column("trial_id", "trials", index=True),
    int_column("index"),
    text_column("side", 8),
    Column("start_s", Float(), nullable=False),
    Column("bottom_s", Float(), nullable=False),
    Column("end_s", Float(), nullable=False),
    flag_column("valid"),
    Column("depth", Float()),
    flag_column("corrected"),
)

readings: Final = Table(
    "readings",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    of_column("trial_id", "trials"),
    int_column("rep"),
    text_column("exercise", 32),
    text_column("measure", 80),
    text_column("side", 8),
    text_column("unit", 16),
    Column("view", String(8)),
    Column("value", Float()),
    Column("error", Float()),
    flag_column("valid"),
    flag_column("corrected"),
    Index(None, "trial_id", "measure"),
)

verdicts: Final = Table(
    "verdicts",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    of_column("trial_id", "trials", index=True),
    int_column("rep"),
    text_column("rule", 80),
    text_column("side", 8),
    text_column("status", 12),
    text_column("measure", 80),
    Column("value", Float()),
    Column("error", Float()),
    text_column("unit", 16),
    text_column("reason"),
    flag_column("corrected"),
)

corrections: Final = Table(
    "corrections",
    metadata,
    id_column(),
    of_column("trial_id", "trials"),
    int_column("number"),
    text_column("kind", 12),
    Column("target", JSON(), nullable=False),
    Column("before", JSON(), nullable=False),
    Column("after", JSON(), nullable=False),
    text_column("reason"),
    text_column("by", 80),
    Column("at", UtcTime(), nullable=False),
    Column("withdrawn_at", UtcTime()),
    UniqueConstraint("trial_id", "number"),
)

scores: Final = Table(
    "scores",
    metadata,
    id_column(),
    of_column("session_id", "sessions"),
    text_column("step", 80),
    text_column("sheet", 8),
    text_column("side", 8),
    UniqueConstraint("session_id", "step", "sheet", "side"),
)

score_items: Final = Table(
    "score_items",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    of_column("score_id", "scores", index=True),
    text_column("key", 80),
    Column("suggested", Integer()),
    text_column("why"),
    Column("confirmed", Integer()),
    text_column("by", 80),
    Column("at", UtcTime()),
)

reliability: Final = Table(
    "reliability",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    text_column("measure", 80),
    text_column("exercise", 32),
    text_column("view", 8),
    text_column("unit", 16),
    int_column("subjects"),
    int_column("sessions"),
    Column("icc", Float()),
    Column("sem", Float(), nullable=False),
    Column("mdc95", Float(), nullable=False),
    Column("adopted_at", UtcTime()),
    text_column("by", 80),
)

audit: Final = Table(
    "audit",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    Column("at", UtcTime(), nullable=False),
    text_column("by", 80),
    text_column("what", 32),
    text_column("kind", 32),
    text_column("record_id", 64),
    text_column("client_id", 32),
    text_column("detail"),
    Index(None, "record_id", "n"),
    Index(None, "client_id", "n"),
    Index(None, "kind", "n"),
)
"""``client_id``: whose record it is, "" for nobody's."""

users: Final = Table(
    "users",
    metadata,
    id_column(),
    text_column("name", 32),
    text_column("name_key", 96),
    text_column("role", 12),
    flag_column("active"),
    text_column("password_hash"),
    UniqueConstraint("name_key"),
)

sign_ins: Final = Table(
    "sign_ins",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    of_column("user_id", "users", index=True),
    Column("expires_at", UtcTime(), nullable=False),
)

removals: Final = Table(
    "removals",
    metadata,
    Column("path", String(200), primary_key=True),
    Column("at", UtcTime(), nullable=False),
    flag_column("done"),
)
"""Folders and files, relative to the folder of files, that are to go: written in the transaction
that makes them superfluous, so that a crash cannot leave them behind."""
