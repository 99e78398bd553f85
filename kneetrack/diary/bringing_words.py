"""What is shown of a diary before it is taken in, and what taking it in has changed."""

from __future__ import annotations

from collections.abc import Sequence

from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.diary.days import local_day
from kneetrack.diary.words import day_text, how_many


def preview(records: Sequence[PracticeRecord], there: Sequence[PracticeRecord]) -> tuple[str, ...]:
    """What is in a diary with at least one practice, by which a person knows whose it is.

    there: what the store holds of the client already.
    """
    days = sorted(local_day(record.practice.at) for record in records)
    first, last = (day_text(day, year=True) for day in (days[0], days[-1]))
    when = f"on {first}" if first == last else f"from {first} to {last}"
    known = {record.practice.id for record in there}
    again = sum(record.practice.id in known for record in records)
    new = "none of them is here yet" if not again else f"{again} of them here already"
    return (
        f"{how_many(len(records), 'practice')} {when}; {new}.",
        f"Programmes: {_titles(records)}.",
        _pain(records),
    )


def changed(before: Sequence[PracticeRecord], after: Sequence[PracticeRecord]) -> int:
    """In how many practices that were there already something is different now."""
    old = {record.practice.id: record for record in before}
    return sum(r.practice.id in old and old[r.practice.id] != r for r in after)


def _titles(records: Sequence[PracticeRecord]) -> str:
    titles = dict.fromkeys(filter(None, (r.practice.facts.programme for r in records)))
    return ", ".join(map(repr, titles)) or "none is named"


def _pain(records: Sequence[PracticeRecord]) -> str:
    told = [
        pain
        for p in (record.practice for record in records)
        for pain in (p.facts.pain_before, p.pain_after, p.pain_next)
        if pain is not None
    ]
    if not told:
        return "No pain was told."
    span = f"{min(told)}" if min(told) == max(told) else f"{min(told)} to {max(told)}"
    return f"Pain told: {span} of 10."
