"""The server is killed in a hold: what was held is there, the page says so, and it goes on."""

from __future__ import annotations

import pytest


@pytest.mark.slow
def test_killed_in_a_hold_loses_at_most_five_seconds(person, server):
    person.be_allowed()
    person.start_session("standing-side-stretch", mode="timer")
    person.wait_for("phase", "hold")
    before_s = person.hold(8.0)
    server.kill()
    person.page.wait_for_selector('main.session:not([data-connection="open"])')
    person.page.get_by_text("is kept").first.wait_for()
    server.start()
    person.page.wait_for_selector('main.session[data-resumed="true"]')
    person.page.wait_for_selector("main.session[data-held-right-s]")
    after_s = float(person.read("held-right-s") or 0)
    assert after_s >= before_s - 5.5
