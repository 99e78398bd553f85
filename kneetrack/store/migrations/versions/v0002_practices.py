"""Practices with their parts, measures and signs; prescriptions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; nothing that is there is touched."""
    _practices()
    _prescriptions()
    _practice_parts()
    _practice_signs()
    _part_measures()


def _practices() -> None:
    op.create_table(
        "practices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("prescription", sa.Integer(), nullable=True),
        sa.Column("camera", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.String(length=12), nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("pain_before", sa.Integer(), nullable=True),
        sa.Column("pain_after", sa.Integer(), nullable=True),
        sa.Column("pain_next", sa.Integer(), nullable=True),
        sa.Column("pain_next_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("brought", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_practices_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practices")),
    )
    op.create_index(
        op.f("ix_practices_client_id_at_id"), "practices", ["client_id", "at", "id"], unique=False
    )


def _prescriptions() -> None:
    op.create_table(
        "prescriptions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["clients.id"],
            name=op.f("fk_prescriptions_client_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescriptions")),
        sa.UniqueConstraint("client_id", "number", name=op.f("uq_prescriptions_client_id_number")),
    )


def _practice_parts() -> None:
    op.create_table(
        "practice_parts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("exercise", sa.String(length=80), nullable=False),
        sa.Column("sets", sa.Integer(), nullable=True),
        sa.Column("reps", sa.Integer(), nullable=True),
        sa.Column("hold_s", sa.Float(), nullable=True),
        sa.Column("depth_deg", sa.Float(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("sets_done", sa.Integer(), nullable=False),
        sa.Column("reps_done", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("clean", sa.String(length=12), nullable=False),
        sa.Column("judged_by", sa.String(length=12), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("folders", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_practice_parts_practice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_parts")),
        sa.UniqueConstraint("practice_id", "part", name=op.f("uq_practice_parts_practice_id_part")),
    )


def _practice_signs() -> None:
    op.create_table(
        "practice_signs",
        sa.Column("n", COUNTER, autoincrement=True, nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("sign", sa.String(length=24), nullable=False),
        sa.Column("told", sa.String(length=12), nullable=False),
        sa.Column("measured", sa.String(length=12), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_practice_signs_practice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_practice_signs")),
        sa.UniqueConstraint("practice_id", "sign", name=op.f("uq_practice_signs_practice_id_sign")),
    )


def _part_measures() -> None:
    op.create_table(
        "part_measures",
        sa.Column("n", COUNTER, autoincrement=True, nullable=False),
        sa.Column("part_id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("error", sa.Float(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reps_valid", sa.Integer(), nullable=False),
        sa.Column("reps_total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["part_id"],
            ["practice_parts.id"],
            name=op.f("fk_part_measures_part_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_part_measures")),
    )
    op.create_index(op.f("ix_part_measures_part_id"), "part_measures", ["part_id"], unique=False)
