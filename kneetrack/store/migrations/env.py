"""Alembic's way in: it works over the connection that ``store.migrating`` opened."""

from __future__ import annotations

from alembic import context

from kneetrack.store.tables import store_facts

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=store_facts.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
