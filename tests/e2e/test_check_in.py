"""The day's questions, the figure to point at, the longer look: by hand and by keyboard, wide and narrow."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from e2e.driver import Server, visit, wait_until
from unkink.diary import open_diary, records

AXE = Path(__file__).resolve().parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
WORDS_A_MINUTE = 250.0
ACT_S = 1.5
"""To find and press one thing that was read already."""
ORDINARY_DAY_S = 40.0
EXERCISE_LINKS = "a[href^='/session']"


def find_barriers(page):
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        (v["id"], v["nodes"][0]["target"])
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]


LONG = ".tick > label span span, .tick .unsure, .suggestion ~ *, .how-now ~ *"
"""What explains a question to whom its name says too little, and what lies below the day's questions."""


def count_words(page) -> tuple[int, int]:
    """Count the words of the page itself, without the bar above it: all, and those of explanations."""
    everything = page.locator("main").inner_text()
    long = " ".join(part.inner_text() for part in page.locator(LONG).all() if part.is_visible())
    return len(everything.split()), len(long.split())


def read_s(n_words: float) -> float:
    return n_words / WORDS_A_MINUTE * 60.0


@pytest.fixture
def known(tmp_path):
    """A server of somebody who checked in yesterday and pointed at two places."""
    with open_diary(tmp_path / "data") as diary:
        now = datetime.now(UTC)
        for days in (9, 1):
            told = records.CheckIn(
                pain_now=3,
                stiffness="bit",
                answers={},
                places=("between-blades", "left-blade"),
                at=now - timedelta(days=days),
                utc_offset_min=0,
            )
            diary.save_check_in(told)
    running = Server(data_dir=tmp_path / "data")
    running.start()
    yield running
    running.kill()


