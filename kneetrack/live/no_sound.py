"""Where nothing can be heard it is said once, in large letters, before anything is done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from kneetrack.live.card import Card

if TYPE_CHECKING:
    from kneetrack.ui.sound import Sound

HEADLINE: Final = "No sound: watch the screen"
SEE: Final = "Turn it so that you see it from where you exercise; what to do stands here."
READ_S: Final = 20.0
_SETTLES_S: Final = 1.0
_LOOK_S: Final = 0.05


def no_sound_card(sound: Sound, settles_s: float = _SETTLES_S) -> Card | None:
    """What is to be read where sound is wanted and there is none; None: it can be heard.

    settles_s: the device is opened in the background, and waited for so long.
    """
    until_s = time.monotonic() + settles_s
    while sound.on and not (sound.available or sound.note) and time.monotonic() < until_s:
        time.sleep(_LOOK_S)
    if not sound.on or sound.available or not sound.note:
        return None
    note = sound.note[:1].upper() + sound.note[1:]
    return Card(
        headline=HEADLINE,
        detail=f"{SEE} ({note}.)",
        keys={"n": "go on"},
        arms="n",
        auto="n",
        auto_s=READ_S,
        phase="rest",
        title="Before you begin",
    )
