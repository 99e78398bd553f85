"""Clients, sessions, trials: the only room that talks to a database."""

from __future__ import annotations

from kneetrack.records import StoreError

try:
    from kneetrack.store.opening import open_store
    from kneetrack.store.store import Store
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] not in ("sqlalchemy", "alembic"):
        raise
    raise StoreError(
        f"the store needs {error.name}, which is not installed: pip install --upgrade "
        "--force-reinstall kneetrack"
    ) from None

__all__ = ["Store", "open_store"]
