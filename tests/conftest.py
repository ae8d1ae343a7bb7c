"""Shares the tests among processes, and tells at the end how many rows of the evidence were proven."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

from safety.registry import describe, sort_tests

_BROWSER = "browser"

# How long an example takes says more about what else the machine does than about what is tested.
settings.register_profile("unhurried", settings.default, deadline=None)
settings.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file together; those in a browser follow each other, they want a quiet machine."""
    for item in items:
        is_browser = "e2e" in item.path.parts
        item.add_marker(pytest.mark.xdist_group(_BROWSER if is_browser else str(item.path)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = sort_tests(
        report.nodeid for report in terminalreporter.stats.get("passed", ()) if report.when == "call"
    )
    if passed:
        terminalreporter.write_line(describe(passed))
