"""What years of entries are asked again and again, kept by entry: when they were, what was work.

In: the parts of a history. Out: the same entries and moments as a look at each of them would find. Next file:
:mod:`unkink.coach.pain`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from operator import attrgetter, lt
from typing import Concatenate, ParamSpec, TypeVar

from unkink.coach.history import History, PastCheckIn, PastPop, PastSession
from unkink.coach.remembering import N_KEPT, Latest, are_same, remember_each, remember_some

_P = ParamSpec("_P")
_R = TypeVar("_R")

STARTS = Latest[PastSession](attrgetter("started_at"))
ENDS = Latest[PastSession](attrgetter("ended_at"))
CHECKED = Latest[PastCheckIn](attrgetter("at"))
POPPED = Latest[PastPop](attrgetter("at"))
NOT_TODAY = timedelta(days=30)
"""Before this it was another day, in whatever zone."""


@remember_some
def list_work(session: PastSession) -> bool:
    """Choose the sessions in which the person exercised.

    Parameters
    ----------
    session : PastSession
        As a tuple of them.

    Returns
    -------
    bool
        As the tuple of those that were work.
    """
    return session.is_work


@remember_each
def _list_seqs(session: PastSession) -> int:
    return session.seq


def is_numbered(sessions: tuple[PastSession, ...]) -> tuple[int, ...] | None:
    """Return the order of writing of sessions where all of it is known and rises.

    Parameters
    ----------
    sessions : tuple of PastSession

    Returns
    -------
    tuple of int or None
    """
    seqs = _list_seqs(sessions)
    return seqs if seqs and seqs[0] > 0 and all(map(lt, seqs, seqs[1:])) else None


def remember_parts(
    *names: str,
) -> Callable[[Callable[Concatenate[History, _P], _R]], Callable[Concatenate[History, _P], _R]]:
    """Return a decorator for a pure function that looks at some parts of a history only.

    It is given a history that has nothing but those parts, so that it cannot depend on another; and it is
    asked again only when one of them is another value.

    Parameters
    ----------
    *names : str
        Fields of the history.

    Returns
    -------
    callable
    """

    def decorate(
        function: Callable[Concatenate[History, _P], _R],
    ) -> Callable[Concatenate[History, _P], _R]:
        kept: tuple[tuple[tuple[object, ...], _R], ...] = ()

        @wraps(function)
        def remembering(history: History, *rest: _P.args, **_none: _P.kwargs) -> _R:
            nonlocal kept
            parts = tuple(getattr(history, name) for name in names)
            asked = (*parts, *rest)
            for known, answer in kept:
                if are_same(known, asked):
                    return answer
            answer = function(History(**dict(zip(names, parts, strict=True))), *rest, **_none)
            kept = ((asked, answer), *kept)[:N_KEPT]
            return answer

        return remembering

    return decorate
