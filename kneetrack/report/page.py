"""Everything that the report shows, worked out; the templates only lay it out."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from kneetrack.records import Status
from kneetrack.report import bands as bands_of
from kneetrack.report import glossary, overview
from kneetrack.report.bands import BandRow
from kneetrack.report.curves import Curves, curves
from kneetrack.report.glossary import Measure
from kneetrack.report.overview import Check, Headline, Untold
from kneetrack.report.reptable import RepTable, rep_table
from kneetrack.report.stills import StillChoice, alike, choose_stills
from kneetrack.report.take import (
    Take,
    exercise_title,
    sets_of,
    side_title,
    view_name,
    view_text,
)
from kneetrack.result import Rejected, RepRow, Result, SetRow

_TALLY: tuple[Status, ...] = ("flag", "watch", "ok", "cannot_tell")


@dataclass(frozen=True, slots=True)
class Picture:
    """A still with its caption; ``src`` is a data URL; upright: higher than wide."""

    src: str
    upright: bool
    choice: StillChoice
    view: str


@dataclass(frozen=True, slots=True)
class Group:
    """One exercise: a set, or the sets of two takes that show the same."""

    title: str
    subtitle: str
    status: Status
    headlines: tuple[Headline, ...]
    next_step: str
    tally: tuple[tuple[Status, int], ...]
    checks: tuple[Check, ...]
    information: tuple[Check, ...]
    untold: tuple[Untold, ...]
    pictures: tuple[Picture, ...]
    alike: bool


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


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report."""

    title: str
    subtitle: str
    date: str
    reason: str
    joined: bool
    groups: tuple[Group, ...]
    takes: tuple[TakeView, ...]
    measures: tuple[Measure, ...]
    bands: tuple[BandRow, ...]
    sources: tuple[str, ...]


def make_page(takes: Sequence[Take], date: str = "") -> Page:
    """Work out the report of one take, or of two takes of the same exercise."""
    joined = len(takes) > 1
    groups = [_group(members, joined) for members in _members(takes)]
    views = [_take_view(take, joined) for take in takes]
    measures = _measures(takes, views)
    bands = _bands(takes)
    first = takes[0].result
    titles = dict.fromkeys(group.title for group in groups)
    return Page(
        title=" and ".join(titles) or exercise_title("none"),
        subtitle=_subtitle(takes),
        date=date,
        reason="" if groups else first.reason,
        joined=joined,
        groups=tuple(groups),
        takes=tuple(views),
        measures=measures,
        bands=bands,
        sources=_sources(measures),
    )


def _members(takes: Sequence[Take]) -> list[list[tuple[Take, SetRow]]]:
    """Sets that belong together: the nth set of an exercise in each take."""
    groups: dict[tuple[str, int], list[tuple[Take, SetRow]]] = {}
    for take in takes:
        seen: dict[str, int] = {}
        for row in sets_of(take.result):
            nth = seen[row.exercise] = seen.get(row.exercise, 0) + 1
            groups.setdefault((row.exercise, nth), []).append((take, row))
    return list(groups.values())


def _group(members: Sequence[tuple[Take, SetRow]], joined: bool) -> Group:
    first = members[0][1]
    found = overview.merge(
        [
            overview.checks(take.result, row, bands_of.collect(take.result.provenance.thresholds))
            for take, row in members
        ]
    )
    judged = [check for check in found if not check.information]
    states = [check.status for check in judged]
    pictures = _pictures(members)
    return Group(
        title=exercise_title(first.exercise),
        subtitle=" · ".join(_set_facts(row) for _, row in members) if joined else _set_facts(first),
        status=overview.worst(found),
        headlines=tuple(overview.headlines(found)),
        next_step=overview.next_step(found),
        tally=tuple((state, states.count(state)) for state in _TALLY if state in states),
        checks=tuple(check for check in judged if check.status != "cannot_tell"),
        information=tuple(c for c in found if c.information and c.status != "cannot_tell"),
        untold=tuple(overview.untold(found)),
        pictures=pictures,
        alike=len(pictures) == 2 and alike(pictures[0].choice, pictures[1].choice),
    )


