"""Taking data along: everything of one client in a zip, and the numbers of many in one table."""

from __future__ import annotations

import json
import shutil
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from kneetrack.clinic.cohort import export_cohort
from kneetrack.clinic.exporting_practices import (
    practice_facts,
    practice_files,
    practice_tables,
)
from kneetrack.clinic.plain_csv import csv_bytes
from kneetrack.clinic.report_visit import day
from kneetrack.clinic_records.people import AuditLine, Client
from kneetrack.clinic_records.visits import (
    CLIP_FILE,
    CORRECTED_FILE,
    CORRECTED_FRAMES_FILE,
    FRAMES_FILE,
    LANDMARKS_FILE,
    RESULT_FILE,
    STILL_PREFIX,
    Session,
    Trial,
)
from kneetrack.recorded import Progress
from kneetrack.records import OutputError
from kneetrack.report.writing import whole_file
from kneetrack.store.store import Store

__all__ = ["export_client", "export_cohort", "trial_name"]
README: Final = """\
Everything that was kept of one client, taken out of the store on {day}.

README.txt       this text
client.json      the client, what was agreed to, sessions, takes, corrections, scores,
                 practices and prescriptions
sessions.csv     one row a session
readings.csv     one row a number: session, take, repetition, measure, leg, view, value, error, unit
practices.csv    one row a practice: when, how it ended, pain from 0 to 10
parts.csv        one row a part of a practice: what was asked for, what was done, how it went
part-measures.csv   one row a rule and leg that a camera looked at in a part
signs.csv        one row a sign of a self-check: what was told, what was measured
audit.csv        who changed which record when; names of fields, never what they held
takes/           a folder a take, named by session, step, view and attempt:
  result.json      what the analysis gave (schema kneetrack/result/1)
  frames.csv       every measure, frame by frame
  landmarks.npz    the points that the model found (NumPy, no pickled objects)
  corrected.json, corrected-frames.csv   the same with the reviewer's corrections
  clip.mp4         the kept clip, where the client agreed to keep it
  still-*.jpg      pictures; "-drawn" are figures drawn from the points
practices/       a folder a practice, with what the camera kept of it
prescriptions/   the programmes that were prescribed, as TOML
reports/         the report of every session as it would be made today

Only takes whose status is "good" count; rejected and failed ones are here with their reason.

In the tables a point stands for decimals, an empty cell for "could not be told". Values and errors
(one standard error) are in the unit of their row: deg, ratio or s. A ratio is of a body length, as
docs/measuring.md says measure by measure.

{pdf}Not a medical device: does not diagnose, screen for, predict or prevent injury or disease.
This file is about a person's health: keep it locked, and delete it when it is not needed any more.
A blurred face does not make a clip anonymous, and of other people in it nothing is blurred.
"""
_FILES: Final = (
    *(RESULT_FILE, CORRECTED_FILE, FRAMES_FILE, CORRECTED_FRAMES_FILE, LANDMARKS_FILE, CLIP_FILE),
)
_PACKED: Final = {".mp4", ".jpg", ".npz", ".pdf"}
"""Endings of files that are compressed already."""


