"""A session on a terminal: one region that is drawn anew, and single keys without Enter.

Where there is no terminal it has no keys, and what is new is printed line by line.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from kneetrack.live.help_keys import HELP, HELP_ROW, SOUND, SOUND_ROW, help_rows, over_help
from kneetrack.live.phrases import SET_KEYS
from kneetrack.live.raw_keys import Keys, terminal_keys
from kneetrack.live.terminal_picture import pages

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from kneetrack.live.meter import Meter
    from kneetrack.live_records import Moment, ScreenState
    from kneetrack.records import Frame, Pose
    from kneetrack.ui.sound import Sound

FACE_KEYS: Final = (SOUND_ROW, HELP_ROW)
PAGE_S: Final = 6.0
"""What has no room on one page turns its pages by itself, and with Tab."""
_SUSPEND: Final = getattr(signal, "SIGTSTP", None)


class TerminalFace:
    """A Face. Use it as a context manager, from the main thread.

    console: standard output by itself. keys: of standard input by itself. clock: turns pages.
    """

    def __init__(
        self,
        sound: Sound | None = None,
        *,
        console: Console | None = None,
        keys: Keys | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sound = sound
        self._clock = clock
        self._pages, self._turned, self._since_s = 1, 0, 0.0
        self._read: object = None
        self._console = console or Console(highlight=False)
        drawn = self._console.is_terminal and not self._console.is_dumb_terminal
        self._keys = (keys or terminal_keys()) if drawn else None
        self._held = ExitStack()
        self._live: Live | None = None
        self._closed = self._help = False
        self._shown = Text()
        self._told: tuple[str, ...] = ()
        self._handler: object = None

    def __enter__(self) -> Self:
        if self._keys is not None:
            self._take()
            if _SUSPEND is not None and threading.current_thread() is threading.main_thread():
                self._handler = signal.signal(_SUSPEND, self._suspended)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handler is not None and _SUSPEND is not None:
            signal.signal(_SUSPEND, self._handler)  # type: ignore[arg-type]
            self._handler = None
        self._give_back()

    @property
    def closed(self) -> bool:
        """Whether the terminal is gone."""
        return self._closed

    @property
    def help(self) -> bool:
        """Whether the keys are shown."""
        return self._help

    @property
    def keyless(self) -> bool:
        """Whether there is no terminal to press keys at."""
        return self._keys is None

    def first_picture(self, size_px: tuple[int, int]) -> None:
        """A terminal shows no pictures."""

    def show(
        self,
        state: ScreenState,
        frame: Frame | None,
        pose: Pose | None,
        moment: Moment | None,
        meter: Meter,
    ) -> None:
        """Draw one state, if it looks different from the last one."""
        if self._live is None:
            self._print(state)
            return
        keys = help_rows(state.keys or SET_KEYS, FACE_KEYS)
        sound_on = self._sound is None or self._sound.on
        state = replace(state, keys=keys, help=self._help, sound_on=sound_on)
        shown = self._page(state)
        if shown != self._shown:
            self._shown = shown
            self._live.update(shown, refresh=True)

    def key(self, taken: str = "") -> str:
        """The key pressed; help and sound are done here unless ``taken``."""
        key = "" if self._keys is None else self._keys.read()
        if key == "close":
            self._closed = True
        if key == "tab" and self._pages > 1:
            self._turned += 1
            return ""
        if key and self._help:
            self._help, key = over_help(key)
            return key
        if key and key in taken:
            return key
        if key == HELP:
            self._help = True
        elif key == SOUND and self._sound is not None:
            self._sound.on = not self._sound.on
        else:
            return key
        return ""

    def tell(self, words: str) -> None:
        """Print a line above what is shown."""
        self._console.print(Text(words))

    def _page(self, state: ScreenState) -> Text:
        """The page that is to be read now."""
        read = (state.title, state.headline, state.detail, state.summary, state.help)
        if read != self._read:
            self._read, self._since_s, self._turned = read, self._clock(), 0
        turned = self._turned + int((self._clock() - self._since_s) / PAGE_S)
        width, height = self._console.size
        shown, self._pages = pages(
            state, width, height - 1, plain=self._plain, page=turned, silent=self._silent
        )
        return shown

    @property
    def _silent(self) -> bool:
        """Whether nothing is said, so that everything has to be read."""
        return self._sound is not None and (not self._sound.on or bool(self._sound.note))

    @property
    def _plain(self) -> bool:
        return not self._console.encoding.lower().startswith("utf")

    def _print(self, state: ScreenState) -> None:
        """Each new headline; of what an act is about also the smaller words."""
        detail = state.detail if state.choices and not state.typing else ""
        for words in (state.cue or state.headline, detail):
            if words and words not in self._told:
                self._told = (*self._told[-1:], words)
                self._console.print(Text(words))

    def _take(self) -> None:
        assert self._keys is not None
        self._held.enter_context(self._keys)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._held.enter_context(self._live)
        self._live.update(self._shown, refresh=True)

    def _give_back(self) -> None:
        self._live = None
        self._held.close()

    def _suspended(self, _number: int, _frame: FrameType | None) -> None:
        """Ctrl-Z: the terminal is as before until it goes on."""
        assert _SUSPEND is not None
        self._give_back()
        signal.signal(_SUSPEND, signal.SIG_DFL)
        os.kill(os.getpid(), _SUSPEND)
        signal.signal(_SUSPEND, self._suspended)
        self._take()
