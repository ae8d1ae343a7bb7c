"""Where frames come from: one protocol for the browser, recordings and synthetic people.

In: nothing. Out: :class:`FrameSource`. Next file: :mod:`unkink.acquire.recorded`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unkink.body.landmarks import LandmarkSeries


class FrameSource(Protocol):
    """Something that gives landmarks, one picture at a time, in the order of time."""

    def frames(self) -> Iterator[LandmarkSeries]:
        """Yield a series of length 1 per picture, ``t_s`` (seconds) increasing."""
        ...
