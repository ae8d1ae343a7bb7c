"""Repetitions of both arms, and passes on the roller.

In: the two arms' heights, or the travel along the floor, per picture. Out: repetitions, passes, and turns
made short of the top. Next file: :mod:`unkink.coach.faults`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

if TYPE_CHECKING:
    from unkink.coach.exercise import RepetitionCounting, RollingCounting

STEP_FRAC = 0.2
"""Share of the smallest pass that is taken for movement at all: well above the tracker's jitter."""
MOST_POINTS = 400
"""Of one pass: a pass that takes longer is no pass."""
QUIET_FRAC = 0.5
"""Share of a step within which the body has not left its place."""

Zone: TypeAlias = Literal["hanging", "between", "top", "bottom"]


class RepetitionTracker(msgspec.Struct, frozen=True, kw_only=True):
    """Where the arms are in the movement from the top to the bottom and back."""

    zone: Zone = "hanging"
    has_top: bool = False
    """The top was reached and a repetition may begin."""
    has_bottom: bool = False
    """The bottom was reached after the top."""
    started_s: float = 0.0
    peak_deg: float = 0.0
    """Highest the lower arm has been since it was last at the bottom or hanging."""
    peak_s: float = 0.0


class RepetitionStep(msgspec.Struct, frozen=True, kw_only=True):
    """What one picture changed."""

    tracker: RepetitionTracker
    finished_s: tuple[float, float] | None = None
    """(start, end) in seconds of a repetition that was completed."""


def track_repetition(
    tracker: RepetitionTracker, t_s: float, left_deg: float, right_deg: float, rule: RepetitionCounting
) -> RepetitionStep:
    """Take one picture's arms.

    Parameters
    ----------
    tracker : RepetitionTracker
    t_s : float, seconds
    left_deg, right_deg : float, degrees, larger is higher
    rule : RepetitionCounting

    Returns
    -------
    RepetitionStep
    """
    low, high = min(left_deg, right_deg), max(left_deg, right_deg)
    if high < rule.floor_deg:
        return RepetitionStep(tracker=RepetitionTracker())
    zone = _zone(tracker.zone, low, high, rule)
    peak_deg, peak_s = (low, t_s) if low > tracker.peak_deg else (tracker.peak_deg, tracker.peak_s)
    if zone == "bottom" and tracker.zone != "bottom":
        peak_deg, peak_s = low, t_s
    moved = replace(tracker, zone=zone, peak_deg=peak_deg, peak_s=peak_s)
    if zone == "top":
        done = (tracker.started_s, t_s) if tracker.has_top and tracker.has_bottom else None
        return RepetitionStep(
            tracker=replace(moved, has_top=True, has_bottom=False, started_s=t_s), finished_s=done
        )
    if zone == "bottom" and tracker.has_top:
        return RepetitionStep(tracker=replace(moved, has_bottom=True))
    return RepetitionStep(tracker=moved)


def _zone(before: Zone, low: float, high: float, rule: RepetitionCounting) -> Zone:
    """Return the zone with hysteresis: an end is left only beyond ``release_deg``."""
    top = rule.top_deg - (rule.release_deg if before == "top" else 0.0)
    bottom = rule.bottom_deg + (rule.release_deg if before == "bottom" else 0.0)
    if low >= top:
        return "top"
    if high <= bottom:
        return "bottom"
    return "between"


class RollTracker(msgspec.Struct, frozen=True, kw_only=True):
    """Where the body is on its way to and fro."""

    direction: Literal["feet", "head", "none"] = "none"
    extreme_norm: float = 0.0
    """Furthest travel in the present direction."""
    extreme_s: float = 0.0
    turn_s: float = 0.0
    """When the present pass began."""
    origin_norm: float | None = None
    moving_since_s: float | None = None
    last_moved_s: float | None = None
    last_norm: float = 0.0
    """Travel when movement was last seen."""
    quiet_s: float = 0.0
    """Last time at which the body was still where movement was last seen."""
    n_passes: int = 0
    way: tuple[tuple[float, float], ...] = ()
    """(t_s, travel) of the present pass."""
    first_middles_s: tuple[float, ...] = ()
    """When the first two passes of this rolling were half way."""
    last_middles_s: tuple[float, ...] = ()
    """When the last two were."""


class RollStep(msgspec.Struct, frozen=True, kw_only=True):
    """What one picture changed."""

    tracker: RollTracker
    pass_s: tuple[float, float] | None = None
    """(start, end) in seconds of a pass that was completed."""
    is_rolling: bool = False
    started_s: float | None = None
    """When the present rolling began, dated back to its first movement, seconds."""
    stopped_s: float | None = None
    """When a rolling that is now over ended, seconds."""


