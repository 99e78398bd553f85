"""A second reading of what was filmed from the foot end: outlines in, a track with knees out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kneetrack import skeleton as sk
from kneetrack.footend import (
    Span,
    foot_end_spans,
    sides_kept,
    standing_ankles,
    with_knees,
    with_poses,
)
from kneetrack.pose.outline import Outline, knees_in_outline
from kneetrack.records import Frame, Pose, PoseTrack

Outliner = Callable[[Frame], tuple[NDArray[np.bool_] | None, Pose]]
"""Gives the mask (H, W) of the person in a frame, None when nobody is seen, and their pose."""


class OutlineReader:
    """Looks at every frame of the clip again, in order, and outlines the person where needed."""

    def __init__(self, track: PoseTrack, outline: Outliner) -> None:
        self.spans: list[Span] = foot_end_spans(track)
        self._track = track
        self._outline = outline
        self._outlines: list[Outline | None] = []
        self._poses: list[Pose] = []

    def look(self, frame: Frame) -> Pose:
        """The next frame; costs nothing outside the spans."""
        at = len(self._poses)
        outline, pose = None, Pose.unseen(frame.t_s)
        if any(first <= at < last for first, last in self.spans):
            mask, pose = self._outline(frame)
            outline = None if mask is None else Outline.of(mask)
        self._outlines.append(outline)
        self._poses.append(pose)
        return pose

    def finish(self) -> PoseTrack:
        """The track with what was found; as it was where the second reading ended earlier."""
        track = self._track
        for span in self.spans:
            if span[1] <= len(self._poses):
                track = self._placed(track, span)
        return track

    def _placed(self, track: PoseTrack, span: Span) -> PoseTrack:
        poses = self._poses[slice(*span)]
        ankles = standing_ankles(np.array([pose.xy_px[list(sk.ANKLES)] for pose in poses]))
        if ankles is None:
            return track
        nowhere = np.full((2, 2), np.nan)
        knees = [
            nowhere if outline is None else knees_in_outline(outline, ankles)
            for outline in self._outlines[slice(*span)]
        ]
        track = sides_kept(with_poses(track, span[0], poses), span)
        return with_knees(track, span, np.array(knees), ankles)
