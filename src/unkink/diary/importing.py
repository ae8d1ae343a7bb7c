"""Bring back what was exported, so that nothing is lost and no lock is opened by it.

In: an open transaction and plain data from outside. Out: rows. What is here stays as it is. A diary that
held nothing becomes that of the file, numbers and all, so that every verdict is the same. One that held
something gets the new entries in between its own, by time; but what could open something (a clearance, an
answer to a referral, a newer round of questions, a check-in) only comes along: it is kept and opens nothing
here, whatever its dates and numbers say. Next file: :mod:`unkink.diary.history`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
import sqlalchemy.exc as sa_exc

from unkink.diary import sessions, tables
from unkink.diary.engine import next_seq
from unkink.diary.exporting import FORMAT, SINCE_2, VERSION, Export
from unkink.diary.import_checks import check_values, import_error, is_recording_name
from unkink.diary.records import Imported, Note, Pop, SessionDetails
from unkink.diary.rows import to_row
from unkink.errors import ContractError

_OPENING: tuple[sa.Table, ...] = (
    tables.screening,
    tables.clearance,
    tables.check_in,
    tables.referral_answer,
)
"""What could open something; it comes along to a diary that holds something."""


_N_AT_ONCE = 200
"""Sessions that are written together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated:
    """A row in the diary's order of writing."""

    table: sa.Table
    id: str
    seq: int
    at: datetime
    record: Any = None


def decode(data: Mapping[str, Any]) -> Export:
    """Check an export from outside; what is wrong is told by its place, never by its content.

    Raises
    ------
    ExchangeError
        ``import-not-a-diary``, ``import-newer``, ``import-damaged``.
    """
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise import_error(code="import-not-a-diary")
    version = data.get("version")
    if isinstance(version, int) and version > VERSION:
        raise import_error(code="import-newer")
    missing = [] if version == 1 else [name for name in SINCE_2 if name not in data]
    if missing:
        raise import_error(code="import-damaged", where=f"$.{missing[0]}")
    export: Export | None = None
    where = "$"
    try:
        export = msgspec.convert(dict(data), Export)
    except msgspec.ValidationError as exc:
        found = re.search(r"`(\$[^`]*)`", str(exc))
        where = found[1] if found else where
    if export is None:
        raise import_error(code="import-damaged", where=where)
    check_values(export)
    return export


def _present(connection: sa.Connection, person_id: str) -> list[_Dated]:
    """Return what is here. Sessions of the demonstration person are nobody's."""
    rows = [
        _Dated(table=table, id=row.id, seq=row.seq, at=row.at)
        for table in tables.DATED
        for row in connection.execute(
            sa.select(table.c.id, table.c.seq, table.c[tables.TIMES[table.name]].label("at")).where(
                table.c.person_id == person_id
            )
        )
    ]
    return sorted(rows, key=lambda row: row.seq)


def _holds_something(connection: sa.Connection, person_id: str, present: list[_Dated]) -> bool:
    """Whether there is anything in the diary that could lock, limit or be opened."""
    if any(row.table is not tables.session for row in present):
        return True
    session = tables.session.c
    real = sa.select(session.id).where(session.person_id == person_id, session.mode != "demo").limit(1)
    return connection.execute(real).first() is not None


def _incoming(export: Export, present: list[_Dated]) -> list[_Dated]:
    """Return the rows of an export that are not here, in its order."""
    parts: tuple[tuple[sa.Table, Sequence[Any]], ...] = (
        (tables.screening, export.screenings),
        (tables.clearance, export.clearances),
        (tables.check_in, export.check_ins),
        (tables.session, export.sessions),
        (tables.pop, export.pops),
        (tables.review, export.reviews),
        (tables.note, export.notes),
        (tables.referral_answer, export.referral_answers),
    )
    here = {(row.table.name, row.id) for row in present}
    rows: list[_Dated] = []
    for table, records in parts:
        for record in records:
            head = record.session if isinstance(record, SessionDetails) else record
            if (table.name, head.id) not in here:
                at = getattr(head, tables.TIMES[table.name])
                rows.append(_Dated(table=table, id=head.id, seq=head.seq, at=at, record=record))
    # Sessions before what belongs to them, where two have one number.
    return sorted(rows, key=lambda row: (row.seq, row.table is not tables.session))


def _insert(connection: sa.Connection, person_id: str, row: _Dated, seq: int, **more: Any) -> None:
    record = row.record
    if isinstance(record, Pop | Note) and record.session_id is not None:
        is_known = sa.select(tables.session.c.id).where(tables.session.c.id == record.session_id)
        more["session_id"] = connection.execute(is_known).scalar()
    values = to_row(record, row.table, person_id=person_id, seq=seq, **more)
    connection.execute(row.table.insert().values(values))


