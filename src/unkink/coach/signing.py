"""Who has reviewed which rules, and which rules nobody has.

In: ``rules/safety/signatures.yaml``, the rules and the evidence. Out: the rows that need a clinician's
signature and have none. A signature opens nothing and closes nothing: it is told, no more. Next file:
:mod:`unkink.coach.safety_rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import msgspec

from unkink.coach.safety_grammar import RuleId, Strict

if TYPE_CHECKING:
    from unkink.coach.evidence import Evidence
    from unkink.coach.safety_rules import SafetyRules

Profession: TypeAlias = Literal["physiotherapist", "doctor"]
PROFESSIONS: tuple[Profession, ...] = ("physiotherapist", "doctor")

_SECTIONS = {
    **dict.fromkeys("EUCHP", "1"),
    **dict.fromkeys("DTLSO", "2"),
    "R": "7",
}
"""Section of the evidence by the letter of a row, as far as all of it needs a signature."""
_DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_VERSION = r"^[0-9]+\.[0-9]+\.[0-9]+\+[0-9a-f]{8}$"


class Signature(Strict, frozen=True, kw_only=True):
    """One reviewer's word on some rows."""

    reviewer: Annotated[str, msgspec.Meta(min_length=1)]
    profession: Profession
    on: Annotated[str, msgspec.Meta(pattern=_DAY)]
    """Day of the review."""
    rules_version: Annotated[str, msgspec.Meta(pattern=_VERSION)]
    """Version with the digest: another one has not been reviewed."""
    rows: Annotated[tuple[RuleId, ...], msgspec.Meta(min_length=1)]


class Signatures(Strict, frozen=True, kw_only=True):
    """Everything that was signed."""

    format: Literal[1]
    signatures: tuple[Signature, ...]


class Unsigned(msgspec.Struct, frozen=True, kw_only=True):
    """A row that needs a signature and lacks it."""

    id: str
    section: str
    """1, 2 or 7 of the evidence; empty for a row of grade D elsewhere."""
    grade: str
    provenance: str
    lacks: tuple[Profession, ...]
    """Whose signature is missing."""


def find_unsigned(rules: SafetyRules, evidence: Mapping[str, Evidence]) -> tuple[Unsigned, ...]:
    """Find the rows that need a clinician's signature and have none for these very rules.

    Parameters
    ----------
    rules : SafetyRules
    evidence : mapping of row id to Evidence

    Returns
    -------
    tuple of Unsigned
        In the order of the evidence.
    """
    signed: set[tuple[str, str]] = {
        (row_id, one.profession)
        for one in rules.signatures.signatures
        if one.rules_version == rules.version
        for row_id in one.rows
    }
    found: list[Unsigned] = []
    for row_id, row in evidence.items():
        section = _SECTIONS.get(row_id.rstrip("0123456789"), "")
        lacks: tuple[Profession, ...] = tuple(p for p in PROFESSIONS if (row_id, p) not in signed)
        if (section or row.grade == "D") and lacks:
            found.append(
                Unsigned(id=row_id, section=section, grade=row.grade, provenance=row.provenance, lacks=lacks)
            )
    return tuple(found)
