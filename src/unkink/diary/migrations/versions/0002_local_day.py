"""The person's local time of day, and why a value could not be measured.

Caps count by the person's own day, so what is dated also says how far the local clock was from UTC. Rows from before
are taken as UTC.
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
    op.add_column("measurement", sa.Column("reason", sa.String(64), nullable=True))
