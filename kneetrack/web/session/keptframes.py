"""frames.csv back into a table of frames."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np

from kneetrack.records import FrameTable, StoreError

_FIXED = ("frame", "t_s", "rep", "phase")


def read_frames(path: Path) -> FrameTable:
    """The table that :func:`kneetrack.report.tables.write_frames_csv` wrote; without landmarks.

    Raises StoreError when the file is missing or not such a table.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        header, body = rows[0], rows[1:]
        if tuple(header[:4]) != _FIXED or any(len(row) != len(header) for row in body):
            raise ValueError("other columns")
        cells = [[float(cell) if cell else math.nan for cell in row[4:]] for row in body]
        values = np.array(cells, np.float64).reshape(len(body), len(header) - 4)
        return FrameTable(
            t_s=np.array([float(row[1]) for row in body], np.float64),
            rep=np.array([int(row[2]) for row in body], np.int64),
            phase=tuple(row[3] for row in body),
            columns={name: values[:, i] for i, name in enumerate(header[4:])},
        )
    except (OSError, UnicodeError, ValueError, IndexError, csv.Error) as error:
        raise StoreError("the curves of this take cannot be read: its file is damaged") from error
