"""Progress: whether something changed, in words that do not claim more than the numbers do.

In: numbers with their standard deviation, before and after. Out: sentences by their key. A change smaller
than the noise is "no clear change"; how large it has to be is :func:`compute_detectable_change`, for each
quantity and person from repeated measurements. Next file: :mod:`unkink.coach.outcome`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median
from typing import Literal, TypeAlias

import msgspec

from unkink.body.uncertainty import Z_90
from unkink.coach.events import Line
from unkink.coach.exercise import Positive, Strict
from unkink.coach.outcome_norms import ActivityNorm, CourseNorm, PainNorm, ReliefNorm, SleepNorm, WholeNorm

_FEW = 3
_MEDIAN_FRAC = {1: 1.0, 2: 0.7071, 3: 0.6698}
"""Standard error of a median over the SD of its values, for so many values (normal distribution)."""
_MEDIAN_MANY_FRAC = 1.2533


class TurningNorm(Strict, frozen=True, kw_only=True):
    """Clear change of a self-measured rotation."""

    unit: Literal["degrees"]
    population: str
    quantities: tuple[str, ...]
    """What it goes for; other quantities have only their own noise."""
    change_deg: Positive
    confirm_days: Positive
    """Two measurements so far apart have to agree before it is called a change."""
    side_difference_deg: Positive
    side_difference_checks: int
    """On so many measurements in a row."""
    source: tuple[str, ...]
    grade: Literal["A", "B", "C", "D"]
    evidence: tuple[str, ...]

    def least_deg(self, quantity: str) -> float:
        """Return the smallest clear change of a quantity by the norm, degrees; 0 where it has none."""
        return self.change_deg if quantity in self.quantities else 0.0


class ChangeNorms(Strict, frozen=True, kw_only=True):
    """From when a change is a change (``rules/norms/change.yaml``)."""

    format: Literal[1]
    pain: PainNorm
    turning: TurningNorm
    course: CourseNorm
    activities: ActivityNorm
    whole: WholeNorm
    sleep: SleepNorm
    relief: ReliefNorm


class RangeNorm(Strict, frozen=True, kw_only=True):
    """Where others are: background, never a goal."""

    quantity: str
    unit: Literal["degrees"]
    low: Positive
    high: Positive
    population: str
    method: str
    source: tuple[str, ...]
    grade: Literal["A", "B", "C", "D"]
    evidence: tuple[str, ...]


class RangeNorms(Strict, frozen=True, kw_only=True):
    """Norms of ranges (``rules/norms/mobility.yaml``)."""

    format: Literal[1]
    ranges: tuple[RangeNorm, ...]

    def find(self, quantity: str) -> RangeNorm | None:
        """Return the norm of a quantity, None where none is known well enough."""
        return next((norm for norm in self.ranges if norm.quantity == quantity), None)


# ----------------------------------------------------------------------------------- one measurement


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """What repeated readings of one session come to."""

    level_deg: float
    """Their median; NaN when there are none."""
    sd_deg: float
    """How well it is known: the instrument's share, which does not shrink, and the scatter of the repeats."""
    repeat_sd_deg: float
    """SD of the repeats; NaN for fewer than two."""


def compute_level(levels_deg: Sequence[float], sds_deg: Sequence[float]) -> Level:
    """Median of repeated readings, with its standard deviation.

    Parameters
    ----------
    levels_deg, sds_deg : sequence of float, shape (N,), degrees
        NaN readings are left out.

    Returns
    -------
    Level
    """
    known = [
        (x, sd) for x, sd in zip(levels_deg, sds_deg, strict=True) if math.isfinite(x) and math.isfinite(sd)
    ]
    if not known:
        return Level(level_deg=math.nan, sd_deg=math.nan, repeat_sd_deg=math.nan)
    values = [x for x, _ in known]
    repeat_sd = _compute_sd(values)
    # every repetition shares camera, chair and neutral: repeating does not shrink the instrument's part
    own = median(sd for _, sd in known)
    scatter = 0.0 if math.isnan(repeat_sd) else repeat_sd * _median_frac(len(values))
    return Level(level_deg=median(values), sd_deg=math.hypot(own, scatter), repeat_sd_deg=repeat_sd)


def _compute_sd(values: Sequence[float]) -> float:
    n = len(values)
    if n < 2:  # noqa: PLR2004
        return math.nan
    mean = math.fsum(values) / n
    return math.sqrt(math.fsum((x - mean) ** 2 for x in values) / (n - 1))


