"""Each sign: what was told and what was measured, side by side. They need not agree. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic_records.practice import PartDone, PartMeasure, Sign, SignFound, Told
from kneetrack.judge import RANK
from kneetrack.records import Status
from kneetrack.report import glossary
from kneetrack.selfcheck.measuring import DECIDING, HELD
from kneetrack.selfcheck.questions import QUESTIONS, SignQuestion
from kneetrack.selfcheck.takes import TAKES

NOT_MEASURED: Final = "not measured"
_TITLES: Final = {step.key: step.title for step in TAKES.steps}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. what: in words. value: with its error, "" where it has none."""

    take: str
    what: str
    value: str
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SignOutcome:
    """One sign. measured None: the camera did not look at it. lines: all that it looked at."""

    sign: Sign
    title: str
    told: Told
    measured: Status | None = None
    lines: tuple[Line, ...] = ()

    @property
    def seen(self) -> bool:
        """Whether the camera saw it."""
        return self.measured in ("watch", "flag")

    @property
    def found(self) -> bool:
        """Whether it was told, or seen by the camera."""
        return self.told == "yes" or self.seen

    @property
    def in_a_line(self) -> str:
        """What was measured, foremost first; "" where nothing was."""
        worst = sorted(self.lines, key=lambda line: -RANK[line.status])
        first = [line for line in worst if line.status == self.measured][:2]
        return "; ".join(line_words(line) for line in first)


def line_words(line: Line) -> str:
    """``Squat: left knee falls inward (14 ± 5 % ... inside the toes)``, or why it is not known."""
    more = line.reason if line.status == "cannot_tell" else line.value
    return f"{line.take}: {line.what[:1].lower()}{line.what[1:]}" + (f" ({more})" if more else "")


def sign_outcomes(told: Mapping[Sign, Told], parts: Sequence[PartDone]) -> tuple[SignOutcome, ...]:
    """The five signs in their order. parts: the takes, in any order."""
    return tuple(_outcome(question, told, parts) for question in QUESTIONS)


def _outcome(
    question: SignQuestion, told: Mapping[Sign, Told], parts: Sequence[PartDone]
) -> SignOutcome:
    own = [part for key in question.filmed for part in parts if part.part == key]
    looked_at = [part for part in own if part.judged_by == "camera"]
    return SignOutcome(
        question.sign,
        question.title,
        told.get(question.sign, "not_asked"),
        _measured(looked_at),
        tuple(line for part in looked_at for line in _lines(part)),
    )


def _measured(parts: Sequence[PartDone]) -> Status | None:
    """The worst that was seen; ok only where everything that decides could be told."""
    if not parts:
        return None
    seen = [m.status for part in parts for m in part.measures if m.status in ("watch", "flag")]
    if seen:
        return max(seen, key=lambda status: RANK[status])
    return "ok" if all(part.clean == "yes" for part in parts) else "cannot_tell"


def _lines(part: PartDone) -> list[Line]:
    """What decides, and what else is beyond its band; one line where nothing could be read."""
    if not part.measures:
        why = part.why or "it could not be read"
        return [Line(_TITLES[part.part], "Could not be judged", "", "cannot_tell", why)]
    deciding = (HELD, *DECIDING[part.exercise])
    return [
        _line(part, measure)
        for measure in part.measures
        if measure.rule in deciding or measure.status in ("watch", "flag")
    ]


def _line(part: PartDone, measure: PartMeasure) -> Line:
    return Line(
        _TITLES[part.part],
        what_words(part, measure),
        value_words(measure),
        measure.status,
        measure.reason,
    )


def what_words(part: PartDone, measure: PartMeasure) -> str:
    """``Left knee falls inward``; of a balance how long it was held."""
    if measure.rule == HELD:
        return f"Held for {measure.value or 0:.0f} of {part.dose.hold_s or 0:.0f} s"
    return glossary.rule(measure.rule).says(measure.status, measure.side)


def value_words(measure: PartMeasure) -> str:
    """The number with its standard error in a sentence, in a client's words."""
    if measure.value is None or measure.rule == HELD:
        return ""
    entry = glossary.measure(measure.measure, measure.unit)
    return entry.sentence(measure.value, measure.error).replace("shank", "shin")


def signs_found(outcomes: Sequence[SignOutcome]) -> tuple[SignFound, ...]:
    """As they stand in the store."""
    return tuple(SignFound(o.sign, o.told, o.measured, o.in_a_line) for o in outcomes)
