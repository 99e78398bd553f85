"""The keys while the help is shown: it has to be closed before anything else is answered."""

from __future__ import annotations

from typing import Final

from kneetrack.live.card import CLOSED

HELP: Final = "?"
SOUND: Final = "v"
HELP_ROW: Final = ("?", "closes this help")
SOUND_ROW: Final = ("V", "sound on or off")
_CLOSING: Final = frozenset({HELP, "esc", " "})
_HURTS: Final = "p"


def over_help(key: str) -> tuple[bool, str]:
    """Whether the help stays, and the key that gets through it: "it hurts" does, and closes it."""
    if key in (_HURTS, CLOSED):
        return False, key
    return key not in _CLOSING, ""


def help_rows(
    keys: tuple[tuple[str, str], ...], own: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """Each key once, with what it does here. own: those of window or terminal."""
    taken = {key.lower() for key, _ in keys}
    return (*keys, *(row for row in own if row[0].lower() not in taken))
