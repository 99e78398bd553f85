"""What the pages say for the words that the records hold, and after something was done."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

SAID: Final = {
    "client-added": "The client was added.",
    "client-changed": "The facts were changed.",
    "client-deleted": "The client and everything kept of them was deleted.",
    "consent-given": "The consent was written down.",
    "consent-withdrawn": "The consent was withdrawn. Nothing more is measured on it.",
    "session-begun": "The session was begun.",
    "session-changed": "The session was changed.",
    "session-deleted": "The session was deleted.",
    "upload-cancelled": "The clip was taken away.",
    "analysis-begun": "The clips are being measured.",
    "user-added": "The user was added.",
    "first-user": "The user was added. From now on everybody signs in, and you first.",
    "user-changed": "The user was changed. They have to sign in again.",
    "password-changed": "The password was changed. Please sign in again.",
    "signed-out": "You are signed out.",
    "session-closed": "The session is closed.",
    "session-opened": "The session is open again.",
    "trial-noted": "The note was saved.",
    "trial-rejected": "The take does not count any more.",
    "trial-restored": "The take counts again.",
    "corrected": "The correction was saved, and everything was measured anew.",
    "correction-withdrawn": "The correction was withdrawn, and everything was measured anew.",
    "diary-brought": "The diary was brought in.",
    "diary-brought-other": "The diary was brought in. It follows another programme than the one "
    "that is prescribed here.",
    "practice-deleted": "The practice was deleted.",
    "prescribed": "The programme is prescribed from now on.",
    "prescription-withdrawn": "The prescription was withdrawn.",
    "prescription-withdrawn-other": "That prescription does not hold any more; another one, "
    "prescribed meanwhile, does.",
    "session-over": "Please sign in again: your sign-in was over.",
}
"""Keys that an address may carry after ``said=``, and what the page then says."""

TITLES: Final = {
    400: "That did not work",
    403: "Not allowed",
    404: "Not found",
    405: "That is not possible here",
    409: "That did not work",
    413: "Too much",
    421: "Unknown address",
    422: "That did not work",
    429: "Please wait",
    500: "Something went wrong",
    503: "The records do not answer",
    507: "No room left",
}

COMPLAINT_WORDS: Final = {
    "none": "none",
    "left": "left",
    "right": "right",
    "both": "both sides",
}
PURPOSE_WORDS: Final = {
    "measurements": "Keep measurements",
    "video": "Keep video clips, with the face blurred unless the next is ticked",
    "faces": "Show the face in pictures and clips",
    "cohort": "Use the numbers, without the code, in a table of many clients",
}
PURPOSE_SHORT: Final = {
    "measurements": "measurements",
    "video": "video clips",
    "faces": "the face in them",
    "cohort": "numbers in a table of many clients",
}
VIEW_WORDS: Final = {
    "front": "from the front",
    "side": "from the side",
    "foot_end": "from the feet",
}
STATUS_WORDS: Final = {
    "under_way": "under way",
    "good": "counts",
    "rejected": "does not count",
    "failed": "could not be analysed",
}
STAGE_WORDS: Final = {
    "reading": "reading the clip",
    "again": "reading it again",
    "keeping": "writing the copy",
    "drawing": "drawing",
}


_COMMAND: Final = re.compile(r" \(kneetrack [^)]*\)|[;:] ?[^;:]*\bkneetrack [a-z]+ '[^']*'$")
_FOLDERS: Final = re.compile(
    r"(?<![\w/.])(?:/(?:[^\s/:;,'\"]+/)+|[A-Za-z]:\\(?:[^\s\\:;,'\"]+\\)*)"
)


def for_pages(reason: str) -> str:
    """What went wrong, as the pages say it: without commands for a terminal, and of the server's
    files the names alone."""
    return _FOLDERS.sub("", _COMMAND.sub("", reason))


def begin_sentence(words: str) -> str:
    """With a capital, unless it begins with a key or a file, ``limits.squat`` or ``leave_out``."""
    first = words.partition(" ")[0]
    return words if {".", "_"} & set(first) else words[:1].upper() + words[1:]


def _lookup(table: dict[str, str]) -> Callable[[str], str]:
    return lambda word: table.get(word, word)


def words_filters() -> dict[str, Callable[[str], str]]:
    """Filters of the templates: a word of the records -> what is shown."""
    return {
        "begin_sentence": begin_sentence,
        "for_pages": for_pages,
        "complaint": _lookup(COMPLAINT_WORDS),
        "purpose": _lookup(PURPOSE_WORDS),
        "purpose_short": _lookup(PURPOSE_SHORT),
        "view": _lookup(VIEW_WORDS),
        "trial_status": _lookup(STATUS_WORDS),
        "stage": _lookup(STAGE_WORDS),
    }
