"""Fits what is to be read into the lines of a terminal: nothing is cut, what is long has pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rich.text import Text

LEAST: Final = (20, 7)
"""Columns and lines; in less nothing can be read."""
TOO_SMALL: Final = f"Make this window larger: {LEAST[0]} columns, {LEAST[1]} lines"
_AROUND: Final = 2


@dataclass(frozen=True, slots=True)
class Blocks:
    """What a terminal shows, from top to bottom. keys: always visible. number: its lines large
    and small; it stands after the first ``before`` blocks of the body. large: the head in large
    letters, [] where it is not wanted. title: a small line above the head."""

    head: list[Text]
    body: list[list[Text]]
    keys: list[Text]
    number: tuple[list[Text], list[Text]] = field(default_factory=lambda: ([], []))
    before: int = 0
    large: list[Text] = field(default_factory=list)
    title: list[Text] = field(default_factory=list)


def fit(blocks: Blocks, rows: int, page: int = 0) -> tuple[list[Text], int]:
    """The lines, and of how many pages they are one. Large letters and digits shrink first."""
    large, small = blocks.number
    ways = ((blocks.head, large, 1), (blocks.head, small, 1), (blocks.head, small, 0))
    larger = ((blocks.large, large, 1), (blocks.large, small, 1)) if blocks.large else ()
    for head, number, gap in (*larger, *ways):
        body = [*blocks.body[: blocks.before], number, *blocks.body[blocks.before :]]
        lines = joined([[*blocks.title, *head], *body, blocks.keys], gap)
        if len(lines) <= rows:
            return lines, 1
    return _paged(blocks, rows, page)


def joined(blocks: Sequence[list[Text]], gap: int) -> list[Text]:
    """One below the other; empty ones leave no gap."""
    lines: list[Text] = []
    for block in blocks:
        lines += [Text("")] * gap + block if block and lines else block
    return lines


def _paged(blocks: Blocks, rows: int, page: int) -> tuple[list[Text], int]:
    """The head stays on every page where it leaves room for the rest."""
    room = max(1, rows - len(blocks.keys) - 1)
    stays = [*blocks.head, *blocks.number[1]]
    turned = joined([blocks.title, *blocks.body], 0)
    if len(stays) + _AROUND > room:
        stays, turned = [], [*stays, *turned]
    step = room - len(stays)
    pages = max(1, -(-len(turned) // step))
    at = page % pages
    shown = [*stays, *turned[at * step : (at + 1) * step]]
    marker = Text(f"{at + 1} of {pages} · Tab: more", "bold")
    return [*shown, marker, *blocks.keys], pages
