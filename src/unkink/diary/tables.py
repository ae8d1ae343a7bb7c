"""The tables of the diary.

In: nothing. Out: SQLAlchemy tables that are the same in SQLite and PostgreSQL; :mod:`unkink.diary.migrations`
makes them, and a test holds the two together. Times of day are aware UTC. Everything that is dated carries
``seq``, the diary's own order of writing, because clocks are set back and sessions are not. Next file:
:mod:`unkink.diary.engine`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from unkink.errors import ContractError

SEQUENCE = "seq"
"""Name of the counter of the order of writing."""

CHANGE = "change"
"""Name of the counter that every write raises: whoever has read at the same number has read the same."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """Aware UTC in and out, whatever the database keeps."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """PostgreSQL keeps the zone; SQLite has none, so UTC is kept without it."""
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; a naive time is a bug of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ContractError(code="naive-time")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - asked for by SQLAlchemy
    ) -> datetime | None:
        """Bring back aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_JSON = sa.JSON(none_as_null=True)

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(64), primary_key=True)


def _person() -> sa.Column[str]:
    key = sa.ForeignKey("person.id", ondelete="CASCADE")
    return sa.Column("person_id", sa.String(64), key, nullable=False)


def _session(**options: Any) -> sa.Column[str]:
    return sa.Column("session_id", sa.String(64), sa.ForeignKey("session.id", ondelete="CASCADE"), **options)


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.BigInteger, nullable=False, unique=True)


def _offset() -> sa.Column[int]:
    return sa.Column("utc_offset_min", sa.Integer, nullable=False, server_default="0")


def _came_along() -> sa.Column[bool]:
    """Return the mark of what an import brought to a diary that held something: it opens nothing here."""
    return sa.Column("came_along", sa.Boolean, nullable=False, server_default=sa.false())


