"""The report laid out: footnotes with letters, curves as paths, pictures as data URLs."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from kneetrack.records import SideName
from kneetrack.report.clinic.facts import (
    Cell,
    ChangeCell,
    ClientFacts,
    Curve,
    CurveLine,
    ReportFacts,
    Row,
    StepTable,
    Still,
)
from kneetrack.report.scales import Axis, Scale, decimals, nice, path

ANSWERS: Final = {
    "changed": "changed",
    "no_real_change": "no real change",
    "cannot_tell": "cannot tell",
}
STATUS_WORDS: Final = {
    "ok": "in its band",
    "watch": "a little outside its band",
    "flag": "outside its band",
    "cannot_tell": "",
}
SIGNS: Final = {"ok": "✓", "watch": "△", "flag": "▲", "cannot_tell": ""}
"""Told by shape, not by colour alone."""
_SIDES: Final[tuple[SideName, ...]] = ("left", "right", "both")
_OTHERS: Final = "other people right beside or behind"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_MOST_TICKS: Final = 3
_PAGE_MM: Final = 273.0
_SIZES: Final = (1.0, 0.9, 0.8, 0.7)
_MOST_PICTURE_MM, _LEAST_PICTURE_MM, _SMALLEST_MM = 64.0, 36.0, 24.0


@dataclass(frozen=True, slots=True)
class Notes:
    """Reasons by letter, each told once."""

    letters: dict[str, str]

    def of(self, why: str) -> str:
        """The letter of a reason; "" without one."""
        return self.letters.get(why, "")

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(letter, reason) in order."""
        return [(letter, why) for why, letter in self.letters.items()]


@dataclass(frozen=True, slots=True)
class ClientLayout:
    """Height of the pictures on the client's page, and the size of its letters against usual."""

    picture_mm: float
    size: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """A curve as paths in a box of 1000 by 100; ticks: (text, percent from the top)."""

    curve: Curve
    lines: tuple[tuple[CurveLine, str, tuple[str, ...], tuple[float, float]], ...]
    ticks: tuple[tuple[str, float], ...]


def notes_of(tables: Sequence[StepTable]) -> Notes:
    """Every reason and remark in the tables, in the order in which they are met."""
    reasons = dict.fromkeys(why for table in tables for row in table.rows for why in _whys(row))
    return Notes({why: _letter(i) for i, why in enumerate(reasons)})


def _whys(row: Row) -> Iterator[str]:
    for cell in row.cells.values():
        if not cell.text and cell.why:
            yield cell.why
        if cell.beyond:
            yield cell.beyond
    if row.difference_why:
        yield row.difference_why
    for side in _SIDES:
        change, now = row.changes.get(side), row.cells.get(side)
        said_already = now is not None and not now.text
        if change is not None and change.answer != "no_real_change" and not said_already:
            yield from filter(None, [change.why])


def _letter(number: int) -> str:
    """a, b, ... z, aa, ab, ..."""
    first, second = divmod(number, len(_LETTERS))
    return (_LETTERS[first - 1] if first else "") + _LETTERS[second]


def fitting(client: ClientFacts) -> ClientFacts:
    """The same; without the notes of a long programme's parts where the page has no room."""
    given = client.prescribed
    least = _SMALLEST_MM if client.pictures else 0.0
    if given is None or _PAGE_MM - _text_mm(client, _SIZES[-1]) >= least:
        return client
    parts = tuple(replace(part, cues=()) for part in given.parts)
    return replace(client, prescribed=replace(given, parts=parts))


def client_layout(client: ClientFacts) -> ClientLayout:
    """How large pictures and letters may be for the client's page to stay one page.

    An estimate by the letters that fit into a line of DejaVu Sans, which is wide: rather too tall.
    """
    least = _LEAST_PICTURE_MM if client.pictures else 0.0
    for size in _SIZES:
        left_mm = _PAGE_MM - _text_mm(client, size)
        if left_mm >= least:
            break
    return ClientLayout(round(min(_MOST_PICTURE_MM, max(_SMALLEST_MM, left_mm)), 1), size)


