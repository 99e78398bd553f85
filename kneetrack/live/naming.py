"""Which exercise the repetition under way is, and on which side, before it is over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kneetrack.analysis import Question
from kneetrack.live.rep_watch import Watched
from kneetrack.posture import describe
from kneetrack.recognise import recognise
from kneetrack.records import Pose, PoseTrack, SideName
from kneetrack.reps import Dip
from kneetrack.result import ExerciseName

NAME_EVERY_S = 0.12
NAME_AGAIN_S = 0.5
"""So often a repetition under way is named; what was named twice running is believed."""
_ONE_LEGGED = ("single_leg_squat", "lateral_lunge")

Name = tuple[ExerciseName, SideName]


class Namer:
    """Names one repetition after the other; :meth:`forget` between them."""

    def __init__(self, question: Question, size_px: tuple[int, int]) -> None:
        self._question = question
        self._size_px = size_px
        self.forget()

    def forget(self) -> None:
        """The repetition is over."""
        self.named: Name | None = None
        self._before: Name | None = None
        self._at_s = -np.inf

    def look(self, t_s: float, watched: Watched, smooth: Sequence[Pose]) -> Name | None:
        """Exercise and side, None while that is not clear. smooth: the filtered poses so far."""
        if t_s - self._at_s < (NAME_AGAIN_S if self.named else NAME_EVERY_S):
            return self.named
        self._at_s = t_s
        name = self._name(t_s, watched, smooth)
        self.named = name if name == self._before else None
        self._before = name
        return self.named

    def _name(self, t_s: float, watched: Watched, smooth: Sequence[Pose]) -> Name | None:
        limits = self._question.settings.recognise
        early_s = watched.started_s - limits.step_before_s - 0.5
        poses = [pose for pose in smooth if pose.t_s >= early_s]
        posture = describe(PoseTrack.from_poses(poses, self._size_px))
        first = int(np.searchsorted(posture.t_s, watched.started_s))
        start_s = float(posture.t_s[first])
        dip = Dip(first, len(poses) - 1, start_s, t_s, t_s, t_s - start_s, 0.0, 0.0, watched.peak)
        what = recognise(posture, dip, limits)
        wanted = self._question.exercise
        if wanted is None:
            return None if what.exercise == "none" else (what.exercise, what.side)
        if wanted not in _ONE_LEGGED:
            return wanted, "both"
        return None if what.side == "both" else (wanted, what.side)
