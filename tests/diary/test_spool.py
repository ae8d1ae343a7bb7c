from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from diary.build import make_begin, make_events, make_summary, make_update
from unkink.diary import Diary
from unkink.diary.problems import store_error
from unkink.diary.records import EndStatus, Session, SessionEvent, SessionSummary, SessionUpdate
from unkink.diary.spool import Spool
from unkink.errors import ContractError, StoreError, UnkinkError


class Flaky:
    """A diary whose disk is full for a while."""

    def __init__(self, diary: Diary) -> None:
        self.diary = diary
        self.error: UnkinkError | None = None
        self.after_write = False
        self.n_tries = 0

    def _fail(self) -> None:
        self.n_tries += 1
        if self.error is not None:
            raise self.error

    def count_events(self, session_id: str) -> int:
        return self.diary.count_events(session_id)

    def save_progress(
        self,
        session_id: str,
        events: list[SessionEvent],
        state: SessionUpdate | None,
        first_idx: int | None = None,
    ) -> int:
        if not self.after_write:
            self._fail()
        done = self.diary.save_progress(session_id, events, state, first_idx)
        if self.after_write:
            self._fail()
        return done

    def finish_session(self, session_id: str, summary: SessionSummary, status: EndStatus) -> Session:
        self._fail()
        return self.diary.finish_session(session_id, summary, status)


@pytest.fixture
def flaky(sqlite_diary: Diary) -> Flaky:
    return Flaky(sqlite_diary)


def _wait(condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
    until = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.01)


def _events_of(diary: Diary, session_id: str) -> list[SessionEvent]:
    details = diary.session(session_id)
    assert details is not None
    return list(details.events)


def test_everything_is_on_disk_soon(sqlite_diary: Diary) -> None:
    session_id = sqlite_diary.begin_session(make_begin())
    with Spool(sqlite_diary, session_id) as spool:
        spool.add(*make_events(5))
        spool.update(make_update(1.0))
        spool.update(make_update(2.0))
        _wait(lambda: spool.state.n_waiting == 0)
        assert _events_of(sqlite_diary, session_id) == make_events(5)
        assert sqlite_diary.sessions()[0].snapshot["t_s"] == 2.0
        assert (spool.state.status, spool.state.saved_t_s) == ("ok", 2.0)
        spool.add(*make_events(2, 5))
        assert spool.finish(make_summary(), "finished", timeout_s=60)
    assert _events_of(sqlite_diary, session_id) == make_events(7)
    assert sqlite_diary.sessions()[0].status == "finished"


def test_resumed_session_goes_on_counting(sqlite_diary: Diary) -> None:
    session_id = sqlite_diary.begin_session(make_begin())
    sqlite_diary.append_events(session_id, make_events(4))
    with Spool(sqlite_diary, session_id) as spool:
        spool.add(*make_events(3, 4))
        assert spool.flush(60)
    assert _events_of(sqlite_diary, session_id) == make_events(7)


@pytest.mark.parametrize("after_write", [False, True], ids=["before", "after"])
def test_full_disk_is_waited_for_and_nothing_is_lost_or_doubled(flaky: Flaky, *, after_write: bool) -> None:
    """Also when the write was done and only its answer was lost."""
    session_id = flaky.diary.begin_session(make_begin())
    flaky.error, flaky.after_write = store_error(code="store-full"), after_write
    with Spool(flaky, session_id, back_off_s=(0.01,)) as spool:
        spool.add(*make_events(3))
        spool.update(make_update(3.0))
        _wait(lambda: flaky.n_tries >= 2)
        state = spool.state
        assert (state.status, state.n_lost, state.n_waiting) == ("retrying", 0, 4)
        assert state.error is not None
        assert state.error.message_key == "store.full"
        spool.add(*make_events(2, 3))
        flaky.error = None
        assert spool.finish(make_summary(), "finished", timeout_s=60)
        assert (spool.state.status, spool.state.error) == ("ok", None)
    assert _events_of(flaky.diary, session_id) == make_events(5)
    assert flaky.diary.sessions()[0].status == "finished"


def test_nothing_ever_waits_for_the_disk(flaky: Flaky) -> None:
    session_id = flaky.diary.begin_session(make_begin())
    gate, hangs = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        gate.wait(60.0)

    flaky._fail = hang  # pyright: ignore[reportAttributeAccessIssue]
    with Spool(flaky, session_id) as spool:
        spool.add(*make_events(1))
        assert hangs.wait(60.0)
        for i in range(1000):
            spool.add(SessionEvent(t_s=float(i), kind="x"))
            spool.update(make_update(float(i)))
        assert spool.state.status == "ok"
        # all of this while the disk did nothing
        assert _events_of(flaky.diary, session_id) == []
        assert not spool.finish(make_summary(), "finished", timeout_s=0.05)
        gate.set()
        assert spool.flush(60)
    assert len(_events_of(flaky.diary, session_id)) == 1001


def test_what_cannot_be_repaired_is_said(flaky: Flaky) -> None:
    session_id = flaky.diary.begin_session(make_begin())
    with Spool(flaky, session_id, back_off_s=(0.01,)) as spool:
        flaky.diary.begin_session(make_begin(), take_over=True)
        spool.add(*make_events(1))
        _wait(lambda: spool.state.status == "failed")
        assert isinstance(spool.state.error, StoreError)
        assert spool.state.error.code == "session-elsewhere"
        assert not spool.flush(0.1)


def test_bug_in_the_diary_is_not_silent(flaky: Flaky) -> None:
    session_id = flaky.diary.begin_session(make_begin())
    flaky.error = ContractError(code="store-bug")
    with Spool(flaky, session_id) as spool:
        spool.add(*make_events(1))
        _wait(lambda: spool.state.status == "failed")


def test_closed_spool_goes_on_trying(flaky: Flaky) -> None:
    session_id = flaky.diary.begin_session(make_begin())
    flaky.error = store_error(code="store-full")
    spool = Spool(flaky, session_id, back_off_s=(0.01,))
    spool.add(*make_events(3))
    assert not spool.finish(make_summary(), "finished", timeout_s=0.05)
    assert not spool.close(timeout_s=0.05)
    flaky.error = None
    _wait(lambda: spool.state.n_waiting == 0 or spool.state.status == "failed")
    assert spool.state.error is None
    assert flaky.diary.sessions()[0].status == "finished"
    assert _events_of(flaky.diary, session_id) == make_events(3)
    spool._thread.join(timeout=60)
    assert not spool._thread.is_alive()


def test_bound_is_kept_and_said(flaky: Flaky) -> None:
    session_id = flaky.diary.begin_session(make_begin())
    flaky.error = store_error(code="store-locked")
    with Spool(flaky, session_id, max_waiting=10, back_off_s=(0.01,)) as spool:
        spool.add(*make_events(8))
        spool.add(*make_events(4, 8))
        assert (spool.state.status, spool.state.n_lost, spool.state.n_waiting) == ("failed", 2, 10)
        flaky.error = None
        assert spool.flush(60)
    assert _events_of(flaky.diary, session_id) == make_events(10)
