"""An open diary of one person: whose it is, its clock, its settings.

In: an open store. Out: :class:`OpenDiary`, on which the areas of the diary stand. Next file:
:mod:`unkink.diary.answers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import sqlalchemy as sa

from unkink.diary import lease, tables
from unkink.diary.engine import Store, next_seq
from unkink.diary.records import Person
from unkink.diary.rows import from_row, local_offset_min, new_id, to_row
from unkink.errors import ContractError

R = TypeVar("R")


def utc_now() -> datetime:
    """Return the wall clock, aware UTC."""
    return datetime.now(UTC)


class OpenDiary:
    """Whose diary it is, and how its rows are written and read.

    Parameters
    ----------
    store : Store
    data_dir : Path
        Unkink's folder, where the recordings are.
    clock : callable
        Returns now as aware UTC.
    """

    def __init__(self, store: Store, data_dir: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self.store = store
        self.data_dir = data_dir
        self._clock = clock
        self._owner = lease.owner()
        self._person_id = self._load_person_id()

    @property
    def recordings_dir(self) -> Path:
        """Folder of the landmark recordings; it exists once something was recorded."""
        return self.data_dir / "recordings"

    def now(self) -> datetime:
        """Return now, aware UTC."""
        now = self._clock()
        if now.tzinfo is None:
            raise ContractError(code="naive-time")
        return now.astimezone(UTC)

    def close(self) -> None:
        """Close the database."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -------------------------------------------------------------------------------- person and settings

    def _load_person_id(self) -> str:
        first = sa.select(tables.person.c.id).order_by(tables.person.c.seq).limit(1)
        with self.store.read() as connection:
            found = connection.execute(first).scalar()
        if found is not None:
            return str(found)
        with self.store.write() as connection:
            # Taking a number first makes two starts at once wait for each other, in any database.
            seq = next_seq(connection)
            found = connection.execute(first).scalar()
            if found is None:
                found = new_id()
                connection.execute(tables.person.insert().values(id=found, seq=seq, created_at=self.now()))
        return str(found)

    def person(self) -> Person:
        """Return whose diary it is."""
        with self.store.read() as connection:
            query = sa.select(tables.person).where(tables.person.c.id == self._person_id)
            row = connection.execute(query).mappings().first()
        if row is None:  # erased by another process
            self._person_id = self._load_person_id()
            return self.person()
        return from_row(Person, row)

    def settings(self) -> dict[str, Any]:
        """Return the settings that were saved."""
        table = tables.setting
        query = sa.select(table.c.key, table.c.value).where(table.c.person_id == self._person_id)
        with self.store.read() as connection:
            return {row.key: row.value for row in connection.execute(query.order_by(table.c.key))}

    def save_settings(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Save settings beside those that are there; return all."""
        table = tables.setting
        rows = [{"person_id": self._person_id, "key": key, "value": changes[key]} for key in changes]
        with self.store.write() as connection:
            mine = sa.and_(table.c.person_id == self._person_id, table.c.key.in_(list(changes)))
            connection.execute(table.delete().where(mine))
            if rows:
                connection.execute(table.insert(), rows)
        return self.settings()

    # ------------------------------------------------------------------------------------------- private

    def _add(self, connection: sa.Connection, table: sa.Table, record: R, **more: Any) -> R:
        row = to_row(record, table, id=new_id(), seq=next_seq(connection), person_id=self._person_id, **more)
        connection.execute(table.insert().values(row))
        return from_row(type(record), row)

    def _newest(self, table: sa.Table, kind: type[R], limit: int | None = None) -> tuple[R, ...]:
        query = (
            sa.select(table)
            .where(table.c.person_id == self._person_id)
            .order_by(table.c.seq.desc())
            .limit(limit)
        )
        with self.store.read() as connection:
            return tuple(from_row(kind, row) for row in connection.execute(query).mappings())


def offset_or_local(utc_offset_min: int | None) -> int:
    """Return an offset from UTC in minutes; None: that of this computer."""
    return local_offset_min() if utc_offset_min is None else utc_offset_min
