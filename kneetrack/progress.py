"""Progress on standard error: a bar with rate and time left, and where the time went."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar

BATCH, EXPORT = "batch", "exporting"
_CLIPS = ("validating", BATCH)
_STAGES = {
    "loading": "Loading the model",
    "reading": "Reading the clip",
    "again": "Reading again, for the right person",
    "knees": "Reading again, for the knees",
    "measuring": "Measuring and judging",
    "writing": "Writing the data files",
    "drawing": "Drawing the video",
    "report": "Writing the report",
    "validating": "Running the clips",
    BATCH: "Analysing the clips",
    "keeping": "Writing the copy that is kept",
    EXPORT: "Gathering what is kept",
}


class Progress:
    """A bar with rate and time left on a terminal; nothing in a pipe. Remembers stage times.

    window_s: seconds of the past from which the time left is estimated.
    """

    def __init__(self, *, quiet: bool = False, window_s: float = 30.0) -> None:
        console = Console(stderr=True, highlight=False)
        self._bar: Bar | None = None
        if console.is_terminal and not quiet:
            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=console,
                transient=True,
                speed_estimate_period=window_s,
            )
        self._tasks: dict[str, TaskID] = {}
        self._begun = time.perf_counter()
        self._since: dict[str, float] = {}
        self._until: dict[str, tuple[float, int]] = {}

    def __enter__(self) -> Progress:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def update(self, stage: str, done: int, total: int | None, *, note: str = "") -> None:
        """Tell how far a stage is, in frames, or in clips when there are many; note: a remark.

        A stage of one step has no bar: it is told of when it begins (0 of 1) and ends (1 of 1).
        """
        now = time.perf_counter()
        since = self._since.setdefault(stage, now)
        self._until[stage] = (now, done)
        if self._bar is None or total == 1:
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(_STAGES.get(stage, stage), rate="")
        rate = _rate(stage, done, now - since) if now > since else ""
        rate = ", ".join(part for part in (rate, note) if part)
        self._bar.update(
            self._tasks[stage], completed=done, total=max(total or done, done), rate=rate
        )

    def timings(self) -> str:
        """Where the time went, a line a stage, longest first; and the whole, with what is left."""
        spans = {stage: self._until[stage][0] - since for stage, since in self._since.items()}
        whole = time.perf_counter() - self._begun
        lines = []
        for stage, seconds in sorted(spans.items(), key=lambda item: -item[1]):
            frames = self._until[stage][1]
            rate = f", {frames} frames, {(frames - 1) / seconds:.1f} frames/s" if frames > 1 else ""
            name = _STAGES.get(stage, stage)
            lines.append(f"{seconds:7.2f} s {seconds / whole:5.0%}  {name}{rate}")
        rest = whole - sum(spans.values())
        lines.append(f"{rest:7.2f} s {rest / whole:5.0%}  Everything else")
        return "\n".join([*lines, f"{whole:7.2f} s  100%  In all"])


def _rate(stage: str, done: int, seconds: float) -> str:
    if stage in _CLIPS:
        return f"{60 * done / seconds:.1f} clips/min" if done else ""
    return "" if stage == EXPORT else f"{(done - 1) / seconds:.0f} frames/s"
