"""The person's local time of day, kinds of pain and when it settled, and why a value was not measured.

Caps count by the person's own day, so what is dated also says how far the local clock was from UTC. Rows from
before are taken as UTC.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns."""
    for table in ("session", "check_in", "pop"):
        op.add_column(table, sa.Column("utc_offset_min", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("session", sa.Column("settled", sa.String(16), nullable=True))
    op.add_column("session", sa.Column("pain_kinds", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("measurement", sa.Column("reason", sa.String(64), nullable=True))
