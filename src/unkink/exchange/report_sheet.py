"""The page of a report in words: blocks of text, tables and pictures, the same for HTML and PDF.

In: nothing. Out: :class:`Sheet`. Next file: :mod:`unkink.exchange.report_words`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Place: TypeAlias = Literal["top", "left", "right", "full"]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of text; the first cell of each is its head."""

    columns: tuple[str, ...]
    """Heads of the columns; none: a list of pairs."""
    rows: tuple[tuple[str, ...], ...]
    wide: tuple[int, ...]
    """Share of each column in the space that is left; 0: as wide as it needs."""


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing."""

    svg: str
    alt: str
    width_frac: float = 1.0
    """Of the column."""


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One titled part of the page."""

    id: str
    title: str
    place: Place
    picture: Picture | None = None
    table: Table | None = None
    lines: tuple[str, ...] = ()
    """Shown as a list."""
    note: str | None = None
    """Small print."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A page, ready to be set."""

    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    """Name, period, date: label and value."""
    blocks: tuple[Block, ...]
    use: str
    """Statement of intended use."""
    versions: str
    page: str
    """With ``{n}`` and ``{all}``."""
    made_at: str
    """ISO 8601, UTC: the date of the document."""
