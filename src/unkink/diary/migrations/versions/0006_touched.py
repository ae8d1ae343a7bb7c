"""Which rows were written since, so that years need not be read again for one new entry.

In SQLite every write to a dated table is noted by the database itself, whoever writes: the row under the
number that the diary has at that time, and under no name that a row went. A server is read anew each time.
Sessions that are still open are found by an index.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_DATED = ("screening", "clearance", "check_in", "session", "pop", "review", "note", "referral_answer")
_NOTE = (
    "INSERT INTO touched (kind, row_id, stand) "
    "VALUES ('{kind}', {row}, (SELECT value FROM counter WHERE name = 'change')) "
    # Not OR REPLACE: the statement that sets a trigger off has the say on conflicts, an upsert is its own.
    "ON CONFLICT (kind, row_id) DO UPDATE SET stand = excluded.stand;"
)
_FORGET = "DELETE FROM touched WHERE kind = '{kind}' AND row_id = OLD.id;"
_BELONGS = {"session_event": "{row}.kind IN ('pain', 'symptom')", "measurement": "1"}
"""What belongs to a session and is looked back on."""
_IS_THERE = "EXISTS (SELECT 1 FROM session WHERE id = {row}.session_id)"


def _trigger(name: str, when: str, *statements: str) -> None:
    op.execute(f"CREATE TRIGGER unkink_touched_{name} AFTER {when} BEGIN {' '.join(statements)} END")


def upgrade() -> None:
    """Make the table, the index and what fills the table."""
    op.create_table(
        "touched",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("row_id", sa.String(64), nullable=False),
        sa.Column("stand", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "row_id", name="pk_touched"),
    )
    op.create_index("ix_touched_stand", "touched", ["stand"])
    op.create_index("ix_session_status", "session", ["person_id", "status"])
    if op.get_bind().dialect.name != "sqlite":
        return
    for kind in _DATED:
        new, gone = _NOTE.format(kind=kind, row="NEW.id"), _NOTE.format(kind=kind, row="''")
        _trigger(f"{kind}_new", f"INSERT ON {kind}", new)
        _trigger(f"{kind}_changed", f"UPDATE ON {kind}", new)
        _trigger(f"{kind}_moved", f"UPDATE OF id, person_id, seq ON {kind}", gone)
        # What is gone leaves no name behind.
        _trigger(f"{kind}_gone", f"DELETE ON {kind}", _FORGET.format(kind=kind), gone)
    for table, counts in _BELONGS.items():
        for name, when, row in (("new", "INSERT", "NEW"), ("gone", "DELETE", "OLD")):
            is_there = _IS_THERE.format(row=row)
            note = _NOTE.format(kind="session", row=f"{row}.session_id")
            _trigger(
                f"{table}_{name}", f"{when} ON {table} WHEN {counts.format(row=row)} AND {is_there}", note
            )
        notes = [_NOTE.format(kind="session", row=f"{row}.session_id") for row in ("NEW", "OLD")]
        _trigger(f"{table}_changed", f"UPDATE ON {table}", *notes)
    forget = "DELETE FROM touched WHERE stand < NEW.value - 500;"
    _trigger("forgotten", "UPDATE ON counter WHEN NEW.name = 'change'", forget)
