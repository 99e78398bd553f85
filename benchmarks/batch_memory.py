"""Memory of each process over many clips: benchmarks/batch_memory.py [CLIPS] [JOBS] [SECONDS].

Makes so many distinct clips of so many seconds (by default one) out of one sample, runs the real
``kneetrack batch`` over them, and looks every second at the resident memory of the command and of
each of its processes. Prints, for each process, the median over successive tenths of the run, and
the slope of the second half with its standard error.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import av
import numpy as np
import psutil

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "sq_good_anna.mp4"
LIMIT_S = 6 * 3600


def short_clip(path: Path, seconds: float) -> None:
    """The first seconds of the sample, encoded once."""
    with av.open(str(SAMPLE)) as source, av.open(str(path), "w") as out:
        given = source.streams.video[0]
        stream = out.add_stream("libx264", rate=30, options={"preset": "veryfast"})
        stream.width, stream.height = given.codec_context.width, given.codec_context.height
        stream.pix_fmt = "yuv420p"
        for frame in source.decode(given):
            if frame.time is not None and frame.time >= seconds:
                break
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


def copies(folder: Path, clip: Path, number: int) -> None:
    """So many files with the same pictures and a content of their own."""
    data = clip.read_bytes()
    for i in range(number):
        # A "free" box is content that every reader of MP4 skips.
        words = f"clip {i}".encode()
        box = (8 + len(words)).to_bytes(4, "big") + b"free" + words
        (folder / f"clip{i:05}.mp4").write_bytes(data + box)


def watch(process: subprocess.Popen[bytes]) -> dict[int, list[tuple[float, float]]]:
    """(seconds, MB) of the command and its workers, by their number, until it ends."""
    seen: dict[int, list[tuple[float, float]]] = {}
    began = time.monotonic()
    while process.poll() is None and time.monotonic() - began < LIMIT_S:
        try:
            parent = psutil.Process(process.pid)
            for one in (parent, *parent.children(recursive=True)):
                mb = one.memory_info().rss / 1e6
                seen.setdefault(one.pid, []).append((time.monotonic() - began, mb))
        except psutil.Error:
            pass
        time.sleep(1.0)
    return seen


def told(name: str, values: list[tuple[float, float]]) -> str:
    """One process in a line."""
    times, sizes = np.array(values).T
    tenths = [median(part.tolist()) for part in np.array_split(sizes, 10) if len(part)]
    late = times > times[0] + (times[-1] - times[0]) / 2
    rest = f"peak {sizes.max():.0f}"
    if late.sum() > 20:
        (slope, _), spread = np.polyfit(times[late], sizes[late], 1, cov=True)
        error = float(np.sqrt(spread[0, 0]))
        rest += f"; slope of the second half {60 * slope:+.2f} ± {60 * error:.2f} MB/min"
    row = " ".join(f"{size:.0f}" for size in tenths)
    return f"{name}: MB by tenths of the run: {row}; {rest}"


def main() -> None:
    clips = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    jobs = sys.argv[2] if len(sys.argv) > 2 else str(os.cpu_count() or 1)
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 1.0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "clips"
        folder.mkdir()
        short_clip(Path(scratch) / "short.mp4", seconds)
        copies(folder, Path(scratch) / "short.mp4", clips)
        out = str(Path(scratch) / "out")
        command = [sys.executable, "-m", "kneetrack", "batch", str(folder)]
        command += ["--out", out, "--jobs", jobs, "--json"]
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT)
        try:
            seen = watch(process)
        finally:
            process.kill()
            process.wait(timeout=60)
        took = time.monotonic() - began
    print(f"{clips} clips of {seconds:g} s in {took:.0f} s, {60 * clips / took:.0f} clips/min")
    print(told("command", seen[process.pid]))
    workers = sorted((v for p, v in seen.items() if p != process.pid), key=len, reverse=True)
    for number, values in enumerate((v for v in workers if max(m for _, m in v) > 100), 1):
        print(told(f"worker {number}, {values[-1][0] - values[0][0]:.0f} s", values))


if __name__ == "__main__":
    main()
