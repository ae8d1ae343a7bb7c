"""Locks and limits through the doors: no reload, device, old diary, import, clock, deletion removes one."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import make_rulebook
from front.doors import Clock, House, let_in, open_house
from unkink.diary import Diary, open_diary, records
from unkink.errors import UnkinkError

TECHNIQUES = tuple(make_rulebook().safety.codes)


def is_locked(house: House) -> bool:
    """Whether the page says so; then every technique and the live wire are closed as well."""
    state = house.browser.get("/api/today").json()["screening_state"]
    listed = {t["id"]: t["permission"] for t in house.browser.get("/api/techniques").json()}
    if state != "locked":
        return False
    assert {p["effect"] for p in listed.values()} == {"block"}
    with house.live(mode="timer") as line:
        assert line.read_until("welcome", "problem", "verdict")["op"] != "welcome"
    return True


def lock_by_screening(house: House) -> None:
    assert house.screen(U07="yes").status_code == 200


def lock_by_check_in(house: House) -> None:
    assert house.check_in(P02="yes").status_code == 200


def lock_by_pain(house: House) -> None:
    assert house.check_in(9).status_code == 200


def lock_in_session(house: House, kind: str = "tingling") -> str:
    with house.live(mode="timer") as line:
        session_id: str = line.read_until("welcome")["session_id"]
        line.send("pain", t_s=1.0, score=0, kind=kind)
        assert line.read_until("verdict")["kind"] == "stop"
        line.read_until("summary")
    return session_id


def lock_afterwards(house: House) -> str:
    session_id = train(house)
    told = house.browser.post(f"/api/sessions/{session_id}/after", json={"symptom": "S01"})
    assert told.status_code == 200
    return session_id


def train(house: House, exercise_id: str = "seated-twist", **more: Any) -> str:
    """Put a finished session into the diary, as the live wire would."""
    diary: Diary = house.diary
    session_id = diary.begin_session(
        records.SessionBegin(
            exercise_id=exercise_id,
            variant=None,
            mode="timer",
            rules_version=make_rulebook().safety.version,
            started_at=house.clock(),
            utc_offset_min=0,
            pain_before=1,
        )
    )
    summary = records.SessionSummary(t_s=60.0, summary={}, held_s={"right": 30.0, "left": 30.0}, **more)
    diary.finish_session(session_id, summary, "finished")
    return session_id


LOCKS: list[Callable[[House], Any]] = [
    lock_by_screening,
    lock_by_check_in,
    lock_by_pain,
    lock_in_session,
    lock_afterwards,
]


@pytest.fixture(params=LOCKS, ids=lambda lock: lock.__name__)
def locked(request: pytest.FixtureRequest, admitted: House) -> House:
    """A house in which something has locked."""
    assert not is_locked(admitted)
    request.param(admitted)
    assert is_locked(admitted)
    return admitted


def reopen(house: House, clock: Clock | None = None) -> House:
    house.diary.close()
    again = open_house(house.folder, clock or house.clock)
    let_in(again)
    return again


# ------------------------------------------------------------------------------------------ what may not open


def test_reload_tab_and_deleted_cookie_open_nothing(locked: House) -> None:
    assert is_locked(locked)
    locked.browser.cookies.clear()
    assert locked.browser.get("/api/today").status_code in (401, 403)
    let_in(locked)
    assert is_locked(locked)
    assert locked.stranger().get("/api/today").status_code in (401, 403)


def test_restart_opens_nothing(locked: House) -> None:
    again = reopen(locked)
    assert is_locked(again)
    again.diary.close()


def test_second_device_on_the_same_store_is_locked(locked: House) -> None:
    other = open_house(locked.folder, locked.clock)
    let_in(other)
    assert is_locked(other)
    other.diary.close()


@pytest.mark.parametrize(
    "by", [timedelta(days=-400), timedelta(days=-1), timedelta(hours=-2), timedelta(days=27)]
)
def test_clock_opens_nothing(locked: House, by: timedelta) -> None:
    locked.clock.now += by
    assert is_locked(locked)


@pytest.mark.parametrize("days", [29, 400])
def test_time_alone_opens_nothing(locked: House, days: int) -> None:
    locked.clock.forward(days=days)
    let_in(locked)  # the browser's key has run out meanwhile
    assert is_locked(locked)


def test_answering_everything_with_no_opens_nothing(locked: House) -> None:
    locked.clock.forward(hours=1)
    assert locked.screen().status_code == 200
    locked.check_in(0)
    assert is_locked(locked)


def test_import_of_an_open_diary_opens_nothing(tmp_path: Path, clock: Clock, admitted: House) -> None:
    open_data = admitted.diary.export_all()
    lock_by_screening(admitted)
    with contextlib.suppress(UnkinkError):  # refusing is as good
        admitted.diary.import_all(open_data)
    assert is_locked(admitted)


def test_import_into_an_empty_diary_brings_the_lock_along(locked: House, tmp_path: Path) -> None:
    data = locked.diary.export_all()
    folder = tmp_path / "other"
    folder.mkdir()
    other = open_house(folder, locked.clock)
    let_in(other)
    other.diary.import_all(data)
    assert is_locked(other)
    other.diary.close()


def test_older_copy_of_the_diary_opens_nothing(admitted: House) -> None:
    """The file of before the lock is put in the place of the diary, as out of a backup."""
    admitted.diary.close()
    saved = admitted.folder.parent / "saved"
    shutil.copytree(admitted.folder, saved)
    house = open_house(admitted.folder, admitted.clock)
    let_in(house)
    lock_by_check_in(house)
    assert is_locked(house)
    house.diary.close()
    for path in list(house.folder.glob("*.db*")) + list(house.folder.glob("*.sqlite*")):
        path.unlink()
    found = [p for p in saved.iterdir() if p.is_file() and p.suffix.startswith((".db", ".sqlite"))]
    assert found
    for path in found:
        shutil.copy2(path, house.folder / path.name)
    older = open_house(house.folder, house.clock)
    let_in(older)
    assert is_locked(older)
    # and it is still a clinician's word that opens it
    older.clock.forward(hours=2)
    lock_ids = older.browser.get("/api/screening").json()["assessment"]["lock_ids"]
    assert "P02" in lock_ids
    word = {"assessed_on": older.clock.now.date().isoformat(), "gentle_ok": True, "rule_ids": lock_ids}
    assert older.browser.post("/api/screening/clearance", json=word).status_code == 200
    older.screen()
    older.check_in()
    assert not is_locked(older)
    assert not (older.folder / "locks.json").exists()
    older.diary.close()


def test_note_of_locks_has_no_answers_and_goes_with_everything(admitted: House) -> None:
    lock_by_pain(admitted)
    assert is_locked(admitted)
    note = admitted.folder / "locks.json"
    assert b"U16" in note.read_bytes()
    assert b"answers" not in note.read_bytes()
    assert note.stat().st_mode & 0o077 == 0
    admitted.diary.erase_all()
    assert not note.exists()
    assert admitted.browser.get("/api/today").json()["screening_state"] == "none"


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format":2}'])
def test_damaged_note_neither_opens_nor_breaks(locked: House, damage: bytes) -> None:
    (locked.folder / "locks.json").write_bytes(damage)
    assert is_locked(locked)
    again = reopen(locked)
    assert is_locked(again)
    again.diary.close()


@pytest.mark.parametrize("lock", [lock_in_session, lock_afterwards], ids=lambda one: one.__name__)
def test_deleting_the_session_keeps_its_lock(admitted: House, lock: Callable[[House], str]) -> None:
    session_id = lock(admitted)
    assert admitted.browser.delete(f"/api/sessions/{session_id}").status_code == 204
    assert admitted.browser.get(f"/api/sessions/{session_id}").status_code == 404
    assert is_locked(admitted)
    again = reopen(admitted)
    assert is_locked(again)
    again.diary.close()


@pytest.mark.parametrize(
    ("kind", "score", "rests_all"), [("sharp", 0, True), ("ache", 6, False), ("spreading", 0, False)]
)
def test_deleting_the_session_keeps_its_rest(admitted: House, kind: str, score: int, rests_all: bool) -> None:
    with admitted.live(mode="timer") as line:
        session_id = line.read_until("welcome")["session_id"]
        line.send("pain", t_s=1.0, score=score, kind=kind)
        assert line.read_until("verdict")["kind"] == "stop"
        line.read_until("summary")

    def closed() -> set[str]:
        plan = admitted.browser.get("/api/today").json()["plan"]
        return {t["id"] for t in plan["techniques"] if not t["available"]}

    before = closed()
    assert before >= (set(TECHNIQUES) if rests_all else {"seated-twist"})
    assert admitted.browser.delete(f"/api/sessions/{session_id}").status_code == 204
    assert closed() == before


# ----------------------------------------------------------------------------------------------- O01 and O02


def full(house: House) -> set[str]:
    """Return the techniques of which a full session is open."""
    plan = house.browser.get("/api/today").json()["plan"]
    return (
        set()
        if plan is None
        else {t["id"] for t in plan["techniques"] if t["available"] and not t["short_only"]}
    )


def come_back(house: House, **by: float) -> None:
    house.clock.forward(**by)
    house.check_in()


def test_o01_holds_over_restart_deletion_and_another_device(admitted: House) -> None:
    sessions = [train(admitted)]
    come_back(admitted, hours=5)
    sessions.append(train(admitted, "wall-angels"))
    come_back(admitted, hours=2)
    assert full(admitted) == set()
    for session_id in sessions:
        assert admitted.browser.delete(f"/api/sessions/{session_id}").status_code == 204
    assert full(admitted) == set()
    other = open_house(admitted.folder, admitted.clock)
    let_in(other)
    assert full(other) == set()
    other.diary.close()
    again = reopen(admitted)
    assert full(again) == set()
    again.diary.close()


@pytest.mark.parametrize("offset_min", [-720, -300, 0, 60, 330, 840])
def test_o01_holds_in_every_time_zone(admitted: House, offset_min: int) -> None:
    train(admitted)
    admitted.clock.forward(hours=3.9)
    asked = dict.fromkeys(("P02", "P03", "P04", "P05"), "no")
    told = {"pain_now": 1, "answers": asked, "utc_offset_min": offset_min}
    assert admitted.browser.post("/api/check-in", json=told).status_code == 200
    assert full(admitted) == set()
    admitted.clock.forward(hours=0.2)
    assert {"seated-twist", "standing-side-stretch"} <= full(admitted)


def test_two_devices_begin_one_session_only(admitted: House) -> None:
    other = open_diary(admitted.folder, clock=admitted.clock)
    wish = records.SessionBegin(
        exercise_id="seated-twist",
        variant=None,
        mode="timer",
        rules_version=make_rulebook().safety.version,
        started_at=admitted.clock(),
        utc_offset_min=0,
    )
    admitted.diary.begin_session(wish)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - its code is looked at
        other.begin_session(wish)
    assert getattr(caught.value, "code", "") == "session-elsewhere"
    assert len([s for s in other.sessions(None) if s.status == "running"]) == 1
    other.close()


def test_limits_are_looked_at_again_when_the_other_device_was_faster(admitted: House) -> None:
    """Today was read before the other device's session; the start looks again."""
    assert "seated-twist" in full(admitted)
    other = House(
        folder=admitted.folder,
        clock=admitted.clock,
        diary=open_diary(admitted.folder, clock=admitted.clock),
        app=admitted.app,
        browser=admitted.browser,
    )
    for hours in (-5.5, -0.2):
        other.clock.forward(hours=hours)
        train(other)
        other.clock.forward(hours=-hours)
    other.diary.close()
    with admitted.live("seated-twist", mode="timer", short=False) as line:
        first = line.read_until("welcome", "verdict", "problem")
        # only the short version is left
        assert first["op"] == "welcome"
        assert first["plan"]["n_sets"] == 1


