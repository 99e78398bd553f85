"""Adds up what the cohort report shows, a record at a time."""

from __future__ import annotations

import heapq
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Final

import numpy as np

from kneetrack.batch.entries import Counts, Plan, Row
from kneetrack.batch.ledger import Record
from kneetrack.clinic import catalogue
from kneetrack.exercises import all_exercises
from kneetrack.records import Status
from kneetrack.report import glossary
from kneetrack.report.cohort.html import STATES, grouped, render_cohort
from kneetrack.report.cohort.page import (
    ClipLine,
    ClipList,
    CohortPage,
    ExercisePart,
    Measured,
    ReasonLine,
    RuleLine,
    Shape,
)
from kneetrack.report.cohort.shape import limits, shape_of

_MOST_LISTED: Final = 100
_SLOWEST: Final = 10
_LEAST_ERRORS: Final = 6.0
"""A histogram is at least so many standard errors wide: finer differences are none."""
_MOST_REASONS: Final = 20
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_LEGS: Final = {"left": "Left", "right": "Right", "both": ""}


@dataclass(slots=True)
class _Values:
    """One measure of one leg, as it comes."""

    values: array[float] = field(default_factory=lambda: array("d"))
    errors: array[float] = field(default_factory=lambda: array("d"))
    views: Counter[str] = field(default_factory=Counter)
    of: int = 0


@dataclass(slots=True)
class _Exercise:
    clips: int = 0
    counted_only: int = 0
    states: Counter[Status] = field(default_factory=Counter)
    rules: dict[str, Counter[Status]] = field(default_factory=lambda: defaultdict(Counter))
    information: set[str] = field(default_factory=set)
    measures: dict[tuple[str, str], _Values] = field(default_factory=lambda: defaultdict(_Values))


@dataclass(slots=True)
class _Reason:
    verdicts: int = 0
    reps: int = 0
    clips: int = 0
    rules: Counter[str] = field(default_factory=Counter)


