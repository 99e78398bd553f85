"""What the terminal shows of protocols, of a visit's plan, and of what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from kneetrack.clinic.naming import VIEW_WORDS, take_name
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.console import standard_output as out

if TYPE_CHECKING:
    from kneetrack.clinic.clip_visit import ClipPlan, Measured, Planned
    from kneetrack.clinic.visit import Wanted


def plain_table(*headings: str, title: str | None = None) -> Table:
    """A table without lines."""
    table = Table(*headings, box=None, pad_edge=False, title=title, title_justify="left")
    for column in table.columns:
        column.overflow = "fold"
    return table


def show_protocols(found: Sequence[Protocol]) -> None:
    """A line for each."""
    table = plain_table("protocol", "version", "takes", "about")
    for protocol in found:
        takes = str(len(protocol.takes()))
        table.add_row(protocol.name, str(protocol.version), takes, escape(protocol.about))
    out().print(table)


def show_protocol(protocol: Protocol) -> None:
    """Its takes in the order in which they are filmed."""
    console = out()
    title = f"[bold]{escape(protocol.title)}[/bold] ({protocol.name}, version {protocol.version})"
    console.print(title)
    if protocol.about:
        console.print(escape(protocol.about))
    table = plain_table("take", "movement", "from", "", "scores")
    for step, view in protocol.takes():
        optional = " (optional)" if step.optional else ""
        table.add_row(
            take_name(step.key, view),
            escape(step.title) + optional,
            VIEW_WORDS[view],
            amount(step),
            ", ".join(sheet.upper() for sheet in step.sheets),
        )
    console.print(table)


def amount(step: Step) -> str:
    """``5 times``, ``5 times a side``, ``20 s``"""
    if step.hold_s is not None:
        return f"{step.hold_s:g} s"
    each = " a side" if step.exercise == "lateral_lunge" and step.foot == "both" else ""
    return f"{step.reps} times{each}" if step.reps != 1 else f"once{each}"


def show_plan(wanted: Wanted, plan: ClipPlan) -> None:
    """Which clip is taken for which take, before any work begins."""
    console = out()
    where = "a new session" if plan.session is None else f"session {plan.session.number}"
    count = len(plan.to_do)
    clips = f"{count} clip{'' if count == 1 else 's'} to measure"
    console.print(f"[bold]{escape(wanted.client)}[/bold], {where}: {clips}")
    table = plain_table("clip", "take", "")
    for clip in plan.clips:
        table.add_row(escape(clip.clip.name), *_planned(clip))
    console.print(table)
    for note in plan.notes:
        console.print(f"  note: {escape(note)}: it is looked at", soft_wrap=True)


def _planned(clip: Planned) -> tuple[str, str]:
    take = clip.match.take if clip.match is not None else "?"
    if clip.skip:
        return take, f"[dim]passed over: {escape(clip.skip)}[/dim]"
    if clip.match is None:
        return take, "looked at first, to see which take it is"
    return take, f"[dim]by {escape(clip.match.why)}[/dim]"


def show_measured(measured: Measured) -> None:
    """One line: what became of a clip."""
    if measured.check is None:
        mark = "[bold]?[/bold]"
    else:
        mark = "[green]✓[/green]" if measured.check.good else "[yellow]![/yellow]"
    trial = measured.trial
    again = trial.attempt if trial is not None and trial.attempt > 1 else None
    name = "" if trial is None else f"{take_name(trial.step, trial.view, again)}  "
    out().print(f"{mark} {name}{escape(measured.text)}", soft_wrap=True)
