"""One clip in the report: what is known of it, its curves, its repetitions."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from kneetrack.report import bands as bands_of
from kneetrack.report import glossary
from kneetrack.report.curves import Curves, curves
from kneetrack.report.reptable import RepTable, rep_table
from kneetrack.report.take import (
    Take,
    exercise_title,
    file_name,
    reps_text,
    sets_of,
    view_name,
    view_text,
)
from kneetrack.result import Rejected, RepRow, Result, SetRow

_MOVEMENT: Final = {"rep_depth", "drop", "depth", "lift", "knee_flexion"}


@dataclass(frozen=True, slots=True)
class SetView:
    """One set of one take: its curves and its repetitions."""

    title: str
    curves: Curves | None
    table: RepTable
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class TakeView:
    """One clip: what is known of it, its video and its sets."""

    title: str
    file: str
    view: str
    facts: str
    video: str
    t0_s: float
    stretch: float
    aspect: float
    sets: tuple[SetView, ...]
    notes: tuple[str, ...]
    coverage: tuple[tuple[str, str, str], ...]
    software: tuple[tuple[str, str], ...]


def take_view(take: Take, joined: bool) -> TakeView:
    """Everything about one clip. ``joined``: there is another take beside it."""
    result = take.result
    video = take.video
    width, height = result.source.size_px
    rows = sets_of(result)
    counts = ", ".join(reps_text(row) for row in rows) if joined else ""
    sets = tuple(_set_view(take, row, len(rows) > 1) for row in rows) or (_no_set(take),)
    shown = {glossary.stem(row.measure) for row in result.summary} | drawn(sets)
    return TakeView(
        title=f"{view_name(result.view)} take" if joined else "",
        file=file_name(result.source.file),
        view=view_text(result.view),
        facts=", ".join(filter(None, (counts, _facts(result)))),
        video=quote(video.name.replace("\\", "/")) if video else "",
        t0_s=video.t0_s if video else 0.0,
        stretch=video.stretch if video else 1.0,
        aspect=width / height if height else 1.0,
        sets=sets,
        notes=_notes(result),
        coverage=_coverage(result, shown),
        software=_software(result),
    )


def drawn(sets: Sequence[SetView]) -> set[str]:
    """The measures that have a curve."""
    return {chart.measure.key for s in sets if s.curves for chart in s.curves.charts}


def _set_view(take: Take, row: SetRow, several: bool) -> SetView:
    result = take.result
    reps = [rep for rep in result.reps if rep.set == row.index]
    title = f"Set {row.index}: {exercise_title(row.exercise).lower()}" if several else ""
    rejected = [r for r in result.rejected if _set_at(result, r.start_s) == row.index]
    return SetView(
        title=title,
        curves=_curves(take, row, reps),
        table=rep_table(reps),
        rejected=tuple(rejected),
    )


def _curves(take: Take, row: SetRow, reps: Sequence[RepRow]) -> Curves | None:
    rows = [r for r in take.result.summary if r.set == row.index]
    judged, rules = [r.measure for r in rows if not r.information], {r.rule for r in rows}
    every = bands_of.collect(take.result.provenance.thresholds)
    bands = [b for b in bands_of.of_exercise(every, row.exercise) if b.rule in rules]
    return curves(take.frames, reps, bands, judged, (row.start_s, row.end_s))


def _set_at(result: Result, t_s: float) -> int:
    """The set that a moment belongs to: the last one that has begun, else the first."""
    rows = sets_of(result)
    begun = [row.index for row in rows if row.start_s <= t_s]
    return begun[-1] if begun else rows[0].index


def _no_set(take: Take) -> SetView:
    """A clip without an exercise: only the curves that tell whether there was one."""
    frames = take.frames
    columns = {n: v for n, v in frames.columns.items() if glossary.stem(n) in _MOVEMENT}
    shown = replace(frames, columns=columns)
    judged = sorted(_MOVEMENT)
    drawn = curves(shown, [], [], judged)
    return SetView("", drawn, rep_table([]), tuple(take.result.rejected))


def _facts(result: Result) -> str:
    source = result.source
    width, height = source.size_px
    facts = [f"{source.duration_s:.1f} s", f"{source.fps:.4g} frames a second"]
    facts.append(f"{width} × {height} pixels")
    if source.speed != 1:
        facts.append(f"slow motion, played at {source.speed:g} of true speed")
    return ", ".join(facts)


def _notes(result: Result) -> tuple[str, ...]:
    notes = [*result.source.notes, *result.people.notes, *result.notes]
    if result.view.reason and all(r.reason != result.view.reason for r in result.summary):
        notes.insert(0, result.view.reason[:1].upper() + result.view.reason[1:])
    if result.exercise_detected not in {result.exercise, "none"}:
        found = exercise_title(result.exercise_detected).lower()
        notes.append(f"By itself kneetrack would have taken this for a {found}.")
    if result.swaps_repaired:
        times = "once" if result.swaps_repaired == 1 else f"{result.swaps_repaired} times"
        notes.append(f"The model mixed up left and right {times}; this was put right.")
    if result.people.people_seen > 1 and result.people.followed:
        notes.append(
            f"{result.people.people_seen} people were seen; followed: {result.people.followed}."
        )
    for start, end in result.people.lost_spans_s:
        notes.append(f"The person was lost from {start:.1f} to {end:.1f} s.")
    return tuple(dict.fromkeys(notes))


def _coverage(result: Result, shown: Set[str]) -> tuple[tuple[str, str, str], ...]:
    """(measure, share of frames, why not in the others) of the measures that the report shows."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for name, cover in result.coverage.items():
        if glossary.stem(name) not in shown:
            continue
        reasons = sorted(cover.reasons.items(), key=lambda item: -item[1])
        why = "; ".join(f"{reason} ({share:.0%})" for reason, share in reasons if share >= 0.005)
        side = next((s for s in ("left", "right") if name.endswith(f"_{s}")), "")
        key = (glossary.measure(name).short, f"{cover.valid_fraction:.0%}", why)
        rows.setdefault(key, []).append(side)
    return tuple(
        (f"{short}, {sides[0]}" if len(sides) == 1 and sides[0] else short, share, why)
        for (short, share, why), sides in rows.items()
    )


def _software(result: Result) -> tuple[tuple[str, str], ...]:
    made = result.provenance
    pairs = [
        ("kneetrack", made.kneetrack),
        ("MediaPipe", made.mediapipe),
        ("OpenCV", made.opencv),
        ("NumPy", made.numpy),
        ("SciPy", made.scipy),
        ("Pose model, SHA-256", made.model_sha256),
        ("Clip, SHA-256", result.source.sha256),
    ]
    return tuple(pair for pair in pairs if pair[1])
