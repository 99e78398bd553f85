"""A table: what it shows, and how it reads as Markdown, on a terminal, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Cell = str | int | float | None
Kind = Literal["text", "count", "signed", "size", "share"]
PLACES: Final = {"deg": 1, "ratio": 3, "s": 3, "count": 2}
"""Decimals worth showing, by unit."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, the key in CSV and JSON, and what kind of number it holds.

    signed and size are in the unit of the row's ``unit`` column; share is 0..1, shown in percent.
    """

    key: str
    heading: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells in the order of the columns; None and NaN are empty."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def shown(self) -> list[list[str]]:
        """Every cell as it is read."""
        keys = [column.key for column in self.columns]
        unit = keys.index("unit") if "unit" in keys else None
        return [
            [
                shown(cell, column.kind, str(row[unit]) if unit is not None else "")
                for cell, column in zip(row, self.columns, strict=True)
            ]
            for row in self.rows
        ]

    def markdown(self) -> str:
        """A heading-less Markdown table."""
        lines = [
            _line([column.heading for column in self.columns]),
            _line(["---" if column.kind == "text" else "---:" for column in self.columns]),
        ]
        return "\n".join(lines + [_line(_escaped(row)) for row in self.shown()])

    def text(self) -> str:
        """Aligned columns for a terminal, without colours."""
        rows = [[column.heading for column in self.columns], *self.shown()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.columns))]
        lines = []
        for row in rows:
            cells = [
                cell.ljust(width) if column.kind == "text" else cell.rjust(width)
                for cell, width, column in zip(row, widths, self.columns, strict=True)
            ]
            lines.append("  ".join(cells).rstrip())
        return "\n".join(lines)

    def csv(self) -> str:
        """Comma-separated, six decimals at most, empty where there is no number."""
        return csv_text([column.key for column in self.columns], self.rows)

    def as_dict(self) -> dict[str, Any]:
        """For JSON: rows as objects, NaN as null."""
        keys = [column.key for column in self.columns]
        rows = [dict(zip(keys, map(_plain, row), strict=True)) for row in self.rows]
        return {"title": self.title, "note": self.note, "rows": rows}

    def only(self, keys: Sequence[str]) -> Table:
        """The same with some of the columns."""
        places = [i for i, column in enumerate(self.columns) if column.key in keys]
        return Table(
            self.name,
            self.title,
            tuple(self.columns[i] for i in places),
            tuple(tuple(row[i] for i in places) for row in self.rows),
            self.note,
        )


def shown(cell: Cell, kind: Kind, unit: str = "") -> str:
    """A cell as it is read; never "-0.0"."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, str):
        return cell
    if kind == "share":
        return f"{100 * cell:.0f} %"
    if kind in ("signed", "size"):
        places = PLACES.get(unit, 2)
        cell = round(cell, places) + 0.0
        return f"{cell:+.{places}f}" if kind == "signed" else f"{cell:.{places}f}"
    return f"{cell:g}"


def csv_text(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Comma-separated text, empty where there is no number."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([["" if _plain(c) is None else _plain(c) for c in row] for row in rows])
    return stream.getvalue()


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, float):
        return round(cell, 6) + 0.0 if math.isfinite(cell) else None
    return cell


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(cells: Sequence[str]) -> list[str]:
    return [cell.replace("|", "\\|") for cell in cells]