def _text_mm(client: ClientFacts, size: float) -> float:
    """Height of everything on the client's page but the pictures themselves."""

    def bullets(texts: Iterable[str]) -> float:
        return sum(0.7 + 4.94 * size * math.ceil(len(text) * size / 97) for text in texts)

    changes = [*client.changed, *client.same, *client.unsure]
    height = 24.0 + 5.3 * size * math.ceil(len(client.did) * size / 92)
    if client.pictures:
        captions = (len(f"{s.title} {s.caption}") for s in client.pictures)
        height += 6.0 + 4.0 * size * math.ceil(max(captions) * size / 34)
    height += 10.0 + bullets(client.seen or ("x" * 120,))
    height += 10.0 + bullets([f"No real change: {text}" for text in changes]) if changes else 0.0
    given = client.prescribed
    if given is not None:
        height += bullets(filter(None, ["; ".join(given.limits), given.note, "x" * 110]))
    practice = client.practice if given is None else given.parts
    rows = [practice[i : i + 2] for i in range(0, len(practice), 2)]
    for row in rows:
        height += 3.0 + max(
            9.5 * size
            + 4.7 * size * (math.ceil(len(p.dose) * size / 52) - 1 if p.dose else 0)
            + sum(4.9 * size * math.ceil(len(cue) * size / 49) for cue in p.cues)
            for p in row
        )
    return height + (10.0 if rows else 0.0) + 3.0 + 3.7 * 5


def corrected_anywhere(facts: ReportFacts) -> bool:
    """Whether a number on the pages rests on a correction."""
    cells: list[Cell | ChangeCell] = []
    for table in facts.tables:
        for row in table.rows:
            cells += [*row.cells.values(), *row.changes.values()]
    return any(cell.corrected for cell in cells) or any(c.corrected for c in facts.curves)


def draw_curve(curve: Curve) -> Drawn | None:
    """The curve as paths; None when no point of it is known."""
    every = [_array(v) for line in curve.lines for v in (line.mean, *line.reps)]
    known = np.concatenate([v[np.isfinite(v)] for v in every]) if every else np.empty(0)
    if not known.size:
        return None
    low, high = float(known.min()), float(known.max())
    room = max(0.08 * (high - low), 0.5 * 10.0 ** -(1 if high - low < 2 else 0))
    scale, axis = Scale((low - room, high + room)), Axis(0.0, 1.0)
    lines = []
    for line in curve.lines:
        mean, end = _path(line.mean, axis, scale)
        lines.append((line, mean, tuple(_path(v, axis, scale)[0] for v in line.reps), end))
    values = nice(*scale.range, _MOST_TICKS)
    places = decimals(values)
    ticks = tuple((f"{v:.{places}f}".replace("-", "\N{MINUS SIGN}"), scale.y(v)) for v in values)
    return Drawn(curve, tuple(lines), ticks)


def _path(
    values: Sequence[float | None], axis: Axis, scale: Scale
) -> tuple[str, tuple[float, float]]:
    array = _array(values)
    return path(np.linspace(0, 1, len(array)), array, axis, scale)


def _array(values: Sequence[float | None]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([np.nan if v is None else v for v in values], np.float64)


def pictures_note(facts: ReportFacts) -> str:
    """What the clinician's stills are, and who may be told on them."""
    if all(still.drawn for still in facts.stills):
        return "drawn from the landmarks, no photographs"
    if facts.blurred:
        return (
            "the client’s face and what is around the client are blurred; "
            f"{_OTHERS} the client are not"
        )
    return (
        "the client’s face is shown, as agreed; what is around the client is blurred; "
        f"{_OTHERS} the client are not"
    )


def own_pictures_note(facts: ReportFacts) -> str:
    """The same for the client; "" without photographs."""
    if all(still.drawn for still in facts.client.pictures):
        return ""
    what = "Your face and what" if facts.blurred else "What"
    verb = "are" if facts.blurred else "is"
    return f"{what} is around you {verb} blurred in the photographs; {_OTHERS} you are not."


def picture_url(still: Still) -> str:
    """The picture as an address that holds it."""
    return "data:image/jpeg;base64," + base64.b64encode(still.jpeg).decode("ascii")


def css_text(text: str) -> str:
    """Text for a string in a style sheet: everything but letters and digits is escaped."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in text)
