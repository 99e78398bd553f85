"""Measure decode, pose and the whole of analyse on one clip, in one run; write docs/performance.md.

    python benchmarks/speed.py [CLIP] [--repeats 3] [--out docs/performance.md]

Ratios count, not seconds: the machine may be busy. Without CLIP a sample is brought to 1280x720.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from kneetrack.angles import joint_angles, joint_major
from kneetrack.assets import model_path
from kneetrack.outputs import Wanted
from kneetrack.pose.blazepose import BlazePose
from kneetrack.report.video import VideoWriter
from kneetrack.sources.clip import ClipSource
from kneetrack.work import Job, run

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 20.0


def landscape_clip(sample: Path, folder: Path) -> Path:
    """The sample in the middle of a 1280x720 picture, repeated to 20 seconds."""
    frames = []
    with ClipSource(sample) as source:
        for frame in source:
            height, width = frame.image.shape[:2]
            step = height / 720
            rows = (np.arange(720) * step).astype(int)
            columns = (np.arange(int(width / step)) * step).astype(int)
            wide = np.full((720, 1280, 3), 127, np.uint8)
            left = (1280 - len(columns)) // 2
            wide[:, left : left + len(columns)] = frame.image[rows][:, columns]
            frames.append(wide)
    path = folder / "bench.mp4"
    with VideoWriter(path, (1280, 720), fps=30) as video:
        for index in range(int(SECONDS * 30)):
            video.write(frames[index % len(frames)], index / 30)
    return path


def decode(clip: Path) -> int:
    with ClipSource(clip) as source:
        return sum(1 for _ in source)


def pose_alone(clip: Path) -> Callable[[], int]:
    """Pose over decoded frames in memory: the bound that the whole is held against."""
    with ClipSource(clip) as source:
        frames = [frame for frame, _ in zip(source, range(300), strict=False)]

    def run_pose() -> int:
        with BlazePose(model_path()) as model:
            model.track(frames[0])
            started = time.perf_counter()
            for frame in frames[1:]:
                model.track(frame)
            run_pose.seconds = time.perf_counter() - started  # type: ignore[attr-defined]
        return len(frames) - 1

    return run_pose


def rate(work: Callable[[], int]) -> float:
    started = time.perf_counter()
    count = work()
    return count / getattr(work, "seconds", time.perf_counter() - started)


def whole(clip: Path, folder: Path, wanted: Wanted) -> int:
    outcome = run(Job(takes={"": clip}, out=folder, wanted=wanted))
    return outcome.results[0].source.frames


def calculator_ns(frames: int) -> float:
    """Nanoseconds a frame for the eight joint angles over a stored track."""
    track = joint_major(np.random.default_rng(1).random((frames, 33, 2)) * 1000)
    loops = max(20, 200_000 // frames)
    best = min(timeit.repeat(lambda: joint_angles(track), number=loops, repeat=7))
    return best / loops / frames * 1e9


ALONE = """
import sys
from pathlib import Path
from kneetrack.work import Job, run
run(Job(takes={"": Path(sys.argv[1])}, out=Path(sys.argv[2])))
print(next(x for x in open("/proc/self/status") if x.startswith("VmHWM")).split()[1])
"""


def peak_memory_mb(clip: Path) -> float | None:
    """Of a whole analysis in a process of its own (its own high-water mark; Linux only)."""
    if not Path("/proc/self/status").exists():
        return None
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-c", ALONE, str(clip), name]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024


def measure(clip: Path, repeats: int) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {
        name: [] for name in ("decode", "pose", "analyse, no video", "analyse, annotated video")
    }
    pose = pose_alone(clip)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain, full = Wanted(video=False, report=False), Wanted()
        for _ in range(repeats):
            rates["decode"].append(rate(lambda: decode(clip)))
            rates["pose"].append(rate(pose))
            rates["analyse, no video"].append(rate(lambda: whole(clip, folder / "a", plain)))
            rates["analyse, annotated video"].append(rate(lambda: whole(clip, folder / "b", full)))
    return rates


def page(rates: dict[str, list[float]], clip: Path) -> str:
    lines = ["| what | frames a second, median (range) | of pose alone |", "| --- | --- | --- |"]
    pose = statistics.median(rates["pose"])
    for name, values in rates.items():
        pairs = [v / p for v, p in zip(values, rates["pose"], strict=True)]
        lines.append(
            f"| {name} | {statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f}) "
            f"| {statistics.median(pairs):.2f} |"
        )
    memory = peak_memory_mb(clip)
    used = "not known" if memory is None else f"{memory:.0f} MB"
    angles = ", ".join(f"{calculator_ns(n):.0f} ns at {n} frames" for n in (600, 6000))
    return f"""# Speed

Made by `make bench` on {date.today().isoformat()} ({platform.machine()}, 2 cores, no GPU), one
clip of 1280x720, H.264, {len(rates["pose"])} rounds in turn. Pose alone: {1000 / pose:.1f} ms a
frame over decoded frames in memory, a model already loaded. `analyse` counts everything: loading
the model, decoding, following, analysing, writing; with video also the second reading, drawing,
H.264 encoding and the report.

{chr(10).join(lines)}

Eight joint angles over a stored track: {angles}.

Peak memory of the command, video and report included: {used}.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("clip", nargs="?", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "performance.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        clip = arguments.clip or landscape_clip(ROOT / "samples" / "sq_good_anna.mp4", Path(name))
        text = page(measure(clip, arguments.repeats), clip)
    arguments.out.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
