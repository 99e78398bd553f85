"""One state of a session as lines of text: what the live screen shows, for a terminal."""

from __future__ import annotations

import math
import textwrap
from typing import Final

from rich.cells import cell_len
from rich.text import Text

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
PLAIN: Final = str.maketrans({"█": "#", "░": ".", "·": "-", "…": ".", "°": " deg", "–": "-"})
"""For terminals that know only ASCII."""


def picture(state: ScreenState, columns: int, *, plain: bool = False) -> Text:
    """The lines, one text. columns: of the terminal. plain: in ASCII alone."""
    width = max(10, min(columns - 1 - _MARGIN, _WIDEST))
    lines = _keys_table(state, width) if state.help else _lines(state, width, plain)
    shown = Text("\n").join(Text(" " * _MARGIN) + line for line in lines)
    if plain:
        shown.plain = shown.plain.translate(PLAIN).encode("ascii", "replace").decode()
    return shown


def _lines(state: ScreenState, width: int, plain: bool) -> list[Text]:
    number = _number(state)
    parts = [
        _wrapped(_small_line(state), width, "dim"),
        _wrapped(_headline(state), width, "bold"),
        _wrapped(state.detail, width, "", most=4),
        _cue(state, width, plain),
        [] if number is None else _big(number, _behind(state), width),
        _marks(state, width, plain),
        [] if state.progress is None else [_bar(state.progress, width)],
        [] if state.scale is None else _scale(state, width),
        _summary(state, width, plain),
        _wrapped(f"Next: {state.next_up}" if state.next_up else "", width, ""),
        _wrapped(state.trouble, width, "bold"),
        _wrapped(_choices(state), width, "dim"),
    ]
    lines: list[Text] = []
    for part in parts:
        lines += [Text(""), *part] if part and lines else part
    return lines


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
    rows = []
    for line in state.summary:
        sign, ascii_sign, colour = _SIGNS[line.status]
        room = max(4, width - cell_len(line.value) - 5)
        words = textwrap.shorten(line.text, room, placeholder="…")
        row = Text(f"{ascii_sign if plain else sign} ", colour)
        rows.append(row.append(f"{words:<{room}}  {line.value}", "default"))
    return rows


def _choices(state: ScreenState) -> str:
    choices = state.choices or tuple(pair for pair in state.keys if pair[0] != "?")
    keys = [f"{key}\u00a0{what}".replace(" ", "\u00a0") for key, what in choices]
    return " · ".join([*keys, "?\u00a0help"]) if state.keys else " · ".join(keys)


def _keys_table(state: ScreenState, width: int) -> list[Text]:
    wide = max((len(key) for key, _ in state.keys), default=0)
    rows = [Text(f"{key:<{wide}}  ", "bold").append(what, "default") for key, what in state.keys]
    return [Text("Keys", "bold"), Text(""), *rows]


def _wrapped(words: str, width: int, style: str, most: int = 5) -> list[Text]:
    if not words:
        return []
    lines = textwrap.wrap(words, width, max_lines=most, placeholder=" …", break_on_hyphens=False)
    return [Text(line.replace("\u00a0", " "), style) for line in lines]
