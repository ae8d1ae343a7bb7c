"""Ask a question about years only once: the last answers of a pure function, by what it was asked.

In: a pure function of values that nobody changes. Out: the same function, which looks again only at what is
another value than before: not an equal one, another one. :func:`remember` keeps whole answers,
:func:`remember_each` one answer for each entry of a tuple that grows, :func:`remember_walk` where a walk over
such a tuple stood. The diary gives entries that did not change as the same values, whatever was written. Next
file: :mod:`unkink.coach.pain`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from itertools import accumulate, compress
from operator import is_not
from typing import Concatenate, Generic, ParamSpec, TypeVar

_P = ParamSpec("_P")
_E = TypeVar("_E")
_R = TypeVar("_R")

N_KEPT = 8
"""A history, the same without a session, with the check-in of now, with a clock believed; those before."""


def remember(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return a pure function that keeps its last answers; nobody may change what it returns.

    Parameters
    ----------
    function : callable
        Asked with values that are never changed, by position only.

    Returns
    -------
    callable
    """
    kept: tuple[tuple[tuple[object, ...], _R], ...] = ()

    @wraps(function)
    def remembering(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        nonlocal kept
        if kwargs:
            return function(*args, **kwargs)
        for asked, answer in kept:
            # What was asked is held on to, so that no other value can ever have its identity.
            if len(asked) == len(args) and all(a is b for a, b in zip(asked, args, strict=True)):
                return answer
        answer = function(*args, **kwargs)
        kept = ((args, answer), *kept)[:N_KEPT]
        return answer

    return remembering


def remember_each(
    function: Callable[Concatenate[_E, _P], _R], n_kept: int = N_KEPT
) -> Callable[Concatenate[tuple[_E, ...], _P], tuple[_R, ...]]:
    """Return a function that answers for each entry of a tuple, and looks only at entries that are new in it.

    Parameters
    ----------
    function : callable
        Pure; asked with one entry and what else it depends on, by position only.
    n_kept : int
        How many tuples are remembered.

    Returns
    -------
    callable
        Of a tuple of entries and the rest; its answer is the same tuple as before when all entries are.
    """
    kept: tuple[tuple[tuple[_E, ...], tuple[object, ...], tuple[_R, ...]], ...] = ()

    @wraps(function)
    def remembering(entries: tuple[_E, ...], *rest: _P.args, **_none: _P.kwargs) -> tuple[_R, ...]:
        nonlocal kept
        best: tuple[_R, ...] = ()
        n_best = 0
        for asked, others, answers in kept:
            if not are_same(others, rest):
                continue
            n = count_same(asked, entries)
            if n == len(entries) == len(asked):
                return answers
            if n > n_best:
                best, n_best = answers, n
            if n and n >= len(asked) - 1:
                break  # an entry was added, or the last one changed: it gets no better
        found = best[:n_best] + tuple([function(entry, *rest, **_none) for entry in entries[n_best:]])
        kept = ((entries, rest, found), *kept)[:n_kept]
        return found

    return remembering


def remember_walk(
    start: _R,
) -> Callable[[Callable[Concatenate[_R, _E, _P], _R]], Callable[Concatenate[tuple[_E, ...], _P], _R]]:
    """Return a decorator for one step of a walk; the walk goes on from the last place that is still right.

    Parameters
    ----------
    start : value
        The state before the first entry; never changed.

    Returns
    -------
    callable
        Of a pure step from a state and an entry to the next state, which it makes and never changes; it
        returns a function of a tuple of entries and the rest that returns the state after the last of them.
    """

    def decorate(
        step: Callable[Concatenate[_R, _E, _P], _R],
    ) -> Callable[Concatenate[tuple[_E, ...], _P], _R]:
        # With the states before the last entry and after it: an entry is added, or the last one is changed.
        kept: tuple[tuple[tuple[_E, ...], tuple[object, ...], tuple[_R, ...]], ...] = ()

        @wraps(step)
        def remembering(entries: tuple[_E, ...], *rest: _P.args, **_none: _P.kwargs) -> _R:
            nonlocal kept
            first, state = 0, start
            for asked, others, states in kept:
                if not are_same(others, rest):
                    continue
                n = count_same(asked, entries)
                if n == len(entries) == len(asked):
                    return states[-1]
                back = len(asked) - n
                if back < len(states) and n > first:
                    first, state = n, states[-1 - back]
                    break
            before = state
            for entry in entries[first:]:
                before, state = state, step(state, entry, *rest, **_none)
            states = (state,) if first == len(entries) else (before, state)
            kept = ((entries, rest, states), *kept)[:N_KEPT]
            return state

        return remembering

    return decorate


def are_same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Tell whether two tuples hold the very same values.

    Parameters
    ----------
    one, other : tuple

    Returns
    -------
    bool
    """
    return len(one) == len(other) and not any(map(is_not, one, other))


def count_same(one: tuple[object, ...], other: tuple[object, ...]) -> int:
    """Count how many entries two tuples have in common from the first on: the very same values.

    Parameters
    ----------
    one, other : tuple

    Returns
    -------
    int
    """
    if one is other:
        return len(one)
    if not any(map(is_not, one, other)):
        return min(len(one), len(other))
    return next(idx for idx, is_other in enumerate(map(is_not, one, other)) if is_other)


def remember_some(
    is_wanted: Callable[Concatenate[_E, _P], bool],
) -> Callable[Concatenate[tuple[_E, ...], _P], tuple[_E, ...]]:
    """Return a function that chooses entries of a tuple, and looks only at entries that are new in it.

    Parameters
    ----------
    is_wanted : callable
        Pure; asked with one entry and what else it depends on, by position only.

    Returns
    -------
    callable
        Of a tuple of entries and the rest; its answer is the same tuple as before when all in it are.
    """
    each = remember_each(is_wanted)
    keep: Callable[[tuple[_E, ...]], tuple[_E, ...]] = make_keeper()

    @wraps(is_wanted)
    def remembering(entries: tuple[_E, ...], *rest: _P.args, **_none: _P.kwargs) -> tuple[_E, ...]:
        return keep(tuple(compress(entries, each(entries, *rest, **_none))))

    return remembering


def make_keeper() -> Callable[[tuple[_E, ...]], tuple[_E, ...]]:
    """Return a function that gives one of its last tuples again for one with the very same entries.

    Returns
    -------
    callable
        Of a tuple; so that what was worked out from the earlier one is found by its identity.
    """
    kept: tuple[tuple[_E, ...], ...] = ()

    def keep(entries: tuple[_E, ...]) -> tuple[_E, ...]:
        nonlocal kept
        known = next((one for one in kept if are_same(one, entries)), None)
        if known is None:
            known, kept = entries, (entries, *kept)[:N_KEPT]
        return known

    return keep


class Latest(Generic[_E]):
    """Tells where in a tuple what is newer than a moment can begin, whatever the clock did.

    Parameters
    ----------
    read : callable
        Returns the moment of an entry, aware UTC.
    """

    def __init__(self, read: Callable[[_E], datetime]) -> None:
        self.moments: Callable[[tuple[_E, ...]], tuple[datetime, ...]] = remember_each(read)
        """Returns the moment of each entry."""
        self._kept: tuple[tuple[tuple[datetime, ...], tuple[datetime, ...]], ...] = ()

    def latest(self, entries: tuple[_E, ...]) -> datetime | None:
        """Return the latest moment of all; None when there is none."""
        highest = self._highest(self.moments(entries))
        return highest[-1] if highest else None

    def since(self, entries: tuple[_E, ...], at: datetime) -> tuple[_E, ...]:
        """Return a tuple without the entries at its front as long as all of them are at or before ``at``.

        Every entry after ``at`` is in it, also where a clock was changed; some before it may be too.
        """
        return entries[bisect_right(self._highest(self.moments(entries)), at) :]

    def _highest(self, moments: tuple[datetime, ...]) -> tuple[datetime, ...]:
        """Return for each place the latest moment up to there."""
        best: tuple[datetime, ...] = ()
        n_best = 0
        for known, highest in self._kept:
            n = count_same(known, moments)
            if n == len(known) == len(moments):
                return highest
            if n > n_best:
                best, n_best = highest, n
            if n and n >= len(known) - 1:
                break
        found = (
            best[:n_best]
            + tuple(accumulate((*best[n_best - 1 : n_best], *moments[n_best:]), max))[min(1, n_best) :]
        )
        self._kept = ((moments, found), *self._kept)[:N_KEPT]
        return found
