"""Pages of the guide on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from kneetrack.console import standard_output
from kneetrack.guide import Page, picture_path, spelt

_WIDTH: Final = 92
"""Longer lines are hard to read."""


def show_list(pages: Sequence[Page]) -> None:
    """One line an exercise."""
    console = standard_output()
    table = Table(box=None, pad_edge=False)
    for heading in ("exercise", "", "how much", "judged"):
        table.add_column(heading, no_wrap=heading in ("exercise", "judged"))
    for page in pages:
        by = "by camera" if page.judged else "timed"
        table.add_row(f"[bold]{spelt(page.name)}[/bold]", page.title, escape(page.dose), by)
    console.print(table)
    console.print(
        "\nHow one is done: kneetrack exercises show lateral-lunge\n"
        "What the camera judges it by: kneetrack exercises rules lateral-lunge",
        soft_wrap=True,
    )


def show_page(page: Page) -> None:
    """All there is to know before doing it."""
    console = standard_output()
    width = min(_WIDTH, console.width)
    console.print(f"\n[bold]{escape(page.title)}[/bold]  [dim]{spelt(page.name)}[/dim]")
    _say(console, page.summary, width)
    _part(console, "How much", [page.dose], width)
    _part(console, "Get ready", page.prepare, width, mark="•")
    _part(console, "Step by step", page.steps, width, mark="1")
    _part(console, "Breathing", [page.breathe], width)
    if page.camera:
        _part(console, "What the camera checks", page.camera, width, mark="•")
    else:
        _part(console, "What the camera checks", ["Nothing: it is timed."], width)
    _slips(console, page, width)
    if page.advice:
        _part(console, "Better left out", [page.advice], width)
    _part(console, "Stop if", page.stop_if, width, mark="•", style="bold red")
    console.print()
    console.print(f"Picture: {escape(str(picture_path(page.picture)))}", soft_wrap=True)
    console.print(f"With it, to print: kneetrack exercises show {spelt(page.name)} --open")


def _say(console: Console, text: str, width: int) -> None:
    console.print(Padding(escape(text), (0, 0, 0, 2)), width=width)


def _part(
    console: Console,
    title: str,
    lines: Iterable[str],
    width: int,
    *,
    mark: str = "",
    style: str = "bold",
) -> None:
    console.print(f"\n[{style}]{title}[/{style}]")
    grid = Table.grid(padding=(0, 1))
    for number, line in enumerate(lines, 1):
        cells = [f"  {number}." if mark == "1" else f"  {mark}"] if mark else [" "]
        grid.add_row(*cells, escape(line))
    console.print(grid, width=width)


def _slips(console: Console, page: Page, width: int) -> None:
    console.print("\n[bold]Common slips, and what to do[/bold]")
    grid = Table.grid(padding=(0, 1))
    for slip in page.slips:
        grid.add_row("  [yellow]✗[/yellow]", escape(slip.seen))
        grid.add_row("  [green]✓[/green]", f"[dim]{escape(slip.do)}[/dim]")
    console.print(grid, width=width)
