"""Every row of the evidence has its tests, and they are found by their names."""

from __future__ import annotations

from safety.cases import RULES
from safety.registry import describe, find_missing, find_row_tests, list_rows, points_of, sort_tests
from unkink.coach.safety_rules import iter_evidenced


def test_every_row_has_a_test_at_under_and_over_its_limit() -> None:
    assert find_missing(find_row_tests()) == []


def test_every_row_of_the_evidence_is_a_rule() -> None:
    rows = list_rows()
    assert len(rows) == 94
    ids = [rule.id for rule in iter_evidenced(RULES)]
    assert len(ids) == len(set(ids))
    assert set(rows) <= set(ids)
    assert {i for i in ids if i[0] in "EUCPSLOR"} == set(rows)


def test_names_are_read() -> None:
    tests = sort_tests(
        [
            "tests/safety/test_x.py::test_a[R06-at-noise]",
            "tests/safety/test_x.py::test_a[camera-E01-yes]",
            "tests/safety/test_x.py::test_a[E01-at]",
            "tests/safety/test_x.py::test_R06-at",
            "tests/safety/test_x.py::test_a[XR06-at]",
            "tests/safety/test_x.py::test_a[R06-attic]",
        ]
    )
    assert tests == {
        "R06": {"at": ["test_x.py::test_a[R06-at-noise]"]},
        "E01": {"yes": ["test_x.py::test_a[camera-E01-yes]"]},
    }
    missing = find_missing(tests)
    assert "R06-under" in missing
    assert "R06-at" not in missing
    assert len(missing) == 94 * 3 - 2


def test_points() -> None:
    assert points_of("P01") == points_of("R16") == ("under", "at", "over")
    assert points_of("P02") == points_of("U00") == ("yes", "unsure", "no")


def test_the_line_at_the_end_tells_how_many() -> None:
    assert describe({}).startswith("safety rows proven at, under and over: 0 of 94 (E 0/12")
    found = find_row_tests()
    assert "94 of 94" in describe(found)
