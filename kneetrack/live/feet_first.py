"""Somebody who lies with the feet to the camera, read by their outline, picture by picture.

What outlining.py does to a clip once all of it is known, as a session goes on: the ankles are where
they have stood so far. What comes out is what is kept, so the recorded path at the session's end
reads the same knees.
"""

from __future__ import annotations

import warnings
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from kneetrack import skeleton as sk
from kneetrack.angles import distance, middle, segment_length_px
from kneetrack.footend import (
    ankles_across_px,
    standing_ankles,
    with_knees,
    with_sides_exchanged,
)
from kneetrack.live.rep_watch import looks_lying
from kneetrack.outlining import Outliner
from kneetrack.pose.follow import PersonFollower
from kneetrack.pose.outline import Outline, knees_in_outline
from kneetrack.records import FloatArray, Frame, Pose, PoseTrack
from kneetrack.view import name_view

SURE_S: Final = 0.4
"""Lying feet first is believed after so long, and so is its end: before the flow has settled, since
hips are read a little elsewhere from then on."""
SURE: Final = 0.8
LOST_S: Final = 10.0
"""So long an outline is looked for where nobody is seen: touching knees hide a person."""
FOLLOW_EVERY_S: Final = 0.5
"""So often the person is looked at in the usual way, too: is it still them, are they alone?"""
ANKLES_S: Final = 10.0
_FEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class _Posed:
    t_s: float
    feet_first: bool


class FeetFirstWatch:
    """Whether a person lies with the feet to the camera, from poses in order."""

    def __init__(self) -> None:
        self._recent: deque[_Posed] = deque()
        self._longest_px = 0.0
        self._seen_s = -np.inf
        self.on = False

    def see(self, pose: Pose) -> None:
        """Take the next pose in; where nobody is seen, things stay as they were for a while."""
        if pose.seen:
            self._seen_s = pose.t_s
            self._recent.append(_Posed(pose.t_s, self._feet_first(pose.xy_px)))
            while pose.t_s - self._recent[0].t_s > SURE_S:
                self._recent.popleft()
            self._decide()
        elif pose.t_s - self._seen_s > LOST_S:
            self.on = False
            self._recent.clear()

    def _decide(self) -> None:
        lasted_s = self._recent[-1].t_s - self._recent[0].t_s
        if len(self._recent) < _FEWEST or lasted_s < 0.8 * SURE_S:
            return
        share = float(np.mean([posed.feet_first for posed in self._recent]))
        self.on = share >= (1 - SURE if self.on else SURE)

    def _feet_first(self, xy_px: FloatArray) -> bool:
        legs = segment_length_px(xy_px, sk.HIPS, sk.KNEES) + segment_length_px(
            xy_px, sk.KNEES, sk.ANKLES
        )
        leg_px = float(np.fmax(legs[0], legs[1]))
        self._longest_px = float(np.fmax(self._longest_px, leg_px))
        trunk_px = float(distance(middle(xy_px, sk.HIPS), middle(xy_px, sk.SHOULDERS)))
        lying = looks_lying(xy_px, self._longest_px)
        return lying and name_view(np.nan, lying=True, trunk_legs=trunk_px / leg_px) == "foot_end"


class FeetFirst:
    """Follows a person; while they lie feet first, by their outline. Frames in order, one thread.

    outline: the second reading, with a model of its own.
    """

    def __init__(self, follower: PersonFollower, outline: Outliner) -> None:
        self._follower = follower
        self._outline = outline
        self._watch = FeetFirstWatch()
        self._followed_s = -np.inf
        self._ankles: deque[tuple[float, FloatArray]] = deque()
        self._outlined = False

    def follow(self, frame: Frame) -> Pose:
        """The person's pose in this frame, knees from the outline where they lie feet first.

        Where that ends because somebody else came in, knees are not seen any more: as the model
        reads them they lie elsewhere, and would seem to have moved.
        """
        if self._watch.on and self._follower.alone:
            return self._by_outline(frame)
        pose = self._follower.follow(frame)
        self._watch.see(pose)
        self._ankles.clear()
        self._outlined = self._outlined and self._watch.on
        return self._placed(pose, None) if self._outlined and pose.seen else pose

    def _by_outline(self, frame: Frame) -> Pose:
        mask, pose = self._outline(frame)
        if frame.t_s - self._followed_s >= FOLLOW_EVERY_S or not pose.seen:
            self._followed_s = frame.t_s
            usual = self._follower.follow(frame)
            if not self._follower.alone:
                return self._placed(usual, None) if self._outlined and usual.seen else usual
            pose = pose if pose.seen else usual
        self._watch.see(pose)
        self._follower.vouch(frame.t_s, seen=pose.seen)
        self._outlined = self._outlined or mask is not None
        return self._placed(pose, None if mask is None else Outline.of(mask)) if pose.seen else pose

    def _placed(self, pose: Pose, outline: Outline | None) -> Pose:
        """The pose with knees from the outline; on the back, left is on the picture's right."""
        track = PoseTrack.from_poses([pose], (0, 0))
        if ankles_across_px(pose.xy_px) < 0:
            track = with_sides_exchanged(track, np.array([0]))
        ankles, nowhere = self._standing(pose), np.full((2, 2), np.nan)
        knees = nowhere
        if ankles is not None and outline is not None:
            knees = knees_in_outline(outline, ankles)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # ankles out of the picture
            track = with_knees(track, (0, 1), knees[None], nowhere if ankles is None else ankles)
        world = None if pose.xyz_m is None or track.xyz_m is None else track.xyz_m[0]
        return Pose(track.xy_px[0], world, track.confidence[0], pose.t_s)

    def _standing(self, pose: Pose) -> FloatArray | None:
        """Where the feet have stood in the last seconds, by picture x."""
        self._ankles.append((pose.t_s, pose.xy_px[list(sk.ANKLES)]))
        while pose.t_s - self._ankles[0][0] > ANKLES_S:
            self._ankles.popleft()
        return standing_ankles(np.array([ankles for _, ankles in self._ankles]))