def _insert_sessions(
    connection: sa.Connection, person_id: str, found: Sequence[tuple[int, SessionDetails]]
) -> None:
    """Insert sessions with all that belongs to them, many rows at once."""
    for first in range(0, len(found), _N_AT_ONCE):
        rows: dict[sa.Table, list[dict[str, Any]]] = {}
        for seq, details in found[first : first + _N_AT_ONCE]:
            session = details.session
            head = to_row(
                session,
                tables.session,
                person_id=person_id,
                seq=seq,
                status="interrupted" if session.status == "running" else session.status,
                owner="",
                seen_at=session.ended_at or session.started_at,
            )
            sets, values = sessions.make_result_rows(
                session.id, details.sets, details.measurements, session.started_at
            )
            rows.setdefault(tables.session, []).append(head)
            rows.setdefault(tables.exercise_set, []).extend(sets)
            rows.setdefault(tables.measurement, []).extend(values)
            rows.setdefault(tables.session_event, []).extend(
                sessions.make_event_rows(session.id, details.events)
            )
        for table, some in rows.items():
            if some:
                connection.execute(table.insert(), some)


def _merge(present: list[_Dated], incoming: list[_Dated]) -> list[_Dated]:
    """Put two orders of writing into one; the clock says only how they interleave, not their order."""
    merged: list[_Dated] = []
    rest = list(reversed(incoming))
    for row in present:
        while rest and rest[-1].at < row.at:
            merged.append(rest.pop())
        merged.append(row)
    return merged + rest[::-1]


def _renumber(connection: sa.Connection, order: list[_Dated]) -> None:
    first = next_seq(connection, len(order))
    rows: dict[str, list[dict[str, Any]]] = {}
    for seq, row in enumerate(order, first):
        rows.setdefault(row.table.name, []).append({"row_id": row.id, "new_seq": seq})
    for name, changes in rows.items():
        table = tables.metadata.tables[name]
        is_it = table.c.id == sa.bindparam("row_id")
        connection.execute(table.update().where(is_it).values(seq=sa.bindparam("new_seq")), changes)


def _import_rest(connection: sa.Connection, person_id: str, export: Export, new_ids: set[str]) -> None:
    """Take in what has no place in the order: settings, a draft, recordings."""
    here = set(
        connection.execute(
            sa.select(tables.setting.c.key).where(tables.setting.c.person_id == person_id)
        ).scalars()
    )
    for key, value in export.settings.items():
        if key not in here:
            connection.execute(tables.setting.insert().values(person_id=person_id, key=key, value=value))
    draft = export.screening_draft
    mine = tables.screening_draft.c.person_id == person_id
    has_draft = connection.execute(sa.select(tables.screening_draft.c.person_id).where(mine)).first()
    if draft is not None and has_draft is None:
        row = to_row(
            draft,
            tables.screening_draft,
            person_id=person_id,
            saved_at=draft.saved_at or export.exported_at,
        )
        connection.execute(tables.screening_draft.insert().values(row))
    for recording in export.recordings:
        if recording.session_id in new_ids and is_recording_name(recording.path):
            new_ids.discard(recording.session_id)
            row = to_row(recording, tables.recording, started_at=recording.started_at or export.exported_at)
            connection.execute(tables.recording.insert().values(row))


def import_all(connection: sa.Connection, person_id: str, data: Mapping[str, Any]) -> Imported:
    """Take in an export, all or nothing.

    Raises
    ------
    ExchangeError
        See :func:`decode`.
    """
    export = decode(data)
    present = _present(connection, person_id)
    incoming = _incoming(export, present)
    is_held = _holds_something(connection, person_id, present)
    came = [row for row in incoming if is_held and row.table in _OPENING]
    is_damaged = False
    try:
        if not present:
            person_id = _become(connection, person_id, export)
        seq = next_seq(connection, len(incoming))
        highest = max((row.seq for row in incoming), default=0)
        if not present and highest:
            # An empty diary takes the numbers as they are: what was exported is what is there again.
            next_seq(connection, highest)
        numbered = [(seq + idx if present else row.seq, row) for idx, row in enumerate(incoming)]
        # before what may belong to them
        _insert_sessions(
            connection,
            person_id,
            [(number, row.record) for number, row in numbered if row.table is tables.session],
        )
        for number, row in numbered:
            if row.table is tables.session:
                continue
            marks = {"came_along": True} if is_held and row.table in _OPENING else {}
            _insert(connection, person_id, row, number, **marks)
        if present and incoming:
            _renumber(connection, _merge(present, incoming))
        new_sessions = {row.id for row in incoming if row.table is tables.session}
        _import_rest(connection, person_id, export, new_sessions)
    except (ContractError, sa_exc.StatementError, OverflowError) as exc:
        if isinstance(exc, sa_exc.OperationalError):
            raise  # the disk or the lock, not the file
        is_damaged = True
    if is_damaged:
        raise import_error(code="import-damaged")
    silent = (tables.clearance, tables.referral_answer)
    return Imported(n_new=len(incoming), n_came_along=sum(row.table in silent for row in came))


def _become(connection: sa.Connection, person_id: str, export: Export) -> str:
    """Let an empty diary be that of the exported person."""
    person, table = export.person, tables.person
    taken = connection.execute(sa.select(table.c.id).where(table.c.id == person.id)).first()
    if person_id != person.id and taken is None:
        row = to_row(person, table, seq=next_seq(connection))
        connection.execute(table.insert().values(row))
        for one in (tables.setting, tables.screening_draft):
            connection.execute(one.update().where(one.c.person_id == person_id).values(person_id=person.id))
        connection.execute(table.delete().where(table.c.id == person_id))
        return person.id
    return person_id
