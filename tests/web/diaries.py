"""A diary of some weeks for the tests of the pages: pain goes down, one day it did not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from kneetrack.clinic_records.practice import (
    SIGNS,
    Clean,
    Dose,
    PartDone,
    PartMeasure,
    Practice,
    PracticeFacts,
    SignFound,
)
from kneetrack.store import Store

PARTS: Final = (
    ("release", "hip_flexor_release", Dose(hold_s=30.0)),
    ("bridge", "glute_bridge", Dose(2, 10, 3.0)),
    ("lunge", "lateral_lunge", Dose(2, 8, None, 80.0)),
    ("tissue", "soft_tissue", Dose(hold_s=30.0)),
    ("figure_four", "figure_four", Dose(hold_s=30.0)),
    ("pigeon", "modified_pigeon", Dose(hold_s=30.0)),
)


def fill_diary(
    store: Store,
    client_id: str,
    last: datetime,
    *,
    practices: int = 9,
    prescription: int | None = 1,
) -> list[Practice]:
    """A self-check, then practices two days apart up to ``last``; the last one was broken off."""
    check = store.begin_practice(
        client_id, PracticeFacts("selfcheck", camera=True), at=last - timedelta(days=2 * practices)
    )
    store.set_signs(
        check.id,
        [
            SignFound(sign, "yes" if n in (0, 4) else "no", "watch" if n == 4 else None)
            for n, sign in enumerate(SIGNS)
        ],
    )
    store.end_practice(check.id, "done", at=check.at + timedelta(minutes=6))
    made = [store.practice(check.id)]
    for n in range(practices):
        at = last - timedelta(days=2 * (practices - 1 - n))
        made.append(_practice(store, client_id, at, n, n == practices - 1, prescription))
    return made


def _practice(
    store: Store, client_id: str, at: datetime, n: int, last: bool, prescription: int | None
) -> Practice:
    before = max(1, 5 - n // 2)
    facts = PracticeFacts("programme", "Hip programme", prescription, True, before)
    practice = store.begin_practice(client_id, facts, at=at)
    sore = n == 3
    for key, exercise, dose in PARTS[: 3 if last else None]:
        store.add_part(practice.id, _part(key, exercise, dose, n, sore and key == "lunge"))
    if last:
        return store.practice(practice.id)
    store.tell_pain(practice.id, after=before + (2 if sore else 0))
    store.tell_next_morning(
        practice.id, before + sore, (at.astimezone() + timedelta(days=1)).date()
    )
    note = "Tired, the left knee was stiff." if sore else ""
    return store.end_practice(
        practice.id, "pain" if sore else "done", note=note, at=at + timedelta(minutes=21)
    )


def _part(key: str, exercise: str, dose: Dose, n: int, sore: bool) -> PartDone:
    if dose.reps is None:
        return PartDone(key, exercise, dose, "done", seconds=180.0, clean="yes", judged_by="self")
    clean: Clean = "yes" if n > 4 and not sore else "no"
    measures: tuple[PartMeasure, ...] = ()
    if exercise == "lateral_lunge":
        measures = (
            _measure("knee_valgus", "left", "ok", "kfo", 0.02 + 0.002 * n),
            _measure("knee_valgus", "right", "ok" if n > 4 else "watch", "kfo", 0.09 - 0.008 * n),
            PartMeasure(
                *("trailing_knee_bent", "left", "cannot_tell", "trailing_knee_flexion", "deg"),
                reason="the left foot was out of the picture",
                reps_total=8,
            ),
        )
    return PartDone(
        key,
        exercise,
        dose,
        "pain" if sore else "done",
        sets_done=1 if sore else 2,
        reps_done=(dose.reps or 0) * (1 if sore else 2),
        seconds=95.0,
        clean=clean,
        judged_by="camera",
        why="" if clean == "yes" else "the right knee came inside the foot in 3 of 16",
        measures=measures,
    )


def _measure(rule: str, side: str, status: str, measure: str, value: float) -> PartMeasure:
    return PartMeasure(
        rule,
        side,
        status,
        measure,
        "ratio",
        value,
        0.02,
        "",
        8,
        8,  # type: ignore[arg-type]
    )
