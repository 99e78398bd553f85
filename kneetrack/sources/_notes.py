"""What was odd about a clip, in sentences for the user."""

from __future__ import annotations

from dataclasses import dataclass

from kneetrack.sources._container import Header


@dataclass(frozen=True, slots=True)
class Findings:
    """What reading a clip brought to light.

    end_s: end of the last frame in the player's time. whole: all of the file was read.
    """

    header: Header
    frames: int
    end_s: float
    whole: bool
    cut_off: bool
    left_out: int
    read_error: str
    repaired_times: int
    blank: int
    stretched: bool
    resized: int
    hdr: bool
    speed_note: str


def notes(found: Findings) -> tuple[str, ...]:
    """One sentence for each oddity; none for an ordinary clip."""
    sentences = (
        _end(found),
        found.left_out and f"{_frames(found.left_out)} damaged and left out",
        found.repaired_times
        and f"{_frames(found.repaired_times)} had a missing, repeated or falling timestamp; "
        "placed between their neighbours",
        found.blank and f"{_frames(found.blank)} blank at the start and skipped",
        found.stretched and "pixels are not square in the file; stretched to square ones",
        found.resized and f"{_frames(found.resized)} of another size, scaled to the first",
        found.hdr and "HDR (PQ) picture toned down to standard range",
        found.speed_note,
    )
    return tuple(sentence for sentence in sentences if sentence)


def _end(found: Findings) -> str:
    """Whether the file ends where its header says."""
    if found.read_error:
        return (
            f"the file cannot be read beyond {found.end_s:.1f} s ({found.read_error}); "
            "analysed what is there"
        )
    if not found.whole:
        return ""
    promised_s, promised = found.header.duration_s, found.header.frames
    promises = f", its header promises {promised_s:.1f} s" if promised_s else ""
    if found.cut_off:
        return f"the file is cut off after {found.end_s:.1f} s{promises}; analysed what is there"
    if promised_s and promised_s - found.end_s > max(0.5, 0.05 * promised_s):
        return (
            f"the file ends after {found.end_s:.1f} s{promises}: cut off, or a wrong header; "
            "analysed what is there"
        )
    if promised and abs(promised - found.frames - found.left_out) > max(2, 0.02 * promised):
        return (
            f"the header promises {promised} frames, {found.frames} were read; all numbers come "
            "from those read"
        )
    return ""


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count} frames"
