"""The diary: what is remembered, by plain values.

In: values of :mod:`unkink.diary.records`. Out: the same, later. Every method is one transaction; what it
wrote is on disk when it returns. All methods may be called from any thread. Next file:
:mod:`unkink.diary.spool`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace as replace_struct

from unkink.coach.history import History, KeptLock
from unkink.coach.remembering import count_same
from unkink.diary import erasing, kept_locks, kept_measured, kept_past, recordings, reports, sessions
from unkink.diary.answers import Answers
from unkink.diary.belongings import Belongings
from unkink.diary.engine import Store, open_store
from unkink.diary.kept_measured import KeptMeasured
from unkink.diary.kept_past import KeptPast
from unkink.diary.opened import utc_now
from unkink.diary.problems import Translated
from unkink.diary.records import (
    EndStatus,
    Measurement,
    Session,
    SessionAfter,
    SessionBegin,
    SessionDetails,
    SessionEvent,
    SessionSummary,
    SessionUpdate,
    Side,
)
from unkink.errors import StoreError

__all__ = ["Diary", "open_diary", "utc_now"]


class Diary(Answers, Belongings):
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
        super().__init__(store, data_dir, clock)
        self._past: KeptPast | None = None
        self._locked: tuple[History, History] | None = None
        """The past, and the same with the locks that were noted beside the diary."""
        self._measured: KeptMeasured | None = None
        self._chosen: dict[tuple[object, ...], tuple[tuple[Measurement, ...], tuple[Measurement, ...]]] = {}
        """Measured values by what was asked for: out of which, and which."""

    def history(self) -> History:
        """Return what the dose and lock rules look back on: the same value as before while it is so.

        It is kept, and brought up to date as soon as anybody has written anything: the number that every
        write raises is read in the transaction that would read the history.
        """
        with self.store.read() as connection:
            past = kept_past.bring_up_to_date(connection, self._person_id, self.now(), self._past)
        self._past = past
        return self._with_locks(past.history)

    def _with_locks(self, history: History) -> History:
        """Add the locks that were noted beside the diary."""
        noted = kept_locks.load(self.data_dir, self._person_id)
        if not noted:
            return history
        known = self._locked
        if known is None or known[0] is not history or known[1].kept_locks != noted:
            known = self._locked = (history, replace_struct(history, kept_locks=noted))
        return known[1]

    def keep_locks(self, locks: tuple[KeptLock, ...]) -> None:
        """Note beside the diary what locks now, so that an older copy of it opens nothing.

        Where that cannot be written, the diary itself still has its locks.
        """
        if set(locks) != set(kept_locks.load(self.data_dir, self._person_id)):
            with contextlib.suppress(StoreError):
                kept_locks.save(self.data_dir, self._person_id, locks)

    def check(self) -> reports.StoreReport:
        """Return how the store is, for the doctor."""
        return reports.check(self.store, self.recordings_dir)

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
        """Delete a session with everything that belongs to it, its recording too.

        What limits, rests and locks need of it stays in :meth:`history`.
        """
        return erasing.delete_session(self.store, self.recordings_dir, session_id, self.now())

    def measurements(
        self,
        quantity: str | None = None,
        side: Side | None = None,
        exercise_id: str | None = None,
        *,
        include_demo: bool = False,
    ) -> tuple[Measurement, ...]:
        """Return measured values, oldest first; those of the demonstration person are not the person's."""
        asked = (quantity, side, exercise_id, include_demo)
        values = self.all_measurements()
        chosen = self._chosen.get(asked)
        if chosen is None or chosen[0] is not values:
            # What was measured since comes last: what was chosen before needs no other look.
            n, before = (0, ()) if chosen is None else (count_same(chosen[0], values), chosen[1])
            if chosen is not None and n < len(chosen[0]):
                n, before = 0, ()
            added = tuple(
                one
                for one in values[n:]
                if (quantity is None or one.quantity == quantity)
                and (side is None or one.side == side)
                and (exercise_id is None or one.exercise_id == exercise_id)
                and (include_demo or one.mode != "demo")
            )
            chosen = self._chosen[asked] = (values, before + added if added else before)
        return chosen[1]

    def all_measurements(self) -> tuple[Measurement, ...]:
        """Return every measured value, oldest first: the same value as before while it is so."""
        with self.store.read() as connection:
            measured = kept_measured.bring_up_to_date(connection, self._person_id, self._measured)
        self._measured = measured
        return measured.values

    def _writer(self) -> sessions.Writer:
        return sessions.Writer(person_id=self._person_id, owner=self._owner, now=self.now())


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
