"""The words of the diary: how practices, parts and doses are written."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.practice import (
    NOT_BEGUN,
    Clean,
    Dose,
    HowEnded,
    JudgedBy,
    PartDone,
    PartStatus,
    Practice,
    PracticeKind,
    PracticeRecord,
    Sign,
    Told,
)
from kneetrack.diary.days import State, never_begun, state_of
from kneetrack.records import SettingsError
from kneetrack.red_flags import noted_flags

if TYPE_CHECKING:
    from kneetrack.guide import Page

SYMBOLS: Final[dict[State, str]] = {
    "done": "●",
    "partly": "◐",
    "pain": "▲",
    "nothing": "○",
}
"""Told by shape, not by colour alone."""
SELFCHECK: Final = "◇"
STATES: Final[dict[State, str]] = {
    "done": "done",
    "partly": "partly",
    "pain": "stopped by pain",
    "nothing": "nothing done",
}
ENDED: Final[dict[HowEnded, str]] = {
    "under_way": "not ended",
    "done": "to its end",
    "stopped": "stopped early",
    "pain": "stopped by pain",
    "left": "left before its end",
}
NOT_BEGUN_PAIN: Final = "not begun: pain before"
DOCTOR_FIRST: Final = "a doctor first: see its note"
NOT_BEGUN_FLAG: Final = f"not begun: {DOCTOR_FIRST}"
TIMED: Final = "timed"
PART_WORDS: Final[dict[PartStatus, str]] = {
    "done": "done",
    "partly": "partly",
    "skipped": "left out",
    "pain": "stopped by pain",
}
PART_SYMBOLS: Final[dict[PartStatus, str]] = {
    "done": "●",
    "partly": "◐",
    "skipped": "–",
    "pain": "▲",
}
CLEAN: Final[dict[Clean, str]] = {"yes": "clean", "no": "not clean", "cannot_tell": "cannot tell"}
JUDGES: Final[dict[JudgedBy, str]] = {"camera": "camera", "self": "own word", "nobody": ""}
TOLD: Final[dict[Told, str]] = {"yes": "yes", "no": "no", "unsure": "not sure", "not_asked": "–"}
KINDS: Final[dict[PracticeKind, str]] = {"programme": "practice", "selfcheck": "self-check"}
NO_PAIN_TOLD: Final = "–"


def how_many(count: int, what: str) -> str:
    """ "1 part", "2 parts"."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def exercise_title(exercise: str) -> str:
    """What an exercise is called on its page; its own name where it has none."""
    page = _page(exercise)
    return exercise.replace("_", " ").capitalize() if page is None else page.title


def part_title(part: PartDone) -> str:
    """What a part is called: a take of a self-check by its leg, else as its exercise."""
    from kneetrack.selfcheck.takes import TAKES

    step = TAKES.step(part.part)
    of_one_leg = step is not None and step.exercise == part.exercise and step.foot != "both"
    return step.title if step is not None and of_one_leg else exercise_title(part.exercise)


def sign_title(sign: Sign) -> str:
    """How a sign is listed: "Knee pain after sitting or on stairs"."""
    from kneetrack.selfcheck.questions import QUESTIONS

    return next(question.title for question in QUESTIONS if question.sign == sign)


def asked_text(part: PartDone) -> str:
    """The dose of a part, with "a side" where sides work in turn."""
    page = _page(part.exercise)
    each_side = page is not None and page.each_side and not _one_side(part)
    return dose_text(part.dose, each_side=each_side)


def _one_side(part: PartDone) -> bool:
    """Whether it was all of one side alone; nothing of a diary says which sides were asked for."""
    of_one = (part.dose.sets or 1) * (part.dose.reps or 0)
    return part.status == "done" and 0 < part.reps_done <= of_one


def _page(exercise: str) -> Page | None:
    from kneetrack.guide import load_page

    try:
        return load_page(exercise)
    except SettingsError:
        return None


def day_text(day: date, *, year: bool = False) -> str:
    """ "Fri 27 Nov", "Fri 27 Nov 2026"."""
    return f"{day:%a} {day.day} {day:%b}{f' {day:%Y}' if year else ''}"


