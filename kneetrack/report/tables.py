"""frames.csv and reps.csv: comma-separated, a point for decimals, empty where not valid."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from kneetrack.records import FrameTable, SideName
from kneetrack.report.writing import write_text
from kneetrack.result import RepRow, Result, Verdict

_REP_COLUMNS = (
    "rep",
    "set",
    "exercise",
    "side",
    "start_s",
    "bottom_s",
    "end_s",
    "descent_s",
    "hold_s",
    "ascent_s",
    "valid",
    "depth",
)
_SIDE_ORDER = {"left": 0, "right": 1, "both": 2}


def decimals(column: str) -> int:
    """How many decimals a column is worth: times 4, degrees 2, everything else 4."""
    return 2 if "_deg" in column else 4


def number(value: float | None, places: int) -> str:
    """``value`` with ``places`` decimals; empty for None, NaN and infinity, never "-0.00"."""
    if value is None or not math.isfinite(value):
        return ""
    text = f"{value:.{places}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def frames_csv(table: FrameTable) -> str:
    """The text of frames.csv: ``frame,t_s,rep,phase``, then the columns in their own order.

    ``frame`` counts from 0 over the frames read. Values have the unit that the name ends in.
    """
    columns: list[Iterable[str]] = [
        (str(i) for i in range(len(table.t_s))),
        _texts(table.t_s.tolist(), 4),
        (str(int(rep)) for rep in table.rep),
        table.phase,
    ]
    columns += [_texts(values.tolist(), decimals(name)) for name, values in table.columns.items()]
    header = ("frame", "t_s", "rep", "phase", *table.columns)
    return _csv(header, zip(*columns, strict=True))


def reps_csv(result: Result) -> str:
    """The text of reps.csv: a row a repetition.

    Times in seconds, then the measures at the bottom with their errors, then for every rule and
    side that was looked at its status, and the measure, value and error (in its unit) behind it.
    """
    measures = list(dict.fromkeys(name for rep in result.reps for name in rep.measures))
    rules = _rules(result.reps)
    header = [*_REP_COLUMNS, *(cell for name in measures for cell in (name, f"{name}_error"))]
    for rule, side in rules:
        header += [f"{rule}_{side}_{what}" for what in ("status", "measure", "value", "error")]
    return _csv(header, (_rep_cells(rep, measures, rules) for rep in result.reps))


def write_frames_csv(table: FrameTable, path: Path) -> Path:
    """Write frames.csv. Raises OutputError."""
    return write_text(path, frames_csv(table))


def write_reps_csv(result: Result, path: Path) -> Path:
    """Write reps.csv. Raises OutputError."""
    return write_text(path, reps_csv(result))


def write_result_json(result: Result, path: Path) -> Path:
    """Write result.json (schema kneetrack/result/1). Raises OutputError."""
    return write_text(path, result.to_json() + "\n")


def _texts(values: Sequence[float], places: int) -> Iterable[str]:
    return (number(value, places) for value in values)


def _csv(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()


def _rules(reps: Sequence[RepRow]) -> list[tuple[str, SideName]]:
    found = dict.fromkeys((v.rule, v.side) for rep in reps for v in rep.verdicts)
    order = {rule: i for i, rule in enumerate(dict.fromkeys(rule for rule, _ in found))}
    return sorted(found, key=lambda pair: (order[pair[0]], _SIDE_ORDER[pair[1]]))


def _rep_cells(
    rep: RepRow, measures: Sequence[str], rules: Sequence[tuple[str, SideName]]
) -> list[str]:
    times = (rep.start_s, rep.bottom_s, rep.end_s, rep.descent_s, rep.hold_s, rep.ascent_s)
    cells = [str(rep.index), str(rep.set), rep.exercise, rep.side]
    cells += [number(t, 4) for t in times]
    cells += ["yes" if rep.valid else "no", number(rep.depth, 4)]
    for name in measures:
        places = decimals(name)
        cells += [number(rep.measures.get(name), places), number(rep.errors.get(name), places)]
    verdicts = {(v.rule, v.side): v for v in rep.verdicts}
    for key in rules:
        cells += _verdict_cells(verdicts.get(key))
    return cells


def _verdict_cells(verdict: Verdict | None) -> list[str]:
    if verdict is None:
        return ["", "", "", ""]
    places = 2 if verdict.unit.startswith(("deg", "°")) else 4
    value, error = number(verdict.value, places), number(verdict.error, places)
    return [verdict.status, verdict.measure, value, error]
