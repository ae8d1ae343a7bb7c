"""Faults of form: whether one lasts, since when, with hysteresis in its unit and in seconds.

In: one sample per picture and the fault rules of the technique. Out: the state of each fault; its start is
dated back to when the bound was first crossed. Next file: :mod:`unkink.coach.cues`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from unkink.coach.exercise import Condition, Difference, FastPass, FaultRule, Level, ShortOfTop

if TYPE_CHECKING:
    from unkink.body.quantities import Sample
    from unkink.coach.repetitions import RepetitionTracker


class FaultState(msgspec.Struct, frozen=True, kw_only=True):
    """One fault, now."""

    fault_id: str
    is_on: bool = False
    beyond_since_s: float | None = None
    """Since when the bound is crossed, while the fault is not yet on."""
    good_since_s: float | None = None
    """Since when it is good again, while the fault is not yet off."""
    started_s: float = 0.0
    seen_good: bool = False
    """Whether it was ever good in this session."""


class FaultChange(msgspec.Struct, frozen=True, kw_only=True):
    """A fault began or ended."""

    rule: FaultRule
    began: bool
    start_s: float
    end_s: float
    """When it was good again; equal to ``start_s`` while it lasts."""


def start_faults(rules: tuple[FaultRule, ...]) -> tuple[FaultState, ...]:
    """Return the state before the first picture, one per rule."""
    return tuple(FaultState(fault_id=rule.id) for rule in rules)


def track_faults(
    states: tuple[FaultState, ...],
    rules: tuple[FaultRule, ...],
    sample: Sample,
    *,
    is_watching: tuple[bool, ...],
    repetition: RepetitionTracker | None,
    last_pass_s: tuple[float, float] | None,
) -> tuple[tuple[FaultState, ...], tuple[FaultChange, ...]]:
    """Take one picture.

    Parameters
    ----------
    states, rules : same length and order
    sample : Sample, degrees and norm, relative to neutral where the quantity is
    is_watching : one per rule, whether the rule is watched in the present phase; an unwatched fault ends
    repetition : RepetitionTracker or None
    last_pass_s : (start, end) in seconds of the pass that was completed with this picture, or None

    Returns
    -------
    states, changes
        Times in seconds.
    """
    new_states: list[FaultState] = []
    changes: list[FaultChange] = []
    for state, rule, watching in zip(states, rules, is_watching, strict=True):
        if not watching:
            if state.is_on:
                changes.append(FaultChange(rule=rule, began=False, start_s=state.started_s, end_s=sample.t_s))
            new_states.append(FaultState(fault_id=state.fault_id, seen_good=state.seen_good))
            continue
        verdict = _is_beyond(rule.when, sample, repetition, last_pass_s, is_on=state.is_on)
        new, change = _hysteresis(state, rule, sample.t_s, verdict)
        new_states.append(new)
        if change is not None:
            changes.append(change)
    return tuple(new_states), tuple(changes)


def _is_beyond(
    when: Condition,
    sample: Sample,
    repetition: RepetitionTracker | None,
    last_pass_s: tuple[float, float] | None,
    *,
    is_on: bool,
) -> bool | None:
    """Return whether the bound is crossed, or None when it cannot be told (nothing changes then)."""
    if isinstance(when, Level):
        value = sample.value(when.quantity)
        if math.isnan(value):
            return None
        value = abs(value) if when.absolute else value
        if when.above is not None:
            return value > (when.clear if is_on else when.above)
        return value < (when.clear if is_on else (when.below if when.below is not None else -math.inf))
    if isinstance(when, Difference):
        apart = abs(sample.value(when.quantities[0]) - sample.value(when.quantities[1]))
        return None if math.isnan(apart) else apart > (when.clear if is_on else when.above)
    if isinstance(when, ShortOfTop):
        return _is_short_of_top(when, sample, repetition, is_on=is_on)
    if last_pass_s is None:
        return None
    return last_pass_s[1] - last_pass_s[0] < when.shorter_than_s


def _is_short_of_top(
    when: ShortOfTop, sample: Sample, repetition: RepetitionTracker | None, *, is_on: bool
) -> bool | None:
    if repetition is None:
        return None
    if repetition.zone in ("hanging", "top"):
        return False
    if is_on:
        return True
    if repetition.has_top and not repetition.has_bottom:
        return False  # on the way down from a top that was reached
    peak = repetition.peak_deg
    if peak < when.least_deg:
        return False
    low = min(sample.value("left_shoulder_elevation_deg"), sample.value("right_shoulder_elevation_deg"))
    return low < peak - when.drop_deg or sample.t_s - repetition.peak_s > when.for_s


def _hysteresis(
    state: FaultState, rule: FaultRule, t_s: float, beyond: bool | None
) -> tuple[FaultState, FaultChange | None]:
    when = rule.when
    for_s = 0.0 if isinstance(when, ShortOfTop | FastPass) else when.for_s
    clear_for_s = 0.0 if isinstance(when, ShortOfTop) else when.clear_for_s
    if beyond is None:
        if state.is_on and isinstance(when, FastPass) and t_s - state.started_s >= clear_for_s:
            ended = FaultChange(rule=rule, began=False, start_s=state.started_s, end_s=t_s)
            return FaultState(fault_id=state.fault_id, seen_good=True), ended
        return state, None
    if not state.is_on:
        if not beyond:
            return FaultState(fault_id=state.fault_id, seen_good=True), None
        since = state.beyond_since_s if state.beyond_since_s is not None else t_s
        if t_s - since < for_s:
            return replace(state, beyond_since_s=since), None
        began = FaultChange(rule=rule, began=True, start_s=since, end_s=since)
        return replace(state, is_on=True, started_s=since, beyond_since_s=None, good_since_s=None), began
    if beyond:
        return replace(state, good_since_s=None), None
    since = state.good_since_s if state.good_since_s is not None else t_s
    if t_s - since < clear_for_s:
        return replace(state, good_since_s=since), None
    ended = FaultChange(rule=rule, began=False, start_s=state.started_s, end_s=since)
    return FaultState(fault_id=state.fault_id, seen_good=True), ended