def _set_facts(row: SetRow) -> str:
    reps = f"{len(row.reps)} rep{'s' if len(row.reps) != 1 else ''}"
    return ", ".join(filter(None, (reps, side_title(row.side), view_text(row.view))))


def _pictures(members: Sequence[tuple[Take, SetRow]]) -> tuple[Picture, ...]:
    shown = []
    for take, row in members:
        for choice in choose_stills(take.result).values():
            if choice.set == row.index and choice.key in take.stills:
                src = data_url(take.stills[choice.key])
                width, height = take.result.source.size_px
                shown.append(Picture(src, height > width, choice, view_name(row.view)))
    judged = [picture for picture in shown if not picture.choice.key.startswith("seen")]
    return tuple(judged or shown)


def data_url(image: bytes) -> str:
    """A JPEG or PNG as a data URL."""
    kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(image).decode('ascii')}"


def _take_view(take: Take, joined: bool) -> TakeView:
    result = take.result
    video = take.video
    width, height = result.source.size_px
    rows = sets_of(result)
    return TakeView(
        title=f"{view_name(result.view)} take" if joined else "",
        file=result.source.file,
        view=view_text(result.view),
        facts=_facts(result),
        video=quote(video.name.replace("\\", "/")) if video else "",
        t0_s=video.t0_s if video else 0.0,
        stretch=video.stretch if video else 1.0,
        aspect=width / height if height else 1.0,
        sets=tuple(_set_view(take, row, len(rows) > 1) for row in rows) or (_no_set(take),),
        notes=_notes(result),
        coverage=_coverage(result),
        software=_software(result),
    )


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
    bands = bands_of.of_exercise(bands_of.collect(take.result.provenance.thresholds), row.exercise)
    judged = [r.measure for r in take.result.summary if r.set == row.index]
    return curves(take.frames, reps, bands, judged, (row.start_s, row.end_s))


def _set_at(result: Result, t_s: float) -> int:
    """The set that a moment belongs to: the last one that has begun, else the first."""
    rows = sets_of(result)
    begun = [row.index for row in rows if row.start_s <= t_s]
    return begun[-1] if begun else rows[0].index


def _no_set(take: Take) -> SetView:
    return SetView("", curves(take.frames, [], []), rep_table([]), tuple(take.result.rejected))


def _subtitle(takes: Sequence[Take]) -> str:
    return " · ".join(take.result.source.file for take in takes)


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


def _coverage(result: Result) -> tuple[tuple[str, str, str], ...]:
    """(measure, share of frames, why not elsewhere) of what was not valid throughout."""
    rows = []
    for name, cover in result.coverage.items():
        shown = glossary.measure(name)
        reasons = sorted(cover.reasons.items(), key=lambda item: -item[1])
        why = "; ".join(f"{reason} ({share:.0%})" for reason, share in reasons if share >= 0.005)
        rows.append((shown.short, f"{cover.valid_fraction:.0%}", why))
    return tuple(rows)


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


def _measures(takes: Sequence[Take], views: Sequence[TakeView]) -> tuple[Measure, ...]:
    """The measures that the report shows anywhere and that have an explanation."""
    judged = [row.measure for take in takes for row in take.result.summary]
    drawn = [
        chart.measure.key
        for view in views
        for shown in view.sets
        if shown.curves
        for chart in shown.curves.charts
    ]
    found = {m.key: m for m in (glossary.measure(name) for name in [*judged, *drawn])}
    return tuple(m for m in found.values() if m.text)


def _bands(takes: Sequence[Take]) -> tuple[BandRow, ...]:
    """The bands of the rules that were looked at, each once."""
    found: dict[BandRow, None] = {}
    for take in takes:
        looked_at = {row.rule for row in take.result.summary}
        exercises = {row.exercise for row in sets_of(take.result)}
        for band in bands_of.collect(take.result.provenance.thresholds):
            if band.rule in looked_at and (not band.exercise or band.exercise in exercises):
                found[band] = None
    return tuple(sorted(found, key=lambda band: glossary.rule_order(band.rule)))


def _sources(measures: Sequence[Measure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(glossary.source(key) for m in measures for key in m.sources))
