"""Commands about change: trend, and a clinic's own reliability."""

from __future__ import annotations

import json as json_text
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.commands.opening import DbOption, JsonOption, opened_store
from kneetrack.console import inform
from kneetrack.records import SettingsError

if TYPE_CHECKING:
    from kneetrack.clinic.reliability import OwnReliability
    from kneetrack.store import Store


def trend(
    client: Annotated[str, typer.Argument(help="The client's code.")],
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="NUMBER|DAY", help=r"Session to begin with \[the first]."),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="NUMBER|DAY", help=r"Session to end with \[the last]."),
    ] = None,
    json: JsonOption = False,
    db: DbOption = None,
) -> None:
    """What was measured of a client, session by session, and what has changed for real.

    Changed is said only beyond the minimal detectable change, and only when both sessions were set
    up alike; every other answer says why.
    """
    from kneetrack.clinic import change
    from kneetrack.clinic.naming import session_number
    from kneetrack.commands.trend_json import trend_dict
    from kneetrack.commands.trend_table import show_trend

    with opened_store(db) as store:
        found = change.trend(
            store,
            client,
            first=session_number(store, client, first),
            last=session_number(store, client, last),
        )
    if json:
        sys.stdout.write(json_text.dumps(trend_dict(found), ensure_ascii=False, indent=1) + "\n")
        return
    show_trend(found)


def reliability(
    within_days: Annotated[
        int, typer.Option("--within-days", help="Sessions so close together count as repeated.")
    ] = 14,
    clients: Annotated[
        list[str] | None,
        typer.Option("--clients", help=r"Only these codes, with commas between them \[all]."),
    ] = None,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="From now on, call changes real by these numbers.")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Adopt what is in doubt, too; it is said what is.")
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Back to the published numbers.")
    ] = False,
    json: JsonOption = False,
    db: DbOption = None,
) -> None:
    """Your own ICC(2,1), SEM and minimal detectable change, from clients measured twice or more.

    Measure at least three clients (fifteen are better) on two days, with nothing in between that
    could change how they move. With fewer than ten clients, an ICC below nought or days that differ
    all in one direction, a measure is adopted only with --anyway.
    """
    from kneetrack.clinic.reliability import own_reliability
    from kneetrack.commands.reliability_table import show_reliability
    from kneetrack.commands.trend_json import reliability_dict

    if adopt and forget:
        raise SettingsError("--adopt and --forget cannot both be asked for")
    if anyway and not adopt:
        raise SettingsError("--anyway goes with --adopt")
    with opened_store(db) as store:
        if forget:
            _forget(store)
            return
        codes = [code.strip() for text in clients or () for code in text.split(",") if code.strip()]
        found = own_reliability(store, within_days=within_days, codes=codes)
        if not json:
            show_reliability(found)
        adopted = _adopt(store, found, anyway) if adopt else None
    if json:
        told = reliability_dict(found, adopted=bool(adopted))
        sys.stdout.write(json_text.dumps(told, ensure_ascii=False, indent=1) + "\n")
    elif adopted is not None:
        inform(f"Adopted: changes in {adopted} measures are called real by these numbers now.")
        if left := len(found.rows) - adopted:
            inform(f"Not adopted, being in doubt: {left} measures (--anyway adopts them, too).")


def _adopt(store: Store, found: OwnReliability, anyway: bool) -> int:
    if not found.rows:
        raise SettingsError(f"nothing to adopt: {'; '.join(found.warnings)}")
    rows = found.rows if anyway else found.sound
    if not rows:
        raise SettingsError(
            f"nothing is adopted, all {len(found.rows)} measures are in doubt "
            f"({found.doubts[0].why}): add --anyway to adopt them all the same"
        )
    return len(store.adopt_reliability(rows))


def _forget(store: Store) -> None:
    before = len(store.adopted_reliability())
    if before:
        store.adopt_reliability([])
        inform(f"Forgotten: {before} measures. The published numbers hold again.")
    else:
        inform("Nothing was adopted: the published numbers hold.")


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command()(trend)
    app.command()(reliability)
