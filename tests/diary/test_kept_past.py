"""The past that is kept and brought up to date is the past that is read from the beginning."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from diary.build import Clock, make_begin, make_events, make_summary, make_update
from diary.test_belongings import check_in, clear, exercise, screen, verdicts
from unkink.diary import Diary, kept_past, open_diary, touching
from unkink.diary.records import Note, Pop, ReferralAnswer, Review, SessionAfter, SessionEvent
from unkink.errors import StoreError

MANY = settings(
    max_examples=40,
    deadline=None,
    # without making a failure small: with files that takes minutes
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@contextmanager
def two_at_one(clock: Clock) -> Iterator[tuple[Diary, Diary, Path]]:
    """Open one diary twice, as two processes do."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "d"
        with open_diary(folder, clock=clock) as one, open_diary(folder, clock=clock) as other:
            yield one, other, folder


def _running(diary: Diary) -> str | None:
    broken = [s for s in diary.sessions(None) if s.status in ("running", "interrupted")]
    return broken[0].id if broken else None


def _pick(diary: Diary, which: int) -> str | None:
    found = diary.sessions(None)
    return found[which % len(found)].id if found else None


def _go_on(diary: Diary, kind: str) -> None:
    session_id = _running(diary)
    if session_id is None:
        session_id = diary.begin_session(make_begin(utc_offset_min=0))
    try:
        if kind == "events":
            told = SessionEvent(t_s=1.0, kind="pain", payload={"score": 4, "pain": "sharp"})
            diary.append_events(session_id, [*make_events(2), told])
        elif kind == "update":
            diary.update_session(session_id, make_update())
        elif kind == "finish":
            diary.finish_session(session_id, make_summary(stop_rule_ids=("S04",)), "finished")
        elif kind == "interrupt":
            diary.interrupt_session(session_id)
    except StoreError:
        pass  # it runs elsewhere


def _after(diary: Diary, which: int) -> None:
    session_id = _pick(diary, which)
    if session_id is not None:
        diary.save_after(session_id, SessionAfter(pain_after=which % 10, settled="later"))


def _delete(diary: Diary, which: int) -> None:
    session_id = _pick(diary, which)
    if session_id is not None:
        diary.delete_session(session_id)


def _raw(diary: Diary, which: int) -> None:
    """Write past all of our own ways, as an import or a migration to come might."""
    session_id = _pick(diary, which)
    with diary.store.write() as connection:
        connection.execute(
            sa.text("UPDATE session SET pain_during = 9, pain_kinds = '[\"sharp\"]' WHERE id = :id"),
            {"id": session_id},
        )
        connection.execute(sa.text("DELETE FROM check_in WHERE seq = (SELECT min(seq) FROM check_in)"))
        connection.execute(
            sa.text("UPDATE measurement SET value_deg = 1.5 WHERE session_id = :id"), {"id": session_id}
        )


STEPS: dict[str, Callable[[Diary, Clock, int], object]] = {
    "check-in": lambda d, _, n: check_in(d, n % 11, **({"P05": "yes"} if n % 3 == 0 else {})),
    "session": lambda d, c, n: _running(d) or exercise(d, c, "TW" if n % 2 else "FR", n % 11),
    "begin": lambda d, _, __: _go_on(d, "begin"),
    "events": lambda d, _, __: _go_on(d, "events"),
    "update": lambda d, _, __: _go_on(d, "update"),
    "finish": lambda d, _, __: _go_on(d, "finish"),
    "interrupt": lambda d, _, __: _go_on(d, "interrupt"),
    "after": lambda d, _, n: _after(d, n),
    "pop": lambda d, _, n: d.save_pop(Pop(deliberate=n % 2 == 0, region="neck", utc_offset_min=0)),
    "note": lambda d, _, n: d.save_note(Note(kind="nerve" if n % 2 else "worried", utc_offset_min=0)),
    "review": lambda d, _, n: d.save_review(Review(pain_average=n % 11, utc_offset_min=0)),
    "answer": lambda d, _, __: d.save_referral_answer(ReferralAnswer(rule_id="R06", answer="seen")),
    "screen": lambda d, _, n: screen(d, U07="yes" if n % 2 else "no"),
    "clear": lambda d, _, __: clear(d, "U07"),
    "setting": lambda d, _, n: d.save_settings({"theme": str(n)}),
    "delete": lambda d, _, n: _delete(d, n),
    "erase-before": lambda d, c, n: d.erase_before(c.now - timedelta(days=n), set()),
    "erase-all": lambda d, _, __: d.erase_all(),
    "import": lambda d, _, __: d.import_all(d.export_all()),
    "raw": lambda d, _, n: _raw(d, n),
    "clock": lambda _, c, n: c.move((n - 30) * 3600),
}
_STEP = st.tuples(st.sampled_from(sorted(STEPS)), st.booleans(), st.integers(0, 90), st.booleans())


def from_scratch(diary: Diary, clock: Clock) -> Diary:
    """Return the same diary as somebody sees it who has kept nothing."""
    return Diary(diary.store, diary.data_dir, clock)


