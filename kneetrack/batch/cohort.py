"""The cohort report's page, from the sums."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from statistics import median
from typing import Final

import numpy as np

from kneetrack.batch.entries import Counts, Plan, Row
from kneetrack.batch.ledger import Record
from kneetrack.batch.sums import ExerciseSums, Sums, Values
from kneetrack.batch.unlike import unlike
from kneetrack.clinic import catalogue
from kneetrack.exercises import all_exercises
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

_MOST_REASONS: Final = 20
_LEAST_ERRORS: Final = 6.0
"""A histogram is at least so many standard errors wide: finer differences are none."""
_WHEN: Final = {"glute_bridge": "at the top of the bridge", "single_leg_stance": "while balancing"}
_FEWEST: Final = 5
"""Fewer values than this have no histogram and no middle half."""
_LEGS: Final = {"left": "Left", "right": "Right", "both": "Both"}


class Cohort:
    """The report of a batch: rows are taken in one by one, then the page is made."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._sums = Sums()

    def add(self, number: int, row: Row, record: Record | None, duplicate: bool) -> None:
        """Take a row in, with its record if there is one."""
        self._sums.add(number, row, record, duplicate)
        words = unlike(row, record, self._plan.how.exercise) if record else ""
        if words:
            self._sums.list_clip("unlike", number, row.entry.address, words)

    def page(self, counts: Counts, today: date | None = None) -> str:
        """The text of cohort.html."""
        today = today or date.today()
        page = CohortPage(
            date=f"{today:%d %B %Y}".lstrip("0"),
            figures=self._figures(counts),
            remarks=_remarks(counts),
            nothing=self._nothing(counts),
            unlike=self._unlike_list(),
            exercises=tuple(self._part(name) for name in self._order()),
            reasons=self._reason_lines(),
            more_reasons=max(0, len(self._sums.reasons) - _MOST_REASONS),
            lists=tuple(self._clip_lists()),
            facts=self._facts(),
            own_settings=self._plan.how.settings_toml.strip(),
            definitions=self._definitions(),
        )
        return render_cohort(page)

    def _order(self) -> list[str]:
        """Exercises that were found, the one with most repetitions first."""
        found = {name: sum(part.states.values()) for name, part in self._sums.exercises.items()}
        return sorted((name for name in found if found[name]), key=lambda n: (-found[n], n))

    def _nothing(self, counts: Counts) -> tuple[str, str]:
        if not counts.pending:
            return "No repetition was found", "Nothing was measured: the lists below say why."
        if not self._sums.mediapipe:
            return "Nothing has been looked at yet", "The same command goes on with the clips."
        return "No repetition was found so far", "The same command goes on with the other clips."

    def _unlike_list(self) -> ClipList | None:
        lines = tuple(self._sums.lists["unlike"])
        title = "Asked for one exercise or side, recognised another"
        about = (
            "Each was analysed as the exercise that was asked for, and is in the numbers below: "
            "look whether the clip or the manifest is the wrong one."
        )
        return ClipList(title, about, lines, self._sums.more["unlike"]) if lines else None

    def _figures(self, counts: Counts) -> tuple[tuple[str, str], ...]:
        told = [
            ("clips", counts.rows),
            ("analysed", counts.analysed),
            ("no exercise recognised", counts.no_exercise),
            ("nobody seen", counts.nobody),
            ("could not be analysed", counts.failed),
            ("not done yet", counts.pending),
            ("repetitions", self._sums.reps),
            ("of these judged", self._sums.valid),
        ]
        always = {"clips", "analysed", "repetitions", "of these judged", "could not be analysed"}
        return tuple((name, grouped(n)) for name, n in told if n or name in always)

    def _part(self, name: str) -> ExercisePart:
        sums = self._sums.exercises[name]
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
            when=_WHEN.get(name, "at the bottom of the repetition"),
            unjudged=tuple(_unjudged(name, sums)),
        )

    def _reason_lines(self) -> tuple[ReasonLine, ...]:
        order = sorted(self._sums.reasons.items(), key=lambda item: (-item[1].verdicts, item[0]))
        return tuple(
            ReasonLine(
                text,
                found.verdicts,
                found.verdicts / self._sums.verdicts,
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
            if self._sums.lists[kind]:
                yield ClipList(title, words, tuple(self._sums.lists[kind]), self._sums.more[kind])
        if sum(self._sums.mediapipe.values()) > len(self._sums.slowest):
            slow = sorted(self._sums.slowest, reverse=True)
            lines = tuple(ClipLine(n, clip, _slow(took, long)) for took, n, clip, long in slow)
            yield ClipList("Slowest clips", "", lines)

    def _facts(self) -> tuple[tuple[str, str], ...]:
        how, plan = self._plan.how, self._plan
        asked = how.exercise.replace("_", " ").replace("-", " ")
        video, work = _lasting(self._sums.length_s), _lasting(self._sums.seconds)
        versions = ", ".join(sorted(name for name in self._sums.mediapipe if name))
        return (
            ("Sources", ", ".join(plan.sources)),
            ("Exercise", "as recognised" if asked == "auto" else f"{asked}, as asked"),
            ("Bridge", how.bridge),
            ("Quality", how.quality),
            ("Settings", _digest(how.settings_sha256, own=bool(how.settings_toml))),
            ("kneetrack", plan.kneetrack),
            ("MediaPipe", versions or "–"),
            ("Pose model (sha256)", how.model_sha256),
            ("In all", f"{video} of video, {work} of work"),
        )

    def _definitions(self) -> tuple[tuple[str, str, str, str], ...]:
        shown = (m for name in self._order() for m, _ in self._sums.exercises[name].measures)
        found = {m: catalogue.info(m) for m in dict.fromkeys(shown)}
        stems = {info.definition: info for info in reversed(list(found.values()))}
        return tuple(
            (info.title.split(", at ")[0], info.definition, info.formula, info.sign)
            for info in reversed(list(stems.values()))
        )


def _remarks(counts: Counts) -> tuple[str, ...]:
    found = []
    if counts.duplicates:
        repeat = "1 row repeats" if counts.duplicates == 1 else f"{counts.duplicates} rows repeat"
        found.append(f"{repeat} a clip of an earlier row: it counts once in everything below.")
    if counts.pending:
        found.append("The batch was interrupted: this is what was done by then.")
    return tuple(found)


def _measured(exercise: str, sums: ExerciseSums) -> Iterable[Measured]:
    left_out = _left_out(exercise, sums)
    known = [about.key for about in catalogue.reported(exercise)]
    for measure in [key for key in known if key not in left_out]:
        own = {
            side: sums.measures[measure, side] for side in _LEGS if (measure, side) in sums.measures
        }
        everything = [value for leg in own.values() for value in leg.values]
        errors = [error for leg in own.values() for error in leg.errors]
        least = _LEAST_ERRORS * median(errors) if errors else 0.0
        span = limits(everything, least) if everything else (0.0, 1.0)
        for side, leg in own.items():
            yield _line(measure, side, leg, span)


def _left_out(exercise: str, sums: ExerciseSums) -> list[str]:
    """The measures that have values but whose rule could be told in no repetition at all."""
    return [
        about.key
        for about in catalogue.reported(exercise)
        if about.key in sums.untold
        and about.key not in sums.told
        and any(sums.measures[key].values for key in sums.measures if key[0] == about.key)
    ]


def _unjudged(exercise: str, sums: ExerciseSums) -> Iterable[tuple[str, str]]:
    for measure in _left_out(exercise, sums):
        reason, _ = sums.untold[measure].most_common(1)[0]
        yield catalogue.info(measure).title, reason or "no reason was given"


def _line(measure: str, side: str, held: Values, span: tuple[float, float]) -> Measured:
    about = catalogue.info(measure)

    def text(value: float) -> str:
        return catalogue.text(measure, value, brief=True)

    shape: Shape | None = None
    middle = typical = "–"
    shown, words = "–", "not one could be told"
    if held.values:
        quarter, half, three = (float(v) for v in np.percentile(held.values, [25, 50, 75]))
        shown = text(half)
        if len(held.values) >= _FEWEST:
            shape = shape_of(held.values, span, text)
            middle = f"{text(quarter)} to {text(three)}"
            words = ""
        else:
            words = f"n = {len(held.values)}: too few for a distribution"
    if held.errors:
        typical = f"± {catalogue.text(measure, median(held.errors), brief=True).lstrip('+')}"
    of = about.unit_words.partition(" of ")[2]
    unit = f", of {of}" if of else ""
    if about.unit_words.endswith("lengths"):
        unit = f", in {about.unit_words}"
    return Measured(
        title=about.title + unit,
        leg=_LEGS[side],
        shape=shape,
        median=shown,
        middle=middle,
        error=typical,
        n=len(held.values),
        of=held.of,
        views=", ".join(view.replace("_", " ") for view, _ in held.views.most_common()),
        words=words,
    )


def _slow(took_s: float, long_s: float) -> str:
    of = f" for {long_s:.1f} s of video" if long_s else ""
    return f"{took_s:.1f} s{of}"


def _lasting(seconds: float) -> str:
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return "{:.0f} min {:.0f} s".format(*divmod(round(seconds), 60))
    return f"{seconds / 3600:.1f} h"


def _digest(sha256: str, *, own: bool) -> str:
    return f"{'your own' if own else 'defaults'} (sha256 {sha256[:16]})"
