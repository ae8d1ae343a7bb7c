"""The steps from one shape of the diary to the next, run by Alembic when a diary is opened.

A step is never changed once it has been published. Next file: :mod:`unkink.diary.engine`.
"""

from __future__ import annotations

REVISIONS: tuple[str, ...] = ("0001", "0002", "0003", "0004", "0005", "0006")
"""All shapes, oldest first; the last one is what this version writes."""

HEAD = REVISIONS[-1]
