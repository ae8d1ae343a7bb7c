"""The shapes of what came of it: relief by technique, own activities, sleep.

In: nothing. Out: pydantic models. Next file: :mod:`unkink.front.outcomes`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from unkink.front.routes.shapes import Sentence, Shape
from unkink.front.routes.shapes_day import TrendPoint


class ReliefShown(Shape):
    """What one technique did, as the person told it."""

    exercise_id: str
    name_key: str
    n: int
    """Sessions after which it was told."""
    n_better: int
    n_same: int
    n_worse: int
    mean: float
    """-1 worse, 0 same, 1 a bit, 2 a lot better."""
    low: float
    """Of its 90 % interval."""
    high: float
    verdict: Literal["few", "same", "better", "worse"]
    sentence: Sentence
    pain_change: float | None
    """Mean change of pain in a session, points; below 0 is less."""
    pain_low: float | None
    pain_high: float | None


class ReliefsShown(Shape):
    """All techniques that were tried."""

    techniques: list[ReliefShown]
    standing: Literal["nothing", "few", "one", "same", "most"]
    best_id: str | None
    sentence: Sentence
    days: int
    """How far it looks back."""


class ActivityShown(Shape):
    """One of the person's own activities over time."""

    id: str
    text: str
    """The person's own words."""
    points: list[TrendPoint]
    """0 cannot do it to 10 as before."""
    noise: float | None
    """A smaller change is noise."""
    sentence: Sentence


class ActivitiesShown(Shape):
    """The person's own activities."""

    each: list[ActivityShown]
    sentence: Sentence


class SleepShown(Shape):
    """Nights woken by pain, of seven."""

    points: list[TrendPoint]
    noise: float | None
    sentences: list[Sentence]


class Outcome(Shape):
    """What one session came to for the person."""

    pain: Sentence | None
    pain_noise: float
    """A difference of two single scores that is smaller is noise."""
    stiffness_before: Literal["no", "bit", "very"] | None
    stiffness: Sentence | None
    relief: ReliefShown | None
    """How this technique went so far."""
    last_at: datetime | None
    """When this technique was done before."""
