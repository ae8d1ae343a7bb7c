"""Between a live session and its diary: nothing waits, nothing is lost.

In: events and states as they come, on the event loop. Out: rows, written by a thread of its own, at most a
second later. When the disk is full or the file is locked, what waits is kept and tried again, and ``state``
says so. Next file: :mod:`unkink.front.live`.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Literal, Protocol, Self

from unkink.diary.problems import RETRY_CODES
from unkink.diary.records import EndStatus, Session, SessionEvent, SessionSummary, SessionUpdate
from unkink.errors import StoreError, UnkinkError

GATHER_S = 0.5
"""How long events are gathered before they are written together."""

BACK_OFF_S = (0.5, 1.0, 2.0, 4.0)
"""Waits between tries; the last one repeats."""

MAX_WAITING = 20_000
"""Events that wait at most: over two hours of a session."""

_BATCH = 2_000


class Target(Protocol):
    """What a spool writes to: the diary."""

    def count_events(self, session_id: str) -> int:
        """Return how many events a session has."""
        ...

    def save_progress(
        self,
        session_id: str,
        events: list[SessionEvent],
        state: SessionUpdate | None,
        first_idx: int | None = None,
    ) -> int:
        """Append events and save where the session stands."""
        ...

    def finish_session(self, session_id: str, summary: SessionSummary, status: EndStatus) -> Session:
        """End a session."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolState:
    """How the writing goes."""

    status: Literal["ok", "retrying", "failed"]
    """``failed``: waiting does not help, or more waits than can be kept."""
    n_waiting: int
    n_lost: int
    saved_t_s: float | None
    """``t_s`` of the last state that is on disk."""
    error: UnkinkError | None
    """What is wrong; None when nothing is."""


class Spool:
    """The write-behind queue of one running session. All methods may be called from any thread.

    Parameters
    ----------
    diary : Target
    session_id : str
    max_waiting : int
        How many events are kept while they cannot be written.
    back_off_s : tuple of float
        Seconds between tries.
    """

    def __init__(
        self,
        diary: Target,
        session_id: str,
        *,
        max_waiting: int = MAX_WAITING,
        back_off_s: tuple[float, ...] = BACK_OFF_S,
    ) -> None:
        self._diary = diary
        self._session_id = session_id
        self._max_waiting = max_waiting
        self._back_off_s = back_off_s
        self._changed = threading.Condition()
        self._events: deque[SessionEvent] = deque()
        self._update: SessionUpdate | None = None
        self._end: tuple[SessionSummary, EndStatus] | None = None
        self._next_idx: int | None = None
        self._n_lost = 0
        self._n_tries = 0
        self._saved_t_s: float | None = None
        self._error: UnkinkError | None = None
        self._is_over = False
        self._is_closing = False
        self._is_busy = False
        self._thread = threading.Thread(target=self._run, name="unkink-spool", daemon=True)
        self._thread.start()

    def add(self, *events: SessionEvent) -> None:
        """Keep events to be written; returns at once."""
        with self._changed:
            room = self._max_waiting - len(self._events)
            self._events.extend(events[:room])
            self._n_lost += max(0, len(events) - room)
            self._changed.notify_all()

    def update(self, state: SessionUpdate) -> None:
        """Keep where the session stands to be written, in place of the last one; returns at once."""
        with self._changed:
            self._update = state
            self._changed.notify_all()

    @property
    def state(self) -> SpoolState:
        """How the writing goes."""
        with self._changed:
            failed = self._is_over or self._n_lost > 0
            status: Literal["ok", "retrying", "failed"] = "retrying" if self._error else "ok"
            return SpoolState(
                status="failed" if failed else status,
                n_waiting=len(self._events) + (self._update is not None) + (self._end is not None),
                n_lost=self._n_lost,
                saved_t_s=self._saved_t_s,
                error=self._error,
            )

    def finish(self, summary: SessionSummary, status: EndStatus, timeout_s: float = 5.0) -> bool:
        """End the session after all that waits; True when it is on disk, False when it still waits."""
        with self._changed:
            self._end = (summary, status)
            self._changed.notify_all()
        return self.flush(timeout_s)

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Wait until nothing waits; True when all is on disk."""
        with self._changed:
            self._n_tries = 0
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_over or not self._has_work(), timeout_s)
            return not self._has_work()

    def close(self, timeout_s: float = 5.0) -> bool:
        """Write what waits and stop; True when all is on disk.

        What cannot be written yet is still tried in the background for as long as the program runs.
        """
        is_done = self.flush(timeout_s)
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        if is_done:
            self._thread.join(timeout=1.0)
        return is_done

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------------------------- the writing thread

    def _has_work(self) -> bool:
        return bool(self._events) or self._update is not None or self._end is not None or self._is_busy

    def _run(self) -> None:
        try:
            while self._wait():
                self._write()
        finally:
            with self._changed:
                # Whatever ended this thread, nobody may think that it still writes.
                self._is_over = self._is_over or not self._is_closing
                self._changed.notify_all()

    def _wait(self) -> bool:
        """Wait for work, and after a fault for the next try; False when it is time to stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closing or self._has_work())
            if self._is_over or not self._has_work():
                return False
            pause_s = GATHER_S if not self._n_tries else self._pause_s()
            until = time.monotonic() + pause_s
            tries = self._n_tries
            self._changed.wait_for(
                lambda: ((self._is_closing or self._end is not None) and not tries) or self._n_tries < tries,
                max(0.0, until - time.monotonic()),
            )
            return True

    def _pause_s(self) -> float:
        return self._back_off_s[min(self._n_tries, len(self._back_off_s)) - 1]

    def _write(self) -> None:
        """Write a batch; what was not written stays."""
        with self._changed:
            events = list(islice(self._events, _BATCH))
            is_all = len(events) == len(self._events)
            update = self._update if is_all else None
            end = self._end if is_all else None
            self._is_busy = True
        error: UnkinkError | None = None
        try:
            self._save(events, update)
            if end is not None:
                self._diary.finish_session(self._session_id, *end)
        except UnkinkError as exc:
            error = exc
        with self._changed:
            self._is_busy = False
            self._error = error
            if error is None:
                self._n_tries = 0
                if update is not None and self._update is update:
                    self._update = None
                if end is not None and self._end is end:
                    self._end = None
            else:
                self._n_tries += 1
                waits = isinstance(error, StoreError) and error.code in RETRY_CODES
                self._is_over = not waits
            self._changed.notify_all()

    def _save(self, events: list[SessionEvent], update: SessionUpdate | None) -> None:
        if not events and update is None:
            return
        if self._next_idx is None:
            self._next_idx = self._diary.count_events(self._session_id)
        self._diary.save_progress(self._session_id, events, update, self._next_idx)
        with self._changed:
            self._next_idx += len(events)
            for _ in events:
                self._events.popleft()
            if update is not None:
                self._saved_t_s = update.t_s
