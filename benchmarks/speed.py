"""How fast the machine, each stage and the whole are, in one run; written to docs/performance.md.

    python benchmarks/speed.py [CLIP] [--repeats 5] [--out docs/performance.md]

Ratios count, not seconds: the machine may be busy. Everything is measured in turn, round after
round, and held against the pose model alone of the same round. Without CLIP a sample is brought to
1280x720.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from kneetrack.angles import joint_angles, joint_major
from kneetrack.assets import model_path
from kneetrack.outputs import Wanted
from kneetrack.pose.blazepose import BlazePose
from kneetrack.recorded import ClipOptions
from kneetrack.records import Frame
from kneetrack.report.video import VideoWriter
from kneetrack.settings import Settings
from kneetrack.skeleton import EDGES
from kneetrack.sources.clip import ClipSource
from kneetrack.ui.film import Film, i420
from kneetrack.work import Job, run

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 20.0
IN_MEMORY = 300
BATCH_CLIPS = 6
CORE_HOUR_USD = 0.04
"""What a rented core costs an hour: between the list prices of large and of small providers."""

DECODE = "decode, 1280x720 H.264"
POSE = "pose alone, one core"
EXACT = "kneetrack analyse --no-parallel --no-video --no-report"
EXACT_VIDEO = "kneetrack analyse --no-parallel"
AHEAD = "kneetrack analyse --no-video --no-report"
AHEAD_VIDEO = "kneetrack analyse"
ONE, TWO = "kneetrack batch --jobs 1", "kneetrack batch --jobs 2"
TUTORIAL = "tutorial loop: OpenCV and MediaPipe, MPEG-4"


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


@dataclass
class Bench:
    """One clip, its first frames in memory, and what every round of it gave in frames a second."""

    clip: Path
    folder: Path
    frames: list[Frame] = field(default_factory=list)
    rates: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with ClipSource(self.clip) as source:
            self.frames = list(islice(source, IN_MEMORY))

    def add(self, name: str, work: Callable[[], tuple[int, float]]) -> None:
        """One round of one thing: frames done, and the seconds that they took."""
        count, seconds = work()
        self.rates.setdefault(name, []).append(count / seconds)
        print(f"{count / seconds:8.1f} frames/s  {name}", file=sys.stderr, flush=True)


def timed(work: Callable[[], int]) -> tuple[int, float]:
    started = time.perf_counter()
    count = work()
    return count, time.perf_counter() - started


# -- limits of the machine -------------------------------------------------------------------


def decode(clip: Path) -> int:
    with ClipSource(clip) as source:
        return sum(1 for _ in source)


def pose(frames: list[Frame]) -> tuple[int, float]:
    """The model over frames in memory; loading it is not counted."""
    with BlazePose(model_path()) as model:
        model.track(frames[0])
        started = time.perf_counter()
        for frame in frames[1:]:
            model.track(frame)
        return len(frames) - 1, time.perf_counter() - started


def pose_twice(frames: list[Frame]) -> tuple[int, float]:
    """Two models over the same frames at once: the most that two cores can do."""
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(pose, [frames, frames]))
    return sum(count for count, _ in done), max(seconds for _, seconds in done)


def encode(bench: Bench) -> int:
    frames = bench.frames
    with VideoWriter(bench.folder / "encoded.mp4", frames[0].size_px) as video:
        for frame in frames:
            video.write(i420(frame.image), frame.t_s)
    return len(frames)


def draw(bench: Bench) -> int:
    from kneetrack.annotate import OverlayScript
    from kneetrack.recorded import analyse

    result = analyse(bench.clip, options=ClipOptions(end_s=bench.frames[-1].t_s, parallel=True))
    assert result.frames is not None
    assert result.frames.xy_px is not None
    script = OverlayScript(result, Settings().exercises)
    film = Film(result.source.size_px, result.frames.xy_px)
    shown = range(min(len(script), len(bench.frames)))
    draw.seconds = timed(  # type: ignore[attr-defined]
        lambda: sum(
            1 for i in shown if film.draw(bench.frames[i].image, script.frame(i)) is not None
        )
    )[1]
    return len(shown)


# -- the whole -------------------------------------------------------------------------------


def whole(bench: Bench, *, video: bool, parallel: bool) -> tuple[int, float]:
    wanted = Wanted(video=video, report=video)
    options = ClipOptions(parallel=parallel)
    job = Job(takes={"": bench.clip}, out=bench.folder / "out", wanted=wanted, options=options)
    return timed(lambda: run(job).results[0].source.frames)


def batch(bench: Bench, jobs: int) -> tuple[int, float]:
    """The same clip under several contents, from the command line, start-up counted."""
    folder = bench.folder / "clips"
    if not folder.exists():
        folder.mkdir()
        data = bench.clip.read_bytes()
        for i in range(BATCH_CLIPS):
            words = f"clip {i}".encode()  # a "free" box is content that every reader skips
            box = (8 + len(words)).to_bytes(4, "big") + b"free" + words
            (folder / f"{i}.mp4").write_bytes(data + box)
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "kneetrack", "batch", str(folder), "--out", out]
        started = time.perf_counter()
        subprocess.run(
            [*command, "--jobs", str(jobs)], check=True, capture_output=True, timeout=1800
        )
        seconds = time.perf_counter() - started
    return BATCH_CLIPS * decode(bench.clip), seconds


def tutorial(bench: Bench) -> int:
    """As the tutorials do it: one loop, the model in VIDEO mode, lines, OpenCV's MPEG-4."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model_path())),
        running_mode=vision.RunningMode.VIDEO,
    )
    reader = cv2.VideoCapture(str(bench.clip))
    size = (int(reader.get(cv2.CAP_PROP_FRAME_WIDTH)), int(reader.get(cv2.CAP_PROP_FRAME_HEIGHT)))
    fourcc = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(bench.folder / "tutorial.mp4"), fourcc, 30.0, size)
    count = 0
    with vision.PoseLandmarker.create_from_options(options) as model:
        while True:
            there, image = reader.read()
            if not there:
                break
            rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
            picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
            found = model.detect_for_video(picture, round(count * 1000 / 30))
            for person in found.pose_landmarks:
                points = [(int(p.x * size[0]), int(p.y * size[1])) for p in person]
                for one, other in EDGES:
                    cv2.line(image, points[one], points[other], (0, 255, 0), 2)
            writer.write(image)
            count += 1
    reader.release()
    writer.release()
    return count


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


