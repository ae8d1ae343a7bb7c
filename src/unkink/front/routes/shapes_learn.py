"""The shapes of what is known and how well: the evidence behind every rule, and the Learn pages.

In: nothing. Out: pydantic models. Next file: :mod:`unkink.front.routes.learn`.
"""

from __future__ import annotations

from unkink.front.routes.shapes import Shape


class Source(Shape):
    """One entry of the bibliography."""

    reference: str
    provenance: str
    """``S`` read in a copy, ``S2`` seen in a summary, ``M`` from memory, ``D`` our own judgement."""
    confirmed: str
    """What of it was really read; may be empty."""


class EvidenceRow(Shape):
    """On what one rule or statement rests."""

    sources: list[str]
    """Keys of ``EvidenceBook.sources``."""
    grade: str
    provenance: str
    """The firmest of its sources."""


class EvidenceBook(Shape):
    """Every row of evidence and every source.

    Asked for as a whole, so that no address tells which rule somebody met.
    """

    rows: dict[str, EvidenceRow]
    """By the id of the row."""
    sources: dict[str, Source]
