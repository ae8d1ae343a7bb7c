"""What stays of a deleted session, what an import only shows, and how often the diary has changed.

A number that every write raises tells whether something read before still holds. The indices are for
diaries of ten years: the pain told in sessions is found without reading every event.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_DATED = ("screening", "clearance", "check_in", "session", "pop", "review", "note", "referral_answer")


def upgrade() -> None:
    """Add the columns, the number and the indices."""
    op.add_column("session", sa.Column("deleted_at", sa.DateTime(timezone=True)))
    for table in ("screening", "clearance", "check_in", "referral_answer"):
        column = sa.Column("came_along", sa.Boolean(), nullable=False, server_default=sa.false())
        op.add_column(table, column)
    counter = sa.table("counter", sa.column("name", sa.String), sa.column("value", sa.BigInteger))
    op.bulk_insert(counter, [{"name": "change", "value": 0}])
    for table in _DATED:
        op.create_index(f"ix_{table}_person_id", table, ["person_id", "seq"])
    told = sa.text("kind IN ('pain', 'symptom')")
    op.create_index(
        "ix_session_event_told", "session_event", ["session_id"], sqlite_where=told, postgresql_where=told
    )