def _median_frac(n: int) -> float:
    return _MEDIAN_FRAC.get(n, _MEDIAN_MANY_FRAC / math.sqrt(n))


# ------------------------------------------------------------------------------------- what is a change


class Taken(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One measurement of one quantity on one side, in one session."""

    at: datetime | None = None
    """Aware UTC."""
    value_deg: float
    sd_deg: float
    repeats_deg: tuple[float, ...] = ()
    """The readings that the value is the median of."""

    @cached_property
    def is_known(self) -> bool:
        """Whether there is a value with its uncertainty."""
        return math.isfinite(self.value_deg) and math.isfinite(self.sd_deg)

    @cached_property
    def scatter(self) -> tuple[int, int, float]:
        """Number of readings, degrees of freedom, sum of squares around their mean (degrees squared)."""
        known = [x for x in self.repeats_deg if math.isfinite(x)]
        sd = _compute_sd(known)
        is_scattered = math.isfinite(sd)
        freedom = len(known) - 1 if is_scattered else 0
        return len(known), freedom, freedom * sd * sd if is_scattered else 0.0


Because: TypeAlias = Literal["norm", "instrument", "repeats", "sessions", "unknown"]


class DetectableChange(msgspec.Struct, frozen=True, kw_only=True):
    """How large a change has to be to be called one."""

    change_deg: float
    """Infinite when nothing is known of the noise."""
    because: Because
    """Which noise decided it."""


def compute_detectable_change(
    earlier: Sequence[Taken], latest: Taken, quantity: str, norm: TurningNorm
) -> DetectableChange:
    """Return the minimal detectable change (90 %) of a person's quantity.

    ``MDC90 = 1.645 * sqrt(2) * SEM`` (Weir 2005), with the largest of three standard errors of measurement:

    * the instrument's, pooled over the measurement before and the latest one;
    * that of a median of the person's repeats: their pooled SD within sessions times 0.67 for three;
    * between the earlier sessions: root mean square of the differences of neighbours over ``sqrt(2)``, from
      two sessions on. The latest is left out, so that a real change does not hide itself.

    It is never smaller than what the norm calls clear.

    Parameters
    ----------
    earlier : sequence of Taken, oldest first
        Same quantity, side and way of measuring; degrees.
    latest : Taken
    quantity : str
    norm : TurningNorm

    Returns
    -------
    DetectableChange
    """
    before = [one for one in earlier if one.is_known]
    instrument = [one.sd_deg for one in (*before[-1:], latest) if math.isfinite(one.sd_deg)]
    if not instrument:
        return DetectableChange(change_deg=math.inf, because="unknown")
    scale = Z_90 * math.sqrt(2.0)
    errors: dict[Because, float] = {
        "instrument": math.sqrt(math.fsum(sd * sd for sd in instrument) / len(instrument)),
        "repeats": _compute_within_deg((*before, latest)),
        "sessions": _compute_between_deg(before),
    }
    changes: dict[Because, float] = {w: scale * e for w, e in errors.items() if math.isfinite(e)}
    changes["norm"] = norm.least_deg(quantity)
    because = max(changes, key=lambda why: changes[why])
    return DetectableChange(change_deg=changes[because], because=because)


def _compute_within_deg(taken: Sequence[Taken]) -> float:
    """Standard error of the latest median from the pooled SD of repeats within sessions; NaN without any."""
    squares, freedom = 0.0, 0
    n_latest = 0
    for one in taken:
        n_latest, own_freedom, own_squares = one.scatter
        squares += own_squares
        freedom += own_freedom
    return math.sqrt(squares / freedom) * _median_frac(max(1, n_latest)) if freedom else math.nan


def _compute_between_deg(taken: Sequence[Taken]) -> float:
    """Typical error between sessions, from the differences of neighbours; NaN for fewer than two."""
    steps = [b.value_deg - a.value_deg for a, b in itertools.pairwise(taken)]
    if not steps:
        return math.nan
    return math.sqrt(math.fsum(step * step for step in steps) / len(steps) / 2.0)


def describe_angle_change(
    earlier: Sequence[Taken], latest: Taken | None, quantity: str, norm: TurningNorm
) -> Line:
    """Say what became of an angle since the time before (degrees, unsigned excursion)."""
    before = [one for one in earlier if one.is_known]
    if not before or latest is None or not latest.is_known:
        return Line(key="progress.angle.first")
    change = latest.value_deg - before[-1].value_deg
    if abs(change) < compute_detectable_change(before, latest, quantity, norm).change_deg:
        return Line(key="progress.angle.same")
    key = "progress.angle.more" if change > 0 else "progress.angle.less"
    return Line(key=key, params={"change_deg": round(abs(change))})


def describe_angle_course(taken: Sequence[Taken], quantity: str, norm: TurningNorm) -> Line:
    """Say what became of an angle from the first times to the latest ones (degrees, unsigned excursion).

    Medians of the first and of the last three are compared, by what the person's own repeats and sessions
    vary by; the latest is left out of that.

    Parameters
    ----------
    taken : sequence of Taken, oldest first
    quantity : str
    norm : TurningNorm

    Returns
    -------
    Line
    """
    known = [one for one in taken if one.is_known]
    n = min(_FEW, len(known) // 2)
    if n < 1:
        return Line(key="progress.angle.first")
    change = median(x.value_deg for x in known[-n:]) - median(x.value_deg for x in known[:n])
    if abs(change) < compute_detectable_change(known[:-1], known[-1], quantity, norm).change_deg:
        return Line(key="progress.angle.same")
    key = "progress.angle.more" if change > 0 else "progress.angle.less"
    return Line(key=key, params={"change_deg": round(abs(change))})


def describe_check_change(taken: Sequence[Taken], quantity: str, norm: TurningNorm) -> Line:
    """Say what the mobility check shows of one quantity on one side.

    One clear difference is told as such; it is called a change only when two checks far enough apart agree
    against the one before them (Q03).

    Parameters
    ----------
    taken : sequence of Taken, oldest first
        The last one is what is told about.
    quantity : str
    norm : TurningNorm

    Returns
    -------
    Line
    """
    known = [one for one in taken if one.is_known]
    if not taken or not taken[-1].is_known:
        return Line(key="mobility.change.unmeasured")
    if len(known) == 1:
        return Line(key="mobility.change.first")
    confirmed = _find_confirmed(known, quantity, norm)
    if confirmed is not None:
        return _to_change_line("mobility.change.confirmed", confirmed)
    change = known[-1].value_deg - known[-2].value_deg
    if abs(change) < compute_detectable_change(known[:-1], known[-1], quantity, norm).change_deg:
        return Line(key="mobility.change.same")
    return _to_change_line("mobility.change.once", change)


def _to_change_line(stem: str, change_deg: float) -> Line:
    direction = "more" if change_deg > 0 else "less"
    return Line(key=f"{stem}.{direction}", params={"change_deg": round(abs(change_deg))})


def _find_confirmed(known: Sequence[Taken], quantity: str, norm: TurningNorm) -> float | None:
    """Return the change against the check before, when the last two agree on it; degrees or None."""
    if len(known) < _FEW:
        return None
    *earlier, reference, one, other = known
    if one.at is None or other.at is None or other.at - one.at < timedelta(days=norm.confirm_days):
        return None
    past = (*earlier, reference)
    changes = [x.value_deg - reference.value_deg for x in (one, other)]
    needed = [compute_detectable_change(past, x, quantity, norm).change_deg for x in (one, other)]
    is_clear = all(abs(change) >= least for change, least in zip(changes, needed, strict=True))
    return changes[1] if is_clear and changes[0] * changes[1] > 0 else None


def describe_side_difference(right: Sequence[Taken], left: Sequence[Taken], norm: TurningNorm) -> Line | None:
    """Say that one side moves less, when the last checks all show it (Q04): information, never a fault.

    Parameters
    ----------
    right, left : sequence of Taken, oldest first, of the same sessions; degrees
    norm : TurningNorm

    Returns
    -------
    Line or None
    """
    n = norm.side_difference_checks
    pairs = [(r, lf) for r, lf in zip(right, left, strict=False) if r.is_known and lf.is_known][-n:]
    differences = [r.value_deg - lf.value_deg for r, lf in pairs]
    if len(differences) < n:
        return None
    if all(d >= norm.side_difference_deg for d in differences):
        return Line(key="mobility.sides.left-less")
    if all(d <= -norm.side_difference_deg for d in differences):
        return Line(key="mobility.sides.right-less")
    return None
