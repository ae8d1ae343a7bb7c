"""The mobility check through the door: who may, what is kept, what is compared, what it leaves alone."""

from __future__ import annotations

import time
from typing import Any

import pytest

from builders import make_rulebook
from front.doors import Clock, House
from unkink.acquire.synthetic import make_check_script, make_motion
from unkink.coach.mobility import MOBILITY_ID

OTHER_DAYS = 14


def _person(**script: Any) -> Any:
    return make_motion(make_check_script(**script), hz=7.0)


def _check(house: House, mode: str = "camera", until_s: float = 1e9, **script: Any) -> str:
    """Do a whole check and return the id of its session."""
    with house.live(MOBILITY_ID, mode=mode) as line:
        line.read_until("welcome")
        end_s = line.play(_person(**script), until_s=until_s)
        if until_s < 1e9:
            line.send("bye", t_s=end_s, reason="left")
        return line.read_until("summary")["session_id"]


def _today(house: House) -> dict[str, Any]:
    return house.browser.get("/api/today").json()


def _details(house: House, session_id: str) -> dict[str, Any]:
    return house.browser.get(f"/api/sessions/{session_id}").json()


def _bends(details: dict[str, Any]) -> dict[str, float]:
    return {one["side"]: one["value_deg"] for one in details["mobility"]["movements"][1]["sides"]}


def _refusal(house: House, **wish: Any) -> tuple[str, list[str]]:
    with house.live(MOBILITY_ID, **wish) as line:
        problem = line.read_until("problem")
        reasons = [r["rule_id"] for m in line.seen if m["op"] == "verdict" for r in m["reasons"]]
        return problem["code"], reasons


# ---------------------------------------------------------------------------------------------- one check


def test_a_check_is_offered_done_kept_and_shown(admitted: House) -> None:
    assert _today(admitted)["mobility"]["state"] == "first"
    session_id = _check(admitted)
    details = _details(admitted, session_id)
    assert details["session"]["status"] == "finished"
    assert [p["part"] for p in details["summary"]["parts"]] == ["turn", "bend", "head"]
    shown = details["mobility"]
    assert [m["part"] for m in shown["movements"]] == ["turn", "bend", "head"]
    bend = {one["side"]: one for one in shown["movements"][1]["sides"]}
    assert bend["right"]["value_deg"] > bend["left"]["value_deg"] > 9
    assert all(one["n"] == 3 and len(one["repeats_deg"]) == 3 for one in bend.values())
    assert all(one["before_deg"] is None and one["noise_deg"] is None for one in bend.values())
    assert {s["key"] for m in shown["movements"] for s in m["sentences"]} == {"mobility.change.first"}
    # the norm only where one is known, with its source and grade
    norms = {m["part"]: m["norm"] for m in shown["movements"]}
    assert norms["bend"] is None
    assert norms["head"] is None
    assert norms["turn"]["evidence"]["id"] == "M01"
    assert norms["turn"]["evidence"]["grade"] == "B"
    assert norms["turn"]["evidence"]["source"]
    assert _today(admitted)["mobility"]["state"] == "later"


def test_the_states_on_the_wire_tell_the_part(admitted: House) -> None:
    with admitted.live(MOBILITY_ID) as line:
        welcome = line.read_until("welcome")
        line.play(_person(), until_s=30.0)
        line.send("bye", t_s=30.0, reason="left")
        line.read_until("summary")
    assert welcome["plan"]["n_sets"] == 4
    parts = [m["part"] for m in line.seen if m["op"] == "state"]
    assert list(dict.fromkeys(parts)) == ["warm-up-turn", "turn"]


def test_what_was_done_before_leaving_is_kept(admitted: House) -> None:
    shown = _details(admitted, _check(admitted, until_s=75.0))["mobility"]
    values = {m["part"]: [one["value_deg"] for one in m["sides"]] for m in shown["movements"]}
    assert None not in values["turn"]
    assert values["head"] == [None, None]
    head = shown["movements"][2]
    assert {s["key"] for s in head["sentences"]} == {"mobility.change.unmeasured"}


# ------------------------------------------------------------------------------------------- several checks


def test_the_next_check_is_compared_with_the_one_before(admitted: House, clock: Clock) -> None:
    first = _bends(_details(admitted, _check(admitted)))
    clock.forward(days=OTHER_DAYS - 1)
    assert admitted.check_in().status_code == 200
    assert _today(admitted)["mobility"]["state"] == "later"
    clock.forward(days=1)
    assert admitted.check_in().status_code == 200
    assert _today(admitted)["mobility"]["state"] == "due"
    shown = _details(admitted, _check(admitted, bend_deg=(45.0, 17.0)))["mobility"]
    sides = {one["side"]: one for one in shown["movements"][1]["sides"]}
    right, left = sides["right"], sides["left"]
    assert right["before_deg"] == first["right"]
    assert 0 < right["noise_deg"] < right["value_deg"] - right["before_deg"]
    assert right["noise_because"] == "instrument"
    keys = [s["key"] for s in shown["movements"][1]["sentences"]]
    assert keys == ["mobility.change.once.more", "mobility.change.same"]
    assert left["before_deg"] == first["left"]
    assert shown["before_at"] is not None
    assert shown["notes"] == []

    progress = admitted.browser.get("/api/progress").json()
    assert [trend["part"] for trend in progress["mobility"]] == ["turn", "bend", "head"]
    assert [len(points) for points in progress["mobility"][1]["sides"].values()] == [2, 2]
    assert progress["mobility"][0]["noise_deg"] >= 10
    assert progress["measurements"] == {}, "a check is no technique"


