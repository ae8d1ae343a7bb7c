"""Holds: when a stretch was reached, how long it was kept, when it was left.

In: one signed excursion from neutral per picture (right +). Out: the running hold and the finished ones,
with their start and end dated back to where the movement really ended and began. Next file:
:mod:`unkink.coach.repetitions`.

A person comes into a stretch and out of it on a bell-shaped speed profile: slow, fast, slow. Any threshold
on the angle cuts the slow parts off or takes seconds of movement for holding, the more so the larger the
stretch. So the tracker finds a hold coarsely and causally (far from neutral and nearly still), and then
dates its ends by the movements around it (:mod:`unkink.coach.dating`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from unkink.coach.dating import Point, date_movement_end, date_movement_start

if TYPE_CHECKING:
    from unkink.coach.exercise import HoldCounting

BUFFER_S = 8.0
"""How far back the tracker looks for the movement into a hold."""
SPEED_WINDOW_S = 0.5
"""Over which the speed is fitted."""
LEVEL_FROM_S, LEVEL_TO_S = 1.5, 4.5
"""The level of a running hold is the median of this piece of the past."""
LEVEL_EVERY_S = 0.25
SLIP_S = 0.3
"""A hold is left by the median of so many seconds."""
STAY_S, STAY_FRAC = 1.5, 0.5
"""Who drifts by less than this share of the still speed, over so many seconds, stays however it trembles."""
STILL_PER_S = 0.2
"""Share of the excursion per second that is still."""
DATE_AGAIN_WITHIN_S = 4.0
DATE_AGAIN_FRAC = 1.15
"""A level that grew by more than this soon after the start was still being reached."""
THERE_FRAC = 0.1
"""Who rose by no more than this share of the excursion since counting began was in the stretch already."""
HOME_FRAC = 0.15
"""Share of the way at which the person is back: the movement has been seen."""

Stage: TypeAlias = Literal["rest", "out", "hold", "back"]


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """One hold."""

    side: Literal["right", "left"]
    start_s: float
    end_s: float
    """Equal to the time of the last picture while it is running."""
    level_deg: float
    """Signed median excursion, right +."""


class HoldTracker(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the movement so far."""

    stage: Stage = "rest"
    points: tuple[Point, ...] = ()
    """(t_s, excursion_deg) of the last ``BUFFER_S`` seconds."""
    still_since_s: float | None = None
    base_deg: float = 0.0
    """Where the movement into the hold came from."""
    dated_deg: float = 0.0
    """Level, unsigned, with which the start of the hold was dated."""
    hold: Hold | None = None
    """The running hold, or the one that is being left."""
    level_at_s: float = -math.inf
    """When the level was last looked at."""
    levels: tuple[float, ...] = ()
    """Excursions within the running hold, thinned, for its median."""


class HoldStep(msgspec.Struct, frozen=True, kw_only=True):
    """What one picture changed."""

    tracker: HoldTracker
    began: Hold | None = None
    ended: Hold | None = None


def compute_speed_deg_per_s(points: tuple[Point, ...], window_s: float = SPEED_WINDOW_S) -> float:
    """Speed of the excursion now, from a straight line through the last ``window_s`` seconds.

    Parameters
    ----------
    points : tuple of (seconds, degrees), time-ordered
    window_s : float, seconds

    Returns
    -------
    float, degrees per second
        Infinite while fewer than three points are within the window.
    """
    t_end = points[-1][0] if points else 0.0
    n, sum_t, sum_x, sum_tt, sum_tx = 0, 0.0, 0.0, 0.0, 0.0
    first = t_end
    for t, x in reversed(points):
        dt = t - t_end
        if dt < -window_s:
            break
        n, sum_t, sum_x, sum_tt, sum_tx = n + 1, sum_t + dt, sum_x + x, sum_tt + dt * dt, sum_tx + dt * x
        first = t
    spread = n * sum_tt - sum_t * sum_t
    if n < 3 or t_end - first < 0.6 * window_s or spread <= 0.0:  # noqa: PLR2004
        return math.inf
    return (n * sum_tx - sum_t * sum_x) / spread


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else 0.5 * (ordered[middle - 1] + ordered[middle])


def _last_values(points: tuple[Point, ...], sign: float, window_s: float) -> list[float]:
    """Return the excursions of the last seconds, unsigned, degrees."""
    values: list[float] = []
    for t, x in reversed(points):
        if t < points[-1][0] - window_s:
            break
        values.append(sign * x)
    return values


