"""The view: the session's state, ready to draw.

In: the session's state. Out: a :class:`~unkink.coach.events.View`, and whether it differs enough to be sent.
Next file: :mod:`unkink.coach.session`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from unkink.coach.counting import compute_running_s, compute_total_held_s, main_quantities
from unkink.coach.events import Breath, Line, Phase, Side, View
from unkink.coach.exercise import ExcursionCounting, HoldCounting, RepetitionCounting
from unkink.coach.guiding import REACHED_WITHIN_S, choose_line
from unkink.coach.mobility_script import count_done

if TYPE_CHECKING:
    from unkink.coach.exercise import Exercise, PhaseName
    from unkink.coach.session_state import SessionState

SHOW_EVERY_S = 0.1
"""At most this often when nothing but numbers changed."""


def build_view(state: SessionState, exercise: Exercise, verdict: str) -> View:
    """Return what the screen shows now (seconds, degrees)."""
    counting = exercise.counting
    side = state.plan.sides[state.side_idx]
    running_side, running_s = compute_running_s(state, exercise)
    totals = compute_total_held_s(state, exercise, (running_side, running_s))
    is_check = isinstance(counting, ExcursionCounting)
    is_hold = is_check or isinstance(counting, HoldCounting)
    shown_side = running_side if is_hold and running_side is not None and side != "both" else side
    held_s, target_s = _held_and_target(state, exercise, shown_side, running_s, totals)
    value, sd = state.last_value, state.last_sd
    has_angle = is_hold and value is not None and math.isfinite(value) and state.phase is not Phase.PAUSED
    return View(
        t_s=state.t_s,
        phase=state.phase,
        side=cast("Side", shown_side),
        set_idx=state.set_idx,
        n_sets=state.plan.n_sets,
        held_s=held_s,
        target_s=target_s,
        total_held_s=totals,
        repetitions=_count_shown(state, shown_side) if is_check else state.set_reps,
        target_repetitions=state.plan.repetitions,
        breath=_breath(state, exercise),
        tracking=state.tracking,
        tracking_reason=state.tracking_reason,
        paused=state.pauses[-1].reason if state.phase is Phase.PAUSED else None,
        line=choose_line(state, exercise),
        next=_next(state, exercise),
        in_form=running_side is not None
        and not any(s.blocks_count and s.end_s is None for s in state.fault_spans),
        quantity=main_quantities(exercise)[0],
        angle_deg=value if has_angle else None,
        angle_sd_deg=sd if has_angle and sd is not None and math.isfinite(sd) else None,
        zone=(counting.smallest_deg, counting.drawn_to_deg) if isinstance(counting, HoldCounting) else None,
        countdown_s=_countdown(state),
        progress_frac=_progress(state, exercise, held_s, target_s),
        verdict=verdict,
        part=state.plan.variant if state.plan.parts else None,
    )


def _count_shown(state: SessionState, side: str) -> int:
    """Return the repetitions of a side, the present one once it was held and only the way back is left."""
    is_nearly = state.phase is Phase.RETURN and state.excursion.side == side
    return min(count_done(state, side) + is_nearly, state.plan.repetitions or 0)


def _held_and_target(
    state: SessionState, exercise: Exercise, side: str, running_s: float, totals: dict[str, float]
) -> tuple[float, float | None]:
    """Return the seconds in form within the present set, and how many were planned."""
    if isinstance(exercise.counting, HoldCounting):
        return dict(state.set_held).get(side, 0.0) + running_s, state.plan.hold_s
    if isinstance(exercise.counting, RepetitionCounting | ExcursionCounting):
        return 0.0, None
    return max(0.0, totals.get("both", 0.0) - state.set_base_s), state.plan.roll_s


def _progress(state: SessionState, exercise: Exercise, held_s: float, target_s: float | None) -> float:
    """Return the share 0..1 of this side or set that is done."""
    if state.phase is Phase.FINISHED:
        return 1.0
    if isinstance(exercise.counting, RepetitionCounting | ExcursionCounting):
        target = (state.plan.repetitions or 0) * len(state.plan.sides)
        return min(1.0, state.set_reps / target) if target else 0.0
    return min(1.0, held_s / target_s) if target_s else 0.0


def _breath(state: SessionState, exercise: Exercise) -> Breath:
    phase = str(state.phase)
    guide = exercise.guide(cast("PhaseName", phase))
    if guide is None or state.phase in (Phase.PAUSED, Phase.FINISHED, Phase.STOPPED):
        return Breath(phase="none", started_s=state.phase_since_s, duration_s=0.0)
    return Breath(phase=guide.breath, started_s=state.phase_since_s, duration_s=guide.duration_s or 0.0)


def _countdown(state: SessionState) -> int | None:
    """Return whole seconds left of a rest, for the numeral; None otherwise."""
    if state.phase is not Phase.REST:
        return None
    return max(0, math.ceil(state.plan.rest_s - (state.t_s - state.phase_since_s)))


def _next(state: SessionState, exercise: Exercise) -> Line | None:
    if state.phase in (Phase.FINISHED, Phase.STOPPED):
        return None
    if state.plan.parts:
        following = state.plan.parts[state.set_idx + 1 :]
        return Line(key=f"mobility.next.{following[0]}") if following else Line(key="next.done")
    held = dict(state.set_held)
    target_s = state.plan.hold_s
    for i, side in enumerate(state.plan.sides):
        is_done = side in state.set_skipped or (
            target_s is not None and held.get(side, 0.0) >= target_s - REACHED_WITHIN_S
        )
        if isinstance(exercise.counting, HoldCounting) and i != state.side_idx and not is_done:
            return Line(key=f"next.side.{side}")
    if state.set_idx + 1 < state.plan.n_sets:
        return Line(key="next.set", params={"set": state.set_idx + 2, "n_sets": state.plan.n_sets})
    return Line(key="next.done")


def make_sign(state: SessionState, verdict: str) -> tuple[object, ...]:
    """Return what must reach the screen at once when it changes; seconds and degrees may wait."""
    hold = state.hold.hold if state.hold.stage in ("hold", "back") else None
    return (
        state.phase,
        state.side_idx,
        None if hold is None else hold.side,
        state.set_idx,
        state.set_reps,
        state.excursion.side,
        state.plan.variant,
        state.tracking,
        state.tracking_reason,
        state.pauses[-1].reason if state.phase is Phase.PAUSED else None,
        tuple(fault.is_on for fault in state.faults),
        verdict,
    )


def is_due(state: SessionState, t_s: float) -> bool:
    """Whether the numbers on the screen are old (seconds)."""
    return state.view is None or t_s - state.view.t_s >= SHOW_EVERY_S
