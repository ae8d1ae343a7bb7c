from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from diary.build import NOON, Clock, make_begin, make_events, make_summary, make_update
from unkink.diary import Diary, open_diary
from unkink.diary.lease import SILENT_S
from unkink.diary.records import SessionAfter, SessionEvent
from unkink.errors import StoreError


def test_session_is_what_was_written(diary: Diary, clock: Clock) -> None:
    session_id = diary.begin_session(make_begin(variant="tw-soft", short=True, plan={"n_sets": 2}))
    assert diary.append_events(session_id, make_events(3)) == 3
    assert diary.append_events(session_id, make_events(2, 3)) == 5
    diary.update_session(session_id, make_update(8.0, repetitions=2, rolled_s=1.5))
    clock.move(10)
    diary.finish_session(session_id, make_summary(signal="green"), "finished")
    details = diary.session(session_id)
    assert details is not None
    session = details.session
    assert (session.exercise_id, session.variant, session.short) == ("seated-twist", "tw-soft", True)
    assert (session.status, session.signal, session.pain_before, session.pain_during) == (
        "finished",
        "green",
        3,
        2,
    )
    assert (session.started_at, session.ended_at) == (NOON, NOON + timedelta(seconds=10))
    assert session.held_s == {"right": 20.5, "left": 19.0}
    assert session.duration_s == 120.5
    assert session.plan == {"n_sets": 2}
    assert session.n_events == 5
    assert list(details.events) == make_events(5)
    assert details.sets == make_summary().sets
    assert [(m.side, m.value_deg, m.sd_deg, m.reason) for m in details.measurements] == [
        ("right", 41.25, 3.5, None),
        ("left", None, None, "lost"),
    ]


def test_finishing_twice_changes_nothing(diary: Diary) -> None:
    session_id = diary.begin_session(make_begin())
    first = diary.finish_session(session_id, make_summary(), "finished")
    again = diary.finish_session(session_id, make_summary(t_s=1.0, sets=()), "stopped")
    assert again == first
    details = diary.session(session_id)
    assert details is not None
    assert len(details.sets) == 2


def test_amounts_that_limits_count_never_become_less(diary: Diary) -> None:
    session_id = diary.begin_session(make_begin())
    diary.update_session(session_id, make_update(held_s={"right": 30.0}, rolled_s=60.0, repetitions=8))
    diary.update_session(session_id, make_update(held_s={"left": 5.0}, rolled_s=0.0, repetitions=0))
    session = diary.finish_session(session_id, make_summary(held_s={}, rolled_s=1.0), "stopped")
    assert session.held_s == {"right": 30.0, "left": 5.0}
    assert (session.rolled_s, session.repetitions) == (60.0, 8)


def test_events_written_twice_are_there_once(diary: Diary) -> None:
    session_id = diary.begin_session(make_begin())
    assert diary.append_events(session_id, make_events(4), 0) == 4
    assert diary.append_events(session_id, make_events(6), 0) == 6
    details = diary.session(session_id)
    assert details is not None
    assert list(details.events) == make_events(6)


def test_numbers_that_are_none_do_not_break_the_session(diary: Diary) -> None:
    session_id = diary.begin_session(make_begin())
    odd = float("nan")
    diary.append_events(session_id, [SessionEvent(t_s=odd, kind="x", payload={"a": odd, "b": "\0\ud800"})])
    diary.update_session(session_id, make_update(odd, held_s={"right": float("inf")}, snapshot={"v": odd}))
    details = diary.session(session_id)
    assert details is not None
    assert details.events[0].payload["a"] is None
    assert details.session.snapshot == {"v": None}
    assert details.session.held_s == {}


def test_second_live_session_is_refused(diary: Diary) -> None:
    first = diary.begin_session(make_begin())
    with pytest.raises(StoreError) as caught:
        diary.begin_session(make_begin())
    assert caught.value.code == "session-elsewhere"
    second = diary.begin_session(make_begin(), take_over=True)
    assert [s.status for s in diary.sessions()] == ["running", "interrupted"]
    # The window that was left must not write on.
    with pytest.raises(StoreError) as caught:
        diary.update_session(first, make_update())
    assert caught.value.code == "session-elsewhere"
    diary.finish_session(second, make_summary(), "finished")


def test_second_live_session_of_another_process_is_refused(
    diary: Diary, url: str | None, clock: Clock
) -> None:
    diary.begin_session(make_begin())
    with open_diary(diary.data_dir, url, clock=clock) as other, pytest.raises(StoreError) as caught:
        other.begin_session(make_begin())
    assert caught.value.code == "session-elsewhere"


def test_two_processes_that_begin_at_once(diary: Diary, url: str | None, clock: Clock) -> None:
    """The place is free for both when they look; the database lets one in."""
    import sqlalchemy as sa

    from unkink.diary import sessions, tables

    diary.begin_session(make_begin())
    row = {"id": "x", "seq": 99, "person_id": diary.person().id, "status": "running"}
    with diary.store.read() as connection:
        existing = dict(connection.execute(sa.select(tables.session)).mappings().one())
    with pytest.raises(StoreError) as caught, diary.store.write() as connection:
        sessions._take_place(connection, tables.session.insert().values(existing | row))
    assert caught.value.code == "session-elsewhere"
    assert len(diary.sessions()) == 1


