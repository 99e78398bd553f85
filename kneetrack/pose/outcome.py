"""What came of following one person: whose the frames are, when they were lost, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kneetrack.pose.choose import Choice, as_busy, in_words
from kneetrack.pose.people import Person, Script
from kneetrack.records import PeopleInfo, PoseTrack

Span = tuple[float, float]
_SHORTEST_LOSS_S = 0.25
_WORTH_A_SECOND_PASS_S = 0.5


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

    def vouch(self, t_s: float, seen: bool, number: int | None) -> None:
        """Add the entry for a frame, or take its place where there is one."""
        if self.t_s and self.t_s[-1] >= t_s:
            self.t_s.pop()
            self.seen.pop()
            self.whose.pop()
        self.write(t_s, seen, number)

    def doubt_since(self, t_s: float) -> None:
        """Take back what was written after this time: it turned out to be somebody else."""
        for i in range(len(self.t_s) - 1, -1, -1):
            if self.t_s[i] <= t_s:
                break
            self.seen[i] = False

    def frames_of(self, number: int) -> NDArray[np.bool_]:
        """(T,) whether the frame has this person's pose."""
        mine: NDArray[np.bool_] = np.array(self.whose, int) == number
        mine &= np.array(self.seen, bool)
        return mine

    def rows_at(self, t_s: NDArray[np.float64]) -> NDArray[np.intp]:
        """(T,) entry of each of these times; a track may lack frames that could not be kept."""
        rows: NDArray[np.intp] = np.searchsorted(np.array(self.t_s), t_s - 1e-9)
        return np.minimum(rows, len(self.t_s) - 1)

    def lost_spans_s(self, number: int) -> tuple[Span, ...]:
        """Times without the person's pose, from when they were first seen on."""
        times, seen = np.array(self.t_s), self.frames_of(number)
        if not seen.any():
            return ()
        first = int(np.argmax(seen))
        edges = np.flatnonzero(np.diff(np.concatenate([[True], seen[first:], [True]]).astype(int)))
        ends = np.append(times[first:], times[-1])
        spans = [
            (float(ends[a]), float(ends[b])) for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
        return tuple(span for span in spans if span[1] - span[0] >= _SHORTEST_LOSS_S)


@dataclass(frozen=True, slots=True)
class SecondPass:
    """Whom to follow when the clip is read again: everybody's course, and the one meant."""

    choice: Choice
    number: int
    people: tuple[Person, ...]

    def rehearsed(self) -> list[Person]:
        """Everybody as before the clip, but with what is known of their course and clothes."""
        return [
            Person(p.number, looks=list(p.looks), script=Script.of(p))
            for p in self.people
            if p.real
        ]


def worth_a_second_pass(
    choice: Choice, meant: Person | None, people: Sequence[Person], diary: Diary
) -> SecondPass | None:
    """The second pass that would give half a second or more of the person meant, or None."""
    if meant is None or len(people) < 2 or len(diary.t_s) < 2:
        return None
    times, course = np.array(diary.t_s), Script.of(meant)
    missed = np.array(diary.whose) != meant.number
    missed &= np.array([course.covers(t) for t in times])
    if missed.sum() * float(np.median(np.diff(times))) < _WORTH_A_SECOND_PASS_S:
        return None
    return SecondPass(choice, meant.number, tuple(people))


def summary(
    choice: Choice,
    meant: Person | None,
    people: Sequence[Person],
    diary: Diary,
    track: PoseTrack,
) -> tuple[PoseTrack, PeopleInfo]:
    """The track with the frames of others emptied, and what to tell the user."""
    if not people:  # nobody was clear enough to be told from anybody else
        return track, PeopleInfo(people_seen=int(any(diary.seen)))
    seen = max(1, sum(p.real for p in people))
    if meant is None:
        notes: tuple[str, ...] = (f"person {choice} was asked for, but only {seen} could be seen",)
        empty = without_frames(track, np.ones(len(track), bool))
        return empty, PeopleInfo(seen, "nobody", notes=notes)
    lost = diary.lost_spans_s(meant.number)
    notes = tuple(f"the person was out of sight from {a:.1f} to {b:.1f} s" for a, b in lost)
    equals = as_busy(people, meant) if choice == "exerciser" else 0
    if equals:
        notes += (f"{equals + 1} people exercise; choose another with --person if this is wrong",)
    return (
        without_frames(track, ~diary.frames_of(meant.number)[diary.rows_at(track.t_s)]),
        PeopleInfo(seen, in_words(choice, meant, seen), lost, notes=notes),
    )


def without_frames(track: PoseTrack, gone: NDArray[np.bool_]) -> PoseTrack:
    """A copy in which these frames (T,) show nobody."""
    xy, confidence = track.xy_px.copy(), track.confidence.copy()
    xy[gone], confidence[gone] = np.nan, 0.0
    xyz = None if track.xyz_m is None else track.xyz_m.copy()
    if xyz is not None:
        xyz[gone] = np.nan
    return PoseTrack(xy, xyz, confidence, track.t_s, track.size_px)
