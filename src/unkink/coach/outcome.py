"""What came of it: pain before and after and over weeks, a change only where it is more than its noise.

In: sessions and check-ins of the past, what ``rules/norms/change.yaml`` calls a change. Out: numbers with
their noise, and sentences by their key. Three words only: about the same, a little (more than the noise,
less than what matters), clearly. Looks back, activities and sleep: :mod:`unkink.coach.outcome_reviews`;
techniques compared: :mod:`unkink.coach.relief`. Next file: :mod:`unkink.coach.outcome_reviews`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from unkink.body.uncertainty import Z_90
from unkink.coach.events import Line
from unkink.coach.history import PastCheckIn, clamp, compute_local_day
from unkink.coach.lately import CHECKED

if TYPE_CHECKING:
    from unkink.coach.outcome_norms import CourseNorm, PainNorm

Size: TypeAlias = Literal["same", "little", "clear"]
NoiseOf: TypeAlias = Literal["norm", "days", "weeks"]

_TINY = 1e-9
_LONG_DAYS = 100
"""A longer course is drawn by weeks."""
_MEDIAN_FRAC = 1.2533
"""Standard error of a median of many values over the SD of one, times the root of their number."""
_MOST_ALIKE = 0.9
_STIFFNESS = {"no": 0, "bit": 1, "very": 2}


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a score."""

    change: float
    """After minus before, in points of its scale."""
    detectable: float
    """Less than this is noise."""
    meaningful: float
    """From this on it matters."""
    size: Size

    @property
    def word(self) -> str:
        """End of the key of its sentence: ``same``, ``little.less``, ``clear.more``, ..."""
        if self.size == "same":
            return "same"
        return f"{self.size}.{'less' if self.change < 0 else 'more'}"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One score at one time."""

    at: datetime
    """Aware UTC."""
    value: float
    """0 to 10."""


class PainCourse(msgspec.Struct, frozen=True, kw_only=True):
    """Pain over weeks."""

    reports: tuple[Report, ...]
    """What was told, oldest first; of a long course the median of each week."""
    line: tuple[Report, ...]
    """The same without its scatter, for drawing."""
    start: float | None
    """Median of the first week with enough answers; None: not known."""
    latest: float | None
    """Median of the last."""
    noise: float | None
    """Points: a smaller change of a week's median is noise; None: not enough days."""
    noise_of: NoiseOf | None
    """Which noise decided that: the norm's, the person's own days, the person's own weeks."""
    change: Change | None
    sentence: Line
    n_reports: int
    """Single answers behind it."""


def judge_change(change: float, *, detectable: float, meaningful: float) -> Change:
    """Tell how large a change is.

    Parameters
    ----------
    change, detectable, meaningful : float
        In points of its scale.

    Returns
    -------
    Change
    """
    size: Size = "clear"
    if abs(change) < detectable - _TINY:
        size = "same"
    elif abs(change) < meaningful - _TINY:
        size = "little"
    return Change(change=change, detectable=detectable, meaningful=meaningful, size=size)


# ------------------------------------------------------------------------------------------ one session


def compare_pain(before: float | None, after: float | None, norm: PainNorm) -> Change | None:
    """Compare two single scores, before and after a session.

    Parameters
    ----------
    before, after : float or None
        0 to 10.
    norm : PainNorm

    Returns
    -------
    Change or None
        None when either was not told.
    """
    if before is None or after is None or not (math.isfinite(before) and math.isfinite(after)):
        return None
    return judge_change(after - before, detectable=norm.detectable, meaningful=norm.meaningful(before))


def describe_pain(before: float | None, after: float | None, norm: PainNorm) -> Line:
    """Say what became of the pain (0 to 10) in one session."""
    change = compare_pain(before, after, norm)
    if change is None:
        return Line(key="outcome.pain.unknown")
    if before == 0 and after == 0:
        return Line(key="outcome.pain.none")
    return Line(key=f"outcome.pain.{change.word}")


def describe_stiffness(before: str | None, after: str | None) -> Line | None:
    """Say what became of the stiffness (``no``, ``bit``, ``very``) in one session: its noise is not known.

    Parameters
    ----------
    before, after : str or None

    Returns
    -------
    Line or None
        None when either was not told.
    """
    if before not in _STIFFNESS or after not in _STIFFNESS:
        return None
    step = _STIFFNESS[after] - _STIFFNESS[before]
    if step == 0:
        return Line(key="outcome.stiffness.none" if before == "no" else "outcome.stiffness.same")
    return Line(key="outcome.stiffness.less" if step < 0 else "outcome.stiffness.more")


