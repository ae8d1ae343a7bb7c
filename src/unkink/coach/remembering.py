"""Ask a question about years only once: the last answers of a pure function, by what it was asked.

In: a pure function of values that nobody changes. Out: the same function, which looks again only when it is
asked about another value: not an equal one, another one. Every write to the diary makes another history, so
nothing can be missed. Next file: :mod:`unkink.coach.pain`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

_N_KEPT = 4
"""A history, the same without a session, and with the check-in of now."""


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
        kept = ((args, answer), *kept)[:_N_KEPT]
        return answer

    return remembering
