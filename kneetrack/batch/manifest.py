"""A manifest: a CSV with a row a clip, as spreadsheets and scripts write it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from kneetrack.batch.entries import Entry
from kneetrack.batch.places import is_address, joined, parent_of, read_whole
from kneetrack.recorded import exercise_name
from kneetrack.records import SettingsError

COLUMNS: Final = ("clip", "client", "exercise", "side")
CLIP: Final = "clip"
"""The clip as the manifest has it, among a row's own columns."""
MANIFEST_SUFFIX: Final = ".csv"
_DELIMITERS: Final = ",;\t"
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
                 (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_MOST_NAMED: Final = 8


def read_manifest(address: str) -> list[Entry]:
    """The rows of a manifest, in order; relative clips are looked for beside it.

    A row that cannot be analysed carries its problem. Raises SourceError when the file cannot be
    read, SettingsError when it has no column ``clip``, two of one name, or no rows.
    """
    text = _text(read_whole(address))
    rows = list(_cells(text))
    if not rows:
        raise SettingsError(f"the manifest {address} is empty: its first line names the columns")
    header = [name.strip() for name in rows[0]]
    at = {name.casefold(): i for i, name in reversed(list(enumerate(header)))}
    if "clip" not in at:
        named = ", ".join(name for name in header[:_MOST_NAMED] if name) or "none"
        raise SettingsError(f"the manifest {address} has no column 'clip': its columns are {named}")
    _no_twins(address, header)
    others = [(i, name) for i, name in enumerate(header) if name and i not in _own(at)]
    found = [
        _entry(cells, at, others, parent_of(address), number, len(header))
        for number, cells in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in cells)
    ]
    if not found:
        raise SettingsError(f"the manifest {address} has no rows")
    return found


def _no_twins(address: str, header: Sequence[str]) -> None:
    """Raises SettingsError when two columns have one name, capitals aside."""
    seen: set[str] = set()
    for name in header:
        if name and name.casefold() in seen:
            raise SettingsError(f"the manifest {address} has two columns named {name!r}")
        seen.add(name.casefold())


def _own(at: dict[str, int]) -> set[int]:
    return {at[name] for name in COLUMNS if name in at}


def _entry(
    cells: Sequence[str],
    at: dict[str, int],
    others: Sequence[tuple[int, str]],
    folder: str,
    number: int,
    named: int,
) -> Entry:
    def cell(i: int | None) -> str:
        return cells[i].strip() if i is not None and i < len(cells) else ""

    clip, exercise = cell(at.get("clip")), cell(at.get("exercise"))
    problem = "" if clip else f"line {number} of the manifest names no clip"
    try:
        exercise_name(exercise or "auto")
    except SettingsError as error:
        problem = problem or str(error)
    if any(cell.strip() for cell in cells[named:]):
        problem = (
            f"line {number} of the manifest has {len(cells)} fields, its first line names {named}: "
            "text that holds the delimiter needs quotes"
        )
    extra = {CLIP: clip} | {name: cell(i) for i, name in others}
    return Entry(
        address=clip if not clip or is_address(clip) else joined(folder, clip),
        client=cell(at.get("client")),
        exercise=exercise,
        side=cell(at.get("side")),
        extra=tuple(extra.items()),
        problem=problem,
    )


def _text(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else the Windows code page."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _cells(text: str) -> Iterator[list[str]]:
    """Rows of cells; the delimiter is what the first line has most of, or what "sep=" says."""
    first, _, rest = text.partition("\n")
    told = first.strip().strip('"')
    if told.casefold().startswith("sep=") and len(told) == len("sep=") + 1:
        delimiter, text = told[-1], rest
    else:
        delimiter = max(_DELIMITERS, key=first.count)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
