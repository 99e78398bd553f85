"""Measure a live session with a virtual camera, in one run; write docs/live-performance.md.

    python benchmarks/live.py [--seconds 30] [--long-minutes 30] [--out docs/live-performance.md]

A 1280x720 clip plays at 30 and at 60 pictures a second as a camera would, into a window where
there is a display. What counts is what a frame costs beside the pose model, and whether delay or
memory grow; in the long run recorded landmarks stand in for the model, on a clock that runs
faster, so that the same number of frames passes.
"""

from __future__ import annotations

import argparse
import platform
import resource
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from speed import landscape_clip

from kneetrack.analysis import Question
from kneetrack.assets import model_path
from kneetrack.live.keeping import Keep, Keeper, Versions
from kneetrack.live.meter import FrameCost, Meter
from kneetrack.live.plan import Plan
from kneetrack.live.session import Devices, LiveSession
from kneetrack.live.showing import Front
from kneetrack.pose.blazepose import BlazePose
from kneetrack.pose.protocol import PoseBackend
from kneetrack.recorded import analyse
from kneetrack.records import Frame, Pose, PoseTrack
from kneetrack.settings import Settings
from kneetrack.sources.camera import open_camera
from kneetrack.ui.live import LiveScreen
from kneetrack.ui.sound import Sound
from kneetrack.ui.window import Window, display_available

ROOT = Path(__file__).resolve().parents[1]
SIZE_PX = (1280, 720)
LONG_SPEED = 3.0


class Replay:
    """Landmarks of a clip in place of the pose model: nobody but that person, no time spent."""

    def __init__(self, track: PoseTrack) -> None:
        self._track = track

    def track(self, frame: Frame) -> Pose:
        if not frame.image[::90, ::160].any():
            return Pose.unseen(frame.t_s)
        i = int(frame.t_s * 30) % len(self._track)
        world = self._track.xyz_m
        assert world is not None
        return Pose(self._track.xy_px[i], world[i], self._track.confidence[i], frame.t_s)

    def find_people(self, frame: Frame, max_people: int) -> list[Pose]:
        return [self.track(frame)]

    def reset(self) -> None:
        pass

    def close(self) -> None:
        pass


class Seen:
    """The window, which ends the session after a while; without a display it shows nothing."""

    def __init__(self, window: Window | None, seconds: float) -> None:
        self._window = window
        self._until = time.monotonic() + seconds
        self._quit = False

    def show(self, image: np.ndarray) -> None:
        if self._window is not None:
            self._window.show(image)

    def key(self) -> str:
        pressed = self._window.key() if self._window is not None else ""
        return "q" if time.monotonic() > self._until else pressed

    @property
    def closed(self) -> bool:
        return False

    def toggle_full_screen(self) -> None:
        pass


@dataclass
class Measured:
    """Costs of the frames of a set, megabytes in its course, pictures that came a second."""

    costs: list[FrameCost]
    memory_mb: list[float]
    fps: float
    shown: bool
    speed: float = 1.0

    def column(self, name: str) -> np.ndarray:
        return np.array([getattr(cost, name) for cost in self.costs])


def memory_mb() -> float:
    """Megabytes in use now; the most so far where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


class AllCosts(Meter):
    """Remembers every frame, and the memory in use now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.every: list[FrameCost] = []
        self.memory_mb: list[float] = []

    def add(self, cost: FrameCost) -> None:
        super().add(cost)
        self.every.append(cost)
        if self.frames % 300 == 0:
            self.memory_mb.append(memory_mb())


