"""Where a session is seen and keys are pressed: a window, or the terminal."""

from __future__ import annotations

from typing import Protocol

from kneetrack.live.meter import Meter
from kneetrack.live_records import Moment, ScreenState
from kneetrack.records import Frame, Pose


class Face(Protocol):
    """What a session shows itself on. From the main thread alone."""

    @property
    def closed(self) -> bool:
        """Whether the user has closed it."""

    @property
    def help(self) -> bool:
        """Whether the keys are on the screen, over what is shown."""

    @property
    def keyless(self) -> bool:
        """Whether no key can be pressed here."""

    def first_picture(self, size_px: tuple[int, int]) -> None:
        """The size of the pictures to come."""

    def show(
        self,
        state: ScreenState,
        frame: Frame | None,
        pose: Pose | None,
        moment: Moment | None,
        meter: Meter,
    ) -> None:
        """Show one state. pose: raw; None: nobody is looked at."""

    def key(self, taken: str = "") -> str:
        """The key pressed, "" none; those about the face itself are done here unless ``taken``."""
