"""Follow one person through a clip in which there may be several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kneetrack.pose.blank import nothing_but, without, without_people
from kneetrack.pose.choose import Choice, best, prominence
from kneetrack.pose.finding import MOST_PEOPLE, everybody
from kneetrack.pose.lookout import CROWD_EVERY_S, NEAR_EVERY_S, Lookout
from kneetrack.pose.outcome import Diary, SecondPass, summary, worth_a_second_pass
from kneetrack.pose.people import SAME_COLOURS, Naming, People, Person
from kneetrack.pose.protocol import PoseBackend
from kneetrack.pose.sight import Box, Sighting, around, hopped, nearest, scale_px, sight
from kneetrack.records import Frame, PeopleInfo, Pose, PoseTrack

_HERE_S = 2.0
_NEAR_M = 0.5
_REACH_M = 1.3
_TOUCHING_M = 0.15
_SAME_POSE_M = 0.25
_LOCKED_M = 0.1
_NOTE_EVERY_S = 0.25
_TRUST_S = 0.6
_NO_HOP_M = 0.5
_ADOPT_AFTER_S = 1.0
_SUSPECT_EVERY_S = 0.7


class PersonFollower:
    """Gives the pose of one person for each frame, in order; never a bystander's instead.

    ``choice``: "exerciser" (whose hips go up and down most), "largest", "centre", "moving", a
    number (1-based, left to right at first sight), or a :class:`SecondPass`. Who that is may be
    known only at the end: :attr:`second_pass` then says that the clip must be read again.
    While one person is alone in the picture, the poses are exactly those of ``backend.track``.
    """

    def __init__(self, backend: PoseBackend, choice: Choice | SecondPass = "exerciser") -> None:
        backend.reset()
        self._backend = backend
        self._choice: Choice = choice.choice if isinstance(choice, SecondPass) else choice
        self._rehearsed = isinstance(choice, SecondPass)
        self._people = People(choice.rehearsed() if isinstance(choice, SecondPass) else ())
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
    def alone(self) -> bool:
        """Whether nobody but the person followed has been seen so far."""
        return sum(person.real for person in self._people.known) <= 1

    def vouch(self, t_s: float, *, seen: bool) -> None:
        """The person was read by other means in the frame of this time, or was not found."""
        self._diary.vouch(t_s, seen, self._target.number if self._target else None)

    @property
    def second_pass(self) -> SecondPass | None:
        """What to follow in a second reading, None when this one was good enough."""
        if self._rehearsed:
            return None
        return worth_a_second_pass(self._choice, self._meant(), self._people.known, self._diary)

    def finish(self, track: PoseTrack) -> tuple[PoseTrack, PeopleInfo]:
        """The track of all frames without those that turned out to show somebody else."""
        return summary(self._choice, self._meant(), self._people.known, self._diary, track)

    def _meant(self) -> Person | None:
        if self._rehearsed or isinstance(self._choice, int):
            return self._target
        people = self._people.known
        return best(people, self._choice, self._width_px, self._target) or self._target

    # -- one frame -------------------------------------------------------------------------

    def _meet(self, frame: Frame) -> Pose:
        """Nobody is known yet: see who is there, and whether they are alone."""
        pose = self._backend.track(frame)
        first = sight(frame, pose)
        if first is None:
            return pose
        fresh, self._last = self._last is None, pose
        sightings = self._company(frame, first) if fresh else everybody(self._backend, frame)
        sightings = sightings or [first]
        naming = self._look(frame, sightings)
        self._target = self._whom_to_follow()
        mine = naming.index(self._target)
        if mine is None:
            self._searching = True
            return Pose.unseen(frame.t_s)
        self._verified_s = frame.t_s
        if len(sightings) > 1:
            return self._lock(frame, sightings[mine])
        return self._backend.track(frame) if fresh else pose

    def _company(self, frame: Frame, first: Sighting) -> list[Sighting]:
        """Whether somebody else is there, found out with the tracker itself.

        Cheaper than :func:`everybody`, but it makes the tracker forget the frame.
        """
        self._backend.reset()
        second = self._backend.track(without_people(frame, [first]))
        self._backend.reset()
        return everybody(self._backend, frame) if second.seen and not first.leaves(second) else []

    def _keep(self, frame: Frame) -> Pose:
        """Someone is being tracked: go on, and check now and then that it is the same person."""
        assert self._target is not None
        others = self._others_here(frame.t_s)
        pose = self._backend.track(self._without_neighbours(frame, others))
        if not pose.seen:
            self._searching = bool(others)
            return self._search(frame) if others else pose
        self._suspect |= self._came_back or hopped(self._last, pose, self._target.scale_now_px)
        if self._look_due(frame, others):
            return self._check(frame, pose, others)
        if not others and frame.t_s - self._noted_s >= _NOTE_EVERY_S:
            self._note(frame, pose)
        return pose

    def _look_due(self, frame: Frame, others: Sequence[Person]) -> bool:
        if self._suspect and self._lookout.due_in_crowd(frame, _SUSPECT_EVERY_S):
            return True
        if not others:
            return self._lookout.glances(frame) and self._lookout.due(frame, self._own_box())
        mine = self._own_box()
        near = mine is not None and any(
            other.next_to(mine, frame.t_s, CROWD_EVERY_S) for other in others
        )
        return self._lookout.due_in_crowd(frame, NEAR_EVERY_S if near else CROWD_EVERY_S)

    def _search(self, frame: Frame) -> Pose:
        """The person is out of sight, or somebody else is in the tracker: look for them."""
        nothing = Pose.unseen(frame.t_s)
        target = self._target
        if self._rehearsed and target and target.script and not target.script.covers(frame.t_s):
            return nothing
        lately = target is not None and target.unseen_for_s(frame.t_s) < _HERE_S
        if not self._lookout.due_in_crowd(frame, NEAR_EVERY_S if lately else CROWD_EVERY_S):
            return nothing
        sightings = everybody(self._backend, frame)
        naming = self._look(frame, sightings)
        target = self._target = self._instead(naming, frame.t_s)
        mine = naming.index(target)
        if mine is not None:
            return self._lock(frame, sightings[mine])
        if not sightings and target is not None and not self._others_here(frame.t_s):
            self._backend.reset()
            self._searching = self._rehearsed
        return nothing

    def _check(self, frame: Frame, pose: Pose, others: Sequence[Person]) -> Pose:
        """Look at everybody and see whether the tracker is still on the right person."""
        assert self._target is not None
        sightings = everybody(self._backend, frame, len(others) + 1 if others else MOST_PEOPLE)
        hit = nearest(sightings, pose, _SAME_POSE_M)
        naming = self._people.name(sightings, frame.t_s)
        if hit is not None and self._surely_same(sightings[hit], len(sightings), others):
            naming = naming.but(hit, self._target)
        naming = self._look(frame, sightings, naming)
        mine = naming.index(self._target)
        if mine == hit:  # confirmed; or not found (lying people often are not), nor anyone instead
            self._suspect = False
            self._verified_s = frame.t_s if mine is not None else self._verified_s
            return pose
        self._diary.doubt_since(self._verified_s)
        if mine is not None:
            return self._lock(frame, sightings[mine])
        self._searching = True
        return Pose.unseen(frame.t_s)

    # -- parts of it -----------------------------------------------------------------------

    def _look(
        self, frame: Frame, sightings: Sequence[Sighting], naming: Naming | None = None
    ) -> Naming:
        """Name the sightings, welcome newcomers, and write down who was where."""
        naming = self._people.name(sightings, frame.t_s) if naming is None else naming
        naming = self._people.welcome(sightings, naming)
        for i, (sighting, person) in enumerate(zip(sightings, naming.who, strict=True)):
            if person is not None:
                rest = [s for j, s in enumerate(sightings) if j != i]
                person.see(sighting, clear=all(sighting.box.gap_px(s.box) > 0 for s in rest))
        self._lookout.looked(frame, self._own_box(), found_others=len(sightings) > 1)
        return naming

    def _lock(self, frame: Frame, sighting: Sighting) -> Pose:
        """Put the tracker on this person, by showing it nobody else."""
        self._backend.reset()
        pose = self._backend.track(nothing_but(frame, sighting.box))
        others = self._others_here(frame.t_s)
        mixed = any(other.gap_m(sighting.box, frame.t_s) < 0 for other in others)
        if not pose.seen or sighting.apart_m(pose) > (_LOCKED_M if mixed else _SAME_POSE_M):
            self._backend.reset()
            self._searching = True
            return Pose.unseen(frame.t_s)
        self._searching = self._suspect = False
        self._last, self._verified_s = pose, frame.t_s
        return pose

    def _note(self, frame: Frame, pose: Pose) -> None:
        """Alone: write down where the person is, and whether they still look the same."""
        self._noted_s = frame.t_s
        seen = sight(frame, pose)
        if seen is None or self._target is None:
            return
        if self._target.looks_off(seen) > SAME_COLOURS:
            self._suspect = True
        elif not self._suspect:
            self._target.see(seen, clear=True)
            self._verified_s = frame.t_s

    def _surely_same(self, seen: Sighting, how_many: int, others: Sequence[Person]) -> bool:
        """Whether who is tracked must be the target: nobody else near, and no break."""
        target = self._target
        assert target is not None
        if any(other.gap_m(seen.box, seen.t_s) < _NEAR_M for other in others):
            return False
        if not self._suspect and seen.t_s - self._verified_s <= _TRUST_S:
            return True
        if others or how_many > 1:
            return False
        if target.looks_off(seen) <= SAME_COLOURS:
            return True
        moved_m = float(np.linalg.norm(seen.hips_px - target.hips_px[-1])) / seen.scale_px
        return moved_m < _NO_HOP_M and target.unseen_for_s(seen.t_s) < _ADOPT_AFTER_S

    def _others_here(self, t_s: float) -> list[Person]:
        people = self._people.known
        return [p for p in people if p is not self._target and p.unseen_for_s(t_s) <= _HERE_S]

    def _own_box(self) -> Box | None:
        return None if self._last is None else around(self._last, scale_px(self._last))

    def _without_neighbours(self, frame: Frame, others: Sequence[Person]) -> Frame:
        """The picture, with people beside the target painted over.

        Half a person is worse than a whole one: who is before or behind the target is left in.
        """
        mine = self._own_box() if others else None
        if mine is None:
            return frame
        gaps = [(o, o.gap_m(mine, frame.t_s)) for o in others]
        boxes = [o.expected_box(frame.t_s) for o, gap in gaps if -_TOUCHING_M < gap < _REACH_M]
        return without(frame, boxes, keep=mine) if boxes else frame

    def _whom_to_follow(self) -> Person | None:
        return best(self._people.known, self._choice, self._width_px)

    def _instead(self, naming: Naming, t_s: float) -> Person | None:
        """Somebody else to follow for now when the target has been gone for a while."""
        target = self._target
        if target is None:
            return self._whom_to_follow()
        if self._rehearsed or target.unseen_for_s(t_s) <= _ADOPT_AFTER_S:
            return target
        here = [p for p in naming.who if p is not None and p.real]
        other = max(here, key=lambda p: prominence(p, self._width_px), default=None)
        if other is None or other is target:
            return target
        if other.took_the_place_of(target):  # the light changed, or they took a jersey off
            self._people.join(target, other)
            return target
        return target if isinstance(self._choice, int) else other
