"""What the terminal shows of a client's sessions, and of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneetrack.clinic import catalogue
from kneetrack.clinic.naming import VIEW_WORDS, trial_name
from kneetrack.clinic.setup_facts import SETUP_WORDS, fact_words
from kneetrack.clinic.visit import (
    day_of,
    day_words,
    good_trials,
)
from kneetrack.clinic.visit_rows import MeasureLine, StepRow, cannot_tell_lines, measure_lines
from kneetrack.clinic_records.visits import Session, Trial
from kneetrack.commands.visit_tables import plain_table
from kneetrack.console import standard_output as out
from kneetrack.records import SideName

if TYPE_CHECKING:
    from kneetrack.clinic_records.people import Client

_MARK: Final = {
    "good": "[green]✓[/green]",
    "rejected": "[yellow]–[/yellow]",
    "failed": "[yellow]?[/yellow]",
    "under_way": "…",
}
_WORD: Final = {
    "good": "",
    "rejected": "rejected",
    "failed": "not measured",
    "under_way": "under way",
}
_VIEW: Final = {
    "front": "front",
    "side": "side",
    "foot_end": "foot end",
    "oblique": "oblique",
    "back": "back",
}
_SIDES: Final[tuple[SideName, ...]] = ("left", "right", "both")
CORRECTED: Final = "*"
ONE_TABLE: Final = 132
"""Columns of a terminal from which on steps, takes and measures stand side by side."""


def show_sessions(client: Client, rows: Sequence[tuple[Session, Sequence[Trial], int]]) -> None:
    """A line a session; each with its trials and how many takes its protocol has."""
    table = plain_table("no.", "day", "protocol", "takes", "set-up", "notes")
    for session, trials, takes in rows:
        state = "" if session.closed_at is not None else " open"
        table.add_row(
            str(session.number),
            day_words(day_of(session)),
            session.protocol,
            f"{len(good_trials(trials))} of {takes}{state}",
            escape(setup_words(session)),
            escape(session.notes),
        )
    console = out()
    if not rows:
        console.print(f"{escape(client.code)} has no session yet.")
        return
    console.print(table)


def setup_words(session: Session) -> str:
    """``distance 3 m, footwear barefoot``; "not told" when nothing was."""
    told = [
        f"{word} {fact_words(session.setup, name)}"
        for name, word in SETUP_WORDS.items()
        if fact_words(session.setup, name)
    ]
    return ", ".join(told) or "not told"


def show_session(code: str, session: Session, title: str, rows: Sequence[StepRow]) -> None:
    """One visit: a row a step, then what could not be told, then what was noted."""
    console = out()
    state = "" if session.closed_at is not None else ", open"
    console.print(
        f"[bold]{escape(code)}[/bold], session {session.number}, {day_words(day_of(session))}, "
        f"{escape(title)}{state}",
        soft_wrap=True,
    )
    console.print(f"Set-up: {escape(setup_words(session))}", soft_wrap=True)
    if session.notes:
        console.print(f"Notes: {escape(session.notes)}", soft_wrap=True)
    if console.width >= ONE_TABLE:
        console.print(_one_table(rows))
    else:
        for row in rows:
            _show_step(console, row)
    _show_below(console, rows)


def _one_table(rows: Sequence[StepRow]) -> Table:
    """Every step beside its takes and measures, a table's row for each measure."""
    table = plain_table("step", "takes", "measure", "from", *_SIDES)
    for row in rows:
        titles = [escape(text) for text in (row.step.title, *_score_words(row))]
        lines = measure_lines(row.values)
        for title, take, line in zip_longest(titles, _take_lines(row), lines):
            table.add_row(title or "", take or "", *_measure_cells(line))
        table.add_row()
    return table


def _show_step(console: Console, row: StepRow) -> None:
    """A step above its measures, for a narrow window: only the columns that hold something."""
    console.print()
    console.print("  ".join([f"[bold]{escape(row.step.title)}[/bold]", *_take_lines(row)]))
    for score in _score_words(row):
        console.print(escape(score))
    lines = measure_lines(row.values)
    if not lines:
        return
    sides = [side for side in _SIDES if any(side in line.values for line in lines)]
    table = plain_table("measure", "from", *sides)
    for line in lines:
        table.add_row(*_measure_cells(line, sides))
    console.print(table)


