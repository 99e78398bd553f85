"""What a practice comes to: on the screen, at the terminal, on its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from kneetrack.clinic_records.practice import HowEnded, PartDone, PartMeasure, PracticeRecord
from kneetrack.exercises import all_exercises
from kneetrack.guide.pages import load_page
from kneetrack.live_records import SummaryLine
from kneetrack.programme import words
from kneetrack.programme.judging import deciding
from kneetrack.programme.values import Part, PlannedPart, Programme
from kneetrack.records import Status
from kneetrack.red_flags import STOP_IF
from kneetrack.report import glossary
from kneetrack.report.practice.facts import CheckShown, NextShown, PartShown, PracticeShown

ENDED: Final[dict[HowEnded, str]] = {
    "under_way": "not ended",
    "done": "to its end",
    "stopped": "stopped early",
    "pain": "stopped by pain",
    "left": "left before its end",
}
_LINE_STATUS: Final[dict[str, Status]] = {
    "done": "ok",
    "partly": "watch",
    "skipped": "cannot_tell",
    "pain": "flag",
}
_MOST_LINES: Final = 6
_NEVER_BEGUN: Final = "not begun: pain before"


def shown_practice(
    record: PracticeRecord,
    programme: Programme,
    following: Sequence[PlannedPart],
    code: str,
    zone: tzinfo | None,
    *,
    notes: Sequence[str] = (),
    limits: Sequence[str] = (),
) -> PracticeShown:
    """A practice, ready to show. following: what next time brings; limits: in words."""
    practice = record.practice
    at = practice.at.astimezone(zone)
    ended_at = practice.ended_at or practice.at
    return PracticeShown(
        title=practice.facts.programme or programme.title,
        code=code,
        number=practice.number,
        on=f"{at.day} {at:%B %Y}",
        began=f"{at:%H:%M}",
        minutes=round((ended_at - practice.at).total_seconds() / 60),
        ended=ENDED[practice.ended] if record.parts else _NEVER_BEGUN,
        hurt=practice.ended == "pain",
        parts=tuple(shown_part(done, programme.part(done.part)) for done in record.parts),
        following=tuple(_next(each) for each in following),
        pain_before=practice.facts.pain_before,
        pain_after=practice.pain_after,
        limits=tuple(limits),
        notes=tuple(notes),
        stop_if=STOP_IF,
        exercises=tuple(dict.fromkeys(done.exercise for done in record.parts)),
    )


def shown_part(done: PartDone, part: Part | None) -> PartShown:
    """One part. part: as the programme has it, None when it does not any more."""
    page = load_page(done.exercise)
    return PartShown(
        title=page.title if part is None else part.title,
        asked="" if part is None else words.dose_words(part, done.dose, page),
        done=words.done_words(done),
        short=words.short_words(done),
        status=done.status,
        clean=done.clean,
        judged_by=done.judged_by,
        why=done.why,
        checks=tuple(_check(measure) for measure in _worth_telling(done, part)),
        reports=_reports(done.folders),
    )


def _reports(folders: Sequence[str]) -> tuple[tuple[str, str], ...]:
    total = len(folders)
    return tuple(
        (
            "All that was measured" if total == 1 else f"All that was measured, {n} of {total}",
            f"{name}/report.html",
        )
        for n, name in enumerate(folders, start=1)
    )


def _worth_telling(done: PartDone, part: Part | None) -> list[PartMeasure]:
    """By importance. What could not be told is left out unless it decides."""
    exercise = all_exercises().get(done.exercise)
    decides = () if part is None or exercise is None else deciding(part, exercise)
    kept = [m for m in done.measures if m.status != "cannot_tell" or m.rule in decides]
    return sorted(kept, key=lambda m: glossary.rule_order(m.rule))


def _check(measure: PartMeasure) -> CheckShown:
    rule = glossary.rule(measure.rule)
    told = measure.status != "cannot_tell"
    number = glossary.measure(measure.measure, measure.unit)
    value = number.with_error(measure.value, measure.error) if told and measure.measure else ""
    return CheckShown(
        found=rule.says(measure.status, measure.side),
        status=measure.status,
        value=f"{value} {number.of}".strip() if value not in ("", "–") else "",
        reason=measure.reason,
        reps=f"{measure.reps_valid} of {measure.reps_total} read" if measure.reps_total else "",
    )


def _next(each: PlannedPart) -> NextShown:
    page = load_page(each.part.exercise)
    dose = words.today_words(each, page)
    return NextShown(each.part.title, dose, each.why, bool(each.rests) or each.change != "same")


def screen_lines(shown: PracticeShown) -> tuple[SummaryLine, ...]:
    """The parts, as far as they fit on the screen: those that were done first."""
    parts = sorted(shown.parts, key=lambda part: part.status == "skipped")[:_MOST_LINES]
    kept = [part for part in shown.parts if part in parts]
    return tuple(
        SummaryLine(part.title, _with_clean(part.short, part), _line_status(part)) for part in kept
    )


def _line_status(part: PartShown) -> Status:
    status = _LINE_STATUS[part.status]
    return "watch" if status == "ok" and part.clean == "no" else status


def _with_clean(done: str, part: PartShown) -> str:
    clean = {"yes": "clean", "no": "not quite clean", "cannot_tell": "cannot tell"}[part.clean]
    judged = part.judged_by in ("camera", "self") and "rep" in part.short
    return f"{done}, {clean}" if judged and part.status != "skipped" else done


def terminal_lines(shown: PracticeShown) -> list[str]:
    """What is printed at the end."""
    lines = ["", f"{shown.title}, practice {shown.number}: {shown.ended}"]
    for part in shown.parts:
        lines.append(f"  {part.title}: {_with_clean(part.done, part)}")
        if part.why and part.status not in ("skipped", "pain"):
            lines.append(f"    {part.why}")
        lines += [
            f"    {check.found}{f': {check.value}' if check.value else ''}"
            for check in part.checks
            if check.status in ("watch", "flag")
        ]
    changed = [n for n in shown.following if n.changed]
    if changed:
        lines.append("Next time:")
        lines += [f"  {n.title}: {n.dose}. {n.why}" for n in changed]
    lines += shown.notes
    lines.append(f"{words.TOMORROW}.")
    if shown.page is not None:
        lines.append(f"The page about this practice: {shown.page}")
    return lines
