"""Where the camera is and how the person lies or stands, over the last moments."""

from __future__ import annotations

from collections import deque

import numpy as np

from kneetrack.live.rep_watch import looks_lying
from kneetrack.one_euro import leg_length
from kneetrack.records import Pose
from kneetrack.view import yaw_deg

OVER_S = 0.7
"""A single frame's direction is noisy: the median over so long is told."""


class Sighting:
    """Camera yaw and posture of the person in view, from raw poses in order."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float, bool]] = deque()
        self._leg_px = float("nan")

    def see(self, pose: Pose) -> None:
        """Take the next frame in."""
        while self._seen and pose.t_s - self._seen[0][0] > OVER_S:
            self._seen.popleft()
        if not pose.seen:
            return
        here_px = leg_length(pose.xy_px)
        self._leg_px = float(np.fmax(self._leg_px, here_px))
        yaw = float("nan")
        if pose.xyz_m is not None:
            yaw = float(yaw_deg(pose.xy_px[None], pose.xyz_m[None])[0])
        self._seen.append((pose.t_s, yaw, looks_lying(pose.xy_px, self._leg_px)))

    @property
    def yaw_deg(self) -> float:
        """> 0: the camera is on the person's left; NaN when it cannot be told."""
        angles = np.radians([yaw for _, yaw, _ in self._seen if np.isfinite(yaw)])
        if not len(angles):
            return float("nan")
        around = np.angle(np.exp(1j * angles).mean())
        off = np.angle(np.exp(1j * (angles - around)))
        return float(np.degrees(around + np.median(off)))

    @property
    def lying(self) -> bool:
        """Whether the person lies on the floor in most of the frames."""
        flat = [lying for _, _, lying in self._seen]
        return 2 * sum(flat) > len(flat)
