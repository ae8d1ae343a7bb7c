"""The past, kept between two looks and brought up to date by what was written since.

In: an open transaction and the past as it was kept. Out: the past as it is. Only rows that the database noted
as written are read again; wherever that might not be the whole truth (a row went, an order changed, too many
writes, a count that does not fit, a server), a part is read from the beginning. Entries that did not change
stay the same values, so that what was worked out from them stays right. Next file:
:mod:`unkink.diary.kept_measured`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from unkink.coach.history import History, PastSession
from unkink.coach.remembering import remember_some
from unkink.diary import tables
from unkink.diary.engine import Stand, read_stand
from unkink.diary.history import KINDS, Row, find_alive, load_rows
from unkink.diary.touching import GONE, find_touched, is_tracked

MOST_ROWS = 200
"""More than so many are read together with all the others."""

_FOLLOWED = frozenset({"session", "check_in", "pop", "review", "note"})
"""Parts in which a row stands where it was written, and that grow long; the others are read as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The entries of one table, in their order."""

    row_ids: tuple[str, ...] = ()
    seqs: tuple[int, ...] = ()
    entries: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPast:
    """A person's past as it was at one stand of the diary."""

    stand: Stand
    person_id: str
    is_tracked: bool
    """Whether the database notes what is written."""
    parts: Mapping[str, _Part]
    stored: History
    """As it is in the tables."""
    history: History
    """With what became of a session that runs: whether somebody still lives in it."""


def bring_up_to_date(
    connection: sa.Connection, person_id: str, now: datetime, kept: KeptPast | None
) -> KeptPast:
    """Return the past as it is now; nothing of the diary may have been read in the transaction before.

    Parameters
    ----------
    connection : Connection
    person_id : str
    now : datetime
        Aware UTC.
    kept : KeptPast or None
        As it was the last time.
    """
    stand = read_stand(connection)
    if kept is None or kept.person_id != person_id:
        kept = _load(connection, person_id, stand)
    elif kept.stand != stand:
        touched = find_touched(connection, kept.stand.n_changes, stand.n_changes) if kept.is_tracked else None
        if touched is None:
            kept = _load(connection, person_id, stand)
        else:
            kept = _follow(connection, kept, stand, touched)
    return _look_at_running(connection, kept, now)


def _load(connection: sa.Connection, person_id: str, stand: Stand) -> KeptPast:
    """Read everything."""
    parts = {kind: _to_part(load_rows(connection, person_id, kind)) for kind in KINDS}
    stored = _to_history(parts)
    return KeptPast(
        stand=stand,
        person_id=person_id,
        is_tracked=is_tracked(connection),
        parts=parts,
        stored=stored,
        history=stored,
    )


def _follow(
    connection: sa.Connection, kept: KeptPast, stand: Stand, touched: Mapping[str, Collection[str]]
) -> KeptPast:
    """Read what was written since."""
    parts = dict(kept.parts)
    person_id = kept.person_id
    for kind in KINDS:
        ids = touched.get(kind)
        if not ids:
            continue
        part = None
        if kind in _FOLLOWED and GONE not in ids and len(ids) <= MOST_ROWS:
            part = _merge(parts[kind], load_rows(connection, person_id, kind, ids), ids)
        if part is None:
            part = _keep_same(parts[kind], _to_part(load_rows(connection, person_id, kind)))
        parts[kind] = part
    if any(len(parts[kind].row_ids) != n for kind, n in _count(connection, person_id).items()):
        return _load(connection, person_id, stand)
    is_same = all(parts[kind] is kept.parts[kind] for kind in KINDS)
    stored = kept.stored if is_same else _to_history(parts)
    return KeptPast(
        stand=stand,
        person_id=person_id,
        is_tracked=True,
        parts=parts,
        stored=stored,
        history=kept.history if is_same else stored,
    )


def _merge(part: _Part, rows: list[Row], ids: Collection[str]) -> _Part | None:
    """Put rows that were written into their part; None where their place is not plain."""
    places = {row_id: idx for idx, row_id in enumerate(part.row_ids)}
    found = {row.row_id for row in rows}
    if any(row_id in places and row_id not in found for row_id in ids):
        return None  # it is not the person's any more
    row_ids, seqs, entries = list(part.row_ids), list(part.seqs), list(part.entries)
    has_changed = False
    for row in rows:
        idx = places.get(row.row_id)
        if idx is None:
            if seqs and row.seq <= seqs[-1]:
                return None
            row_ids.append(row.row_id)
            seqs.append(row.seq)
            entries.append(row.entry)
        elif seqs[idx] != row.seq:
            return None
        elif entries[idx] != row.entry:
            entries[idx] = row.entry
        else:
            continue
        has_changed = True
    if not has_changed:
        return part
    return _Part(row_ids=tuple(row_ids), seqs=tuple(seqs), entries=tuple(entries))


def _keep_same(before: _Part, part: _Part) -> _Part:
    """Take the kept values for those entries that did not change."""
    known = dict(zip(before.row_ids, before.entries, strict=True))
    entries = tuple(
        old if (old := known.get(row_id)) == entry else entry
        for row_id, entry in zip(part.row_ids, part.entries, strict=True)
    )
    if before.row_ids == part.row_ids and before.seqs == part.seqs and entries == before.entries:
        return before
    return _Part(row_ids=part.row_ids, seqs=part.seqs, entries=entries)


def _to_part(rows: list[Row]) -> _Part:
    return _Part(
        row_ids=tuple(row.row_id for row in rows),
        seqs=tuple(row.seq for row in rows),
        entries=tuple(row.entry for row in rows),
    )


def _to_history(parts: Mapping[str, _Part]) -> History:
    screenings = parts["screening"].entries
    return History(
        sessions=parts["session"].entries,
        check_ins=parts["check_in"].entries,
        pops=parts["pop"].entries,
        screenings=screenings,
        clearances=parts["clearance"].entries,
        reviews=parts["review"].entries,
        notes=parts["note"].entries,
        referral_answers=parts["referral_answer"].entries,
        last_screening_at=screenings[-1].answered_at if screenings else None,
    )


def _count(connection: sa.Connection, person_id: str) -> dict[str, int]:
    """Count the rows of the parts that are followed: whoever went unnoticed is missed here."""
    kinds = sorted(_FOLLOWED)
    counts = [
        sa.select(sa.func.count())
        .where(tables.metadata.tables[kind].c.person_id == person_id)
        .scalar_subquery()
        for kind in kinds
    ]
    return dict(zip(kinds, connection.execute(sa.select(*counts)).one(), strict=True))


@remember_some
def _choose_running(session: PastSession) -> bool:
    return session.status == "running"


def _look_at_running(connection: sa.Connection, kept: KeptPast, now: datetime) -> KeptPast:
    """Tell whether somebody still lives in a session that runs: that changes by itself."""
    stored = kept.stored.sessions
    if not _choose_running(stored):
        return kept
    alive = find_alive(connection, kept.person_id, now)
    sessions = list(kept.history.sessions)
    for idx, session in enumerate(stored):
        if session.status != "running":
            continue
        status = "running" if alive.get(session.session_id) else "interrupted"
        if sessions[idx].status != status:
            sessions[idx] = msgspec.structs.replace(session, status=status)
    if all(a is b for a, b in zip(sessions, kept.history.sessions, strict=True)):
        return kept
    history = msgspec.structs.replace(kept.stored, sessions=tuple(sessions))
    return KeptPast(
        stand=kept.stand,
        person_id=kept.person_id,
        is_tracked=kept.is_tracked,
        parts=kept.parts,
        stored=kept.stored,
        history=history,
    )
