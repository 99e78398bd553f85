"""Reading ahead in a thread: a small bounded buffer, and a thread that always ends."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Iterator
from typing import TypeVar

Item = TypeVar("Item")

_WAKE_S = 0.5
"""How often a waiting thread looks up, so that Ctrl-C is heard on Windows too."""


class Prefetch(Iterator[Item]):
    """Runs ``items`` in a thread of its own, at most ``depth`` items ahead of the consumer.

    Errors of ``items`` are raised by ``next``, after the items before them. Whoever makes a
    Prefetch must :meth:`close` it: that stops the thread, wherever it is, and waits for it.
    """

    def __init__(self, items: Generator[Item, None, None], depth: int) -> None:
        self._items = items
        self._depth = max(1, depth)
        self._ready: deque[Item] = deque()
        self._changed = threading.Condition()
        self._stopped = False
        self._done = False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="kneetrack-decode", daemon=True)
        self._thread.start()

    def __next__(self) -> Item:
        with self._changed:
            while not self._changed.wait_for(lambda: self._ready or self._done, _WAKE_S):
                pass
            if self._ready:
                item = self._ready.popleft()
                self._changed.notify_all()
                return item
            error, self._error = self._error, None
        if error is not None:
            raise error
        raise StopIteration

    def close(self) -> None:
        """Stop the thread, wait for its end, and drop what it had ready. May be called twice."""
        with self._changed:
            self._stopped = True
            self._ready.clear()
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        try:
            for item in self._items:
                if not self._offer(item):
                    break
        except Exception as error:
            self._error = error
        finally:
            self._items.close()
            with self._changed:
                self._done = True
                self._changed.notify_all()

    def _offer(self, item: Item) -> bool:
        """Put ``item`` into the buffer when there is room; False when nobody wants it any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or len(self._ready) < self._depth)
            if self._stopped:
                return False
            self._ready.append(item)
            self._changed.notify_all()
            return True
