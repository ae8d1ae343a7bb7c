"""What the dose and lock rules look back on, out of the tables.

In: an open transaction. Out: :class:`unkink.coach.history.History`, each part in the order in which it was
written, whatever the clock said then; deleted sessions too, as far as something of them is left. What an
import brought to a diary that held something opens nothing: its clearances and answers to referrals are
left out here, and its rounds of questions come before the diary's own. Next file: :mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from unkink.diary import lease, tables

_P = TypeVar("_P", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A history, and whether it stays right while nobody writes."""

    history: History
    is_lasting: bool
    """False while a session runs: whether somebody still lives in it changes by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the person told in the events of a session: there even when it broke off before its summary."""

    scores: tuple[float, ...] = ()
    pain_kinds: tuple[str, ...] = ()
    stop_rule_ids: tuple[str, ...] = ()


def load_history(connection: sa.Connection, person_id: str, now: datetime) -> Past:
    """Load the past of a person."""
    sessions, is_lasting = _past_sessions(connection, person_id, now)
    screenings = _past_screenings(connection, person_id)
    clearance, answer = tables.clearance.c, tables.referral_answer.c
    counts = sa.or_(clearance.came_along.is_(False), clearance.gentle_ok.is_(False))
    history = History(
        sessions=sessions,
        check_ins=_load(connection, tables.check_in, PastCheckIn, person_id),
        pops=_load(connection, tables.pop, PastPop, person_id),
        screenings=screenings,
        clearances=_load(connection, tables.clearance, PastClearance, person_id, counts),
        reviews=_load(connection, tables.review, PastReview, person_id),
        notes=_load(connection, tables.note, PastNote, person_id),
        referral_answers=_load(
            connection, tables.referral_answer, PastReferralAnswer, person_id, answer.came_along.is_(False)
        ),
        last_screening_at=screenings[-1].answered_at if screenings else None,
    )
    return Past(history=history, is_lasting=is_lasting)


def _select(
    connection: sa.Connection, table: sa.Table, names: Iterable[str], person_id: str, *where: Any
) -> Sequence[Sequence[Any]]:
    columns = [table.c[name] for name in names]
    query = sa.select(*columns).where(table.c.person_id == person_id, *where).order_by(table.c.seq)
    return connection.execute(query).fetchall()  # type: ignore[return-value]


def _load(
    connection: sa.Connection, table: sa.Table, kind: type[_P], person_id: str, *where: Any
) -> tuple[_P, ...]:
    """Load a table whose columns have the names of the fields; the lists of JSON become tuples."""
    names = kind.__struct_fields__
    lists = [name for name in names if isinstance(table.c[name].type, sa.JSON) and _is_tuple(kind, name)]
    found: list[_P] = []
    for row in _select(connection, table, names, person_id, *where):
        values = dict(zip(names, row, strict=True))
        for name in lists:
            values[name] = tuple(values[name])
        found.append(kind(**values))
    return tuple(found)


def _is_tuple(kind: type[msgspec.Struct], name: str) -> bool:
    return str(kind.__annotations__.get(name, "")).startswith("tuple")


def _past_screenings(connection: sa.Connection, person_id: str) -> tuple[PastScreening, ...]:
    """Load rounds of questions; the last of them is the diary's own, if it has any."""
    names = ("came_along", "answered_at", "tier", "assessment", "seq")
    rows = _select(connection, tables.screening, names, person_id)
    return tuple(
        PastScreening(answered_at=at, tier=tier, lock_ids=tuple(assessment.get("lock_ids", ())), seq=seq)
        for _, at, tier, assessment, seq in sorted(rows, key=lambda row: (not row[0], row[-1]))
    )


_SESSION = (
    "exercise_id",
    "started_at",
    "utc_offset_min",
    "variant",
    "mode",
    "short",
    "status",
    "duration_s",
    "held_s",
    "rolled_s",
    "repetitions",
    "pain_before",
    "pain_during",
    "pain_after",
    "pain_kinds",
    "settled",
    "relief",
    "signal",
    "stop_rule_ids",
    "seq",
)


def _past_sessions(
    connection: sa.Connection, person_id: str, now: datetime
) -> tuple[tuple[PastSession, ...], bool]:
    """Load what limits look at of all sessions: without plans, snapshots and summaries."""
    table = tables.session
    told = load_told(connection, table.c.person_id == person_id)
    alive = _find_alive(connection, person_id, now)
    columns = (table.c.id, table.c.deleted_at.is_not(None), *(table.c[name] for name in _SESSION))
    query = sa.select(*columns).where(table.c.person_id == person_id).order_by(table.c.seq)
    found: list[PastSession] = []
    for row in connection.execute(query).fetchall():
        session_id, is_deleted, *rest = tuple(row)
        values: dict[str, Any] = dict(zip(_SESSION, rest, strict=True))
        if session_id in alive:
            values["status"] = "running" if alive[session_id] else "interrupted"
        if session_id in told:
            values.update(merge_told(values, told[session_id]))
        else:
            values["pain_kinds"] = tuple(sorted(values["pain_kinds"]))
            values["stop_rule_ids"] = tuple(values["stop_rule_ids"])
        found.append(PastSession(session_id=session_id, is_deleted=bool(is_deleted), **values))
    return tuple(found), not alive


def _find_alive(connection: sa.Connection, person_id: str, now: datetime) -> dict[str, bool]:
    """Tell of sessions that run whether somebody still lives in them."""
    session = tables.session.c
    query = sa.select(session.id, session.owner, session.seen_at)
    rows = connection.execute(query.where(session.person_id == person_id, session.status == "running"))
    return {row.id: lease.is_alive(row.owner, row.seen_at, now) for row in rows}


def merge_told(session: dict[str, Any], told: Told) -> dict[str, Any]:
    """Return worst pain, kinds of pain and stop signs of a session, by its row and its events."""
    worst, kinds, stops = session["pain_during"], session["pain_kinds"], session["stop_rule_ids"]
    return {
        "pain_during": max((s for s in (worst, *told.scores) if s is not None), default=None),
        "pain_kinds": tuple(sorted({*kinds, *told.pain_kinds})),
        "stop_rule_ids": tuple(dict.fromkeys((*stops, *told.stop_rule_ids))),
    }


def load_told(connection: sa.Connection, is_wanted: sa.ColumnElement[bool]) -> dict[str, Told]:
    """Load what was told in sessions, by their id.

    Parameters
    ----------
    connection : Connection
    is_wanted : condition
        On the table ``session``.
    """
    event, session = tables.session_event.c, tables.session
    query = (
        sa.select(event.session_id, event.kind, event.payload)
        .join(session, session.c.id == event.session_id)
        .where(tables.IS_TOLD, is_wanted)
        .order_by(event.session_id, event.idx)
    )
    scores: defaultdict[str, list[float]] = defaultdict(list)
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    stops: defaultdict[str, list[str]] = defaultdict(list)
    for session_id, what, payload in connection.execute(query):
        if what == "symptom":
            if isinstance(rule_id := payload.get("rule_id"), str):
                stops[session_id].append(rule_id)
            continue
        if isinstance(score := payload.get("score"), (int, float)):
            scores[session_id].append(score)
        for name in ("pain", "kind"):
            if isinstance(kind := payload.get(name), str):
                kinds[session_id].append(kind)
    return {
        key: Told(scores=tuple(scores[key]), pain_kinds=tuple(kinds[key]), stop_rule_ids=tuple(stops[key]))
        for key in {*scores, *kinds, *stops}
    }
