"""What the flow of a live session says and shows, apart from advice on framing and cues."""

from __future__ import annotations

from typing import Literal

from kneetrack.cue_words import number_word

Ending = Literal["done", "left", "over", "quit", "pain", "camera"]
"""Why a session is over: all sets, walked away, the file ended, by wish, pain, camera lost."""

STARTING = "Starting the camera"
LOOKING = "Looking for you"
STAND_STILL = "Stand still for two seconds"
LIE_STILL = "Lie still for two seconds"
READY = "Get ready"
GO = "Go"
START_ANYWAY = "Space starts anyway"
COME_BACK = "Come back into the picture"
WHENEVER = "Begin whenever you are ready"
PAUSED = "Paused"
PAUSED_KEYS = "Space, or both arms up for a second, to go on"
GOING_ON = "Going on"
KEEP_ARMS_UP = "Keep your arms up to finish"
AGAIN = "Once more from the start"
TRYING_AGAIN = "Trying again. What was done is kept."
CAMERA_BACK = "The camera is back"
TEN_SECONDS = "Ten seconds"
REST = "Rest"
SKIP_REST = "Space skips the rest"
FOOT_DOWN = "Foot down"
LAST_SET = "That was the last set."
THE_END: dict[Ending, str] = {
    "done": "All sets done. Well done.",
    "left": "You have left the picture. That was it.",
    "over": "The recording is over.",
    "quit": "Finished.",
    "pain": "Stopped",
    "camera": "The camera is gone. What was done is kept.",
}


SET_KEYS = (
    ("P", "it hurts: stop"),
    ("Space", "pause, go on"),
    ("R", "set again"),
    ("Q", "end"),
)


def set_done(rest_s: float) -> str:
    """After a set that is not the last."""
    rest = f" Rest {rest_s:.0f} seconds." if rest_s >= 1 else ""
    return f"Set done.{rest}"


def next_set(number: int, total: int) -> str:
    """What comes after the rest."""
    return f"Next: set {number} of {total}"


def set_begins(number: int, total: int) -> str:
    """Said when the rest is over."""
    return f"Set {number_word(number)} of {number_word(total)}"


def seconds_left(seconds: int) -> str:
    """On the screen while a balance is held."""
    return f"{seconds} s"


def sides_done(left: int, right: int) -> str:
    """How many repetitions on each side."""
    return f"left {left}, right {right}"