def _score_words(row: StepRow) -> list[str]:
    return [
        f"{s.sheet.upper()} {s.side}: {'open' if s.total is None else s.total}" for s in row.scores
    ]


def _measure_cells(line: MeasureLine | None, sides: Sequence[SideName] = _SIDES) -> list[str]:
    if line is None:
        return []
    name = escape(catalogue.label(line.measure))
    return [name, _VIEW.get(line.view, line.view), *(escape(_number(line, s)) for s in sides)]


def _number(line: MeasureLine, side: SideName) -> str:
    value = line.values.get(side)
    if value is None:
        return ""
    text = catalogue.text(line.measure, value.value, value.error, brief=True)
    some = f" ({value.reps}/{value.reps_total})" if value.reps < value.reps_total else ""
    return f"{text}{CORRECTED if value.corrected else ''}{some}"


def _take_lines(row: StepRow) -> list[str]:
    """What became of each view: the trial that counts, else the last attempt, else nothing."""
    lines = []
    for view in dict.fromkeys([*row.step.views, *(t.view for t in row.trials)]):
        own = [t for t in row.trials if t.view == view]
        if not own:
            lines.append(f"[dim]{VIEW_WORDS[view]}: not taken[/dim]")
            continue
        best = next((t for t in reversed(own) if t.status == "good"), own[-1])
        again = f", attempt {best.attempt}" if best.attempt > 1 else ""
        word = f" {_WORD[best.status]}" if _WORD[best.status] else ""
        mark = _MARK[best.status]
        if best.status == "good" and not _has_numbers(row, best):
            mark, word = "[yellow]![/yellow]", ", no number"
        lines.append(f"{mark} {VIEW_WORDS[view]}{_counted(row, best)}{word}{again}")
    return lines


def _counted(row: StepRow, trial: Trial) -> str:
    """`` 5/5``: repetitions read, of those done; `` 2/2 of 5 asked`` where fewer were done."""
    if not trial.reps_total:
        return ""
    both = row.step.exercise == "lateral_lunge" and row.step.foot == "both" and trial.view != "side"
    asked = row.step.reps * (2 if both else 1)
    fewer = f" of {asked} asked" if trial.reps_total < asked else ""
    return f" {trial.reps_valid}/{trial.reps_total}{fewer}"


def _has_numbers(row: StepRow, trial: Trial) -> bool:
    """Whether a number may be of this take: seen from its view, or from one no other take has."""
    told = {value.key.view for value in row.values if value.value is not None}
    others = {t.view for t in row.trials if t.status == "good" and t.view != trial.view}
    return bool(told - others) or trial.view in told


def _show_below(console: Console, rows: Sequence[StepRow]) -> None:
    for row in rows:
        for line in cannot_tell_lines(row.values) if row.trials else ():
            told = f"[dim]? cannot tell[/dim]  {escape(row.step.title)}: {escape(line)}"
            console.print(told, soft_wrap=True)
    for row in rows:
        for trial in row.trials:
            for line in _remarks(trial, row.trials):
                console.print(line, soft_wrap=True)
    values = [value for row in rows for value in row.values]
    known = [value.key.measure for value in values if value.value is not None]
    for line in catalogue.legend(known):
        console.print(f"[dim]{escape(line)}[/dim]", soft_wrap=True)
    if any(value.corrected for value in values):
        console.print(f"{CORRECTED} a reviewer's correction is in it")
    if known:
        console.print("[dim]mean of the valid repetitions ± one standard error[/dim]")


def _remarks(trial: Trial, others: Sequence[Trial]) -> list[str]:
    name = trial_name(trial, others)
    told = []
    if trial.reason:
        told.append(f"{name}, {_WORD[trial.status] or trial.status}: {escape(trial.reason)}")
    if trial.note:
        told.append(f"{name}: {escape(trial.note)}")
    return told


def said_of(trial: Trial, others: Sequence[Trial]) -> str:
    """What a command did to a trial, in one line."""
    word = {"good": "counts", "rejected": "does not count"}.get(trial.status, trial.status)
    reason = f": {trial.reason}" if trial.reason else ""
    note = f"; note: {trial.note}" if trial.note else ""
    return f"{trial_name(trial, others)} {word}{reason}{note}"
