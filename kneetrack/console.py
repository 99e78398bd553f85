"""What the terminal shows: tables on standard output, remarks on standard error."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneetrack.exercises import all_exercises
from kneetrack.exercises.rules import Reader
from kneetrack.result import ExerciseName, Result, SummaryRow
from kneetrack.symmetry import differing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import TextIO

    from kneetrack.doctor import Check
    from kneetrack.sources.cameras import FoundCamera
    from kneetrack.work import Outcome

PIPE_WIDTH = 160
SYMBOL = {"ok": "✓", "watch": "!", "flag": "✗", "cannot_tell": "?"}
COLOUR = {"ok": "green", "watch": "yellow", "flag": "red", "cannot_tell": "dim"}
WORD = {"ok": "ok", "watch": "watch", "flag": "flag", "cannot_tell": "cannot tell"}


class _Piped:
    """Standard output in a pipe or file: no blanks at the end of a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(re.sub(r"[ \t]+(?=\n|$)", "", text))

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


class _Output(Console):
    def on_broken_pipe(self) -> None:
        """Whoever read it has read enough: told where every command ends, not here."""
        raise BrokenPipeError


def standard_output() -> Console:
    """Standard output; in a pipe as wide as COLUMNS says, else as a table needs."""
    console = _Output(highlight=False)
    if console.is_terminal:
        return console
    width = PIPE_WIDTH
    with suppress(KeyError, ValueError):
        width = max(40, int(os.environ["COLUMNS"]))
    return _Output(highlight=False, width=width, file=cast("TextIO", _Piped(sys.stdout)))


def complain(message: str) -> None:
    """One line on standard error; nothing in it that a terminal obeys."""
    plain = "".join(c if c.isprintable() else " " for c in message)
    print(f"kneetrack: {' '.join(plain.split())}", file=sys.stderr)


def inform(message: str) -> None:
    """A remark on standard error."""
    print(message, file=sys.stderr)


def number(value: float | None, unit: str) -> str:
    """A value for reading: ratios of a segment as percent, angles as whole degrees."""
    if value is None:
        return ""
    if unit == "deg":
        return f"{value:.0f}°"
    if unit == "s":
        return f"{value:.1f} s"
    return f"{value:+.2f}"


def shown_value(row: SummaryRow) -> str:
    """Value ± error with its unit."""
    if row.value is None:
        return ""
    error = f" ± {number(row.error, row.unit).lstrip('+')}" if row.error is not None else ""
    if row.unit == "ratio" and row.measure in ("kfo", "kmd"):
        return f"{100 * row.value:+.0f} % ± {100 * (row.error or 0):.0f} %"
    return number(row.value, row.unit) + error


def show_result(outcome: Outcome) -> None:
    """The summary table of each take, and where the files are."""
    console = standard_output()
    for result in outcome.results:
        _show_take(console, result)
    if outcome.files:
        console.print()
        report = next((p for p in outcome.files if p.name == "report.html"), None)
        console.print(f"{len(outcome.files)} files in {escape(str(outcome.folder))}")
        if report is not None:
            console.print(f"Open {escape(str(report))} in a browser.", soft_wrap=True)


def _count(reps: Sequence[object]) -> str:
    return f"{len(reps)} repetition{'' if len(reps) == 1 else 's'}"


def _show_take(console: Console, result: Result) -> None:
    name = result.exercise.replace("_", " ")
    view = result.view
    yaw = "" if view.yaw_deg is None else f", camera {round(view.yaw_deg) or 0:+d}°"
    console.print(
        f"[bold]{escape(result.source.file)}[/bold]: {name}, {_count(result.reps)}"
        f"{'' if result.side in (None, 'both') else ' ' + str(result.side)}, "
        f"{(view.name or 'unknown').replace('_', ' ')} view{yaw}",
        soft_wrap=True,
    )
    if result.exercise == "none":
        console.print(f"  {escape(result.reason)}", soft_wrap=True)
        return
    for row in result.sets:
        table = _table(result, row.index)
        if len(result.sets) > 1:
            table.title = f"Set {row.index}: {row.exercise.replace('_', ' ')}, {len(row.reps)} reps"
        console.print(table)
        for line in cues(result, row.index):
            console.print(f"[bold]→[/bold] {escape(line)}", soft_wrap=True)
        for line in not_judged(result, row.index):
            console.print(f"[dim]? cannot tell[/dim]  {escape(line)}", soft_wrap=True)
    if line := sides_differ(result):
        console.print(f"[bold]Sides differ[/bold]  {escape(line)}", soft_wrap=True)
    for candidate in result.rejected:
        span = f"{candidate.start_s:.1f} to {candidate.end_s:.1f} s"
        console.print(f"  not counted, {span}: {escape(candidate.reason)}", soft_wrap=True)
    for note in result.notes:
        console.print(f"  note: {escape(note)}", soft_wrap=True)


