"""What the terminal shows of a clinic's own reliability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from kneetrack.clinic.catalogue import written
from kneetrack.clinic_records.numbers import MeasureKey
from kneetrack.commands.trend_table import label, out, plain_table

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
        table = plain_table()
        table.add_column("", width=20)
        table.add_column("", width=42)
        for name in ("clients", "sessions", "ICC(2,1)", "SEM", "MDC95"):
            table.add_column(name, justify="right", no_wrap=True)
        for row in found.rows:
            key = MeasureKey("", row.exercise, row.measure, "both", row.view, row.unit)
            table.add_row(
                f"{row.exercise.replace('_', ' ')}",
                f"{label(key)} · {row.view.replace('_', ' ')}",
                str(row.subjects),
                str(row.sessions),
                "–" if row.icc is None else f"{row.icc:.2f}",
                written(row.measure, row.sem, bare=True, more_places=1),
                written(row.measure, row.mdc95, bare=True, more_places=1),
            )
        console.print(table)
    for what, why in found.refused:
        console.print(f"[dim]Left out: {escape(what)}: {escape(why)}[/]")
    for warning in found.warnings:
        console.print(f"Note: {escape(warning)}.")
