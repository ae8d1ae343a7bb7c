"""What belongs to the person: recordings, take-out, import, erasing.

In: an open diary and files. Out: files, or nothing any more. Next file: :mod:`unkink.diary.exporting`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from unkink.diary import archive, erasing, exporting, importing, recordings, sessions, tables
from unkink.diary.opened import OpenDiary
from unkink.diary.records import Erased, Imported, Recording, Session
from unkink.diary.rows import from_row, to_row


class Belongings(OpenDiary):
    """The part of a diary that is taken along, brought back or erased as a whole."""

    def save_recording(self, recording: Recording) -> None:
        """Save that a session has a recording, in place of what was known of it."""
        table = tables.recording
        row = to_row(recording, table, started_at=recording.started_at or self.now())
        with self.store.write() as connection:
            connection.execute(table.delete().where(table.c.session_id == recording.session_id))
            connection.execute(table.insert().values(row))

    def list_recordings(self, paths: Sequence[Path]) -> None:
        """Save what is known of recordings, named for their session, that a crash left behind."""
        known = {one.session_id: one for one in self.recordings()}
        for path in paths:
            session = self._find_session(path.stem)
            if session is None:
                continue
            n_frames, duration_s = recordings.measure(path)
            started_at = known[path.stem].started_at if path.stem in known else session.started_at
            self.save_recording(
                Recording(
                    session_id=path.stem,
                    path=path.name,
                    started_at=started_at,
                    n_frames=n_frames,
                    duration_s=duration_s,
                    finished=True,
                )
            )

    def recordings(self) -> tuple[Recording, ...]:
        """Return the recordings, oldest first."""
        table, session = tables.recording, tables.session
        query = (
            sa.select(table)
            .join(session, session.c.id == table.c.session_id)
            .where(session.c.person_id == self._person_id)
            .order_by(session.c.seq)
        )
        with self.store.read() as connection:
            return tuple(from_row(Recording, row) for row in connection.execute(query).mappings())

    def _find_session(self, session_id: str) -> Session | None:
        with self.store.read() as connection:
            return sessions.find(connection, session_id, self.now())

    # ------------------------------------------------------------------------------------------- take-out

    def _export(self) -> exporting.Export:
        with self.store.read() as connection:
            return exporting.load_export(connection, self._person_id, self.now())

    def export_all(self) -> dict[str, Any]:
        """Return everything as plain data that :meth:`import_all` takes."""
        return exporting.to_plain(self._export())

    def export_json(self, path: Path) -> Path:
        """Write everything but the recordings into one JSON file."""
        return archive.save_json(self._export(), path)

    def export_tables(self, folder: Path) -> Path:
        """Write everything but the recordings into a folder, one Parquet file for each table."""
        return archive.save_tables(self._export(), folder)

    def export_archive(self, path: Path, *, only_tables: bool = False) -> Path:
        """Write everything into one zip file: JSON, Parquet tables, recordings; or the tables alone."""
        return archive.save(self._export(), self.recordings_dir, path, only_tables=only_tables)

    # --------------------------------------------------------------------------------------------- import

    def import_all(self, data: Mapping[str, Any]) -> int:
        """Take in what :meth:`export_all` gave; what is here stays. Return how many entries are new."""
        return self._import(data).n_new

    def _import(self, data: Mapping[str, Any]) -> Imported:
        with self.store.write() as connection:
            imported = importing.import_all(connection, self._person_id, data)
        self._person_id = self._load_person_id()
        return imported

    def import_file(self, path: Path) -> Imported:
        """Take in a JSON file, a zip file or a folder that an export wrote; what is here stays."""
        imported = self._import(archive.load(path))
        listed = [one.path for one in self.recordings()]
        n_recordings = archive.extract(path, self.recordings_dir, listed)
        return Imported(n_new=imported.n_new, n_came_along=imported.n_came_along, n_recordings=n_recordings)

    def import_archive(self, path: Path) -> int:
        """Take in what :meth:`export_archive` wrote; return how many entries are new."""
        return self.import_file(path).n_new

    # ---------------------------------------------------------------------------------------------- erase

    def erase_all(self) -> Erased:
        """Erase everything: rows, log, copies, recordings. The diary is empty and open afterwards."""
        erased = erasing.erase_all(self.store, self.recordings_dir, self._person_id)
        self._person_id = self._load_person_id()
        return erased

    def erase_before(self, before: datetime, locked_at: Collection[datetime]) -> Erased:
        """Erase what is older than a time, but what a lock, a rest or the Check in force needs.

        Parameters
        ----------
        before : datetime
            Aware UTC; the beginning of a day of the person.
        locked_at : collection of datetime
            When the signs were told that lock now; what was written then stays.
        """
        wish = erasing.Wish(person_id=self._person_id, before=before, locked_at=frozenset(locked_at))
        return erasing.erase_before(self.store, self.recordings_dir, wish, self.now())
