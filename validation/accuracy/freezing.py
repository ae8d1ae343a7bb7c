"""Frozen tables of a version: written once, compared and rendered ever after.

In: results. Out: ``agreement.csv``, ``checks.csv`` and ``environment.json`` in ``frozen/VERSION``. Next file:
``document.py``.
"""

from __future__ import annotations

import csv
import importlib.metadata
import json
import math
import platform
from collections.abc import Sequence
from pathlib import Path

import unkink
from validation.accuracy.tables import Results, Row
from validation.accuracy.takes import HERE

FROZEN = HERE / "frozen"
DIGITS = 3
TEXT = frozenset({"collection", "take", "model", "variant", "check", "exercise", "view", "quantity"})
_PACKAGES = ("numpy", "pyarrow")


def find_folder(version: str = unkink.__version__) -> Path:
    """Where the tables of a version lie."""
    return FROZEN / version


def freeze(results: Results, folder: Path) -> None:
    """Write both tables and what they were made with."""
    folder.mkdir(parents=True, exist_ok=True)
    write_table(results.agreement, folder / "agreement.csv")
    write_table(results.checks, folder / "checks.csv")
    about = {
        "version": unkink.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "n_takes": results.n_takes,
    }
    (folder / "environment.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def write_table(rows: Sequence[Row], path: Path) -> None:
    """Write rows as CSV, numbers rounded to three digits after the point."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: _to_text(v) for k, v in row.items()} for row in rows)


def _to_text(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.{DIGITS}f}"
    return str(value)


def read_table(path: Path) -> list[Row]:
    """Read rows as they were written; an empty number is NaN."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{k: _from_text(k, v) for k, v in row.items()} for row in csv.DictReader(file)]


def _from_text(name: str, text: str) -> object:
    if name in TEXT:
        return text
    if name == "is_met":
        return text == "True"
    return float(text) if text else math.nan
