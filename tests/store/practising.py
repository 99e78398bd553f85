"""Made-up practices for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from kneetrack.clinic_records.people import Client
from kneetrack.clinic_records.practice import (
    Dose,
    PartDone,
    PartMeasure,
    Practice,
    PracticeFacts,
    SignFound,
)
from kneetrack.store import Store

AT = datetime(2026, 11, 3, 17, 30, tzinfo=UTC)
PROGRAMME = 'title = "Hips"\n[[part]]\nkey = "lunge"\nexercise = "lateral_lunge"\n'


def part(key: str = "lunge", *, why: str = "", reps_done: int = 16, folders: int = 1) -> PartDone:
    """A part that a camera looked at."""
    return PartDone(
        key,
        "lateral_lunge",
        Dose(2, 8, None, 80.0),
        "done",
        2,
        reps_done,
        93.5,
        "no",
        "camera",
        why or "the right knee came inside the foot",
        tuple(f"{key}-{n + 1}" for n in range(folders)),
        (
            PartMeasure("knee_valgus", "left", "ok", "kfo", "ratio", 0.02, 0.02, "", 8, 8),
            PartMeasure(
                "trailing_leg", "right", "cannot_tell", "", "", None, None, "foot hidden", 0, 8
            ),
        ),
    )


def full_practice(
    store: Store, client: Client, *, at: datetime = AT, why: str = "", note: str = ""
) -> Practice:
    """A practice with a part, its measures, a sign and a file."""
    practice = store.begin_practice(
        client.id, PracticeFacts("programme", "Hips", 1, True, 3), at=at
    )
    store.add_part(practice.id, part(why=why))
    store.set_signs(practice.id, [SignFound("one_leg", "yes", "watch", why)])
    folder = store.practice_folder(practice.id) / "lunge-1"
    folder.mkdir()
    (folder / "result.json").write_text("{}" + why, "utf-8")
    store.tell_pain(practice.id, after=2)
    return store.end_practice(practice.id, "done", note=note, at=at)
