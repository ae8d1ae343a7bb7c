"""The longer look back, what a person tells outside of any question, and their answers to a referral."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _dated(name: str, *columns: sa.schema.SchemaItem) -> None:
    """Make a table of a person's dated entries."""
    op.create_table(
        name,
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("seq", name=f"uq_{name}_seq"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=f"fk_{name}_person_id_person", ondelete="CASCADE"
        ),
    )


def upgrade() -> None:
    """Make the tables."""
    whole, real = sa.Integer(), sa.Double()
    _dated(
        "review",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, whole) for name in ("pain_worst", "pain_average", "pain_days", "nights_woken")),
        *(sa.Column(name, whole) for name in ("sleep_disturbance", "stiff_mornings")),
        sa.Column("is_constant", sa.Boolean()),
        sa.Column("since_weeks", real),
        sa.Column("onset_age_years", whole),
        sa.Column("brings_on", sa.JSON(), nullable=False),
        sa.Column("global_change", whole),
        sa.Column("activities", sa.JSON(), nullable=False),
        sa.Column("wall_gap_cm", real),
        sa.Column("height_loss_cm", real),
        sa.Column("age_years", whole),
        sa.Column("utc_offset_min", whole, nullable=False, server_default="0"),
    )
    _dated(
        "note",
        sa.Column("session_id", sa.String(64)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("utc_offset_min", whole, nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_note_session_id_session", ondelete="SET NULL"
        ),
    )
    _dated(
        "referral_answer",
        sa.Column("rule_id", sa.String(8), nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
    )
