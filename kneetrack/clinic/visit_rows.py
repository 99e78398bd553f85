"""One visit as it is shown: a row a step, front and side joined, every number with its view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kneetrack.clinic import catalogue
from kneetrack.clinic.naming import trial_name
from kneetrack.clinic.protocols import step_of_trials
from kneetrack.clinic_records.numbers import SessionValue
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.visits import Score, Session, Trial
from kneetrack.records import SideName

if TYPE_CHECKING:
    from kneetrack.store.store import Store


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a visit: its takes, every attempt of them, its values and its scores."""

    step: Step
    trials: tuple[Trial, ...]
    values: tuple[SessionValue, ...]
    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure of a step from one view; values by side."""

    measure: str
    view: str
    values: dict[SideName, SessionValue]


def step_rows(store: Store, session: Session, protocol: Protocol) -> list[StepRow]:
    """Every step of the protocol, and those that have trials and are not in it any more."""
    from kneetrack.clinic.sessions import session_values

    trials, scores = store.trials(session.id), store.scores(session.id)
    values = session_values(store, session, protocol)
    known = {step.key for step in protocol.steps}
    gone = dict.fromkeys(t.step for t in trials if t.step not in known)
    steps = [*protocol.steps, *(step_of_trials(key, trials) for key in gone)]
    return [
        StepRow(
            step,
            tuple(t for t in trials if t.step == step.key),
            tuple(v for v in values if v.key.step == step.key),
            tuple(s for s in scores if s.step == step.key),
        )
        for step in steps
    ]


def measure_lines(values: Sequence[SessionValue]) -> list[MeasureLine]:
    """Values with a number, sides of one measure and view together, in the order given."""
    lines: dict[tuple[str, str], MeasureLine] = {}
    for value in values:
        if value.value is None:
            continue
        key = (value.key.measure, value.key.view)
        line = lines.setdefault(key, MeasureLine(*key, {}))
        line.values[value.key.side] = value
    return list(lines.values())


def cannot_tell_lines(values: Sequence[SessionValue]) -> list[str]:
    """What could not be told, one line a reason.

    Such as "Knee over foot (KFO) left, right: no take from the front".
    """
    grouped: dict[str, dict[str, list[str]]] = {}
    for value in values:
        if value.value is None:
            name = catalogue.label(value.key.measure)
            sides = grouped.setdefault(value.why_not, {}).setdefault(name, [])
            sides.extend([value.key.side] if value.key.side != "both" else [])
    lines = []
    for why, names in grouped.items():
        told = ", ".join(f"{name} {' and '.join(sides)}".strip() for name, sides in names.items())
        lines.append(f"{told}: {why}" if why else told)
    return lines


def visit_dict(
    store: Store, code: str, session: Session, rows: Sequence[StepRow]
) -> dict[str, Any]:
    """A visit as plain values for JSON; numbers in the unit of their row, ratios as fractions."""
    return session_dict(code, session) | {"steps": [_row_dict(store, row) for row in rows]}


def session_dict(code: str, session: Session) -> dict[str, Any]:
    """A session without its trials as plain values for JSON."""
    setup = session.setup
    return {
        "client": code,
        "session": session.number,
        "id": session.id,
        "at": session.at.isoformat(),
        "protocol": session.protocol,
        "protocol_version": session.protocol_version,
        "setup": {name: getattr(setup, name) for name in setup.__dataclass_fields__},
        "notes": session.notes,
        "by": session.by,
        "closed_at": session.closed_at.isoformat() if session.closed_at else None,
    }


def _row_dict(store: Store, row: StepRow) -> dict[str, Any]:
    return {
        "step": row.step.key,
        "title": row.step.title,
        "exercise": row.step.exercise,
        "takes": [_trial_dict(store, trial, row.trials) for trial in row.trials],
        "values": [_value_dict(value) for value in row.values],
        "scores": [
            {
                "sheet": score.sheet,
                "side": score.side,
                "total": score.total,
                "items": {item.key: item.confirmed for item in score.items},
            }
            for score in row.scores
        ],
    }


def _trial_dict(store: Store, trial: Trial, others: Sequence[Trial]) -> dict[str, Any]:
    return {
        "take": trial_name(trial, others),
        "id": trial.id,
        "view_asked": trial.view,
        "attempt": trial.attempt,
        "status": trial.status,
        "reason": trial.reason,
        "note": trial.note,
        "origin": trial.origin,
        "reps_valid": trial.reps_valid,
        "reps_total": trial.reps_total,
        "clip_kept": trial.clip_kept,
        "corrections": len(store.corrections(trial.id)),
    }


def _value_dict(value: SessionValue) -> dict[str, Any]:
    key = value.key
    return {
        "measure": key.measure,
        "side": key.side,
        "view": key.view,
        "unit": key.unit,
        "value": value.value,
        "error": value.error,
        "sd": value.sd,
        "reps": value.reps,
        "reps_total": value.reps_total,
        "corrected": value.corrected,
        "why_not": value.why_not,
    }
