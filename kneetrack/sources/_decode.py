"""Packets -> pictures, over damaged spots and up to where a file breaks off."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from kneetrack.sources._clock import Clock


@dataclass(slots=True)
class Damage:
    """What was lost on the way: packets or pictures left out, and a reading error."""

    left_out: int = 0
    read_error: str = ""


def decode(
    container: InputContainer, stream: VideoStream, damage: Damage
) -> Generator[av.VideoFrame, None, None]:
    """Every sound picture in order of showing, from where the container stands.

    Damaged packets and pictures are left out and counted in ``damage``; an error of the file
    itself ends the reading and is noted there.
    """
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.FFmpegError as error:
            damage.read_error = error.strerror or type(error).__name__
            return
        if packet.is_corrupt:  # cut short: some decoders would show half of it
            damage.left_out += 1
            continue
        try:
            frames = stream.decode(packet)
        except BlockingIOError:  # a decoder that choked on the packet before wants a fresh start
            stream.codec_context.flush_buffers()
            damage.left_out += 1
            continue
        except EOFError:
            return
        except av.FFmpegError:
            damage.left_out += 1
            continue
        for frame in frames:
            if frame.is_corrupt:
                damage.left_out += 1
            else:
                yield frame


def raw_time_s(frame: av.VideoFrame) -> float | None:
    """The container's timestamp of a picture in seconds; None without one."""
    if frame.pts is None or frame.time_base is None:
        return None
    return float(frame.pts * frame.time_base)


def settle_times(
    frames: Generator[av.VideoFrame, None, None], clock: Clock
) -> Generator[tuple[av.VideoFrame, float], None, None]:
    """Pairs of picture and time by ``clock``, which needs to see one picture ahead."""
    held: av.VideoFrame | None = None
    for frame in frames:
        if held is not None:
            yield held, clock.settle(raw_time_s(held), raw_time_s(frame))
        held = frame
    if held is not None:
        yield held, clock.settle(raw_time_s(held), None)
