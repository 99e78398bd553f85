"""A person before the camera of a live flow: frames at a rate, and what came of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kneetrack import skeleton as sk
from kneetrack.live.flow import Flow, Plan, Sight, Step
from kneetrack.live_records import Fault, FinishedRep, Moment
from kneetrack.records import Pose, PoseTrack, SideName, Status
from tests import motions as m

NOWHERE = np.full((33, 2), np.nan)
FPS = 20.0


def poses(track: PoseTrack) -> list[Pose]:
    """The frames of a track, one by one."""
    assert track.xyz_m is not None
    return [
        Pose(track.xy_px[i], track.xyz_m[i], track.confidence[i], float(t))
        for i, t in enumerate(track.t_s)
    ]


def stands(camera: m.Camera = m.FRONT, x: float = 0.0, z: float = 0.0) -> Pose:
    """Somebody who stands before the camera, arms forward."""
    return poses(m.film(m.standing(0.1).moved(x, z), camera))[0]


def lies(camera: m.Camera = m.SIDE_LYING) -> Pose:
    """Somebody who lies ready for a bridge, side-on."""
    return poses(m.film(m.bridges(m.Tempo(depths=(0.0,))).moved(z=-0.5), camera))[0]


def arms_at(pose: Pose, *, wrist: float, elbow: float) -> Pose:
    """The same with wrists and elbows so many trunk lengths above the shoulders."""
    xy = pose.xy_px.copy()
    shoulders = xy[list(sk.SHOULDERS)]
    trunk = float(np.hypot(*(shoulders.mean(axis=0) - xy[list(sk.HIPS)].mean(axis=0))))
    for joints, up in ((sk.WRISTS, wrist), (sk.ELBOWS, elbow)):
        xy[list(joints)] = shoulders - [0.0, up * trunk]
    return replace(pose, xy_px=xy)


def arms_down(pose: Pose) -> Pose:
    return arms_at(pose, wrist=-1.0, elbow=-0.5)


def arms_up(pose: Pose) -> Pose:
    return arms_at(pose, wrist=1.1, elbow=0.55)


def shaken(pose: Pose, px: float, rng: np.random.Generator) -> Pose:
    """The same with a detector's noise."""
    noise = rng.normal(0, px, pose.xy_px.shape).astype(np.float32)
    return replace(pose, xy_px=pose.xy_px + noise)


class Act:
    """Plays frames to a flow. ``steps``: all that came; ``now``: the last."""

    def __init__(self, plan: Plan | None = None, *, fps: float = FPS, start_s: float = 0.0) -> None:
        self.flow = Flow(plan or Plan(exercise="squat", sets_total=2, reps_total=3, rest_s=20.0))
        self.t_s, self.frame_s = start_s, 1 / fps
        self.sight = Sight(0.0, stands(), m.FRONT.size_px, yaw_deg=0.0)
        self.steps: list[Step] = []
        self.times: list[float] = []

    @property
    def now(self) -> Step:
        return self.steps[-1]

    def be(self, **changes: object) -> Act:
        """What is the case from now on; fields of Sight."""
        self.sight = replace(self.sight, **changes)  # type: ignore[arg-type]
        return self

    def frame(self, **once: object) -> Step:
        """One frame, with fields of Sight for this frame alone."""
        sight = replace(self.sight, t_s=self.t_s, **once)  # type: ignore[arg-type]
        self.steps.append(self.flow.step(sight))
        self.times.append(self.t_s)
        self.t_s += self.frame_s
        return self.now

    def go(self, seconds: float, **changes: object) -> Act:
        """Frames for so long."""
        self.be(**changes)
        for _ in range(round(seconds / self.frame_s)):
            self.frame()
        return self

    def until(self, phase: str, within_s: float = 30.0) -> float:
        """Frames until a phase shows; seconds it took."""
        for i in range(round(within_s / self.frame_s)):
            if self.frame().phase == phase:
                return (i + 1) * self.frame_s
        raise AssertionError(f"no {phase} within {within_s} s: {self.phases}")

    def to_set(self) -> Act:
        """Through framing, view, stillness and the countdown."""
        self.until("set")
        return self

    def moment(
        self,
        *faults: Fault,
        under_way: bool = False,
        finished: FinishedRep | None = None,
        note: str = "",
    ) -> Moment:
        return Moment(
            self.t_s,
            NOWHERE,
            rep_under_way=under_way,
            running=faults,
            finished=finished,
            exercise="squat",
            note=note,
        )

    def rep(self, side: SideName = "both", status: Status = "ok", seconds: float = 2.0) -> Step:
        """A repetition: under way, then finished in one frame."""
        for _ in range(round(seconds / self.frame_s)):
            self.frame(moment=self.moment(under_way=True))
        return self.frame(moment=self.moment(finished=FinishedRep(0, side, status)))

    def heard_since(self, index: int = 0) -> list[tuple[float, str, str]]:
        """(when, tone, words) of all that was heard from a step on."""
        return [
            (round(t, 3), heard.tone or "", heard.words)
            for t, step in list(zip(self.times, self.steps, strict=True))[index:]
            for heard in step.heard
        ]

    @property
    def words(self) -> list[str]:
        return [words for _, _, words in self.heard_since() if words]

    @property
    def phases(self) -> list[str]:
        """The phases shown, each once in a row."""
        shown = [step.phase for step in self.steps]
        return [p for i, p in enumerate(shown) if i == 0 or p != shown[i - 1]]

    def flags(self) -> list[str]:
        """begin, end, restart, in the order in which they came."""
        names = ("begin_set", "end_set", "restart")
        return [name for step in self.steps for name in names if getattr(step, name)]
