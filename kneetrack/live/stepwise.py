"""A set, frame by frame: poses in, :class:`~kneetrack.live_records.Moment` out.

Each frame is held against the rules as it comes, on causally filtered landmarks. When a repetition
seems over, the stretch since the set began goes through the very functions that analyse a recorded
clip, and what they count and judge is what is told: live and recorded cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from kneetrack.analysis import Question, read_track
from kneetrack.annotate import rep_status
from kneetrack.assembly import rep_rows
from kneetrack.exercises.rules import Exercise
from kneetrack.gates import Scene
from kneetrack.live.frame_reading import faults_of, frame_verdicts, gauges_of, poses_since
from kneetrack.live.naming import Namer
from kneetrack.live.noting import view_note
from kneetrack.live.rep_watch import RepWatch, Watched, planted
from kneetrack.live_records import Fault, FinishedRep, Gauge, Moment
from kneetrack.one_euro import PoseFilter
from kneetrack.records import NobodySeenError, Pose, PoseTrack
from kneetrack.result import RepRow

Repair = Callable[[PoseTrack], PoseTrack]

WINDOW_S = 30.0
"""The stretch that is read again when a repetition ends; longer sets lose their beginning."""
SETTLE_S = 0.2
"""A repetition is read so long after the body came up: its end must be in the stretch."""
LOOK_EVERY_S = 2.5
"""The stretch is also read so often, should the lookout have missed something."""
SURE_S = 0.4
"""What ended so long before the stretch's end will not change any more."""
DEEP = 0.75
"""From this fraction of the usual depth on, a frame is held against the rules of the bottom."""
LOOK_BACK_S = 1.5
"""A block that was lost is told for so long."""
FIRST_DEEP = 0.10
FIRST_SLOW = 0.15
"""Before any repetition of the set is known: at least so deep, and hardly sinking any more
(leg lengths, and per second)."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the last reading of the stretch told."""

    scene: Scene
    reps: list[RepRow]
    counted: list[RepRow]
    note: str


