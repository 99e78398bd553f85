"""A score sheet worked out for its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kneetrack.clinic.sheets import Sheet
from kneetrack.clinic_records.visits import ScoreItem


@dataclass(frozen=True, slots=True)
class Choice:
    """Points that may be given, and what they stand for."""

    points: int
    words: str
    suggested: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item: title, choices, what the camera suggests and why."""

    key: str
    group: str
    title: str
    choices: tuple[Choice, ...]
    suggestion: str
    why: str
    confirmed: bool
    by: str


def item_views(sheet: Sheet, items: Sequence[ScoreItem]) -> tuple[ItemView, ...]:
    """The sheet's items in order; an item without a suggestion is the clinician's alone."""
    known = {item.key: item for item in items}
    return tuple(
        _view(sheet, key, known.get(key, ScoreItem(key))) for key in (i.key for i in sheet.items)
    )


def _view(sheet: Sheet, key: str, item: ScoreItem) -> ItemView:
    about = sheet.item(key)
    assert about is not None
    choices = tuple(
        Choice(points, words, item.suggested == points, item.confirmed == points)
        for points, words in about.points.items()
    )
    suggested = next((c.words for c in choices if c.suggested), "")
    return ItemView(
        key=key,
        group=about.group,
        title=about.title,
        choices=choices,
        suggestion=f"Suggested: {suggested}" if suggested else "No suggestion",
        why=item.why,
        confirmed=item.confirmed is not None,
        by=item.by,
    )
