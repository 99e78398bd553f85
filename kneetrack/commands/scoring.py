"""The command of the movement scores: kneetrack score."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.commands.opening import DbOption, opened_store
from kneetrack.commands.reviewing import Client, Number, side_name
from kneetrack.console import inform
from kneetrack.records import SettingsError, SideName

if TYPE_CHECKING:
    from kneetrack.clinic.sheets import Sheet
    from kneetrack.clinic_records.visits import Score, ScoreItem


def score(
    client: Client,
    session: Number,
    step: Annotated[str, typer.Argument(help="Step of the protocol, such as slsq_left.")],
    sheet: Annotated[str, typer.Option(help=r"lsd or qasls \[the step's own].")] = "",
    side: Annotated[str, typer.Option(help=r"left or right \[the step's own].")] = "",
    points: Annotated[
        list[str] | None,
        typer.Option("--set", help="ITEM=POINTS, several times; ITEM=- takes one back."),
    ] = None,
    coaching: Annotated[
        bool, typer.Option("--coaching", help="Say where an LSD total lies, too.")
    ] = False,
    db: DbOption = None,
) -> None:
    """Fill in a movement score: what the camera suggests, confirmed by you item by item.

    At a terminal every item is asked for; Enter leaves it open. Nothing is confirmed by itself.
    """
    from kneetrack.clinic import scores
    from kneetrack.clinic.naming import find_session, plain

    chosen = dict(_points(text) for text in points or ())
    with opened_store(db) as store:
        visit = find_session(store, client, session)
        key = plain(step)
        name, leg = _sheet_and_side(visit.protocol, key, sheet, side)
        form = scores.sheet(name)
        items = scores.suggest(store, visit.id, key, form, leg)
        if not chosen:
            _show_items(form, items)
            chosen = _asked(form, items) if _at_a_terminal() else {}
        if chosen:
            confirmed = scores.confirm(store, visit.id, key, form, leg, chosen)
            _show_items(form, scores.suggest(store, visit.id, key, form, leg))
            _show_total(confirmed, coaching)
            return
        made = [
            s for s in store.scores(visit.id) if (s.step, s.sheet, s.side) == (key, form.name, leg)
        ]
        for found in made:
            _show_total(found, coaching)
        if not made:
            inform("Nothing is confirmed: give --set ITEM=POINTS, or run it at a terminal.")


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("score")(score)


def _points(text: str) -> tuple[str, int | None]:
    key, _, value = text.partition("=")
    value = value.strip()
    if value != "-" and not value.isdigit():
        raise SettingsError(f"cannot read {text!r}: write ITEM=POINTS such as knee_medial=1")
    return key.strip().lower().replace("-", "_"), None if value == "-" else int(value)


def _sheet_and_side(protocol: str, key: str, sheet: str, side: str) -> tuple[str, SideName]:
    """As asked, or what the step of the protocol says. Raises SettingsError."""
    from kneetrack.clinic.protocols import load_protocol

    step = None if sheet and side else load_protocol(protocol).step(key)
    name = sheet or (step.sheets[0] if step and step.sheets else "")
    leg = side or (step.foot if step else "")
    if not name:
        raise SettingsError(f"the step {key!r} has no score of its own: say --sheet lsd or qasls")
    if leg not in ("left", "right"):
        raise SettingsError("a score is of one leg: say --side left or right")
    return name, side_name(leg)


def _show_items(form: Sheet, items: tuple[ScoreItem, ...]) -> None:
    typer.echo(form.title)
    for about, item in zip(form.items, items, strict=True):
        confirmed = "open" if item.confirmed is None else f"confirmed {item.confirmed}"
        hint = "" if item.suggested is None else f"suggested {item.suggested}: "
        typer.echo(f"  {item.key:12} {confirmed:12} {about.title}")
        typer.echo(f"  {'':12} {'':12} {hint}{item.why}")


def _asked(form: Sheet, items: tuple[ScoreItem, ...]) -> dict[str, int | None]:
    """Item by item; what is left open is not there."""
    from kneetrack.clinic.scores import check_points

    answers: dict[str, int | None] = {}
    for about, item in zip(form.items, items, strict=True):
        if item.confirmed is not None:
            continue
        choices = ", ".join(f"{p} = {what}" for p, what in about.points.items())
        while True:
            text = typer.prompt(
                f"{about.title} ({choices})", default="", show_default=False, err=True
            )
            if not text.strip():
                break
            try:
                key, value = _points(f"{item.key}={text}")
                check_points(form, key, value)
            except SettingsError as error:
                inform(str(error))
                continue
            answers[key] = value
            break
    return answers


def _show_total(score: Score, coaching: bool) -> None:
    from kneetrack.clinic.scores import in_words

    typer.echo(in_words(score, coaching=coaching))
