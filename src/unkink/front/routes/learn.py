"""What is known: the evidence behind every rule.

In: the rulebook. Out: rows, sources. Next file: :mod:`unkink.front.routes.shapes_learn`.
"""

from __future__ import annotations

from fastapi import APIRouter

from unkink.front.routes import shapes_learn
from unkink.front.services import Here

router = APIRouter(prefix="/api", tags=["learn"])


@router.get("/evidence")
def list_evidence(here: Here) -> shapes_learn.EvidenceBook:
    """List every row of evidence with its sources, for "why am I seeing this?"."""
    book = here.rulebook
    return shapes_learn.EvidenceBook(
        rows={
            row.id: shapes_learn.EvidenceRow(
                sources=list(row.sources), grade=row.grade, provenance=row.provenance
            )
            for row in book.evidence.values()
        },
        sources={
            key: shapes_learn.Source(
                reference=source.reference, provenance=source.provenance, confirmed=source.confirmed
            )
            for key, source in book.sources.items()
        },
    )
