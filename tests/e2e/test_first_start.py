"""Somebody who was never here, from the first page to the first cue: what there is to read and to press."""

from __future__ import annotations

import re

import pytest

from e2e.driver import begin

WORDS_A_MINUTE = 250
PRESS_S = 1.5
MOST_S = 180.0
"""Three minutes, every word read (docs/first-start.md)."""
MOST_PRESSES = 15
LONGEST = 30
READ = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { textContent, parentElement: at } = walker.currentNode;
    const text = textContent.trim();
    if (!text || at.closest('.scale, .unseen, .session-help')) continue;
    if (!at.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const { width, height } = range.getBoundingClientRect();
    if (width > 2 && height > 2) found.push(text);
  }
  return found;
}"""


def _read(page, known):
    """Return how many words are on the page that were not read before."""
    new = dict.fromkeys(text for text in page.evaluate(READ) if text not in known)
    known.update(new)
    return sum(len(re.findall(r"\w[\w'\u2019]*", text)) for text in new)


def _answer(page):
    """Do what the page proposes; return how many presses it took."""
    scale = page.locator("form.how-now .scale label")
    number = page.locator("main .choice label", has_text="112")
    n_presses = 0
    if number.count():
        number.click()
        page.locator("main .choice input:checked").wait_for(state="attached")
        n_presses += 1
    if scale.count():
        scale.nth(3).click()
        n_presses += 1
    before = page.locator("h1").first.inner_text()
    page.locator("button.main:visible, a.main:visible").first.click()
    is_next = "was => document.querySelector('h1')?.innerText !== was && document.querySelector('main .main')"
    page.wait_for_function(is_next, arg=before)
    return n_presses + 1


@pytest.mark.slow
def test_a_newcomer_reads_little_before_the_first_exercise(person):
    page, known = person.page, set()
    page.goto(person.server.address)
    page.wait_for_selector("main a.main")
    table = []
    for _ in range(LONGEST):
        if "/session" in page.url:
            break
        name = page.locator("h1").first.inner_text()
        n_words = _read(page, known)
        table.append((name, n_words, _answer(page)))
    person.wait_for("stage", "setup")
    name = page.locator("h1").first.inner_text()
    # a person without a camera goes by the clock; the page proposes the camera first
    n_words = _read(page, known)
    page.get_by_role("button", name="Without a camera").click()
    person.wait_for("mode", "timer")
    table.append((name, n_words + _read(page, known), 2))
    begin(page)
    person.wait_for("stage", "live")
    n_words, n_presses = sum(row[1] for row in table), sum(row[2] for row in table)
    needed_s = n_words / WORDS_A_MINUTE * 60 + n_presses * PRESS_S
    # all of the safety questions were on the way
    cards = person.api("GET", "/api/screening")["cards"]
    assert len(table) >= len(cards) + 4
    lines = "\n".join(f"{words} words, {presses} presses: {name}" for name, words, presses in table)
    assert n_presses <= MOST_PRESSES, lines
    assert needed_s <= MOST_S, f"{needed_s:.0f} s for {n_words} words and {n_presses} presses\n{lines}"


def _open_check(person):
    person.api("PUT", "/api/settings", {"emergency_number": "112"})
    person.go("/check")
    person.page.locator('[data-rule="chest-pain"]').wait_for()


def _sign(page, name):
    return page.locator(f'.ticks > [data-rule="{name}"]')


def test_a_ticked_sign_is_asked_in_full_before_it_counts(person):
    _open_check(person)
    page = person.page
    row = _sign(page, "chest-pain")
    assert "jaw" not in row.inner_text()
    row.locator("label").click()
    row.get_by_text("jaw").wait_for()
    row.locator("label").click()
    page.get_by_role("button", name="Show them in full").click()
    _sign(page, "fever").get_by_text("does not fade").wait_for()
    # and stays so on the next page
    page.get_by_role("button", name="None of these").click()
    _sign(page, "bladder").get_by_text("genitals").wait_for()
    page.get_by_role("button", name="Show them short").click()
    _sign(page, "bladder").get_by_text("genitals").wait_for(state="detached")


def test_a_sign_that_stands_for_several_questions_has_to_be_settled(person):
    _open_check(person)
    page = person.page
    page.get_by_role("button", name="None of these").click()
    _sign(page, "weak").locator("> label input").check()
    go_on = page.get_by_role("button", name="Go on")
    go_on.click()
    # not one of them, and not none: the page stays
    _sign(page, "weak").get_by_role("alert").wait_for()
    asked = _sign(page, "weak").locator(".tick")
    assert [asked.nth(i).get_attribute("data-rule") for i in range(asked.count())] == [
        "E04",
        "E05",
        "E07",
        "E12",
        "U08",
    ]
    _sign(page, "weak").get_by_label("None of these").check()
    go_on.click()
    page.get_by_role("heading", name="The pain itself").wait_for()
    draft = person.api("GET", "/api/screening")["draft"]["answers"]
    assert draft["E05"] == draft["U08"] == "no"


def test_an_emergency_below_a_sign_is_told_at_once_and_comes_back(person):
    _open_check(person)
    page = person.page
    page.get_by_role("button", name="None of these").click()
    _sign(page, "unsteady").get_by_role("button", name="Not sure").first.click()
    _sign(page, "unsteady").locator('[data-rule="E05"] > label input').check()
    page.get_by_role("button", name="Go on").click()
    page.locator("dialog.emergency a[href^='tel:']").first.wait_for()
    person.rest()
    assert person.api("GET", "/api/screening")["draft"]["answers"]["E05"] == "yes"
    # somebody who closed the page finds it as it was
    page.reload()
    page.get_by_role("heading", name="The pain itself").wait_for()
    page.get_by_role("button", name="Back").click()
    page.locator('[data-rule="E05"] input:checked').first.wait_for()


def test_who_did_not_say_whom_to_call_is_asked_before_the_questions(person):
    page = person.page
    page.get_by_role("link", name="Begin").click()
    page.get_by_role("heading", name="Which number do you call").wait_for()
    page.locator("main .choice label", has_text="112").click()
    page.get_by_role("button", name="Go on").click()
    page.locator('[data-rule="chest-pain"]').wait_for()
    # said once, also after a reload
    page.reload()
    page.locator('[data-rule="chest-pain"]').wait_for()


def test_who_is_not_sure_of_chest_pain_reads_whom_to_call_on_the_result_too(person):
    person.api("PUT", "/api/settings", {"emergency_number": "112"})
    answers = person.all_no() | {"E01": "unsure"}
    told = person.api("POST", "/api/screening", {"answers": answers, "details": {}})
    assert told["assessment"]["tier"] == "urgent"
    for path in ("/check", "/"):
        person.go(path)
        person.page.get_by_role("heading", name="Please hold off on the exercises").wait_for()
        person.page.locator("main a[href='tel:112']").first.wait_for()
