"""Counting: which part of a hold, a roll or a repetition was in form.

In: one sample while the session is at work. Out: the state with its trackers moved on, the finished holds
and repetitions, and the seconds in form so far. Blocking faults and unseen times are taken out, even when
they become known later than they began. Next file: :mod:`unkink.coach.watching`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec.structs import replace

from unkink.body.uncertainty import compute_hold
from unkink.coach.excursions import ExcursionTracker
from unkink.coach.exercise import (
    ExcursionCounting,
    Exercise,
    HoldCounting,
    RepetitionCounting,
    RollingCounting,
)
from unkink.coach.mobility_script import count_excursion
from unkink.coach.phases import Hold, HoldTracker, finish_hold, track_hold
from unkink.coach.repetitions import RepetitionTracker, RollTracker, close_roll, track_repetition, track_roll
from unkink.coach.session_state import DoneHold, Fact, SessionState

if TYPE_CHECKING:
    from unkink.body.quantities import Sample

PASSES_PER_ROUND = 2
"""To the feet and back to the head is one repetition on the roller."""
SHORTEST_PIECE_S = 0.5
"""Pieces of a hold between two faults that are shorter than this are not held."""
MOST_READINGS = 600

Counted = tuple[SessionState, tuple[Fact, ...]]


def main_quantities(exercise: Exercise) -> tuple[str, ...]:
    """Return the names of what counts in this technique (degrees or norm)."""
    counting = exercise.counting
    return counting.quantities if isinstance(counting, RepetitionCounting) else (counting.quantity,)


def find_pieces_in_form(state: SessionState, start_s: float, end_s: float) -> tuple[tuple[float, float], ...]:
    """Cut blocking faults and unseen times out of ``[start_s, end_s)``.

    Returns
    -------
    tuple of (start, end), seconds, in order
    """
    cuts = [(s.start_s, end_s if s.end_s is None else s.end_s) for s in state.fault_spans if s.blocks_count]
    cuts += [(s.start_s, end_s if s.end_s is None else s.end_s) for s in state.gap_spans]
    pieces = [(start_s, end_s)]
    for cut_start, cut_end in cuts:
        if cut_end <= start_s or cut_start >= end_s:
            continue
        pieces = [
            piece
            for a, b in pieces
            for piece in ((a, min(b, cut_start)), (max(a, cut_end), b))
            if piece[1] - piece[0] > 0.0
        ]
    return tuple(p for p in pieces if p[1] - p[0] >= min(SHORTEST_PIECE_S, end_s - start_s))


def compute_running_s(state: SessionState, exercise: Exercise) -> tuple[str | None, float]:
    """Return the side of the hold or roll that is running and its seconds in form so far.

    (None, 0) when none is.
    """
    counting = exercise.counting
    if isinstance(counting, ExcursionCounting):
        return state.excursion.side, state.excursion.compute_end_s(state.t_s)
    if isinstance(counting, HoldCounting) and state.plan.mode != "timer":
        hold = state.hold.hold if state.hold.stage in ("hold", "back") else None
        if hold is None:
            return None, 0.0
        return hold.side, _length(find_pieces_in_form(state, hold.start_s, hold.end_s))
    if state.roll_from_s is None:
        return None, 0.0
    side = state.plan.sides[state.side_idx] if isinstance(counting, HoldCounting) else "both"
    return side, _length(find_pieces_in_form(state, state.roll_from_s, state.t_s))


def _length(pieces: tuple[tuple[float, float], ...]) -> float:
    return sum(b - a for a, b in pieces)


def compute_total_held_s(
    state: SessionState, exercise: Exercise, running: tuple[str | None, float] | None = None
) -> dict[str, float]:
    """Return the seconds in form by side, the running hold included (worked out, where it is not given)."""
    totals = dict.fromkeys(state.plan.sides, 0.0)
    for hold in state.holds:
        totals[hold.side] = totals.get(hold.side, 0.0) + hold.held_s
    side, running_s = compute_running_s(state, exercise) if running is None else running
    if side is not None:
        totals[side] = totals.get(side, 0.0) + running_s
    return totals


def count_frame(
    state: SessionState, sample: Sample, exercise: Exercise
) -> tuple[SessionState, tuple[Fact, ...], tuple[float, float] | None]:
    """Take one measured picture while the session is at work.

    Parameters
    ----------
    state : SessionState
    sample : Sample, relative to neutral; degrees and norm
    exercise : Exercise

    Returns
    -------
    state, facts, last_pass
        ``last_pass`` is (start, end), seconds, of a pass or repetition that ended with this picture.
    """
    counting = exercise.counting
    if state.watched_from_s is None:
        state = replace(state, watched_from_s=sample.t_s)
    if isinstance(counting, HoldCounting):
        return (*_count_hold(state, sample, counting), None)
    if isinstance(counting, ExcursionCounting):
        return (*count_excursion(state, sample, counting), None)
    if isinstance(counting, RepetitionCounting):
        return _count_repetition(state, sample, counting)
    if isinstance(counting, RollingCounting):
        return _count_roll(state, sample, counting)
    if state.roll_from_s is None:  # lying still: being there is what counts
        state = replace(state, roll_from_s=sample.t_s)
    return state, (), None


def _count_hold(state: SessionState, sample: Sample, counting: HoldCounting) -> Counted:
    value, sd = sample.value(counting.quantity), sample.sd(counting.quantity)
    step = track_hold(state.hold, sample.t_s, value, counting)
    readings = (*state.readings, (sample.t_s, value, sd))
    if step.ended is None and step.tracker.stage in ("rest", "out"):
        # not in the picture that ends a hold: its level is that of all of it, and its end may lie back, too
        readings = tuple(r for r in readings if r[0] >= sample.t_s - 3.0)  # a hold's start may be dated back
    elif len(readings) > MOST_READINGS:
        readings = readings[::2]
    state = replace(state, hold=step.tracker, readings=readings)
    if step.ended is not None:
        return _note_hold(state, step.ended, counting)
    return state, ()


def _note_hold(state: SessionState, hold: Hold, counting: HoldCounting) -> Counted:
    """Write down what of a hold was in form."""
    pieces = find_pieces_in_form(state, hold.start_s, hold.end_s)
    if _length(pieces) < min(counting.shortest_s, hold.end_s - hold.start_s):
        return replace(state, readings=()), ()
    done: list[DoneHold] = []
    facts: list[Fact] = []
    for start_s, end_s in pieces:
        inside = [r for r in state.readings if start_s <= r[0] <= end_s]
        number = compute_hold(counting.quantity, [r[1] for r in inside], [r[2] for r in inside])
        is_known = math.isfinite(number.value) and math.isfinite(number.sd)
        piece = DoneHold(
            side=hold.side,
            start_s=start_s,
            end_s=end_s,
            held_s=end_s - start_s,
            level_deg=number.value if is_known else None,
            level_sd_deg=number.sd if is_known else None,
            n_samples=number.n,
            set_idx=state.set_idx,
            is_measured=True,
        )
        done.append(piece)
        facts.append(_hold_fact(piece))
    return add_holds(replace(state, readings=()), tuple(done)), tuple(facts)


def _hold_fact(hold: DoneHold) -> Fact:
    return Fact(
        what="hold",
        t_s=hold.end_s,
        data={
            "side": hold.side,
            "start_s": hold.start_s,
            "end_s": hold.end_s,
            "held_s": hold.held_s,
            "set_idx": hold.set_idx,
            "level_deg": hold.level_deg,
            "level_sd_deg": hold.level_sd_deg,
            "is_measured": hold.is_measured,
        },
    )


def add_holds(state: SessionState, holds: tuple[DoneHold, ...]) -> SessionState:
    """Add finished holds (seconds) to the session and to the present set."""
    by_side = dict(state.set_held)
    for hold in holds:
        by_side[hold.side] = by_side.get(hold.side, 0.0) + hold.held_s
    return replace(state, holds=(*state.holds, *holds), set_held=tuple(by_side.items()))


def _count_repetition(
    state: SessionState, sample: Sample, counting: RepetitionCounting
) -> tuple[SessionState, tuple[Fact, ...], tuple[float, float] | None]:
    left, right = (sample.value(name) for name in counting.quantities)
    step = track_repetition(state.repetition, sample.t_s, left, right, counting)
    state = replace(state, repetition=step.tracker)
    if step.finished_s is None:
        return state, (), None
    start_s, end_s = step.finished_s
    is_blocked = any(
        s.blocks_count and s.start_s < end_s and (s.end_s is None or s.end_s > start_s)
        for s in state.fault_spans
    )
    if is_blocked:
        return state, (), (start_s, end_s)
    state = replace(state, rep_times=(*state.rep_times, (start_s, end_s)), set_reps=state.set_reps + 1)
    fact = Fact(
        what="repetition",
        t_s=end_s,
        data={"start_s": start_s, "end_s": end_s, "number": len(state.rep_times)},
    )
    return state, (fact,), (start_s, end_s)


def _count_roll(
    state: SessionState, sample: Sample, counting: RollingCounting
) -> tuple[SessionState, tuple[Fact, ...], tuple[float, float] | None]:
    step = track_roll(state.roll, sample.t_s, sample.value(counting.quantity), counting)
    state = replace(state, roll=step.tracker)
    facts: tuple[Fact, ...] = ()
    if step.is_rolling and step.started_s is not None:
        earliest_s = state.holds[-1].end_s if state.holds else (state.watched_from_s or 0.0)
        state = replace(state, roll_from_s=max(step.started_s, earliest_s))
    if step.stopped_s is not None and state.roll_from_s is not None:
        end_s = min(step.stopped_s, sample.t_s)
        state, facts = note_timed(state, "both", state.roll_from_s, end_s, is_measured=True)
    if step.pass_s is not None:
        state, facts = _note_pass(state, step.pass_s, facts)
    return state, facts, step.pass_s


def _note_pass(state: SessionState, pass_s: tuple[float, float], facts: tuple[Fact, ...]) -> Counted:
    state = replace(state, passes=state.passes + 1)
    if state.passes % PASSES_PER_ROUND:
        return state, facts
    start_s = state.rep_times[-1][1] if state.rep_times else pass_s[0]
    state = replace(state, rep_times=(*state.rep_times, (start_s, pass_s[1])), set_reps=state.set_reps + 1)
    data = {"start_s": start_s, "end_s": pass_s[1], "number": len(state.rep_times)}
    return state, (*facts, Fact(what="repetition", t_s=pass_s[1], data=data))


def note_timed(state: SessionState, side: str, start_s: float, end_s: float, *, is_measured: bool) -> Counted:
    """Write down a roll, a rest in position or a self-reported hold (seconds)."""
    state = replace(state, roll_from_s=None)
    pieces = find_pieces_in_form(state, start_s, end_s) if end_s > start_s else ()
    done = tuple(
        DoneHold(
            side=side,
            start_s=a,
            end_s=b,
            held_s=b - a,
            level_deg=None,
            level_sd_deg=None,
            n_samples=0,
            set_idx=state.set_idx,
            is_measured=is_measured,
        )
        for a, b in pieces
    )
    return add_holds(state, done), tuple(_hold_fact(hold) for hold in done)


def close_counting(state: SessionState, exercise: Exercise, t_s: float) -> Counted:
    """End what is running: a pause, the end of a set or of the session, at ``t_s`` seconds."""
    counting = exercise.counting
    facts: tuple[Fact, ...] = ()
    is_timer = state.plan.mode == "timer"
    if isinstance(counting, ExcursionCounting):
        return replace(state, excursion=ExcursionTracker()), ()
    last_s = t_s if is_timer or state.last_seen_s is None else min(t_s, state.last_seen_s)
    if isinstance(counting, HoldCounting) and not is_timer:
        step = finish_hold(state.hold, counting)
        state = replace(state, hold=HoldTracker())
        if step.ended is not None:
            return _note_hold(state, step.ended, counting)
        return replace(state, readings=()), ()
    if isinstance(counting, RollingCounting) and not is_timer:
        step = close_roll(state.roll, counting)
        state = replace(state, roll=RollTracker())
        if state.roll_from_s is not None:
            end_s = last_s if step.stopped_s is None else min(step.stopped_s, last_s)
            state, facts = note_timed(state, "both", state.roll_from_s, end_s, is_measured=True)
        if step.pass_s is not None:
            return _note_pass(state, step.pass_s, facts)
        return state, facts
    if isinstance(counting, RepetitionCounting) and not is_timer:
        return replace(state, repetition=RepetitionTracker()), ()
    if state.roll_from_s is not None:
        side = state.plan.sides[state.side_idx] if isinstance(counting, HoldCounting) else "both"
        return note_timed(state, side, state.roll_from_s, last_s, is_measured=not is_timer)
    return state, facts
