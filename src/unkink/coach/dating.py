"""Dating: when a movement into a stretch, or out of it, came to its end.

In: an excursion over time that passes from one level to another. Out: the moment at which the movement ended
or began. It is dated by the minimum-jerk movement that fits best: first by its steep middle (20 and 80 per
cent of the way are passed at 0.327 and 0.673 of its duration), then by least squares over all of it. Next
file: :mod:`unkink.coach.phases`.
"""

from __future__ import annotations

import itertools
from typing import TypeAlias

import numpy as np

from unkink.body.recording import smooth

LONGEST_S = 8.0
"""No movement into a stretch is taken for longer."""
MIN_JERK_20_80_FRAC = 0.346
"""Share of a minimum-jerk movement's duration between 20 and 80 per cent of its way (closed form)."""

SHORTEST_MOVEMENT_S = 0.3
FIT_BEYOND_FRAC, FIT_BEYOND_S = 0.05, 0.4
"""Rest and hold that the fit takes in at either end of the movement: a share of its duration, and seconds."""
MIN_FIT_POINTS = 6
DATING_SIGMA_S = 0.15
"""Jitter is smoothed away before a movement is dated, standard deviation of the kernel."""
FIT_REPEATS = 15.0
"""Neighbouring pictures share their error: so many count as one."""
FIT_TRUST = 0.1
"""How well the steep middle tells the duration, standard deviation of its logarithm."""
FIT_COARSE = (np.linspace(-0.45, 0.45, 19), np.geomspace(0.5, 2.0, 19))
FIT_FINE = (np.linspace(-0.05, 0.05, 9), np.geomspace(0.93, 1.075, 9))
"""Steps of the search: middle in durations, duration in durations."""

Point: TypeAlias = tuple[float, float]


def _crossing(points: list[Point], level: float, *, rising: bool) -> float | None:
    """Return the last time at which the polyline passes a level upwards (or downwards), seconds, or None."""
    for (t0, x0), (t1, x1) in zip(reversed(points[:-1]), reversed(points[1:]), strict=True):
        passed = x0 < level <= x1 if rising else x0 > level >= x1
        if passed:
            return t0 + (t1 - t0) * (level - x0) / (x1 - x0)
    return None


def date_movement_end(points: list[Point], *, base: float, level: float) -> float | None:
    """Time at which a movement from ``base`` up to ``level`` came to its end.

    Parameters
    ----------
    points : list of (seconds, degrees), time-ordered, unsigned excursion, up to a time within the hold
    base, level : float, degrees

    Returns
    -------
    float, seconds, or None
        None where the movement is not in the points.
    """
    rise = level - base
    points = _smooth(points)
    t80 = _crossing(points, base + 0.8 * rise, rising=True)
    if t80 is None:
        return None
    before = [p for p in points if p[0] <= t80]
    t50 = _crossing(before, base + 0.5 * rise, rising=True)
    t20 = _crossing(before, base + 0.2 * rise, rising=True)
    if t50 is None or t20 is None:
        return t80
    duration_s = (t80 - t20) / MIN_JERK_20_80_FRAC
    middle_s, duration_s = fit_movement(points, t50, duration_s)
    return max(t50, middle_s + 0.5 * duration_s)


def date_movement_start(points: list[Point], *, base: float, level: float) -> float | None:
    """Time at which a movement from ``level`` down to ``base`` began.

    The mirror of :func:`date_movement_end`, seconds or None.
    """
    t_end = points[-1][0] if points else 0.0
    mirrored = [(t_end - t, x) for t, x in reversed(_smooth(points))]
    rise = level - base
    t20, t50, t80 = (_first_rise(mirrored, base + share * rise) for share in (0.2, 0.5, 0.8))
    if t80 is None:
        return None
    if t50 is None:
        return t_end - t80
    first_s = 2.0 * (t80 - t50) if t20 is None else t80 - t20
    middle_s, duration_s = fit_movement(mirrored, t50, first_s / MIN_JERK_20_80_FRAC)
    return t_end - max(t50, middle_s + 0.5 * duration_s)


def _smooth(points: list[Point]) -> list[Point]:
    """Take the jitter off, so that levels are crossed once: a Gaussian over ``DATING_SIGMA_S``."""
    if not points:
        return points
    table = np.array(points)
    smoothed = smooth(table[:, 0], table[:, 1:], DATING_SIGMA_S)
    return list(zip(table[:, 0].tolist(), smoothed[:, 0].tolist(), strict=True))


def _first_rise(points: list[Point], level: float) -> float | None:
    """Return the first time at which the polyline passes a level upwards, seconds, or None."""
    for (t0, x0), (t1, x1) in itertools.pairwise(points):
        if x0 < level <= x1:
            return t0 + (t1 - t0) * (level - x0) / (x1 - x0)
    return None


def fit_movement(points: list[Point], middle_s: float, duration_s: float) -> tuple[float, float]:
    """Find the minimum-jerk movement that is nearest to the points, by least squares.

    Base and level are free; noise that moves a crossing of a threshold by half a second moves the fit little.

    Parameters
    ----------
    points : list of (seconds, degrees), time-ordered
    middle_s, duration_s : float, seconds
        Where to look: half the way, and how long the movement takes by a first look.

    Returns
    -------
    tuple of float, seconds
        Middle and duration; those given where there are too few points.
    """
    duration_s = first_s = min(max(duration_s, SHORTEST_MOVEMENT_S), LONGEST_S)
    around = np.array(
        [p for p in points if abs(p[0] - middle_s) <= (0.5 + FIT_BEYOND_FRAC) * duration_s + FIT_BEYOND_S]
    )
    if len(around) < MIN_FIT_POINTS:
        return middle_s, duration_s
    t, x = around[:, 0], around[:, 1] - around[:, 1].mean()
    for middles, durations in (FIT_COARSE, FIT_FINE):
        d = duration_s * durations[:, None, None]
        m = middle_s + duration_s * middles[None, :, None]
        u = np.clip((t - m) / d + 0.5, 0.0, 1.0)
        way = u * u * u * (10.0 - 15.0 * u + 6.0 * u * u)
        way -= way.mean(axis=2, keepdims=True)
        fitted = np.maximum(way @ x, 0.0) ** 2 / np.maximum((way * way).sum(axis=2), 1e-9)
        left = np.maximum(1.0 - fitted / max(float(x @ x), 1e-9), 1e-4)
        left = len(x) / FIT_REPEATS * np.log(left) + (np.log(d[:, :, 0] / first_s) / FIT_TRUST) ** 2
        i, j = np.unravel_index(int(np.argmin(left)), left.shape)
        middle_s, duration_s = float(m[0, j, 0]), float(d[i, 0, 0])
    return middle_s, duration_s
