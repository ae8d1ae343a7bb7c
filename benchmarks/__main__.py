"""Command line of the benchmarks: ``python -m benchmarks [size startup engine ...] [--write FILE]``."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from pathlib import Path

from benchmarks.figures import Figure, to_markdown

PARTS = ("size", "startup", "engine", "analysis", "browser")
LONG_PARTS = ("length", "years")
"""Only when they are asked for: they take many minutes."""
MARK = "<!-- measured -->"


def main() -> int:
    """Measure what was asked for; return 1 if a budget is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join((*PARTS, *LONG_PARTS)))
    parser.add_argument("--write", type=Path, help="put the table into this file, between its two marks")
    options = parser.parse_args()
    options.parts = options.parts or list(PARTS)
    if unknown := set(options.parts) - {*PARTS, *LONG_PARTS}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")

    figures: list[Figure] = []
    for part in options.parts:
        for figure in importlib.import_module(f"benchmarks.{part}").measure():
            print(f"{figure.name}: {figure.value:.3g} {figure.unit}", file=sys.stderr, flush=True)
            figures.append(figure)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    table = f"Measured on {machine}.\n\n{to_markdown(figures)}"
    if options.write:
        before, _, rest = options.write.read_text("utf-8").partition(MARK)
        after = rest.partition(MARK)[2]
        options.write.write_text(f"{before}{MARK}\n{table}{MARK}{after}", "utf-8")
    else:
        print(table)
    return 0 if all(figure.is_within for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
