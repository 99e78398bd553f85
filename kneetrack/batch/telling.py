"""What a batch tells on the way where there is no bar: a line a minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final

from kneetrack.batch.entries import Entry

EVERY_S: Final = 60.0
_NOT_USED: Final = ("speed", "rotate", "person", "start", "end")
"""Options of `kneetrack analyse` that a batch has not."""


def unused_columns(entries: Iterable[Entry]) -> str:
    """One line about columns of manifests that look like options; "" when there are none."""
    named = dict.fromkeys(name for entry in entries for name, _ in entry.extra)
    found = [name for name in named if name.casefold() in _NOT_USED]
    if not found:
        return ""
    them = "columns" if len(found) > 1 else "column"
    return (
        f"The manifest's {them} {', '.join(found)}: not used by batch, "
        "only carried through into clips.parquet."
    )


class Lines:
    """Plain lines on how far a batch is, one a minute, the first after a minute."""

    def __init__(
        self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._say, self._clock = say, clock
        self._begun = self._said = clock()

    def update(self, done: int, total: int, failed: int) -> None:
        """Take in how many clips are done, failed ones included; tell when it is time."""
        now = self._clock()
        if now - self._said < EVERY_S:
            return
        self._said = now
        rate = 60 * done / (now - self._begun)
        self._say(f"{done} of {total} clips done, {failed} failed, {rate:.1f} clips/min")
