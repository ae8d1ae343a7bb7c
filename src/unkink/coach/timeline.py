"""Times that make sense together, where a clock was changed between two entries.

In: a history. Out: the same with times that never go back, read in one or two ways. What is found in either
way counts, so that no change of the clock hides anything. Next file: :mod:`unkink.coach.occurrences`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter, gt
from typing import Any, TypeVar

import msgspec

from unkink.coach.history import History
from unkink.coach.lately import remember_parts
from unkink.coach.remembering import Latest

_E = TypeVar("_E", bound=msgspec.Struct)
_STREAMS: dict[str, str] = {
    "check_ins": "at",
    "reviews": "at",
    "notes": "at",
    "pops": "at",
    "sessions": "started_at",
}
_TIMES: dict[str, Latest[Any]] = {name: Latest(attrgetter(time)) for name, time in _STREAMS.items()}


def read_times(history: History, now: datetime) -> tuple[History, ...]:
    """Return the history in one way, or in two where its times contradict their order.

    Parameters
    ----------
    history : History
        Each part in the order in which it was written.
    now : datetime
        Aware UTC.

    Returns
    -------
    tuple of History
        As it is when its times only go on. Otherwise once with the clock that was ahead believed (nothing is
        earlier than what was written before it) and once with the clock that is behind believed (nothing is
        later than what was written after it, or than now).
    """
    disordered = _find_disordered(history)
    faulty = [
        name
        for name, time in _STREAMS.items()
        if name in disordered or ((stream := getattr(history, name)) and getattr(stream[-1], time) > now)
    ]
    if not faulty:
        return (history,)
    ahead: dict[str, Any] = {}
    behind: dict[str, Any] = {}
    for name in faulty:
        ahead[name] = _believe_ahead(getattr(history, name), _STREAMS[name])
        behind[name] = _believe_behind(getattr(history, name), _STREAMS[name], now)
    return (msgspec.structs.replace(history, **ahead), msgspec.structs.replace(history, **behind))


@remember_parts(*_STREAMS)
def _find_disordered(history: History) -> frozenset[str]:
    """Return the parts in which a time goes back."""
    found: list[str] = []
    for name, latest in _TIMES.items():
        ats = latest.moments(getattr(history, name))
        if any(map(gt, ats, ats[1:])):
            found.append(name)
    return frozenset(found)


def _believe_ahead(entries: Sequence[_E], time: str) -> tuple[_E, ...]:
    found: list[_E] = []
    latest: datetime | None = None
    for entry in entries:
        at: datetime = getattr(entry, time)
        latest = at if latest is None else max(latest, at)
        found.append(entry if at == latest else msgspec.structs.replace(entry, **{time: latest}))
    return tuple(found)


def _believe_behind(entries: Sequence[_E], time: str, now: datetime) -> tuple[_E, ...]:
    found: list[_E] = []
    earliest = now
    for entry in reversed(entries):
        at: datetime = getattr(entry, time)
        earliest = min(earliest, at)
        found.append(entry if at == earliest else msgspec.structs.replace(entry, **{time: earliest}))
    return tuple(reversed(found))
