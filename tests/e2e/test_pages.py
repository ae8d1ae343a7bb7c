"""Every page, light and dark: nothing that keeps anybody out, nothing foreign, nothing that complains."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from e2e.driver import begin, visit

AXE = Path(__file__).resolve().parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ("/", "/check", "/progress", "/techniques", "/techniques/seated-twist", "/settings", "/help")


SCHEMES = {"light": None, "dark": ["color-contrast", "link-in-text-block"]}
"""What is looked at: everything in the light, what colours may hide in the dark."""


def find_barriers(seen):
    """Run axe in the page, light and dark; return what is serious or critical."""
    seen.page.evaluate(AXE.read_text(encoding="utf-8"))
    barriers = []
    for scheme, rules in SCHEMES.items():
        seen.page.emulate_media(color_scheme=scheme)
        seen.rest()
        wishes = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
        found = seen.page.evaluate("wishes => axe.run(document, wishes)", wishes)
        assert len(found["passes"]) > 0, "nothing was looked at"
        barriers += [
            (scheme, v["id"], [node["target"] for node in v["nodes"]][:3])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
    seen.page.emulate_media(color_scheme="light")
    return barriers


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["wide", "narrow"])
def test_no_page_keeps_anybody_out(chromium, server, size):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: make ui")
    width, height = size
    with visit(chromium, server, color_scheme="light", viewport={"width": width, "height": height}) as seen:
        seen.open()
        barriers = {}
        for is_allowed in (False, True):
            if is_allowed:
                seen.be_allowed()
            for path in PAGES if not is_allowed else (*PAGES, "/session?exercise=seated-twist&mode=timer"):
                seen.go(path)
                seen.rest()
                found = find_barriers(seen)
                if found:
                    barriers[path, is_allowed] = found
                too_wide = seen.page.evaluate("() => document.documentElement.scrollWidth > innerWidth + 1")
                assert not too_wide, f"{path} scrolls sideways"
                # a page of a session has the button that hurts as well; help is one tap away on each
                assert (
                    seen.page.locator("a[href='/help'], button:has-text('I need help now')").count() >= 1
                ), path
        assert barriers == {}
        assert seen.foreign == []
        assert seen.without_policy == []
        assert seen.complaints == []


def test_help_needs_no_server(person, server):
    person.api("PUT", "/api/settings", {"emergency_number": "112"})
    person.go("/")
    person.rest()
    server.stop()
    person.page.locator("a[href='/help'], button:has-text('I need help now')").first.click()
    person.page.get_by_text("112").first.wait_for()


def test_without_a_camera_the_page_says_what_to_do(person):
    person.be_allowed()
    person.start_session("seated-twist", mode="camera")
    person.page.wait_for_selector("main.session[data-camera-problem]")
    words = person.page.inner_text("main.session").lower()
    assert "camera" in words
    assert "without a camera" in words
    person.complaints.clear()


def test_the_address_works_once_and_a_stranger_is_told_how(chromium, server):
    with visit(chromium, server) as owner, visit(chromium, server) as stranger:
        owner.open()
        stranger.page.goto(server.address)
        stranger.page.get_by_text(re.compile("start unkink again|terminal", re.IGNORECASE)).first.wait_for()
        assert stranger.context.request.get(server.origin + "/api/today").status == 401


def test_a_second_tab_asks_and_may_take_over(person):
    person.be_allowed()
    person.start_session("seated-twist", mode="timer")
    person.wait_for("stage", "live")
    other = person.context.new_page()
    other.goto(person.server.origin + "/session?exercise=seated-twist&mode=timer&short=1")
    other.wait_for_selector('main.session[data-stage="setup"]')
    begin(other)
    other.wait_for_selector('main.session[data-problem="session-elsewhere"]')
    words = other.inner_text("main.session").lower()
    assert "here" in words


def test_every_row_of_the_check_is_on_a_card(person):
    cards = person.api("GET", "/api/screening")["cards"]
    ids = [question["id"] for card in cards for question in card["questions"]]
    wanted = (
        [f"E{i:02}" for i in range(1, 13)]
        + [f"U{i:02}" for i in range(20)]
        + [f"C{i:02}" for i in range(1, 28)]
    )
    assert sorted(set(ids)) == sorted(wanted)
    person.go("/check")
    person.rest()
    assert person.page.locator("[data-rule], button, input").count() > 0