# -- the page --------------------------------------------------------------------------------


def measure(bench: Bench, repeats: int) -> None:
    for _ in range(repeats):
        bench.add(DECODE, lambda: timed(lambda: decode(bench.clip)))
        bench.add("H.264, veryfast", lambda: timed(lambda: encode(bench)))
        bench.add("drawing", lambda: (draw(bench), draw.seconds))  # type: ignore[attr-defined]
        bench.add(POSE, lambda: pose(bench.frames))
        bench.add("pose, two models at once", lambda: pose_twice(bench.frames))
        bench.add(EXACT, lambda: whole(bench, video=False, parallel=False))
        bench.add(EXACT_VIDEO, lambda: whole(bench, video=True, parallel=False))
        bench.add(AHEAD, lambda: whole(bench, video=False, parallel=True))
        bench.add(AHEAD_VIDEO, lambda: whole(bench, video=True, parallel=True))
        bench.add(TUTORIAL, lambda: timed(lambda: tutorial(bench)))
        bench.add(ONE, lambda: batch(bench, 1))
        bench.add(TWO, lambda: batch(bench, 2))


def ratio(bench: Bench, one: str, other: str) -> str:
    """Median and range of the rounds' ratios."""
    pairs = [a / b for a, b in zip(bench.rates[one], bench.rates[other], strict=True)]
    return f"{statistics.median(pairs):.2f} ({min(pairs):.2f} to {max(pairs):.2f})"


