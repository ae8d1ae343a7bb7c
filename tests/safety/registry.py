"""Which test proves which row of the evidence: read from the ids of the tests, kept nowhere else.

Between the brackets of a test's id stands ``ROW-POINT``: ``at``, ``under`` and ``over`` for a row with a
limit, ``yes``, ``unsure`` and ``no`` for a question.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
N_ROWS = {"E": 12, "U": 20, "C": 27, "P": 5, "S": 5, "L": 4, "O": 5, "R": 16}
"""How many rows the evidence has of each kind; U begins with U00."""
LIMIT, QUESTION = ("under", "at", "over"), ("yes", "unsure", "no")
_TOKEN = re.compile(r"(?<![A-Za-z0-9])([A-Z][0-9]{2})-(at|under|over|yes|unsure|no)(?![A-Za-z0-9])")

RowTests = dict[str, dict[str, list[str]]]


def list_rows() -> list[str]:
    """Return the id of every row that has to be tested."""
    return [
        f"{kind}{i:02d}"
        for kind, n in N_ROWS.items()
        for i in range(0 if kind == "U" else 1, n + (kind != "U"))
    ]


def points_of(row_id: str) -> tuple[str, ...]:
    """Return what has to be tested of a row."""
    is_question = row_id[0] in "EUC" or row_id in {"P02", "P03", "P04", "P05"}
    return QUESTION if is_question else LIMIT


def sort_tests(node_ids: Iterable[str]) -> RowTests:
    """Sort tests by the row and the point that they prove."""
    found: RowTests = {}
    for node_id in node_ids:
        name, _, bracket = node_id.partition("[")
        for row_id, point in _TOKEN.findall(bracket):
            if point in points_of(row_id):
                tests = found.setdefault(row_id, {}).setdefault(point, [])
                tests.append(f"{name.removeprefix('tests/safety/')}[{bracket}")
    return found


def find_missing(tests: RowTests) -> list[str]:
    """Return what no test proves, as ``ROW-POINT``."""
    return [f"{i}-{p}" for i in list_rows() for p in points_of(i) if not tests.get(i, {}).get(p)]


@cache
def find_row_tests() -> RowTests:
    """Return every test of every row, by collecting the safety tests in a process of their own."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/safety",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment, timeout=300
    )
    if done.returncode != 0:
        message = f"the safety tests cannot be collected:\n{done.stdout[-2000:]}"
        raise RuntimeError(message)
    return sort_tests(line for line in done.stdout.splitlines() if "::" in line)


def describe(passed: RowTests) -> str:
    """Return one line: how many rows were proven, and by how many tests."""
    rows = list_rows()
    whole = [i for i in rows if all(passed.get(i, {}).get(p) for p in points_of(i))]
    kinds = " ".join(f"{kind} {sum(i[0] == kind for i in whole)}/{n}" for kind, n in N_ROWS.items())
    n_tests = len({test for i in rows for tests in passed.get(i, {}).values() for test in tests})
    return f"safety rows proven at, under and over: {len(whole)} of {len(rows)} ({kinds}), by {n_tests} tests"
