"""How much of each part is to be done today: more, less, or as last time, and why.

The rule, part by part, over the practices of this programme in which it was not skipped (ended or
not; a self-check is none; another programme, or another prescription, begins at its own start):

* One step more when two practices running at the present dose went well. Well: the part was done;
  it was clean by the camera's or one's own word (a timed part is clean when it is done); and pain
  did not rise: after it, and the next morning, it was no higher than before. What was not told
  counts as not known, and nothing grows. Pain that stopped or rose in any practice since, also in
  one without this part, begins the count anew. Depth grows only where a camera saw it in both.
* One step is one repetition, else one set, else one second of holding, else 5 degrees of depth; a
  timed part is held 10 seconds longer. Never beyond ``most`` or a limit of the programme.
* One step less, the way it came, when pain stopped the part, or rose by 2 or more after the
  practice or the next morning. Below the dose that the part begins with it goes down to one set
  and 60 % of the repetitions or seconds.
* A part that wants less than its smallest dose rests: it is left out until it has been done again
  at will, whole, and pain did not rise. Nothing else ends that, neither a break nor other parts.
* What the last self-check tells to hurt rests as well, or begins with its smallest dose
  (``heeding``), until it was done without pain that rose, or a later self-check does not tell it.
* A part whose last dose is none that this programme could have asked for begins anew.
* One step less after a break of 21 days, never below the dose that the part begins with.
* A day that began with pain of 4 or more is a gentle one (``gentle``): its small dose is not gone
  on from and it is not clean, so nothing grows after it; pain that rises in it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from kneetrack.clinic_records.practice import Dose, PartDone, Practice, PracticeRecord
from kneetrack.programme.heeding import How, how_of, last_signs, told_of
from kneetrack.programme.limits import DEPTH_RULES
from kneetrack.programme.pain import GENTLY_FROM, did_not_rise, rise, rose_much
from kneetrack.programme.steps import (
    bounded,
    change_of,
    difference,
    least_dose,
    lower,
    step_down,
    step_up,
    steps_of,
    undone,
    within,
)
from kneetrack.programme.values import Part, PlannedPart, Programme

BREAK_DAYS: Final = 21
CLEAN_IN_A_ROW: Final = 2
_MORE: Final = "Clean and no more pain twice in a row:"
_SMALLEST: Final = (
    "It hurt at the smallest dose: leave it out until you have shown it to a clinician."
)


@dataclass(frozen=True, slots=True)
class _Level:
    """Where a part stands. asked: the dose of the last practice, None: never practised.

    well: practices running that went well at ``dose``; filmed: of these, judged by camera. hurt:
    the last practice wants less. rests: it hurt at the smallest dose.
    """

    dose: Dose
    asked: Dose | None = None
    well: int = 0
    filmed: int = 0
    hurt: bool = False
    rests: bool = False
    why: str = ""
    last: date | None = None


def planned(
    programme: Programme, history: Sequence[PracticeRecord], today: date | None = None
) -> tuple[PlannedPart, ...]:
    """What is to be done today of each part that is not left out; the rule is the module's.

    history: practices of the client, oldest first. today: for how long the break was; None: no
    break is looked for.
    """
    own = [
        record
        for record in history
        if record.practice.facts.kind == "programme"
        and record.practice.facts.programme == programme.title
        and record.practice.facts.prescription == programme.prescription
    ]
    signs, at = last_signs(history)
    since = [record for record in own if at is not None and record.practice.at > at]
    parts = []
    for part in programme.parts:
        if part.exercise not in programme.leave_out:
            each = _planned(part, programme.max_knee_flexion_deg.get(part.exercise), own, today)
            how = how_of(part.exercise, signs)
            parts.append(_heeded(each, how, told_of(part.exercise, signs), since))
    return tuple(parts)


def _heeded(each: PlannedPart, how: How, told: str, since: Sequence[PracticeRecord]) -> PlannedPart:
    """The part as the last self-check asks for it; since: the practices after that."""
    done = [(r, _part_of(r, each.part)) for r in since]
    tried = [(record, part) for record, part in done if part is not None]
    if how == "as_planned" or each.rests:
        return each
    if how == "without":
        borne = any(_went_without_pain(record, part) for record, part in tried)
        return each if borne else replace(each, why=f"{told}.", rests="sign")
    if tried:
        return each
    dose = lower(each.dose, least_dose(each.part))
    change: Literal["less", "same"] = "same" if dose == each.dose else "less"
    return replace(each, dose=dose, why=f"{told}: gently, the smallest dose.", change=change)


def _part_of(record: PracticeRecord, part: Part) -> PartDone | None:
    """What was done of a part in a practice, if it was not skipped."""
    done = next((p for p in record.parts if p.part == part.key), None)
    known = done is not None and done.exercise == part.exercise and done.status != "skipped"
    return done if known else None


def gentle(parts: Iterable[PlannedPart], pain: int) -> tuple[PlannedPart, ...]:
    """The smallest doses, for a day that begins with pain: one set, nothing above the start."""
    why = f"Pain {pain} before: gently today, the smallest dose."
    return tuple(
        replace(
            each,
            dose=replace(lower(each.dose, each.part.dose), sets=each.dose.sets and 1),
            why=each.why if each.rests else why,
            change="less",
        )
        for each in parts
    )


def _planned(
    part: Part, limit_deg: float | None, history: Sequence[PracticeRecord], today: date | None
) -> PlannedPart:
    start, most = within(part.dose, limit_deg), within(part.most, limit_deg)
    part_now = replace(part, dose=start, most=most)
    level = _Level(start)
    for record in history:
        done = _part_of(record, part)
        if done is not None:
            level = _after(part_now, level, record, done)
        elif _stopped(record) or (rise(record.practice) or 0) > 0:
            level = _held(level)
    if today is not None and level.last is not None:
        level = _after_break(part_now, level, (today - level.last).days)
    why = _SMALLEST if level.rests else level.why
    change = change_of(level.dose, level.asked)
    return PlannedPart(part, level.dose, why, change, rests="hurt" if level.rests else "")


def _after(part: Part, before: _Level, record: PracticeRecord, done: PartDone) -> _Level:
    """The level after one practice of the part."""
    practice = record.practice
    gentle_day = (practice.facts.pain_before or 0) >= GENTLY_FROM
    stands = lower(before.dose, before.asked or before.dose)
    asked = stands if gentle_day else bounded(part, done.dose, before.dose)
    changed = not gentle_day and bounded(part, done.dose, done.dose) != done.dose
    asked = lower(asked, part.dose) if changed else asked
    level = _Level(asked, asked, last=practice.at.astimezone().date())
    hurt = _hurt(record, done)
    if hurt:
        less = step_down(part, asked)
        told = "" if less == asked else f"{hurt}: {difference(less, asked)}."
        rests = before.rests or less == asked
        return replace(level, dose=less, hurt=True, rests=rests, why=told)
    if before.rests and (gentle_day or not _went_without_pain(record, done)):
        return replace(level, rests=True)
    if changed:
        return replace(level, why="The programme has changed: it begins anew.")
    why_not = _why_not(part, record, done)
    if gentle_day or why_not:
        told = why_not or f"Last time began with pain {practice.facts.pain_before}: as before."
        return replace(level, why=told)
    again = before.asked == asked
    well = before.well + 1 if again else 1
    filmed = (before.filmed + 1 if again else 1) if _depth_seen(done) else 0
    level = replace(level, well=well, filmed=filmed)
    return _grown(part, level)


def _went_without_pain(record: PracticeRecord, done: PartDone) -> bool:
    """Whether a part was done whole, and no pain rose in its practice or by the next morning."""
    return done.status == "done" and not _stopped(record) and did_not_rise(record.practice)


def _held(level: _Level) -> _Level:
    """The level after a practice without the part in which it hurt."""
    stands = lower(level.dose, level.asked or level.dose)
    why = level.why if stands == level.dose else "It hurt more last time: as before."
    return replace(level, dose=stands, well=0, filmed=0, why=why)


def _grown(part: Part, level: _Level) -> _Level:
    more = step_up(part, level.dose, deeper=True)
    if more == level.dose:
        return replace(level, why="All that the programme asks for: as last time.")
    if level.well < CLEAN_IN_A_ROW:
        return replace(level, why="Clean last time: once more like that, then a little more.")
    more = step_up(part, level.dose, deeper=level.filmed >= CLEAN_IN_A_ROW)
    if more == level.dose:
        return replace(
            level, why="Deeper only after two practices in which a camera saw how deep: as before."
        )
    return replace(level, dose=more, why=f"{_MORE} {difference(more, level.dose)}.")


def _after_break(part: Part, level: _Level, days: int) -> _Level:
    if days < BREAK_DAYS or level.hurt or level.rests:
        return level
    told = f"{days} days since the last time:"
    asked = level.asked or level.dose
    less = undone(asked, part.dose, steps_of(part))
    if less == asked:
        return replace(level, dose=asked, why=f"{told} begin as it began.")
    return replace(level, dose=less, why=f"{told} {difference(less, asked)} to begin with.")


# ------------------------------------------------------------------ how it went


def _hurt(record: PracticeRecord, done: PartDone) -> str:
    """Why the part is to become less, "" when it is not."""
    if done.status == "pain" or (record.practice.ended == "pain" and done is _last_done(record)):
        return "Pain stopped it last time"
    if rose_much(record.practice):
        return f"Pain rose by {rise(record.practice)} last time"
    return ""


def _stopped(record: PracticeRecord) -> bool:
    """Whether pain stopped it, or a part of it."""
    return record.practice.ended == "pain" or any(part.status == "pain" for part in record.parts)


def _depth_seen(done: PartDone) -> bool:
    """Whether a camera judged it, and could tell how deep it went."""
    depth = [measure.status for measure in done.measures if measure.rule in DEPTH_RULES]
    return done.judged_by == "camera" and bool(depth) and "cannot_tell" not in depth


def _last_done(record: PracticeRecord) -> PartDone | None:
    tried = [part for part in record.parts if part.status != "skipped"]
    return tried[-1] if tried else None


def _why_not(part: Part, record: PracticeRecord, done: PartDone) -> str:
    """What speaks against more, "" when nothing does."""
    if done.status != "done":
        return "Not all of it was done last time: as before."
    if _stopped(record):
        return "Pain stopped the last practice: as before."
    judged = part.kind == "reps" or done.judged_by == "camera"
    return (_not_clean(done) if judged else "") or _pain_or_untold(record.practice)


def _not_clean(done: PartDone) -> str:
    missing = f" ({done.why.rstrip('.')})" if done.why else ""
    if done.clean == "no":
        return f"Not quite clean last time{missing}: as before."
    if done.clean == "cannot_tell" or done.judged_by == "nobody":
        return f"Whether it was clean could not be told{missing}: as before."
    return ""


def _pain_or_untold(practice: Practice) -> str:
    if practice.pain_after is None:
        return "Pain after the last practice was not told: as before."
    if practice.pain_next is None:
        return "Pain of the next morning was not told: as before."
    return "" if did_not_rise(practice) else "Pain rose a little last time: as before."
