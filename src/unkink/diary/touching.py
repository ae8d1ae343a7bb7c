"""Which rows were written since a moment, as the database itself has noted it.

In: the number of changes at which something was read. Out: the rows written since, by table, or nothing where
that cannot be told: then everything is read again. Triggers of SQLite fill the table, so that no way of
writing can be forgotten: another process, an import, a row that goes with the one it belongs to. Next file:
:mod:`unkink.diary.kept_past`.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from unkink.diary.tables import DATED, touched

GONE = ""
"""In place of a row's id: some row of that table went, or got another number."""

KEPT_CHANGES = 400
"""Of so many changes it is known what they wrote; the database forgets after some more."""

N_TRIGGERS = 4 * len(DATED) + 2 * 3 + 1
"""Four for each dated table, three for each of two that belong to a session, one that forgets."""

_COUNT = sa.text(
    "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 15) = 'unkink_touched_'"
)


def is_tracked(connection: sa.Connection) -> bool:
    """Whether the database notes what is written."""
    if connection.dialect.name != "sqlite":
        # There writers do not wait for each other: one may finish later than a change with a higher number.
        return False
    return connection.execute(_COUNT).scalar_one() == N_TRIGGERS


def find_touched(connection: sa.Connection, before: int, now: int) -> Mapping[str, frozenset[str]] | None:
    """Find what was written between two numbers of changes.

    Parameters
    ----------
    connection : Connection
        In the transaction in which ``now`` was read.
    before, now : int

    Returns
    -------
    mapping or None
        Ids by the name of the table, :data:`GONE` among them where a row went. None: it is not known.
    """
    if not now - KEPT_CHANGES <= before <= now:
        return None
    # A write notes the number that it found, and raises it at its end.
    query = sa.select(touched.c.kind, touched.c.row_id).where(touched.c.stand >= before)
    found: dict[str, set[str]] = {}
    for kind, row_id in connection.execute(query):
        found.setdefault(kind, set()).add(row_id)
    return {kind: frozenset(ids) for kind, ids in found.items()}
