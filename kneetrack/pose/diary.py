"""What happened while one person was followed: who was, when they were lost."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Span = tuple[float, float]
_SHORTEST_LOSS_S = 0.25


@dataclass(slots=True)
class Diary:
    """One entry a frame: its time, whether a pose was given, and whose (0 = nobody's)."""

    t_s: list[float] = field(default_factory=list)
    seen: list[bool] = field(default_factory=list)
    whose: list[int] = field(default_factory=list)

    def write(self, t_s: float, seen: bool, number: int | None) -> None:
        """Add the entry for a frame."""
        self.t_s.append(t_s)
        self.seen.append(seen)
        self.whose.append(number or 0)

    def doubt_since(self, t_s: float) -> None:
        """Take back what was written after this time: it turned out to be somebody else."""
        for i in range(len(self.t_s) - 1, -1, -1):
            if self.t_s[i] <= t_s:
                break
            self.seen[i] = False

    def frames_of(self, number: int) -> NDArray[np.bool_]:
        """(T,) whether the frame has this person's pose."""
        return np.array(self.seen, bool) & (np.array(self.whose) == number)

    def lost_spans_s(self, number: int) -> tuple[Span, ...]:
        """Times without the person's pose, from when they were first seen on."""
        times, seen = np.array(self.t_s), self.frames_of(number)
        if not seen.any():
            return ()
        first = int(np.argmax(seen))
        edges = np.flatnonzero(np.diff(np.concatenate([[True], seen[first:], [True]]).astype(int)))
        ends = np.append(times[first:], times[-1])
        spans = [
            (float(ends[a]), float(ends[b]))
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
        return tuple(span for span in spans if span[1] - span[0] >= _SHORTEST_LOSS_S)