def track_roll(tracker: RollTracker, t_s: float, travel_norm: float, rule: RollingCounting) -> RollStep:
    """Take one picture's travel along the floor.

    Parameters
    ----------
    tracker : RollTracker
    t_s : float, seconds
    travel_norm : float, body lengths, towards the feet +
    rule : RollingCounting

    Returns
    -------
    RollStep
    """
    step_norm = STEP_FRAC * rule.smallest_travel_norm
    if tracker.origin_norm is None:
        start = replace(
            tracker,
            origin_norm=travel_norm,
            extreme_norm=travel_norm,
            extreme_s=t_s,
            turn_s=t_s,
            last_norm=travel_norm,
            quiet_s=t_s,
        )
        return RollStep(tracker=start)
    now = tracker
    away_norm = abs(travel_norm - now.last_norm)
    if away_norm >= step_norm:
        since = now.moving_since_s if now.moving_since_s is not None else now.quiet_s
        now = replace(now, last_norm=travel_norm, last_moved_s=t_s, moving_since_s=since, quiet_s=t_s)
    elif away_norm < QUIET_FRAC * step_norm:
        now = replace(now, quiet_s=t_s)
    now = replace(now, way=(*now.way, (t_s, travel_norm))[-MOST_POINTS:])
    now, pass_s = _turn(now, t_s, travel_norm, rule)
    last = now.last_moved_s
    is_rolling = now.moving_since_s is not None and last is not None and t_s - last <= rule.longest_rest_s
    started, stopped = _date_start(now), None
    if now.moving_since_s is not None and not is_rolling:
        now, last_pass_s = _end_pass(now, rule)
        pass_s = last_pass_s if last_pass_s is not None else pass_s
        stopped = _date_end(now)
        now = replace(
            now,
            moving_since_s=None,
            last_moved_s=None,
            direction="none",
            extreme_norm=travel_norm,
            way=(),
            first_middles_s=(),
            last_middles_s=(),
        )
    return RollStep(tracker=now, pass_s=pass_s, is_rolling=is_rolling, started_s=started, stopped_s=stopped)


def _date_start(tracker: RollTracker) -> float | None:
    """When the rolling began.

    Half a pass before the middle of the first one, where time is well defined; seconds.
    """
    if len(tracker.first_middles_s) < 2:  # noqa: PLR2004 - a pace needs two
        return tracker.moving_since_s
    first, second = tracker.first_middles_s
    return first - 0.5 * (second - first)


def _date_end(tracker: RollTracker) -> float | None:
    """When the rolling ended: half a pass after the middle of the last one; seconds."""
    if len(tracker.last_middles_s) < 2 or tracker.last_moved_s is None:  # noqa: PLR2004
        return tracker.last_moved_s
    before, last = tracker.last_middles_s
    pass_s = last - before
    # a twitch within a pass's time of the end is not rolling
    return last + 0.5 * pass_s if tracker.last_moved_s <= last + pass_s else tracker.last_moved_s


def _note_middle(tracker: RollTracker) -> RollTracker:
    """Remember when the pass that ends now was half way."""
    origin = tracker.origin_norm if tracker.origin_norm is not None else 0.0
    middle = 0.5 * (origin + tracker.extreme_norm)
    way = [p for p in tracker.way if p[0] >= tracker.turn_s]
    for (t0, x0), (t1, x1) in itertools.pairwise(way):
        if (x0 - middle) * (x1 - middle) <= 0.0 and x0 != x1:
            t_s = t0 + (t1 - t0) * (middle - x0) / (x1 - x0)
            first = (
                tracker.first_middles_s
                if len(tracker.first_middles_s) > 1
                else (*tracker.first_middles_s, t_s)
            )
            return replace(tracker, first_middles_s=first, last_middles_s=(*tracker.last_middles_s, t_s)[-2:])
    return tracker


def _end_pass(tracker: RollTracker, rule: RollingCounting) -> tuple[RollTracker, tuple[float, float] | None]:
    """End the pass that is under way though nobody turned after it, if it was long enough."""
    origin = tracker.origin_norm
    if (
        tracker.direction == "none"
        or origin is None
        or abs(tracker.extreme_norm - origin) < rule.smallest_travel_norm
    ):
        return tracker, None
    done = (tracker.turn_s, tracker.extreme_s)
    return replace(_note_middle(tracker), n_passes=tracker.n_passes + 1), done


def _turn(
    tracker: RollTracker, t_s: float, travel: float, rule: RollingCounting
) -> tuple[RollTracker, tuple[float, float] | None]:
    """Follow the extreme.

    A way back of half the smallest travel is a turn, and ends a pass if that was long enough.
    """
    half = 0.5 * rule.smallest_travel_norm
    if tracker.direction == "none":
        origin = tracker.extreme_norm
        if abs(travel - origin) < half:
            return tracker, None
        direction: Literal["feet", "head"] = "feet" if travel > origin else "head"
        return replace(
            tracker, direction=direction, extreme_norm=travel, extreme_s=t_s, origin_norm=origin
        ), None
    sign = 1.0 if tracker.direction == "feet" else -1.0
    if sign * (travel - tracker.extreme_norm) > 0.0:
        return replace(tracker, extreme_norm=travel, extreme_s=t_s), None
    if sign * (tracker.extreme_norm - travel) < half:
        return tracker, None
    origin = tracker.origin_norm if tracker.origin_norm is not None else 0.0
    is_pass = abs(tracker.extreme_norm - origin) >= rule.smallest_travel_norm
    done = (tracker.turn_s, tracker.extreme_s) if is_pass else None
    noted = _note_middle(tracker) if is_pass else tracker
    turned = replace(
        noted,
        way=tuple(p for p in noted.way if p[0] >= tracker.extreme_s),
        direction="head" if tracker.direction == "feet" else "feet",
        origin_norm=tracker.extreme_norm,
        turn_s=tracker.extreme_s,
        extreme_norm=travel,
        extreme_s=t_s,
        n_passes=tracker.n_passes + int(is_pass),
    )
    return turned, done


def close_roll(tracker: RollTracker, rule: RollingCounting) -> RollStep:
    """End the rolling at its last movement: the session is over, or the person is lost.

    Returns
    -------
    RollStep
        ``stopped_s`` in seconds, and the last pass if it was long enough though nobody turned after it.
    """
    ended, pass_s = _end_pass(tracker, rule)
    return RollStep(
        tracker=RollTracker(n_passes=ended.n_passes),
        pass_s=pass_s,
        started_s=_date_start(ended),
        stopped_s=_date_end(ended),
    )