def measure(
    clip: Path, backend: PoseBackend, fps: float, seconds: float, speed: float = 1.0
) -> Measured:
    """One session of so many seconds."""
    meter = AllCosts()
    with ExitStack() as stack:
        shown = not display_available()
        window = stack.enter_context(Window("benchmark", SIZE_PX)) if shown else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sound = stack.enter_context(Sound())
        keeper = stack.enter_context(Keeper(Keep(folder / "kept"), "bench", Versions("", "")))
        camera = stack.enter_context(
            open_camera(clip.as_posix(), rate_fps=fps, loop=True, speed=speed)
        )
        plan = Plan("squat", 1, 100_000, goes_ahead_s=4.0)
        seen = Seen(window, seconds)
        front = Front(seen, LiveScreen(SIZE_PX), sound)  # type: ignore[arg-type]
        devices = Devices(camera, backend, sound, front)
        live = LiveSession(devices, Question(Settings(), "squat"), plan, keeper, meter=meter)
        live.run()
        in_set = [c for c in meter.every if c.t_s > 12.0]
        return Measured(in_set, meter.memory_mb, fps, shown, speed)


def ms(values: np.ndarray, percent: float = 50.0) -> str:
    return f"{1000 * float(np.percentile(values, percent)):.1f}"


def row(name: str, m: Measured) -> str:
    span_s = m.costs[-1].t_s - m.costs[0].t_s
    beside, inference, delay = m.column("rest_s"), m.column("inference_s"), m.column("delay_s")
    over = delay - inference
    rate = len(m.costs) / span_s
    return (
        f"| {name} | {rate:.1f} | {ms(inference)} | {ms(beside)} | {ms(beside, 95)} | "
        f"{ms(over)} | {ms(over, 95)} |"
    )


def growth(m: Measured) -> tuple[str, str]:
    """Delay and memory, of the first and the last tenth of a run."""
    delay = m.column("delay_s") / m.speed
    tenth = max(1, len(delay) // 10)
    part = max(1, len(m.memory_mb) // 10)
    return (
        f"{ms(delay[:tenth])} ms at first, {ms(delay[-tenth:])} ms at the end",
        f"{np.median(m.memory_mb[:part]):.0f} MB at first, "
        f"{np.median(m.memory_mb[-part:]):.0f} MB at the end",
    )


def page(runs: dict[str, Measured], long: Measured | None, minutes: float) -> str:
    shown = all(m.shown for m in runs.values())
    lines = [
        "# What a live session costs",
        "",
        f"Measured by `benchmarks/live.py` on {date.today():%d %B %Y}, {platform.machine()}, "
        f"2 cores, no GPU, Python {platform.python_version()}; a 1280x720 clip as the camera, "
        f"{'a real window' if shown else 'drawn, but without a display'}.",
        "",
        "| pictures a second that come | shown a second | pose model ms | all the rest ms "
        "| the rest, p95 | delay beyond the model ms | p95 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(row(name, m) for name, m in runs.items()),
        "",
        "All the rest: following the person, filter, measures, rules, flow, keeping the landmarks, "
        "drawing, showing. Delay: from the grab to the screen.",
    ]
    if long is not None:
        delay, memory = growth(long)
        lines += [
            "",
            f"Over {minutes:.0f} minutes of a session on a clock {LONG_SPEED:.0f} times as fast "
            f"({len(long.costs)} pictures shown, landmarks in place of the model): delay {delay}; "
            f"memory {memory}.",
        ]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--long-minutes", type=float, default=30.0)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "live-performance.md")
    args = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    sample = ROOT / "samples" / "sq_in30_right_ben.mp4"
    runs: dict[str, Measured] = {}
    long = None
    with tempfile.TemporaryDirectory() as name:
        clip = landscape_clip(sample, Path(name))
        for fps in (30.0, 60.0):
            with BlazePose(model_path()) as model:
                runs[f"{fps:.0f}"] = measure(clip, model, fps, args.seconds + 12)
                print(row(f"{fps:.0f}", runs[f"{fps:.0f}"]), flush=True)
        if args.long_minutes > 0:
            track = analyse(clip, exercise="squat").track
            assert track is not None
            seconds = args.long_minutes * 60 / LONG_SPEED
            long = measure(clip, Replay(track), 30.0, seconds, LONG_SPEED)
            print(*growth(long), sep="\n")
    args.out.write_text(page(runs, long, args.long_minutes), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
