"""Reasons to talk to somebody: shown where they matter, answered, there again after a reload."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from e2e.driver import Server, visit, wait_until
from unkink.diary import open_diary, records

NERVE = "A new nerve sign"
STIFF = "Stiff mornings"
RULE_ID = re.compile(r"\b[A-Z][0-9]{2}\b")
HEALTH = re.compile(r"nerve|stiff|morning|night|worr|crisis|pain|cancer|pregnan", re.IGNORECASE)


@pytest.fixture
def stiff(tmp_path):
    """A server of somebody who told of stiff mornings, week by week: a reason to ask, not in a hurry."""
    now = datetime.now(UTC)
    with open_diary(tmp_path / "data") as diary:
        for days in (22, 15, 8, 1):
            told = records.Review(
                stiff_mornings=5,
                age_years=31,
                since_weeks=40.0,
                pain_average=2,
                at=now - timedelta(days=days),
                utc_offset_min=0,
            )
            diary.save_review(told)
    running = Server(data_dir=tmp_path / "data")
    running.start()
    yield running
    running.kill()


def card(page, title):
    return page.get_by_role("region", name=title, exact=True)


def top_of(place) -> float:
    box = place.bounding_box()
    assert box is not None
    return box["y"]


def open_ids(seen) -> list[str]:
    return [one["rule_id"] for one in seen.api("GET", "/api/today")["referrals"]]


def press(seen, title, word) -> None:
    """Press a button of a card, and wait until the server has said what follows."""
    with seen.page.expect_response(lambda r: r.url.endswith("/api/referrals/answer")) as answered:
        card(seen.page, title).get_by_role("button", name=word, exact=True).click()
    assert answered.value.ok


@pytest.mark.parametrize("word", ["It is arranged", "I have been seen"])
def test_what_is_urgent_stays_until_it_is_answered(chromium, stiff, word):
    asked = []
    with visit(chromium, stiff) as seen:
        page = seen.page
        seen.context.on("request", lambda request: asked.append((request.url, request.post_data)))
        seen.open()
        seen.be_allowed()
        seen.go("/")
        # what can wait stands below what is suggested, and may be put off
        card(page, STIFF).wait_for()
        assert top_of(card(page, STIFF)) > top_of(page.locator(".suggestion"))
        assert card(page, STIFF).get_by_role("button", name="Remind me in a week").count() == 1
        # something new is told by hand
        page.get_by_role("button", name="Something worries me, or is new").click()
        page.get_by_role("button", name="New tingling, numbness or weakness").click()
        page.get_by_role("button", name="Close", exact=True).click()
        card(page, NERVE).wait_for()
        assert card(page, NERVE).get_by_role("button", name="Remind me in a week").count() == 0
        assert top_of(card(page, NERVE)) < top_of(page.get_by_role("heading", level=1))
        # neither the server nor a fresh page lets it go
        refused = seen.context.request.post(
            stiff.origin + "/api/referrals/answer",
            data={"rule_id": "R09", "answer": "later"},
            headers={"Origin": stiff.origin},
        )
        assert refused.status == 409
        page.locator("nav a[href='/progress']").click()
        page.locator("nav a[href='/']").click()
        card(page, NERVE).wait_for()
        page.reload()
        card(page, NERVE).wait_for()
        assert seen.complaints == []
    # another browser, after another start
    stiff.stop()
    stiff.start()
    with visit(chromium, stiff) as seen:
        page = seen.page
        seen.context.on("request", lambda request: asked.append((request.url, request.post_data)))
        seen.open()
        card(page, NERVE).wait_for()
        card(page, STIFF).wait_for()
        press(seen, STIFF, "Remind me in a week")
        card(page, STIFF).wait_for(state="detached")
        assert card(page, NERVE).count() == 1
        press(seen, NERVE, word)
        card(page, NERVE).wait_for(state="detached")
        wait_until(lambda: not {"R09", "R12"} & set(open_ids(seen)))
        page.reload()
        seen.rest()
        assert card(page, NERVE).count() == card(page, STIFF).count() == 0
        # put off is not done: the list of all says so
        kept = {one["rule_id"]: one for one in seen.api("GET", "/api/referrals")["referrals"]}
        assert kept["R12"]["answer"] == "later"
        assert kept["R12"]["snoozed_until"]
        assert kept["R09"]["answer"] in ("booked", "seen")
    told = [body for url, body in asked if url.endswith("/api/referrals/answer")]
    assert len(told) == 2
    assert all("rule_id" in body for body in told)
    # no address, of a page or of what it asks for, tells of somebody's health
    paths = [url.removeprefix(stiff.origin) for url, _ in asked if "/assets/" not in url]
    assert len(paths) > 10
    assert [path for path in paths if RULE_ID.search(path) or HEALTH.search(path)] == []
