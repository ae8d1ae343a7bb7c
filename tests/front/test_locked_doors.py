"""Locked means locked: whatever is done at the doors, nobody is coached before a clearance.

A machine opens every door at random (the Check, the check-in, sessions in two windows, what is told
afterwards, export and import, a second device, restarts, clocks that are set, cookies that are gone) and
keeps its own, much simpler book of what locks. While that book says locked, no way to begin, to go on with or
to carry on a session may lead to a cue.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from front.doors import Clock, House, Line, let_in, open_house
from unkink.front import live

TECHNIQUES = (
    "seated-twist",
    "seated-twist",
    "standing-side-stretch",
    "wall-angels",
    "foam-roller",
    "mobility-check",
)
MODES = ("camera", "demo", "timer")
LOCKING_ROWS = ("E01", "E04", "E07", "E12", "U05", "U07", "U09", "U16")
LOCKING_SIGNS = ("S01", "S02", "S03")
COACHING = ("cue", "state", "welcome")
NEAR_S = 0.25


def _is_taken(line: Line, served_by: Any) -> bool:
    """Wait until the server has taken what was sent; False when the session ended or another has it."""
    until = time.monotonic() + 60.0
    live = line.house.app.state.services.live
    while any(one is served_by for one in list(live.values())):
        if served_by.n_taken >= line.n_sent:
            return True
        assert time.monotonic() < until, "it was never taken"
        time.sleep(0.0005)
    return False


def _is_named(sign: str, line: Line) -> bool:
    """Whether a stop that was sent over this line is for this sign."""
    stops = [m for m in line.seen if m["op"] == "verdict" and m["kind"] == "stop"]
    return any(r["rule_id"] == sign for m in stops for r in m["reasons"])


def _is_coaching(message: dict[str, Any]) -> bool:
    """Whether a message guides: a cue other than the stop's own, a state other than its end."""
    if message["op"] == "cue":
        return not message["key"].startswith("safety.stop.")
    return message["op"] == "state" and message["phase"] not in {"stopped", "finished", "paused"}


