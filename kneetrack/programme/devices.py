"""Window or terminal, loudspeaker, and the pose model where there is something to be filmed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kneetrack.live.face import Face
from kneetrack.live.keeping import Versions
from kneetrack.live.meter import Meter
from kneetrack.live_records import ScreenState

if TYPE_CHECKING:
    from kneetrack.live.start import Studio
    from kneetrack.ui.sound import Sound


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be opened."""

    window: bool = True
    sound: bool = True
    full_screen: bool = False
    model: Path | None = None


@dataclass(frozen=True, slots=True)
class Devices:
    """What is open. studio None: nothing is filmed."""

    sound: Sound
    face: Face
    studio: Studio | None = None


def open_devices(
    wanted: Wanted, likely: Sequence[str], stack: ExitStack, *, filmed: bool
) -> Devices:
    """Everything but the camera. likely: what will probably be said.

    Without a screen for a window the terminal takes its place.
    """
    from kneetrack.live.start import Studio
    from kneetrack.live.terminal_face import TerminalFace
    from kneetrack.ui.sound import Sound
    from kneetrack.ui.window import display_available

    sound = stack.enter_context(Sound())
    sound.on = wanted.sound
    sound.prepare(likely)
    face: Face
    if wanted.window and not display_available():
        face = _window(sound, stack, full_screen=wanted.full_screen)
    else:
        face = stack.enter_context(TerminalFace(sound))
    if not filmed:
        return Devices(sound, face)
    starting = ScreenState("starting", headline="One moment", detail="Loading the pose model")
    face.show(starting, None, None, None, Meter())

    from kneetrack.assets import model_path
    from kneetrack.pose.blazepose import BlazePose, mediapipe_version

    backend = stack.enter_context(BlazePose(wanted.model or model_path()))
    versions = Versions(mediapipe_version, backend.model_sha256)
    return Devices(sound, face, Studio(sound, face, backend, versions))


def _window(sound: Sound, stack: ExitStack, *, full_screen: bool) -> Face:
    from kneetrack.live.showing import SCREEN_PX, Front
    from kneetrack.live.start import TITLE
    from kneetrack.ui.live import LiveScreen
    from kneetrack.ui.window import Window

    window = stack.enter_context(Window(TITLE, SCREEN_PX))
    if full_screen:
        window.toggle_full_screen()
    return Front(window, LiveScreen(SCREEN_PX), sound)
