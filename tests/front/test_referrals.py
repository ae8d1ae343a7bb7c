"""Reasons to talk to somebody, over REST: shown on the first page, answered, put off, said again."""

from __future__ import annotations

from typing import Any

import pytest

from front.doors import House


def fetch(house: House) -> dict[str, dict[str, Any]]:
    answer = house.browser.get("/api/referrals")
    assert answer.status_code == 200, answer.text
    return {one["rule_id"]: one for one in answer.json()["referrals"]}


def shown(house: House) -> list[str]:
    return [one["rule_id"] for one in house.browser.get("/api/today").json()["referrals"]]


def tell(house: House, kind: str, **more: Any) -> Any:
    return house.browser.post("/api/notes", json={"kind": kind, **more})


def reply(house: House, rule_id: str, word: str) -> Any:
    return house.browser.post("/api/referrals/answer", json={"rule_id": rule_id, "answer": word})


def test_nobody_is_sent_anywhere_for_nothing(house: House) -> None:
    assert fetch(house) == {}
    house.admit()
    assert fetch(house) == {}
    assert shown(house) == []


def test_nights_are_told_with_their_number_and_ask_again(house: House) -> None:
    house.admit()
    house.clock.forward(minutes=1)
    today = house.browser.post("/api/reviews", json={"nights_woken": 3}).json()
    assert [one["rule_id"] for one in today["referrals"]] == ["R16", "R08"]
    one = fetch(house)["R08"]
    assert one["text"] == "You told us you woke on 3 nights. That is a good reason to talk to your doctor."
    assert one["whom"] == "doctor"
    assert one["when_text"]
    # nothing opens before U07 was asked again
    assert today["screening_state"] == "expired"
    house.clock.forward(minutes=1)
    house.admit()
    assert shown(house) == ["R08"]
    assert house.browser.get("/api/today").json()["plan"]["lock"] is None


@pytest.mark.parametrize("word", ["booked", "seen"])
def test_an_answer_takes_it_from_the_first_page_and_keeps_it_in_the_list(house: House, word: str) -> None:
    house.admit()
    house.browser.post("/api/reviews", json={"nights_woken": 4})
    assert reply(house, "R08", word).status_code == 200
    assert "R08" not in shown(house)
    one = fetch(house)["R08"]
    assert (one["is_open"], one["answer"]) == (False, word)
    # it happens again, weeks later
    house.clock.forward(days=21)
    house.browser.post("/api/reviews", json={"nights_woken": 5})
    assert "R08" in shown(house)


def test_later_is_a_week_and_a_clock_set_back_ends_it(house: House) -> None:
    house.admit()
    house.browser.post("/api/reviews", json={"nights_woken": 3})
    assert reply(house, "R08", "later").status_code == 200
    assert "R08" not in shown(house)
    house.clock.forward(days=6, hours=23)
    assert "R08" not in shown(house)
    house.clock.forward(hours=2)
    assert "R08" in shown(house)
    reply(house, "R08", "later")
    house.clock.forward(days=-400)
    assert "R08" in shown(house)


@pytest.mark.parametrize(("kind", "rule_id"), [("nerve", "R09"), ("crisis", "R15")])
def test_what_is_urgent_cannot_be_put_off(house: House, kind: str, rule_id: str) -> None:
    house.admit()
    assert tell(house, kind).status_code == 200
    assert rule_id in shown(house)
    refused = reply(house, rule_id, "later")
    assert refused.status_code == 409
    assert refused.json()["code"] == "referral-urgent"
    assert rule_id in shown(house)
    assert reply(house, rule_id, "booked").status_code == 200
    assert rule_id not in shown(house)


def test_what_was_not_raised_cannot_be_answered(house: House) -> None:
    house.admit()
    assert reply(house, "R11", "seen").status_code == 404
    assert reply(house, "X", "seen").status_code == 422
    assert house.diary.referral_answers() == ()


def test_strong_pain_locks_and_an_answer_opens_nothing(house: House) -> None:
    house.admit()
    house.clock.forward(minutes=1)
    today = house.check_in(8).json()
    assert today["screening_state"] == "locked"
    assert {one["rule_id"] for one in today["referrals"]} == {"R02", "R03"}
    assert {"R03", "U16"} <= set(today["plan"]["lock"]["lock_ids"])
    reply(house, "R03", "seen")
    assert house.browser.get("/api/today").json()["screening_state"] == "locked"
    house.clock.forward(hours=30)
    ids = house.browser.get("/api/screening").json()["assessment"]["lock_ids"]
    cleared = {"assessed_on": house.clock().date().isoformat(), "gentle_ok": True, "rule_ids": ids}
    assert house.browser.post("/api/screening/clearance", json=cleared).status_code == 200
    assert house.browser.get("/api/today").json()["screening_state"] != "locked"


def test_a_nerve_sign_closes_twist_and_roller_until_somebody_has_looked(house: House) -> None:
    house.admit()
    house.clock.forward(minutes=1)
    assert tell(house, "nerve").json()["screening_state"] == "expired"
    house.clock.forward(minutes=1)
    house.admit()
    techniques = {t["id"]: t for t in house.browser.get("/api/today").json()["plan"]["techniques"]}
    assert not techniques["seated-twist"]["available"]
    assert not techniques["foam-roller"]["available"]
    assert techniques["standing-side-stretch"]["available"]
    reply(house, "R09", "seen")
    techniques = {t["id"]: t for t in house.browser.get("/api/today").json()["plan"]["techniques"]}
    assert techniques["seated-twist"]["available"]


def test_words_of_self_harm_in_a_worry_show_the_crisis_card(house: House) -> None:
    house.admit()
    tell(house, "low-mood", text="It never ends. I want to KILL  myself.")
    one = fetch(house)["R15"]
    assert (one["card"], one["urgency"], one["can_snooze"]) == ("crisis", "now", False)


def test_a_plain_worry_stays_a_worry(house: House) -> None:
    house.admit()
    tell(house, "worried", text="This killer of a chair harms my back.")
    one = fetch(house)["R15"]
    assert (one["card"], one["can_snooze"]) == ("worried", True)


def test_the_crisis_line_is_a_setting(house: House) -> None:
    assert house.browser.get("/api/settings").json()["crisis_line"] == ""
    house.browser.put("/api/settings", json={"crisis_line": "12 34 56"})
    assert house.browser.get("/api/settings").json()["crisis_line"] == "12 34 56"