def time_text(at: datetime, zone: tzinfo | None = None) -> str:
    """ "18:02" by the local clock."""
    return f"{at.astimezone(zone):%H:%M}"


def minutes(practice: Practice) -> int | None:
    """How long it took, None when it was not ended."""
    if practice.ended_at is None:
        return None
    return max(0, round((practice.ended_at - practice.at).total_seconds() / 60))


def pain_text(practice: Practice) -> str:
    """ "2 → 1 → 1": before, after, the next morning; "–" where it was not told."""
    told = (practice.facts.pain_before, practice.pain_after, practice.pain_next)
    if told == (None, None, None):
        return ""
    return " → ".join(NO_PAIN_TOLD if pain is None else str(pain) for pain in told)


def parts_text(record: PracticeRecord) -> str:
    """ "4 of 5 parts" done, "4 of 6 takes" that the camera judged; "" without parts."""
    parts, filmed = record.parts, record.practice.facts.kind == "selfcheck"
    if not parts:
        return ""
    done = sum(p.judged_by == "camera" if filmed else p.status == "done" for p in parts)
    of = how_many(len(parts), "take" if filmed else "part")
    return of if done == len(parts) else f"{done} of {of}"


def symbol_of(record: PracticeRecord) -> str:
    """Symbol of a practice."""
    if record.practice.facts.kind == "selfcheck":
        return SELFCHECK
    return SYMBOLS[state_of(record)]


def state_text(record: PracticeRecord) -> str:
    """How it went, in words; that it was a self-check."""
    if record.practice.facts.kind == "selfcheck":
        ended = record.practice.ended
        if noted_flags(record.practice.note):
            return f"self-check, {DOCTOR_FIRST}"
        return "self-check" if ended == "done" else f"self-check, {ENDED[ended]}"
    if record.practice.ended == "under_way":
        return ENDED["under_way"]
    if never_begun(record):
        return NOT_BEGUN_PAIN if record.practice.ended == "pain" else NOT_BEGUN_FLAG
    return STATES[state_of(record)]


def dose_text(dose: Dose, *, each_side: bool = False) -> str:
    """ "2 × 10 a side, hold 3 s", "45 s each"; "" where nothing was asked for."""
    words = []
    if dose.reps is not None:
        times = f"{dose.sets} × {dose.reps}" if dose.sets else f"{dose.reps}"
        words.append(times + (" a side" if each_side else ""))
    elif dose.sets is not None and dose.sets > 1:
        words.append(how_many(dose.sets, "round"))
    if dose.hold_s is not None:
        held = dose.reps is not None
        words.append(f"hold {dose.hold_s:g} s" if held else f"{dose.hold_s:g} s each")
    if dose.depth_deg is not None:
        words.append(f"to {dose.depth_deg:g}°")
    return ", ".join(words)


def done_text(part: PartDone) -> str:
    """ "2 sets, 20 reps", "6 min 20 s"."""
    if part.reps_done or part.dose.reps is not None:
        if part.status == "skipped":
            return ""
        return f"{how_many(part.sets_done, 'set')}, {how_many(part.reps_done, 'rep')}"
    return seconds_text(part.seconds) if part.seconds else ""


def outcome_text(part: PartDone) -> str:
    """ "2 sets, 20 reps", "1 set, 6 reps, stopped by pain", "left out", "not begun"."""
    if part.not_begun:
        return NOT_BEGUN
    status = "" if part.status == "done" else PART_WORDS[part.status]
    return ", ".join(filter(None, [done_text(part), status]))


def seconds_text(seconds: float) -> str:
    """ "50 s", "6 min 20 s"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    rest = f" {whole % 60} s" if whole % 60 else ""
    return f"{whole // 60} min{rest}"


def clean_text(part: PartDone, *, judge: bool = True) -> str:
    """ "clean (camera)", "timed"; "" for one that was left out, or that nobody judged."""
    if part.anything and part.dose.reps is None and part.judged_by != "camera":
        return TIMED
    if part.status == "skipped" or (part.judged_by == "nobody" and part.clean == "cannot_tell"):
        return ""
    by = JUDGES[part.judged_by] if judge else ""
    return CLEAN[part.clean] + (f" ({by})" if by else "")