def be_screened(seen) -> None:
    seen.api("PUT", "/api/settings", {"emergency_number": "112"})
    seen.api("POST", "/api/screening", {"answers": seen.all_no(), "details": {}})


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("by", ["keyboard", "hand"])
def test_an_ordinary_day_takes_less_than_forty_seconds(chromium, known, size, by, record_property):
    width, height = SIZES[size]
    with visit(chromium, known, viewport={"width": width, "height": height}) as seen:
        seen.open()
        be_screened(seen)
        seen.go("/")
        page = seen.page
        page.locator(".how-now").wait_for()
        assert "as last time" in page.locator(".places-line").inner_text()
        n_words = len(page.locator(".how-now").inner_text().split())
        if by == "keyboard":
            n_acts = 0
            while not page.evaluate("() => document.activeElement.matches('.scale input')"):
                page.keyboard.press("Tab")
                n_acts += 1
                assert n_acts < 15, "the first question is far away"
            # from 0 to 2, on to the stiffness, and go on
            for key in ("ArrowRight", "ArrowRight", "Tab", "Space", "Enter"):
                page.keyboard.press(key)
            n_acts += 5
            took_s = read_s(n_words) + 0.4 * n_acts
        else:
            seen.rest()
            page.locator(".scale label").nth(2).click()
            page.get_by_role("radio", name="no", exact=True).check(force=True)
            page.locator("form.how-now button.main").click()
            n_acts = 3
            took_s = read_s(n_words) + ACT_S * n_acts
        page.locator(".suggestion").wait_for()
        record_property("acts", n_acts)
        record_property("seconds", round(took_s, 1))
        assert took_s < ORDINARY_DAY_S
        stored = seen.api("GET", "/api/check-in")["check_in"]
        assert stored["pain_now"] == 2
        assert stored["stiffness"] == "no"
        assert stored["places"] == ["between-blades", "left-blade"]
        assert seen.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_figure_is_for_everybody(chromium, known, size, scheme):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: make ui")
    width, height = SIZES[size]
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": height}}
    with visit(chromium, known, reduced_motion="reduce", **options) as seen:
        seen.open()
        be_screened(seen)
        seen.go("/")
        page = seen.page
        page.locator(".places-line button").click()
        page.locator(".body-stage").first.wait_for()
        told = page.locator(".body-told")
        assert told.inner_text() == "Between the shoulder blades, left shoulder blade."
        # a finger: each region is at least 24 CSS pixels wide and high
        for region in page.locator(".body-region").all():
            box = region.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24
        page.locator(".body-region.is-on").first.click()
        wait_until(lambda: "between" not in told.inner_text().lower())
        # keys: the checkbox has the focus, the drawing shows it, space ticks
        page.get_by_role("checkbox", name="neck", exact=True).focus()
        page.keyboard.press("ArrowDown")
        assert page.locator(".body-region.is-focused").count() == 1
        page.keyboard.press("Space")
        wait_until(lambda: "top of the left shoulder" in told.inner_text().lower())
        if size == "narrow":
            page.get_by_role("radio", name="front", exact=True).check(force=True)
        page.get_by_role("checkbox", name="chest", exact=True).focus()
        page.keyboard.press("Space")
        assert find_barriers(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth + 1")
        # the same as a list
        page.get_by_role("button", name="Show it as a list").click()
        ticked = [box for box in page.locator(".body-map input").all() if box.is_checked()]
        assert len(ticked) == 3
        assert page.locator(".body-map input").count() == 15
        assert find_barriers(page) == []
        page.get_by_role("button", name="Done").click()
        seen.rest()
        page.locator(".scale label").nth(1).click()
        page.locator("form.how-now button.main").click()
        page.locator(".suggestion").wait_for()
        stored = seen.api("GET", "/api/check-in")["check_in"]["places"]
        assert sorted(stored) == ["chest", "left-blade", "left-shoulder-top"]
        assert seen.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_the_longer_look_is_offered_once_and_kept(chromium, known, size):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: make ui")
    width, height = SIZES[size]
    with visit(chromium, known, viewport={"width": width, "height": height}) as seen:
        seen.open()
        be_screened(seen)
        page = seen.page
        seen.go("/")
        page.locator(".how-now").wait_for()
        assert page.locator(".review-offer").count() == 0, "one question at a time"
        seen.check_in(2)
        seen.go("/")
        page.locator(".review-offer").wait_for()
        assert page.locator(".mobility-offer").count() == 0, "one question at a time"
        assert find_barriers(page) == []
        page.get_by_role("link", name="Look back").click()
        page.get_by_role("group", name="On average over the last 24 hours").wait_for()
        assert find_barriers(page) == []
        page.get_by_role("group", name="On average over the last 24 hours").locator("label").nth(4).click()
        page.get_by_role("group", name=re.compile("nights did pain wake")).locator("label").nth(2).click()
        page.get_by_role("radio", name="no, it comes and goes").check(force=True)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("Thing 1").fill("lift my daughter")
        page.get_by_role("button", name="That is it, go on").click()
        page.get_by_role("group", name=re.compile("lift my daughter")).locator("label").nth(6).click()
        assert find_barriers(page) == []
        while page.get_by_role("button", name="Save").count() == 0:
            page.get_by_role("button", name="Go on").click()
        page.get_by_label(re.compile("How old are you")).fill("52")
        assert find_barriers(page) == []
        page.get_by_role("button", name="Save").click()
        page.get_by_role("heading", name="Saved, thank you.").wait_for()
        (activity,) = seen.api("GET", "/api/activities")["activities"]
        assert activity["text"] == "lift my daughter"
        (kept,) = seen.api("GET", "/api/export")["reviews"]
        assert (kept["pain_average"], kept["nights_woken"], kept["is_constant"]) == (4, 2, False)
        assert kept["pain_worst"] is None
        assert kept["age_years"] == 52
        assert kept["activities"] == {activity["id"]: 6}
        seen.go("/")
        page.locator(".suggestion").wait_for()
        assert page.locator(".review-offer").count() == 0
        assert seen.complaints == []


def test_not_now_is_taken_for_an_answer(chromium, known):
    with visit(chromium, known) as seen:
        seen.open()
        be_screened(seen)
        seen.check_in(2)
        seen.go("/")
        seen.page.get_by_role("button", name="Not now").click()
        wait_until(lambda: seen.page.locator(".review-offer").count() == 0)
        seen.page.reload()
        seen.page.locator(".suggestion").wait_for()
        assert seen.page.locator(".review-offer").count() == 0
        assert seen.complaints == []


@pytest.mark.parametrize("row", ["P02", "P03"])
def test_an_emergency_answer_of_the_day_takes_the_exercises_away_in_one_step(person, row):
    person.be_allowed()
    person.go("/")
    page = person.page
    page.locator(EXERCISE_LINKS).first.wait_for()
    page.get_by_role("button", name="Change", exact=True).click()
    # what arrives late moves what is below it: nobody presses a button that moves
    person.rest()
    page.locator(".scale label").nth(2).click()
    page.locator(f".tick[data-rule={row}] input").check()
    page.locator("form.how-now button.main").click()
    page.get_by_text("112").first.wait_for()
    assert page.locator(EXERCISE_LINKS).count() == 0
    for path in ("/", "/techniques", "/techniques/seated-twist"):
        person.go(path)
        page.wait_for_load_state("networkidle")
        assert page.locator(EXERCISE_LINKS).count() == 0, path
    person.complaints.clear()


def test_an_emergency_answer_of_the_check_takes_the_exercises_away_in_one_step(person):
    person.api("PUT", "/api/settings", {"emergency_number": "112"})
    person.go("/check")
    page = person.page
    page.locator("main button.main").wait_for()
    if page.locator(".tick").count() == 0:
        page.locator("main button.main").click()
    page.locator(".tick[data-rule=chest-pain] input").check()
    page.locator(".check-bottom .main").click()
    page.get_by_role("heading", name=re.compile("call for help")).wait_for()
    assert page.locator(EXERCISE_LINKS).count() == 0
    assert page.locator("a[href^='tel:']").count() >= 1
    # who leaves now has told it all the same: whom to call stays, and no exercise comes back
    for path in ("/techniques/seated-twist", "/techniques", "/"):
        person.go(path)
        page.locator("main h1").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert page.locator(EXERCISE_LINKS).count() == 0, path
        assert page.locator("main .picture, .technique-top ~ .pair").count() == 0, path
    page.get_by_role("heading", name="Please finish the safety questions.").wait_for()
    assert page.locator("main a[href^='tel:']").count() >= 1
    person.go("/session?exercise=seated-twist&mode=demo")
    page.get_by_role("heading", name="Not now.").wait_for()
    assert page.get_by_role("button", name=re.compile("demonstration")).count() == 0


def test_whom_to_call_is_said_of_unfinished_answers_while_something_else_locks(person):
    person.be_allowed()
    person.api("POST", "/api/screening", {"answers": person.all_no() | {"U07": "yes"}, "details": {}})
    page = person.page
    person.go("/")
    page.get_by_role("heading", name=re.compile("speak to a clinician first")).wait_for()
    assert page.locator("main a[href^='tel:']").count() == 0
    person.api("PUT", "/api/screening/draft", {"answers": {"E01": "yes"}})
    person.go("/")
    page.locator("main a[href^='tel:']").first.wait_for()
    page.get_by_role("heading", name=re.compile("speak to a clinician first")).wait_for()
