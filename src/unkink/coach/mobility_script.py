"""The mobility check as it runs: what is counted, and what is asked for next.

In: the session's state, one sample or the time. Out: the state with its excursions, and with its side, phase
and part moved on. The script never decides what counts: whoever goes to the left when the right was asked for
is followed. Next file: :mod:`unkink.coach.counting`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec.structs import replace

from unkink.coach.events import Phase
from unkink.coach.excursions import ExcursionTracker, Reached, track_excursion
from unkink.coach.exercise import ExcursionCounting
from unkink.coach.faults import start_faults
from unkink.coach.session_state import Excursion, Fact, SessionState

if TYPE_CHECKING:
    from unkink.body.quantities import Sample
    from unkink.coach.exercise import Coaching, Exercise

TRIES_MORE = 3
"""So often a repetition that did not count is asked for again; then it goes on with what there is."""
AT_END_S = 0.25
"""So long at the end of the range, and the person has arrived."""

Moved = tuple[SessionState, tuple[Fact, ...]]


def is_check(exercise: Exercise) -> bool:
    """Whether the session goes through parts in which excursions count."""
    return isinstance(exercise.counting, ExcursionCounting)


def count_excursion(state: SessionState, sample: Sample, counting: ExcursionCounting) -> Moved:
    """Take one measured picture (degrees, relative to neutral)."""
    value, sd = sample.value(counting.quantity), sample.sd(counting.quantity)
    step = track_excursion(state.excursion, sample.t_s, value, sd, counting)
    state = replace(state, excursion=step.tracker)
    return (state, ()) if step.reached is None else _note(state, step.reached, counting)


def _note(state: SessionState, reached: Reached, counting: ExcursionCounting) -> Moved:
    """Write an excursion down, unless its side has enough already."""
    side = "both" if state.plan.sides == ("both",) else reached.side
    target = state.plan.repetitions or 0
    if count_done(state, side) >= target:
        return state, ()
    is_blocked = any(
        s.blocks_count and s.start_s < reached.end_s and (s.end_s is None or s.end_s > reached.start_s)
        for s in state.fault_spans
    )
    is_known = math.isfinite(reached.level_deg) and math.isfinite(reached.level_sd_deg)
    done = Excursion(
        part=state.plan.variant or "",
        side=side,
        start_s=reached.start_s,
        end_s=reached.end_s,
        level_deg=reached.level_deg if is_known else None,
        level_sd_deg=reached.level_sd_deg if is_known else None,
        n_samples=reached.n_samples,
        counts=is_known and not is_blocked and reached.stay_s >= counting.shortest_s,
    )
    state = replace(state, excursions=(*state.excursions, done))
    if not done.counts:
        return state, ()
    state = replace(
        state, rep_times=(*state.rep_times, (done.start_s, done.end_s)), set_reps=state.set_reps + 1
    )
    data = {
        "part": done.part,
        "side": side,
        "start_s": done.start_s,
        "end_s": done.end_s,
        "level_deg": done.level_deg,
        "level_sd_deg": done.level_sd_deg,
        "number": count_done(state, side),
    }
    return state, (Fact(what="repetition", t_s=done.end_s, data=data),)


def count_done(state: SessionState, side: str) -> int:
    """Return how many repetitions of the present part count on a side."""
    return sum(e.counts for e in state.excursions if e.part == state.plan.variant and e.side == side)


def _count_tries(state: SessionState, side: str) -> int:
    return sum(e.part == state.plan.variant and e.side == side for e in state.excursions)


def _is_side_open(state: SessionState, side: str) -> bool:
    target = state.plan.repetitions or 0
    is_enough = count_done(state, side) >= target or _count_tries(state, side) >= target + TRIES_MORE
    return not is_enough and side not in state.set_skipped


def choose_side(state: SessionState) -> int | None:
    """Return the index of the open side with the fewest tries; None: the part is done."""
    is_open = [i for i, side in enumerate(state.plan.sides) if _is_side_open(state, side)]
    return min(is_open, key=lambda i: (_count_tries(state, state.plan.sides[i]), i), default=None)


def advance_check(
    state: SessionState, exercise: Exercise, coaching: Coaching, t_s: float
) -> SessionState | None:
    """Move side and phase on, at ``t_s`` seconds; None: this part is done."""
    tracker, phase = state.excursion, state.phase
    since_s = t_s - state.phase_since_s
    if tracker.side is None and (choose_side(state) is None or _is_stuck(state, exercise, t_s)):
        return None
    if phase is Phase.LENGTHEN:
        guide = exercise.guide("lengthen")
        wait_s = guide.duration_s if guide is not None and guide.duration_s is not None else 0.0
        has_begun = tracker.side is not None or state.set_reps > 0
        return _go(state, Phase.MOVE, t_s) if has_begun or since_s >= wait_s else state
    if state.plan.sides == ("both",):
        return state if phase is Phase.WORK else _go(state, Phase.WORK, t_s)
    if tracker.side is None:
        idx = choose_side(state)
        is_other = idx is not None and idx != state.side_idx
        is_again = phase is Phase.MOVE and since_s >= coaching.move_longest_s
        if phase is not Phase.MOVE or is_other or is_again:
            state = replace(state, side_idx=state.side_idx if idx is None else idx)
            return _go(state, Phase.MOVE, t_s)
        return state
    return _advance_out(state, exercise, coaching, t_s)


def _is_stuck(state: SessionState, exercise: Exercise, t_s: float) -> bool:
    """Whether nothing has come of the present part for so long that the person is not kept waiting."""
    if exercise.patience_s is None or state.watched_from_s is None:
        return False
    ends = [e.end_s for e in state.excursions if e.part == state.plan.variant]
    ends += [p.end_s for p in state.pauses if p.end_s is not None]
    return t_s - max([state.watched_from_s, *ends]) >= exercise.patience_s


def _advance_out(state: SessionState, exercise: Exercise, coaching: Coaching, t_s: float) -> SessionState:
    """Somebody is on the way, at the end of the range, or on the way back."""
    counting, tracker = exercise.counting, state.excursion
    assert isinstance(counting, ExcursionCounting)  # noqa: S101 - asked for by the caller
    if tracker.side in state.plan.sides and state.phase in (Phase.MOVE, Phase.HOLD):
        state = replace(state, side_idx=state.plan.sides.index(tracker.side))
    at_end_s = tracker.compute_end_s(t_s)
    if state.phase is Phase.HOLD:
        return _go(state, Phase.RETURN, t_s) if at_end_s >= counting.linger_s else state
    if state.phase is Phase.RETURN:
        is_long = t_s - state.phase_since_s >= coaching.return_longest_s
        return _go(state, Phase.RETURN, t_s) if is_long else state
    # shown, not said: there is no time for it between "to the right" and "back"
    return replace(_go(state, Phase.HOLD, t_s), said_phase=True) if at_end_s >= AT_END_S else state


def _go(state: SessionState, phase: Phase, t_s: float) -> SessionState:
    return replace(state, phase=phase, phase_since_s=t_s, said_phase=False)


def start_part(state: SessionState, exercise: Exercise, set_idx: int, t_s: float) -> SessionState:
    """Begin the next part at ``t_s`` seconds: another movement, counted afresh."""
    part_id = state.plan.parts[set_idx]
    part = exercise.with_variant(part_id)
    plan = replace(state.plan, variant=part_id, sides=part.sides, repetitions=part.doses.start.repetitions)
    spans = tuple(replace(s, end_s=t_s) if s.end_s is None else s for s in state.fault_spans)
    return replace(
        state,
        plan=plan,
        fault_spans=spans,
        faults=start_faults(part.faults),
        excursion=ExcursionTracker(),
        watched_from_s=None,
        last_value=None,
        last_sd=None,
    )


def skip_part(state: SessionState) -> SessionState:
    """The person leaves the present movement out."""
    return replace(state, excursion=ExcursionTracker(), set_skipped=state.plan.sides)
