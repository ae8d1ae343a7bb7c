"""The whole way by keyboard alone, without a camera."""

from __future__ import annotations

import re
import time

import pytest

from e2e.driver import wait_until


@pytest.mark.slow
def test_from_the_first_question_to_the_summary_by_keyboard(person):
    person.be_allowed()
    person.start_session("seated-twist", mode="timer")
    person.wait_for("stage", "live")
    page = person.page
    person.wait_for("phase", "lengthen")
    page.keyboard.press(" ")
    person.wait_for("phase", "paused")
    page.keyboard.press(" ")
    person.wait_for("phase", "hold")
    began_s = time.monotonic()
    person.hold(3.0)
    page.keyboard.press("Enter")
    person.wait_for("phase", "return")
    took_s = time.monotonic() - began_s
    shown_s = float(person.read("held-right-s"))
    person.wait_for("side", "left")
    person.wait_for("phase", "hold")
    page.keyboard.press("p")
    person.hold(2.0)
    page.keyboard.press("Enter")
    person.wait_for_summary()
    session = person.only_session("finished")
    details = person.api("GET", f"/api/sessions/{session['id']}")["summary"]
    assert details["sides"]["right"]["held_s"] == pytest.approx(shown_s, abs=0.1)
    # what the page and the summary say is what went by, up to the moment in which each state arrives
    assert 3.0 <= shown_s <= took_s + 1.0
    assert details["sides"]["right"]["peak_deg"] is None
    assert len(details["pops"]) == 1


def test_something_hurts_stops_and_tells_what_to_do(person):
    person.be_allowed()
    person.start_session("seated-twist", mode="timer")
    person.wait_for("stage", "live")
    person.page.keyboard.press("h")
    person.page.get_by_role("dialog").wait_for()
    person.wait_for("phase", "paused")
    person.page.locator(".pain-signs button").first.click()
    wait_until(lambda: person.read("verdict") == "stop")
    words = person.page.inner_text("main.session")
    assert "112" in words
    person.only_session("stopped")


def test_pain_by_keys_alone(person):
    person.be_allowed()
    person.start_session("seated-twist", mode="timer")
    person.wait_for("stage", "live")
    page = person.page
    page.keyboard.press("h")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("8")
    page.keyboard.press("Tab")
    page.keyboard.press(" ")
    page.keyboard.press("Enter")
    wait_until(lambda: person.read("verdict") == "stop")


@pytest.mark.parametrize(
    ("pain_now", "words"), [(None, "how your back is today"), (6, "breathing"), (7, None)], ids=str
)
def test_a_session_that_is_closed_today_says_so_in_the_place_of_its_start(person, pain_now, words):
    if pain_now is None:
        person.api("PUT", "/api/settings", {"emergency_number": "112"})
        person.api("POST", "/api/screening", {"answers": person.all_no(), "details": {}})
    else:
        person.be_allowed(pain_now=pain_now)
    person.go("/session?exercise=seated-twist&mode=timer")
    page = person.page
    page.get_by_role("heading", name="Not now.").wait_for()
    if words:
        page.locator(".setup-ways").get_by_text(re.compile(words)).first.wait_for()
    assert page.get_by_role("button", name="Start", exact=False).count() == 0
    # the key of the start does nothing either
    page.keyboard.press("Enter")
    person.rest()
    assert person.read("stage") == "setup"
    # the demonstration is open to everybody for whom no danger sign (U16 here) closes everything
    watch = page.get_by_role("button", name="Watch the demonstration")
    if pain_now == 7:
        assert watch.count() == 0
    else:
        watch.click()
        page.get_by_role("button", name="Start the demonstration").wait_for()
        page.get_by_role("button", name="Without a camera").click()
    page.get_by_role("link", name="Go to Today").click()
    page.wait_for_url(re.compile(r"/$"))
