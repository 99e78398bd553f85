"""Which store a command works with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kneetrack.store import Store

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
DbOption = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="FILE|URL",
        help=r"The store: a file, or postgresql://... \[KNEETRACK_DB, else clinic.db in your data "
        "folder].",
    ),
]


@contextlib.contextmanager
def opened_store(db: str | None) -> Iterator[Store]:
    """The store that was named, KNEETRACK_DB, or the user's own. Raises StoreError."""
    from kneetrack.clinic.settling import settle_left_over
    from kneetrack.store import open_store

    with open_store(db) as store:
        settle_left_over(store)
        yield store
