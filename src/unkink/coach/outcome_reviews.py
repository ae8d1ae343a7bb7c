"""What the longer looks back tell over time: own activities, sleep, and change as the person sees it.

In: looks back, what ``rules/norms/change.yaml`` calls a change. Out: first and latest answers with how
large a change has to be, and sentences by their key. Next file: :mod:`unkink.coach.relief`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from unkink.body.uncertainty import Z_90
from unkink.coach.events import Line
from unkink.coach.history import PastReview, clamp
from unkink.coach.outcome import Change, Report, judge_change

if TYPE_CHECKING:
    from unkink.coach.outcome_norms import ActivityNorm, SleepNorm, WholeNorm

SleepQuantity: TypeAlias = Literal["nights", "disturbance"]
_Reader: TypeAlias = Callable[[PastReview], float | None]

_LEAST_STEPS = 2
"""Differences of neighbours from which on the person's own noise is looked at."""
_FEW = 3
"""At most so many of the first and of the latest answers are compared, by their middle."""
_N_OWN = 3
"""The figure for a mean goes for so many activities."""


class ReviewCourse(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is asked again and again."""

    reports: tuple[Report, ...]
    """Oldest first, in the unit of what is asked."""
    change: Change | None
    """From the first answers to the latest; None with fewer than two."""
    is_own: bool
    """Whether the person's own scatter, and not the norm, says how large a change has to be."""
    sentence: Line


class ActivityCourse(msgspec.Struct, frozen=True, kw_only=True):
    """One of the person's own activities."""

    activity_id: str
    course: ReviewCourse
    """0 cannot do it to 10 as before."""


class Activities(msgspec.Struct, frozen=True, kw_only=True):
    """The person's own activities, each and together."""

    each: tuple[ActivityCourse, ...]
    change: Change | None
    """Of the mean of those that were told the first and the latest time."""
    sentence: Line


def compute_activities(
    reviews: Sequence[PastReview], activity_ids: Iterable[str], norm: ActivityNorm, now: datetime
) -> Activities:
    """Tell what became of the person's own activities (V02).

    Parameters
    ----------
    reviews : sequence of PastReview, oldest first
        Scores 0 to 10, higher is better.
    activity_ids : iterable of str
        In the order in which they are told; scores of others are left out.
    norm : ActivityNorm
    now : datetime
        Aware UTC.

    Returns
    -------
    Activities
    """
    each: list[ActivityCourse] = []
    for activity_id in dict.fromkeys(activity_ids):
        reports = _collect(reviews, now, lambda r, i=activity_id: r.activities.get(i))
        if reports:
            course = _to_course(reports, norm.detectable_one, norm.medium, "outcome.activity")
            each.append(ActivityCourse(activity_id=activity_id, course=course))
    changes = [one.course.change for one in each if one.course.change is not None]
    if not changes:
        key = "outcome.activities.first" if each else "outcome.activities.nothing"
        return Activities(each=tuple(each), change=None, sentence=Line(key=key))
    mean = math.fsum(c.change for c in changes) / len(changes)
    detectable = norm.detectable if len(changes) >= _N_OWN else norm.detectable_one
    # who varies more than the norm needs more
    detectable = max(detectable, compute_own_change(_compute_means(each)) or 0.0)
    change = judge_change(mean, detectable=detectable, meaningful=norm.medium)
    return Activities(each=tuple(each), change=change, sentence=_describe_activities(change, norm))


def compute_sleep(
    reviews: Sequence[PastReview], quantity: SleepQuantity, norm: SleepNorm, now: datetime
) -> ReviewCourse | None:
    """Tell what became of sleep (V07): nights woken of seven, or disturbance by pain, 0 to 10.

    Parameters
    ----------
    reviews : sequence of PastReview, oldest first
    quantity : ``nights`` or ``disturbance``
    norm : SleepNorm
    now : datetime
        Aware UTC.

    Returns
    -------
    ReviewCourse or None
        None when it was never told.
    """
    name = "nights_woken" if quantity == "nights" else "sleep_disturbance"
    reports = _collect(reviews, now, lambda r: getattr(r, name))
    least = norm.nights if quantity == "nights" else norm.disturbance
    return _to_course(reports, least, least, f"outcome.{quantity}") if reports else None


def describe_whole(reviews: Sequence[PastReview], norm: WholeNorm) -> Line | None:
    """Say how the person sees the change as a whole since the beginning (V03), -5 to +5.

    Parameters
    ----------
    reviews : sequence of PastReview, oldest first
    norm : WholeNorm

    Returns
    -------
    Line or None
        None when it was never told.
    """
    told = [r.global_change for r in reviews if r.global_change is not None]
    if not told:
        return None
    if abs(told[-1]) < norm.change:
        return Line(key="outcome.whole.same")
    return Line(key="outcome.whole.better" if told[-1] > 0 else "outcome.whole.worse")


def compute_own_change(values: Sequence[float]) -> float | None:
    """Return the person's own detectable change (90 %) of something that is asked again and again.

    Parameters
    ----------
    values : sequence of float, oldest first
        The newest is left out, so that a real change does not hide itself.

    Returns
    -------
    float or None
        In the unit of the values; None for too few.
    """
    steps = [b - a for a, b in itertools.pairwise(values[:-1])]
    if len(steps) < _LEAST_STEPS:
        return None
    typical = math.sqrt(math.fsum(step * step for step in steps) / len(steps) / 2.0)
    return Z_90 * math.sqrt(2.0) * typical


def _collect(reviews: Sequence[PastReview], now: datetime, read: _Reader) -> tuple[Report, ...]:
    found = [
        Report(at=clamp(r.at, now), value=value)
        for r in reviews
        if (value := read(r)) is not None and math.isfinite(value)
    ]
    return tuple(sorted(found, key=lambda report: report.at))


def _to_course(reports: tuple[Report, ...], least: float, meaningful: float, stem: str) -> ReviewCourse:
    values = [r.value for r in reports]
    if len(values) < 2:  # noqa: PLR2004
        return ReviewCourse(reports=reports, change=None, is_own=False, sentence=Line(key=f"{stem}.first"))
    own = compute_own_change(values) or 0.0
    n = min(_FEW, len(values) // 2)
    first, latest = median(values[:n]), median(values[-n:])
    change = judge_change(latest - first, detectable=max(least, own), meaningful=max(least, meaningful))
    params: dict[str, str | int | float] = {"first": first, "latest": latest}
    word = "same" if change.size == "same" else "less" if change.change < 0 else "more"
    return ReviewCourse(
        reports=reports,
        change=change,
        is_own=own > least,
        sentence=Line(key=f"{stem}.{word}", params=params),
    )


def _compute_means(each: Sequence[ActivityCourse]) -> list[float]:
    """Return the mean of all activities for every look back that told all of them."""
    columns = [{r.at: r.value for r in one.course.reports} for one in each if one.course.change is not None]
    common = [at for at in columns[0] if all(at in column for column in columns)]
    return [math.fsum(column[at] for column in columns) / len(columns) for at in common]


def _describe_activities(change: Change, norm: ActivityNorm) -> Line:
    if change.size == "same":
        return Line(key="outcome.activities.same")
    if change.change < 0:
        return Line(key="outcome.activities.less")
    sizes: Mapping[str, float] = {"large": norm.large, "medium": norm.medium}
    size = next((name for name, least in sizes.items() if change.change >= least), "small")
    return Line(key=f"outcome.activities.more.{size}")
