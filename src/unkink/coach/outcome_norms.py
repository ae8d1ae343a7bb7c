"""From when an outcome is told as a change: ``rules/norms/change.yaml`` on pain, activities, relief.

In: nothing; the rulebook decodes it. Out: the types of that file that :mod:`unkink.coach.outcome` and
:mod:`unkink.coach.relief` judge by. Next file: :mod:`unkink.coach.outcome`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from unkink.coach.exercise import Positive, Strict

Grade: TypeAlias = Literal["A", "B", "C", "D"]


class PainStep(Strict, frozen=True, kw_only=True):
    """How large a change of pain has to be, by where it started."""

    from_score: int
    to_score: int
    change: Positive


class PainNorm(Strict, frozen=True, kw_only=True):
    """Meaningful and detectable change of a 0 to 10 score."""

    unit: Literal["points"]
    population: str
    steps: tuple[PainStep, ...]
    detectable: Positive
    """One score against one other: less than this is how such scores vary by themselves."""
    or_points: Positive
    """A meaningful change is so many points ..."""
    or_frac: Positive
    """... or so large a share of the start."""
    source: tuple[str, ...]
    grade: Grade
    evidence: tuple[str, ...]

    def meaningful(self, start: float) -> float:
        """Return by how many points a score has to change from ``start`` (0 to 10) to mean something.

        The step of its start, and besides that the smaller of the two classic cut-offs: points or share.
        """
        # half a point up: the stricter step
        whole = int(min(10.0, max(0.0, start)) + 0.5)
        by_start = next((s.change for s in self.steps if s.from_score <= whole <= s.to_score), None)
        step = self.steps[0].change if by_start is None else by_start
        classic = min(self.or_points, self.or_frac * start) if start > 0 else self.steps[0].change
        return max(step, classic)


class CourseNorm(Strict, frozen=True, kw_only=True):
    """How a course over weeks is looked at: robust, and against its own noise."""

    days: Positive
    """That the small chart looks back."""
    window_days: Positive
    """The two windows that are compared, and that the line is smoothed over."""
    least_days: Positive
    """Days with an answer that a window needs."""
    usual_days: Positive
    """How far back the person's own noise is learned from."""
    least_steps: Positive
    """Days, and weeks, that the person's own noise needs."""
    least_alike: Positive
    """Correlation of neighbouring days that is taken for granted."""
    least_change: Positive
    """Points; a smaller change of a course is never told, however quiet it is."""
    source: tuple[str, ...]
    grade: Grade
    evidence: tuple[str, ...]


class ActivityNorm(Strict, frozen=True, kw_only=True):
    """Change of the person's own activities, 0 to 10."""

    detectable: Positive
    """Of the mean of three."""
    detectable_one: Positive
    """Of a single one, and of the mean of fewer than three."""
    small: Positive
    medium: Positive
    large: Positive
    source: tuple[str, ...]
    grade: Grade
    evidence: tuple[str, ...]


class WholeNorm(Strict, frozen=True, kw_only=True):
    """Change as the person sees it as a whole, -5 to +5."""

    change: Positive
    source: tuple[str, ...]
    grade: Grade
    evidence: tuple[str, ...]


class SleepNorm(Strict, frozen=True, kw_only=True):
    """Change of sleep."""

    disturbance: Positive
    """Points of 0 to 10."""
    nights: Positive
    """Nights woken of seven."""
    source: tuple[str, ...]
    grade: Grade
    evidence: tuple[str, ...]


class ReliefNorm(Strict, frozen=True, kw_only=True):
    """When techniques are compared by how it was straight after them."""

    steps: dict[Literal["worse", "same", "bit", "lot"], float]
    """The four words as numbers: own-baseline only, nobody has validated them."""
    least_sessions: Positive
    """Of a technique, before anything is said of it."""
    look_back_days: Positive
    sds_apart: Positive
    """Standard errors between two techniques from which on they differ."""
    prior_sd: Positive
    """What the scatter of single answers is taken for before there are many ..."""
    prior_weight: Positive
    """... and as how many answers that counts."""
    source: tuple[str, ...]
    grade: Grade
    evidence: tuple[str, ...]