class Doors(RuleBasedStateMachine):
    """One diary, up to two servers on it (two devices), any number of windows."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.folder = Path(self.closing.enter_context(tempfile.TemporaryDirectory()))
        self.clock = Clock()
        self.houses: list[House] = []
        self.book: set[str] = set()
        """What locks, by its id."""
        self.is_screened = False
        self.latest = self.clock.now
        self.windows: list[tuple[ExitStack, Line, House]] = []
        self.served_by: dict[int, Any] = {}
        """The server's end of each line."""
        self.ended: list[str] = []
        self.exports: list[Any] = []
        self.was_looking = live.LOOK_EVERY_S
        live.LOOK_EVERY_S = 0.0

    @initialize()
    def open(self) -> None:
        self.enter()
        self.screen(rows=[], word="yes")

    def enter(self) -> House:
        house = open_house(self.folder, self.clock)
        let_in(house)
        house.browser.__enter__()
        self.houses.append(house)
        return house

    def let_all_in(self) -> None:
        """Give every browser a key: the ring keeps a few, and none for ever."""
        for house in self.houses:
            let_in(house)

    def leave(self, house: House) -> None:
        for window in [w for w in self.windows if w[2] is house]:
            self.shut(window)
        house.browser.__exit__(None, None, None)
        house.diary.close()
        self.houses.remove(house)

    def shut(self, window: tuple[ExitStack, Line, House]) -> None:
        self.windows.remove(window)
        self.close(window[0], window[1])

    def close(self, stack: ExitStack, line: Line) -> None:
        """Close a window and wait until its session is put aside: what comes next finds it so each time."""
        stack.close()
        served_by, live = self.served_by.get(id(line)), line.house.app.state.services.live
        until = time.monotonic() + 60.0
        while any(one is served_by for one in list(live.values())):
            assert time.monotonic() < until, "it was never put aside"
            time.sleep(0.0005)

    def teardown(self) -> None:
        live.LOOK_EVERY_S = self.was_looking
        for house in list(self.houses):
            self.leave(house)
        self.closing.close()

    # ------------------------------------------------------------------------------- what the person tells

    @rule(
        rows=st.just([]) | st.lists(st.sampled_from(LOCKING_ROWS), max_size=2, unique=True),
        word=st.sampled_from(["yes", "unsure"]),
    )
    def screen(self, rows: list[str], word: str) -> None:
        house = self.houses[-1]
        assert house.screen(**dict.fromkeys(rows, word)).status_code == 200
        self.is_screened = True
        self.book |= set(rows)

    @rule(pain=st.sampled_from([0, 2, 2, 3, 5, 6, 7, 10]), sign=st.sampled_from([None] * 6 + ["P02", "P03"]))
    def check_in(self, pain: int, sign: str | None) -> None:
        answers = {} if sign is None else {sign: "yes"}
        assert self.houses[-1].check_in(pain, **answers).status_code == 200
        if pain >= 7:
            self.book.add("U16")
        if sign is not None:
            self.book.add(sign)

    @precondition(lambda self: self.book)
    @rule(
        word=st.sampled_from([True, True, True, False]),
        some=st.sampled_from([False, False, True]),
        days_before=st.sampled_from([0, 0, 0, 0, 40, -3]),
    )
    def clear(self, word: bool, some: bool, days_before: int) -> None:
        """Record a clearance: for all that locks or for half of it, by now or by a date that cannot be."""
        house = self.houses[0]
        ids = house.browser.get("/api/screening").json()["assessment"]["lock_ids"]
        today = house.browser.get("/api/today").json()["plan"]
        ids = sorted({*ids, *((today or {}).get("lock") or {}).get("lock_ids", [])})
        ids = ids[: len(ids) // 2] if some else ids
        on = (self.clock.now - timedelta(days=days_before)).date().isoformat()
        told = {"assessed_on": on, "gentle_ok": word, "rule_ids": ids}
        answer = house.browser.post("/api/screening/clearance", json=told)
        assert answer.status_code in {200, 422}
        if answer.status_code == 200 and word and days_before == 0:
            self.book -= set(ids)
            event("cleared")

    @precondition(lambda self: self.book)
    @rule()
    def be_well_again(self) -> None:
        """Have everything looked at, a day later, and answer all questions anew."""
        self.clock.now = max(self.clock.now, self.latest) + timedelta(days=1)
        self.let_all_in()
        self.clear(word=True, some=False, days_before=0)
        self.screen(rows=[], word="yes")
        self.check_in(pain=0, sign=None)

    # ------------------------------------------------------------------------------------------- sessions

    def try_to_begin(self, house: House, wish: dict[str, Any]) -> tuple[ExitStack, Line, list[str]]:
        stack = ExitStack()
        line = stack.enter_context(house.line())
        line.hello(**wish)
        ops: list[str] = []
        while not ops or ops[-1] not in {"welcome", "close"}:
            ops.append(line.read()["op"])
        if ops[-1] == "welcome":
            self.served_by[id(line)] = house.app.state.services.live.get(line.seen[-1]["session_id"])
        return stack, line, ops

    @rule(
        exercise_id=st.sampled_from(TECHNIQUES),
        mode=st.sampled_from(["timer", "timer", "timer", "camera", "demo"]),
        is_second=st.booleans(),
        take_over=st.booleans(),
        is_asked=st.booleans(),
    )
    def begin(self, exercise_id: str, mode: str, is_second: bool, take_over: bool, is_asked: bool) -> None:
        house = self.houses[-1 if is_second else 0]
        if is_asked or not self.book:
            # the answers of somebody who is well; they take no lock away
            self.screen(rows=[], word="yes")
            self.check_in(pain=0, sign=None)
        wish = {"exercise_id": exercise_id, "mode": mode, "take_over": take_over}
        was_locked = bool(self.book)
        stack, line, ops = self.try_to_begin(house, wish)
        if was_locked:
            assert not set(ops) & set(COACHING), (wish, sorted(self.book))
        if not self.is_screened and mode != "demo":
            assert "welcome" not in ops
        if ops[-1] == "welcome":
            event(f"begun {mode}")
            self.ended.append(line.seen[-1]["session_id"])
            self.windows.append((stack, line, house))
        else:
            event("refused, locked" if was_locked else f"refused, {line.seen[-2]['code']}")
            stack.close()

    @precondition(lambda self: self.ended)
    @rule(data=st.data(), take_over=st.booleans())
    def go_on(self, data: st.DataObject, take_over: bool) -> None:
        session_id = data.draw(st.sampled_from(self.ended))
        wish = {"resume_id": session_id, "take_over": take_over}
        was_locked = bool(self.book)
        stack, line, ops = self.try_to_begin(self.houses[-1], wish)
        if was_locked:
            assert not set(ops) & set(COACHING), sorted(self.book)
        if ops[-1] == "welcome":
            event("gone on with")
            self.windows.append((stack, line, self.houses[-1]))
        else:
            stack.close()

    @precondition(lambda self: self.windows)
    @rule(data=st.data(), seconds=st.sampled_from([1, 8, 30]))
    def carry_on(self, data: st.DataObject, seconds: int) -> None:
        """Let time pass in a running session: once locked, its next word is the stop."""
        window = data.draw(st.sampled_from(self.windows))
        _, line, _ = window
        was_locked = bool(self.book)
        n_seen = len(line.seen)
        t_s = locked_at_s = line.house.extra.get(id(line), 0.0)
        try:
            for _ in range(int(seconds / NEAR_S)):
                t_s += NEAR_S
                line.send("tick", t_s=t_s)
                if not _is_taken(line, self.served_by[id(line)]):
                    break
            line.house.extra[id(line)] = t_s
            if was_locked:
                line.send("bye", t_s=t_s, reason="end")
                line.read_until("summary")
        except Exception as exc:  # noqa: BLE001 - whatever the test client says when a socket is closed
            event(type(exc).__name__)
        if was_locked:
            # What was sent before the lock came is read late; it has an earlier time.
            later = [m for m in line.seen[n_seen:] if m.get("t_s", 0.0) > locked_at_s]
            assert not [m for m in later if _is_coaching(m)], later
            self.shut(window)
            event("stopped while running" if later else "was over")

    @precondition(lambda self: self.windows)
    @rule(data=st.data(), sign=st.sampled_from([*LOCKING_SIGNS, "S04", "S05"]))
    def tell_a_sign(self, data: st.DataObject, sign: str) -> None:
        window = data.draw(st.sampled_from(self.windows))
        _, line, _ = window
        line.send("symptom", t_s=1e-3 + line.house.extra.get(id(line), 0.0), rule_id=sign)
        line.read_until("summary")
        welcome = next(m for m in line.seen if m["op"] == "welcome")
        is_kept = _is_named(sign, line)
        if not is_kept:  # it came too late for this wire: the page tells it by the other door
            address = f"/api/sessions/{welcome['session_id']}/after"
            answer = line.house.browser.post(address, json={"symptom": sign})
            is_kept = answer.status_code == 200
            event("a sign told late")
        if is_kept and sign in LOCKING_SIGNS and welcome["mode"] != "demo":
            self.book.add(sign)
            event("a sign told")
        self.shut(window)

    @precondition(lambda self: self.windows)
    @rule(data=st.data())
    def close_a_window(self, data: st.DataObject) -> None:
        self.shut(data.draw(st.sampled_from(self.windows)))

    @precondition(lambda self: self.ended)
    @rule(data=st.data(), sign=st.sampled_from(LOCKING_SIGNS))
    def tell_afterwards(self, data: st.DataObject, sign: str) -> None:
        session_id = data.draw(st.sampled_from(self.ended))
        house = self.houses[0]
        found = house.browser.get(f"/api/sessions/{session_id}")
        answer = house.browser.post(f"/api/sessions/{session_id}/after", json={"symptom": sign})
        if answer.status_code == 200 and found.json()["session"]["mode"] != "demo":
            self.book.add(sign)

    # ---------------------------------------------------------------------------- what must not open a lock

    @precondition(lambda self: self.ended)
    @rule(data=st.data(), by=st.sampled_from(["page", "command"]))
    def delete_a_session(self, data: st.DataObject, by: str) -> None:
        session_id = data.draw(st.sampled_from(self.ended))
        if by == "page":
            self.houses[0].browser.delete(f"/api/sessions/{session_id}")
        else:  # asks nobody whether it runs
            self.houses[0].diary.delete_session(session_id)

    @rule(days=st.sampled_from([-400, -40, -2, 1, 1, 2, 60]), is_restarted=st.booleans())
    def set_the_clock(self, days: int, is_restarted: bool) -> None:
        self.clock.forward(days=days)
        self.latest = max(self.latest, self.clock.now)
        if is_restarted:
            for house in list(self.houses):
                self.leave(house)
            self.enter()
        self.let_all_in()

    @precondition(lambda self: len(self.houses) < 2)
    @rule()
    def take_a_second_device(self) -> None:
        self.enter()

    @rule()
    def lose_the_cookie_and_the_draft(self) -> None:
        house = self.houses[0]
        house.browser.delete("/api/screening/draft")
        assert house.stranger().get("/api/today").status_code == 401
        house.browser.cookies.clear()
        self.let_all_in()

    @rule()
    def take_along(self) -> None:
        self.exports.append(self.houses[0].diary.export_all())

    @precondition(lambda self: self.exports)
    @rule(data=st.data())
    def bring_back(self, data: st.DataObject) -> None:
        self.houses[0].diary.import_all(data.draw(st.sampled_from(self.exports)))

    @invariant()
    def what_locks_is_told(self) -> None:
        if not self.book:
            return
        for house in self.houses:
            today = house.browser.get("/api/today").json()
            assert today["screening_state"] == "locked", (today["screening_state"], sorted(self.book))
            plan = today["plan"]
            assert plan["recommendation"] is None
            assert not any(t["available"] for t in plan["techniques"])


Doors.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
TestDoors = pytest.mark.slow(Doors.TestCase)
