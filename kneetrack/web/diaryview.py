"""What the pages show of a diary: rows ready for their templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic_records.practice import (
    NOT_BEGUN,
    PartDone,
    PartMeasure,
    Practice,
    PracticeRecord,
    SignFound,
)
from kneetrack.diary import words
from kneetrack.diary.days import local_day, practice_days, practised
from kneetrack.diary.warning import pain_summary
from kneetrack.records import Status
from kneetrack.report import glossary
from kneetrack.web.pages import day as day_shown

FEW_WEEKS: Final = 4
BANDS: Final[dict[Status, str]] = {
    "ok": "✓ within its band",
    "watch": "△ a little outside",
    "flag": "▲ outside",
    "cannot_tell": "cannot tell",
}


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """A practice in the list. pains: before, after, the next morning.

    worse: whether it was more after it, and the next morning, than before.
    """

    id: str
    number: int
    at: datetime
    what: str
    how: str
    parts: str
    clean: str
    pains: tuple[str, str, str]
    worse: tuple[bool, bool]
    followed: str
    brought: bool


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a practice."""

    title: str
    asked: str
    status: str
    done: str
    clean: str
    why: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """What the camera made of one rule and side in a part."""

    part: str
    rule: str
    side: str
    number: str
    outcome: str
    reps: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignRow:
    """A sign of a self-check: what was told, and what was measured."""

    title: str
    told: str
    measured: str
    found: str


def practice_rows(records: Sequence[PracticeRecord], now: datetime) -> tuple[PracticeRow, ...]:
    """Practices for a list, newest first."""
    return tuple(practice_row(record, now) for record in reversed(records))


def practice_row(record: PracticeRecord, now: datetime) -> PracticeRow:
    """One line about a practice."""
    p = record.practice
    told = (p.facts.pain_before, p.pain_after, p.pain_next)
    return PracticeRow(
        p.id,
        p.number,
        p.at,
        "Self-check" if p.facts.kind == "selfcheck" else "Practice",
        _how(record, now),
        words.parts_text(record),
        _clean(record.parts),
        (_pain(told[0]), _pain(told[1]), _pain(told[2])),
        _worse(p),
        _followed(p),
        p.brought,
    )


def summary(records: Sequence[PracticeRecord], now: datetime) -> str:
    """How much was practised, and how pain went, in two sentences; "" without practices."""
    own = [record for record in records if practised(record)]
    if not own:
        return ""
    today = local_day(now)
    days = [day for day in practice_days(own) if (today - day).days < FEW_WEEKS * 7]
    last = local_day(own[-1].practice.at)
    lately = words.how_many(len(days), "day")
    told = f"Practised on {lately} of the last {FEW_WEEKS} weeks, last on {day_shown(last)}."
    return f"{told} {pain_summary(own)}".strip()


def took(practice: Practice) -> str:
    """ "21 minutes"; "" where it did not end."""
    minutes = words.minutes(practice)
    return "" if minutes is None else words.how_many(minutes, "minute")


def part_rows(record: PracticeRecord) -> tuple[PartRow, ...]:
    """The parts of a practice, in the order in which they were done."""
    return tuple(
        PartRow(
            words.part_title(part),
            words.asked_text(part),
            NOT_BEGUN if part.not_begun else words.PART_WORDS[part.status],
            words.done_text(part),
            words.clean_text(part),
            "" if part.not_begun else part.why,
        )
        for part in record.parts
    )


def measure_rows(record: PracticeRecord) -> tuple[MeasureRow, ...]:
    """What the camera measured in a practice."""
    return tuple(_measure(part, line) for part in record.parts for line in part.measures)


def sign_rows(record: PracticeRecord) -> tuple[SignRow, ...]:
    """The signs of a self-check."""
    return tuple(_sign(sign) for sign in record.signs)


def _how(record: PracticeRecord, now: datetime) -> str:
    if record.practice.ended == "under_way":
        return "broken off" if record.practice.broken_off(now) else "under way"
    if record.practice.facts.kind == "selfcheck":
        return words.ENDED[record.practice.ended]
    return words.state_text(record)


def _clean(parts: Sequence[PartDone]) -> str:
    """ "2 of 3 judged": parts that went with control, of those that somebody judged."""
    judged = [part for part in parts if part.clean != "cannot_tell" and part.status != "skipped"]
    clean = sum(part.clean == "yes" for part in judged)
    return f"{clean} of {len(judged)}" if judged else "–"


def _pain(pain: int | None) -> str:
    return "–" if pain is None else str(pain)


def _worse(practice: Practice) -> tuple[bool, bool]:
    """Whether it hurt more after it, and the next morning, than before."""
    before = practice.facts.pain_before
    after, later = (
        before is not None and pain is not None and pain > before
        for pain in (practice.pain_after, practice.pain_next)
    )
    return after, later


def _followed(practice: Practice) -> str:
    if practice.facts.kind == "selfcheck":
        return ""
    if practice.facts.prescription is not None:
        return f"prescription {practice.facts.prescription}"
    return practice.facts.programme


def _measure(part: PartDone, line: PartMeasure) -> MeasureRow:
    return MeasureRow(
        words.part_title(part),
        glossary.rule(line.rule).name,
        "" if line.side == "both" else line.side,
        _number(line),
        BANDS[line.status],
        f"{line.reps_valid} of {line.reps_total}",
        line.reason,
    )


def _number(line: PartMeasure) -> str:
    if not line.measure:
        return "–"
    return catalogue.text(line.measure, line.value, line.error)


def _sign(sign: SignFound) -> SignRow:
    return SignRow(
        words.sign_title(sign.sign),
        words.TOLD[sign.told],
        "not measured" if sign.measured is None else BANDS[sign.measured],
        sign.found,
    )
