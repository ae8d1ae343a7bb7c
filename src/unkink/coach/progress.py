"""Progress: whether something changed, in words that do not claim more than the numbers do.

In: numbers with their standard deviation, before and after. Out: sentences by their key. A change smaller
than the noise is "no clear change". Next file: :mod:`unkink.diary.repository`.
"""

from __future__ import annotations

import math
from typing import Literal

from unkink.coach.events import Line
from unkink.coach.exercise import Positive, Strict

Z_90 = 1.645
"""Half width of a 90 % interval in standard deviations (normal distribution)."""


class PainStep(Strict, frozen=True, kw_only=True):
    """How large a change of pain has to be, by where it started."""

    from_score: int
    to_score: int
    change: Positive


class PainNorm(Strict, frozen=True, kw_only=True):
    """Meaningful change of a 0 to 10 score."""

    unit: Literal["points"]
    population: str
    steps: tuple[PainStep, ...]
    source: tuple[str, ...]
    grade: Literal["A", "B", "C", "D"]
    evidence: tuple[str, ...]


class TurningNorm(Strict, frozen=True, kw_only=True):
    """Clear change of a self-measured rotation."""

    unit: Literal["degrees"]
    population: str
    change_deg: Positive
    side_difference_deg: Positive
    source: tuple[str, ...]
    grade: Literal["A", "B", "C", "D"]
    evidence: tuple[str, ...]


class TrendNorm(Strict, frozen=True, kw_only=True):
    """How far the small chart looks back."""

    days: Positive
    source: tuple[str, ...]
    grade: Literal["A", "B", "C", "D"]
    evidence: tuple[str, ...]


class ChangeNorms(Strict, frozen=True, kw_only=True):
    """From when a change is a change (``rules/norms/change.yaml``)."""

    format: Literal[1]
    pain: PainNorm
    turning: TurningNorm
    trend: TrendNorm


def compute_clear_change_deg(sd_before_deg: float, sd_after_deg: float, norm: TurningNorm) -> float:
    """Return how large a change of an angle has to be to be called one, degrees.

    The larger of the norm and the 90 % interval of the difference of the two measurements.
    """
    noise_deg = Z_90 * math.hypot(sd_before_deg, sd_after_deg)
    return max(norm.change_deg, noise_deg if math.isfinite(noise_deg) else math.inf)


def describe_angle_change(
    before_deg: float | None,
    after_deg: float | None,
    sd_before_deg: float,
    sd_after_deg: float,
    norm: TurningNorm,
) -> Line:
    """Say what became of an angle (degrees, unsigned excursion)."""
    if (
        before_deg is None
        or after_deg is None
        or not (math.isfinite(before_deg) and math.isfinite(after_deg))
    ):
        return Line(key="progress.angle.first")
    change = after_deg - before_deg
    if abs(change) < compute_clear_change_deg(sd_before_deg, sd_after_deg, norm):
        return Line(key="progress.angle.same")
    key = "progress.angle.more" if change > 0 else "progress.angle.less"
    return Line(key=key, params={"change_deg": round(abs(change))})


def compute_clear_pain_change(before: int, norm: PainNorm) -> float:
    """Return by how many points a pain score of ``before`` (0 to 10) has to change to be clear."""
    fitting = [s.change for s in norm.steps if s.from_score <= before <= s.to_score]
    return fitting[0] if fitting else norm.steps[0].change


def describe_pain_change(before: int | None, after: int | None, norm: PainNorm) -> Line:
    """Say what became of the pain (0 to 10)."""
    if before is None or after is None:
        return Line(key="progress.pain.unknown")
    if before == 0 and after == 0:
        return Line(key="progress.pain.none")
    change = after - before
    if abs(change) < compute_clear_pain_change(before, norm):
        return Line(key="progress.pain.same")
    return Line(key="progress.pain.less" if change < 0 else "progress.pain.more")