class Cohort:
    """The sums of a batch; a repeated clip is counted once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._exercises: dict[str, _Exercise] = defaultdict(_Exercise)
        self._reasons: dict[str, _Reason] = defaultdict(_Reason)
        self._lists: dict[str, list[ClipLine]] = defaultdict(list)
        self._more: Counter[str] = Counter()
        self._slowest: list[tuple[float, int, str, float]] = []
        self._verdicts = self._reps = self._valid = 0
        self._seconds = self._length_s = 0.0
        self._mediapipe: Counter[str] = Counter()

    def add(self, number: int, row: Row, record: Record | None, duplicate: bool) -> None:
        """Take a row in, with its record if there is one."""
        clip = row.entry.address
        if row.problem:
            self._list("error", number, clip, row.problem)
        elif record is None:
            self._list("pending", number, clip, "")
        elif record.status != "analysed":
            why = record.error or str(record.clip.get("reason") or "")
            self._list(record.status, number, clip, why)
        if record is None or duplicate:
            return
        length_s = float(record.clip.get("duration_s") or 0.0)
        self._seconds += record.seconds
        self._length_s += length_s
        slow = (record.seconds, number, clip, length_s)
        (heapq.heappushpop if len(self._slowest) >= _SLOWEST else heapq.heappush)(
            self._slowest, slow
        )
        self._mediapipe[str(record.clip.get("mediapipe") or "")] += 1
        self._add_reps(record)
        self._add_verdicts(record)
        self._add_readings(record)

    def page(self, counts: Counts, today: date | None = None) -> str:
        """The text of cohort.html."""
        today = today or date.today()
        page = CohortPage(
            date=f"{today:%d %B %Y}".lstrip("0"),
            figures=self._figures(counts),
            remarks=_remarks(counts),
            exercises=tuple(self._part(name) for name in self._order()),
            reasons=self._reason_lines(),
            more_reasons=max(0, len(self._reasons) - _MOST_REASONS),
            lists=tuple(self._clip_lists()),
            facts=self._facts(),
            own_settings=self._plan.how.settings_toml.strip(),
            definitions=self._definitions(),
        )
        return render_cohort(page)

    def _list(self, kind: str, number: int, clip: str, text: str) -> None:
        if len(self._lists[kind]) < _MOST_LISTED:
            self._lists[kind].append(ClipLine(number, clip, text))
        else:
            self._more[kind] += 1

    def _add_reps(self, record: Record) -> None:
        for name in {rep["exercise"] for rep in record.reps}:
            self._exercises[name].clips += 1
        for rep in record.reps:
            part = self._exercises[rep["exercise"]]
            part.states[rep["status"]] += 1
            part.counted_only += not rep["valid"]
            self._reps += 1
            self._valid += bool(rep["valid"])

    def _add_verdicts(self, record: Record) -> None:
        seen: dict[str, set[int]] = defaultdict(set)
        for verdict in record.verdicts:
            part, rule = self._exercises[verdict["exercise"]], verdict["rule"]
            part.rules[rule][verdict["status"]] += 1
            if verdict["information"]:
                part.information.add(rule)
            self._verdicts += 1
            if verdict["status"] == "cannot_tell":
                reason = _NUMBER.sub("…", verdict["reason"] or "no reason was given")
                self._reasons[reason].verdicts += 1
                self._reasons[reason].rules[rule] += 1
                seen[reason].add(verdict["rep"])
        for reason, reps in seen.items():
            self._reasons[reason].reps += len(reps)
            self._reasons[reason].clips += 1

    def _add_readings(self, record: Record) -> None:
        for exercise, measure, side, view, value, error in record.readings:
            held = self._exercises[exercise].measures[measure, side]
            held.of += 1
            if value is not None:
                held.values.append(value)
                held.views[str(view or "")] += 1
                if error is not None:
                    held.errors.append(error)

    def _order(self) -> list[str]:
        known = list(all_exercises())
        present = [name for name, part in self._exercises.items() if part.states]
        return sorted(present, key=lambda n: known.index(n) if n in known else len(known))

    def _figures(self, counts: Counts) -> tuple[tuple[str, str], ...]:
        told = [
            ("clips", counts.rows),
            ("analysed", counts.analysed),
            ("no exercise recognised", counts.no_exercise),
            ("nobody seen", counts.nobody),
            ("could not be analysed", counts.failed),
            ("not done yet", counts.pending),
            ("repetitions", self._reps),
            ("of these judged", self._valid),
        ]
        always = {"clips", "analysed", "repetitions", "of these judged", "could not be analysed"}
        return tuple((name, grouped(n)) for name, n in told if n or name in always)

    def _part(self, name: str) -> ExercisePart:
        sums = self._exercises[name]
        known = all_exercises()
        title = name.replace("_", " ").capitalize()
        rules = sorted(sums.rules, key=glossary.rule_order)
        return ExercisePart(
            title=title if name in known else name,
            clips=sums.clips,
            states={state: sums.states[state] for state in STATES},
            counted_only=sums.counted_only,
            rules=tuple(
                RuleLine(
                    glossary.rule(rule).name,
                    {state: sums.rules[rule][state] for state in STATES},
                    rule in sums.information,
                )
                for rule in rules
            ),
            measures=tuple(_measured(name, sums)),
        )

    def _reason_lines(self) -> tuple[ReasonLine, ...]:
        order = sorted(self._reasons.items(), key=lambda item: (-item[1].verdicts, item[0]))
        return tuple(
            ReasonLine(
                text,
                found.verdicts,
                found.verdicts / self._verdicts,
                found.reps,
                found.clips,
                tuple(glossary.rule(rule).name for rule, _ in found.rules.most_common()),
            )
            for text, found in order[:_MOST_REASONS]
        )

    def _clip_lists(self) -> Iterable[ClipList]:
        about = {
            "error": ("Clips that could not be analysed", "--retry-failed tries them again."),
            "nobody": ("Clips with nobody in them", ""),
            "no_exercise": ("Clips without an exercise that is known", ""),
            "pending": ("Clips that are not done yet", "The same command goes on with them."),
        }
        for kind, (title, words) in about.items():
            if self._lists[kind]:
                yield ClipList(title, words, tuple(self._lists[kind]), self._more[kind])
        if self._slowest:
            slow = sorted(self._slowest, reverse=True)
            lines = tuple(ClipLine(n, clip, _slow(took, long)) for took, n, clip, long in slow)
            yield ClipList("Slowest clips", "", lines)

    def _facts(self) -> tuple[tuple[str, str], ...]:
        how, plan = self._plan.how, self._plan
        asked = how.exercise.replace("_", " ").replace("-", " ")
        hours = f"{self._length_s / 3600:.1f} h of video, {self._seconds / 3600:.1f} h of work"
        versions = ", ".join(sorted(name for name in self._mediapipe if name))
        return (
            ("Sources", ", ".join(plan.sources)),
            ("Exercise", "as recognised" if asked == "auto" else f"{asked}, as asked"),
            ("Bridge", how.bridge),
            ("Quality", how.quality),
            ("Settings", _digest(how.settings_sha256, own=bool(how.settings_toml))),
            ("kneetrack", plan.kneetrack),
            ("MediaPipe", versions or "–"),
            ("Pose model (sha256)", how.model_sha256),
            ("In all", hours),
        )

    def _definitions(self) -> tuple[tuple[str, str, str, str], ...]:
        shown = (m for name in self._order() for m, _ in self._exercises[name].measures)
        found = {m: catalogue.info(m) for m in dict.fromkeys(shown)}
        stems = {info.definition: info for info in reversed(list(found.values()))}
        return tuple(
            (info.title.split(", at ")[0], info.definition, info.formula, info.sign)
            for info in reversed(list(stems.values()))
        )


def _remarks(counts: Counts) -> tuple[str, ...]:
    found = []
    if counts.duplicates:
        many = counts.duplicates != 1
        are = f"{counts.duplicates} clips are" if many else "1 clip is"
        found.append(f"{are} in the list more than once: counted once in everything below.")
    if counts.pending:
        found.append("The batch was interrupted: this is what was done by then.")
    return tuple(found)


def _measured(exercise: str, sums: _Exercise) -> Iterable[Measured]:
    known = [about.key for about in catalogue.reported(exercise)]  # type: ignore[arg-type]
    for measure in known:
        own = {
            side: sums.measures[measure, side] for side in _LEGS if (measure, side) in sums.measures
        }
        everything = [value for leg in own.values() for value in leg.values]
        errors = [error for leg in own.values() for error in leg.errors]
        least = _LEAST_ERRORS * median(errors) if errors else 0.0
        span = limits(everything, least) if everything else (0.0, 1.0)
        for side, leg in own.items():
            yield _line(measure, side, leg, span)


def _line(measure: str, side: str, held: _Values, span: tuple[float, float]) -> Measured:
    about = catalogue.info(measure)

    def text(value: float) -> str:
        return catalogue.text(measure, value, brief=True)

    shape: Shape | None = None
    middle = typical = "–"
    shown = "–"
    if held.values:
        quarter, half, three = (float(v) for v in np.percentile(held.values, [25, 50, 75]))
        shape, shown = shape_of(held.values, span, text), text(half)
        middle = f"{text(quarter)} to {text(three)}"
    if held.errors:
        typical = f"± {catalogue.text(measure, median(held.errors), brief=True).lstrip('+')}"
    of = about.unit_words.partition(" of ")[2]
    return Measured(
        title=about.title + (f", of {of}" if of else ""),
        leg=_LEGS[side],
        shape=shape,
        median=shown,
        middle=middle,
        error=typical,
        n=len(held.values),
        of=held.of,
        views=", ".join(view.replace("_", " ") for view, _ in held.views.most_common()),
    )


def _slow(took_s: float, long_s: float) -> str:
    of = f" for {long_s:.1f} s of video" if long_s else ""
    return f"{took_s:.1f} s{of}"


def _digest(sha256: str, *, own: bool) -> str:
    return f"{'your own' if own else 'defaults'} (sha256 {sha256[:16]})"
