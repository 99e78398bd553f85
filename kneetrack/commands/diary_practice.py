"""What the terminal shows of one practice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape as escape_markup
from rich.table import Table

from kneetrack.clinic_records.practice import PartDone, PartMeasure, PracticeRecord
from kneetrack.commands.diary_view import mark_of
from kneetrack.console import COLOUR, SYMBOL, WORD
from kneetrack.console import standard_output as out
from kneetrack.diary import words
from kneetrack.diary.days import local_day
from kneetrack.diary.measured import value_text
from kneetrack.report import glossary

PAGES: Final = "*.html"


def escape(text: str) -> str:
    """Text that may be of another computer: no markup, nothing that a terminal obeys."""
    return escape_markup("".join(c if c.isprintable() else " " for c in text))


def show_practice(
    record: PracticeRecord, pages: Sequence[Path], console: Console | None = None
) -> None:
    """One practice whole: its facts, its parts, what was measured, where its pages are."""
    console = console or out()
    for line in _head(record):
        console.print(line, soft_wrap=True)
    if record.parts:
        console.print()
        console.print(_parts(record.parts))
        for part in record.parts:
            if part.why:
                title = escape(words.part_title(part))
                console.print(f"→ {title}: {escape(part.why)}", soft_wrap=True)
    for part in record.parts:
        _show_measures(part, console)
    if record.signs:
        console.print("\n[bold]Signs[/]")
        console.print(_signs(record))
    if not record.parts and not record.signs:
        console.print("No part was begun.")
    _show_pages(record, pages, console)


def _show_pages(record: PracticeRecord, pages: Sequence[Path], console: Console) -> None:
    """The page of the practice, and those of its parts."""
    if pages:
        console.print()
    of_parts = {name: part for part in record.parts for name in part.folders}
    for page in pages:
        part = of_parts.get(page.parent.name)
        which = "Its page"
        if part is not None:
            title = escape(words.part_title(part))
            one = len(part.folders) == 1
            which = title if one else f"{title}, set {part.folders.index(page.parent.name) + 1}"
        console.print(f"{which}: {escape(str(page))}", soft_wrap=True)


def _head(record: PracticeRecord) -> Iterable[str]:
    p = record.practice
    day = words.day_text(local_day(p.at), year=True)
    took = words.minutes(p)
    how_long = "" if took is None else f", {took} min"
    kind = words.KINDS[p.facts.kind].capitalize()
    yield f"[bold]{kind} {p.number}[/], {day}, {words.time_text(p.at)}{how_long}"
    followed = [escape(p.facts.programme)] if p.facts.programme else []
    if p.facts.prescription is not None:
        followed.append(f"prescription {p.facts.prescription}")
    followed.append("with camera" if p.facts.camera else "without camera")
    if p.brought:
        followed.append("brought from another computer")
    yield f"{mark_of(record)} {words.ENDED[p.ended]} · {' · '.join(followed)}"
    told = (
        ("before", p.facts.pain_before),
        ("after", p.pain_after),
        ("the next morning", p.pain_next),
    )
    pains = ", ".join(f"{'not told' if pain is None else pain} {when}" for when, pain in told)
    if p.facts.kind == "programme" or any(pain is not None for _, pain in told):
        yield f"Pain, 0 to 10: {pains}"
    if p.note:
        yield f"Note: {escape(' '.join(p.note.split()))}"


def _parts(parts: Sequence[PartDone]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("", "part", "asked", "done", "went"):
        table.add_column(heading, no_wrap=heading in ("", "asked", "done"))
    for part in parts:
        table.add_row(
            words.PART_SYMBOLS[part.status],
            escape(words.part_title(part)),
            words.asked_text(part),
            words.outcome_text(part),
            words.clean_text(part),
        )
    return table


def _show_measures(part: PartDone, console: Console) -> None:
    if not part.measures:
        return
    console.print(f"\n[bold]{escape(words.part_title(part))}[/]")
    told = [m for m in part.measures if m.status != "cannot_tell"]
    if told:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        for row in told:
            table.add_row(*_measure_cells(row))
        console.print(table)
    for names, reason in _untold(part.measures):
        console.print(f"[dim]? cannot tell[/]  {escape(names)}: {escape(reason)}", soft_wrap=True)


def _measure_cells(row: PartMeasure) -> Iterable[str]:
    yield f"[{COLOUR[row.status]}]{SYMBOL[row.status]} {WORD[row.status]}[/]"
    yield escape(_rule(row))
    yield "" if row.value is None else escape(value_text(row.measure, row.value, row.error))
    yield f"[dim]{row.reps_valid} of {row.reps_total} reps[/]" if row.reps_total else ""


def _rule(row: PartMeasure) -> str:
    name = glossary.rule(row.rule).name
    return name if row.side == "both" else f"{name}, {row.side}"


def _untold(measures: Sequence[PartMeasure]) -> Iterable[tuple[str, str]]:
    """What could not be told, by reason."""
    found: dict[str, list[str]] = {}
    for row in measures:
        if row.status == "cannot_tell":
            found.setdefault(row.reason or "no reason was kept", []).append(_rule(row))
    return ((", ".join(names), reason) for reason, names in found.items())


def _signs(record: PracticeRecord) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("sign", "told", "measured", "found"):
        table.add_column(heading)
    for sign in record.signs:
        seen = "" if sign.measured is None else f"{SYMBOL[sign.measured]} {WORD[sign.measured]}"
        told = words.TOLD[sign.told]
        table.add_row(words.sign_title(sign.sign), told, seen or "–", escape(sign.found))
    return table


def pages_of(folder: Path) -> list[Path]:
    """The pages in a practice's folder, its own first; none where there is no folder."""
    return [*sorted(folder.glob(PAGES)), *sorted(folder.glob(f"*/{PAGES}"))]
