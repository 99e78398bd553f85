"""Rows of a diary, made up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kneetrack.clinic_records.practice import (
    Dose,
    PartDone,
    PartMeasure,
    Practice,
    PracticeFacts,
    PracticeKind,
    PracticeRecord,
    SignFound,
)

if TYPE_CHECKING:
    from kneetrack.store import Store

EVENING = datetime(2026, 11, 2, 18, 5, tzinfo=UTC)
RELEASE = PartDone(
    "release", "hip_flexor_release", Dose(sets=1, hold_s=30), "done", 1, 0, 180.0, "yes", "self"
)
KFO = (
    PartMeasure("knee_valgus", "left", "watch", "kfo", "ratio", 0.08, 0.02, "", 15, 16),
    PartMeasure("knee_valgus", "right", "ok", "kfo", "ratio", 0.01, 0.02, "", 16, 16),
    PartMeasure("lunge_too_deep", "left", "cannot_tell", reason="turn the camera to the side"),
)
BRIDGE = (
    PartMeasure("bridge_too_high", "both", "ok", "lift", "ratio", 0.24, 0.03, "", 20, 20),
    PartMeasure("hold_too_short", "both", "ok", "hold", "s", 3.1, 0.1, "", 20, 20),
)


def lunge(*measures: PartMeasure, **changes: Any) -> PartDone:
    """Lateral lunges, two sets of eight a side."""
    made = PartDone(
        "lunge", "lateral_lunge", Dose(2, 8), "done", 2, 32, 150.0, "yes", "self", measures=measures
    )
    return replace(made, **changes)


def bridge(*measures: PartMeasure, **changes: Any) -> PartDone:
    """Bridges, two sets of ten."""
    dose = Dose(2, 10, 3.0)
    made = PartDone(
        "bridge", "glute_bridge", dose, "done", 2, 20, 120.0, "yes", "self", measures=measures
    )
    return replace(made, **changes)


def row(
    number: int = 1,
    at: datetime = EVENING,
    *,
    kind: PracticeKind = "programme",
    pain: tuple[int | None, int | None, int | None] = (None, None, None),
    parts: tuple[PartDone, ...] | None = None,
    signs: tuple[SignFound, ...] = (),
    camera: bool = False,
    **changes: Any,
) -> PracticeRecord:
    """One practice, done to its end in 21 minutes."""
    facts = PracticeFacts(kind, "Hip programme", None, camera, pain[0])
    practice = Practice(
        f"p{number}",
        "c1",
        number,
        at,
        facts,
        "done",
        at + timedelta(minutes=21),
        pain_after=pain[1],
        pain_next=pain[2],
    )
    usual = (RELEASE, bridge(), lunge()) if kind == "programme" else ()
    return PracticeRecord(replace(practice, **changes), usual if parts is None else parts, signs)


def on(day: date, number: int = 1, **changes: Any) -> PracticeRecord:
    """A practice in the evening of that day."""
    return row(number, datetime(day.year, day.month, day.day, 18, 5, tzinfo=UTC), **changes)


def many(count: int, *, camera: bool = True, seed: int = 4) -> list[PracticeRecord]:
    """A diary of so many practices, three a week, with gaps of every kind."""
    chance = random.Random(seed)
    records: list[PracticeRecord] = []
    start = date(2026, 6, 1)
    days = [start + timedelta(days=d) for d in range(7 * count) if d % 7 in (0, 2, 4)]
    kept = [d for d in days if chance.random() > 0.15][:count]
    for n, day in enumerate(kept, 1):
        before = max(0, min(10, round(5 - 3 * n / count + chance.gauss(0, 0.8))))
        after = max(0, before + chance.choice((-1, 0, 0, 1)))
        morning = None if chance.random() < 0.2 else max(0, after + chance.choice((-1, 0, 0)))
        pain = (None, None, None) if chance.random() < 0.1 else (before, after, morning)
        parts = [RELEASE, bridge(), lunge()]
        if camera:
            parts[1:] = [bridge(*_bridge(chance)), lunge(*_lunge(chance, n / count))]
        changes: dict[str, Any] = {}
        if chance.random() < 0.1:
            parts[2] = replace(parts[2], status="skipped", reps_done=0, sets_done=0, measures=())
        elif chance.random() < 0.07:
            parts[2] = replace(parts[2], status="pain", reps_done=6, sets_done=1)
            changes["ended"] = "pain"
        records.append(on(day, n, pain=pain, parts=tuple(parts), camera=camera, **changes))
    return records


def _lunge(chance: random.Random, share: float) -> tuple[PartMeasure, ...]:
    def leg(side: Any, least: float) -> PartMeasure:
        if chance.random() < 0.2:
            return PartMeasure("knee_valgus", side, "cannot_tell", reason="left foot out of frame")
        value = least + 0.08 * (1 - share) + chance.gauss(0, 0.012)
        return PartMeasure("knee_valgus", side, "ok", "kfo", "ratio", value, 0.02, "", 16, 16)

    depth = PartMeasure(
        *("lunge_too_deep", "left", "ok", "lead_knee_flexion", "deg"), 70 + 20 * share, 4.0
    )
    return (leg("left", 0.03), leg("right", 0.0), depth)


def _bridge(chance: random.Random) -> tuple[PartMeasure, ...]:
    lift = PartMeasure(
        "bridge_too_high", "both", "ok", "lift", "ratio", 0.25 + chance.gauss(0, 0.05), 0.02
    )
    hold = PartMeasure("hold_too_short", "both", "ok", "hold", "s", 2.6 + chance.gauss(0, 0.5), 0.1)
    return (lift, hold)


def keep(store: Store, client_id: str, records: Sequence[PracticeRecord]) -> None:
    """The same in a store, where they get ids of their own."""
    for record in records:
        p = record.practice
        made = store.begin_practice(client_id, p.facts, at=p.at)
        for part in record.parts:
            store.add_part(made.id, part)
        store.set_signs(made.id, record.signs)
        store.tell_pain(made.id, after=p.pain_after)
        if p.pain_next is not None:
            store.tell_next_morning(made.id, p.pain_next, (p.at + timedelta(days=1)).date())
        if p.ended != "under_way":
            store.end_practice(made.id, p.ended, note=p.note, at=p.ended_at)