def test_another_time_of_day_is_said(admitted: House, clock: Clock) -> None:
    _check(admitted, until_s=75.0)
    clock.forward(days=14, hours=8)
    admitted.check_in()
    shown = _details(admitted, _check(admitted, until_s=75.0))["mobility"]
    assert [n["key"] for n in shown["notes"]] == ["mobility.other-time"]


def test_the_demonstration_person_is_not_the_person(admitted: House) -> None:
    shown = _details(admitted, _check(admitted, mode="demo", until_s=75.0))["mobility"]
    assert shown["movements"][0]["sides"][0]["value_deg"] is not None
    assert shown["movements"][0]["sentences"] == [], "it says nothing about the person"
    assert _today(admitted)["mobility"]["state"] == "first"
    assert admitted.browser.get("/api/progress").json()["mobility"] == []


# ---------------------------------------------------------------------------------------------- who may not


def test_without_a_camera_there_is_nothing_to_measure(admitted: House) -> None:
    assert _refusal(admitted, mode="timer") == ("check-needs-camera", [])


def test_the_questions_come_first(house: House) -> None:
    assert _refusal(house)[0] == "screening-needed"
    house.screen()
    assert _refusal(house)[0] == "check-in-needed"
    assert house.browser.get("/api/today").json()["mobility"] is None


def test_a_fused_spine_leaves_turning_out(house: House) -> None:
    house.screen(C10="yes")
    house.check_in()
    found = _today(house)["mobility"]
    # its side bend is limited too: nothing is left to measure
    assert found["state"] == "closed"
    code, reasons = _refusal(house)
    assert code == "not-allowed-today"
    assert reasons


def test_what_stays_away_from_the_end_of_the_turn_leaves_turns_out_and_bends_in(house: House) -> None:
    house.screen(C02="yes")
    house.check_in()
    found = _today(house)["mobility"]
    assert found["state"] == "first"
    assert [s["params"]["part"] for s in found["left_out"]] == ["mobility.part.turn", "mobility.part.head"]
    with house.live(MOBILITY_ID) as line:
        line.read_until("welcome")
        line.play(_person(), until_s=4.0)
        line.send("bye", t_s=4.0, reason="left")
        session_id = line.read_until("summary")["session_id"]
    assert {m["part"] for m in line.seen if m["op"] == "state"} == {"warm-up-bend"}
    notes = _details(house, session_id)["mobility"]["notes"]
    assert [n["params"]["part"] for n in notes] == ["mobility.part.turn", "mobility.part.head"]


@pytest.mark.parametrize("row", ["U00", "C26"])
def test_whom_the_questions_ask_to_be_gentle_is_not_asked_for_the_end_of_the_range(
    house: House, row: str
) -> None:
    details = {"pain_now": 2, "constant": False, "linked_to_movement": True}
    rows = dict.fromkeys(make_rulebook().safety.rows, "no") | {row: "yes"}
    answer = house.browser.post("/api/screening", json={"answers": rows, "details": details})
    assert answer.json()["assessment"]["permissions"]["seated-twist"]["dose_frac"] == 0.5
    house.check_in()
    assert _today(house)["mobility"]["state"] == "closed"
    code, reasons = _refusal(house)
    assert (code, reasons) == ("not-allowed-today", ["range"])


def test_pain_of_six_rests_it_and_pain_in_it_rests_it_for_two_days(house: House, clock: Clock) -> None:
    house.screen()
    house.check_in(pain_now=6)
    assert _today(house)["mobility"]["state"] == "closed"
    clock.forward(days=1)
    house.check_in()
    with house.live(MOBILITY_ID) as line:
        line.read_until("welcome")
        t_s = line.play(_person(), until_s=12.0)
        line.send("pain", t_s=t_s, score=7, kind="ache")
        assert line.read_until("verdict", most=5000)["op"] == "verdict"
        line.read_until("summary")
    house.check_in()
    found = _today(house)["mobility"]
    assert found["state"] == "closed"
    assert [r["key"] for r in found["reasons"]] == ["safety.today.resting"]
    assert _refusal(house)[0] == "not-allowed-today"
    clock.forward(hours=49)
    house.check_in()
    assert _today(house)["mobility"]["state"] == "first"


def test_a_check_neither_opens_nor_closes_a_technique(admitted: House) -> None:
    before = {t["id"]: t["available"] for t in _today(admitted)["plan"]["techniques"]}
    for _ in range(3):
        _check(admitted, until_s=30.0)
    plan = _today(admitted)["plan"]
    assert {t["id"]: t["available"] for t in plan["techniques"]} == before
    assert not any(t["short_only"] for t in plan["techniques"])
    assert _today(admitted)["sessions_this_week"] == 0


def test_a_check_that_broke_off_goes_on(admitted: House) -> None:
    with admitted.live(MOBILITY_ID) as line:
        session_id = line.read_until("welcome")["session_id"]
        line.play(_person(), until_s=40.0)
    until = time.monotonic() + 60.0
    while (broken := _today(admitted)["interrupted"]) is None:  # the server notices a moment later
        assert time.monotonic() < until
        time.sleep(0.01)
    assert broken["exercise_id"] == MOBILITY_ID
    with admitted.live(MOBILITY_ID, resume_id=session_id) as line:
        welcome = line.read_until("welcome")
        assert welcome["resumed"] is True
        state = line.read_until("state")
        assert state["part"] == "turn"
