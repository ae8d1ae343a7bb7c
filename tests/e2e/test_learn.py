"""Learn, About and "why am I seeing this?" in a browser."""

from __future__ import annotations

import pytest

from e2e.driver import visit
from e2e.test_pages import AXE, find_barriers

PAGES = ("/learn", "/learn/why-backs-crack", "/learn/seek-help", "/about")


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["wide", "narrow"])
def test_no_article_keeps_anybody_out(chromium, server, size):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: make ui")
    width, height = size
    with visit(chromium, server, color_scheme="light", viewport={"width": width, "height": height}) as seen:
        seen.open()
        barriers = {}
        for path in PAGES:
            seen.go(path)
            seen.rest()
            for summary in seen.page.locator(".why summary").all()[:2]:
                summary.click()
            if path == "/learn":
                seen.page.get_by_role("searchbox").fill("crakcing")
                seen.page.locator(".hits mark").first.wait_for()
            found = find_barriers(seen)
            if found:
                barriers[path] = found
            too_wide = seen.page.evaluate("() => document.documentElement.scrollWidth > innerWidth + 1")
            assert not too_wide, f"{path} scrolls sideways"
        assert barriers == {}
        assert seen.foreign == []
        assert seen.complaints == []


def test_a_misspelt_word_leads_by_keyboard_to_the_statement_and_its_source(person):
    person.go("/learn")
    person.rest()
    page = person.page
    page.get_by_role("searchbox").focus()
    page.keyboard.type("knuckel arthritus")
    page.locator(".hits a").first.wait_for()
    assert page.locator(".hits a").first.locator("mark").all_inner_texts()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/learn/risks#knuckles")
    sought = page.locator(".statement.is-sought")
    sought.wait_for()
    assert "18.1 %" in sought.inner_text()
    page.wait_for_function("() => document.activeElement?.id === 'knuckles'")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("deWeber K et al.").wait_for()
    assert "Rule K20" in sought.inner_text()
    assert "knuckel" not in page.url


def test_going_back_finds_the_list_again(person):
    person.go("/learn")
    person.rest()
    page = person.page
    page.get_by_role("searchbox").fill("foamroller")
    page.locator(".hits a").first.click()
    page.locator(".statement.is-sought").wait_for()
    page.go_back()
    page.locator(".hits mark").first.wait_for()
    assert page.get_by_role("searchbox").input_value() == "foamroller"


def test_a_block_says_by_which_rule(person):
    person.api("PUT", "/api/settings", {"emergency_number": "112"})
    answers = person.all_no() | {"U07": "yes"}
    person.api("POST", "/api/screening", {"answers": answers, "details": {}})
    person.go("/")
    person.rest()
    why = person.page.locator(".way-on .why")
    why.locator("summary").click()
    why.get_by_text("Rule U07").wait_for()
    why.get_by_text("NHS").first.wait_for()


def test_a_rule_is_named_although_the_server_has_stopped(person, server):
    person.go("/help")
    person.rest()
    server.stop()
    card = person.page.locator(".help-card").filter(has_text="Chest pain or pressure").first
    card.locator("summary").first.click()
    card.locator(".why summary").click()
    card.get_by_text("Rule E01").wait_for()


def test_where_people_begin_it_says_what_it_is_for(person):
    for path in ("/", "/settings", "/learn"):
        person.go(path)
        person.rest()
        assert "Not a medical device" in person.page.inner_text("main"), path
        assert person.page.locator("main a[href='/about']").count() == 1
    person.page.locator("main a[href='/about']").click()
    person.page.get_by_role("heading", name="Rules that wait for a clinician").wait_for()
    assert (
        "E01" in person.page.inner_text(".about-list") or person.page.locator(".about-list li").count() > 90
    )
