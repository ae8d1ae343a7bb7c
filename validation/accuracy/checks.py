"""What must hold on each take, with the figure and whether it does.

In: a take, its pairs and both summaries. Out: :class:`Check`. The limits are this project's own goals. Next
file: ``tables.py``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from validation.accuracy.measuring import Measured
from validation.accuracy.paired import Pair, read_slide
from validation.accuracy.takes import Take
from validation.accuracy.truth import Phase

LIMITS: dict[str, float] = {
    "turn-mae": 4.0,
    "turn-mae-mean": 3.0,
    "held-turn-right": 5.0,
    "held-turn-left": 5.0,
    "side-bend-mae": 1.5,
    "lean-change-mae": 4.0,
    "left-elevation-mae": 6.0,
    "right-elevation-mae": 6.0,
    "left-elbow-mae": 4.0,
    "right-elbow-mae": 4.0,
    "head-turn-mae": 6.0,
    "hold-start": 0.5,
    "hold-end": 0.5,
    "repetitions": 0.0,
    "hold-sd": 1.5,
    "live-against-recorded": 0.3,
    "turn-rmse": 6.0,
    "side-bend-rmse": 4.0,
}
"""Largest allowed value: degrees, seconds, or (repetitions) how many too many or too few."""
COVERAGE = (0.85, 0.97)
SLIDE_R = 0.98
SHORTEST_HOLD_S = 3.0
"""A shorter stop at the far end is measured, but nobody dates it as a hold."""
_EDGE_S = 0.5
"""A hold is taken as motionless this long after its start and before its end."""
_MAE = {
    "turn-mae": ("shoulder_turn_deg", None),
    "side-bend-mae": ("trunk_side_bend_deg", None),
    "lean-change-mae": ("trunk_lean_forward_deg", None),
    "left-elevation-mae": ("left_shoulder_elevation_deg", ("side_stretch", "wall_angels")),
    "right-elevation-mae": ("right_shoulder_elevation_deg", ("side_stretch", "wall_angels")),
    "left-elbow-mae": ("left_elbow_flexion_deg", ("wall_angels",)),
    "right-elbow-mae": ("right_elbow_flexion_deg", ("wall_angels",)),
    "head-turn-mae": ("head_rotation_deg", None),
}
"""Quantity, and the exercises that use it (None: all that are seen from the front)."""
_HELD = {"seated_twist": "shoulder_turn_deg", "side_stretch": "trunk_side_bend_deg"}
_COUNTED = ("wall_angels", "foam_roller")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One figure of one take against its limit."""

    name: str
    value: float
    """NaN: there was nothing to measure where there should be, which fails."""
    is_met: bool


def _check(name: str, value: float) -> Check:
    return Check(name=name, value=value, is_met=abs(value) <= LIMITS[name])


def check_take(take: Take, pairs: Sequence[Pair], found: Measured) -> Iterator[Check]:
    """Check one take as one variant measured it; takes with a fault are only told, not checked."""
    by_quantity = {pair.quantity: pair for pair in pairs}
    if take.collection == "motion-capture":
        for name, quantity in (
            ("turn-rmse", "shoulder_turn_deg"),
            ("side-bend-rmse", "trunk_side_bend_deg"),
        ):
            if quantity in by_quantity:
                yield _check(name, _rmse(by_quantity[quantity]))
        return
    if take.has_fault:
        return
    for name, (quantity, exercises) in _MAE.items():
        if quantity in by_quantity and (exercises is None or take.exercise in exercises):
            yield _check(name, _mae(by_quantity[quantity]))
    if take.exercise in _HELD:
        yield from _check_holds(take, by_quantity, found)
    if take.exercise in _COUNTED:
        yield _check("repetitions", float(found.summary["repetitions"] - take.truth.n_repetitions))
    if take.truth.slide_m is not None:
        r = read_slide(take, found.quantities)
        yield Check(name="slide-r", value=r, is_met=r >= SLIDE_R)


def _errors(pair: Pair) -> np.ndarray:
    return (pair.measured - pair.true)[np.isfinite(pair.measured)]


def _mae(pair: Pair) -> float:
    error = _errors(pair)
    return float(np.mean(np.abs(error))) if len(error) else math.nan


def _rmse(pair: Pair) -> float:
    error = _errors(pair)
    return float(np.sqrt(np.mean(error**2))) if len(error) else math.nan


def find_holds(take: Take) -> tuple[Phase, ...]:
    """Return the holds that really took place."""
    return tuple(phase for phase in take.truth.phases if phase.name.startswith("hold_"))


def _check_holds(take: Take, by_quantity: Mapping[str, Pair], found: Measured) -> Iterator[Check]:
    t_s, pair = found.quantities.t_s, by_quantity[_HELD[take.exercise]]
    held: dict[str, list[float]] = {"right": [], "left": []}
    spreads, starts, ends = [], [], []
    for hold in find_holds(take):
        side = hold.name.removeprefix("hold_")
        inside = (t_s >= hold.start_s) & (t_s < hold.end_s) & np.isfinite(pair.measured)
        if inside.any():
            held[side].append(float(np.median((pair.measured - pair.true)[inside])))
        still = inside & (t_s >= hold.start_s + _EDGE_S) & (t_s < hold.end_s - _EDGE_S)
        if still.sum() > 1:
            spreads.append(float(np.std((pair.measured - pair.true)[still], ddof=1)))
        if hold.end_s - hold.start_s >= SHORTEST_HOLD_S:
            start_s, end_s = _find_hold(found.summary["sides"][side]["holds"], hold)
            starts.append(start_s - hold.start_s)
            ends.append(end_s - hold.end_s)
    if take.exercise == "seated_twist":
        for side, errors in held.items():
            yield _check(f"held-turn-{side}", _worst(errors))
    if starts:
        yield _check("hold-start", _worst(starts))
        yield _check("hold-end", _worst(ends))
    if spreads:
        yield _check("hold-sd", max(spreads))


def _find_hold(holds: Sequence[Mapping[str, Any]], true: Phase) -> tuple[float, float]:
    """Start and end (seconds) of the measured hold that shares most time with the true one; else NaN."""

    def overlap_s(hold: Mapping[str, Any]) -> float:
        return min(hold["end_s"], true.end_s) - max(hold["start_s"], true.start_s)

    best = max(holds, key=overlap_s, default=None)
    if best is None or overlap_s(best) <= 0.0:
        return math.nan, math.nan
    return best["start_s"], best["end_s"]


def _worst(values: Sequence[float]) -> float:
    """Return the value farthest from zero; NaN where one is missing."""
    if not values or any(math.isnan(value) for value in values):
        return math.nan
    return max(values, key=abs)


def check_variants(live: Mapping[str, Any], recorded: Mapping[str, Any]) -> Check:
    """Check that both variants date holds and repetitions alike; NaN when their numbers differ."""
    edges = [_find_edges(summary) for summary in (live, recorded)]
    if len(edges[0]) != len(edges[1]):
        return _check("live-against-recorded", math.nan)
    apart = [abs(a - b) for a, b in zip(*edges, strict=True)]
    return _check("live-against-recorded", max(apart, default=0.0))


def _find_edges(summary: Mapping[str, Any]) -> list[float]:
    spans = [hold for side in sorted(summary["sides"]) for hold in summary["sides"][side]["holds"]]
    return [
        edge for span in (*spans, *summary["repetition_times"]) for edge in (span["start_s"], span["end_s"])
    ]
