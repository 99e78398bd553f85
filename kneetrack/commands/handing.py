"""``kneetrack report``, ``export`` and ``cohort``: what is handed over, and what is taken along."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.commands.opening import DbOption, opened_store
from kneetrack.records import SettingsError, UnknownRecordError

if TYPE_CHECKING:
    from kneetrack.clinic_records.visits import Session
    from kneetrack.store import Store

Code = Annotated[str, typer.Argument(metavar="CLIENT", help="The client's code.")]


def report(
    client: Code,
    session: Annotated[
        str | None, typer.Option(metavar="NUMBER|DAY", help="Which session \\[the last one].")
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(metavar="NUMBER|DAY", help="Compare with this session \\[the one before]."),
    ] = None,
    coaching: Annotated[
        bool, typer.Option("--coaching", help="With coaching bands; else numbers and errors alone.")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="As PDF, the usual way.")] = False,
    html: Annotated[bool, typer.Option("--html", help="As one HTML file.")] = False,
    initials: Annotated[
        bool, typer.Option("--with-initials", help="Put the initials on it, too.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to, ending in .pdf or .html, or a folder."),
    ] = None,
    db: DbOption = None,
) -> None:
    """Write the report of a session: a page for the client, one or two for the clinician.

    Numbers and their errors, without bands. The file's name tells nothing of the client.
    """
    from datetime import date

    from kneetrack.clinic.naming import session_number
    from kneetrack.clinic.reporting import report_html
    from kneetrack.report.clinic.pdf import render_pdf
    from kneetrack.report.writing import write_bytes

    kinds = _kinds(pdf, html, out)
    with opened_store(db) as store:
        chosen = _session(store, client, session_number(store, client, session))
        text = report_html(
            store,
            chosen.id,
            coaching=coaching,
            today=date.today(),
            compare=session_number(store, client, compare),
            initials=initials,
        )
        for kind in kinds:
            data = render_pdf(text) if kind == "pdf" else text.encode("utf-8")
            path = write_bytes(_path(out, chosen, kind), data)
            store.note_audit("exported", "session", chosen.id, f"report, {kind}")
            typer.echo(f"Wrote {path}")


def export(
    client: Code,
    out: Annotated[Path, typer.Option(metavar="FILE.zip", help="Where to.")],
    db: DbOption = None,
) -> None:
    """Take everything of one client along: JSON, CSV, landmarks, clips and reports in a zip."""
    from kneetrack.clinic.exporting import export_client
    from kneetrack.progress import Progress

    _ends_in(out, ".zip")
    with opened_store(db) as store, Progress() as progress:
        path = export_client(store, store.client(client).id, out, progress=progress.update)
    typer.echo(f"Wrote {path}. It is about a person's health: keep it locked.")


def cohort(
    out: Annotated[Path, typer.Option(metavar="FILE.csv", help="Where to.")],
    db: DbOption = None,
) -> None:
    """Write the numbers of everybody who agreed to it ("cohort") into one table, without codes."""
    from kneetrack.clinic.cohort import export_cohort
    from kneetrack.progress import Progress

    _ends_in(out, ".csv")
    with opened_store(db) as store, Progress() as progress:
        clients = export_cohort(store, out, progress=progress.update)
    if not clients:
        typer.echo(f"Wrote {out}: its head alone, as nobody has agreed to it.")
        return
    typer.echo(f"Wrote {out}: {clients} {'client' if clients == 1 else 'clients'}.")


def _session(store: Store, code: str, number: int | None) -> Session:
    client = store.client(code)
    sessions = store.sessions(client.id)
    if not sessions:
        raise UnknownRecordError("there is no session of this client yet: kneetrack screen CLIENT")
    if number is None:
        counts = (s for s in reversed(sessions) if _has_a_take(store, s))
        return next(counts, sessions[-1])
    chosen = next((s for s in sessions if s.number == number), None)
    if chosen is None:
        there = ", ".join(str(s.number) for s in sessions)
        raise UnknownRecordError(f"there is no session {number} of this client: there are {there}")
    return chosen


def _has_a_take(store: Store, session: Session) -> bool:
    """Whether anything of it counts; else there is nothing to hand over."""
    return any(trial.status == "good" for trial in store.trials(session.id))


def _kinds(pdf: bool, html: bool, out: Path | None) -> list[str]:
    """Which files to write; the ending of --out decides where nothing else was asked for."""
    ending = "" if out is None or out.is_dir() else out.suffix.lower().removeprefix(".")
    if ending and ending not in ("pdf", "html"):
        raise SettingsError(f"--out must end in .pdf or .html, not .{ending}")
    wanted = [kind for kind, asked in (("pdf", pdf), ("html", html)) if asked]
    if not wanted:
        return [ending or "pdf"]
    if ending and wanted != [ending]:
        raise SettingsError(f"--out ends in .{ending}: leave out --{wanted[0]}, or name a folder")
    return wanted


def _path(out: Path | None, session: Session, kind: str) -> Path:
    name = f"kneetrack-report-{session.at.astimezone():%Y-%m-%d}.{kind}"
    if out is None:
        return Path(name)
    if out.is_dir():
        return out / name
    return out if out.suffix else out.with_suffix(f".{kind}")


def _ends_in(path: Path, ending: str) -> None:
    if path.suffix.lower() != ending:
        raise SettingsError(f"--out must end in {ending}: {path.name}")


def add_to(app: typer.Typer) -> None:
    """The three commands."""
    app.command()(report)
    app.command()(export)
    app.command()(cohort)