@MANY
@given(steps=st.lists(_STEP, max_size=25))
def test_the_kept_past_is_the_past(steps: list[tuple[str, bool, int, bool]]) -> None:
    clock = Clock()
    with two_at_one(clock) as (one, other, _):
        one.history()
        for name, is_other, n, is_looked_at in steps:
            STEPS[name](other if is_other else one, clock, n)
            for diary in (one, other):
                diary.person()  # erased by the other process: it is another person's diary now
            if is_looked_at:
                fresh = from_scratch(one, clock)
                assert one.history() == fresh.history()
                assert one.all_measurements() == fresh.all_measurements()
        for diary in (one, other):
            diary.person()
            fresh = from_scratch(diary, clock)
            assert diary.history() == fresh.history()
            assert diary.measurements(include_demo=True) == fresh.measurements(include_demo=True)
        assert verdicts(one, clock.now) == verdicts(from_scratch(one, clock), clock.now)


@MANY
@given(steps=st.lists(_STEP, max_size=12))
def test_what_is_gone_leaves_no_name_behind(steps: list[tuple[str, bool, int, bool]]) -> None:
    clock = Clock()
    with two_at_one(clock) as (one, _, _):
        for name, _, n, _ in steps:
            STEPS[name](one, clock, n)
        with one.store.read() as connection:
            for kind, row_id in connection.execute(sa.text("SELECT kind, row_id FROM touched")).fetchall():
                known = connection.execute(
                    sa.text(f"SELECT count(*) FROM {kind} WHERE id = :id"),  # noqa: S608 - a name of ours
                    {"id": row_id},
                ).scalar_one()
                assert row_id == touching.GONE or known == 1, kind


def test_a_write_of_something_else_leaves_the_same_value(sqlite_diary: Diary, clock: Clock) -> None:
    exercise(sqlite_diary, clock)
    before, measured = sqlite_diary.history(), sqlite_diary.all_measurements()
    sqlite_diary.save_settings({"theme": "dark"})
    assert sqlite_diary.history() is before
    assert sqlite_diary.all_measurements() is measured


def test_only_what_was_written_is_read_again(
    sqlite_diary: Diary, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        exercise(sqlite_diary, clock)
        check_in(sqlite_diary)
    before = sqlite_diary.history()
    read: list[tuple[str, int | None]] = []
    load = kept_past.load_rows

    def look(connection: Any, person_id: str, kind: str, ids: Any = None) -> Any:
        read.append((kind, None if ids is None else len(ids)))
        return load(connection, person_id, kind, ids)

    monkeypatch.setattr(kept_past, "load_rows", look)
    check_in(sqlite_diary, 3)
    exercise(sqlite_diary, clock)
    after = sqlite_diary.history()
    assert read == [("session", 1), ("check_in", 1)]
    assert all(a is b for a, b in zip(before.sessions, after.sessions, strict=False))
    assert all(a.seq < b.seq for a, b in pairwise(after.sessions))


@pytest.mark.parametrize("harm", ["trigger", "count", "copy"])
def test_where_it_is_not_sure_everything_is_read(tmp_path: Path, clock: Clock, harm: str) -> None:
    with open_diary(tmp_path / "d", clock=clock) as diary:
        path = diary.store.path
        assert path is not None
        for _ in range(3):
            check_in(diary)
        if harm == "trigger":
            # Without its notes the database is read as a server is: anew after each write.
            _run(path, "DROP TRIGGER unkink_touched_check_in_new", raises=0)
            diary.history()
            diary = from_scratch(diary, clock)  # noqa: PLW2901 - looks at the triggers when it first reads
        diary.history()
        if harm == "count":
            # A row that went without a note.
            _run(path, "DROP TRIGGER unkink_touched_check_in_gone", raises=0)
            _run(path, "DELETE FROM check_in WHERE seq = (SELECT max(seq) FROM check_in)")
        elif harm == "copy":
            _run(path, "DELETE FROM check_in WHERE seq = (SELECT max(seq) FROM check_in)", raises=-1)
        else:
            check_in(diary, 9)
        assert diary.history() == from_scratch(diary, clock).history()


def _run(path: Path, sql: str, raises: int = 1) -> None:
    """Do something to the file, and raise the number of changes by so much."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)
        connection.execute("UPDATE counter SET value = value + ? WHERE name = 'change'", (raises,))


def test_after_too_many_writes_everything_is_read(sqlite_diary: Diary) -> None:
    one, other = sqlite_diary, from_scratch(sqlite_diary, sqlite_diary.now)  # type: ignore[arg-type]
    check_in(one, 2)
    one.history()
    for n in range(touching.KEPT_CHANGES + 120):
        other.save_settings({"n": n})
    check_in(other, 4)
    assert [c.pain_now for c in one.history().check_ins] == [2, 4]
    with one.store.read() as connection:
        n_noted = connection.execute(sa.text("SELECT count(*) FROM touched")).scalar_one()
    assert n_noted < touching.KEPT_CHANGES


def test_a_sign_of_life_changes_nothing_that_is_looked_back_on(sqlite_diary: Diary, clock: Clock) -> None:
    session_id = sqlite_diary.begin_session(make_begin())
    sqlite_diary.update_session(session_id, make_update())
    before = sqlite_diary.history()
    clock.move(5)
    sqlite_diary.update_session(session_id, make_update())
    assert sqlite_diary.history() is before
    clock.move(60)
    assert sqlite_diary.history().sessions[0].status == "interrupted"
    sqlite_diary.update_session(session_id, make_update())
    assert sqlite_diary.history() == before
