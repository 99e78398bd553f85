"""The tables of what is practised at home, and of what was prescribed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, Column, Date, Float, Index, Integer, String, Table, UniqueConstraint

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

practices: Final = Table(
    "practices",
    metadata,
    id_column(),
    of_column("client_id", "clients"),
    Column("at", UtcTime(), nullable=False),
    text_column("kind", 12),
    text_column("programme"),
    Column("prescription", Integer()),
    flag_column("camera"),
    text_column("ended", 12),
    Column("ended_at", UtcTime()),
    Column("pain_before", Integer()),
    Column("pain_after", Integer()),
    Column("pain_next", Integer()),
    Column("pain_next_on", Date()),
    text_column("note"),
    flag_column("brought"),
    Index(None, "client_id", "at", "id"),
)

parts: Final = Table(
    "practice_parts",
    metadata,
    id_column(),
    of_column("practice_id", "practices"),
    int_column("number"),
    text_column("part", 80),
    text_column("exercise", 80),
    Column("sets", Integer()),
    Column("reps", Integer()),
    Column("hold_s", Float()),
    Column("depth_deg", Float()),
    text_column("status", 12),
    int_column("sets_done"),
    int_column("reps_done"),
    Column("seconds", Float(), nullable=False),
    text_column("clean", 12),
    text_column("judged_by", 12),
    text_column("why"),
    Column("folders", JSON(), nullable=False),
    UniqueConstraint("practice_id", "part"),
)
"""``number``: in which order they were done."""

measures: Final = Table(
    "part_measures",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    of_column("part_id", "practice_parts", index=True),
    text_column("rule", 80),
    text_column("side", 8),
    text_column("status", 12),
    text_column("measure", 80),
    text_column("unit", 16),
    Column("value", Float()),
    Column("error", Float()),
    text_column("reason"),
    int_column("reps_valid"),
    int_column("reps_total"),
)

signs: Final = Table(
    "practice_signs",
    metadata,
    Column("n", COUNTER, primary_key=True, autoincrement=True),
    of_column("practice_id", "practices"),
    text_column("sign", 24),
    text_column("told", 12),
    Column("measured", String(12)),
    text_column("found"),
    UniqueConstraint("practice_id", "sign"),
)

prescriptions: Final = Table(
    "prescriptions",
    metadata,
    id_column(),
    of_column("client_id", "clients"),
    int_column("number"),
    text_column("title"),
    text_column("text"),
    text_column("note"),
    text_column("by", 80),
    Column("at", UtcTime(), nullable=False),
    Column("withdrawn_at", UtcTime()),
    UniqueConstraint("client_id", "number"),
)
