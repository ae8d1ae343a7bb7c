"""Unkink in a process, Chromium beside it."""

from __future__ import annotations

import pytest

from e2e.driver import Server, find_chromium, launch, visit


def pytest_collection_modifyitems(items):
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def playwright():
    if find_chromium() is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright):
    """One Chromium for all tests without a camera; each visit has a context of its own."""
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def server(tmp_path):
    running = Server(data_dir=tmp_path / "data")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def person(chromium, server):
    """A visit without a camera; afterwards nothing foreign was asked and nothing complained."""
    with visit(chromium, server) as seen:
        seen.open()
        yield seen
        assert seen.foreign == []
        assert seen.without_policy == []
        assert seen.complaints == []
