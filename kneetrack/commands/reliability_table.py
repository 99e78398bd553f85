"""What the terminal shows of a clinic's own reliability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneetrack.clinic.catalogue import written
from kneetrack.clinic_records.numbers import MeasureKey
from kneetrack.commands.trend_table import label, plain_table
from kneetrack.console import standard_output as out

if TYPE_CHECKING:
    from kneetrack.clinic.reliability import OwnReliability


def show_reliability(found: OwnReliability, console: Console | None = None) -> None:
    """A row a measure: clients, sessions, ICC, SEM, MDC95; then what was refused, and warnings."""
    console = console or out()
    if found.rows:
        console.print(
            f"{found.clients} clients measured again within {found.within_days} days. "
            "Each leg is a row of its own in the calculation."
        )
        table = _columns("clients", "sessions", "ICC(2,1)", "SEM", "MDC95")
        for row in found.rows:
            key = MeasureKey("", row.exercise, row.measure, "both", row.view, row.unit)
            numbers = (_number(row.measure, v) for v in (row.sem, row.mdc95))
            table.add_row(
                *_names(key), str(row.subjects), str(row.sessions), _icc(row.icc), *numbers
            )
        console.print(table)
    if found.refused:
        console.print("\nLeft out, too few clients were measured twice:")
        table = _columns("clients", "typical error")
        for left in found.refused:
            error = (
                "" if left.typical_error is None else _number(left.key.measure, left.typical_error)
            )
            table.add_row(*_names(left.key), str(left.clients), error, style="dim")
        console.print(table)
    _show_doubts(found, console)
    for warning in found.warnings:
        console.print(f"Note: {escape(warning)}.")


def _show_doubts(found: OwnReliability, console: Console) -> None:
    """A line a reason."""
    if not found.doubts:
        return
    console.print("\nAdopted only with --anyway:")
    names: dict[str, list[str]] = {}
    for doubt in found.doubts:
        row = doubt.row
        key = MeasureKey("", row.exercise, row.measure, "both", row.view, row.unit)
        for why in doubt.reasons:
            names.setdefault(why, []).append(", ".join(_names(key)))
    for why, which in names.items():
        every = len(which) == len(found.rows) and len(which) > 1
        told = "every measure" if every else "; ".join(which)
        console.print(escape(f"{told}: {why}."))


def _columns(*names: str) -> Table:
    table = plain_table()
    table.add_column("", max_width=17)
    table.add_column("", max_width=41)
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _names(key: MeasureKey) -> tuple[str, str]:
    view = key.view.replace("_", " ")
    return key.exercise.replace("_", " "), f"{label(key)} · {view}"


def _number(measure: str, value: float) -> str:
    return written(measure, value, bare=True, more_places=1)


def _icc(icc: float | None) -> str:
    return "–" if icc is None else f"{round(icc, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")
