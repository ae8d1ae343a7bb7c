"""The shapes of the mobility check: whether it is due, what came of it, how it went over time.

In: nothing. Out: pydantic models. Next file: :mod:`unkink.front.mobility`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from unkink.front.routes.shapes import Evidence, Note, Sentence, Shape


class Measured(Shape):
    """One measured value with its uncertainty, or why there is none."""

    quantity: str
    side: Literal["right", "left", "both"]
    value_deg: float | None
    sd_deg: float | None
    n: int
    reason: str | None
    before_deg: float | None
    """The last time, if there was one."""
    noise_deg: float | None
    """A change smaller than this is noise."""
    noise_because: Literal["norm", "instrument", "repeats", "sessions", "unknown"] | None
    """Which noise decided that."""
    repeats_deg: list[float]
    """The readings that the value is the median of."""


class MeasuredPoint(Shape):
    """One point of a trend."""

    at: datetime
    value_deg: float | None
    sd_deg: float | None
    session_id: str | None


class RangeShown(Shape):
    """Where others are: background, never a goal."""

    low_deg: float
    high_deg: float
    text_key: str
    evidence: Evidence


class CheckMovement(Shape):
    """What one check found of one movement."""

    part: str
    name_key: str
    quantity: str
    sides: list[Measured]
    sentences: list[Sentence]
    norm: RangeShown | None


class CheckShown(Shape):
    """What one check found."""

    movements: list[CheckMovement]
    before_at: datetime | None
    """When the check was that it is compared with."""
    notes: list[Sentence]
    """What makes the two less comparable, what was left out."""


class CheckTrend(Shape):
    """One movement over all checks."""

    part: str
    name_key: str
    quantity: str
    sides: dict[Literal["right", "left", "both"], list[MeasuredPoint]]
    noise_deg: float | None
    """Smallest next change that is more than noise, of the noisier side."""
    sentences: list[Sentence]
    norm: RangeShown | None


class CheckToday(Shape):
    """Whether the mobility check is open, and due."""

    state: Literal["first", "due", "later", "closed"]
    due_at: datetime | None
    last_at: datetime | None
    minutes: float
    left_out: list[Sentence]
    """Movements that are closed today."""
    reasons: list[Note]
    """Why it is closed."""
