"""One state of a session as lines of text: what the live screen shows, for a terminal."""

from __future__ import annotations

import math
import textwrap
from dataclasses import replace
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from kneetrack.live.terminal_letters import large
from kneetrack.live.terminal_room import LEAST, TOO_SMALL, Blocks, fit
from kneetrack.live_records import ScreenState
from kneetrack.records import Status

_DIGITS: Final = (
    ("███", "  █", "███", "███", "█ █", "███", "███", "███", "███", "███"),
    ("█ █", "  █", "  █", "  █", "█ █", "█  ", "█  ", "  █", "█ █", "█ █"),
    ("█ █", "  █", "███", "███", "███", "███", "███", "  █", "███", "███"),
    ("█ █", "  █", "█  ", "  █", "  █", "  █", "█ █", "  █", "█ █", "  █"),
    ("███", "  █", "███", "███", "  █", "███", "███", "  █", "███", "███"),
)
_SIGNS: Final[dict[Status, tuple[str, str, str]]] = {
    "ok": ("✓", "ok", "green"),
    "watch": ("!", "!", "yellow"),
    "flag": ("✗", "x", "red"),
    "cannot_tell": ("?", "?", "dim"),
}
_COUNTED: Final = frozenset({"set", "paused", "rest", "timer"})
_MARGIN: Final = 2
_WIDEST: Final = 76
_DOUBLED_FROM: Final = 60
_ENDLESS: Final = 10_000
PLAIN: Final = str.maketrans({"█": "#", "░": ".", "·": "-", "…": ".", "°": " deg", "–": "-"})
"""For terminals that know only ASCII."""


def picture(
    state: ScreenState, columns: int, rows: int | None = None, *, plain: bool = False, page: int = 0
) -> Text:
    """The lines, one text. columns, rows: of the terminal. plain: in ASCII alone."""
    return pages(state, columns, rows, plain=plain, page=page)[0]


def pages(
    state: ScreenState,
    columns: int,
    rows: int | None = None,
    *,
    plain: bool = False,
    page: int = 0,
    silent: bool = False,
) -> tuple[Text, int]:
    """A page of what is shown, and how many there are: one where there is room for all of it.

    silent: nothing is heard, so the headline is in large letters where there is room.
    """
    if columns < LEAST[0] or (rows is not None and rows < LEAST[1]):
        return Text(textwrap.shorten(TOO_SMALL, max(4, columns - 1), placeholder="")), 1
    margin = _MARGIN if columns >= _DOUBLED_FROM else 0
    width = min(columns - 1 - margin, _WIDEST)
    blocks = _help(state, width) if state.help else _blocks(state, width, plain)
    if silent and not state.help:
        blocks = replace(blocks, large=large(_headline(state), width))
    lines, count = fit(blocks, _ENDLESS if rows is None else rows, page)
    shown = Text("\n").join(Text(" " * margin) + line for line in lines)
    if plain:
        shown.plain = shown.plain.translate(PLAIN).encode("ascii", "replace").decode()
    return shown, count


def _blocks(state: ScreenState, width: int, plain: bool) -> Blocks:
    number = _number(state)
    title = _wrapped(_small_line(state), width, "dim")
    before = [_wrapped(state.detail, width, ""), _cue(state, width, plain)]
    after = [
        _marks(state, width, plain),
        [] if state.progress is None else [_bar(state.progress, width)],
        [] if state.scale is None else _scale(state, width),
        _summary(state, width, plain),
        _wrapped(f"Next: {state.next_up}" if state.next_up else "", width, ""),
        _wrapped(state.trouble, width, "bold"),
    ]
    return Blocks(
        _wrapped(_headline(state), width, "bold"),
        [*before, *after],
        _wrapped(_choices(state), width, "dim"),
        ([], []) if number is None else _digits(number, _behind(state), width),
        len(before),
        title=title,
    )


def _digits(number: int, behind: str, width: int) -> tuple[list[Text], list[Text]]:
    return _big(number, behind, width), [Text(f"{number} {behind}".rstrip(), "bold")]


def _small_line(state: ScreenState) -> str:
    parts = [state.title]
    if state.set_number > 0 and state.phase not in ("starting", "summary"):
        total = f" of {state.sets_total}" if state.sets_total else ""
        parts.append(f"set {state.set_number}{total}")
    if not state.sound_on:
        parts.append("sound off")
    return " · ".join(part for part in parts if part)


def _headline(state: ScreenState) -> str:
    if state.phase == "lead" and state.note:
        return f"{state.note}: {state.headline}"
    return state.headline or ("" if state.phase == "set" else state.note)


def _number(state: ScreenState) -> int | None:
    if state.countdown is not None:
        return state.countdown
    if state.phase in _COUNTED and (state.reps_done or state.phase == "set"):
        return state.reps_done
    return None