def test_silent_session_is_interrupted_and_can_be_resumed(diary: Diary, clock: Clock) -> None:
    session_id = diary.begin_session(make_begin())
    diary.save_progress(session_id, make_events(3), make_update(6.0))
    assert diary.interrupted_sessions() == ()
    clock.move(SILENT_S + 1)
    (found,) = diary.interrupted_sessions()
    assert (found.id, found.status, found.snapshot) == (
        session_id,
        "interrupted",
        {"phase": "hold", "t_s": 6.0},
    )
    assert found.held_s == {"right": 6.0}
    resumed = diary.resume_session(session_id)
    assert resumed.status == "running"
    assert resumed.snapshot == found.snapshot
    assert diary.interrupted_sessions() == ()
    assert diary.append_events(session_id, make_events(1, 3)) == 4
    diary.finish_session(session_id, make_summary(), "finished")
    assert diary.interrupted_sessions() == ()


def test_closed_lid_goes_on(diary: Diary, clock: Clock) -> None:
    session_id = diary.begin_session(make_begin())
    clock.move(3600)
    diary.update_session(session_id, make_update())
    assert diary.sessions()[0].status == "running"


def test_closed_lid_while_another_session_runs(diary: Diary, clock: Clock) -> None:
    first = diary.begin_session(make_begin())
    clock.move(3600)
    diary.begin_session(make_begin())
    with pytest.raises(StoreError) as caught:
        diary.update_session(first, make_update())
    assert caught.value.code == "session-elsewhere"


def test_socket_that_went_away_frees_the_place(diary: Diary) -> None:
    first = diary.begin_session(make_begin())
    diary.interrupt_session(first)
    second = diary.begin_session(make_begin())
    with pytest.raises(StoreError) as caught:
        diary.resume_session(first)
    assert caught.value.code == "session-elsewhere"
    diary.finish_session(second, make_summary(), "left")
    assert diary.resume_session(first).status == "running"


def test_dismissed_session_is_kept_and_not_offered_again(diary: Diary) -> None:
    session_id = diary.begin_session(make_begin())
    diary.update_session(session_id, make_update(9.0))
    diary.interrupt_session(session_id)
    diary.dismiss_session(session_id)
    assert diary.interrupted_sessions() == ()
    assert diary.sessions()[0].held_s == {"right": 9.0}
    with pytest.raises(StoreError) as caught:
        diary.resume_session(session_id)
    assert caught.value.code == "session-over"
    with pytest.raises(StoreError) as caught:
        diary.append_events(session_id, make_events(1))
    assert caught.value.code == "session-over"


def test_unknown_session(diary: Diary) -> None:
    assert diary.session("none") is None
    for write in (
        lambda: diary.update_session("none", make_update()),
        lambda: diary.resume_session("none"),
        lambda: diary.finish_session("none", make_summary(), "finished"),
        lambda: diary.save_after("none", SessionAfter(pain_after=1)),
    ):
        with pytest.raises(StoreError) as caught:
            write()
        assert caught.value.code == "session-unknown"


def test_after_keeps_what_was_said_before(diary: Diary) -> None:
    session_id = diary.begin_session(make_begin())
    diary.finish_session(session_id, make_summary(), "finished")
    diary.save_after(session_id, SessionAfter(pain_after=2, relief="bit", felt="fine"))
    after = diary.save_after(
        session_id, SessionAfter(stiffness_after="no", settled="by-morning", signal="amber")
    )
    assert (after.pain_after, after.relief, after.felt) == (2, "bit", "fine")
    assert (after.stiffness_after, after.settled, after.signal) == ("no", "by-morning", "amber")


def test_pages_of_sessions(diary: Diary) -> None:
    ids = []
    for _ in range(5):
        ids.append(diary.begin_session(make_begin()))
        diary.finish_session(ids[-1], make_summary(), "finished")
    first = diary.sessions(limit=2)
    rest = diary.sessions(limit=10, before=first[-1].seq)
    assert [s.id for s in (*first, *rest)] == ids[::-1]


def test_clock_set_back_does_not_reorder(diary: Diary, clock: Clock) -> None:
    ids = []
    for step_s in (0, -86_400, 3600, -7200):
        clock.move(step_s)
        ids.append(diary.begin_session(make_begin()))
        diary.save_progress(ids[-1], make_events(1), make_update())
        clock.move(-30)  # within a session, too
        diary.save_progress(ids[-1], make_events(1), make_update())
        diary.finish_session(ids[-1], make_summary(), "finished")
    assert [s.id for s in diary.sessions()] == ids[::-1]
    assert [s.session_id for s in diary.history().sessions] == ids
    assert all(s.duration_s == 120.5 for s in diary.sessions())


def test_clock_set_back_does_not_lock_the_next_session_out(diary: Diary, clock: Clock) -> None:
    diary.begin_session(make_begin())
    clock.move(-86_400)
    diary.begin_session(make_begin())
    assert len(diary.interrupted_sessions()) == 1


def test_measurements_by_quantity(diary: Diary) -> None:
    for mode in ("camera", "demo"):
        session_id = diary.begin_session(make_begin(mode=mode))
        diary.finish_session(session_id, make_summary(), "finished")
    values = diary.measurements("shoulder_turn_deg", "right")
    assert [(m.value_deg, m.exercise_id, m.mode) for m in values] == [(41.25, "seated-twist", "camera")]
    assert len(diary.measurements("shoulder_turn_deg", include_demo=True)) == 4
    assert diary.measurements("slide_norm") == ()
    assert diary.measurements(exercise_id="foam-roller") == ()


def test_sessions_survive_a_restart(tmp_path: Path, clock: Clock, url: str | None) -> None:
    with open_diary(tmp_path, url, clock=clock) as diary:
        session_id = diary.begin_session(make_begin())
        diary.save_progress(session_id, make_events(2), make_update())
        diary.finish_session(session_id, make_summary(), "finished")
        before = diary.session(session_id)
        person = diary.person()
    with open_diary(tmp_path, url, clock=clock) as diary:
        assert diary.session(session_id) == before
        assert diary.person() == person
