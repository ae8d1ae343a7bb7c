"""The live wire: whole sessions, what is refused, breaks, other tabs."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import make_engine, make_person, play
from front.doors import Clock, House, Line, let_in, open_house
from unkink.diary.engine import Store
from unkink.front.inbox import Inbox
from unkink.front.keeping import pack, unpack
from unkink.front.messages import VERSION

TECHNIQUE = "standing-side-stretch"


def _sessions(house: House) -> list[dict[str, Any]]:
    return house.browser.get("/api/sessions").json()["sessions"]


def _wait_for(is_true: Any, within_s: float = 60.0) -> None:
    until = time.monotonic() + within_s
    while not is_true():
        assert time.monotonic() < until
        time.sleep(0.01)


# ----------------------------------------------------------------------------------------- a whole session


def test_a_session_is_guided_stored_and_shown(admitted: House) -> None:
    motion = make_person(TECHNIQUE, hold_s=16.0)
    with admitted.live(TECHNIQUE) as line:
        welcome = line.read_until("welcome")
        assert welcome["plan"]["sides"] == ["right", "left"]
        assert welcome["t_s"] == 0
        end_s = line.play(motion)
        line.send("bye", t_s=end_s, reason="end")
        summary = line.read_until("summary")
        assert line.read() == {"op": "close", "code": 1000}
    assert {"welcome", "state", "cue", "summary"} <= {m["op"] for m in line.seen}
    states = [m for m in line.seen if m["op"] == "state"]
    assert {"hold", "switch"} <= {s["phase"] for s in states}

    details = admitted.browser.get(f"/api/sessions/{summary['session_id']}").json()
    assert details["session"]["status"] == "left"
    assert details["session"]["held_s"] == pytest.approx({"right": 16.0, "left": 16.0}, abs=0.7)
    assert [m["side"] for m in details["measurements"]] == ["right", "left"]
    assert all(m["sd_deg"] > 0 for m in details["measurements"])
    assert [s["side"] for s in details["sets"]] == ["right", "left"]
    assert "hold" in {e["kind"] for e in details["events"]}
    assert admitted.browser.get("/api/progress").json()["n_sessions"] == 1


def test_live_is_what_the_engine_alone_would_be(admitted: House) -> None:
    motion = make_person(TECHNIQUE, hold_s=16.0)
    engine, _ = play(make_engine(TECHNIQUE, pain_before=2), motion)
    expected = engine.summary()
    with admitted.live(TECHNIQUE) as line:
        end_s = line.play(motion)
        line.send("bye", t_s=end_s, reason="end")
        session_id = line.read_until("summary")["session_id"]
    summary = admitted.browser.get(f"/api/sessions/{session_id}").json()["summary"]
    for part in ("repetitions", "faults", "cues", "neutral", "verdicts"):
        assert summary[part] == expected[part], part
    for side in ("right", "left"):
        # The wire carries float32.
        assert summary["sides"][side]["held_s"] == pytest.approx(expected["sides"][side]["held_s"], abs=0.05)
        assert summary["sides"][side]["level_deg"] == pytest.approx(
            expected["sides"][side]["level_deg"], abs=0.05
        )


def test_a_session_without_a_camera_goes_by_the_clock(admitted: House) -> None:
    with admitted.live(mode="timer", short=True) as line:
        line.read_until("welcome")
        t_s = 0.0
        while admitted.app.state.services.live:
            t_s += 0.25
            assert t_s < 400
            line.send("tick", t_s=t_s)
            line.settle()
        line.read_until("summary")
    row = _sessions(admitted)[0]
    assert (row["status"], row["mode"]) == ("finished", "timer")
    assert row["held_s"] == pytest.approx({"right": 15.0, "left": 15.0}, abs=0.5)


def test_pain_stops_the_session_with_its_reason_and_is_remembered(admitted: House) -> None:
    with admitted.live(mode="timer") as line:
        line.send("tick", t_s=1.0)
        line.send("pain", t_s=2.0, score=3, kind="sharp")
        verdict = line.read_until("summary")
        verdict = next(m for m in line.seen if m["op"] == "verdict" and m["kind"] == "stop")
    assert verdict["reasons"][0]["rule_id"] == "S04"
    row = _sessions(admitted)[0]
    assert (row["status"], row["pain_during"], row["signal"]) == ("stopped", 3, "red")
    again = admitted.check_in().json()["plan"]
    assert not any(t["available"] for t in again["techniques"] if t["id"] == "seated-twist")


def test_a_stop_sign_locks_until_a_clinician_has_looked(admitted: House) -> None:
    with admitted.live(mode="timer") as line:
        line.send("symptom", t_s=1.0, rule_id="S01")
        line.read_until("summary")
    today = admitted.browser.get("/api/today").json()
    assert today["screening_state"] == "locked"
    assert "S01" in today["plan"]["lock"]["lock_ids"]
    with admitted.live(mode="timer") as line:
        assert line.read_until("problem")["code"] == "not-allowed-today"


def test_a_sign_noticed_afterwards_counts_too(admitted: House) -> None:
    with admitted.live(mode="timer") as line:
        line.send("bye", t_s=1.0, reason="end")
        session_id = line.read_until("summary")["session_id"]
    answer = admitted.browser.post(
        f"/api/sessions/{session_id}/after", json={"symptom": "S01", "pain_after": 2}
    )
    assert answer.json()["session"]["signal"] == "black"
    assert answer.json()["card"]
    assert admitted.browser.get("/api/today").json()["screening_state"] == "locked"


def test_a_sign_told_of_an_old_session_counts_from_when_it_is_told(admitted: House, clock: Clock) -> None:
    with admitted.live(mode="timer") as line:
        line.send("bye", t_s=1.0, reason="end")
        session_id = line.read_until("summary")["session_id"]
    for n_told in (1, 2):
        admitted.browser.post(f"/api/sessions/{session_id}/after", json={"symptom": "S01"})
        today = admitted.browser.get("/api/today").json()
        assert today["screening_state"] == "locked", n_told
        clock.forward(days=1)
        cleared = {"assessed_on": str(clock.now.date()), "gentle_ok": True, "rule_ids": ["S01"]}
        assert admitted.browser.post("/api/screening/clearance", json=cleared).status_code == 200
        assert admitted.browser.get("/api/today").json()["screening_state"] != "locked"


def test_a_lock_from_another_tab_stops_what_is_running(
    admitted: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unkink.front.live.LOOK_EVERY_S", 0.0)
    with admitted.live(mode="timer") as line:
        line.read_until("welcome")
        line.send("tick", t_s=1.0)
        line.settle()
        assert admitted.check_in(2, P02="yes").json()["screening_state"] == "locked"
        line.send("tick", t_s=1.25)
        line.read_until("summary")
    verdict = next(m for m in line.seen if m["op"] == "verdict" and m["kind"] == "stop")
    assert [r["rule_id"] for r in verdict["reasons"]] == ["P02"]
    assert _sessions(admitted)[0]["status"] == "stopped"


@pytest.mark.parametrize("said", ["symptom", "pain"])
def test_a_sign_told_as_another_tab_locks_is_heard_first(
    admitted: House, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr("unkink.front.live.LOOK_EVERY_S", 0.0)
    told = {"rule_id": "S01"} if said == "symptom" else {"score": 2, "kind": "breath"}
    with admitted.live(mode="timer") as line:
        line.read_until("welcome")
        line.send("tick", t_s=1.0)
        line.settle()
        admitted.check_in(2, P02="yes")
        line.send(said, t_s=1.25, **told)
        line.read_until("summary")
    verdict = next(m for m in line.seen if m["op"] == "verdict" and m["kind"] == "stop")
    assert [r["rule_id"] for r in verdict["reasons"]] == ["S01"]
    assert verdict["card"] is not None
    assert set(admitted.browser.get("/api/today").json()["plan"]["lock"]["lock_ids"]) == {"P02", "S01"}


def test_a_sign_that_waits_behind_what_ends_the_session_is_kept(
    admitted: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Inbox.take

    async def take_when_two_wait(inbox: Inbox) -> Any:
        while len(inbox._waiting) < 2:  # noqa: ASYNC110 - the inbox tells of one, not of two
            await asyncio.sleep(0.001)
        return await take(inbox)

    monkeypatch.setattr(Inbox, "take", take_when_two_wait)
    with admitted.live(mode="timer") as line:
        line.read_until("welcome")
        line.send("bye", t_s=1.0, reason="end")
        line.send("symptom", t_s=1.0, rule_id="S01")
        line.read_until("summary")
    (row,) = _sessions(admitted)
    assert (row["status"], row["signal"]) == ("left", "black")
    assert admitted.browser.get(f"/api/sessions/{row['id']}").json()["card"]
    assert admitted.browser.get("/api/today").json()["screening_state"] == "locked"


@pytest.mark.parametrize("is_left", [False, True])
def test_what_runs_on_another_device_is_not_deleted_and_a_sign_outlives_its_session(
    admitted: House, is_left: bool
) -> None:
    other = open_house(admitted.folder, admitted.clock)
    let_in(other)
    with other.browser:
        with other.live(mode="timer") as line:
            session_id = line.read_until("welcome")["session_id"]
            line.send("tick", t_s=1.0)
            line.settle()
            for answer in (
                admitted.browser.delete(f"/api/sessions/{session_id}"),
                admitted.browser.post(f"/api/sessions/{session_id}/dismiss"),
            ):
                assert (answer.status_code, answer.json()["code"]) == (409, "session-running")
            # by another way, such as the command that erases: it is gone all the same
            assert admitted.diary.delete_session(session_id)
            line.send("symptom", t_s=2.0, rule_id="S01")
            if not is_left:
                line.read_until("summary")
        _wait_for(lambda: not other.app.state.services.live)
    other.diary.close()
    today = admitted.browser.get("/api/today").json()
    assert today["screening_state"] == "locked"
    assert today["plan"]["lock"]["lock_ids"] == ["S01"]


# ---------------------------------------------------------------------------------------------- the way in


def _refusal(house: House, exercise_id: str = "seated-twist", **wish: Any) -> list[dict[str, Any]]:
    with house.live(exercise_id, **wish) as line:
        problem = line.read_until("problem")
        assert problem["fatal"]
        assert line.read() == {"op": "close", "code": 4002}
    return line.seen


def test_nobody_starts_without_the_questions(house: House) -> None:
    assert _refusal(house)[0]["code"] == "screening-needed"
    house.screen()
    assert _refusal(house)[0]["code"] == "check-in-needed"
    house.check_in()
    with house.live() as line:
        assert line.read()["op"] == "welcome"


def test_what_is_closed_is_refused_with_its_reasons(house: House) -> None:
    house.screen(U07="yes")
    house.check_in()
    for mode in ("camera", "demo", "timer"):
        verdict, problem, _ = _refusal(house, mode=mode)
        assert (verdict["kind"], problem["code"]) == ("stop", "not-allowed-today")
        assert verdict["reasons"]


def test_what_was_allowed_may_have_ended(admitted: House, clock: Clock) -> None:
    clock.forward(days=1)
    assert _refusal(admitted)[0]["code"] == "check-in-needed"
    clock.forward(days=70)
    assert _refusal(admitted)[0]["code"] == "screening-needed"


def test_the_server_chooses_the_gentler_variant(house: House) -> None:
    house.screen(C01="yes")
    today = house.check_in().json()["plan"]["techniques"]
    twist = next(t for t in today if t["id"] == "seated-twist")
    with house.live(mode="timer") as line:
        welcome = line.read()
    assert welcome["op"] == "welcome"
    assert welcome["variant"] == twist["variant"]
    assert welcome["notes"] or not twist["permission"]["notes"]


def test_the_demonstration_needs_no_answers(house: House) -> None:
    with house.live(mode="demo") as line:
        assert line.read_until("welcome")["mode"] == "demo"
        line.send("bye", t_s=1.0, reason="end")
        line.read_until("summary")
    assert house.browser.get("/api/progress").json()["n_sessions"] == 0


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"exercise_id": "handstand"}, "no-such-technique"),
        ({"variant": "handstand"}, "no-such-technique"),
        ({"resume_id": "none"}, "session-unknown"),
    ],
)
def test_a_wish_that_makes_no_sense(admitted: House, wish: dict[str, Any], code: str) -> None:
    assert _refusal(admitted, **wish)[0]["code"] == code


def test_a_page_of_another_version_is_told_to_load_again(admitted: House) -> None:
    with admitted.line() as line:
        line.send("hello", version=VERSION + 1, session={"exercise_id": "seated-twist"})
        assert line.read_until("problem")["code"] == "version-mismatch"
        assert line.read()["op"] == "close"


# -------------------------------------------------------------------------------------- breaks and other tabs


def _begin(line: Line, until_s: float) -> str:
    session_id = line.read_until("welcome")["session_id"]
    line.play(make_person(TECHNIQUE, hold_s=16.0), until_s=until_s)
    line.settle()
    return session_id


def test_a_broken_line_is_gone_on_with(admitted: House) -> None:
    with admitted.live(TECHNIQUE) as line:
        session_id = _begin(line, until_s=14.0)
    _wait_for(lambda: admitted.browser.get("/api/today").json()["interrupted"] is not None)
    interrupted = admitted.browser.get("/api/today").json()["interrupted"]
    assert interrupted["id"] == session_id
    assert interrupted["held_s"]["right"] > 1
    with admitted.live(TECHNIQUE, resume_id=session_id) as line:
        welcome = line.read_until("welcome")
        assert welcome["resumed"]
        assert welcome["session_id"] == session_id
        assert welcome["t_s"] == pytest.approx(14.0, abs=0.2)
        state = line.read_until("state")
        assert state["total_held_s"]["right"] == pytest.approx(interrupted["held_s"]["right"], abs=0.01)
        line.send("bye", t_s=welcome["t_s"] + 1, reason="end")
        line.read_until("summary")
    assert len(_sessions(admitted)) == 1


def test_a_session_goes_on_after_a_restart_of_the_server(tmp_path: Path) -> None:
    clock = Clock()
    first = open_house(tmp_path, clock)
    let_in(first)
    with first.browser:
        first.admit()
        with first.live(TECHNIQUE) as line:
            session_id = _begin(line, until_s=14.0)
    first.diary.close()
    second = open_house(tmp_path, clock)
    let_in(second)
    with second.browser, second.live(TECHNIQUE, resume_id=session_id) as line:
        assert line.read_until("welcome")["resumed"]
        state = line.read_until("state")
        assert state["total_held_s"]["right"] > 1
        line.send("bye", t_s=20.0, reason="end")
        line.read_until("summary")
    second.diary.close()


def test_what_broke_off_and_is_not_gone_on_with_is_summed_up(admitted: House) -> None:
    for way in ("dismiss", "begin anew"):
        with admitted.live(TECHNIQUE) as line:
            session_id = _begin(line, until_s=14.0)
        _wait_for(lambda: admitted.browser.get("/api/today").json()["interrupted"] is not None)
        if way == "dismiss":
            assert admitted.browser.post(f"/api/sessions/{session_id}/dismiss").status_code == 204
        else:
            with admitted.live("wall-angels", mode="timer") as line:
                line.read_until("welcome")
                line.send("bye", t_s=1.0, reason="end")
                line.read_until("summary")
        assert admitted.browser.get("/api/today").json()["interrupted"] is None
        details = admitted.browser.get(f"/api/sessions/{session_id}").json()
        assert details["session"]["status"] == "left", way
        assert details["session"]["held_s"]["right"] > 1
        assert details["summary"]["sides"]["right"]["holds"]


def test_what_broke_off_long_ago_is_not_offered(admitted: House, clock: Clock) -> None:
    with admitted.live(TECHNIQUE, mode="timer") as line:
        line.read_until("welcome")
    _wait_for(lambda: admitted.browser.get("/api/today").json()["interrupted"] is not None)
    clock.forward(hours=13)
    assert admitted.browser.get("/api/today").json()["interrupted"] is None


def test_a_break_never_widens_what_is_allowed(admitted: House) -> None:
    with admitted.live(TECHNIQUE, mode="timer") as line:
        session_id = line.read_until("welcome")["session_id"]
    _wait_for(lambda: not admitted.app.state.services.live)
    admitted.screen(U07="yes")
    admitted.check_in()
    assert _refusal(admitted, TECHNIQUE, resume_id=session_id)[-2]["code"] == "not-allowed-today"


def test_a_session_that_is_over_is_not_gone_on_with(admitted: House) -> None:
    with admitted.live(mode="timer") as line:
        line.send("bye", t_s=1.0, reason="end")
        session_id = line.read_until("summary")["session_id"]
    assert _refusal(admitted, resume_id=session_id)[0]["code"] == "session-over"


def test_a_second_tab_is_told_and_can_take_over(admitted: House) -> None:
    with admitted.live(mode="timer") as first:
        session_id = first.read_until("welcome")["session_id"]
        problem = _refusal(admitted, mode="timer")[0]
        assert problem["code"] == "session-elsewhere"
        assert problem["params"]["session_id"] == session_id
        with admitted.live(mode="timer", resume_id=session_id, take_over=True) as second:
            assert second.read_until("welcome")["session_id"] == session_id
            told = first.read_until("problem")
            assert told["code"] == "session-taken-over"
            assert first.read() == {"op": "close", "code": 4000}
            second.send("bye", t_s=1.0, reason="end")
            second.read_until("summary")
    assert [row["status"] for row in _sessions(admitted)] == ["left"]


def test_nothing_is_erased_under_a_running_session(admitted: House) -> None:
    with admitted.live(mode="timer") as line:
        session_id = line.read_until("welcome")["session_id"]
        for method, path, body in (
            ("POST", "/api/erase", {"confirm": "erase"}),
            ("DELETE", f"/api/sessions/{session_id}", None),
            ("POST", f"/api/sessions/{session_id}/dismiss", None),
        ):
            answer = admitted.browser.request(method, path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (409, "session-running")


def test_a_store_that_cannot_write_is_told_and_the_session_goes_on(
    admitted: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from unkink.diary.problems import store_error

    with admitted.live(mode="timer") as line:
        line.read_until("welcome")

        def full(_self: Store) -> Any:
            raise store_error(code="store-full", path="x")

        with monkeypatch.context() as patched:
            patched.setattr(Store, "write", full)
            line.send("tap", t_s=0.5, action="pop")
            t_s = 0.5
            while not any(m["op"] == "problem" for m in line.seen):
                t_s += 0.25
                line.send("tick", t_s=t_s)
                line.read()
                time.sleep(0.02)
            problem = next(m for m in line.seen if m["op"] == "problem")
            assert (problem["code"], problem["fatal"]) == ("store-full", False)
        while not any(m.get("code") == "store-saved-again" for m in line.seen):
            t_s += 0.25
            line.send("tick", t_s=t_s)
            line.read()
            time.sleep(0.02)
        line.send("bye", t_s=t_s + 1, reason="end")
        assert line.read_until("summary")["op"] == "summary"
    assert _sessions(admitted)[0]["status"] == "left"


# ------------------------------------------------------------------------------------------------ landmarks


def test_landmarks_are_kept_only_when_asked_for(admitted: House) -> None:
    folder = admitted.diary.recordings_dir
    motion = make_person(TECHNIQUE, hold_s=5.0)

    def run() -> str:
        with admitted.live(TECHNIQUE) as line:
            end_s = line.play(motion)
            line.send("bye", t_s=end_s, reason="end")
            return line.read_until("summary")["session_id"]

    first = run()
    assert not folder.exists()
    assert not admitted.browser.get(f"/api/sessions/{first}").json()["has_recording"]
    admitted.browser.put("/api/settings", json={"record_landmarks": True})
    second = run()
    assert admitted.browser.get(f"/api/sessions/{second}").json()["has_recording"]
    assert [p.name for p in folder.iterdir()] == [f"{second}.parquet"]


def test_a_recording_replays_to_what_was_live(admitted: House) -> None:
    from unkink.front.replaying import replay_file

    admitted.browser.put("/api/settings", json={"record_landmarks": True})
    with admitted.live(TECHNIQUE, short=True) as line:
        line.send("tick", t_s=0.0)
        end_s = line.play(make_person(TECHNIQUE, hold_s=17.0))
        line.send("tick", t_s=end_s + 0.25)
        line.send("bye", t_s=end_s + 0.5, reason="end")
        session_id = line.read_until("summary")["session_id"]
    live = admitted.browser.get(f"/api/sessions/{session_id}").json()["summary"]
    file = admitted.diary.recordings_dir / f"{session_id}.parquet"
    # The recording carries the dose: the short session was over when both sides had been held.
    assert live["status"] == "finished"
    assert replay_file(file, exercise_id=TECHNIQUE, variant=None) == live


def test_the_state_that_is_kept_reads_back() -> None:
    engine, _ = play(make_engine(TECHNIQUE), make_person(TECHNIQUE, hold_s=5.0))
    kept = msgspec.json.decode(msgspec.json.encode(pack(engine.session)))
    state = unpack(kept)
    assert state is not None
    # Compared as they are kept: a number that was not measured is not equal to itself.
    assert pack(state) == kept


@pytest.mark.parametrize(
    "damaged", [{}, {"format": 1}, {"format": 1, "state": "%"}, {"format": 9, "state": ""}]
)
def test_a_state_that_cannot_be_read_is_none(damaged: dict[str, Any]) -> None:
    assert unpack(damaged) is None
