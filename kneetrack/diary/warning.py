"""What a clinician is to see of a diary before anything else: pain that rose, and what is less."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kneetrack.clinic_records.practice import Practice, PracticeRecord
from kneetrack.diary.words import how_many
from kneetrack.programme.doses import planned
from kneetrack.programme.pain import rise, rose_again
from kneetrack.programme.values import Programme


def warnings(
    records: Sequence[PracticeRecord], programme: Programme | None, today: date
) -> tuple[str, ...]:
    """One sentence each; () where nothing is to be said. programme: None: none can be read."""
    rose = rose_again(records).replace("stopped you", "stopped the practice")
    return (*((rose,) if rose else ()), *_less(records, programme, today))


def _less(
    records: Sequence[PracticeRecord], programme: Programme | None, today: date
) -> tuple[str, ...]:
    """Parts of which less is asked for than last time, and why."""
    if programme is None:
        return ()
    less = [e for e in planned(programme, records, today) if e.rests or e.change == "less"]
    return tuple(
        f"{e.part.title}: {'rests' if e.rests else 'less'} next time. {e.why}".strip() for e in less
    )


def pain_summary(records: Sequence[PracticeRecord]) -> str:
    """Pain of the last practice it was told of, and in how many it rose; "" where none was told."""
    own = [r.practice for r in records if r.practice.facts.kind == "programme"]
    told = [p for p in own if _told(p)]
    if not told:
        return ""
    last = told[-1]
    worse = sum((rise(p) or 0) > 0 or p.ended == "pain" for p in own)
    of = how_many(len(own), "practice")
    rose = f"It rose, or stopped the practice, in {worse} of {of}."
    return f"Pain in practice {last.number}: {', '.join(_told(last))}. {rose}"


def _told(practice: Practice) -> list[str]:
    """ "before 2", "after 4", "next morning 3": those that were told."""
    told = (
        ("before", practice.facts.pain_before),
        ("after", practice.pain_after),
        ("next morning", practice.pain_next),
    )
    return [f"{when} {pain}" for when, pain in told if pain is not None]
