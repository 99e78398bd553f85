"""A camera without hardware: does what a test tells it, in place of ``cv2.VideoCapture``."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any, Literal

import cv2
import numpy as np

Mood = Literal["runs", "closed", "silent", "same", "black", "blocks", "raises"]
JPEG = float(cv2.VideoWriter.fourcc(*"MJPG"))


class FakeCamera:
    """The device behind every capture of a test; ``mood`` may change at any time.

    runs: ``fps`` pictures a second, each different. closed: does not open. silent: opens, but
    gives nothing. same: the same picture again and again. black: nothing but black. blocks: grab
    does not return until ``release_block``. raises: the driver throws.
    """

    def __init__(self, mood: Mood = "runs", fps: float = 200.0) -> None:
        self.mood, self.fps = mood, fps
        self.jpeg_works = True
        self.shape: tuple[int, ...] = (48, 64, 3)
        self.pictures = 50
        self.grabbed_s: dict[int, float] = {}
        self.retrieved_s: dict[int, float] = {}
        self.opened = self.open_now = 0
        self.asked: list[tuple[Any, int, tuple[int, ...]]] = []
        self.properties: list[dict[int, float]] = []
        self.order: list[int] = []
        self.let_go = threading.Event()

    def __call__(self, source: int | str, backend: int, parameters: Sequence[int]) -> FakeCapture:
        self.asked.append((source, backend, tuple(parameters)))
        return FakeCapture(self)

    def release_block(self) -> None:
        """Every grab that blocks returns."""
        self.let_go.set()


class FakeCapture:
    """One opening of a :class:`FakeCamera`."""

    def __init__(self, camera: FakeCamera) -> None:
        self._camera = camera
        self._open = camera.mood != "closed"
        self._properties: dict[int, float] = {}
        if self._open:
            camera.opened += 1
            camera.open_now += 1
            camera.properties.append(self._properties)

    def isOpened(self) -> bool:  # noqa: N802
        return self._open

    def grab(self) -> bool:
        mood = self._camera.mood
        if mood == "blocks":
            self._camera.let_go.wait(20)
            return False
        if mood == "raises":
            raise cv2.error("the driver threw")
        time.sleep(1 / self._camera.fps)
        jpeg = self._properties.get(cv2.CAP_PROP_FOURCC) == JPEG
        if mood in ("closed", "silent") or (jpeg and not self._camera.jpeg_works):
            return False
        if mood == "runs":
            self._camera.pictures += 1
        self._camera.grabbed_s[self._camera.pictures] = time.perf_counter()
        return True

    def retrieve(self) -> tuple[bool, Any]:
        self._camera.retrieved_s[self._camera.pictures] = time.perf_counter()
        image = np.zeros(self._camera.shape, np.uint8)
        if self._camera.mood != "black":
            image[:] = self._camera.pictures % 250 + 1
            image[:24] = 0
        return True, image

    def get(self, prop: int, /) -> float:
        return self._properties.get(prop, 0.0)

    def set(self, prop: int, value: float, /) -> bool:
        self._camera.order.append(prop)
        self._properties[prop] = value
        return True

    def release(self) -> None:
        if self._open:
            self._open = False
            self._camera.open_now -= 1
