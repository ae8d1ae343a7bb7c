"""The shapes of taking along, bringing back and erasing.

In: nothing. Out: pydantic models. Next file: :mod:`unkink.front.routes.belongings`.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from unkink.front.routes.shapes import Sentence, Shape, Wish

ExportFormat = Literal["json", "parquet", "zip"]


class EraseWish(Wish):
    """Erasing needs the word."""

    confirm: Literal["erase"]
    before: date | None = None
    """A day of the person: everything of earlier days goes. Null: everything goes."""


class Erased(Shape):
    """What was erased."""

    n_sessions: int
    n_recordings: int
    n_entries: int
    """Everything that is dated, sessions included."""
    kept: Sentence | None
    """What had to stay and why; null when nothing did."""


class Imported(Shape):
    """What an import brought."""

    n_new: int
    n_recordings: int
    notes: list[Sentence]
    """What to say about it."""