counter = sa.Table(
    "counter",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

person = sa.Table(
    "person",
    metadata,
    _id(),
    _seq(),
    sa.Column("name", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

setting = sa.Table(
    "setting",
    metadata,
    sa.Column(
        "person_id",
        sa.String(64),
        sa.ForeignKey("person.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)

screening_draft = sa.Table(
    "screening_draft",
    metadata,
    sa.Column(
        "person_id",
        sa.String(64),
        sa.ForeignKey("person.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("answers", _JSON, nullable=False),
    sa.Column("details", _JSON, nullable=False),
    sa.Column("saved_at", UtcDateTime, nullable=False),
)

screening = sa.Table(
    "screening",
    metadata,
    _id(),
    _seq(),
    _person(),
    sa.Column("answers", _JSON, nullable=False),
    sa.Column("details", _JSON, nullable=False),
    sa.Column("assessment", _JSON, nullable=False),
    sa.Column("tier", sa.String(16), nullable=False),
    sa.Column("rules_version", sa.String(64), nullable=False),
    sa.Column("answered_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime),
    _came_along(),
)

clearance = sa.Table(
    "clearance",
    metadata,
    _id(),
    _seq(),
    _person(),
    sa.Column("assessed_on", sa.Date, nullable=False),
    sa.Column("gentle_ok", sa.Boolean, nullable=False),
    sa.Column("rule_ids", _JSON, nullable=False),
    sa.Column("note_kind", sa.Text),
    sa.Column("saved_at", UtcDateTime, nullable=False),
    _came_along(),
)

check_in = sa.Table(
    "check_in",
    metadata,
    _id(),
    _seq(),
    _person(),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("pain_now", sa.Integer, nullable=False),
    sa.Column("stiffness", sa.String(8)),
    sa.Column("answers", _JSON, nullable=False),
    sa.Column("places", _JSON, nullable=False),
    sa.Column("details", _JSON, nullable=False),
    _offset(),
    _came_along(),
)

session = sa.Table(
    "session",
    metadata,
    _id(),
    _seq(),
    _person(),
    sa.Column("exercise_id", sa.String(64), nullable=False),
    sa.Column("variant", sa.String(64)),
    sa.Column("mode", sa.String(16), nullable=False),
    sa.Column("short", sa.Boolean, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("rules_version", sa.String(64), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("duration_s", sa.Double, nullable=False),
    sa.Column("plan", _JSON, nullable=False),
    sa.Column("client", _JSON, nullable=False),
    sa.Column("snapshot", _JSON, nullable=False),
    sa.Column("summary", _JSON, nullable=False),
    sa.Column("held_s", _JSON, nullable=False),
    sa.Column("rolled_s", sa.Double, nullable=False),
    sa.Column("repetitions", sa.Integer, nullable=False),
    sa.Column("pain_before", sa.Integer),
    sa.Column("pain_during", sa.Integer),
    sa.Column("pain_after", sa.Integer),
    sa.Column("stiffness_after", sa.String(8)),
    sa.Column("relief", sa.String(8)),
    sa.Column("felt", sa.Text),
    sa.Column("signal", sa.String(8)),
    sa.Column("stop_rule_ids", _JSON, nullable=False),
    sa.Column("settled", sa.String(16)),
    sa.Column("pain_kinds", _JSON, nullable=False, server_default="[]"),
    _offset(),
    # Set: the session was deleted, and this row is what limits, rests and locks still need of it.
    sa.Column("deleted_at", UtcDateTime),
)

# Two tabs, two windows, two servers: one session at a time, and the database itself sees to it.
sa.Index(
    "uq_session_running",
    session.c.person_id,
    unique=True,
    sqlite_where=session.c.status == "running",
    postgresql_where=session.c.status == "running",
)

sa.Index("ix_session_status", session.c.person_id, session.c.status)

exercise_set = sa.Table(
    "exercise_set",
    metadata,
    _session(primary_key=True),
    sa.Column("idx", sa.Integer, primary_key=True),
    sa.Column("set_idx", sa.Integer, nullable=False),
    sa.Column("side", sa.String(8), nullable=False),
    sa.Column("started_s", sa.Double, nullable=False),
    sa.Column("ended_s", sa.Double, nullable=False),
    sa.Column("held_s", sa.Double, nullable=False),
    sa.Column("rolled_s", sa.Double, nullable=False),
    sa.Column("repetitions", sa.Integer, nullable=False),
    sa.Column("n_faults", sa.Integer, nullable=False),
    sa.Column("details", _JSON, nullable=False),
)

measurement = sa.Table(
    "measurement",
    metadata,
    _session(primary_key=True),
    sa.Column("idx", sa.Integer, primary_key=True),
    sa.Column("quantity", sa.String(64), nullable=False, index=True),
    sa.Column("side", sa.String(8), nullable=False),
    sa.Column("value_deg", sa.Double),
    sa.Column("sd_deg", sa.Double),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("measured_at", UtcDateTime, nullable=False),
    sa.Column("reason", sa.String(64)),
    sa.Column("repeats_deg", _JSON, nullable=False, server_default="[]"),
)

session_event = sa.Table(
    "session_event",
    metadata,
    _session(primary_key=True),
    sa.Column("idx", sa.Integer, primary_key=True),
    sa.Column("t_s", sa.Double, nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("payload", _JSON, nullable=False),
)

IS_TOLD = sa.text("kind IN ('pain', 'symptom')")
"""Events in which the person told of pain or of a stop sign; few among many."""

sa.Index(
    "ix_session_event_told",
    session_event.c.session_id,
    sqlite_where=IS_TOLD,
    postgresql_where=IS_TOLD,
)

pop = sa.Table(
    "pop",
    metadata,
    _id(),
    _seq(),
    _person(),
    _session(),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("deliberate", sa.Boolean, nullable=False),
    sa.Column("region", sa.String(64)),
    _offset(),
)

review = sa.Table(
    "review",
    metadata,
    _id(),
    _seq(),
    _person(),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("pain_worst", sa.Integer),
    sa.Column("pain_average", sa.Integer),
    sa.Column("pain_days", sa.Integer),
    sa.Column("nights_woken", sa.Integer),
    sa.Column("sleep_disturbance", sa.Integer),
    sa.Column("stiff_mornings", sa.Integer),
    sa.Column("is_constant", sa.Boolean),
    sa.Column("since_weeks", sa.Double),
    sa.Column("onset_age_years", sa.Integer),
    sa.Column("brings_on", _JSON, nullable=False),
    sa.Column("global_change", sa.Integer),
    sa.Column("activities", _JSON, nullable=False),
    sa.Column("wall_gap_cm", sa.Double),
    sa.Column("height_loss_cm", sa.Double),
    sa.Column("age_years", sa.Integer),
    _offset(),
)

# A note outlives the session that it is about: harm that was told stays told.
note = sa.Table(
    "note",
    metadata,
    _id(),
    _seq(),
    _person(),
    sa.Column("session_id", sa.String(64), sa.ForeignKey("session.id", ondelete="SET NULL")),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("text", sa.Text),
    _offset(),
)

referral_answer = sa.Table(
    "referral_answer",
    metadata,
    _id(),
    _seq(),
    _person(),
    sa.Column("rule_id", sa.String(8), nullable=False),
    sa.Column("answer", sa.String(16), nullable=False),
    sa.Column("answered_at", UtcDateTime, nullable=False),
    _came_along(),
)

recording = sa.Table(
    "recording",
    metadata,
    _session(primary_key=True),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("n_frames", sa.Integer, nullable=False),
    sa.Column("duration_s", sa.Double, nullable=False),
    sa.Column("finished", sa.Boolean, nullable=False),
)

# Filled by the database itself, in SQLite: see :mod:`unkink.diary.touching`.
touched = sa.Table(
    "touched",
    metadata,
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("row_id", sa.String(64), primary_key=True),
    sa.Column("stand", sa.BigInteger, nullable=False),
)
sa.Index("ix_touched_stand", touched.c.stand)

DATED: tuple[sa.Table, ...] = (
    screening,
    clearance,
    check_in,
    session,
    pop,
    review,
    note,
    referral_answer,
)
"""Tables whose rows have a place in the diary's order of writing."""

TIMES: dict[str, str] = {
    "screening": "answered_at",
    "clearance": "saved_at",
    "check_in": "at",
    "session": "started_at",
    "pop": "at",
    "review": "at",
    "note": "at",
    "referral_answer": "answered_at",
}
"""Which column of a dated table says when."""

for _table in DATED:
    sa.Index(f"ix_{_table.name}_person_id", _table.c.person_id, _table.c.seq)
