"""The window of a session: what the flow wants shown, drawn, and the keys that come back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kneetrack.live.help_keys import HELP, HELP_ROW, SOUND, SOUND_ROW, help_rows, over_help
from kneetrack.live.meter import Meter
from kneetrack.live.phrases import SET_KEYS
from kneetrack.live_records import Moment, ScreenState
from kneetrack.one_euro import PoseFilter
from kneetrack.records import Frame, Pose
from kneetrack.ui.live import LiveScreen, screen_size

if TYPE_CHECKING:
    from kneetrack.ui.sound import Sound
    from kneetrack.ui.window import Window

SCREEN_PX = (1280, 720)
WINDOW_KEYS = (
    ("M", "mirror the picture"),
    ("F", "full screen"),
    SOUND_ROW,
    HELP_ROW,
)


def screen_for(picture_px: tuple[int, int]) -> tuple[int, int]:
    """The screen for a picture (width, height).

    An upright picture stands in the middle of a wide screen: the room beside it is used.
    """
    width, height = picture_px
    return SCREEN_PX if height > width else screen_size(picture_px)


@dataclass(slots=True)
class Front:
    """Window and screen, and the switches that are about them alone."""

    window: Window
    screen: LiveScreen
    sound: Sound
    mirrored: bool = True
    help: bool = False
    _filter: PoseFilter | None = None
    _pressed: str = ""
    _asked: bool = False

    @property
    def closed(self) -> bool:
        """Whether the user has closed the window."""
        return self.window.closed

    @property
    def keyless(self) -> bool:
        """Never: a window has keys."""
        return False

    def first_picture(self, size_px: tuple[int, int]) -> None:
        """Its size decides the screen's shape."""
        self.screen = LiveScreen(screen_for(size_px))
        self._filter = None

    def show(
        self,
        state: ScreenState,
        frame: Frame | None,
        pose: Pose | None,
        moment: Moment | None,
        meter: Meter,
    ) -> None:
        """Draw one state over a picture and put it up. pose: raw; None: nobody is looked at."""
        if moment is not None:
            state = replace(state, xy_px=moment.xy_px)
        elif pose is not None:
            self._filter = self._filter or PoseFilter()
            smooth = self._filter.filter(pose)
            state = replace(state, xy_px=smooth.xy_px if smooth.seen else None)
        state = replace(
            state,
            rate_fps=meter.rate_fps,
            delay_ms=meter.delay_ms,
            mirrored=self.mirrored,
            sound_on=self.sound.on,
            help=self.help,
            keys=help_rows(state.keys or SET_KEYS, WINDOW_KEYS),
        )
        self.window.show(self.screen.draw(None if frame is None else frame.image, state))
        self._pressed, self._asked = self.window.key() or self._pressed, True

    def key(self, taken: str = "") -> str:
        """The key for the flow; those about the window are done here, but for those ``taken``.

        A picture appears when the window is asked for keys, so that is done with every picture.
        """
        key = self._pressed if self._asked else self._pressed or self.window.key()
        self._pressed, self._asked = "", False
        if self.closed:
            return "close"
        if key and self.help:
            self.help, key = over_help(key)
            return key
        if key and key in taken:
            return key
        if key == "m":
            self.mirrored = not self.mirrored
        elif key == "f":
            self.window.toggle_full_screen()
        elif key == SOUND:
            self.sound.on = not self.sound.on
        elif key == HELP:
            self.help = True
        else:
            return key
        return ""
