"""A new SQLite diary in one go: what all the steps together come to.

In: nothing. Out: the statements of ``fresh.sql``. To run every step for a diary without a row took a fifth of
a second, most of it the import of Alembic. A test holds the file to what the steps make, and writes it anew
with ``UNKINK_BLESS=1 pytest tests/diary/test_engine.py -k at_once``. Next file: :mod:`unkink.diary.engine`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

FRESH_FILE = Path(__file__).with_name("fresh.sql")


def read_fresh() -> Iterator[str]:
    """Yield the statements that make a new diary; none when the file cannot be read: then the steps do."""
    try:
        lines = FRESH_FILE.read_text("utf-8").splitlines(keepends=True)
    except OSError:
        return
    statement = ""
    for line in lines:
        statement += line
        # A trigger has statements of its own: SQLite itself knows where one ends.
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