def find_stiffness_before(check_ins: Sequence[PastCheckIn], started_at: datetime) -> str | None:
    """Return the stiffness told last before a session, on the same day.

    Parameters
    ----------
    check_ins : sequence of PastCheckIn, oldest first
    started_at : datetime
        Aware UTC.

    Returns
    -------
    str or None
    """
    last = next((c for c in reversed(check_ins) if c.at <= started_at), None)
    if last is None:
        return None
    offset_min = last.utc_offset_min
    same_day = compute_local_day(last.at, offset_min) == compute_local_day(started_at, offset_min)
    return last.stiffness if same_day else None


# ------------------------------------------------------------------------------------------- over weeks


def compute_pain_course(
    check_ins: Sequence[PastCheckIn],
    pain: PainNorm,
    course: CourseNorm,
    now: datetime,
    *,
    days: float | None = None,
) -> PainCourse:
    """Tell what became of pain now over weeks.

    The medians of the first and of the last week are compared, each over one value a day. The change has to
    be larger than what the person's own days and weeks vary by.

    Parameters
    ----------
    check_ins : sequence of PastCheckIn, oldest first
        Pain 0 to 10.
    pain : PainNorm
    course : CourseNorm
    now : datetime
        Aware UTC.
    days : float or None
        How far to look back; None: over all there is.

    Returns
    -------
    PainCourse
    """
    since = None if days is None else now - timedelta(days=days)
    learned_since = now - timedelta(days=max(course.usual_days, days or 0.0))
    told = _collect(check_ins, now, None if since is None else learned_since)
    shown = [(day, r) for day, r in told if since is None or r.at > since]
    by_day = _medians(shown)
    noise, noise_of = _compute_noise(
        _medians([(d, r) for d, r in told if r.at > learned_since]), pain, course
    )
    start, latest = _compare_windows(by_day, course)
    change = None
    if start is not None and latest is not None and noise is not None:
        change = judge_change(latest - start, detectable=noise, meaningful=pain.meaningful(start))
    reports, line = _draw(shown, by_day, course)
    return PainCourse(
        reports=reports,
        line=line,
        start=start,
        latest=latest,
        noise=noise if change is not None else None,
        noise_of=noise_of if change is not None else None,
        change=change,
        sentence=_describe_course(change, start, latest, by_day),
        n_reports=len(shown),
    )


def _collect(
    check_ins: Sequence[PastCheckIn], now: datetime, since: datetime | None
) -> list[tuple[int, Report]]:
    """Return what was told with its local day, in order of time."""
    found = [
        (
            compute_local_day(at, c.utc_offset_min).toordinal(),
            Report(at=at, value=min(10.0, max(0.0, c.pain_now))),
        )
        for c in (check_ins if since is None else CHECKED.since(tuple(check_ins), since))
        if c.pain_now is not None and math.isfinite(c.pain_now)
        if since is None or c.at > since
        for at in (clamp(c.at, now),)
    ]
    return sorted(found, key=lambda item: item[1].at)


def _medians(told: Sequence[tuple[int, Report]]) -> dict[int, float]:
    """Return one value for each day, so that a day of many answers counts once."""
    days: dict[int, list[float]] = {}
    for day, report in told:
        days.setdefault(day, []).append(report.value)
    return {day: median(values) for day, values in sorted(days.items())}


