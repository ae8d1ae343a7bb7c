"""Where Alembic finds the connection: the open transaction of :func:`unkink.diary.engine.migrate`."""

from __future__ import annotations

from alembic import context

from unkink.diary.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
