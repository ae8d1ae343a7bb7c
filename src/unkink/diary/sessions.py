"""Sessions in the diary: begun, written while they run, finished, gone on with after a crash.

In: an open transaction and values. Out: rows, and values again. At most one session of a person runs at a
time, in whatever window or process. Next file: :mod:`unkink.diary.repository`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import sqlalchemy.exc as sa_exc

from unkink.coach.history import SIGNS
from unkink.diary import lease, tables
from unkink.diary.engine import next_seq
from unkink.diary.records import (
    EndStatus,
    ExerciseSet,
    Measurement,
    Session,
    SessionAfter,
    SessionBegin,
    SessionDetails,
    SessionEvent,
    SessionSummary,
    SessionUpdate,
)
from unkink.diary.rows import finite, finite_all, from_row, local_offset_min, new_id, to_row
from unkink.errors import StoreError

_TABLE = tables.session
_N_EVENTS = (
    sa.select(sa.func.count())
    .select_from(tables.session_event)
    .where(tables.session_event.c.session_id == _TABLE.c.id)
    .scalar_subquery()
    .label("n_events")
)
_SELECT = sa.select(_TABLE, _N_EVENTS).where(_TABLE.c.deleted_at.is_(None))
"""Sessions that are there: of a deleted one only limits still know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who writes, and when."""

    person_id: str
    owner: str
    now: datetime


def session_error(code: str) -> StoreError:
    """Make the error of a session that cannot be written: elsewhere, unknown or over."""
    return StoreError(code, f"store.{code}")


def to_session(row: Mapping[Any, Any], now: datetime) -> Session:
    """Make the value; one that runs without anybody writing it was interrupted."""
    if row["status"] == "running" and not lease.is_alive(row["owner"], row["seen_at"], now):
        return from_row(Session, row, status="interrupted")
    return from_row(Session, row)


def _row(connection: sa.Connection, session_id: str, *, to_write: bool = False) -> Mapping[Any, Any]:
    if to_write:
        # Other writers of this session wait here; in SQLite they wait already.
        is_it = sa.and_(_TABLE.c.id == session_id, _TABLE.c.deleted_at.is_(None))
        connection.execute(sa.select(_TABLE.c.id).where(is_it).with_for_update())
    row = connection.execute(_SELECT.where(_TABLE.c.id == session_id)).mappings().first()
    if row is None:
        raise session_error(code="session-unknown")
    return row


def find(connection: sa.Connection, session_id: str, now: datetime) -> Session | None:
    """Load one session, None when there is none."""
    row = connection.execute(_SELECT.where(_TABLE.c.id == session_id)).mappings().first()
    return None if row is None else to_session(row, now)


def load(connection: sa.Connection, session_id: str, now: datetime) -> Session:
    """Load one session."""
    return to_session(_row(connection, session_id), now)


def load_all(
    connection: sa.Connection,
    person_id: str,
    now: datetime,
    *,
    limit: int | None = None,
    before: int | None = None,
) -> tuple[Session, ...]:
    """Load sessions, newest first."""
    query = _SELECT.where(_TABLE.c.person_id == person_id).order_by(_TABLE.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(_TABLE.c.seq < before)
    return tuple(to_session(row, now) for row in connection.execute(query).mappings())


def load_interrupted(connection: sa.Connection, person_id: str, now: datetime) -> tuple[Session, ...]:
    """Load the sessions that were neither finished nor left, newest first."""
    is_open = _TABLE.c.status.in_(("running", "interrupted"))
    # Sorted here: asked for the order, the database would go through all sessions instead of those few.
    query = _SELECT.where(_TABLE.c.person_id == person_id, is_open)
    rows = sorted(connection.execute(query).mappings(), key=lambda row: -row["seq"])
    sessions = (to_session(row, now) for row in rows)
    return tuple(session for session in sessions if session.status == "interrupted")


def load_details(connection: sa.Connection, session_id: str, now: datetime) -> SessionDetails | None:
    """Load one session with everything that belongs to it."""
    row = connection.execute(_SELECT.where(_TABLE.c.id == session_id)).mappings().first()
    if row is None:
        return None
    path = connection.execute(
        sa.select(tables.recording.c.path).where(tables.recording.c.session_id == session_id)
    ).scalar()
    return SessionDetails(
        session=to_session(row, now),
        sets=tuple(from_row(ExerciseSet, r) for r in _children(connection, tables.exercise_set, session_id)),
        measurements=load_measurements(connection, _TABLE.c.id == session_id),
        events=tuple(
            from_row(SessionEvent, r) for r in _children(connection, tables.session_event, session_id)
        ),
        recording=path,
    )


def _children(connection: sa.Connection, table: sa.Table, session_id: str) -> list[Mapping[str, Any]]:
    query = sa.select(table).where(table.c.session_id == session_id).order_by(table.c.idx)
    return [dict(row) for row in connection.execute(query).mappings()]


def load_measurements(
    connection: sa.Connection, *conditions: sa.ColumnElement[bool]
) -> tuple[Measurement, ...]:
    """Load measured values with the exercise of their session, oldest first."""
    table = tables.measurement
    query = (
        sa.select(table, _TABLE.c.exercise_id, _TABLE.c.variant, _TABLE.c.mode)
        .join(_TABLE, _TABLE.c.id == table.c.session_id)
        .where(*conditions)
        .order_by(_TABLE.c.seq, table.c.idx)
    )
    return tuple(from_row(Measurement, row) for row in connection.execute(query).mappings())


def _clear_place(connection: sa.Connection, writer: Writer, *, take_over: bool, but: str = "") -> None:
    """Make room for a running session: interrupt those that are dead, refuse when one is alive."""
    mine = sa.and_(_TABLE.c.person_id == writer.person_id, _TABLE.c.status == "running", _TABLE.c.id != but)
    for row in connection.execute(sa.select(_TABLE).where(mine)).mappings():
        if lease.is_alive(row["owner"], row["seen_at"], writer.now) and not take_over:
            raise session_error(code="session-elsewhere")
    connection.execute(_TABLE.update().where(mine).values(status="interrupted"))


def _take_place(connection: sa.Connection, statement: sa.Insert | sa.Update) -> None:
    """Write a session as running; the database refuses when another one was quicker."""
    taken = False
    try:
        connection.execute(statement)
    except sa_exc.IntegrityError:
        taken = True
    if taken:
        raise session_error(code="session-elsewhere")


def begin(connection: sa.Connection, writer: Writer, session: SessionBegin, *, take_over: bool) -> str:
    """Begin a session and return its id."""
    _clear_place(connection, writer, take_over=take_over)
    session_id = new_id()
    offset = session.utc_offset_min
    row = to_row(
        session,
        _TABLE,
        id=session_id,
        seq=next_seq(connection),
        person_id=writer.person_id,
        status="running",
        started_at=session.started_at or writer.now,
        utc_offset_min=local_offset_min() if offset is None else offset,
        seen_at=writer.now,
        owner=writer.owner,
        duration_s=0.0,
        snapshot={},
        summary={},
        held_s={},
        rolled_s=0.0,
        repetitions=0,
        stop_rule_ids=[],
        pain_kinds=[],
    )
    _take_place(connection, _TABLE.insert().values(row))
    return session_id


def resume(connection: sa.Connection, writer: Writer, session_id: str, *, take_over: bool) -> Session:
    """Go on with an interrupted session."""
    row = _row(connection, session_id, to_write=True)
    if row["status"] not in {"running", "interrupted"}:
        raise session_error(code="session-over")
    is_free = row["status"] == "interrupted" or not lease.is_alive(row["owner"], row["seen_at"], writer.now)
    if not is_free and not take_over:
        raise session_error(code="session-elsewhere")
    _clear_place(connection, writer, take_over=take_over, but=session_id)
    changes = {"status": "running", "owner": writer.owner, "seen_at": writer.now}
    _take_place(connection, _TABLE.update().where(_TABLE.c.id == session_id).values(changes))
    return load(connection, session_id, writer.now)


def hold_place(connection: sa.Connection, writer: Writer, session_id: str) -> None:
    """See to it that a running session is ours to write.

    One that was taken as interrupted (a closed lid) comes back to life, unless another one runs by now.
    """
    row = _row(connection, session_id, to_write=True)
    if row["status"] not in {"running", "interrupted"}:
        raise session_error(code="session-over")
    if row["status"] == "running" and row["owner"] == writer.owner:
        return
    if row["status"] == "running" and lease.is_alive(row["owner"], row["seen_at"], writer.now):
        raise session_error(code="session-elsewhere")
    resume(connection, writer, session_id, take_over=False)


def n_events(connection: sa.Connection, session_id: str) -> int:
    """Return how many events a session has, which is the index of its next one."""
    table = tables.session_event
    last = sa.select(sa.func.max(table.c.idx)).where(table.c.session_id == session_id)
    found = connection.execute(last).scalar()
    return 0 if found is None else int(found) + 1


def append(
    connection: sa.Connection, session_id: str, events: Sequence[SessionEvent], first_idx: int | None
) -> int:
    """Append events; ones that are there already (a write that was tried twice) stay as they are."""
    start = n_events(connection, session_id)
    first_idx = start if first_idx is None else first_idx
    rows = make_event_rows(session_id, events, first_idx)[max(0, start - first_idx) :]
    if rows:
        connection.execute(tables.session_event.insert(), rows)
    return max(start, first_idx + len(events))


def make_event_rows(
    session_id: str, events: Sequence[SessionEvent], first_idx: int = 0
) -> list[dict[str, Any]]:
    """Return the rows of events of a session."""
    return [
        to_row(event, tables.session_event, session_id=session_id, idx=idx, t_s=finite(event.t_s))
        for idx, event in enumerate(events, first_idx)
    ]


def update(connection: sa.Connection, writer: Writer, session_id: str, state: SessionUpdate) -> None:
    """Replace where a running session stands; the amounts that limits count never become less."""
    row = _row(connection, session_id)
    changes: dict[str, Any] = {
        "duration_s": finite(state.t_s),
        "snapshot": state.snapshot,
        "held_s": _most(row["held_s"], finite_all(state.held_s)),
        "rolled_s": max(row["rolled_s"], finite(state.rolled_s)),
        "repetitions": max(row["repetitions"], state.repetitions),
    }
    if state.pain_during is not None:
        changes["pain_during"] = state.pain_during
    if state.pain_kinds:
        changes["pain_kinds"] = list(state.pain_kinds)
    connection.execute(_TABLE.update().where(_TABLE.c.id == session_id).values(changes))
    touch(connection, writer, session_id)


def touch(connection: sa.Connection, writer: Writer, session_id: str) -> None:
    """Give a sign of life."""
    connection.execute(_TABLE.update().where(_TABLE.c.id == session_id).values(seen_at=writer.now))


def finish(
    connection: sa.Connection, writer: Writer, session_id: str, summary: SessionSummary, status: EndStatus
) -> Session:
    """End a session; one that is over already stays as it is.

    What was done counts for the limits, so amounts never become less than what was saved on the way.
    """
    row = _row(connection, session_id, to_write=True)
    if row["status"] not in {"running", "interrupted"}:
        return to_session(row, writer.now)
    changes: dict[str, Any] = {
        "status": status,
        "ended_at": writer.now,
        "seen_at": writer.now,
        "duration_s": finite(summary.t_s),
        "summary": summary.summary,
        "held_s": _most(row["held_s"], finite_all(summary.held_s)),
        "rolled_s": max(row["rolled_s"], finite(summary.rolled_s)),
        "repetitions": max(row["repetitions"], summary.repetitions),
        "snapshot": row["snapshot"] if status == "interrupted" else {},
        "stop_rule_ids": list(summary.stop_rule_ids),
    }
    if summary.pain_kinds:
        changes["pain_kinds"] = list(summary.pain_kinds)
    for name in ("pain_during", "signal"):
        if (value := getattr(summary, name)) is not None:
            changes[name] = value
    connection.execute(_TABLE.update().where(_TABLE.c.id == session_id).values(changes))
    save_results(connection, session_id, summary.sets, summary.measurements, writer.now)
    if row["mode"] != "demo":
        _note_signs(connection, writer, session_id, summary.stop_rule_ids)
    return load(connection, session_id, writer.now)


def _note_signs(connection: sa.Connection, writer: Writer, session_id: str, rule_ids: Sequence[str]) -> None:
    """Date stop signs by when they were told: a session may have begun before a clearance."""
    for rule_id in rule_ids:
        if rule_id in SIGNS:
            sign = tables.note.insert().values(
                id=new_id(),
                seq=next_seq(connection),
                person_id=writer.person_id,
                session_id=session_id,
                at=writer.now,
                kind=rule_id,
                utc_offset_min=local_offset_min(),
            )
            connection.execute(sign)


def _most(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    return {side: max(first.get(side, 0.0), second.get(side, 0.0)) for side in (*first, *second)}


def save_results(
    connection: sa.Connection,
    session_id: str,
    sets: Sequence[ExerciseSet],
    measurements: Sequence[Measurement],
    now: datetime,
) -> None:
    """Write the sets and the measured values of a session in place of those before."""
    for table in (tables.exercise_set, tables.measurement):
        connection.execute(table.delete().where(table.c.session_id == session_id))
    set_rows, value_rows = make_result_rows(session_id, sets, measurements, now)
    if set_rows:
        connection.execute(tables.exercise_set.insert(), set_rows)
    if value_rows:
        connection.execute(tables.measurement.insert(), value_rows)


def make_result_rows(
    session_id: str, sets: Sequence[ExerciseSet], measurements: Sequence[Measurement], now: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of the sets and of the measured values of a session."""
    set_rows = [
        to_row(
            one,
            tables.exercise_set,
            session_id=session_id,
            idx=idx,
            started_s=finite(one.started_s),
            ended_s=finite(one.ended_s),
            held_s=finite(one.held_s),
            rolled_s=finite(one.rolled_s),
        )
        for idx, one in enumerate(sets)
    ]
    value_rows = [
        to_row(
            one,
            tables.measurement,
            session_id=session_id,
            idx=idx,
            measured_at=one.measured_at or now,
            repeats_deg=[finite(reading) for reading in one.repeats_deg],
        )
        for idx, one in enumerate(measurements)
    ]
    return set_rows, value_rows


def set_status(connection: sa.Connection, writer: Writer, session_id: str, status: EndStatus) -> None:
    """Change the status of a session that is not over."""
    row = _row(connection, session_id, to_write=True)
    if row["status"] not in {"running", "interrupted"}:
        return
    changes: dict[str, Any] = {"status": status}
    if status != "interrupted":
        changes["ended_at"] = writer.now
    connection.execute(_TABLE.update().where(_TABLE.c.id == session_id).values(changes))


def save_after(connection: sa.Connection, writer: Writer, session_id: str, after: SessionAfter) -> Session:
    """Add what the person said after a session."""
    row = to_row(after, _TABLE)
    changes = {name: value for name, value in row.items() if value is not None}
    _row(connection, session_id)
    if changes:
        connection.execute(_TABLE.update().where(_TABLE.c.id == session_id).values(changes))
    return load(connection, session_id, writer.now)
