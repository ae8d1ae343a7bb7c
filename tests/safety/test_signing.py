"""Which rows a clinician has signed: data, for one version of the rules, opening nothing."""

from __future__ import annotations

from typing import Any

import pytest

from builders import make_rulebook
from safety.cases import FILES, RULES, replaced
from safety.registry import list_rows
from unkink.coach.safety_rules import decode_safety
from unkink.coach.signing import Signature, Signatures, find_unsigned
from unkink.errors import RuleError

BOOK = make_rulebook()


def signed(*rows: str, **more: Any) -> Signatures:
    given: dict[str, Any] = {
        "reviewer": "A. Nother",
        "profession": "physiotherapist",
        "on": "2026-01-31",
        "rules_version": RULES.version,
        "rows": rows,
        **more,
    }
    return Signatures(format=1, signatures=(Signature(**given),))


def test_nothing_is_signed_yet_and_that_is_told() -> None:
    assert RULES.signatures.signatures == ()
    found = find_unsigned(RULES, BOOK.evidence)
    ids = [one.id for one in found]
    assert len(ids) == len(set(ids))
    assert set(list_rows()) <= set(ids)
    assert {i for i, row in BOOK.evidence.items() if row.grade == "D"} <= set(ids)
    assert all(one.lacks == ("physiotherapist", "doctor") for one in found)
    assert "M01" not in ids


def test_one_signature_leaves_the_other_open() -> None:
    rules = replaced(RULES, signatures=signed("E01", "D10"))
    lacks = {one.id: one.lacks for one in find_unsigned(rules, BOOK.evidence)}
    assert lacks["E01"] == lacks["D10"] == ("doctor",)
    both = Signatures(
        format=1,
        signatures=(*signed("E01").signatures, *signed("E01", profession="doctor").signatures),
    )
    assert "E01" not in {one.id for one in find_unsigned(replaced(RULES, signatures=both), BOOK.evidence)}


def test_signature_of_another_version_counts_for_nothing() -> None:
    rules = replaced(RULES, signatures=signed("E01", rules_version="1.0.0+00000000"))
    lacks = {one.id: one.lacks for one in find_unsigned(rules, BOOK.evidence)}
    assert lacks["E01"] == ("physiotherapist", "doctor")


def test_signing_does_not_change_the_version() -> None:
    name = "safety/signatures.yaml"
    text = f"""format: 1
signatures:
  - reviewer: A. Nother
    profession: doctor
    on: 2026-01-31
    rules_version: {RULES.version}
    rows: [E01]
"""
    rules = decode_safety({**FILES, name: text.encode()})
    assert rules.version == RULES.version
    assert rules.signatures.signatures[0].rows == ("E01",)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("doctor", "astrologer"),
        ("2026-01-31", "yesterday"),
        ("[E01]", "[]"),
        ("[E01]", "[everything]"),
        ("1.0.0+00000000", "1.0.0"),
        ("reviewer: A. Nother", "reviewer: ''"),
    ],
)
def test_signatures_are_read_strictly(before: str, after: str) -> None:
    text = """format: 1
signatures:
  - {reviewer: A. Nother, profession: doctor, on: 2026-01-31, rules_version: 1.0.0+00000000, rows: [E01]}
"""
    assert decode_safety({**FILES, "safety/signatures.yaml": text.encode()})
    assert before in text
    with pytest.raises(RuleError):
        decode_safety({**FILES, "safety/signatures.yaml": text.replace(before, after).encode()})
