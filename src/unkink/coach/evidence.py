"""Evidence: on what a row rests, and how firmly.

In: the safety rules and ``rules/norms/evidence.yaml``. Out: sources, grade and provenance of any row by
its id. Next file: :mod:`unkink.coach.rulebook`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from unkink.coach.exercise import Strict
from unkink.coach.safety_grammar import Grade, Provenance, Source
from unkink.coach.safety_rules import choose_provenance, iter_evidenced

if TYPE_CHECKING:
    from unkink.coach.safety_rules import SafetyRules

ORDER: tuple[Provenance, ...] = ("S", "S2", "M", "D")
"""From the firmest to the least firm."""


class EvidenceRow(Strict, frozen=True, kw_only=True):
    """One row: its sources by key, and how strong they are for it."""

    sources: tuple[str, ...]
    grade: Grade


class EvidenceRows(Strict, frozen=True, kw_only=True):
    """Rows and sources beside those of the safety rules."""

    format: Literal[1]
    rows: dict[str, EvidenceRow]
    sources: dict[str, Source]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """On what a row rests."""

    id: str
    sources: tuple[str, ...]
    """Keys of its sources, in the order of the evidence file."""
    references: tuple[str, ...]
    grade: Grade
    provenance: Provenance
    """The firmest of its sources: ``M`` and ``D`` alone are shown as memory and judgement."""


def collect_sources(safety: SafetyRules, beside: EvidenceRows) -> dict[str, Source]:
    """Return every source by its key (unitless)."""
    return {**beside.sources, **safety.sources.sources}


def collect_evidence(safety: SafetyRules, beside: EvidenceRows) -> dict[str, Evidence]:
    """Return the evidence of every row by its id (unitless)."""
    sources = collect_sources(safety, beside)
    found = {
        rule.id: Evidence(
            id=rule.id,
            sources=rule.sources,
            references=tuple(sources[key].reference for key in rule.sources),
            grade=rule.grade,
            provenance=choose_provenance(rule, safety),
        )
        for rule in iter_evidenced(safety)
    }
    for row_id, row in beside.rows.items():
        known = [sources[key] for key in row.sources if key in sources]
        provenances: list[Provenance] = [source.provenance for source in known]
        found.setdefault(
            row_id,
            Evidence(
                id=row_id,
                sources=tuple(key for key in row.sources if key in sources),
                references=tuple(source.reference for source in known),
                grade=row.grade,
                provenance=min(provenances, key=ORDER.index) if provenances else "D",
            ),
        )
    return found
