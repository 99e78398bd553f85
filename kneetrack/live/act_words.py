"""What acts say and show, and how long saying it takes."""

from __future__ import annotations

import re
from typing import Final

PAUSE: Final = ("Space", "pause")
GO_ON: Final = ("Space", "go on")
SKIP: Final = ("N", "next")
HURTS: Final = ("P", "it hurts: stop")
STOP: Final = ("Q", "stop for today")

PAUSED: Final = "Paused"
PAUSED_KEYS: Final = "Space goes on"
PAUSED_ARMS: Final = "Space, or both arms up for a second, to go on"
GOING_ON: Final = "Going on"
GET_READY: Final = "Get ready"
GO: Final = "Go"
NEXT: Final = "Next"
DONE: Final = "Done"
TEN_SECONDS: Final = "Ten seconds"
LAST_ONE: Final = "Last one"
GONE: Final = "Where are you?"
GONE_DETAIL: Final = "Come back into the picture and it goes on. If not, it ends."
GONE_SAY: Final = (
    "I cannot see you any more, so it has stopped. Does it hurt? Then leave it for today. "
    "If not, come back, and it goes on."
)

_PER_SIGN_S: Final = 0.062
_PER_STOP_S: Final = 0.2
_AT_LEAST_S: Final = 0.45


def say_s(words: str) -> float:
    """About how long words take to be said, rather too long than too short; 0 for none."""
    if not words:
        return 0.0
    return (
        _AT_LEAST_S + _PER_SIGN_S * len(words) + _PER_STOP_S * len(re.findall(r"[.,:;?!]", words))
    )


def next_words(title: str) -> str:
    """Said at the end of something: what comes now."""
    return f"{NEXT}: {title[:1].lower()}{title[1:]}"
