"""``kneetrack serve`` and ``kneetrack user``: the pages in the browser, and who may sign in."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kneetrack.commands.opening import DbOption, opened_store
from kneetrack.records import SettingsError

users = typer.Typer(help="Who may sign in to the pages.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The user's name.", metavar="NAME")]


class RoleChoice(StrEnum):
    """What a user may do."""

    clinician = "clinician"
    viewer = "viewer"


def serve(
    port: Annotated[int, typer.Option(help="Port to serve on.", min=1, max=65535)] = 8321,
    host: Annotated[
        str, typer.Option(help="Address to serve on; any but this computer's own wants sign-in.")
    ] = "127.0.0.1",
    db: DbOption = None,
    files: Annotated[
        Path | None,
        typer.Option(
            help=r"Folder of clips and results \[KNEETRACK_FILES, else beside the store]."
        ),
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate, PEM, for https.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its key, PEM.")] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy on this computer speaks https.")
    ] = False,
) -> None:
    """Serve the clinic's pages for the browser; on this computer alone unless told otherwise."""
    needs_clinic()
    from kneetrack.clinic.settling import settle_left_over
    from kneetrack.console import inform
    from kneetrack.store import open_store
    from kneetrack.web.server import Place, check_place, serve

    place = Place(host, port, tls_cert, tls_key, behind_proxy)
    with open_store(db, files=files) as store:
        check_place(place, store.users())
        settle_left_over(store)
        if not store.users():
            inform("Nobody has to sign in: this computer alone can reach the pages.")
        serve(store, place, db=db, say=lambda at: inform(f"kneetrack is at {at} (Ctrl-C ends it)"))


@users.command("add")
def add_user(
    name: Name,
    role: Annotated[RoleChoice, typer.Option(help="viewers look and change nothing.")],
    db: DbOption = None,
) -> None:
    """Add a user; the password is asked for, or read from standard input."""
    needs_clinic()
    from kneetrack.clinic_records.people import User
    from kneetrack.console import inform
    from kneetrack.web.sign_ins import hash_password

    with opened_store(db) as store:
        User("", name, role.value)
        if role is RoleChoice.viewer and not store.users():
            raise SettingsError("the first user must be a clinician: --role clinician")
        store.add_user(name, role.value, hash_password(asked_password(), name))
        inform(f"{name} may sign in, as {role.value}.")


@users.command("password")
def change_password(name: Name, db: DbOption = None) -> None:
    """Give a user another password; ends every sign-in of theirs."""
    needs_clinic()
    from kneetrack.console import inform
    from kneetrack.web.sign_ins import hash_password

    with opened_store(db) as store:
        user = store.user(name)
        store.change_user(user.id, password_hash=hash_password(asked_password(), user.name))
        inform(f"{user.name} has another password and has to sign in again.")


@users.command("disable")
def disable_user(
    name: Name,
    again: Annotated[bool, typer.Option("--undo", help="Let them sign in again.")] = False,
    db: DbOption = None,
) -> None:
    """Let a user sign in no more."""
    from kneetrack.console import inform

    with opened_store(db) as store:
        user = store.change_user(store.user(name).id, active=again)
        inform(f"{user.name} {'may sign in again' if again else 'may not sign in any more'}.")


@users.command("list")
def list_users(db: DbOption = None) -> None:
    """Name, role, and whether they may sign in."""
    with opened_store(db) as store:
        for user in store.users():
            state = "" if user.active else "\tdisabled"
            typer.echo(f"{user.name}\t{user.role}{state}")


def asked_password() -> str:
    """A password typed twice without being shown, or the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def needs_clinic() -> None:
    """Raises SettingsError when the packages of the pages are not installed."""
    from importlib.util import find_spec

    missing = [
        name for name in ("fastapi", "uvicorn", "argon2", "python_multipart") if not find_spec(name)
    ]
    if missing:
        raise SettingsError("the pages need more packages: pip install 'kneetrack[clinic]'")


def add_to(app: typer.Typer) -> None:
    """Puts the commands into the command line."""
    app.command("serve")(serve)
    app.add_typer(users, name="user")
