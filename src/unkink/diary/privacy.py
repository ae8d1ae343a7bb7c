"""What belongs to the person: take everything along, bring it back, erase it.

In: an open store. Out: plain data and files; or nothing left. An export is complete and can be read without
Unkink. Next file: :mod:`unkink.diary.recordings`.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import sqlalchemy.exc as sa_exc

from unkink.diary import backups, sessions, tables
from unkink.diary.engine import BUSY_S, Store, next_seq
from unkink.diary.problems import Translated, store_error
from unkink.diary.records import (
    CheckIn,
    Clearance,
    Erased,
    Person,
    Pop,
    Recording,
    Screening,
    ScreeningDraft,
    SessionDetails,
)
from unkink.diary.rows import from_row, to_row
from unkink.errors import ContractError, ExchangeError

FORMAT = "unkink-diary"
VERSION = 1

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.parquet")


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


def is_recording_name(name: str) -> bool:
    """Whether a name is that of a file right in the recordings folder."""
    return _FILE_NAME.fullmatch(name) is not None and ".." not in name


def _all(connection: sa.Connection, kind: type[Any], table: sa.Table, person_id: str) -> tuple[Any, ...]:
    query = sa.select(table).where(table.c.person_id == person_id)
    if "seq" in table.c:
        query = query.order_by(table.c.seq)
    return tuple(from_row(kind, row) for row in connection.execute(query).mappings())


def export_all(connection: sa.Connection, person_id: str, now: datetime) -> dict[str, Any]:
    """Return a diary as plain data: only what JSON has."""
    session, recording = tables.session, tables.recording
    person = connection.execute(sa.select(tables.person).where(tables.person.c.id == person_id))
    settings = connection.execute(
        sa.select(tables.setting.c.key, tables.setting.c.value)
        .where(tables.setting.c.person_id == person_id)
        .order_by(tables.setting.c.key)
    )
    ids = connection.execute(
        sa.select(session.c.id).where(session.c.person_id == person_id).order_by(session.c.seq)
    ).scalars()
    details = [sessions.load_details(connection, session_id, now) for session_id in ids]
    files = connection.execute(
        sa.select(recording)
        .join(session, session.c.id == recording.c.session_id)
        .where(session.c.person_id == person_id)
        .order_by(session.c.seq)
    )
    export = Export(
        format=FORMAT,
        version=VERSION,
        exported_at=now,
        person=from_row(Person, person.mappings().one()),
        settings={row.key: row.value for row in settings},
        screening_draft=next(iter(_all(connection, ScreeningDraft, tables.screening_draft, person_id)), None),
        screenings=_all(connection, Screening, tables.screening, person_id),
        clearances=_all(connection, Clearance, tables.clearance, person_id),
        check_ins=_all(connection, CheckIn, tables.check_in, person_id),
        sessions=tuple(d for d in details if d is not None),
        pops=_all(connection, Pop, tables.pop, person_id),
        recordings=tuple(from_row(Recording, row) for row in files.mappings()),
    )
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(export))
    return plain


# -------------------------------------------------------------------------------------------------- import


def _import_error(code: str, where: str = "$") -> ExchangeError:
    return ExchangeError(code, f"store.{code}", params={"where": where})


def _decode(data: Mapping[str, Any]) -> Export:
    """Check an export from outside; what is wrong is told by its place, never by its content."""
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise _import_error(code="import-not-a-diary")
    version = data.get("version")
    if isinstance(version, int) and version > VERSION:
        raise _import_error(code="import-newer")
    export: Export | None = None
    where = "$"
    try:
        export = msgspec.convert(dict(data), Export)
    except msgspec.ValidationError as exc:
        found = re.search(r"`(\$[^`]*)`", str(exc))
        where = found[1] if found else where
    if export is None:
        raise _import_error(code="import-damaged", where=where)
    if not all(is_recording_name(one.path) for one in export.recordings):
        raise _import_error(code="import-damaged", where="$.recordings")
    return export


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated:
    """A row in the diary's order of writing."""

    table: sa.Table
    id: str
    seq: int
    at: datetime
    record: Any = None


_TIME: dict[str, str] = {
    "screening": "answered_at",
    "clearance": "saved_at",
    "check_in": "at",
    "session": "started_at",
    "pop": "at",
}


def _present(connection: sa.Connection, person_id: str) -> list[_Dated]:
    rows = [
        _Dated(table=table, id=row.id, seq=row.seq, at=row.at)
        for name, time_name in _TIME.items()
        for table in [tables.metadata.tables[name]]
        for row in connection.execute(
            sa.select(table.c.id, table.c.seq, table.c[time_name].label("at")).where(
                table.c.person_id == person_id
            )
        )
    ]
    return sorted(rows, key=lambda row: row.seq)


def _incoming(export: Export, known: set[str]) -> list[_Dated]:
    """Rows of an export that are not here, in its order; the pops last, they belong to sessions."""
    parts: tuple[tuple[sa.Table, Sequence[Any]], ...] = (
        (tables.screening, export.screenings),
        (tables.clearance, export.clearances),
        (tables.check_in, export.check_ins),
        (tables.session, export.sessions),
        (tables.pop, export.pops),
    )
    rows: list[_Dated] = []
    for table, records in parts:
        for record in records:
            head = record.session if isinstance(record, SessionDetails) else record
            at = getattr(head, _TIME[table.name])
            if at is None or at.tzinfo is None or not head.id:
                raise _import_error(code="import-damaged", where=f"$.{table.name}")
            if head.id not in known:
                known.add(head.id)
                rows.append(_Dated(table=table, id=head.id, seq=head.seq, at=at, record=record))
    return sorted(rows, key=lambda row: row.seq)


