"""Everything that is kept, as one value that can be read without Unkink.

In: an open transaction. Out: :class:`Export`, every list in the order in which it was written, and plain
data of it. Next file: :mod:`unkink.diary.archive`.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from unkink.diary import sessions, tables
from unkink.diary.records import (
    CheckIn,
    Clearance,
    ExerciseSet,
    Measurement,
    Note,
    Person,
    Pop,
    Recording,
    ReferralAnswer,
    Review,
    Screening,
    ScreeningDraft,
    SessionDetails,
    SessionEvent,
)
from unkink.diary.rows import from_row

FORMAT = "unkink-diary"
VERSION = 2
"""1: without reviews, notes, answers to referrals and what is left of deleted sessions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A whole diary. Every list in the order in which it was written."""

    format: str
    version: int
    exported_at: datetime
    person: Person
    settings: dict[str, Any]
    screening_draft: ScreeningDraft | None
    screenings: tuple[Screening, ...]
    clearances: tuple[Clearance, ...]
    check_ins: tuple[CheckIn, ...]
    sessions: tuple[SessionDetails, ...]
    pops: tuple[Pop, ...]
    recordings: tuple[Recording, ...]
    reviews: tuple[Review, ...] = ()
    notes: tuple[Note, ...] = ()
    referral_answers: tuple[ReferralAnswer, ...] = ()


SINCE_2 = ("reviews", "notes", "referral_answers")
"""Parts that a file of version 1 does not have and any later one must have."""


def to_json(export: Export) -> bytes:
    """Return an export as JSON, one entry a line or more: readable by people, too."""
    return msgspec.json.format(msgspec.json.encode(export), indent=1)


def to_plain(export: Export) -> dict[str, Any]:
    """Return an export as plain data: only what JSON has."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(export))
    return plain


def load_export(connection: sa.Connection, person_id: str, now: datetime) -> Export:
    """Load a whole diary."""
    person = connection.execute(sa.select(tables.person).where(tables.person.c.id == person_id))
    settings = connection.execute(
        sa.select(tables.setting.c.key, tables.setting.c.value)
        .where(tables.setting.c.person_id == person_id)
        .order_by(tables.setting.c.key)
    )
    recordings = _load_recordings(connection, person_id)
    return Export(
        format=FORMAT,
        version=VERSION,
        exported_at=now,
        person=from_row(Person, person.mappings().one()),
        settings={row.key: row.value for row in settings},
        screening_draft=next(iter(_all(connection, ScreeningDraft, tables.screening_draft, person_id)), None),
        screenings=_all(connection, Screening, tables.screening, person_id),
        clearances=_all(connection, Clearance, tables.clearance, person_id),
        check_ins=_all(connection, CheckIn, tables.check_in, person_id),
        sessions=_load_sessions(connection, person_id, now, {r.session_id: r.path for r in recordings}),
        pops=_all(connection, Pop, tables.pop, person_id),
        recordings=recordings,
        reviews=_all(connection, Review, tables.review, person_id),
        notes=_all(connection, Note, tables.note, person_id),
        referral_answers=_all(connection, ReferralAnswer, tables.referral_answer, person_id),
    )


def _all(connection: sa.Connection, kind: type[Any], table: sa.Table, person_id: str) -> tuple[Any, ...]:
    query = sa.select(table).where(table.c.person_id == person_id)
    if "seq" in table.c:
        query = query.order_by(table.c.seq)
    return tuple(from_row(kind, row) for row in connection.execute(query).mappings())


def _load_recordings(connection: sa.Connection, person_id: str) -> tuple[Recording, ...]:
    recording, session = tables.recording, tables.session
    query = (
        sa.select(recording)
        .join(session, session.c.id == recording.c.session_id)
        .where(session.c.person_id == person_id)
        .order_by(session.c.seq)
    )
    return tuple(from_row(Recording, row) for row in connection.execute(query).mappings())


def _load_sessions(
    connection: sa.Connection, person_id: str, now: datetime, paths: dict[str, str]
) -> tuple[SessionDetails, ...]:
    """Load all sessions, deleted ones too, with a handful of queries: one each takes minutes in the end."""
    session, event = tables.session, tables.session_event
    mine = session.c.person_id == person_id
    heads = connection.execute(sa.select(session).where(mine).order_by(session.c.seq)).mappings()
    found = [sessions.to_session(row, now) for row in heads]
    sets: defaultdict[str, list[ExerciseSet]] = defaultdict(list)
    for row in connection.execute(_children(tables.exercise_set, mine)).mappings():
        sets[row["session_id"]].append(from_row(ExerciseSet, row))
    measurements: defaultdict[str, list[Measurement]] = defaultdict(list)
    for one in sessions.load_measurements(connection, mine):
        measurements[one.session_id or ""].append(one)
    events: defaultdict[str, list[SessionEvent]] = defaultdict(list)
    columns = (event.c.session_id, event.c.t_s, event.c.kind, event.c.payload)
    for row in connection.execute(_children(event, mine, *columns)):
        events[row.session_id].append(SessionEvent(t_s=row.t_s, kind=row.kind, payload=row.payload))
    return tuple(
        SessionDetails(
            session=dataclasses.replace(one, n_events=len(events[one.id])),
            sets=tuple(sets[one.id]),
            measurements=tuple(measurements[one.id]),
            events=tuple(events[one.id]),
            recording=paths.get(one.id),
        )
        for one in found
    )


def _children(table: sa.Table, mine: sa.ColumnElement[bool], *columns: sa.Column[Any]) -> sa.Select[Any]:
    session = tables.session
    return (
        sa.select(*(columns or table.c))
        .join(session, session.c.id == table.c.session_id)
        .where(mine)
        .order_by(session.c.seq, table.c.idx)
    )
