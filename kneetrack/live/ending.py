"""The end of a session: what was kept is analysed beside the running picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kneetrack.exercises.rules import Exercise
from kneetrack.live.summary import summary_lines
from kneetrack.live_records import SummaryLine
from kneetrack.outputs import Written
from kneetrack.records import KneetrackError


@dataclass(slots=True)
class Ending:
    """The result, once there is one. written: None when no set was done."""

    exercises: Mapping[str, Exercise]
    folder: Path
    written: Written | None = None
    problem: KneetrackError | None = None
    lines: tuple[SummaryLine, ...] = ()
    _work: Future[Written | None] | None = None

    @property
    def begun(self) -> bool:
        """Whether the session is over."""
        return self._work is not None

    @property
    def done(self) -> bool:
        """Whether everything has been analysed and written."""
        return self._work is not None and self._work.done()

    def begin(self, finish: Callable[[], Written | None], pool: ThreadPoolExecutor | None) -> None:
        """Analyse; without a pool here and now."""
        self._work = Future() if pool is None else pool.submit(finish)
        if pool is None:
            try:
                self._work.set_result(finish())
            except Exception as error:
                self._work.set_exception(error)
        self._work.add_done_callback(self._done)

    def _done(self, work: Future[Written | None]) -> None:
        error = work.exception()
        if error is not None:
            self.lines = (SummaryLine(str(error), "", "cannot_tell"),)
            self.problem = error if isinstance(error, KneetrackError) else None
            return
        self.written = work.result()
        if self.written is None:
            self.lines = (SummaryLine("No set was done", "nothing kept", "cannot_tell"),)
        else:
            self.lines = summary_lines(self.written.result, self.exercises)

    def where(self, otherwise: str) -> str:
        """Where the report is, on the screen."""
        if not self.done:
            return "Working it out"
        return otherwise if self.written is None else f"The report is in {self.folder}"

    def wait(self) -> None:
        """Until it is analysed; raises what nobody expected."""
        assert self._work is not None
        error = self._work.exception()
        if error is not None and not isinstance(error, KneetrackError):
            raise error