def export_client(
    store: Store,
    client_id: str,
    path: Path,
    *,
    today: date | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write everything of one client into a zip, whole or not at all; returns ``path``.

    What the consent in force does not allow to be kept is not in the store and so not in the zip.
    Leaves an audit line. Raises UnknownRecordError, StoreError, OutputError.
    """
    client = store.client(client_id)
    sessions = store.sessions(client.id)
    trials = {session.id: store.trials(session.id) for session in sessions}
    total = sum(len(own) for own in trials.values()) + 2 * len(sessions)
    done = 0
    try:
        with whole_file(path) as part, zipfile.ZipFile(part, "x", zipfile.ZIP_DEFLATED) as archive:
            for name, data in _tables(store, client, sessions, trials):
                _add(archive, name, data)
            for session in sessions:
                for trial in trials[session.id]:
                    _add_trial(archive, store, session, trial)
                    done = _step(progress, done, total, 1)
            for name, kept in practice_files(store, client):
                _add_file(archive, name, kept)
            made = today or date.today()
            pdf = ""
            for session in sessions:
                pdf = _add_report(archive, store, session, made) or pdf
                done = _step(progress, done, total, 2)
            _add(archive, "README.txt", README.format(day=day(made), pdf=pdf).encode("utf-8"))
    except zipfile.LargeZipFile as error:
        raise OutputError(f"cannot write {path}: more than a zip file holds") from error
    store.note_audit("exported", "client", client.id)
    return path


def _step(progress: Progress | None, done: int, total: int, by: int) -> int:
    if progress is not None:
        progress("exporting", done + by, total)
    return done + by


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(_entry(name), data)


def _entry(name: str) -> zipfile.ZipInfo:
    """A file of now, for its owner alone; packed where that makes it smaller."""
    info = zipfile.ZipInfo(name, time.localtime()[:6])
    info.external_attr = 0o600 << 16
    packed = Path(name).suffix in _PACKED
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    return info


def _add_trial(archive: zipfile.ZipFile, store: Store, session: Session, trial: Trial) -> None:
    folder = store.trial_folder(trial.id)
    if not folder.is_dir():
        return
    names = [name for name in _FILES if (folder / name).is_file()]
    names += sorted(path.name for path in folder.glob(f"{STILL_PREFIX}*.jpg"))
    for name in names:
        _add_file(archive, f"takes/{trial_name(session, trial)}/{name}", folder / name)


def _add_file(archive: zipfile.ZipFile, name: str, kept: Path) -> None:
    with (
        suppress(FileNotFoundError),  # taken away meanwhile: a consent that was withdrawn
        kept.open("rb") as stream,
        archive.open(_entry(name), "w", force_zip64=True) as target,
    ):
        shutil.copyfileobj(stream, target, 1 << 20)


def _add_report(archive: zipfile.ZipFile, store: Store, session: Session, made: date) -> str:
    """HTML and PDF; a sentence for the README when the PDF could not be made."""
    from kneetrack.clinic.reporting import report_html
    from kneetrack.report.clinic.pdf import render_pdf

    html = report_html(store, session.id, today=made)
    _add(archive, f"reports/session-{session.number}.html", html.encode("utf-8"))
    try:
        _add(archive, f"reports/session-{session.number}.pdf", render_pdf(html))
    except OutputError as error:
        return f"There are no PDF reports: {error}\n\n"
    return ""


def trial_name(session: Session, trial: Trial) -> str:
    """The folder of a take in a zip: "session-2/squat-front-1"."""
    return f"session-{session.number}/{trial.step}-{trial.view}-{trial.attempt}"


def _tables(
    store: Store, client: Client, sessions: Sequence[Session], trials: dict[str, list[Trial]]
) -> Iterator[tuple[str, bytes]]:
    yield "client.json", _json(_client_facts(store, client, sessions, trials))
    yield "sessions.csv", csv_bytes(_session_rows(sessions, trials))
    yield "readings.csv", csv_bytes(_reading_rows(store, sessions, trials))
    yield from practice_tables(store, client)
    yield "audit.csv", csv_bytes(_audit_rows(store, client))


def _client_facts(
    store: Store, client: Client, sessions: Sequence[Session], trials: dict[str, list[Trial]]
) -> dict[str, Any]:
    return {
        "format": "kneetrack/client/1",
        "client": asdict(client),
        "consents": [asdict(consent) for consent in store.consents(client.id)],
        "sessions": [
            {
                **asdict(session),
                "trials": [
                    {
                        **asdict(trial),
                        "folder": f"takes/{trial_name(session, trial)}",
                        "corrections": [
                            asdict(c) for c in store.corrections(trial.id, withdrawn=True)
                        ],
                    }
                    for trial in trials[session.id]
                ],
                "scores": [asdict(score) for score in store.scores(session.id)],
            }
            for session in sessions
        ],
        **practice_facts(store, client),
    }


def _session_rows(
    sessions: Sequence[Session], trials: dict[str, list[Trial]]
) -> Iterator[Sequence[Any]]:
    setup = ("distance_m", "camera_height_m", "footwear", "stance", "clothing", "camera")
    yield ("session", "at", "protocol", "protocol_version", *setup, "takes", "good_takes", "by")
    for s in sessions:
        own = trials[s.id]
        good = sum(trial.status == "good" for trial in own)
        told = [getattr(s.setup, name) for name in setup]
        yield (
            *(s.number, s.at.isoformat(), s.protocol, s.protocol_version, *told),
            *(len(own), good, s.by),
        )


def _reading_rows(
    store: Store, sessions: Sequence[Session], trials: dict[str, list[Trial]]
) -> Iterator[Sequence[Any]]:
    yield (
        *("session", "step", "view_asked", "attempt", "status", "exercise", "rep"),
        *("measure", "side"),
        *("view", "value", "error", "unit", "valid", "corrected"),
    )
    for session in sessions:
        for t in trials[session.id]:
            for r in store.readings(trial_ids=[t.id]):
                yield (
                    *(session.number, t.step, t.view, t.attempt, t.status, r.exercise, r.rep),
                    *(r.measure, r.side, r.view, r.value, r.error, r.unit, r.valid, r.corrected),
                )


def _audit_rows(store: Store, client: Client) -> Iterator[Sequence[Any]]:
    yield ("at", "by", "what", "kind", "record_id", "detail")
    lines: list[AuditLine] = []
    while found := store.audit(record_id=client.id, offset=len(lines), limit=1000):
        lines += found
    for line in reversed(lines):
        yield (line.at.isoformat(), line.by, line.what, line.kind, line.record_id, line.detail)


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False, default=_plain).encode("utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)
    return value.isoformat()
