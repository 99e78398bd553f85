"""What the terminal shows of a trend and of a clinic's own reliability."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneetrack.clinic.catalogue import info, legend, written
from kneetrack.clinic.catalogue import label as measure_label
from kneetrack.clinic.change import remarks
from kneetrack.clinic_records.numbers import Answer, Change, MeasureKey, SessionValue
from kneetrack.console import standard_output as out
from kneetrack.exercises import all_exercises
from kneetrack.records import SideName
from kneetrack.result import ViewName

if TYPE_CHECKING:
    from kneetrack.clinic.change import Trend, TrendRow
    from kneetrack.clinic.setupmatch import SetupMatch
    from kneetrack.clinic_records.numbers import SideDifference
    from kneetrack.clinic_records.visits import Session

ANSWER: Final[dict[Answer, str]] = {
    "changed": "changed",
    "no_real_change": "no real change",
    "cannot_tell": "cannot tell",
}
STYLE: Final[dict[Answer, str]] = {"changed": "bold", "no_real_change": "", "cannot_tell": "dim"}
VIEW: Final = {
    "front": "from the front",
    "oblique": "obliquely from the front",
    "side": "from the side",
    "back": "from the back",
    "foot_end": "from the foot end",
}
LEG: Final[dict[SideName, str]] = {"left": "L", "right": "R", "both": ""}
_BESIDE_SESSIONS: Final = 70
_ALL_WIDE: Final = 100
"""Columns of a terminal from which on no row has to be folded."""
_A_SESSION: Final = 14
LABEL_WIDTH: Final = 33


class Notes:
    """Footnotes: each text once, numbered as they come."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def mark(self, text: str) -> str:
        """The number of a text, as it stands in a table."""
        if not text:
            return ""
        if text not in self.texts:
            self.texts.append(text)
        return str(self.texts.index(text) + 1)


def show_trend(trend: Trend, console: Console | None = None) -> None:
    """A summary first, then every number, then why."""
    console = console or out()
    if not trend.sessions:
        console.print(f"{escape(trend.client.code)}: nothing was measured yet.")
        return
    console.print(f"[bold]{escape(trend.client.code)}[/] · {escape(trend.protocol.title)}")
    console.print("  ".join(_dated(s) for s in trend.sessions))
    console.print()
    if trend.setup_overall is None:
        console.print("One session so far: there is nothing to compare it with.")
    else:
        _show_setup(trend.setup_overall, trend.sessions, console)
        _show_answers(trend, console)
    shown = _sessions_shown(len(trend.sessions), console.width)
    notes = Notes()
    groups: dict[tuple[str, ViewName], list[TrendRow]] = {}
    for row in trend.rows:
        groups.setdefault((row.key.step, row.key.view), []).append(row)
    for (step, view), rows in groups.items():
        console.print(f"\n[bold]{escape(_step_title(trend, step))}, {VIEW[view]}[/]")
        console.print(_values_table(rows, trend.sessions, shown, notes, console.width))
    _show_sides(trend, console)
    _show_feet(trend, shown, notes, console)


def _step_title(trend: Trend, step: str) -> str:
    return next((s.title for s in trend.protocol.steps if s.key == step), step)


def _dated(session: Session) -> str:
    return f"#{session.number} {session.at.astimezone():%Y-%m-%d}"


