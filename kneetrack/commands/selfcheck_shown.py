"""The outcome of a self-check at the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneetrack.console import COLOUR, SYMBOL, standard_output

if TYPE_CHECKING:
    from kneetrack.report.selfcheck.facts import SelfCheckFacts, SignFact
    from kneetrack.selfcheck.outcome import Outcome


def show_outcome(outcome: Outcome, page: Path) -> None:
    """All that the page says, in short, and where the page is."""
    from datetime import datetime

    from kneetrack.selfcheck.page import facts_of

    console = standard_output()
    facts = facts_of(outcome, datetime.now().astimezone())
    console.print()
    console.print(f"[bold]{escape(facts.headline)}[/bold]", soft_wrap=True)
    _show_list(console, "You said yes, or not sure, to this", facts.red_flags)
    if facts.signs:
        console.print()
        console.print(_signs(facts.signs))
        _show_lines(console, facts.signs)
    if facts.practise:
        when = ", once it has settled" if facts.hurt else ""
        title = f"What to practise{when} (next: kneetrack programme)"
        _show_list(console, title, [f"{p.title}: {p.dose}" for p in facts.practise])
    _show_list(console, "See a doctor or a physiotherapist if", facts.see_somebody_if)
    _show_list(console, "What could not be told, or only in part", _untold(facts))
    console.print()
    console.print(f"The page: {escape(str(page))}", soft_wrap=True)


def _signs(signs: tuple[SignFact, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("sign", "you said", "the camera"):
        table.add_column(heading, no_wrap=True)
    for sign in signs:
        measured = escape(sign.measured)
        if sign.status is not None:
            colour = COLOUR[sign.status]
            measured = f"[{colour}]{SYMBOL[sign.status]} {measured}[/{colour}]"
        title = f"[bold]{escape(sign.title)}[/bold]" if sign.found else escape(sign.title)
        table.add_row(title, sign.told, measured)
    return table


def _show_lines(console: Console, signs: tuple[SignFact, ...]) -> None:
    lines = [line for sign in signs for line in sign.lines if line.status != "cannot_tell"]
    if not lines:
        return
    console.print()
    for line in lines:
        colour = COLOUR[line.status]
        value = f": {line.value}" if line.value else ""
        told = escape(f"{line.take}: {line.what[:1].lower()}{line.what[1:]}{value}")
        console.print(f"[{colour}]{SYMBOL[line.status]}[/{colour}] {told}", soft_wrap=True)


def _untold(facts: SelfCheckFacts) -> list[str]:
    told = [f"{what}: {why}" if why else what for what, why in facts.untold]
    return [*told, *facts.left_out, *facts.notes]


def _show_list(console: Console, title: str, lines: tuple[str, ...] | list[str]) -> None:
    if not lines:
        return
    console.print()
    console.print(f"[bold]{escape(title)}[/bold]", soft_wrap=True)
    for line in lines:
        console.print(f"  {escape(line)}", soft_wrap=True)
