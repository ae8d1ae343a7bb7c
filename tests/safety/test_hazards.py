"""SAFETY.md lists every rule with a test that is there."""

from __future__ import annotations

import re

from safety.cases import RULES
from safety.hazards import OTHERS, PAGE, list_tests, make_table, put_table
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
    assert len({rule.id for rule in iter_evidenced(RULES)}) >= 59 + 5 + 6 + 5 + 7 + 6


def test_no_hazard_is_about_a_rule_that_is_gone() -> None:
    known = {rule.id for rule in iter_evidenced(RULES)}
    assert {i for i in OTHERS if i[0].isupper()} <= known
