"""Forms that somebody else may have overtaken: what was shown, and what is written down by now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from kneetrack.web.visit import field_of


@dataclass(frozen=True, slots=True)
class Differing:
    """One field in which what is written down now is not what was typed."""

    title: str
    now: str
    typed: str


def mark_of(values: Mapping[str, str]) -> str:
    """A mark of what a form shows; another one when anything of it has changed."""
    text = json.dumps(dict(values), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def overtaken(
    request: Request, now: Mapping[str, str], typed: Mapping[str, str], titles: Mapping[str, str]
) -> list[Differing]:
    """Where the form that was sent did not show what is written down now: the fields that differ.

    Empty when nothing has changed since, and when what was typed is what stands there anyway.
    """
    seen = field_of(request, "seen")
    if not seen or seen == mark_of(now):
        return []
    return [
        Differing(titles[name], now[name], typed.get(name, ""))
        for name in titles
        if _lines(now[name]) != _lines(typed.get(name, ""))
    ]


def wrong_field(problem: str, names: Mapping[str, str]) -> str:
    """The field that a message speaks of first; names: word of the message -> field."""
    text = problem.casefold()
    found = [(text.index(word), name) for word, name in names.items() if word in text]
    return min(found, default=(0, ""))[1]


def _lines(text: str) -> str:
    """Browsers send another end of line."""
    return text.replace("\r\n", "\n").strip()