class Stepwise:
    """Follows one set. Call :meth:`step` with every pose, in order.

    size_px: (width, height) of the pictures. repair: what the recorded path does to raw landmarks
    before it reads them. background: read repetitions in a thread of their own, so that no frame
    waits; their result comes a few frames later. Use it in a ``with`` block.
    """

    def __init__(
        self,
        question: Question,
        size_px: tuple[int, int],
        repair: Repair = lambda track: track,
        *,
        background: bool = False,
    ) -> None:
        self._question = question
        self._size_px = size_px
        self._repair = repair
        self._pool = ThreadPoolExecutor(1, "stepwise") if background else None
        self._pending: Future[_Reading | None] | None = None
        self.begin([])

    def __enter__(self) -> Stepwise:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the thread. Calling it twice does no harm."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def begin(self, baseline: list[Pose]) -> None:
        """A new set; ``baseline``: the raw poses of standing (or lying) still before it."""
        self._abandon()
        self._filter = PoseFilter()
        self._watch = RepWatch(self._question.settings.reps)
        self._baseline = list(baseline)
        self._raw: list[Pose] = []
        self._smooth: list[Pose] = []
        self._reading: _Reading | None = None
        self._told: list[FinishedRep] = []
        self._unsaid: list[FinishedRep] = []
        self._depths: list[float] = []
        self._last_bottom_s = -np.inf
        self._read_at_s: float | None = None
        self._looked_s = -np.inf
        self._namer = Namer(self._question, self._size_px)
        for pose in baseline:
            smooth = self._take(pose)
            self._watch.see(pose.t_s, smooth.xy_px)
        if baseline:
            self._looked_s = baseline[-1].t_s
            self._reading = self._read(baseline[-1].t_s)

    @property
    def reps(self) -> tuple[FinishedRep, ...]:
        """The repetitions of this set so far."""
        return tuple(self._told)

    @property
    def busy(self) -> bool:
        """Whether a reading is going on in the background."""
        return self._pending is not None and not self._pending.done()

    def resume(self) -> None:
        """Go on after a pause: what was counted stays, a repetition half done is dropped."""
        self._abandon()
        self._raw, self._smooth = [], []
        self._watch = RepWatch(self._question.settings.reps)
        self._filter = PoseFilter()
        self._read_at_s = None

    def step(self, pose: Pose) -> Moment:
        """The next frame's raw pose."""
        smooth = self._take(pose)
        watched = self._watch.see(pose.t_s, smooth.xy_px)
        self._look(pose.t_s, watched)
        exercise = self._exercise(watched.lying)
        faults, gauges = self._now(smooth, watched, exercise)
        finished = self._unsaid.pop(0) if self._unsaid else None
        deepest = max([*self._depths, watched.peak, FIRST_DEEP])
        return Moment(
            t_s=pose.t_s,
            xy_px=smooth.xy_px,
            gauges=gauges,
            depth_fraction=float(np.clip(watched.sink / deepest, 0, 1))
            if np.isfinite(watched.sink)
            else None,
            rep_under_way=watched.under_way,
            running=faults,
            finished=finished,
            exercise="" if exercise is None else exercise.name,
            note="" if self._reading is None else self._reading.note,
        )

    # -- the stretch that is kept ------------------------------------------------------------

    def _take(self, pose: Pose) -> Pose:
        smooth = self._filter.filter(pose)
        self._raw.append(pose)
        self._smooth.append(smooth)
        if pose.t_s - self._raw[0].t_s > WINDOW_S:
            self._forget_before(pose.t_s - 0.6 * WINDOW_S)
        return smooth

    def _forget_before(self, t_s: float) -> None:
        """Drop the beginning, up to the end of a repetition where there is one."""
        ends = [rep.end_s for rep in self._told if rep.end_s <= t_s]
        from_s = max(ends, default=t_s)
        first = next((i for i, pose in enumerate(self._raw) if pose.t_s > from_s), 0)
        del self._raw[:first], self._smooth[:first]

    def _stretch(self) -> PoseTrack:
        """The raw poses kept, with the baseline put right before them where it was dropped."""
        poses = list(self._raw)
        if self._baseline and poses[0].t_s > self._baseline[-1].t_s:
            step_s = 1 / 30
            shift_s = poses[0].t_s - step_s - self._baseline[-1].t_s
            earlier = [replace(p, t_s=p.t_s + shift_s) for p in self._baseline]
            poses = [p for p in earlier if p.t_s < poses[0].t_s] + poses
        return PoseTrack.from_poses(poses, self._size_px)

    # -- reading repetitions -------------------------------------------------------------------

    def _look(self, t_s: float, watched: Watched) -> None:
        self._collect()
        if watched.over:
            self._read_at_s = t_s + SETTLE_S
        due = self._read_at_s is not None and t_s >= self._read_at_s
        if not due and t_s - self._looked_s < LOOK_EVERY_S:
            return
        if self._pending is not None or len(self._raw) < 5:
            return
        self._looked_s = t_s
        if due:
            self._read_at_s = None
        over_s = t_s if due and not watched.under_way else t_s - SURE_S
        stretch = self._stretch()
        if self._pool is None:
            self._tell(self._read_stretch(stretch, over_s))
        else:
            self._pending = self._pool.submit(self._read_stretch, stretch, over_s)

    def _collect(self) -> None:
        if self._pending is not None and self._pending.done():
            done, self._pending = self._pending, None
            self._tell(done.result())

    def _abandon(self) -> None:
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None

    def _read(self, over_s: float) -> _Reading | None:
        return self._read_stretch(self._stretch(), over_s) if len(self._raw) >= 5 else None

    def _read_stretch(self, stretch: PoseTrack, over_s: float) -> _Reading | None:
        """Runs in the background: touches nothing of the set but what it is given."""
        try:
            told = read_track(self._repair(stretch), self._question)
        except NobodySeenError:
            return None
        reps = rep_rows([part for part in told.sets if part.found.reps])
        counted = [rep for rep in reps if rep.end_s <= over_s + 1e-6]
        main = told.sets[-1]
        return _Reading(main.scene, reps, counted, view_note(main))

    def _tell(self, reading: _Reading | None) -> None:
        if reading is None:
            return
        self._reading = reading
        self._depths = [rep.depth for rep in reading.reps if rep.depth]
        exercises = self._question.settings.exercises
        for rep in reading.counted:
            if rep.bottom_s <= self._last_bottom_s + 0.3:
                continue
            self._last_bottom_s = rep.bottom_s
            finished = FinishedRep(
                number=len(self._told) + 1,
                side=rep.side,
                status=rep_status(rep),
                faults=faults_of(rep.verdicts, exercises[rep.exercise]),
                start_s=rep.start_s,
                bottom_s=rep.bottom_s,
                end_s=rep.end_s,
            )
            self._told.append(finished)
            self._unsaid.append(finished)
            self._namer.forget()

    # -- this very frame -----------------------------------------------------------------------

    def _exercise(self, lying: bool) -> Exercise | None:
        exercises = self._question.settings.exercises
        name = self._question.exercise
        if name is None and self._namer.named is not None:
            name = self._namer.named[0]
        if name is None and self._reading is not None and self._reading.reps:
            name = self._reading.reps[-1].exercise
        if name is None or name == "none":
            name = "glute_bridge" if lying else "squat"
        return exercises.get(name)

    def _now(
        self, pose: Pose, watched: Watched, exercise: Exercise | None
    ) -> tuple[tuple[Fault, ...], tuple[Gauge, Gauge]]:
        """Faults and gauges of this frame, while a repetition is deep enough to tell."""
        resting = (Gauge(), Gauge())
        if not watched.under_way:
            self._namer.forget()
            return (), resting
        usual = float(np.median(self._depths)) if self._depths else 0.0
        deep = max(DEEP * max(usual, watched.peak), FIRST_DEEP)
        settled = usual > 0 or abs(watched.speed) < FIRST_SLOW
        if watched.sink < deep or not settled or not (watched.lying or planted(self._smooth)):
            return (), resting
        if self._reading is None or exercise is None:
            return (), resting
        named = self._namer.look(pose.t_s, watched, self._smooth)
        if named is None:
            return (), resting
        name, side = named
        exercise = self._question.settings.exercises[name]
        scene = replace(self._reading.scene, exercise=name)
        mode = self._question.bridge_mode
        since_s = max(watched.started_s, pose.t_s - LOOK_BACK_S) if watched.lying else pose.t_s
        recent = poses_since(self._smooth, since_s)
        verdicts = frame_verdicts(recent, scene, exercise, side, mode)
        return faults_of(verdicts, exercise), gauges_of(verdicts, exercise, side)
