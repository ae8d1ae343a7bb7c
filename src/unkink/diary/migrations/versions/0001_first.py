"""The first shape of the diary."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _dated(table: str, *columns: sa.schema.SchemaItem) -> None:
    """Make a table whose rows have an identity, an order of writing and a person."""
    op.create_table(
        table,
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        *columns,
        _key(table),
        sa.UniqueConstraint("seq", name=f"uq_{table}_seq"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=f"fk_{table}_person_id_person", ondelete="CASCADE"
        ),
    )


def _of_session(table: str, *columns: sa.Column[object], keys: tuple[str, ...]) -> None:
    """Make a table whose rows belong to a session and go with it."""
    op.create_table(
        table,
        sa.Column("session_id", sa.String(64), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*keys, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=f"fk_{table}_session_id_session", ondelete="CASCADE"
        ),
    )


def _of_person(table: str, *columns: sa.Column[object], keys: tuple[str, ...]) -> None:
    op.create_table(
        table,
        sa.Column("person_id", sa.String(64), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*keys, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=f"fk_{table}_person_id_person", ondelete="CASCADE"
        ),
    )


def _people() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counter"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _key("person"),
        sa.UniqueConstraint("seq", name="uq_person_seq"),
    )
    _of_person(
        "setting",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        keys=("person_id", "key"),
    )
    _of_person(
        "screening_draft",
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        keys=("person_id",),
    )


def _answers() -> None:
    _dated(
        "screening",
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("assessment", sa.JSON(), nullable=False),
        sa.Column("tier", sa.String(16), nullable=False),
        sa.Column("rules_version", sa.String(64), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
    )
    _dated(
        "clearance",
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("gentle_ok", sa.Boolean(), nullable=False),
        sa.Column("rule_ids", sa.JSON(), nullable=False),
        sa.Column("note_kind", sa.Text()),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
    )
    _dated(
        "check_in",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pain_now", sa.Integer(), nullable=False),
        sa.Column("stiffness", sa.String(8)),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
    )


def _sessions() -> None:
    _dated(
        "session",
        sa.Column("exercise_id", sa.String(64), nullable=False),
        sa.Column("variant", sa.String(64)),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("short", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("rules_version", sa.String(64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("client", sa.JSON(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("held_s", sa.JSON(), nullable=False),
        sa.Column("rolled_s", sa.Double(), nullable=False),
        sa.Column("repetitions", sa.Integer(), nullable=False),
        sa.Column("pain_before", sa.Integer()),
        sa.Column("pain_during", sa.Integer()),
        sa.Column("pain_after", sa.Integer()),
        sa.Column("stiffness_after", sa.String(8)),
        sa.Column("relief", sa.String(8)),
        sa.Column("felt", sa.Text()),
        sa.Column("signal", sa.String(8)),
        sa.Column("stop_rule_ids", sa.JSON(), nullable=False),
    )
    running = sa.text("status = 'running'")
    op.create_index(
        "uq_session_running",
        "session",
        ["person_id"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )


def _of_sessions() -> None:
    _of_session(
        "exercise_set",
        sa.Column("idx", sa.Integer(), nullable=False),
        sa.Column("set_idx", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("started_s", sa.Double(), nullable=False),
        sa.Column("ended_s", sa.Double(), nullable=False),
        sa.Column("held_s", sa.Double(), nullable=False),
        sa.Column("rolled_s", sa.Double(), nullable=False),
        sa.Column("repetitions", sa.Integer(), nullable=False),
        sa.Column("n_faults", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        keys=("session_id", "idx"),
    )
    _of_session(
        "measurement",
        sa.Column("idx", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.String(64), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("value_deg", sa.Double()),
        sa.Column("sd_deg", sa.Double()),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        keys=("session_id", "idx"),
    )
    op.create_index("ix_measurement_quantity", "measurement", ["quantity"])
    _of_session(
        "session_event",
        sa.Column("idx", sa.Integer(), nullable=False),
        sa.Column("t_s", sa.Double(), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        keys=("session_id", "idx"),
    )
    _of_session(
        "recording",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n_frames", sa.Integer(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        keys=("session_id",),
    )
    _dated(
        "pop",
        sa.Column("session_id", sa.String(64)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deliberate", sa.Boolean(), nullable=False),
        sa.Column("region", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_pop_session_id_session", ondelete="CASCADE"
        ),
    )


def upgrade() -> None:
    """Make the tables."""
    _people()
    _answers()
    _sessions()
    _of_sessions()
    op.execute("INSERT INTO counter (name, value) VALUES ('seq', 0)")
