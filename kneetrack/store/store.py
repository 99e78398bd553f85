"""One store: a database, and a folder of files beside it."""

from __future__ import annotations

import copy
from types import TracebackType

from kneetrack.store.bringing import Bringing
from kneetrack.store.clients import Clients
from kneetrack.store.consents import Consents
from kneetrack.store.deleting import Deleting
from kneetrack.store.engines import place
from kneetrack.store.numbers import Numbers
from kneetrack.store.owning import Owning
from kneetrack.store.practices import Practices
from kneetrack.store.prescribing import Prescribing
from kneetrack.store.reviewing import Reviewing
from kneetrack.store.sessions import Sessions
from kneetrack.store.trials import Trials
from kneetrack.store.users import Users


class Store(
    Owning,
    Clients,
    Consents,
    Sessions,
    Trials,
    Numbers,
    Reviewing,
    Users,
    Practices,
    Bringing,
    Prescribing,
    Deleting,
):
    """Everything the clinic keeps. Use it in a ``with`` block; safe to use from several threads.

    Every method is one transaction: all of it, or nothing of it. Every change leaves an audit line.
    A name or id that is not known raises UnknownRecordError, a database that does not answer
    StoreError.

    by: who is at work, in its audit lines. files: the folder of files.
    """

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._engine.dispose()

    @property
    def place(self) -> str:
        """Where the database is, in words; never with a password."""
        return place(self._engine.url)

    def acting_as(self, name: str) -> Store:
        """The same store, with another name in its audit lines (for the pages)."""
        other = copy.copy(self)
        other.by = name[:80]
        return other
