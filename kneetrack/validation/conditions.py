"""Filming conditions: what a clip would have been like, filmed worse, and what was then true.

Each is deterministic and works on the pictures as they are read; the truth follows where the
picture's geometry changes. ``kneetrack validate DIR --conditions dark,height240``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Final, Self

import numpy as np

from kneetrack.pictures import Pictures, PictureSource
from kneetrack.records import ClipInfo, Frame, SettingsError
from kneetrack.validation import degrading as dg
from kneetrack.validation.truth import Truth, level

AS_FILMED: Final = "as filmed"
ALL: Final = "all"
_FAR: Final = 0.55
"""A person filmed from 3 m is so much smaller from 5.5 m."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A way of filming worse. It can be sent to other processes.

    name: as asked for. words: what it is. picture: what happens to each picture, by its index.
    stream: what happens to the pictures as a whole. every: one picture of so many is kept.
    height_px, roll_deg, factor: what it does to places in the picture (0, 0 and 1: nothing).
    """

    name: str
    words: str
    picture: Callable[[dg.Image, int], dg.Image] | None = None
    stream: Callable[[Iterator[Frame]], Iterator[Frame]] | None = None
    every: int = 1
    height_px: int = 0
    roll_deg: float = 0.0
    factor: float = 1.0

    def source(self, clip: PictureSource) -> PictureSource:
        """The clip as it is read in this condition."""
        return DegradedSource(clip, self)

    def truth(self, truth: Truth) -> Truth:
        """What is true of the clip in this condition."""
        camera = truth.info["camera"]
        width, height = camera["size"]
        joints = truth.arrays["joints2d"]
        centre = (width / 2, height / 2)
        scale = self.height_px / height if 0 < self.height_px < height else 1.0
        size = [round(width * scale), round(height * scale)]
        joints = (joints - centre) * self.factor + centre
        joints = level(joints, -self.roll_deg, centre)
        joints = joints * (np.array(size) / (width, height))
        turned = {"focal_px": camera["focal_px"] * self.factor * scale, "size": size}
        if self.roll_deg:
            turned |= _rolled(camera, self.roll_deg)
        info = truth.info | {"camera": camera | turned}
        return replace(truth, info=info, arrays=truth.arrays | {"joints2d": joints})


class DegradedSource(PictureSource):
    """Stands in for a clip that is read: the same one, its pictures made worse."""

    def __init__(self, clip: PictureSource, condition: Condition) -> None:
        self._clip = clip
        self._condition = condition
        self._size_px: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        self._clip.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clip.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[Frame]:
        for frame in degraded(self._clip, self._condition):
            self._size_px = frame.size_px
            yield frame

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) of the pictures given, of the file's before the first one."""
        return self._size_px or self._clip.size_px

    @property
    def declared_frames(self) -> int | None:
        """Frames that will come, None when the header does not say."""
        declared = self._clip.declared_frames
        return None if declared is None else -(-declared // self._condition.every)

    def info(self) -> ClipInfo:
        """What is known of the clip, of its size and rate as given."""
        info, every = self._clip.info(), self._condition.every
        return replace(
            info, size_px=self.size_px, fps=info.fps / every, frames=-(-info.frames // every)
        )


def degraded(frames: Pictures | Iterator[Frame], condition: Condition) -> Iterator[Frame]:
    """The pictures as that condition leaves them; times and indices stay."""
    kept = (frame for number, frame in enumerate(frames) if number % condition.every == 0)
    change = condition.picture
    if change is not None:
        kept = (replace(frame, image=change(frame.image, frame.index)) for frame in kept)
    return condition.stream(kept) if condition.stream is not None else kept


def conditions() -> dict[str, Condition]:
    """Every condition by its name, :data:`AS_FILMED` (nothing changes) first."""
    every = [Condition(AS_FILMED, "as it was filmed"), *_sizes(), *_optics(), *_light(), *_rolls()]
    return {condition.name: condition for condition in every}


def chosen(names: str) -> list[Condition]:
    """Conditions by names with commas between, "all" for every one. Raises SettingsError.

    As filmed comes first in any case: it is what the others are compared with.
    """
    known = conditions()
    if names.strip() == ALL:
        return list(known.values())
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in known:
            raise SettingsError(f"unknown condition {name!r}: use all, {', '.join(known)}")
    if not wanted:
        raise SettingsError(f"no condition is named: use all, {', '.join(known)}")
    return [known[name] for name in dict.fromkeys([AS_FILMED, *wanted])]


def _sizes() -> Iterator[Condition]:
    for height in (480, 360, 240):
        change = partial(dg.scaled, height_px=height)
        words = f"the whole picture {height} pixels tall"
        yield Condition(f"height{height}", words, change, height_px=height)
    far = partial(dg.shrunk, factor=_FAR)
    yield Condition("far", "the person as small as from 5.5 m", far, factor=_FAR)


def _optics() -> Iterator[Condition]:
    for name, share in (("blur", 0.004), ("blur-strong", 0.01)):
        words = f"out of focus, sigma {share:.1%} of the picture's height"
        yield Condition(name, words, partial(dg.blurred, share=share))
    smear = partial(dg.smeared, share=0.02)
    yield Condition("motion-blur", "smeared sideways over 2 % of the picture's height", smear)
    for crf in (38, 45):
        through = partial(dg.compressed, crf=crf)
        yield Condition(f"compress{crf}", f"H.264 at CRF {crf}", stream=through)
    yield Condition("fps15", "every second picture", every=2)


def _light() -> Iterator[Condition]:
    for name, gain in (("dark", 0.25), ("very-dark", 0.1)):
        words = f"{gain:.0%} of the light, with sensor noise"
        yield Condition(name, words, partial(dg.darkened, gain=gain))


def _rolls() -> Iterator[Condition]:
    for deg in (-8, -4, 4, 8):
        way = "right" if deg > 0 else "left"
        words = f"upright things lean {abs(deg)}° to the {way}"
        yield Condition(f"roll{deg:+d}", words, partial(dg.rolled, deg=float(deg)), roll_deg=deg)


def _rolled(camera: dict[str, object], roll_deg: float) -> dict[str, object]:
    """The camera's rotation, or its roll where none is given, turned as the picture was."""
    given = camera.get("R_world_to_cam")
    if given is None:
        return {"roll": float(str(camera.get("roll", 0.0))) + roll_deg}
    angle = np.radians(roll_deg)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
    return {"R_world_to_cam": (turn @ np.asarray(given, float)).tolist()}