def _table(result: Result, number_of_set: int) -> Table:
    """What was judged; what could not be follows below, reason by reason."""
    table = Table(box=None, pad_edge=False, title_justify="left")
    for heading in ("", "rule", "side", "value", "measure", "reps read"):
        table.add_column(heading, no_wrap=True)
    for row in result.summary:
        if row.set != number_of_set or row.status == "cannot_tell":
            continue
        colour = "cyan" if row.information and row.status == "ok" else COLOUR[row.status]
        symbol = "i" if row.information and row.status == "ok" else SYMBOL[row.status]
        word = "info" if symbol == "i" else WORD[row.status]
        table.add_row(
            f"[{colour}]{symbol} {word}[/{colour}]",
            _rule_words(result, row),
            "" if row.side == "both" else row.side,
            shown_value(row),
            f"[dim]{row.measure}[/dim]",
            f"[dim]{row.reps_valid}/{row.reps_total}[/dim]",
        )
    return table


def _rule_words(result: Result, row: SummaryRow) -> str:
    """The key of a rule; in words where it is a limit of the programme."""
    from kneetrack.report import bands, glossary

    known = bands.collect(result.provenance.thresholds)
    exercise = next((s.exercise for s in result.sets if s.index == row.set), "")
    band = bands.find(known, row.rule, row.measure, exercise)
    if band is None or not band.is_limit:
        return row.rule
    return f"{glossary.rule(row.rule).name}, {band.limit_text}"


def cues(result: Result, number_of_set: int) -> list[str]:
    """What to do about each fault, once."""
    found = [row for row in result.summary if row.set == number_of_set and row.cue]
    return list(dict.fromkeys(f"{_rule_words(result, row)}: {row.cue}" for row in found))


def sides_differ(result: Result) -> str:
    """In what the left and the right leg differ, in one line; empty when in nothing."""
    from kneetrack.report.sides import side_words

    return "; ".join(side_words(row) for row in differing(result.sides))


def not_judged(result: Result, number_of_set: int) -> list[str]:
    """One line a reason: "knee_valgus left, right: camera 45° to your left: turn ..."."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for row in result.summary:
        if row.set == number_of_set and row.status == "cannot_tell":
            sides = grouped.setdefault(row.reason, {}).setdefault(row.rule, [])
            sides.extend([row.side] if row.side != "both" else [])
    lines = []
    for reason, rules in grouped.items():
        names = ", ".join(f"{rule} {' and '.join(sides)}".strip() for rule, sides in rules.items())
        lines.append(f"{names}: {reason}")
    return lines


def show_cameras(found: Sequence[FoundCamera], picture: Path) -> None:
    """Name, size, rate and problem of each camera, and a picture of what they see."""
    from kneetrack.folders import write_picture
    from kneetrack.ui.film import jpeg
    from kneetrack.ui.live import contact_sheet

    console = standard_output()
    table = Table("--camera", "name", "picture", "rate")
    cells = []
    for camera in found:
        size = f"{camera.size_px[0]} x {camera.size_px[1]}" if camera.size_px else "-"
        rate = f"{camera.fps:.0f} a second" if camera.fps else "-"
        table.add_row(escape(camera.spec), escape(camera.name), size, rate)
        told = camera.problem or f"{size}, {rate}"
        cells.append((f"{camera.spec}  {camera.name}", told, camera.thumbnail))
    console.print(table)
    for camera in found:
        if camera.problem:
            console.print(f"{escape(camera.name)}: {escape(camera.problem)}", soft_wrap=True)
    if any(camera.thumbnail is not None for camera in found):
        write_picture(picture, jpeg(contact_sheet(cells)))
        console.print(f"What they see: {escape(str(picture))}", soft_wrap=True)


def show_exercises(only: ExerciseName | None) -> None:
    """Exercises, rules, bands, references."""
    console = standard_output()
    for exercise in all_exercises().values():
        if only not in (None, exercise.name):
            continue
        console.print(f"\n[bold]{exercise.name.replace('_', '-')}[/bold]  {exercise.title}")
        console.print(f"  film {exercise.film}")
        if exercise.dose:
            console.print(f"  dose {exercise.dose}")
        table = Table(box=None, pad_edge=False)
        for heading in ("rule", "measure", "watch", "flag", "confidence", "reference"):
            table.add_column(heading, no_wrap=heading in ("rule", "measure"))
        for rule in exercise.rules:
            for reader in rule.readers:
                watch, flag = _band(reader)
                kind = "information" if rule.information else rule.confidence
                table.add_row(
                    rule.name, reader.measure, watch, flag, kind, escape(reader.reference)
                )
        console.print(table)


def _band(reader: Reader) -> tuple[str, str]:
    band = reader.above or reader.below
    if band is None:
        return "", ""
    sign = ">" if band.higher_is_worse else "<"
    unit = {"deg": "°", "s": " s"}.get(reader.unit, "")
    return f"{sign} {band.watch:g}{unit}", f"{sign} {band.flag:g}{unit}"


def show_checks(checks: list[Check]) -> bool:
    """One line a check; True when none of them is broken."""
    console = standard_output()
    for check in checks:
        mark = {True: "[green]ok  [/green]", False: "[red]FIX [/red]", None: "[cyan]note[/cyan]"}
        console.print(f"{mark[check.ok]} {escape(check.name)}: {escape(check.message)}")
    return all(check.ok is not False for check in checks)
