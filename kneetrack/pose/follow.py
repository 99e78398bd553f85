"""Follow one person through a clip in which there may be several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kneetrack.pose.blank import nothing_but, without
from kneetrack.pose.choose import Choice, best, in_words, prominence
from kneetrack.pose.diary import Diary, Span
from kneetrack.pose.lookout import CROWD_EVERY_S, NEAR_EVERY_S, Lookout
from kneetrack.pose.people import (
    SAME_COLOURS,
    Naming,
    People,
    Person,
    Script,
    without_duplicates,
)
from kneetrack.pose.protocol import PoseBackend
from kneetrack.pose.sight import (
    Box,
    Sighting,
    around,
    colour_distance,
    hips_px,
    scale_px,
    sight,
)
from kneetrack.records import Frame, PeopleInfo, Pose, PoseTrack

_MOST_PEOPLE = 5
_HERE_S = 2.0
_NEAR_M = 0.5
_REACH_M = 1.3
_SAME_POSE_M = 0.25
_NOTE_EVERY_S = 0.25
_TRUST_S = 0.6
_HOP_M = 0.25
_HOP_M_S = 4.0
_HOP_SIZE = 0.4
_NO_HOP_M = 0.5
_ADOPT_AFTER_S = 1.0
_WORTH_A_SECOND_PASS_S = 0.5
_NOBODY = np.array([], np.float64)


@dataclass(frozen=True, slots=True)
class SecondPass:
    """Whom to follow when the clip is read again: everybody's course, and the one meant."""

    choice: Choice
    number: int
    people: tuple[Person, ...]


