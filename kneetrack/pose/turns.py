"""Two readers of one person, in the picture and in its mirror image, put to work in turn.

Each remembers only the pictures that it was given itself. So the next picture can be begun by one
reader while the other is at the present one, and what comes out is the same to the last bit, as
long as the guess was right who would be asked for what. Where it was not, the clip is to be read
again without guessing: :class:`GuessedWrong`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Protocol

from kneetrack.pose.pairing import hopped, joined, steadied
from kneetrack.records import Frame, Pose

_TURNS_UP_TO_S = 1 / 19
"""Pictures that come at least so often are read in turn, as they are and mirrored; rarer ones in
both ways each, since there a person moves too far from one picture of a kind to the next."""
_TRY_AGAIN_S = 0.3
"""One kind of picture in which the person is not found is tried again so often."""


class GuessedWrong(Exception):  # noqa: N818 - not an error of the user's
    """A reader has been given a picture that it should not have seen."""


class Reader(Protocol):
    """Follows one person; :class:`~kneetrack.pose.tracker.Tracker`."""

    following: bool
    tried_s: float

    def track(self, frame: Frame) -> Pose:
        """The person in the next picture, or unseen."""
        ...

    def reset(self) -> None:
        """Forget the person."""
        ...


@dataclass(frozen=True, slots=True)
class _Begun:
    """A reading that was begun before it was asked for."""

    reader: Reader
    frame: Frame
    pose: Future[Pose]


class Turns:
    """Reads pictures in turn with the plain and the mirrored reader; with ``thorough`` with both.

    threads: one for each reader, for reading ahead; None: everything in order in the caller's own.
    """

    def __init__(
        self,
        readers: tuple[Reader, Reader],
        *,
        thorough: bool = False,
        threads: tuple[Executor, Executor] | None = None,
    ) -> None:
        self._readers = readers
        self._thorough = thorough
        self._threads = threads
        self._turn = 0
        self._last: Pose | None = None
        self._expected: tuple[Frame, Sequence[Frame]] | None = None
        self._begun: deque[_Begun] = deque()

    def expect(self, frame: Frame, after: Sequence[Frame]) -> None:
        """The picture that is to be tracked now, and those that most likely follow it."""
        self._expected = (frame, after)

    def track(self, frame: Frame) -> Pose:
        """The person being followed, or :meth:`Pose.unseen`. Raises GuessedWrong."""
        before, pose = self._last, self._read(frame)
        self._last = pose if pose.seen else None
        return steadied(pose, before)

    def reset(self) -> None:
        """Forget the person followed. Raises GuessedWrong."""
        self._settle()
        for reader in self._readers:
            reader.reset()
        self._turn = 0
        self._last = None

    def close(self) -> None:
        """Wait for what was begun."""
        while self._begun:
            self._begun.popleft().pose.exception()

    def _settle(self) -> None:
        if self._begun:
            self.close()
            raise GuessedWrong

    def _read(self, frame: Frame) -> Pose:
        """In turn the picture and its mirror image; both where one alone will not do."""
        if self._begun and self._begun[0].frame is not frame:
            self._settle()
        begun = self._begun.popleft() if self._begun else None
        last, plain = self._last, self._readers[0]
        if begun is None and last is None and not plain.following:
            first = plain.track(frame)
            return joined(first, self._readers[1].track(frame), None) if first.seen else first
        self._turn = 1 - self._turn
        mine, other = self._readers[self._turn], self._readers[1 - self._turn]
        rare = last is not None and not frame.t_s - last.t_s <= _TURNS_UP_TO_S
        if self._thorough or rare:
            return joined(*self._both(frame), last)
        if begun is None and not mine.following and frame.t_s - mine.tried_s < _TRY_AGAIN_S:
            mine, other = other, mine
        read = self._begin(mine, frame) if begun is None else begun.pose.result
        self._begin_next(frame, mine, other)
        pose = read()
        if pose.seen and not hopped(last, pose):
            return pose
        self._settle()
        return joined(pose, other.track(frame), last)

    def _begin(self, reader: Reader, frame: Frame) -> Callable[[], Pose]:
        """Reads when called; begins at once where there are threads."""
        if self._threads is None or not reader.following:
            return lambda: reader.track(frame)
        return self._submit(reader, frame).result

    def _both(self, frame: Frame) -> tuple[Pose, Pose]:
        plain, mirrored = self._readers
        if not plain.following:
            return plain.track(frame), mirrored.track(frame)
        ahead = self._begin(mirrored, frame)
        return plain.track(frame), ahead()

    def _begin_next(self, frame: Frame, mine: Reader, other: Reader) -> None:
        """Both readers go on to what follows, in turn, if nothing speaks against it.

        Two pictures ahead: each reader has its next one waiting while the present one is looked
        through here.
        """
        expected, self._expected = self._expected, None
        if self._threads is None or expected is None or expected[0] is not frame:
            return
        before = frame
        for number, after in enumerate(expected[1]):
            reader = other if number % 2 == 0 else mine
            if after.t_s - before.t_s > _TURNS_UP_TO_S or not reader.following:
                return
            if number >= len(self._begun):
                self._begun.append(_Begun(reader, after, self._submit(reader, after)))
            before = after

    def _submit(self, reader: Reader, frame: Frame) -> Future[Pose]:
        assert self._threads is not None
        return self._threads[self._readers.index(reader)].submit(reader.track, frame)
