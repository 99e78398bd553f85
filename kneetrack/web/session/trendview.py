"""A client over time, worked out for its page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kneetrack.clinic import catalogue
from kneetrack.clinic.change import Trend, TrendRow
from kneetrack.clinic.limits import NONE_KNOWN
from kneetrack.clinic.setupmatch import SetupMatch
from kneetrack.clinic_records.numbers import Answer, Change, SessionValue
from kneetrack.clinic_records.visits import Session
from kneetrack.records import SideName
from kneetrack.web.session.compareview import ANSWERS, barred_words, change_text
from kneetrack.web.session.sessionview import VIEW_TITLES, Number, number
from kneetrack.web.session.trendchart import Chart, chart


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What may be said of a change: "No real change since session 1: ...".

    no_limit: there is no limit to say more by; the page says once what that means. barred: what
    stands in the way in a few words; the page says once, above, what it is.
    """

    side: str
    answer: Answer
    words: str
    difference: str
    why: str
    no_limit: bool = False
    barred: str = ""


@dataclass(frozen=True, slots=True)
class MeasureTrend:
    """One measure of a step from one view: chart, table and answers.

    lines: a row a session; a number a side, in the order of ``sides``; None: not measured.
    answers: from the first session to the last. latest: from the last but one, with three or more.
    """

    title: str
    view: str
    unit: str
    sides: tuple[SideName, ...]
    chart: Chart | None
    lines: tuple[tuple[Session, tuple[Number | None, ...]], ...]
    answers: tuple[AnswerView, ...]
    latest: tuple[AnswerView, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether any leg changed beyond the limit."""
        return any(answer.answer == "changed" for answer in self.answers)


def trend_groups(trend: Trend) -> tuple[tuple[str, tuple[MeasureTrend, ...]], ...]:
    """(step's title, its measures), in the order of the protocol."""
    titles = {step.key: step.title for step in trend.protocol.steps}
    grouped: dict[str, dict[tuple[str, str], list[TrendRow]]] = {}
    for row in trend.rows:
        step = grouped.setdefault(row.key.step, {})
        step.setdefault((row.key.measure, row.key.view), []).append(row)
    return tuple(
        (
            titles.get(step, step),
            tuple(_measure(rows, trend) for rows in measures.values()),
        )
        for step, measures in grouped.items()
    )


def tally(measures: Iterable[MeasureTrend]) -> str:
    """Such as "1 changed · 3 no real change · 12 cannot tell"; "" where there are no answers."""
    answers = [answer.answer for measure in measures for answer in measure.answers]
    counted = [(answers.count(name), words) for name, words in ANSWERS.items()]
    return " · ".join(f"{count} {words}" for count, words in counted if count)


def _measure(rows: Sequence[TrendRow], trend: Trend) -> MeasureTrend:
    key, sessions = rows[0].key, trend.sessions
    about = catalogue.info(key.measure)
    by_side: dict[SideName, tuple[SessionValue | None, ...]] = {
        row.key.side: row.values for row in rows
    }
    return MeasureTrend(
        title=about.title,
        view=VIEW_TITLES.get(key.view, key.view),
        unit=about.unit_words,
        sides=tuple(by_side),
        chart=chart(key.measure, [session.at for session in sessions], by_side),
        lines=tuple(
            (
                session,
                tuple(_number(values[at]) for values in by_side.values()),
            )
            for at, session in enumerate(sessions)
        ),
        answers=tuple(
            _answer(row.key.side, row.overall, trend.setup_overall)
            for row in rows
            if row.overall is not None
        ),
        latest=tuple(
            _answer(row.key.side, row.latest)
            for row in rows
            if row.latest is not None and len(sessions) > 2
        ),
    )


def _number(value: SessionValue | None) -> Number | None:
    return None if value is None else number(value)


def _answer(side: SideName, change: Change, setup: SetupMatch | None = None) -> AnswerView:
    no_limit = change.limit is None and change.why.endswith(NONE_KNOWN)
    why = change.why.removesuffix(NONE_KNOWN).removesuffix("; ")
    return AnswerView(
        side=side if side != "both" else "",
        answer=change.answer,
        words=ANSWERS[change.answer],
        difference=change_text(change),
        why=why[:1].upper() + why[1:],
        no_limit=no_limit,
        barred=barred_words(change, setup),
    )
