"""What waits between a live socket and its session.

In: messages as they arrive. Out: the same in order, but when the session cannot keep up the older pictures
are dropped: a new picture says all that an old one said. Ticks, taps and pain are never dropped. Next file:
:mod:`unkink.front.live`.
"""

from __future__ import annotations

import asyncio
from collections import deque

from unkink.front.messages import FrameMessage, FromPage

MAX_FRAMES = 3
"""Pictures that may wait: at 15 a second, a fifth of a second."""
MAX_WAITING = 600
"""More than this of anything else is no page of ours."""


class InboxFullError(Exception):
    """The sender sends more than can ever be read."""


class Inbox:
    """Messages of one connection that wait to be taken."""

    def __init__(self) -> None:
        self._waiting: deque[FromPage] = deque()
        self._n_frames = 0
        self._arrived = asyncio.Event()
        self._closed = False
        self.n_dropped = 0
        """Pictures that were dropped."""

    def put(self, message: FromPage) -> None:
        """Add a message.

        Raises
        ------
        InboxFullError
            When too much waits that may not be dropped.
        """
        if isinstance(message, FrameMessage):
            self._n_frames += 1
            if self._n_frames > MAX_FRAMES:
                self._drop_oldest_frame()
        elif len(self._waiting) - self._n_frames >= MAX_WAITING:
            raise InboxFullError
        self._waiting.append(message)
        self._arrived.set()

    def _drop_oldest_frame(self) -> None:
        for idx, message in enumerate(self._waiting):
            if isinstance(message, FrameMessage):
                del self._waiting[idx]
                self._n_frames -= 1
                self.n_dropped += 1
                return

    def close(self) -> None:
        """Nothing more will come."""
        self._closed = True
        self._arrived.set()

    def take_all(self) -> tuple[FromPage, ...]:
        """Return what waits, without waiting for more."""
        waiting = tuple(self._waiting)
        self._waiting.clear()
        self._n_frames = 0
        return waiting

    async def take(self) -> FromPage | None:
        """Wait for the next message; None when there are no more."""
        while not self._waiting:
            if self._closed:
                return None
            self._arrived.clear()
            await self._arrived.wait()
        message = self._waiting.popleft()
        if isinstance(message, FrameMessage):
            self._n_frames -= 1
        return message
