"""The clinician's table: one row a step and measure, left and right side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic.catalogue import family
from kneetrack.clinic.change import remarks
from kneetrack.clinic.report_visit import Visit, group_of, view_word
from kneetrack.clinic.sessions import side_differences, values_of
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.numbers import Change, MeasureKey, SessionValue, SideDifference
from kneetrack.records import SideName, Status
from kneetrack.report import glossary
from kneetrack.report.clinic.facts import Cell, ChangeCell, Definition, Row, StepTable, Untold

_RANK: Final[dict[Status, int]] = {"cannot_tell": 0, "ok": 1, "watch": 2, "flag": 3}
_PLAIN_UNITS: Final = ("degrees", "seconds")
Loose = tuple[str, str, ViewAsked]
"""Group of steps, measure, and from where it was to be filmed."""


@dataclass(slots=True)
class _Gathered:
    """What belongs into one row."""

    values: dict[SideName, SessionValue] = field(default_factory=dict)
    changes: dict[SideName, Change] = field(default_factory=dict)


def tables(visit: Visit) -> tuple[tuple[StepTable, ...], tuple[Untold, ...]]:
    """The table of every movement, and what could not be told for either leg, with the reason."""
    rows = _gather(visit)
    differences = {_loose(d.key): d for d in side_differences(visit.now.values)}
    filmed = {(group_of(t.step), t.view) for t in visit.now.trials}
    found: dict[str, list[Row]] = {}
    untold: dict[tuple[str, str], list[str]] = {}
    for key, row in rows.items():
        _, measure, view = key
        title = visit.title(_any(row).key.step)
        if not _told_anywhere(row):
            why = next((v.why_not for v in row.values.values()), "")
            if (key[0], view) in filmed:
                untold.setdefault((f"{title}, {view_word(view)}", why), []).append(label(measure))
            continue
        found.setdefault(title, []).append(_row(visit, key, row, differences.get(key)))
    shown = tuple(StepTable(title, tuple(own)) for title, own in found.items())
    missing = [Untold(f"{where}: {', '.join(m)}", why) for (where, why), m in untold.items()]
    return shown, (*_not_taken(visit), *missing)


def label(measure: str) -> str:
    """What a measure is called in a narrow column."""
    return catalogue.label(measure)


def definitions(visit: Visit) -> tuple[Definition, ...]:
    """Every measure of the table, once."""
    keys = dict.fromkeys(key[1] for key, row in _gather(visit).items() if _told_anywhere(row))
    infos = [catalogue.info(key) for key in keys]
    return tuple(
        Definition(label(i.key), i.title, i.formula, i.sign, "".join(i.sources[:1]).split(",")[0])
        for i in infos
    )


def originals(visit: Visit) -> tuple[str, ...]:
    """What every number that rests on a correction was before it."""
    from kneetrack.clinic.kept import original_result
    from kneetrack.clinic.readings import numbers_of

    touched = [v for v in visit.now.values if v.corrected]
    if not touched:
        return ()
    readings = list(visit.now.readings)
    for trial in visit.now.trials:
        if visit.store.corrections(trial.id):
            first = numbers_of(trial.id, original_result(visit.store, trial.id))
            kept = [r for r in readings if r.trial_id != trial.id or r.rep == 0]
            readings = [*kept, *(r for r in first.readings if r.rep != 0)]
    before = {
        v.key: v for v in values_of(visit.session.id, visit.protocol, visit.now.trials, readings)
    }
    return tuple(_original(visit, value, before.get(value.key)) for value in touched)


def _original(visit: Visit, now: SessionValue, first: SessionValue | None) -> str:
    measure = now.key.measure
    was = "–" if first is None else catalogue.text(measure, first.value, first.error)
    if was == "–":
        was = "not told"
    side = "" if now.key.side == "both" else f", {now.key.side}"
    return f"{visit.title(now.key.step)}, {label(measure)}{side}: originally {was}"


def _gather(visit: Visit) -> dict[Loose, _Gathered]:
    rows: dict[Loose, _Gathered] = {}
    for value in visit.now.values:
        rows.setdefault(_loose(value.key), _Gathered()).values[value.key.side] = value
    for change in visit.changes:
        row = rows.get(_loose(change.key))
        if row is not None:
            row.changes[change.key.side] = change
    order = {group_of(step.key): i for i, step in enumerate(visit.protocol.steps)}
    known = {key: i for i, key in enumerate(rows)}
    return dict(sorted(rows.items(), key=lambda item: (order.get(item[0][0], 99), known[item[0]])))


def _loose(key: MeasureKey) -> Loose:
    return group_of(key.step), key.measure, family(key.view)


def _any(row: _Gathered) -> SessionValue:
    return next(iter(row.values.values()))


def _told_anywhere(row: _Gathered) -> list[SessionValue]:
    return [v for v in row.values.values() if v.value is not None]


def _row(visit: Visit, key: Loose, row: _Gathered, sides: SideDifference | None) -> Row:
    _, measure, view = key
    difference, why = "", ""
    if sides is not None and sides.difference is not None:
        difference = catalogue.sides_text(sides)
    elif sides is not None and len(_told_anywhere(row)) == 2:
        why = sides.why
    about = catalogue.info(measure)
    seen = {v.key.view for v in _told_anywhere(row)}
    limits = [c.limit for _, c in sorted(row.changes.items()) if c.limit is not None]
    texts = dict.fromkeys(
        catalogue.difference_text(measure, limit.mdc95, brief=True).lstrip("+") for limit in limits
    )
    return Row(
        label=label(measure),
        unit="" if about.unit_words in _PLAIN_UNITS else about.unit_words,
        view=" / ".join(view_word(v) for v in sorted(seen)) or view_word(view),
        cells={side: _cell(visit, value) for side, value in row.values.items()},
        difference=difference,
        limit=" / ".join(texts),
        changes={side: _change(change) for side, change in row.changes.items()},
        difference_why=why,
    )


def _cell(visit: Visit, value: SessionValue) -> Cell:
    reps = f"{value.reps}/{value.reps_total}" if value.reps_total else ""
    if value.value is None:
        return Cell("", reps, value.why_not or "not told", value.corrected)
    text = catalogue.text(value.key.measure, value.value, value.error, brief=True)
    status = value_status(visit, value) if visit.coaching else None
    beyond = beyond_words(visit, value) if visit.coaching else ""
    return Cell(text, reps, corrected=value.corrected, status=status, beyond=beyond)


def _change(change: Change) -> ChangeCell:
    measure = change.key.measure
    old = change.before
    before = "" if old.value is None else catalogue.text(measure, old.value, None, brief=True)
    difference = ""
    if change.difference is not None:
        difference = catalogue.difference_text(measure, change.difference, brief=True)
    why = change.why if change.answer == "cannot_tell" else remarks(change)
    return ChangeCell(before, difference, change.answer, why, old.corrected)


def value_status(visit: Visit, value: SessionValue) -> Status | None:
    """Where a value lies: in its coaching band, and within what was prescribed."""
    found = (coaching_status(visit, value.key), _limit_status(visit, value))
    told = [status for status in found if status is not None]
    return max(told, key=lambda status: _RANK[status], default=None)


def beyond_words(visit: Visit, value: SessionValue) -> str:
    """ "beyond the prescribed 80°"; "" where it is within it, or nothing is prescribed."""
    if visit.limits is None or _limit_status(visit, value) not in ("watch", "flag"):
        return ""
    limit = visit.limits.limit_deg(value.key.exercise, value.key.measure)
    return "" if limit is None else f"beyond the prescribed {limit:g}°"


def _limit_status(visit: Visit, value: SessionValue) -> Status | None:
    if visit.limits is None:
        return None
    key = value.key
    return visit.limits.status(key.exercise, key.measure, value.value, value.error)


def coaching_status(visit: Visit, key: MeasureKey) -> Status | None:
    """The worst coaching verdict that this measure decided; None when it decided none."""
    stem = key.measure.removesuffix(catalogue.MID_RANGE).removesuffix(catalogue.MEAN)
    found = [
        row.status
        for trial in visit.now.trials
        if trial.step == key.step and trial.id in visit.results
        for row in visit.results[trial.id].summary
        if glossary.stem(row.measure) == stem
        and not row.information
        and row.status != "cannot_tell"
        and row.side in (key.side, "both")
        and visit.results[trial.id].view.name == key.view
    ]
    return max(found, key=lambda status: _RANK[status], default=None)


def _not_taken(visit: Visit) -> list[Untold]:
    """Takes of the protocol that do not count, and why."""
    done = {(t.step, t.view) for t in visit.now.trials}
    others = visit.store.trials(visit.session.id)
    found: dict[str, list[str]] = {}
    for step, view in visit.protocol.takes():
        tried = [t for t in others if (t.step, t.view) == (step.key, view)]
        if (step.key, view) in done or (step.optional and not tried):
            continue
        why = tried[-1].reason or "not finished" if tried else "not filmed"
        found.setdefault(why, []).append(f"{step.title}, {view_word(view)}")
    return [Untold("; ".join(takes), why) for why, takes in found.items()]