def _behind(state: ScreenState) -> str:
    """What stands behind the large number."""
    if state.phase in ("lead", "countdown", "rest") or not state.reps_total:
        return "" if state.countdown is None else "s"
    return f"of {state.reps_total}"


def _big(number: int, behind: str, width: int) -> list[Text]:
    """A number in digits five lines high, what it is of behind its foot."""
    twice = 2 if width >= _DOUBLED_FROM else 1
    rows = []
    for row in _DIGITS:
        cells = ["".join(sign * twice for sign in row[int(d)]) for d in str(max(0, number))]
        rows.append(Text((" " * twice).join(cells), "bold"))
    rows[-1].append(f"  {behind}", "")
    return rows


def _bar(fraction: float, width: int) -> Text:
    full = round(min(1.0, max(0.0, fraction)) * width) if math.isfinite(fraction) else 0
    return Text("█" * full + "░" * (width - full))


def _cue(state: ScreenState, width: int, plain: bool) -> list[Text]:
    if not state.cue:
        return []
    sign, ascii_sign, colour = _SIGNS[state.cue_status]
    return _wrapped(f"{ascii_sign if plain else sign} {state.cue}", width, f"bold {colour}")


def _marks(state: ScreenState, width: int, plain: bool) -> list[Text]:
    """A sign for each repetition of the set, the latest of many."""
    if state.phase not in _COUNTED or not state.rep_marks:
        return []
    row = Text()
    for mark in state.rep_marks[-(width // 2) :]:
        sign, ascii_sign, colour = _SIGNS[mark]
        row.append(f"{ascii_sign[0] if plain else sign} ", colour)
    return [row]


def _scale(state: ScreenState, width: int) -> list[Text]:
    """0 to 10 in a row, the chosen one in brackets, words below their steps."""
    assert state.scale is not None
    step = width // 11
    if step < 3:
        words = " · ".join(f"{number} {word}" for number, word in state.scale.words)
        marked = "" if state.scale.chosen is None else f"[{state.scale.chosen}]"
        return [Text(marked, "bold reverse"), *_wrapped(words, width, "dim")]
    row, below = Text(), [" "] * (11 * step)
    for number in range(11):
        chosen = number == state.scale.chosen
        shown = f"[{number}]" if chosen else f" {number} "
        row.append(shown.rjust(step)[-max(step, len(shown)) :], "bold reverse" if chosen else "")
    for number, words in state.scale.words:
        start = min(max(0, (number + 1) * step - 2 - len(words) // 2), 11 * step - len(words))
        below[start : start + len(words)] = words
    return [row, Text("".join(below).rstrip(), "dim")]


def _summary(state: ScreenState, width: int, plain: bool) -> list[Text]:
    """A line for each; where text and value have no room side by side, one below the other."""
    rows = []
    for line in state.summary:
        sign, ascii_sign, colour = _SIGNS[line.status]
        value = f"  {line.value}" if line.value else ""
        beside = cell_len(value) <= width // 2 or cell_len(line.text + value) <= width - 3
        room = width - 3 - (cell_len(value) if beside else 0)
        first, *more = _folded(line.text, room)
        row = Text(f"{ascii_sign if plain else sign} ", colour)
        rows.append(row.append(f"{first:<{room}}{value if beside else ''}".rstrip(), "default"))
        more += [] if beside else _folded(line.value, room)
        rows += [Text(f"  {words}") for words in more]
    return rows


def _folded(words: str, width: int) -> list[str]:
    return textwrap.wrap(words, width, break_on_hyphens=False) or [""]


def _choices(state: ScreenState) -> str:
    choices = state.choices or tuple(pair for pair in state.keys if pair[0] != "?")
    keys = [f"{key}\u00a0{what}".replace(" ", "\u00a0") for key, what in choices]
    return " · ".join([*keys, "?\u00a0help"]) if state.keys else " · ".join(keys)


def _help(state: ScreenState, width: int) -> Blocks:
    wide = max((len(key) for key, _ in state.keys), default=0) + 2
    rows = []
    for key, what in state.keys:
        first, *more = _folded(what, width - wide)
        rows.append(Text(f"{key:<{wide}}", "bold").append(first, "default"))
        rows += [Text(" " * wide + words) for words in more]
    last = rows[-1:] if state.keys else []
    return Blocks([Text("Keys", "bold")], [rows[:-1]], last)


def _wrapped(words: str, width: int, style: str) -> list[Text]:
    if not words:
        return []
    lines = textwrap.wrap(words, width, break_on_hyphens=False)
    return [Text(line.replace("\u00a0", " "), style) for line in lines]
