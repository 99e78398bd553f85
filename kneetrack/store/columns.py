"""What the tables are made of: times in UTC, keys, and how constraints are named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
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


def id_column() -> Column[Any]:
    """The key: 32 hex digits without meaning."""
    return Column("id", ID, primary_key=True)


def of_column(name: str, table: str, **more: Any) -> Column[Any]:
    """Whose row it is; it goes with that row."""
    target = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(name, ID, target, nullable=False, **more)


def text_column(name: str, length: int | None = None) -> Column[Any]:
    """A text that may be empty."""
    return Column(name, Text() if length is None else String(length), nullable=False)


def int_column(name: str) -> Column[Any]:
    """A whole number."""
    return Column(name, Integer(), nullable=False)


def flag_column(name: str) -> Column[Any]:
    """Yes or no."""
    return Column(name, Boolean(), nullable=False)
