"""What the dose and lock rules look back on, out of the tables.

In: an open transaction. Out: the entries of one table as :class:`unkink.coach.history.History` has them, in
the order in which they were written, whatever the clock said then; deleted sessions too, as far as something
of them is left. What an import brought to a diary that held something opens nothing: its clearances and
answers to referrals are left out here, and its rounds of questions come before the diary's own. Next file:
:mod:`unkink.diary.kept_past`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from unkink.coach.history import (
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

KINDS: Mapping[str, type[msgspec.Struct]] = {
    "session": PastSession,
    "check_in": PastCheckIn,
    "pop": PastPop,
    "screening": PastScreening,
    "clearance": PastClearance,
    "review": PastReview,
    "note": PastNote,
    "referral_answer": PastReferralAnswer,
}
"""What is looked back on, by the name of its table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry with its place in the diary."""

    row_id: str
    seq: int
    entry: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the person told in the events of a session: there even when it broke off before its summary."""

    scores: tuple[float, ...] = ()
    pain_kinds: tuple[str, ...] = ()
    stop_rule_ids: tuple[str, ...] = ()


def load_rows(
    connection: sa.Connection, person_id: str, kind: str, ids: Collection[str] | None = None
) -> list[Row]:
    """Load the entries of one table, in their order.

    Parameters
    ----------
    connection : Connection
    person_id : str
    kind : str
        One of :data:`KINDS`.
    ids : collection of str or None
        Only these; None: all.
    """
    if kind == "screening":
        return _load_screenings(connection, person_id, ids)
    if kind == "session":
        return _load_sessions(connection, person_id, ids)
    table, entry, where = tables.metadata.tables[kind], KINDS[kind], []
    # What an import brought along opens nothing.
    if kind == "clearance":
        where = [sa.or_(table.c.came_along.is_(False), table.c.gentle_ok.is_(False))]
    elif kind == "referral_answer":
        where = [table.c.came_along.is_(False)]
    names = entry.__struct_fields__
    lists = [name for name in names if isinstance(table.c[name].type, sa.JSON) and _is_tuple(entry, name)]
    found: list[Row] = []
    for row_id, seq, *rest in _select(connection, table, names, person_id, ids, *where):
        values = dict(zip(names, rest, strict=True))
        for name in lists:
            values[name] = tuple(values[name])
        found.append(Row(row_id=row_id, seq=seq, entry=entry(**values)))
    return found


def _select(
    connection: sa.Connection,
    table: sa.Table,
    names: Iterable[str],
    person_id: str,
    ids: Collection[str] | None,
    *where: Any,
) -> Sequence[Sequence[Any]]:
    columns = [table.c.id, table.c.seq, *(table.c[name] for name in names)]
    wanted = [table.c.person_id == person_id, *where]
    if ids is not None:
        wanted.append(table.c.id.in_(sorted(ids)))
    query = sa.select(*columns).where(*wanted).order_by(table.c.seq)
    return connection.execute(query).fetchall()  # type: ignore[return-value]


def _is_tuple(kind: type[msgspec.Struct], name: str) -> bool:
    return str(kind.__annotations__.get(name, "")).startswith("tuple")


def _load_screenings(connection: sa.Connection, person_id: str, ids: Collection[str] | None) -> list[Row]:
    """Load rounds of questions; the last of them is the diary's own, if it has any."""
    names = ("came_along", "answered_at", "tier", "assessment")
    rows = _select(connection, tables.screening, names, person_id, ids)
    return [
        Row(
            row_id=row_id,
            seq=seq,
            entry=PastScreening(
                answered_at=at, tier=tier, lock_ids=tuple(assessment.get("lock_ids", ())), seq=seq
            ),
        )
        for row_id, seq, _, at, tier, assessment in sorted(rows, key=lambda row: (not row[2], row[1]))
    ]


_SESSION = tuple(
    name for name in PastSession.__struct_fields__ if name not in {"session_id", "is_deleted", "seq"}
)


def _load_sessions(connection: sa.Connection, person_id: str, ids: Collection[str] | None) -> list[Row]:
    """Load what limits look at of all sessions: without plans, snapshots and summaries."""
    session = tables.session.c
    is_wanted = session.person_id == person_id
    if ids is not None:
        is_wanted = sa.and_(is_wanted, session.id.in_(sorted(ids)))
    told = load_told(connection, is_wanted)
    found: list[Row] = []
    for row in _select(connection, tables.session, ("deleted_at", *_SESSION), person_id, ids):
        session_id, seq, deleted_at, *rest = tuple(row)
        values: dict[str, Any] = dict(zip(_SESSION, rest, strict=True))
        if session_id in told:
            values.update(merge_told(values, told[session_id]))
        else:
            values["pain_kinds"] = tuple(sorted(values["pain_kinds"]))
            values["stop_rule_ids"] = tuple(values["stop_rule_ids"])
        entry = PastSession(session_id=session_id, is_deleted=deleted_at is not None, seq=seq, **values)
        found.append(Row(row_id=session_id, seq=seq, entry=entry))
    return found


def find_alive(connection: sa.Connection, person_id: str, now: datetime) -> dict[str, bool]:
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
