"""Files that were shown and wait for a yes. In memory alone, few, and not for long."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

MOST: Final = 8
KEPT_FOR: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Waiting:
    client_id: str
    by: str
    data: bytes
    until: datetime


@dataclass
class WaitingFiles:
    """Of each what it is for and who showed it; it is given out once, to them alone."""

    now: Callable[[], datetime]
    _files: dict[str, _Waiting] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def put(self, client_id: str, by: str, data: bytes) -> str:
        """Keeps a file; gives the key to it. The oldest goes where there are too many."""
        key = secrets.token_hex(16)
        with self._lock:
            self._sweep()
            while len(self._files) >= MOST:
                del self._files[next(iter(self._files))]
            self._files[key] = _Waiting(client_id, by, data, self.now() + KEPT_FOR)
        return key

    def take(self, key: str, client_id: str, by: str) -> bytes | None:
        """The file; None where there is none, or it is another's."""
        with self._lock:
            self._sweep()
            found = self._files.get(key)
            if found is None or (found.client_id, found.by) != (client_id, by):
                return None
            del self._files[key]
            return found.data

    def _sweep(self) -> None:
        now = self.now()
        for key in [key for key, file in self._files.items() if file.until < now]:
            del self._files[key]