def _insert(connection: sa.Connection, person_id: str, row: _Dated, seq: int) -> None:
    record = row.record
    if not isinstance(record, SessionDetails):
        more: dict[str, Any] = {}
        if isinstance(record, Pop) and record.session_id is not None:
            is_known = sa.select(tables.session.c.id).where(tables.session.c.id == record.session_id)
            more["session_id"] = connection.execute(is_known).scalar()
        connection.execute(
            row.table.insert().values(to_row(record, row.table, person_id=person_id, seq=seq, **more))
        )
        return
    session = record.session
    status = "interrupted" if session.status == "running" else session.status
    head = to_row(
        session,
        tables.session,
        person_id=person_id,
        seq=seq,
        status=status,
        owner="",
        seen_at=session.ended_at or session.started_at,
    )
    connection.execute(tables.session.insert().values(head))
    sessions.save_results(connection, session.id, record.sets, record.measurements, session.started_at)
    sessions.append(connection, session.id, record.events, 0)


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
    for seq, row in enumerate(order, first):
        connection.execute(row.table.update().where(row.table.c.id == row.id).values(seq=seq))


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
        if recording.session_id in new_ids:
            new_ids.discard(recording.session_id)
            row = to_row(recording, tables.recording, started_at=recording.started_at or export.exported_at)
            connection.execute(tables.recording.insert().values(row))


def import_all(connection: sa.Connection, person_id: str, data: Mapping[str, Any]) -> int:
    """Take in an export, all or nothing; return how many entries are new."""
    export = _decode(data)
    present = _present(connection, person_id)
    incoming = _incoming(export, {row.id for row in present})
    is_damaged = False
    try:
        if not present:
            person_id = _become(connection, person_id, export)
        seq = next_seq(connection, len(incoming))
        highest = max((row.seq for row in incoming), default=0)
        if not present and highest:
            # An empty diary takes the numbers as they are: what was exported is what is there again.
            next_seq(connection, highest)
        for idx, row in enumerate(incoming):
            _insert(connection, person_id, row, seq + idx if present else row.seq)
        if present and incoming:
            _renumber(connection, _merge(present, incoming))
        _import_rest(connection, person_id, export, {row.id for row in incoming})
    except (ContractError, sa_exc.StatementError, OverflowError) as exc:
        if isinstance(exc, sa_exc.OperationalError):
            raise  # the disk or the lock, not the file
        is_damaged = True
    if is_damaged:
        raise _import_error(code="import-damaged")
    return len(incoming)


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


# --------------------------------------------------------------------------------------------------- erase


def delete_session(store: Store, recordings_dir: Path, session_id: str) -> bool:
    """Delete a session with its recording; return whether there was one."""
    with store.write() as connection:
        path = connection.execute(
            sa.select(tables.recording.c.path).where(tables.recording.c.session_id == session_id)
        ).scalar()
        found = connection.execute(tables.session.delete().where(tables.session.c.id == session_id))
    # The name is also tried when it is not listed: a crash comes before the listing.
    for name in {path, f"{session_id}.parquet"} - {None}:
        if name is not None and is_recording_name(name):
            with Translated(recordings_dir / name):
                (recordings_dir / name).unlink(missing_ok=True)
                (recordings_dir / f"{name}.part").unlink(missing_ok=True)
    if store.path is not None:
        _fold_log(store, patience_s=0.0)
    return found.rowcount > 0


def _fold_log(store: Store, *, patience_s: float) -> bool:
    """Fold the log into the file and empty it; True when it is empty."""
    deadline = time.monotonic() + patience_s
    with store.alone(), Translated(store.path), closing(store.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        while True:
            # Busy: somebody still reads what is in the log.
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy or time.monotonic() >= deadline:
                return not busy
            time.sleep(0.05)


def _compact(store: Store) -> None:
    """Write the file anew, so that nothing of what was deleted is left in it."""
    with store.alone(), Translated(store.path), closing(store.engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM")
    if not _fold_log(store, patience_s=2 * BUSY_S):
        raise store_error(code="store-locked", path=str(store.path))


def _compact_server(store: Store) -> None:
    with Translated(None), store.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in tables.metadata.sorted_tables:
            alone.exec_driver_sql(f'VACUUM FULL "{table.name}"')


def erase_all(store: Store, recordings_dir: Path, person_id: str) -> Erased:
    """Erase a person: rows, log, copies and recordings; nothing of the other people in the same database."""
    session, recording = tables.session, tables.recording
    mine = session.c.person_id == person_id
    with store.write() as connection:
        n_sessions = connection.execute(
            sa.select(sa.func.count()).select_from(session).where(mine)
        ).scalar_one()
        names = list(
            connection.execute(
                sa.select(recording.c.path).join(session, session.c.id == recording.c.session_id).where(mine)
            ).scalars()
        )
        connection.execute(tables.person.delete().where(tables.person.c.id == person_id))
        others = connection.execute(sa.select(sa.func.count()).select_from(tables.person)).scalar_one()
    n_recordings = _erase_recordings(recordings_dir, names, everything=others == 0)
    n_backups = 0
    if store.path is None:
        _compact_server(store)
    else:
        with Translated(store.path):
            n_backups = backups.erase(store.path)
        _compact(store)
    return Erased(n_sessions=n_sessions, n_recordings=n_recordings, n_backups=n_backups)


def _erase_recordings(folder: Path, names: Sequence[str], *, everything: bool) -> int:
    with Translated(folder):
        if not folder.is_dir():
            return 0
        if everything and not folder.is_symlink():
            count = len([p for p in folder.iterdir() if p.suffix == ".parquet"])
            shutil.rmtree(folder)
            return count
        for name in filter(is_recording_name, names):
            (folder / name).unlink(missing_ok=True)
            (folder / f"{name}.part").unlink(missing_ok=True)
        return len(names)
