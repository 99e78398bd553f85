"""Labels: what somebody said of a clip, in a CSV of clip, rep, side, rule, status."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kneetrack.exercises import all_exercises
from kneetrack.records import SettingsError

COLUMNS: Final = ("clip", "rep", "side", "rule", "status")
SIDES: Final = ("left", "right", "both")
STATUS: Final = {
    "ok": "ok",
    "good": "ok",
    "watch": "watch",
    "flag": "flag",
    "bad": "bad",
    "cannot_tell": "cannot_tell",
    "cannot tell": "cannot_tell",
}
"""As written -> as it is counted; ``bad`` is watch or flag."""
WHOLE: Final = 0
FILE_NAME: Final = "labels.csv"


@dataclass(frozen=True, slots=True)
class Label:
    """One line of a label file.

    rep: 1-based, 0 = the whole clip. status: ok, watch, flag, bad (watch or flag) or cannot_tell.
    """

    clip: str
    rep: int
    side: str
    rule: str
    status: str
    line: int = 0


def read_labels(path: Path) -> list[Label]:
    """The labels in a file, comma or semicolon between the columns, in any order of columns.

    Raises SettingsError with the line and column of the first thing that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not a text file in UTF-8") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from error
    lines = text.splitlines()
    mark = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise SettingsError(
                f"{path}, line 1: column {' and '.join(missing)} missing; "
                f"the first line must name {', '.join(COLUMNS)}"
            )
        labels = [
            _label(path, reader.line_num, dict(zip(header, _cells(row), strict=False)), header)
            for row in reader
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise SettingsError(f"{path}, line {reader.line_num}: {error}") from error
    if not labels:
        raise SettingsError(f"{path}: no label below the first line")
    _no_contradiction(path, labels)
    return labels


def _cells(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row]


def _label(path: Path, line: int, cells: dict[str, str], header: Sequence[str]) -> Label:
    for column in COLUMNS:
        if column not in cells:
            raise _wrong(path, line, column, f"missing; {len(header)} columns are named in line 1")
    if not cells["clip"]:
        raise _wrong(path, line, "clip", "empty")
    rep = cells["rep"].lower()
    if rep not in ("", "all") and not (rep.isdecimal() and int(rep) > 0):
        raise _wrong(path, line, "rep", f"{cells['rep']!r}: use 1, 2 ..., or all for the whole set")
    side = cells["side"].lower() or "both"
    if side not in SIDES:
        raise _wrong(path, line, "side", f"{cells['side']!r}: use {', '.join(SIDES)}")
    status = STATUS.get(cells["status"].lower())
    if status is None:
        raise _wrong(path, line, "status", f"{cells['status']!r}: use {', '.join(STATUS)}")
    whole = rep in ("", "all")
    return Label(
        cells["clip"],
        WHOLE if whole else int(rep),
        side,
        _rule(path, line, cells["rule"]),
        status,
        line,
    )


def _rule(path: Path, line: int, text: str) -> str:
    known = sorted({rule.name for e in all_exercises().values() for rule in e.rules})
    name = text.lower().replace("-", "_").replace(" ", "_")
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else "`kneetrack exercises` lists them"
    raise _wrong(path, line, "rule", f"{text!r} is no rule; {hint}")


def _wrong(path: Path, line: int, column: str, what: str) -> SettingsError:
    return SettingsError(f"{path}, line {line}, column {column}: {what}")


def _no_contradiction(path: Path, labels: Sequence[Label]) -> None:
    """The same thing may be labelled twice, but not differently."""
    first: dict[tuple[str, int, str, str], Label] = {}
    for label in labels:
        before = first.setdefault((label.clip, label.rep, label.side, label.rule), label)
        if before.status != label.status:
            raise _wrong(
                path,
                label.line,
                "status",
                f"{label.status} here, {before.status} for the same in line {before.line}",
            )
