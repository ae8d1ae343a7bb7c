"""SAFETY.md lists every rule with a test that is there."""

from __future__ import annotations

import re

from safety.cases import RULES
from safety.hazards import HAZARDS, PAGE, list_tests, make_list, make_table, put_table
from safety.registry import list_rows
from unkink.coach.safety_rules import iter_evidenced


def test_table_is_current() -> None:
    page = PAGE.read_text("utf-8")
    assert put_table(page) == page


def test_every_rule_has_a_hazard_and_a_test() -> None:
    table = make_table()
    tests = list_tests()
    for rule in iter_evidenced(RULES):
        line = next(line for line in table.splitlines() if line.startswith(f"| {rule.id} |"))
        named = re.findall(r"`([^`]+)`", line)[-1].partition("[")[0]
        assert named in tests, line
        for source in rule.sources:
            assert source in line


def test_no_hazard_is_about_a_rule_that_is_gone() -> None:
    known = {rule.id for rule in iter_evidenced(RULES)}
    assert {i for i in HAZARDS if i[0].isupper()} <= known


def test_every_row_of_the_table_is_proven_by_tests_of_its_own_name() -> None:
    for row_id in list_rows():
        line = next(line for line in make_table().splitlines() if line.startswith(f"| {row_id} |"))
        assert f"[{row_id}-" in line


def test_rows_without_a_signature_are_listed() -> None:
    text = make_list()
    for row_id in [*list_rows(), "D10", "Q06"]:
        assert re.search(rf"\b{row_id}\b", text), row_id
