"""People who are made up: a course of pain over a year, and how they use the program.

In: a number. Out: the same person every time. None of this is fitted to real people: the courses are drawn so
that each kind is plainly itself, as ``docs/safety-simulation.md`` tells. Next file:
:mod:`validation.lives.living`.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["healthy", "recovering", "stable", "worsening", "flaring", "red-flag"]
Way: TypeAlias = Literal[
    "nerve-check", "chest-check", "nerve-note", "strong-pain", "stop-sign", "constant-night"
]

N_DAYS = 365
SHARES: dict[Kind, int] = {
    "healthy": 200,
    "recovering": 200,
    "stable": 150,
    "worsening": 150,
    "flaring": 150,
    "red-flag": 150,
}
"""People of each kind among a thousand."""
WAYS: tuple[Way, ...] = (
    "nerve-check",
    "chest-check",
    "nerve-note",
    "strong-pain",
    "stop-sign",
    "constant-night",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One made-up year."""

    idx: int
    kind: Kind
    levels: tuple[float, ...]
    """Pain as it is, by day, 0 to 10; what is told has noise on it."""
    noise: float
    """Standard deviation of what is told around what is, points."""
    open_frac: float
    """Share of days on which the program is opened."""
    review_frac: float
    """Share of the weekly looks back that are answered."""
    changes_on: int | None
    """Day on which the course changes for the worse; None: never."""
    way: Way | None = None
    """How a red flag is told."""
    age_years: float = 45.0
    dice: random.Random = field(repr=False, default_factory=random.Random)


def make_person(idx: int, seed: int) -> Person:
    """Make one person; the same number and seed give the same one.

    Parameters
    ----------
    idx : int
    seed : int

    Returns
    -------
    Person
    """
    # nothing secret
    dice = random.Random(f"{seed}/{idx}")  # noqa: S311
    kind = _kind_of(idx)
    changes_on = None
    if kind == "stable":
        changes_on = 0
    elif kind not in {"healthy", "recovering"}:
        changes_on = dice.randint(56, 280)
    levels = _make_levels(kind, changes_on, dice)
    return Person(
        idx=idx,
        kind=kind,
        levels=levels,
        noise=dice.uniform(0.4, 0.9),
        open_frac=dice.uniform(0.2, 0.7),
        review_frac=dice.uniform(0.6, 1.0),
        changes_on=changes_on,
        way=dice.choice(WAYS) if kind == "red-flag" else None,
        age_years=round(dice.uniform(22, 70)),
        dice=dice,
    )


def _kind_of(idx: int) -> Kind:
    """Deal the kinds out evenly, so that a few people are a fair sample too."""
    place = (idx * 619) % 1000
    for kind, n in SHARES.items():
        if place < n:
            return kind
        place -= n
    msg = f"the shares do not add up to 1000: {SHARES}"
    raise ValueError(msg)


def _make_levels(kind: Kind, changes_on: int | None, dice: random.Random) -> tuple[float, ...]:
    days = range(N_DAYS)
    if kind == "healthy":
        base = dice.uniform(0.0, 1.0)
        bumps = _bumps(dice, every=(40, 120), height=(0.5, 1.5), lasts=(1, 2))
        return tuple(base + bumps.get(d, 0.0) for d in days)
    start, rest = dice.uniform(3.5, 6.0), dice.uniform(0.2, 1.2)
    half_life = dice.uniform(7, 21)
    recovered = [rest + (start - rest) * 0.5 ** (d / half_life) for d in days]
    if kind == "recovering":
        return tuple(recovered)
    if kind == "stable":
        base = dice.uniform(3.0, 4.5)
        return tuple(base + 0.4 * math.sin(d / 9 + start) for d in days)
    at = changes_on or 0
    if kind == "worsening":
        rise, weeks = dice.uniform(3.0, 5.0), dice.uniform(2, 8)
        return tuple(
            min(9.0, x + rise * min(1.0, max(0.0, (d - at) / (7 * weeks)))) for d, x in enumerate(recovered)
        )
    if kind == "flaring":
        bumps = _bumps(dice, every=(12, 24), height=(2.5, 4.0), lasts=(3, 6), since=at)
        return tuple(min(9.0, x + bumps.get(d, 0.0)) for d, x in enumerate(recovered))
    return tuple(recovered)


def _bumps(
    dice: random.Random,
    *,
    every: tuple[int, int],
    height: tuple[float, float],
    lasts: tuple[int, int],
    since: int = 0,
) -> dict[int, float]:
    """Return what bad days add, by day."""
    found: dict[int, float] = {}
    day = since or dice.randint(*every)
    while day < N_DAYS:
        more = dice.uniform(*height)
        for d in range(day, min(N_DAYS, day + dice.randint(*lasts))):
            found[d] = more
        day += dice.randint(*every)
    return found
