"""The diary: what is remembered, by plain values.

In: values of :mod:`unkink.diary.records`. Out: the same, later. Every method is one transaction; what it
wrote is on disk when it returns. All methods may be called from any thread. Next file:
:mod:`unkink.diary.spool`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import sqlalchemy as sa

from unkink.coach.history import History
from unkink.diary import archive, lease, privacy, recordings, reports, sessions, tables
from unkink.diary.engine import Store, next_seq, open_store
from unkink.diary.history import load_history
from unkink.diary.problems import Translated
from unkink.diary.records import (
    CheckIn,
    Clearance,
    EndStatus,
    Erased,
    Measurement,
    Note,
    Person,
    Pop,
    Recording,
    ReferralAnswer,
    Review,
    Screening,
    ScreeningDraft,
    Session,
    SessionAfter,
    SessionBegin,
    SessionDetails,
    SessionEvent,
    SessionSummary,
    SessionUpdate,
    Side,
)
from unkink.diary.rows import from_row, local_offset_min, new_id, to_row
from unkink.errors import ContractError

R = TypeVar("R")


def utc_now() -> datetime:
    """Return the wall clock, aware UTC."""
    return datetime.now(UTC)


class Diary:
    """An open diary of one person.

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

    # ---------------------------------------------------------------------------------- safety questions

    def save_screening_draft(self, draft: ScreeningDraft) -> None:
        """Keep unfinished answers in place of those before."""
        row = to_row(draft, tables.screening_draft, person_id=self._person_id, saved_at=self.now())
        with self.store.write() as connection:
            self._drop_draft(connection)
            connection.execute(tables.screening_draft.insert().values(row))

    def screening_draft(self) -> ScreeningDraft | None:
        """Return unfinished answers."""
        table = tables.screening_draft
        query = sa.select(table).where(table.c.person_id == self._person_id)
        with self.store.read() as connection:
            row = connection.execute(query).mappings().first()
            return None if row is None else from_row(ScreeningDraft, row)

    def discard_screening_draft(self) -> None:
        """Forget unfinished answers."""
        with self.store.write() as connection:
            self._drop_draft(connection)

    def _drop_draft(self, connection: sa.Connection) -> None:
        table = tables.screening_draft
        connection.execute(table.delete().where(table.c.person_id == self._person_id))

    def save_screening(self, screening: Screening) -> Screening:
        """Save finished answers and forget the draft."""
        with self.store.write() as connection:
            self._drop_draft(connection)
            at = screening.answered_at or self.now()
            return self._add(connection, tables.screening, screening, answered_at=at)

    def screenings(self) -> tuple[Screening, ...]:
        """Return all rounds of safety questions, newest first."""
        return self._newest(tables.screening, Screening)

    def current_screening(self) -> Screening | None:
        """Return the last round of safety questions."""
        return next(iter(self._newest(tables.screening, Screening, limit=1)), None)

    def save_clearance(self, clearance: Clearance) -> Clearance:
        """Save what a clinician said."""
        with self.store.write() as connection:
            at = clearance.saved_at or self.now()
            return self._add(connection, tables.clearance, clearance, saved_at=at)

    def clearances(self) -> tuple[Clearance, ...]:
        """Return what clinicians said, newest first."""
        return self._newest(tables.clearance, Clearance)

    def save_check_in(self, check_in: CheckIn) -> CheckIn:
        """Save the short questions before exercise."""
        with self.store.write() as connection:
            return self._add(
                connection,
                tables.check_in,
                check_in,
                at=check_in.at or self.now(),
                utc_offset_min=_offset(check_in.utc_offset_min),
            )

    def check_ins(self, limit: int | None = 100) -> tuple[CheckIn, ...]:
        """Return check-ins, newest first."""
        return self._newest(tables.check_in, CheckIn, limit=limit)

    def current_check_in(
        self, now: datetime | None = None, utc_offset_min: int | None = None
    ) -> CheckIn | None:
        """Return the last check-in when it is of the person's own today."""
        last = next(iter(self.check_ins(limit=1)), None)
        if last is None or last.at is None:
            return None
        today = ((now or self.now()) + timedelta(minutes=_offset(utc_offset_min))).date()
        its_day = (last.at + timedelta(minutes=_offset(last.utc_offset_min))).date()
        return last if its_day == today else None

    # ------------------------------------------------------------------------------------------ sessions

    def begin_session(self, session: SessionBegin, *, take_over: bool = False) -> str:
        """Begin a session and return its id; one at a time, in whatever window."""
        with self.store.write() as connection:
            return sessions.begin(connection, self._writer(), session, take_over=take_over)

    def resume_session(self, session_id: str, *, take_over: bool = False) -> Session:
        """Go on with an interrupted session; its ``snapshot`` says where."""
        with self.store.write() as connection:
            return sessions.resume(connection, self._writer(), session_id, take_over=take_over)

    def append_events(
        self, session_id: str, events: Sequence[SessionEvent], first_idx: int | None = None
    ) -> int:
        """Append events to a running session; return how many it has now.

        ``first_idx`` is the index of the first of them, for a write that may have been done before: what is
        there stays.
        """
        return self.save_progress(session_id, events, None, first_idx)

    def update_session(self, session_id: str, state: SessionUpdate) -> None:
        """Save where a running session stands; also its sign of life."""
        self.save_progress(session_id, (), state)

    def save_progress(
        self,
        session_id: str,
        events: Sequence[SessionEvent],
        state: SessionUpdate | None,
        first_idx: int | None = None,
    ) -> int:
        """Append events and save where the session stands, both or neither; return the number of events."""
        writer = self._writer()
        with self.store.write() as connection:
            sessions.hold_place(connection, writer, session_id)
            count = sessions.append(connection, session_id, events, first_idx)
            if state is None:
                sessions.touch(connection, writer, session_id)
            else:
                sessions.update(connection, writer, session_id, state)
            return count

    def count_events(self, session_id: str) -> int:
        """Return how many events a session has."""
        with self.store.read() as connection:
            return sessions.n_events(connection, session_id)

    def finish_session(self, session_id: str, summary: SessionSummary, status: EndStatus) -> Session:
        """End a session with what it came to; one that is over stays as it is."""
        with self.store.write() as connection:
            return sessions.finish(connection, self._writer(), session_id, summary, status)

    def interrupt_session(self, session_id: str) -> None:
        """Mark a session as broken off: another one can begin, and this one can be gone on with."""
        with self.store.write() as connection:
            sessions.set_status(connection, self._writer(), session_id, "interrupted")

    def dismiss_session(self, session_id: str) -> None:
        """Mark an interrupted session as left for good; what was done in it stays and counts."""
        with self.store.write() as connection:
            sessions.set_status(connection, self._writer(), session_id, "left")

    def interrupted_sessions(self) -> tuple[Session, ...]:
        """Return the sessions that broke off, newest first."""
        with self.store.read() as connection:
            return sessions.load_interrupted(connection, self._person_id, self.now())

    def save_after(self, session_id: str, after: SessionAfter) -> Session:
        """Save how it was after a session."""
        with self.store.write() as connection:
            return sessions.save_after(connection, self._writer(), session_id, after)

    def sessions(self, limit: int | None = 50, before: int | None = None) -> tuple[Session, ...]:
        """Return sessions, newest first; ``before`` is the ``seq`` of the last one known."""
        with self.store.read() as connection:
            return sessions.load_all(connection, self._person_id, self.now(), limit=limit, before=before)

    def session(self, session_id: str) -> SessionDetails | None:
        """Return one session with everything that belongs to it."""
        with self.store.read() as connection:
            return sessions.load_details(connection, session_id, self.now())

    def delete_session(self, session_id: str) -> bool:
        """Delete a session with everything that belongs to it, its recording too."""
        return privacy.delete_session(self.store, self.recordings_dir, session_id)

    def measurements(
        self,
        quantity: str | None = None,
        side: Side | None = None,
        exercise_id: str | None = None,
        *,
        include_demo: bool = False,
    ) -> tuple[Measurement, ...]:
        """Return measured values, oldest first; those of the demonstration person are not the person's."""
        session, table = tables.session.c, tables.measurement.c
        wanted = {table.quantity: quantity, table.side: side, session.exercise_id: exercise_id}
        conditions = [column == value for column, value in wanted.items() if value is not None]
        if not include_demo:
            conditions.append(session.mode != "demo")
        with self.store.read() as connection:
            mine = session.person_id == self._person_id
            return sessions.load_measurements(connection, mine, *conditions)

    # -------------------------------------------------------------------------------------- pops, history

    def save_pop(self, pop: Pop) -> Pop:
        """Save a pop that the person told of."""
        with self.store.write() as connection:
            return self._add(
                connection,
                tables.pop,
                pop,
                at=pop.at or self.now(),
                utc_offset_min=_offset(pop.utc_offset_min),
            )

    def pops(self, limit: int | None = 100) -> tuple[Pop, ...]:
        """Return pops, newest first."""
        return self._newest(tables.pop, Pop, limit=limit)

    def save_review(self, review: Review) -> Review:
        """Save a longer look back."""
        at, offset = review.at or self.now(), _offset(review.utc_offset_min)
        with self.store.write() as connection:
            return self._add(connection, tables.review, review, at=at, utc_offset_min=offset)

    def reviews(self, limit: int | None = 100) -> tuple[Review, ...]:
        """Return the longer looks back, newest first."""
        return self._newest(tables.review, Review, limit=limit)

    def save_note(self, note: Note) -> Note:
        """Save what the person told outside of any question."""
        at, offset = note.at or self.now(), _offset(note.utc_offset_min)
        with self.store.write() as connection:
            return self._add(connection, tables.note, note, at=at, utc_offset_min=offset)

    def notes(self, limit: int | None = 100) -> tuple[Note, ...]:
        """Return what the person told, newest first."""
        return self._newest(tables.note, Note, limit=limit)

    def save_referral_answer(self, answer: ReferralAnswer) -> ReferralAnswer:
        """Save what the person answered to a referral."""
        at = answer.answered_at or self.now()
        with self.store.write() as connection:
            return self._add(connection, tables.referral_answer, answer, answered_at=at)

    def referral_answers(self, limit: int | None = 100) -> tuple[ReferralAnswer, ...]:
        """Return the answers to referrals, newest first."""
        return self._newest(tables.referral_answer, ReferralAnswer, limit=limit)

    def history(self) -> History:
        """Return what the dose and lock rules look back on."""
        with self.store.read() as connection:
            return load_history(connection, self._person_id, self.now())

    # ---------------------------------------------------------------------------- recordings and privacy

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
            details = self.session(path.stem)
            if details is None:
                continue
            n_frames, duration_s = recordings.measure(path)
            started_at = known[path.stem].started_at if path.stem in known else details.session.started_at
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

    def export_all(self) -> dict[str, Any]:
        """Return everything as plain data that :meth:`import_all` takes."""
        with self.store.read() as connection:
            return privacy.export_all(connection, self._person_id, self.now())

    def import_all(self, data: Mapping[str, Any]) -> int:
        """Take in what :meth:`export_all` gave; what is here stays. Return how many entries are new."""
        with self.store.write() as connection:
            n_new = privacy.import_all(connection, self._person_id, data)
        self._person_id = self._load_person_id()
        return n_new

    def export_archive(self, path: Path) -> Path:
        """Write everything, the recordings too, into one zip file."""
        return archive.save(self.export_all(), self.recordings_dir, path)

    def import_archive(self, path: Path) -> int:
        """Take in what :meth:`export_archive` wrote."""
        n_new = self.import_all(archive.load(path))
        archive.extract(path, self.recordings_dir, [one.path for one in self.recordings()])
        return n_new

    def erase_all(self) -> Erased:
        """Erase everything: rows, log, copies, recordings. The diary is empty and open afterwards."""
        erased = privacy.erase_all(self.store, self.recordings_dir, self._person_id)
        self._person_id = self._load_person_id()
        return erased

    def check(self) -> reports.StoreReport:
        """Return how the store is, for the doctor."""
        return reports.check(self.store, self.recordings_dir)

    # ------------------------------------------------------------------------------------------- private

    def _writer(self) -> sessions.Writer:
        return sessions.Writer(person_id=self._person_id, owner=self._owner, now=self.now())

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


def _offset(utc_offset_min: int | None) -> int:
    return local_offset_min() if utc_offset_min is None else utc_offset_min


def open_diary(data_dir: Path, url: str | None = None, *, clock: Callable[[], datetime] = utc_now) -> Diary:
    """Open the diary, bring it up to date, and finish recordings that a crash left behind.

    Parameters
    ----------
    data_dir : Path
        Unkink's folder.
    url : str or None
        Database; None: ``diary.sqlite3`` in the folder.
    clock : callable
        Returns now as aware UTC.

    Raises
    ------
    StoreError
        See :func:`unkink.diary.engine.open_store`.
    """
    store = open_store(data_dir, url)
    try:
        diary = Diary(store, data_dir, clock)
        with Translated(diary.recordings_dir):
            diary.list_recordings(recordings.recover(diary.recordings_dir))
    except BaseException:
        store.close()
        raise
    return diary