def table(bench: Bench) -> str:
    lines = ["| what | frames a second, median (range) | of pose alone |", "| --- | --- | --- |"]
    for name, values in bench.rates.items():
        spread = f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})"
        lines.append(f"| {name} | {spread} | {ratio(bench, name, POSE)} |")
    return "\n".join(lines)


def on_paper(bench: Bench) -> str:
    """What a million one-minute clips would cost, from the rate of one worker."""
    rate = statistics.median(bench.rates[TWO]) / 2
    hours = 1e6 * 60 * 30 / rate / 3600
    share = rate / statistics.median(bench.rates[POSE])
    decoded = statistics.median(bench.rates[DECODE])
    return f"""## On paper: a million one-minute clips

At 30 pictures a second a million minutes are 1.8 billion pictures. With every core at work, a core
here does {rate:.0f} pictures a second (`batch --jobs 2`, halved): {hours:,.0f} core-hours, or
{hours / 1000 / 24:.1f} days on a thousand cores, or {hours * CORE_HOUR_USD:,.0f} USD at
{CORE_HOUR_USD} USD a core-hour, our guess between the list prices of providers. Not counted:
storage, and moving the clips, about 15 MB each (2 Mbit/s), 15 TB in all.

The bottleneck is the pose model: a worker reaches {share:.2f} of what the model alone does on a
core. After it comes decoding: a graphics card or a smaller model would move the limit to
{decoded:.0f} pictures a second here, and then to the network, since at that rate a machine takes in
{decoded / 30 * 2:.0f} Mbit/s of clips.
"""


def page(bench: Bench) -> str:
    memory = peak_memory_mb(bench.clip)
    used = "not known" if memory is None else f"{memory:.0f} MB"
    angles = ", ".join(f"{calculator_ns(n):.0f} ns at {n} frames" for n in (600, 6000))
    rounds = len(bench.rates[POSE])
    alone_ms = 1000 / statistics.median(bench.rates[POSE])
    return f"""# Speed

Made by `make bench` on {date.today().isoformat()} ({platform.machine()}, {os.cpu_count()} cores,
no GPU), one clip of {SECONDS:.0f} seconds, 1280x720, H.264, {rounds} rounds, everything in turn in
each. Ratios are of the same round. Pose alone: {alone_ms:.1f} ms a frame over decoded frames in
memory, the model loaded already. Every `kneetrack` row counts all there is to it: loading the
model, decoding, following, measuring, writing; with video also the second reading, drawing, H.264
and the report; a `batch` row also the start of its processes, for {BATCH_CLIPS} such clips.

{table(bench)}

- With the annotated video, of pose alone: {ratio(bench, AHEAD_VIDEO, POSE)}; with one model at
  work at a time {ratio(bench, EXACT_VIDEO, POSE)}.
- Two pictures at a time (the default; the same landmarks to the last bit) against in order:
  without video {ratio(bench, AHEAD, EXACT)}, with it {ratio(bench, AHEAD_VIDEO, EXACT_VIDEO)}.
- Two workers against one: {ratio(bench, TWO, ONE)}.
- `kneetrack analyse` with its video and report against the tutorial loop, which measures nothing
  and writes a video that browsers do not play: {ratio(bench, AHEAD_VIDEO, TUTORIAL)}.

Eight joint angles over a stored track: {angles}. Peak memory of the command, video and report
included: {used}. Where the time of one clip goes is printed by `kneetrack analyse --timings`; the
memory of a batch's processes over many clips is in [batch](batch.md).

{on_paper(bench)}"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("clip", nargs="?", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "performance.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = arguments.clip or landscape_clip(ROOT / "samples" / "sq_good_anna.mp4", folder)
        bench = Bench(clip, folder)
        measure(bench, arguments.repeats)
        text = page(bench)
    arguments.out.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