def _sessions_shown(sessions: int, width: int) -> list[int]:
    """Indices of the sessions that the width has room for: the first, and the last ones."""
    room = max(2, (width - _BESIDE_SESSIONS) // _A_SESSION)
    if sessions <= room:
        return list(range(sessions))
    return [0, *range(sessions - room + 1, sessions)]


def _show_setup(match: SetupMatch, sessions: Sequence[Session], console: Console) -> None:
    between = f"Set-up of #{sessions[0].number} and #{sessions[-1].number}"
    if match.matches:
        console.print(f"{between}: alike, as far as it was told and can be seen.")
    else:
        console.print(f"{between} differs. No change is told of what it concerns:")
    for text in match.sentences():
        console.print(f"  {escape(text)}")


def _lowered(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _show_answers(trend: Trend, console: Console) -> None:
    """What changed for real, and how many measures did not, or cannot be told."""
    first, last = trend.sessions[0].number, trend.sessions[-1].number
    changes = [row.overall for row in trend.rows if row.overall is not None]
    _show_changed(f"#{first} to #{last}", changes, trend, console)
    if len(trend.sessions) > 2:
        latest = [row.latest for row in trend.rows if row.latest is not None]
        _show_changed(f"#{trend.sessions[-2].number} to #{last}", latest, trend, console)


def _show_changed(between: str, changes: Sequence[Change], trend: Trend, console: Console) -> None:
    real = [c for c in changes if c.answer == "changed"]
    same = sum(c.answer == "no_real_change" for c in changes)
    rest = len(changes) - len(real) - same
    console.print(
        f"\n[bold]{between}: {len(real)} changed[/], {same} no real change, {rest} cannot tell"
    )
    for c in real:
        title = _step_title(trend, c.key.step)
        one_leg = c.key.side != "both" and c.key.side not in title.lower()
        leg = f", {c.key.side}" if one_leg else ""
        old, new = (_number(c.key, v.value) for v in (c.before, c.after))
        words = f" {unit_of(c.key)}" if len(unit_of(c.key)) > 1 else unit_of(c.key)
        what = f"{_lowered(name_of(c.key))} {old} → {new}{words}"
        console.print(f"  {escape(title)}{leg}: {escape(what)}, {VIEW[c.key.view]}")


def name_of(key: MeasureKey) -> str:
    """What a row is called."""
    return measure_label(key.measure)


def unit_of(key: MeasureKey) -> str:
    """The unit of a row: "°", "s", "% of the shank", "leg lengths", or nothing."""
    return {"degrees": "°", "seconds": "s"}.get(info(key.measure).unit_words) or info(
        key.measure
    ).unit_words


def label(key: MeasureKey) -> str:
    """What a row is called, with its unit, for a table: "Knee over foot (KFO), % of shank"."""
    unit = unit_of(key).replace(" the ", " ")
    return escape(f"{name_of(key)}, {unit}" if unit else name_of(key))


def _number(key: MeasureKey, value: float | None, error: float | None = None) -> str:
    return written(key.measure, value, error, bare=True, signed=info(key.measure).signed)


def _cell(value: SessionValue | None, view: ViewName) -> str:
    """ "+26 ± 3", a star: corrected, "(4/5)": repetitions missing; a view other than the row's."""
    if value is None or value.value is None:
        return "–"
    star = "*" if value.corrected else ""
    fewer = f" ({value.reps}/{value.reps_total})" if value.reps < value.reps_total else ""
    other = f" {value.key.view}" if value.key.view != view else ""
    return _number(value.key, value.value, value.error) + star + fewer + other


def plain_table() -> Table:
    """Columns without lines."""
    return Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")


def _values_table(
    rows: Sequence[TrendRow],
    sessions: Sequence[Session],
    shown: Sequence[int],
    notes: Notes,
    width: int,
) -> Table:
    compared = len(sessions) > 1
    answer = 14 if width >= _ALL_WIDE else 7
    beside = 4 + _A_SESSION * len(shown) + (answer + 19 if compared else 0)
    table = plain_table()
    room = max(12, min(LABEL_WIDTH, width - beside))
    table.add_column("", width=room, overflow="fold")
    table.add_column("leg", width=3)
    for i in shown:
        table.add_column(f"#{sessions[i].number}", justify="right", min_width=10)
    if compared:
        for name in ("change", "limit"):
            table.add_column(name, justify="right", min_width=6)
        table.add_column("", width=answer)
        table.add_column("why", justify="right", width=3)
    for row in rows:
        cells = [
            label(row.key),
            LEG[row.key.side],
            *(_cell(row.values[i], row.key.view) for i in shown),
        ]
        cells += _change_cells(row.overall, notes) if compared else []
        table.add_row(*cells, style=STYLE[row.overall.answer] if row.overall else "")
    return table


def _change_cells(change: Change | None, notes: Notes) -> list[str]:
    if change is None:
        return ["", "", "", ""]
    key = change.key
    difference = written(key.measure, change.difference, bare=True, signed=True)
    limit = written(key.measure, change.limit.mdc95, bare=True) if change.limit else "–"
    return [difference, limit, ANSWER[change.answer], notes.mark(_reason(change))]


def _reason(change: Change) -> str:
    """For a footnote: where the limit is from, or what is in the way."""
    if change.answer == "cannot_tell" or change.limit is None:
        return change.why
    return "; ".join(filter(None, [f"Limit: {change.limit.source}", remarks(change)]))


def _show_sides(trend: Trend, console: Console) -> None:
    """Differences of the last session beyond the errors; how many are not; which are not told."""
    told = [d for d in trend.sides if d.difference is not None]
    both = [d for d in trend.sides if d.left.value is not None and d.right.value is not None]
    if not both:
        return
    console.print(f"\n[bold]Right minus left, session #{trend.sessions[-1].number}[/]")
    beyond = [d for d in told if not d.why]
    if beyond:
        table = plain_table()
        table.add_column("", max_width=20)
        table.add_column("", max_width=LABEL_WIDTH)
        for name in ("left", "right", "right − left"):
            table.add_column(name, justify="right", no_wrap=True)
        for difference in beyond:
            table.add_row(*_side_cells(difference))
        console.print(table)
    if len(told) > len(beyond):
        others = "other " if beyond else ""
        console.print(
            f"In {len(told) - len(beyond)} {others}measures the sides differ by no more than "
            "their errors."
        )
    barred: dict[str, list[str]] = {}
    for difference in (d for d in both if d.difference is None):
        barred.setdefault(difference.why, []).append(_of_exercise(difference))
    for why, names in barred.items():
        console.print(f"Not compared: {escape(', '.join(names))}: {escape(why)}")


def _exercise(key: MeasureKey) -> str:
    found = all_exercises().get(key.exercise)
    return found.title if found else key.exercise.replace("_", " ").capitalize()


def _of_exercise(difference: SideDifference) -> str:
    return f"{name_of(difference.key)} ({_exercise(difference.key).lower()})"


def _side_cells(difference: SideDifference) -> Iterable[str]:
    key = difference.key
    shown = written(key.measure, difference.difference, difference.error, bare=True, signed=True)
    if difference.percent is not None:
        shown += f", {difference.percent:+.0f} %".replace("-", "\N{MINUS SIGN}")
    left, right = (_number(key, v.value) for v in (difference.left, difference.right))
    return [escape(_exercise(key)), label(key), left, right, shown]


def _show_feet(trend: Trend, shown: Sequence[int], notes: Notes, console: Console) -> None:
    console.print()
    table = plain_table()
    table.show_header = False
    table.add_column("", justify="right", width=5)
    table.add_column("")
    for number, text in enumerate(notes.texts, 1):
        table.add_row(str(number), escape(text), style="dim")
    for line in legend(row.key.measure for row in trend.rows):
        table.add_row("", escape(line), style="dim")
    values = [v for row in trend.rows for v in row.values if v is not None]
    if any(v.corrected for v in values):
        table.add_row("*", "a reviewer's correction is in this number")
    if any(v.value is not None and v.reps < v.reps_total for v in values):
        table.add_row("(4/5)", "read in 4 of 5 repetitions")
    table.add_row("±", "one standard error of the mean over the valid repetitions")
    console.print(table)
    hidden = [s.number for i, s in enumerate(trend.sessions) if i not in shown]
    if hidden:
        numbers = ", ".join(f"#{n}" for n in hidden)
        console.print(f"Not shown for want of room: {numbers}. A wider window or --json has them.")