# ------------------------------------------------------------------------------------ necks are not cracked


def test_o05_neck_cracking_is_never_offered() -> None:
    book = make_rulebook()
    for exercise in book.exercises.values():
        for word in ("neck", "crack", "pop"):
            assert word not in exercise.id
            assert all(word not in variant.id for variant in exercise.variants)
    offers = ("cue.", "exercise.", "ladder.", "recommend.", "prescription.", "next.", "breath.")
    for key, text in book.texts["en"].items():
        if key.startswith(offers):
            low = text.lower()
            assert "crack your" not in low, key
            assert "pop your" not in low, key
            assert not ("crack" in low and "neck" in low and "never" not in low and "not" not in low), key
    advice = [book.texts["en"][f"help.neck.do.{i + 1}"] for i in range(3)]
    assert any("neck" in line.lower() for line in advice)


def test_a_closed_day_says_why_when_each_technique_waits_for_itself(house: House) -> None:
    """A sharp pain (S04) rests all techniques for days; nothing closes the day as a whole."""
    house.admit()
    with house.live(mode="timer") as line:
        session_id = line.read_until("welcome")["session_id"]
        line.send("tap", t_s=0.5, action="stop")
        line.read_until("summary")
    told = house.browser.post(f"/api/sessions/{session_id}/after", json={"symptom": "S04"})
    assert told.status_code == 200
    plan = house.browser.get("/api/today").json()["plan"]
    assert not any(technique["available"] for technique in plan["techniques"])
    assert plan["reasons"] == []
    assert [note["rule_id"] for note in plan["lock"]["reasons"]] == ["S04"]
    assert plan["lock"]["until"] is not None
