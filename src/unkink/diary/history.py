"""What the dose and lock rules look back on, out of the tables.

In: an open transaction. Out: :class:`unkink.coach.history.History`, each part in the order in which it was
written, whatever the clock said then. Next file: :mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from unkink.coach.history import (
    History,
    PastCheckIn,
    PastClearance,
    PastNote,
    PastPop,
    PastReferralAnswer,
    PastReview,
    PastScreening,
    PastSession,
)
from unkink.diary import sessions, tables


def load_history(connection: sa.Connection, person_id: str, now: datetime) -> History:
    """Load the past of a person."""
    screenings = tuple(
        PastScreening(
            answered_at=row["answered_at"],
            tier=row["tier"],
            lock_ids=tuple(row["assessment"].get("lock_ids", ())),
            seq=row["seq"],
        )
        for row in _rows(connection, tables.screening, person_id)
    )
    return History(
        sessions=tuple(_past_sessions(connection, person_id, now)),
        check_ins=tuple(
            PastCheckIn(
                at=row["at"],
                pain_now=row["pain_now"],
                utc_offset_min=row["utc_offset_min"],
                stiffness=row["stiffness"],
                places=tuple(row["places"]),
                answers=row["answers"],
                seq=row["seq"],
            )
            for row in _rows(connection, tables.check_in, person_id)
        ),
        pops=tuple(
            PastPop(
                at=row["at"],
                deliberate=row["deliberate"],
                utc_offset_min=row["utc_offset_min"],
                region=row["region"],
            )
            for row in _rows(connection, tables.pop, person_id)
        ),
        screenings=screenings,
        clearances=tuple(
            PastClearance(
                saved_at=row["saved_at"],
                assessed_on=row["assessed_on"],
                gentle_ok=row["gentle_ok"],
                rule_ids=tuple(row["rule_ids"]),
                seq=row["seq"],
            )
            for row in _rows(connection, tables.clearance, person_id)
        ),
        reviews=_load(connection, tables.review, PastReview, person_id),
        notes=_load(connection, tables.note, PastNote, person_id),
        referral_answers=_load(connection, tables.referral_answer, PastReferralAnswer, person_id),
        last_screening_at=screenings[-1].answered_at if screenings else None,
    )


_P = TypeVar("_P", bound=msgspec.Struct)


def _load(connection: sa.Connection, table: sa.Table, kind: type[_P], person_id: str) -> tuple[_P, ...]:
    """Load a table whose columns have the names of the fields."""
    names = kind.__struct_fields__
    return tuple(kind(**{name: row[name] for name in names}) for row in _rows(connection, table, person_id))


def _rows(connection: sa.Connection, table: sa.Table, person_id: str) -> Iterator[Mapping[Any, Any]]:
    query = sa.select(table).where(table.c.person_id == person_id).order_by(table.c.seq)
    yield from connection.execute(query).mappings()


def _past_sessions(connection: sa.Connection, person_id: str, now: datetime) -> Iterator[PastSession]:
    told = _pain_told(connection, person_id)
    for session in sessions.load_for_limits(connection, person_id, now):
        scores, kinds = told.get(session.id, ((), ()))
        worst = max((s for s in (session.pain_during, *scores) if s is not None), default=None)
        yield PastSession(
            session_id=session.id,
            seq=session.seq,
            exercise_id=session.exercise_id,
            variant=session.variant,
            mode=session.mode,
            short=session.short,
            status=session.status,
            started_at=session.started_at,
            utc_offset_min=session.utc_offset_min,
            duration_s=session.duration_s,
            held_s=session.held_s,
            rolled_s=session.rolled_s,
            repetitions=session.repetitions,
            pain_before=session.pain_before,
            pain_during=worst,
            pain_after=session.pain_after,
            pain_kinds=tuple(sorted({*session.pain_kinds, *kinds})),
            settled=session.settled,
            relief=session.relief,
            signal=session.signal,
            stop_rule_ids=session.stop_rule_ids,
        )


def _pain_told(
    connection: sa.Connection, person_id: str
) -> dict[str, tuple[tuple[float, ...], tuple[str, ...]]]:
    """Pain in the events of the sessions: there even when a session broke off before it was summed up."""
    event = tables.session_event
    query = (
        sa.select(event.c.session_id, event.c.payload)
        .join(tables.session, tables.session.c.id == event.c.session_id)
        .where(event.c.kind == "pain", tables.session.c.person_id == person_id)
    )
    scores: defaultdict[str, list[float]] = defaultdict(list)
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for session_id, payload in connection.execute(query):
        if isinstance(score := payload.get("score"), (int, float)):
            scores[session_id].append(score)
        for name in ("pain", "kind"):
            if isinstance(kind := payload.get(name), str):
                kinds[session_id].append(kind)
    return {key: (tuple(scores[key]), tuple(kinds[key])) for key in {*scores, *kinds}}