class PersonFollower:
    """Gives the pose of one person for each frame, in order; never a bystander's instead.

    ``choice``: "exerciser" (whose hips go up and down most), "largest", "centre", "moving", a
    number (1-based, left to right at first sight), or a :class:`SecondPass`. Who that is may be
    known only at the end: :attr:`second_pass` then says that the clip must be read again.
    While one person is alone in the picture, the poses are exactly those of ``backend.track``.
    """

    def __init__(self, backend: PoseBackend, choice: Choice | SecondPass = "exerciser") -> None:
        self._backend = backend
        self._choice: Choice = choice.choice if isinstance(choice, SecondPass) else choice
        self._rehearsed = isinstance(choice, SecondPass)
        self._people = People(_on_script(choice) if isinstance(choice, SecondPass) else ())
        self._target: Person | None = None
        if isinstance(choice, SecondPass):
            self._target = best(self._people.known, choice.number, 0)
        self._searching = self._rehearsed
        self._lookout = Lookout()
        self._diary = Diary()
        self._last: Pose | None = None
        self._came_back = False
        self._suspect = False
        self._verified_s = -np.inf
        self._noted_s = -np.inf
        self._width_px = 0

    def follow(self, frame: Frame) -> Pose:
        """The person's pose in this frame, :meth:`Pose.unseen` while they are not seen."""
        self._width_px = frame.size_px[0]
        if not self._people.known:
            pose = self._meet(frame)
        elif self._searching:
            pose = self._search(frame)
        else:
            pose = self._keep(frame)
        self._came_back = not pose.seen
        self._last = pose if pose.seen else self._last
        self._diary.write(frame.t_s, pose.seen, self._target.number if self._target else None)
        return pose

    @property
    def second_pass(self) -> SecondPass | None:
        """What to follow in a second reading, None when the first was good enough."""
        meant = self._meant()
        if self._rehearsed or meant is None or len(self._people.known) < 2:
            return None
        course, mine = Script.of(meant), self._diary.frames_of(meant.number)
        times = np.array(self._diary.t_s)
        missed = ~mine & (np.array(self._diary.whose) != meant.number)
        missed &= np.array([course.covers(t) for t in times])
        frame_s = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
        if missed.sum() * frame_s < _WORTH_A_SECOND_PASS_S:
            return None
        return SecondPass(self._choice, meant.number, tuple(self._people.known))

    def finish(self, track: PoseTrack) -> tuple[PoseTrack, PeopleInfo]:
        """The track of all frames without those that turned out to show somebody else."""
        meant = self._meant()
        mine = self._diary.frames_of(meant.number) if meant else np.zeros(len(track), bool)
        if meant is None and not self._people.known:  # nobody clear enough to be told apart
            return track, PeopleInfo(people_seen=int(any(self._diary.seen)))
        lost = self._diary.lost_spans_s(meant.number) if meant else ()
        real = sum(p.real for p in self._people.known) or 1
        info = PeopleInfo(
            people_seen=real,
            followed=in_words(self._choice, meant, real),
            lost_spans_s=lost,
            notes=self._notes(meant, lost, real),
        )
        return _without_frames(track, ~mine), info

    def _meant(self) -> Person | None:
        """The person meant, by all that is known."""
        if self._rehearsed or isinstance(self._choice, int):
            return self._target
        return best(self._people.known, self._choice, self._width_px) or self._target

    def _notes(self, meant: Person | None, lost: Sequence[Span], real: int) -> tuple[str, ...]:
        if meant is None:
            return (f"person {self._choice} was asked for, but only {real} could be seen",)
        return tuple(f"lost sight of the person from {a:.1f} to {b:.1f} s" for a, b in lost)

    # -- one frame -------------------------------------------------------------------------

    def _meet(self, frame: Frame) -> Pose:
        """Nobody is known yet: see who is there, and whether they are alone."""
        pose = self._backend.track(frame)
        first = sight(frame, pose)
        if first is None:
            return pose
        self._backend.reset()
        second = sight(frame, self._backend.track(without(frame, [first.box])))
        self._backend.reset()
        if second is None:
            self._record([first], self._people.welcome([first], self._people.name([first], 0.0)))
            self._target = self._whom_to_follow()
            self._searching = self._target is None
            self._looked(frame, first.box, found_others=True)
            return Pose.unseen(frame.t_s) if self._searching else self._backend.track(frame)
        sightings = self._everybody(frame, (first, second))
        naming = self._look(frame, sightings)
        self._target = self._whom_to_follow()
        mine = _index(naming, self._target)
        self._searching = mine is None
        return Pose.unseen(frame.t_s) if mine is None else self._lock(frame, sightings[mine])

    def _keep(self, frame: Frame) -> Pose:
        """Someone is being tracked: go on, and check now and then that it is the same person."""
        assert self._target is not None
        others = self._others_here(frame.t_s)
        mine = self._own_box()
        pose = self._backend.track(self._without_neighbours(frame, others, mine))
        if not pose.seen:
            self._searching = bool(others)
            return self._search(frame) if others else pose
        self._suspect |= self._came_back or self._hopped(pose)
        if others:
            near = any(self._gap_m(o, mine, frame.t_s) < _NEAR_M for o in others)
            due = self._lookout.due_in_crowd(frame, NEAR_EVERY_S if near else CROWD_EVERY_S)
        else:
            due = self._lookout.due(frame, mine)
        if due or (self._suspect and self._lookout.rested(frame)):
            return self._check(frame, pose, others)
        if not others and frame.t_s - self._noted_s >= _NOTE_EVERY_S:
            self._note(frame, pose)
        return pose

    def _search(self, frame: Frame) -> Pose:
        """The person is out of sight, or somebody else is in the tracker: look for them."""
        nothing = Pose.unseen(frame.t_s)
        target = self._target
        if self._rehearsed and target and target.script and not target.script.covers(frame.t_s):
            return nothing
        lately = target is not None and target.unseen_for_s(frame.t_s) < _HERE_S
        if not self._lookout.due_in_crowd(frame, NEAR_EVERY_S if lately else CROWD_EVERY_S):
            return nothing
        sightings = self._everybody(frame)
        naming = self._look(frame, sightings)
        if target is None or self._gone(target, frame.t_s):
            target = self._target = self._next_best(naming) or target
        mine = _index(naming, target)
        if mine is not None:
            return self._lock(frame, sightings[mine])
        if not sightings and target is not None and not self._others_here(frame.t_s):
            self._backend.reset()
            self._searching = self._rehearsed
        return nothing

    def _check(self, frame: Frame, pose: Pose, others: Sequence[Person]) -> Pose:
        """Look at everybody and see whether the tracker is still on the right person."""
        sightings = self._everybody(frame)
        hit = _closest(sightings, pose)
        naming = self._people.name(sightings, frame.t_s)
        if hit is not None and self._no_doubt(sightings[hit], len(sightings), others):
            naming = naming.but(hit, self._target)
        naming = self._look(frame, sightings, naming)
        mine = _index(naming, self._target)
        if mine == hit:  # confirmed, or neither found (lying people often are not) nor denied
            self._suspect = False
            if mine is not None:
                self._verified_s = frame.t_s
            return pose
        self._diary.doubt_since(self._verified_s)
        if mine is not None:
            return self._lock(frame, sightings[mine])
        if hit is not None and not naming.torn[hit]:
            self._searching = True
            self._backend.reset()
        return Pose.unseen(frame.t_s)
