"""The whole way by keyboard alone, without a camera."""

from __future__ import annotations

import re

import pytest

from e2e.driver import wait_until


def _say_no_to_every_card(page):
    for _ in range(20):
        if re.search("/check", page.url) is None:
            return
        button = page.get_by_role("button", name="None of these")
        if button.count() == 0:
            return
        title = page.locator("h1").first.inner_text()
        page.keyboard.press("Enter")
        wait_until(lambda title=title: page.locator("h1").first.inner_text() != title)


@pytest.mark.slow
def test_from_the_first_question_to_the_summary_by_keyboard(person):
    person.be_allowed()
    person.start_session("seated-twist", mode="timer")
    person.wait_for("stage", "live", 20)
    page = person.page
    person.wait_for("phase", "lengthen", 20)
    page.keyboard.press(" ")
    person.wait_for("phase", "paused")
    page.keyboard.press(" ")
    person.wait_for("phase", "hold", 30)
    page.wait_for_timeout(3000)
    page.keyboard.press("Enter")
    person.wait_for("phase", "return")
    person.wait_for("side", "left", 20)
    person.wait_for("phase", "hold", 30)
    page.keyboard.press("p")
    page.wait_for_timeout(2000)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/summary/"), timeout=30_000)
    (session,) = person.sessions()
    assert session["status"] == "finished"
    details = person.api("GET", f"/api/sessions/{session['id']}")["summary"]
    assert details["sides"]["right"]["held_s"] == pytest.approx(3.0, abs=1.0)
    assert details["sides"]["right"]["peak_deg"] is None
    assert len(details["pops"]) == 1


def test_something_hurts_stops_and_tells_what_to_do(person):
    person.be_allowed()
    person.start_session("seated-twist", mode="timer")
    person.wait_for("stage", "live", 20)
    person.page.keyboard.press("h")
    person.page.get_by_role("dialog").wait_for()
    person.wait_for("phase", "paused")
    person.page.locator(".pain-signs button").first.click()
    wait_until(lambda: person.read("verdict") == "stop", 15)
    words = person.page.inner_text("main.session")
    assert "112" in words
    (session,) = person.sessions()
    assert session["status"] == "stopped"


def test_pain_by_keys_alone(person):
    person.be_allowed()
    person.start_session("seated-twist", mode="timer")
    person.wait_for("stage", "live", 20)
    page = person.page
    page.keyboard.press("h")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("8")
    page.keyboard.press("Tab")
    page.keyboard.press(" ")
    page.keyboard.press("Enter")
    wait_until(lambda: person.read("verdict") == "stop", 15)