def track_hold(tracker: HoldTracker, t_s: float, excursion_deg: float, rule: HoldCounting) -> HoldStep:
    """Take one picture's excursion.

    Parameters
    ----------
    tracker : HoldTracker
    t_s : float, seconds, later than the last
    excursion_deg : float, degrees from neutral, right +; NaN pictures are not given to this function
    rule : HoldCounting

    Returns
    -------
    HoldStep
    """
    points = (*tracker.points, (t_s, excursion_deg))
    n_old = 0
    while points[n_old][0] < t_s - BUFFER_S:
        n_old += 1
    points = points[n_old:] if n_old else points
    tracker = replace(tracker, points=points)
    speed = abs(compute_speed_deg_per_s(points))
    if tracker.stage == "hold":
        return _within_hold(tracker, t_s, excursion_deg, rule)
    if tracker.stage == "back":
        step = _leaving(tracker, t_s, excursion_deg, speed, rule)
        if step is not None:
            return step
        return HoldStep(tracker=tracker)
    return _towards_hold(tracker, t_s, excursion_deg, speed, rule)


def _towards_hold(
    tracker: HoldTracker,
    t_s: float,
    excursion_deg: float,
    speed: float,
    rule: HoldCounting,
    ended: Hold | None = None,
) -> HoldStep:
    is_out = abs(excursion_deg) >= rule.smallest_deg
    # a small stretch is also reached slowly: still is slow for its size
    still = min(rule.still_deg_per_s, max(0.5 * rule.still_deg_per_s, STILL_PER_S * abs(excursion_deg)))
    stays = is_out and speed > still and _stays(tracker.points, still)
    if not is_out or (speed > still and not stays):
        stage: Stage = "out" if is_out else "rest"
        return HoldStep(tracker=replace(tracker, stage=stage, still_since_s=None), ended=ended)
    since = t_s - rule.settle_s if stays else tracker.still_since_s
    since = t_s if since is None else since
    if t_s - since < rule.settle_s - 1e-9:
        return HoldStep(tracker=replace(tracker, stage="out", still_since_s=since), ended=ended)
    sign = 1.0 if excursion_deg > 0 else -1.0
    level = _median([sign * x for t, x in tracker.points if t >= since])
    unsigned = [(t, sign * x) for t, x in tracker.points]
    # the movement began where the excursion was lowest since the last hold (or within the memory)
    after = tracker.hold.end_s if tracker.hold is not None else -math.inf
    way = [p for p in unsigned if p[0] > after] or unsigned
    base = min(*(x for _, x in way), level)
    base = max(base, 0.0) if base < 0.3 * level else base
    # without a rise there is no movement to date (after a pause): a date would be one of rounding or jitter
    was_there = tracker.hold is None and level - base <= THERE_FRAC * level
    started = way[0][0] if was_there else date_movement_end(way, base=base, level=level)
    start_s = since if started is None else min(max(started, way[0][0]), t_s)
    hold = Hold(side="right" if sign > 0 else "left", start_s=start_s, end_s=t_s, level_deg=sign * level)
    levels = tuple(sign * x for t, x in unsigned if t >= start_s)
    return HoldStep(
        tracker=replace(
            tracker,
            stage="hold",
            hold=hold,
            base_deg=base,
            dated_deg=level,
            levels=levels,
            still_since_s=None,
        ),
        began=hold,
        ended=ended,
    )


def _stays(points: tuple[Point, ...], still: float) -> bool:
    """Whether an excursion that trembles is going nowhere: no drift over ``STAY_S``."""
    return abs(compute_speed_deg_per_s(points, STAY_S)) <= STAY_FRAC * still


