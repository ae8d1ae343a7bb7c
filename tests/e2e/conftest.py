"""Unkink in a process, Chromium beside it."""

from __future__ import annotations

import contextlib

import pytest

from e2e.driver import Server, find_chromium, launch, visit


def pytest_collection_modifyitems(items):
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Tell with a failure what was on the page by then."""
    report = yield
    seen = item.funcargs.get("person")
    if report.when == "call" and report.failed and seen is not None:
        with contextlib.suppress(Exception):
            words = seen.page.evaluate("() => document.body.innerText")
            report.sections.append(("the page", f"{seen.page.url}\n{words}"))
    return report


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


@pytest.fixture(scope="session")
def next_servers(tmp_path_factory):
    """Servers of tests to come: each starts while the test before it still waits for its page."""
    begun = []

    def begin():
        begun.append(Server(data_dir=tmp_path_factory.mktemp("data")))
        begun[-1].begin()

    def take():
        if not begun:
            begin()
        taken = begun.pop()
        taken.start()
        begin()
        return taken

    yield take
    for one in begun:
        one.kill()


@pytest.fixture
def server(next_servers):
    running = next_servers()
    yield running
    running.kill()


@pytest.fixture
def person(chromium, server):
    """A visit without a camera; afterwards nothing foreign was asked and nothing complained."""
    with visit(chromium, server) as seen:
        seen.open()
        yield seen
        assert seen.foreign == []
        assert seen.without_policy == []
        assert seen.complaints == []
