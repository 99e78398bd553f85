"""Alembic's way in: it works over the connection that ``store.migrating`` opened."""

from __future__ import annotations

from alembic import context

from kneetrack.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
