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


def test_a_double_click_answers_no_page_that_was_not_read(person):
    person.api("PUT", "/api/settings", {"emergency_number": "112"})
    page = person.page
    person.go("/check")
    page.get_by_role("heading", name="Chest, head, fever").wait_for()
    page.get_by_role("button", name="None of these").dblclick()
    page.get_by_role("heading", name="Nerves, balance, bladder").wait_for()
    # a press that was meant shows that the second one of the pair did nothing: one page further, not two
    page.get_by_role("button", name="None of these").click()
    page.get_by_role("heading", name="The pain itself").wait_for()
    page.get_by_role("button", name="Back").click()
    # and a sign that is pressed twice stays ticked
    row = page.locator('[data-rule="bladder"]')
    row.locator("> label").dblclick()
    page.get_by_role("button", name="Go on").wait_for()
    assert row.locator("input").first.is_checked()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (640, 400)], ids=["wide", "narrow", "at twice"])
def test_none_of_these_stands_below_the_last_of_them(chromium, server, size):
    width, height = size
    with visit(chromium, server, viewport={"width": width, "height": height}) as seen:
        seen.open()
        seen.api("PUT", "/api/settings", {"emergency_number": "112"})
        seen.go("/check")
        seen.page.locator('[data-rule="chest-pain"]').wait_for()
        seen.rest()
        assert _gap(seen.page, ".ticks > :last-child") >= 0
        # also where more is told of the day
        seen.be_allowed()
        seen.go("/")
        today = seen.page
        today.get_by_role("button", name="Change").click()
        today.locator("details.more > summary").click()
        assert 0 <= _gap(today, ".how-now .ticks > :last-child") < height / 4


def _gap(page, last):
    """Return how far below ``last`` the button stands that says none of them, before anybody scrolls."""
    button = page.get_by_role("button", name="None of these")
    button.wait_for()
    bottom = "one => one.getBoundingClientRect().bottom"
    top = "one => one.getBoundingClientRect().top"
    return button.evaluate(top) - page.locator(last).evaluate(bottom)


def test_an_address_cut_short_says_where_one_is(person):
    person.go("/techniques/%E0%A4%A")
    person.page.locator("main h1, main h2").first.wait_for()
    person.complaints.clear()


@pytest.mark.parametrize("size", [(320, 568), (640, 400)], ids=["320 wide", "at twice"])
def test_a_session_in_a_small_window_lays_nothing_over_another(chromium, server, size):
    width, height = size
    with visit(chromium, server, viewport={"width": width, "height": height}) as seen:
        seen.open()
        seen.go("/")
        seen.rest()
        ends = seen.page.locator("nav.places a").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().right)"
        )
        assert max(ends) <= width
        seen.be_allowed()
        seen.start_session("seated-twist", mode="timer", short=False)
        seen.wait_for("stage", "live")
        seen.page.locator(".session-line:not(:empty)").wait_for()
        assert seen.page.evaluate(LAID_OVER) == []


LAID_OVER = """() => {
  const names = ['.session-help .button', '.side-word', '.ring-words', '.column-next', '.column-notes',
    '.session-line', '.session-tools', '.hurts', '.chip'];
  const boxes = names.map((name) => [name, document.querySelector(name)?.getBoundingClientRect()])
    .filter(([, box]) => box);
  const found = [];
  for (const [name, a] of boxes) {
    if (a.bottom > innerHeight + 1 || a.right > innerWidth + 1 || a.top < 0) found.push([name, 'outside']);
    for (const [other, b] of boxes) {
      if (name >= other) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && high > 2) found.push([name, other]);
    }
  }
  return found;
}"""


def test_the_focus_goes_along_to_what_comes_next(person):
    person.api("PUT", "/api/settings", {"emergency_number": "112"})
    page = person.page
    answers = person.all_no()
    person.api("PUT", "/api/screening/draft", {"answers": answers, "details": {}})
    person.go("/check")
    none = page.get_by_role("button", name="None of these")
    none.wait_for()
    while "/check" in page.url:
        before = page.locator("h1").inner_text()
        none.focus()
        page.keyboard.press("Enter")
        page.wait_for_function(FOCUS_IS_AT_ANOTHER, arg=before)
    assert page.url == person.server.origin + "/"
    page.locator("form.how-now .scale input").nth(3).press("Space")
    none.focus()
    page.keyboard.press("Enter")
    page.locator(".suggestion").wait_for()
    page.wait_for_function(FOCUS_IS_AT_ANOTHER, arg="How is your upper back, right now?")


FOCUS_IS_AT_ANOTHER = """(before) => {
  const { activeElement: at } = document;
  return at.localName === 'h1' && at.innerText !== before && at.innerText !== 'Today';
}"""
