"""The document on outputs names what is written, neither less nor more."""

from __future__ import annotations

import re
from pathlib import Path

from unkink.body.quantities import QUANTITIES, sd_name
from unkink.exchange.index import COLUMNS

ROOT = Path(__file__).parents[2]


def read_tables() -> list[list[list[str]]]:
    """Return all tables as rows of cells."""
    tables: list[list[list[str]]] = [[]]
    for line in (ROOT / "docs/output.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            tables[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        elif tables[-1]:
            tables.append([])
    return [table[2:] for table in tables if table]


def names_in(cells: list[str]) -> list[str]:
    return [name for cell in cells for name in re.findall(r"`([a-z_]+)`", cell)]


def test_the_columns_of_the_angles_are_documented_in_order() -> None:
    table = next(t for t in read_tables() if "`t_s`" in t[0][0])
    found = [names_in(row[:2]) for row in table]
    assert found == [["t_s"], *[[name, sd_name(name)] for name in QUANTITIES]]
    for name, row in zip(QUANTITIES, table[1:], strict=True):
        assert ("degrees" in row[2]) == name.endswith("_deg"), name
        assert row[3], name


def test_the_columns_of_the_index_are_documented_in_order() -> None:
    table = next(t for t in read_tables() if "`name`" in t[0][0])
    assert [names_in(row[:1]) for row in table] == [[name] for name in COLUMNS]
