"""What the terminal shows of programmes: doses of today, what they may grow to, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from kneetrack.clinic_records.practice import Dose
from kneetrack.console import standard_output as out
from kneetrack.diary.words import how_many
from kneetrack.guide.pages import load_page
from kneetrack.programme.lengths import expected_s
from kneetrack.programme.limits import limit_words
from kneetrack.programme.steps import within
from kneetrack.programme.values import Part, PlannedPart, Programme
from kneetrack.programme.words import dose_words, today_words

_MARKS: Final[Mapping[str, str]] = {"more": "more: ", "less": "less: ", "same": ""}


def minutes(planned: Sequence[PlannedPart]) -> int:
    """About how long they take."""
    return max(1, round(expected_s([each for each in planned if not each.rests]) / 60))


def show_planned(
    programme: Programme, origin: str, planned: Sequence[PlannedPart], notes: Sequence[str] = ()
) -> None:
    """Today's doses and why; origin: whose programme it is."""
    console = out()
    console.print(f"[bold]{escape(programme.title)}[/bold]  {escape(origin)}", soft_wrap=True)
    if programme.about:
        console.print(escape(programme.about), soft_wrap=True)
    _show_note(programme)
    console.print()
    console.print(_grid([(e.part.key, _today(e)) for e in planned]))
    console.print(f"\nAbout {how_many(minutes(planned), 'minute')}.")
    for line in (*limit_words(programme), *notes):
        console.print(escape(line), soft_wrap=True)


def _today(each: PlannedPart) -> str:
    part = each.part
    dose = today_words(each, load_page(part.exercise))
    lines = [f"[bold]{escape(part.title)}[/bold]: {escape(dose)}"]
    if each.why:
        mark = "" if each.rests else _MARKS[each.change]
        lines.append(f"[cyan]{mark}{escape(each.why)}[/cyan]")
    if part.note:
        lines.append(escape(part.note))
    return "\n".join(lines)


def show_programme(programme: Programme, planned: Sequence[PlannedPart] = ()) -> None:
    """What it begins with and may grow to, its limits; planned: also where each part stands now."""
    now = {each.part.key: each for each in planned}
    console = out()
    console.print()
    if programme.about:
        console.print(escape(programme.about), soft_wrap=True)
    _show_note(programme)
    console.print(
        _grid([(part.key, _grows(programme, part, now.get(part.key))) for part in programme.parts])
    )
    first = minutes([PlannedPart(part, part.dose) for part in _followed(programme)])
    last = minutes([PlannedPart(part, part.most) for part in _followed(programme)])
    told = how_many(first, "minute") + ("" if last == first else f", later up to {last}")
    console.print(f"\nAbout {told}.")
    for line in (*limit_words(programme), *_hints(programme)):
        console.print(escape(line), soft_wrap=True)


def _show_note(programme: Programme) -> None:
    if programme.note:
        out().print(f"[bold]Note:[/bold] {escape(programme.note)}", soft_wrap=True)


def _grows(programme: Programme, part: Part, now: PlannedPart | None) -> str:
    """Within the limits, which are stricter than what the part says; struck out where left out."""
    if part.exercise in programme.leave_out:
        return f"[strike]{escape(part.title)}[/strike]: left out"
    limit = programme.max_knee_flexion_deg.get(part.exercise)
    begin, end = (_dose(part, within(dose, limit)) for dose in (part.dose, part.most))
    noted = f"\n{escape(part.note)}" if part.note else ""
    then = "" if begin == end else f"\nlater up to {end}"
    stands = "" if now is None else today_words(now, load_page(part.exercise))
    stands = "" if stands in ("", begin) else f"\n[cyan]now {stands}[/cyan]"
    return f"[bold]{escape(part.title)}[/bold]: {escape(begin)}{stands}{escape(then)}{noted}"


def _followed(programme: Programme) -> list[Part]:
    return [part for part in programme.parts if part.exercise not in programme.leave_out]


def _hints(programme: Programme) -> list[str]:
    """What is no mistake, and may not have been meant."""
    hints = []
    for part in programme.parts:
        limit = programme.max_knee_flexion_deg.get(part.exercise)
        if limit is not None and part.most.depth_deg is not None and part.most.depth_deg > limit:
            hints.append(
                f"note: {part.key} may grow to {part.most.depth_deg:g}°, but the limit is "
                f"{limit:g}°: it stops there"
            )
        if part.exercise in programme.leave_out:
            hints.append(f"note: {part.key} is not done: leave_out names its exercise")
    return hints


def _dose(part: Part, dose: Dose) -> str:
    return dose_words(part, dose, load_page(part.exercise))


def _grid(rows: Sequence[tuple[str, str]]) -> Table:
    made = Table.grid(padding=(0, 2))
    made.add_column(no_wrap=True, style="dim")
    made.add_column()
    for key, text in rows:
        made.add_row(escape(key), text)
    return made


def planned_json(
    programme: Programme, planned: Sequence[PlannedPart], notes: Sequence[str]
) -> dict[str, Any]:
    """Today's doses for another program."""
    return {
        "title": programme.title,
        "by": programme.by,
        "note": programme.note,
        "prescription": programme.prescription,
        "minutes": minutes(planned),
        "limits": dict(programme.max_knee_flexion_deg),
        "leave_out": sorted(programme.leave_out),
        "parts": [
            {
                "key": each.part.key,
                "exercise": each.part.exercise,
                "title": each.part.title,
                "dose": {k: v for k, v in asdict(each.dose).items() if v is not None},
                "change": each.change,
                "why": each.why,
                "rests": bool(each.rests),
            }
            for each in planned
        ],
        "notes": list(notes),
    }
