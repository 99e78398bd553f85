"""What somebody may have meant who typed a name that is not known."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Final

CLOSE: Final = 0.6
"""How alike two names must be for one to be offered for the other, 0 to 1."""


def did_you_mean(wanted: str, names: Sequence[str]) -> str:
    """``did you mean 'squat'?``, or what there is: ``use squat, bridge``.

    Where no name is close, those with a word that is: 'knie' finds left_knee and right_knee.
    """
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=CLOSE)
    if not near:
        near = [name for name in names if _close(wanted, re.split(r"[\W_]+", name))]
    if near and len(near) < 4:
        return f"did you mean {' or '.join(map(repr, near))}?"
    return f"use {', '.join(names)}"


def _close(wanted: str, words: list[str]) -> bool:
    return bool(difflib.get_close_matches(wanted, words, n=1, cutoff=0.7))