def _weekly(by_day: dict[int, float], course: CourseNorm) -> list[tuple[int, list[float]]]:
    """Return the values of each week with enough of them, oldest first; weeks end with the last day."""
    if not by_day:
        return []
    last, size = max(by_day), int(course.window_days)
    weeks: dict[int, list[float]] = {}
    for day, value in by_day.items():
        weeks.setdefault((last - day) // size, []).append(value)
    return [(last - k * size, weeks[k]) for k in sorted(weeks, reverse=True)]


def _compare_windows(by_day: dict[int, float], course: CourseNorm) -> tuple[float | None, float | None]:
    """Return the medians of the first and the last week; None where they overlap or have too few days."""
    if not by_day:
        return None, None
    first, last, size = min(by_day), max(by_day), int(course.window_days)
    if last - first < 2 * size - 1:
        return None, None
    early = [v for day, v in by_day.items() if day < first + size]
    late = [v for day, v in by_day.items() if day > last - size]
    if min(len(early), len(late)) < course.least_days:
        return None, None
    return float(median(early)), float(median(late))


def _compute_noise(
    by_day: dict[int, float], pain: PainNorm, course: CourseNorm
) -> tuple[float | None, NoiseOf | None]:
    """Return the detectable change (90 %) of a week's median: the largest of norm's, days' and weeks'."""
    weeks = [(end, v) for end, v in _weekly(by_day, course) if len(v) >= course.least_days]
    if not weeks:
        return None, None
    scale = Z_90 * math.sqrt(2.0)
    n_days = median([len(values) for _, values in weeks])
    # the norm's figure is about single scores; a median of a week's days scatters less
    single = pain.detectable * _MEDIAN_FRAC / math.sqrt(n_days)
    found: dict[NoiseOf, float] = {"norm": max(course.least_change, single)}
    # the newest week is left out, so that a real change does not hide itself
    last = max(by_day) - course.window_days
    days = _compute_error([(day, v) for day, v in by_day.items() if day <= last], course, round(n_days))
    between = _compute_error([(end, median(v)) for end, v in weeks[:-1]], course, 1)
    if days is not None:
        found["days"] = scale * days
    if between is not None:
        found["weeks"] = scale * between
    noise_of = max(found, key=lambda name: found[name])
    return found[noise_of], noise_of


def _compute_error(values: Sequence[tuple[float, float]], course: CourseNorm, n: int) -> float | None:
    """Return the standard error of the middle of ``n`` neighbours, from the scatter around a straight line.

    Good and bad days come in spells: how alike neighbours are is learned too, and makes the middle of a week
    less sure than of as many days that have nothing to do with each other.
    """
    if len(values) < course.least_steps:
        return None
    mean_x = math.fsum(x for x, _ in values) / len(values)
    mean_y = math.fsum(y for _, y in values) / len(values)
    spread = math.fsum((x - mean_x) ** 2 for x, _ in values)
    slope = math.fsum((x - mean_x) * (y - mean_y) for x, y in values) / spread
    rest = [y - mean_y - slope * (x - mean_x) for x, y in values]
    variance = math.fsum(r * r for r in rest) / (len(rest) - 2)
    if n == 1 or variance <= 0:
        return math.sqrt(variance)
    steps = math.fsum((b - a) ** 2 for a, b in itertools.pairwise(rest)) / (len(rest) - 1) / 2.0
    alike = min(_MOST_ALIKE, max(course.least_alike, 1.0 - steps / variance))
    frac = (n + 2 * math.fsum((n - k) * alike**k for k in range(1, n))) / (n * n)
    return math.sqrt(variance) * min(1.0, _MEDIAN_FRAC * math.sqrt(frac))


def _draw(
    shown: Sequence[tuple[int, Report]], by_day: dict[int, float], course: CourseNorm
) -> tuple[tuple[Report, ...], tuple[Report, ...]]:
    """Return the dots and the line: days, or weeks where there are many."""
    if not shown:
        return (), ()
    last_at = {day: report.at for day, report in shown}
    if max(by_day) - min(by_day) <= _LONG_DAYS:
        line = _smooth(by_day, round((course.window_days - 1) / 2))
        return tuple(r for _, r in shown), tuple(Report(at=last_at[d], value=v) for d, v in line.items())
    weeks = {end: float(median(values)) for end, values in _weekly(by_day, course)}
    newest, (newest_day, _) = shown[-1][1].at, shown[-1]
    at = {end: newest - timedelta(days=newest_day - end + (course.window_days - 1) / 2) for end in weeks}
    line = _smooth({end // 7: value for end, value in weeks.items()}, 2)
    ends = {end // 7: end for end in weeks}
    return (
        tuple(Report(at=at[end], value=value) for end, value in weeks.items()),
        tuple(Report(at=at[ends[k]], value=v) for k, v in line.items()),
    )


def _smooth(values: dict[int, float], half: int) -> dict[int, float]:
    """Return a running median, then a mean with weights that fall off, over ``half`` units to each side."""
    steady = {k: float(median(found)) for k in values if (found := [v for _, v in _near(values, k, half)])}
    smooth: dict[int, float] = {}
    for k in steady:
        near = _near(steady, k, half)
        weights = [half + 1 - abs(i - k) for i, _ in near]
        smooth[k] = math.fsum(w * v for w, (_, v) in zip(weights, near, strict=True)) / sum(weights)
    return smooth


def _near(values: dict[int, float], k: int, half: int) -> list[tuple[int, float]]:
    return [(i, values[i]) for i in range(k - half, k + half + 1) if i in values]


def _describe_course(
    change: Change | None,
    start: float | None,
    latest: float | None,
    by_day: dict[int, float],
) -> Line:
    if not by_day:
        return Line(key="outcome.course.nothing")
    span = max(by_day) - min(by_day) + 1
    if change is None or start is None or latest is None:
        return Line(key="outcome.course.few")
    params: dict[str, str | int | float] = {"days": span, "start": start, "latest": latest}
    if start == 0 and latest == 0:
        return Line(key="outcome.course.none", params={"days": span})
    return Line(key=f"outcome.course.{change.word}", params=params)
