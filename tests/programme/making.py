"""Practices made up for tests: what was asked, how it went, how it hurt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from kneetrack.clinic_records.practice import (
    Clean,
    Dose,
    HowEnded,
    JudgedBy,
    PartDone,
    PartMeasure,
    PartStatus,
    Practice,
    PracticeFacts,
    PracticeKind,
    PracticeRecord,
)
from kneetrack.programme.doses import planned
from kneetrack.programme.values import PlannedPart, Programme

DEEP = (PartMeasure("lunge_too_deep", "left", "ok"), PartMeasure("lunge_too_deep", "right", "ok"))
FIRST = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Went:
    """How one practice went. pain: before, after, the next morning."""

    pain: tuple[int | None, int | None, int | None] = (1, 1, 1)
    status: PartStatus = "done"
    clean: Clean = "yes"
    judged_by: JudgedBy = "camera"
    ended: HowEnded = "done"
    kind: PracticeKind = "programme"
    title: str | None = None
    prescription: int | None = None
    days_later: int = 2
    only: tuple[str, ...] = ()
    of: Mapping[str, PartStatus] = field(default_factory=dict)


GOOD = Went()
BY_EAR = Went(judged_by="self")


def a_record(
    number: int, at: datetime, went: Went, programme: Programme, parts: tuple[PlannedPart, ...]
) -> PracticeRecord:
    """A practice of these parts, all of which went alike."""
    facts = PracticeFacts(
        went.kind,
        went.title if went.title is not None else programme.title,
        went.prescription,
        went.judged_by == "camera",
        went.pain[0],
    )
    practice = Practice(
        f"p{number}",
        "me",
        number,
        at,
        facts,
        ended=went.ended,
        pain_after=went.pain[1],
        pain_next=went.pain[2],
    )
    done = tuple(
        PartDone(
            each.part.key,
            each.part.exercise,
            each.dose,
            went.of.get(each.part.key, went.status),
            clean=went.clean if each.part.kind == "reps" else "cannot_tell",
            judged_by=went.judged_by if each.part.kind == "reps" else "nobody",
            measures=DEEP if each.dose.depth_deg and went.judged_by == "camera" else (),
        )
        for each in parts
        if not went.only or each.part.key in went.only
    )
    return PracticeRecord(practice, done)


def after(programme: Programme, *wents: Went) -> list[PracticeRecord]:
    """A history in which every practice was asked what was planned."""
    history: list[PracticeRecord] = []
    at = FIRST
    for number, went in enumerate(wents, 1):
        parts = planned(programme, history)
        history.append(a_record(number, at, went, programme, parts))
        at += timedelta(days=went.days_later)
    return history


def dose_of(parts: tuple[PlannedPart, ...], key: str) -> Dose:
    """Today's dose of a part."""
    return one_of(parts, key).dose


def one_of(parts: tuple[PlannedPart, ...], key: str) -> PlannedPart:
    """The part of that key."""
    return next(each for each in parts if each.part.key == key)
