"""What the rules themselves are: which rows no clinician has signed.

In: the rulebook. Out: the rows that lack a signature, and the signatures that are there. Next file:
:mod:`unkink.coach.signing`.
"""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from unkink.coach.signing import find_unsigned
from unkink.front.routes.shapes import Shape
from unkink.front.services import Here

router = APIRouter(prefix="/api/rules", tags=["rules"])

Profession = Literal["physiotherapist", "doctor"]


class SignatureGiven(Shape):
    """One reviewer's word on some rows of one version."""

    reviewer: str
    profession: Profession
    on: str
    """Day, YYYY-MM-DD."""
    rules_version: str
    rows: list[str]


class UnsignedRow(Shape):
    """A row that needs a clinician's signature and lacks one."""

    id: str
    section: str
    """1, 2 or 7 of the evidence; empty for a row of grade D elsewhere."""
    grade: str
    provenance: str
    lacks: list[Profession]


class UnsignedRows(Shape):
    """What of these very rules is not signed."""

    rules_version: str
    signatures: list[SignatureGiven]
    rows: list[UnsignedRow]


@router.get("/unsigned")
def list_unsigned(here: Here) -> UnsignedRows:
    """List the rows that need a clinician's signature and have none."""
    safety = here.rulebook.safety
    return UnsignedRows(
        rules_version=safety.version,
        signatures=[
            SignatureGiven(
                reviewer=one.reviewer,
                profession=one.profession,
                on=one.on,
                rules_version=one.rules_version,
                rows=list(one.rows),
            )
            for one in safety.signatures.signatures
        ],
        rows=[
            UnsignedRow(
                id=one.id,
                section=one.section,
                grade=one.grade,
                provenance=one.provenance,
                lacks=list(one.lacks),
            )
            for one in find_unsigned(safety, here.rulebook.evidence)
        ],
    )
