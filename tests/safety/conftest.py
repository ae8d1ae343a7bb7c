"""Tells at the end how many rows of the evidence were proven."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from safety.registry import describe, sort_tests


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = sort_tests(
        report.nodeid for report in terminalreporter.stats.get("passed", ()) if report.when == "call"
    )
    if passed:
        terminalreporter.write_line(describe(passed))