def _within_hold(tracker: HoldTracker, t_s: float, excursion_deg: float, rule: HoldCounting) -> HoldStep:
    hold = tracker.hold
    assert hold is not None  # noqa: S101 - the stage says so
    sign = 1.0 if hold.side == "right" else -1.0
    level = sign * hold.level_deg
    # a single picture that slips is no way back: the end is dated afterwards
    here = _median(_last_values(tracker.points, sign, SLIP_S))
    # a small stretch may waver by as much as a still second lets it
    leave = min(rule.leave_frac * level, level - rule.still_deg_per_s)
    if here < max(leave, 0.6 * rule.smallest_deg):
        left = [(t, sign * x) for t, x in tracker.points if t >= hold.start_s]
        # until the way back has been seen, the hold ended where the excursion last was at its level
        at_level = [t for t, x in left if x >= 0.95 * level]
        end_s = max(at_level[-1] if at_level else hold.start_s, hold.start_s)
        return HoldStep(
            tracker=replace(tracker, stage="back", hold=replace(hold, end_s=end_s), still_since_s=None)
        )
    tracker, hold = _date_again(tracker, hold, t_s, sign)
    levels = (*tracker.levels, excursion_deg)
    if len(levels) > 240:  # noqa: PLR2004 - thinned: a median does not need them all
        levels = levels[::2]
    # the level follows slowly, so that a hold that deepens is left from where it got to
    # the level lags, so that a slow way back does not take it along
    if t_s - tracker.level_at_s >= LEVEL_EVERY_S:
        settled = [
            sign * x for t, x in tracker.points if LEVEL_FROM_S <= t_s - t <= LEVEL_TO_S and t >= hold.start_s
        ]
        if len(settled) > 2:  # noqa: PLR2004
            hold = replace(hold, level_deg=sign * _median(settled))
        tracker = replace(tracker, level_at_s=t_s)
    running = replace(hold, end_s=t_s)
    return HoldStep(tracker=replace(tracker, hold=running, levels=levels))


def _date_again(tracker: HoldTracker, hold: Hold, t_s: float, sign: float) -> tuple[HoldTracker, Hold]:
    """Date the start anew while a slow movement is still going on: it looked like a hold too early."""
    if t_s - hold.start_s > DATE_AGAIN_WITHIN_S:
        return tracker, hold
    level = _median(_last_values(tracker.points, sign, SPEED_WINDOW_S))
    if level < DATE_AGAIN_FRAC * tracker.dated_deg:
        return tracker, hold
    way = [(t, sign * x) for t, x in tracker.points]
    started = date_movement_end(way, base=tracker.base_deg, level=level)
    if started is None or started <= hold.start_s:
        return tracker, hold
    again = replace(hold, start_s=min(started, t_s), level_deg=sign * level)
    return replace(tracker, dated_deg=level), again


def _leaving(
    tracker: HoldTracker, t_s: float, excursion_deg: float, speed: float, rule: HoldCounting
) -> HoldStep | None:
    hold = tracker.hold
    assert hold is not None  # noqa: S101 - the stage says so
    sign = 1.0 if hold.side == "right" else -1.0
    level = sign * hold.level_deg
    here = sign * excursion_deg
    came_back = here >= 0.92 * level
    if came_back:  # a dip, not an end: the dip itself is not held
        return HoldStep(tracker=replace(tracker, stage="hold", hold=replace(hold, end_s=t_s)))
    is_home = here <= HOME_FRAC * level
    is_still = speed <= rule.still_deg_per_s and t_s - hold.end_s > 0.6  # noqa: PLR2004
    if not (is_home or is_still or t_s - hold.end_s > BUFFER_S / 2):
        return None
    way = [(t, sign * x) for t, x in tracker.points if t >= hold.start_s]
    base = min(0.0, here) if is_home else here
    started = date_movement_start(way, base=base, level=level)
    end_s = hold.end_s if started is None else min(max(started, hold.start_s), t_s)
    median = _median(list(tracker.levels)) if tracker.levels else hold.level_deg
    ended = replace(hold, end_s=end_s, level_deg=median)
    fresh = replace(tracker, hold=ended, levels=(), still_since_s=None)
    if ended.end_s - ended.start_s < rule.shortest_s:
        return _towards_hold(fresh, t_s, excursion_deg, speed, rule)
    return _towards_hold(fresh, t_s, excursion_deg, speed, rule, ended=ended)


def finish_hold(tracker: HoldTracker, rule: HoldCounting) -> HoldStep:
    """End the running hold at the last picture: the recording or the session is over, or the person is lost.

    Returns
    -------
    HoldStep
        ``ended`` is the hold (seconds, degrees), or None where none was running or it was too short.
    """
    hold = tracker.hold if tracker.stage in ("hold", "back") else None
    fresh = HoldTracker()
    if hold is None or hold.end_s - hold.start_s < rule.shortest_s:
        return HoldStep(tracker=fresh)
    median = _median(list(tracker.levels)) if tracker.levels else hold.level_deg
    return HoldStep(tracker=fresh, ended=replace(hold, level_deg=median))
