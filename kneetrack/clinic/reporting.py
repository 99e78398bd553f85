"""The report of a session: gathers everything into one value, from which the pages are made."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NotRequired, TypedDict, Unpack

from kneetrack.clinic import report_curves, report_rows
from kneetrack.clinic.catalogue import YAW, size_text
from kneetrack.clinic.correction_words import in_words
from kneetrack.clinic.limits import own, published
from kneetrack.clinic.report_bands import coaching_bands
from kneetrack.clinic.report_client import client_facts
from kneetrack.clinic.report_home import at_home
from kneetrack.clinic.report_pictures import any_faces, stills
from kneetrack.clinic.report_visit import Visit, day, view_word, visit
from kneetrack.clinic.sheets import sheet
from kneetrack.clinic_records.visits import Score, SetupFacts
from kneetrack.report import glossary
from kneetrack.report.clinic.facts import (
    CorrectionLine,
    ReportFacts,
    SetupLine,
    SheetItem,
    SheetLine,
)
from kneetrack.settings import Settings
from kneetrack.store.store import Store

_NOBODY: Final = ("root", "SYSTEM", "Administrator")
"""Accounts of a computer that tell of no person."""


class Asked(TypedDict):
    """How a report is to be. today: the day it is made.

    coaching: with bands and verdicts; else numbers and errors alone. compare: number of the session
    to compare with; None: the one before it. initials: put the client's initials on it.
    """

    today: date
    coaching: NotRequired[bool]
    compare: NotRequired[int | None]
    initials: NotRequired[bool]


def report_html(store: Store, session_id: str, **asked: Unpack[Asked]) -> str:
    """The report of a session as one HTML file. Raises UnknownRecordError, StoreError."""
    from kneetrack.report.clinic.html import render_html

    return render_html(report_facts(store, session_id, **asked))


def report_pdf(store: Store, session_id: str, **asked: Unpack[Asked]) -> bytes:
    """The same as PDF. Raises OutputError when none can be made on this computer."""
    from kneetrack.report.clinic.pdf import render_pdf

    return render_pdf(report_html(store, session_id, **asked))


def report_facts(store: Store, session_id: str, **asked: Unpack[Asked]) -> ReportFacts:
    """Everything the report of a session tells."""
    coaching, today = asked.get("coaching", False), asked["today"]
    about = visit(store, session_id, coaching=coaching, today=today, compare=asked.get("compare"))
    tables, untold = report_rows.tables(about)
    session, before = about.session, about.before
    facts = about.client.facts
    return ReportFacts(
        code=facts.code,
        visit=session.number,
        on=day(session.at),
        protocol=about.protocol.title or session.protocol,
        made=day(today),
        client=client_facts(about),
        tables=tables,
        initials=facts.initials if asked.get("initials") else "",
        by="" if session.by in _NOBODY else session.by,
        last="" if before is None else f"{before.session.number}, {day(before.session.at)}",
        coaching=coaching,
        complaint="" if facts.complaint == "none" else facts.complaint,
        notes=_notes(about),
        curves=report_curves.curves(about),
        stills=stills(about),
        setup=_setup(about),
        untold=untold,
        corrections=_corrections(about),
        originals=report_rows.originals(about),
        sheets=_sheets(about),
        definitions=report_rows.definitions(about),
        bands=coaching_bands(about) if coaching else (),
        limits=_limits(about),
        software=_software(about),
        blurred=not any_faces(about),
        home=at_home(about),
    )


def _notes(about: Visit) -> tuple[str, ...]:
    return tuple(
        f"{step.title}, {view_word(trial.view)}: {trial.note}"
        for step, trial in about.takes()
        if trial.note
    )


def _setup(about: Visit) -> tuple[SetupLine, ...]:
    before = about.before.session.setup if about.before is not None else None
    barred = {d.what for d in about.setup.differences if d.bars} if about.setup else set()
    old = dict(_told(before)) if before is not None else {}
    lines = [
        SetupLine(label, now or "not told", (old.get(label) or "not told") if before else "",
                  label.lower() in barred)
        for label, now in _told(about.session.setup)
        if now or old.get(label)
    ]  # fmt: skip
    yaws = [
        f"{about.title(trial.step).lower()} {view_word(trial.view)} {_degrees(reading.value)}"
        for _, trial in about.takes()
        for reading in about.now.readings
        if reading.trial_id == trial.id and reading.measure == YAW and reading.value is not None
    ]
    if yaws:
        seen = ", ".join(dict.fromkeys(yaws))
        lines.append(SetupLine("Camera angle as seen (0° is straight in front)", seen))
    measured = [] if about.setup is None else [
        d.says for d in about.setup.differences if d.bars and d.what not in _told_names()
    ]  # fmt: skip
    if measured:
        lines.append(SetupLine("Differs from last time", "; ".join(measured)))
    return tuple(lines)


def _degrees(value: float) -> str:
    return glossary.measure("yaw").number(value, signed=True)


def _told(setup: SetupFacts) -> list[tuple[str, str]]:
    def metres(value: float | None) -> str:
        return "" if value is None else f"{value:g} m"

    return [
        ("Distance", metres(setup.distance_m)),
        ("Camera height", metres(setup.camera_height_m)),
        ("Footwear", setup.footwear),
        ("Stance", setup.stance),
        ("Clothing", setup.clothing),
        ("Camera", setup.camera),
    ]


def _told_names() -> set[str]:
    return {label.lower() for label, _ in _told(SetupFacts())}


def _corrections(about: Visit) -> tuple[CorrectionLine, ...]:
    """Those of this session, then those of the one it is compared with."""
    takes = [(f"{step.title}, {view_word(trial.view)}", trial) for step, trial in about.takes()]
    if about.before is not None:
        which = f"session {about.before.session.number}"
        for trial in about.before.trials:
            title = about.full_title(trial.step)
            takes.append((f"{title}, {view_word(trial.view)}, {which}", trial))
    return tuple(
        CorrectionLine(
            where, in_words(correction), correction.reason, correction.by, day(correction.at)
        )
        for where, trial in takes
        for correction in about.store.corrections(trial.id)
    )


def _sheets(about: Visit) -> tuple[SheetLine, ...]:
    old: dict[tuple[str, str, str], Score] = {}
    if about.before is not None:
        for score in about.store.scores(about.before.session.id):
            old[score.step, score.sheet, score.side] = score
    return tuple(
        _sheet(about, score, old.get((score.step, score.sheet, score.side)))
        for score in about.store.scores(about.session.id)
    )


def _sheet(about: Visit, score: Score, before: Score | None) -> SheetLine:
    form = sheet(score.sheet)
    titles = {item.key: item.title for item in form.items}
    side = "" if score.side == "both" else f", {score.side}"
    last = "" if before is None or before.total is None else f"last time {before.total}"
    return SheetLine(
        f"{score.sheet.upper()}, {about.title(score.step).lower()}{side}",
        tuple(
            SheetItem(titles.get(item.key, item.key.replace("_", " ")), item.confirmed)
            for item in score.items
        ),
        score.total,
        form.most,
        last,
    )


def _limits(about: Visit) -> tuple[str, ...]:
    """Every minimal detectable change that decided, by its source."""
    adopted = about.store.adopted_reliability()
    sources: dict[str, dict[str, None]] = {}
    raised = False
    for change in about.changes:
        known = own(change.key, adopted) or published(change.key)
        if change.limit is None or known is None:
            continue
        raised = raised or change.limit.mdc95 > known.mdc95
        size = size_text(change.key.measure, known.mdc95)
        text = f"{report_rows.label(change.key.measure)} {size}"
        sources.setdefault(known.source, {})[text] = None
    lines = [f"{', '.join(names)} ({source})" for source, names in sources.items()]
    if raised:
        lines.append("raised to 1.96 times the errors of the two values where that is more")
    return tuple(lines)


def _software(about: Visit) -> tuple[tuple[str, str], ...]:
    made = [result.provenance for result in about.results.values()]
    if not made:
        return ()

    def all_of(values: Iterable[str]) -> str:
        return " and ".join(dict.fromkeys(v for v in values if v)) or "not told"

    usual = Settings().as_dict()
    changed = dict.fromkeys(text for p in made for text in _differing(p.thresholds, usual, ""))
    return (
        ("kneetrack", all_of(p.kneetrack for p in made)),
        ("MediaPipe", all_of(p.mediapipe for p in made)),
        ("OpenCV", all_of(p.opencv for p in made)),
        ("NumPy", all_of(p.numpy for p in made)),
        ("SciPy", all_of(p.scipy for p in made)),
        ("pose model sha256", all_of(p.model_sha256[:12] for p in made)),
        ("thresholds", "kneetrack’s own" if not changed else "changed: " + ", ".join(changed)),
    )


def _differing(mine: Any, usual: Any, name: str) -> list[str]:
    """Settings that are not kneetrack's own, "view.fppa_yaw_deg 8"; bands by name alone."""
    if isinstance(mine, dict) and isinstance(usual, dict):
        found = []
        for key, value in mine.items():
            found += _differing(value, usual.get(key), f"{name}.{key}" if name else str(key))
        return found
    if json.dumps(mine) == json.dumps(usual):
        return []
    return [f"{name} {json.dumps(mine)}"]
