"""Cells of comma-separated tables that people open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any


def csv_bytes(rows: Iterable[Sequence[Any]]) -> bytes:
    """A table in UTF-8, every cell as :func:`safe_cell` writes it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([safe_cell(v) for v in row] for row in rows)
    return text.getvalue().encode("utf-8")


def safe_cell(value: Any) -> str:
    """A cell: empty for None, yes or no, and no text that a spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
