"""Excursions: how far somebody went to one side and how well that is known.

In: one signed excursion from neutral per picture (right +). Out: the running excursion, and the finished
ones with the level at their end of range. Next file: :mod:`unkink.coach.mobility_script`.

The furthest picture is mostly noise that happened to point outwards. What counts is the middle of the time
that was spent at the end of the range: a median of about a second, chosen by when it was and not by how far.
"""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from unkink.body.uncertainty import compute_hold

if TYPE_CHECKING:
    from unkink.coach.exercise import ExcursionCounting

SMOOTHED = 3
"""Pictures whose median is looked at: one that slipped begins and ends nothing."""
MOST_READINGS = 600
_FEW = 3

Reading: TypeAlias = tuple[float, float, float]


class ExcursionTracker(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the movement so far."""

    side: Literal["right", "left"] | None = None
    """None: around the middle."""
    readings: tuple[Reading, ...] = ()
    """(t_s, excursion, SD) since it began, degrees, unsigned; around the middle the last few, signed."""
    peak_deg: float = 0.0
    coming_from: Literal["right", "left"] | None = None
    """On the way back from this side; None once the middle was reached."""
    lowest_deg: float = math.inf
    """How near to the middle the way back has come so far."""
    end_since_s: float | None = None
    """Since when the person has been at the end of the range; None: on the way."""

    def compute_end_s(self, t_s: float) -> float:
        """Return for how long the person has been at the end of the range, seconds."""
        return 0.0 if self.end_since_s is None else max(0.0, t_s - self.end_since_s)


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """One finished excursion."""

    side: Literal["right", "left"]
    start_s: float
    end_s: float
    stay_s: float
    """How long it stayed at its end."""
    level_deg: float
    """Unsigned; NaN when nothing was measured."""
    level_sd_deg: float
    n_samples: int


class ExcursionStep(msgspec.Struct, frozen=True, kw_only=True):
    """What one picture changed."""

    tracker: ExcursionTracker
    reached: Reached | None = None


def track_excursion(
    tracker: ExcursionTracker, t_s: float, value_deg: float, sd_deg: float, rule: ExcursionCounting
) -> ExcursionStep:
    """Take one picture's excursion.

    Parameters
    ----------
    tracker : ExcursionTracker
    t_s : float, seconds, later than the last
    value_deg, sd_deg : float, degrees from neutral, right +; NaN pictures are not given to this function
    rule : ExcursionCounting

    Returns
    -------
    ExcursionStep
    """
    if tracker.side is None:
        readings = (*tracker.readings[-(SMOOTHED - 1) :], (t_s, value_deg, sd_deg))
        now_deg = median(r[1] for r in readings)
        if abs(now_deg) < rule.smallest_deg:
            return ExcursionStep(tracker=ExcursionTracker(readings=readings))
        if tracker.coming_from == ("right" if now_deg > 0 else "left"):
            # the way back is no new excursion until it turns outwards again
            lowest_deg = min(tracker.lowest_deg, abs(now_deg))
            if abs(now_deg) < lowest_deg + rule.smallest_deg:
                home = ExcursionTracker(
                    readings=readings, coming_from=tracker.coming_from, lowest_deg=lowest_deg
                )
                return ExcursionStep(tracker=home)
        sign = 1.0 if now_deg > 0 else -1.0
        begun = ExcursionTracker(
            side="right" if sign > 0 else "left",
            readings=tuple((t, sign * x, sd) for t, x, sd in readings),
            peak_deg=abs(now_deg),
        )
        return ExcursionStep(tracker=begun)
    sign = 1.0 if tracker.side == "right" else -1.0
    readings = (*tracker.readings, (t_s, sign * value_deg, sd_deg))
    if len(readings) > MOST_READINGS:
        readings = readings[::2]
    now_deg = median(r[1] for r in readings[-SMOOTHED:])
    peak_deg = max(tracker.peak_deg, now_deg)
    tracker = replace(tracker, readings=readings, peak_deg=peak_deg)
    if now_deg < max(rule.back_frac * peak_deg, 0.5 * rule.smallest_deg):
        home = ExcursionTracker(readings=((t_s, value_deg, sd_deg),), coming_from=tracker.side)
        return ExcursionStep(tracker=home, reached=_finish(tracker, rule))
    return ExcursionStep(tracker=replace(tracker, end_since_s=_find_end(readings, peak_deg, rule)))


def _find_end(readings: tuple[Reading, ...], peak_deg: float, rule: ExcursionCounting) -> float | None:
    """Return since when the last pictures have been near the peak, seconds; one picture may slip."""
    since: float | None = None
    slipped = 0
    for t, x, _ in reversed(readings):
        if x >= rule.level_frac * peak_deg:
            since, slipped = t, 0
            continue
        slipped += 1
        if slipped > 1:
            break
    return since


def _finish(tracker: ExcursionTracker, rule: ExcursionCounting) -> Reached:
    """Measure the middle of the time at the end of the range."""
    readings, side = tracker.readings, tracker.side or "right"
    top = [r for r in readings if r[1] >= rule.level_frac * tracker.peak_deg]
    start_s, end_s = readings[0][0], readings[-1][0]
    if not top:
        return Reached(
            side=side,
            start_s=start_s,
            end_s=end_s,
            stay_s=0.0,
            level_deg=math.nan,
            level_sd_deg=math.nan,
            n_samples=0,
        )
    middle_s = 0.5 * (top[0][0] + top[-1][0])
    # with a little room, so that a picture on the very edge is in or out by its time and not by rounding
    inside = [r for r in top if abs(r[0] - middle_s) <= 0.5 * rule.top_s + 1e-6]
    measured = inside if len(inside) >= _FEW else top
    number = compute_hold(rule.quantity, [r[1] for r in measured], [r[2] for r in measured])
    return Reached(
        side=side,
        start_s=start_s,
        end_s=end_s,
        stay_s=top[-1][0] - top[0][0],
        level_deg=number.value,
        level_sd_deg=number.sd,
        n_samples=number.n,
    )
