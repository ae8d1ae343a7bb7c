"""What is told half way counts: unfinished answers, a round finished in another tab, a first session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from builders import make_rulebook
from front.doors import House
from front.test_limits_hold import train
from unkink.diary import records
from unkink.front import day, live

TECHNIQUES = tuple(make_rulebook().safety.codes)


def effects(house: House) -> list[str]:
    plan = house.browser.get("/api/today").json()["plan"]
    return [] if plan is None else [t["permission"]["effect"] for t in plan["techniques"]]


def put_draft(house: House, **answers: str) -> None:
    assert house.browser.put("/api/screening/draft", json={"answers": answers}).status_code == 204


@pytest.mark.parametrize("word", ["yes", "unsure"])
@pytest.mark.parametrize("row", ["E01", "U07"])
def test_an_unfinished_yes_closes_what_was_open(house: House, row: str, word: str) -> None:
    house.admit()
    assert "ok" in effects(house)
    put_draft(house, **{row: word})
    for mode in ("timer", "camera", "demo"):
        assert house.browser.get("/api/today").json()["screening_state"] == "draft"
        with house.live(mode=mode) as line:
            assert line.read_until("welcome", "problem")["code"] == "screening-needed"
    assert effects(house) == []
    # a mistake: it is answered to the end, and everything is open again
    assert house.screen().json()["state"] == "valid"
    assert "ok" in effects(house)


def test_an_unfinished_yes_says_whom_to_call_and_shows_no_exercise(house: House) -> None:
    house.admit()
    put_draft(house, E07="yes", U07="unsure")
    today = house.browser.get("/api/today").json()
    assert today["alarm"] == [make_rulebook().safety.rows["E07"].card]
    for technique in house.browser.get("/api/techniques").json():
        assert technique["is_shut"]
        assert technique["steps_keys"] == technique["setup_keys"] == technique["variants"] == []
    put_draft(house, U07="yes")
    assert house.browser.get("/api/today").json()["alarm"] == []
    put_draft(house, C13="yes")
    assert house.browser.get("/api/today").json()["alarm"] is None


@pytest.mark.parametrize(("row", "is_shut"), [("U07", True), ("C13", False)])
def test_how_it_is_done_is_left_out_only_while_a_danger_sign_closes_everything(
    house: House, row: str, is_shut: bool
) -> None:
    house.screen(**{row: "yes"})
    for technique in house.browser.get("/api/techniques").json():
        assert technique["is_shut"] is is_shut
        assert bool(technique["steps_keys"]) is not is_shut


def test_an_unfinished_no_closes_nothing(house: House) -> None:
    house.admit()
    put_draft(house, E01="no", C13="yes")
    assert house.browser.get("/api/today").json()["screening_state"] == "valid"
    assert "ok" in effects(house)


@pytest.mark.parametrize("mode", ["timer", "demo"])
def test_an_unfinished_yes_stops_a_running_session(
    house: House, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOK_EVERY_S", 0.0)
    house.admit()
    with house.live(mode=mode) as line:
        line.read_until("welcome")
        put_draft(house, E07="yes")
        line.send("tick", t_s=0.5)
        while (verdict := line.read_until("verdict"))["op"] == "verdict" and verdict["kind"] != "stop":
            pass
        assert verdict["kind"] == "stop"
        line.read_until("summary")


def test_a_round_finished_while_the_past_is_read_is_not_mixed_with_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another tab says no to everything between two looks into the diary: what locked before still does."""
    house.screen(U07="yes")
    history = house.diary.history
    asked: list[int] = []

    def look() -> Any:
        past = history()
        asked.append(1)
        if len(asked) == 1:
            rows: dict[str, records.Answer] = dict.fromkeys(make_rulebook().safety.rows, "no")
            assessment: dict[str, Any] = {"lock_ids": []}
            house.diary.save_screening(
                records.Screening(
                    answers=rows, details={}, assessment=assessment, tier="clear", rules_version="0"
                )
            )
        return past

    monkeypatch.setattr(type(house.diary), "history", lambda _: look())
    standing = day.compute_standing(house.app.state.services)
    assert standing.state == "locked"
    assert standing.lock_ids == ("U07",)


def test_a_first_session_asks_nothing_of_the_answers_before_it(house: House) -> None:
    """P05 is about the last session: who answered before the first goes on, and is asked the next time."""
    house.screen()
    asked = [q["id"] for q in house.browser.get("/api/check-in").json()["questions"]]
    told = {"pain_now": 1, "answers": dict.fromkeys(asked, "no")}
    assert "P05" not in asked
    assert house.browser.post("/api/check-in", json=told).status_code == 200
    house.clock.forward(minutes=5)
    train(house)
    assert "ok" in effects(house)
    with house.live("wall-angels", mode="timer") as line:
        assert line.read_until("welcome", "problem")["op"] == "welcome"
    house.clock.forward(hours=30)
    assert "P05" in [q["id"] for q in house.browser.get("/api/check-in").json()["questions"]]
    house.browser.post("/api/check-in", json=told)
    assert set(effects(house)) == {"block"}


def test_the_demonstration_is_no_session_to_ask_about(house: House) -> None:
    house.screen()
    with house.live(mode="demo") as line:
        line.read_until("welcome")
    house.clock.forward(minutes=1)
    asked = [q["id"] for q in house.browser.get("/api/check-in").json()["questions"]]
    assert "P05" not in asked
    house.browser.post("/api/check-in", json={"pain_now": 1, "answers": dict.fromkeys(asked, "no")})
    assert "ok" in effects(house)


def test_answers_from_before_a_clock_was_set_back_still_need_the_last_session(house: House) -> None:
    house.admit()
    train(house)
    house.clock.now -= timedelta(hours=3)
    house.browser.post(
        "/api/check-in", json={"pain_now": 1, "answers": dict.fromkeys(("P02", "P03", "P04"), "no")}
    )
    assert set(effects(house)) == {"block"}


def test_erasing_what_is_old_leaves_an_unfinished_yes(house: House) -> None:
    house.admit()
    put_draft(house, E01="yes")
    house.clock.forward(days=3)
    day_after = house.clock().date().isoformat()
    assert house.browser.post("/api/erase", json={"confirm": "erase", "before": day_after}).status_code == 200
    assert house.browser.get("/api/screening").json()["draft"]["answers"] == {"E01": "yes"}
