"""The server is killed in a hold: what was held is there, the page says so, and it goes on."""

from __future__ import annotations

import pytest


@pytest.mark.slow
def test_killed_in_a_hold_loses_at_most_five_seconds(person, server):
    person.be_allowed()
    person.start_session("standing-side-stretch", mode="timer")
    person.wait_for("phase", "hold", 60)
    person.page.wait_for_timeout(9000)
    before_s = float(person.read("held-s") or 0)
    assert before_s > 6
    server.kill()
    person.page.wait_for_selector('main.session:not([data-connection="open"])', timeout=15_000)
    person.page.get_by_text("is kept").first.wait_for(timeout=15_000)
    server.start()
    person.page.wait_for_selector('main.session[data-resumed="true"]', timeout=30_000)
    person.page.wait_for_selector("main.session[data-held-right-s]", timeout=15_000)
    after_s = float(person.read("held-right-s") or 0)
    assert after_s >= before_s - 5.5
