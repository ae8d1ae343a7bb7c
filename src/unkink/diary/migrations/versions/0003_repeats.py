"""The readings that a measured value rests on: how well a person repeats a movement tells what a change is.

Values from before have none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column."""
    op.add_column("measurement", sa.Column("repeats_deg", sa.JSON(), nullable=False, server_default="[]"))
