"""Guiding: which phase comes next, and what could be said.

In: the session's state after a picture, a tap or a tick. Out: the state with its phase moved on, and
wishes for cues; which of them is said is chosen in :mod:`unkink.coach.cues` after
:func:`unkink.coach.safety.judge`. Next file: :mod:`unkink.coach.session`.

The script never decides what counts: a person who turns early, or to the other side first, is followed,
not corrected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from unkink.coach.counting import close_counting, compute_running_s, compute_total_held_s, note_timed
from unkink.coach.cues import Wish
from unkink.coach.events import Line, Phase
from unkink.coach.exercise import HoldCounting, RepetitionCounting
from unkink.coach.mobility_script import advance_check, is_check, skip_part, start_part
from unkink.coach.session_state import Fact, SessionState

if TYPE_CHECKING:
    from unkink.coach.exercise import Coaching, Exercise, Guide, PhaseName

REACHED_WITHIN_S = 0.25
"""A target is reached when this little is missing: nobody is asked to come back for it."""
_OVER = (Phase.PAUSED, Phase.FINISHED, Phase.STOPPED)


def enter(state: SessionState, phase: Phase, t_s: float) -> SessionState:
    """Change the phase at ``t_s`` seconds; its guidance is due."""
    return replace(state, phase=phase, phase_since_s=t_s, said_phase=False)


def advance(
    state: SessionState, exercise: Exercise, coaching: Coaching, t_s: float
) -> tuple[SessionState, tuple[Fact, ...]]:
    """Move the phase on, by time (seconds) and by what was seen.

    Returns
    -------
    state, facts
    """
    if state.phase in _OVER or state.status != "running":
        return state, ()
    if state.phase in (Phase.GET_READY, Phase.CALIBRATE):
        return _get_ready(state, exercise, coaching, t_s), ()
    if state.plan.mode == "timer":
        return _advance_timer(state, exercise, coaching, t_s)
    if is_check(exercise):
        moved = advance_check(state, exercise, coaching, t_s)
        return _next_set(state, exercise, t_s) if moved is None else (moved, ())
    if isinstance(exercise.counting, HoldCounting):
        return _advance_hold(state, exercise, coaching, t_s)
    return _advance_work(state, exercise, t_s)


def _since(state: SessionState, t_s: float) -> float:
    return t_s - state.phase_since_s


def _guide_s(exercise: Exercise, phase: PhaseName) -> float:
    guide = exercise.guide(phase)
    return guide.duration_s if guide is not None and guide.duration_s is not None else 0.0


def _get_ready(state: SessionState, exercise: Exercise, coaching: Coaching, t_s: float) -> SessionState:
    if state.plan.mode == "timer":
        return enter(state, Phase.LENGTHEN, t_s) if _since(state, t_s) >= coaching.timer_ready_s else state
    is_ready = state.neutral is not None or (
        state.seen_since_s is not None
        and not isinstance(exercise.counting, HoldCounting)
        and not is_check(exercise)
    )
    if not is_ready:
        if state.phase is Phase.GET_READY and _since(state, t_s) >= coaching.calibrate_longest_s:
            return enter(state, Phase.CALIBRATE, t_s)
        return state
    return enter(state, Phase.LENGTHEN, t_s) if t_s >= coaching.get_ready_s else state


# --- holds, watched
# -------------------------------------------------------------------------------------------------


def _advance_hold(
    state: SessionState, exercise: Exercise, coaching: Coaching, t_s: float
) -> tuple[SessionState, tuple[Fact, ...]]:
    stage, phase = state.hold.stage, state.phase
    if stage == "hold" and phase not in (Phase.HOLD, Phase.RETURN):
        return _follow_side(enter(state, Phase.HOLD, t_s)), ()
    if phase is Phase.HOLD:
        if _is_side_done(state, exercise, state.plan.sides[state.side_idx]):
            return enter(state, Phase.RETURN, t_s), ()
        return (enter(state, Phase.MOVE, t_s), ()) if stage in ("rest", "out") else (state, ())
    if phase is Phase.RETURN:
        if stage in ("rest", "out"):
            return _next_step(state, exercise, t_s)
        return (
            (replace(state, said_phase=False, phase_since_s=t_s), ())
            if _since(state, t_s) >= coaching.return_longest_s
            else (state, ())
        )
    if phase is Phase.LENGTHEN:
        if stage == "out" or _since(state, t_s) >= _guide_s(exercise, "lengthen"):
            return enter(state, Phase.MOVE, t_s), ()
        return state, ()
    if phase is Phase.MOVE:
        if _since(state, t_s) >= coaching.move_longest_s:
            return enter(state, Phase.MOVE, t_s), ()
        return state, ()
    longest = state.plan.rest_s if phase is Phase.REST else coaching.switch_s
    return (enter(state, Phase.LENGTHEN, t_s), ()) if _since(state, t_s) >= longest else (state, ())


def _follow_side(state: SessionState) -> SessionState:
    """Go along with the side that the person chose."""
    hold = state.hold.hold
    if hold is None or hold.side not in state.plan.sides:
        return state
    return replace(state, side_idx=state.plan.sides.index(hold.side))


def _is_side_done(state: SessionState, exercise: Exercise, side: str) -> bool:
    if side in state.set_skipped:
        return True
    done_s = dict(state.set_held).get(side, 0.0)
    running_side, running_s = compute_running_s(state, exercise)
    if running_side == side:
        done_s += running_s
    target_s = state.plan.hold_s
    return target_s is not None and done_s >= target_s - REACHED_WITHIN_S


def _next_step(state: SessionState, exercise: Exercise, t_s: float) -> tuple[SessionState, tuple[Fact, ...]]:
    """After a side: the other side, a rest before the next set, or the end."""
    for i, side in enumerate(state.plan.sides):
        if not _is_side_done(state, exercise, side):
            phase = Phase.SWITCH if i != state.side_idx else Phase.LENGTHEN
            return enter(replace(state, side_idx=i), phase, t_s), ()
    return _next_set(state, exercise, t_s)


def _next_set(state: SessionState, exercise: Exercise, t_s: float) -> tuple[SessionState, tuple[Fact, ...]]:
    done = Fact(what="set", t_s=t_s, data={"set_idx": state.set_idx})
    if state.set_idx + 1 >= state.plan.n_sets:
        state, facts = close_counting(state, exercise, t_s)
        return enter(replace(state, status="finished", end_reason="done"), Phase.FINISHED, t_s), (
            *facts,
            done,
        )
    if state.plan.parts:
        state = start_part(state, exercise, state.set_idx + 1, t_s)
    state = replace(
        state,
        set_idx=state.set_idx + 1,
        side_idx=0,
        set_reps=0,
        set_held=(),
        set_skipped=(),
        set_base_s=compute_total_held_s(state, exercise).get("both", 0.0),
    )
    return enter(state, Phase.REST if state.plan.rest_s > 0 else Phase.LENGTHEN, t_s), (done,)


# --- repetitions and rolling, watched
# -------------------------------------------------------------------------------


def _advance_work(
    state: SessionState, exercise: Exercise, t_s: float
) -> tuple[SessionState, tuple[Fact, ...]]:
    phase = state.phase
    if phase is Phase.LENGTHEN:
        began = state.repetition.has_top or state.roll_from_s is not None
        if began or _since(state, t_s) >= _guide_s(exercise, "lengthen"):
            return enter(state, Phase.WORK, t_s), ()
        return state, ()
    if phase is Phase.WORK:
        return _next_set(state, exercise, t_s) if _is_work_done(state, exercise) else (state, ())
    if phase is Phase.REST and _since(state, t_s) >= state.plan.rest_s:
        rolled_s = compute_total_held_s(state, exercise).get("both", 0.0)
        # what was done in the rest belongs to no set
        return enter(replace(state, set_base_s=rolled_s, set_reps=0), Phase.LENGTHEN, t_s), ()
    return state, ()


def _is_work_done(state: SessionState, exercise: Exercise) -> bool:
    if "both" in state.set_skipped:
        return True
    if isinstance(exercise.counting, RepetitionCounting):
        target = state.plan.repetitions
        return target is not None and state.set_reps >= target
    rolled_s = compute_total_held_s(state, exercise).get("both", 0.0) - state.set_base_s
    target_s = state.plan.roll_s
    return target_s is not None and rolled_s >= target_s - REACHED_WITHIN_S


# --- without a camera
# -----------------------------------------------------------------------------------------------


def _advance_timer(
    state: SessionState, exercise: Exercise, coaching: Coaching, t_s: float
) -> tuple[SessionState, tuple[Fact, ...]]:
    """The same phases by the clock; what is done is what the person says."""
    phase, since = state.phase, _since(state, t_s)
    is_hold = isinstance(exercise.counting, HoldCounting)
    if phase is Phase.LENGTHEN and since >= _guide_s(exercise, "lengthen"):
        if is_hold:
            return enter(state, Phase.MOVE, t_s), ()
        return replace(enter(state, Phase.WORK, t_s), roll_from_s=_timer_start(exercise, t_s)), ()
    if phase is Phase.MOVE and since >= coaching.timer_move_s:
        return replace(enter(state, Phase.HOLD, t_s), roll_from_s=t_s), ()
    if phase is Phase.HOLD and _is_timer_side_done(state, t_s):
        return _end_timer_hold(state, t_s)
    if phase is Phase.WORK:
        return _work_timer(state, exercise, t_s)
    if phase is Phase.RETURN and since >= coaching.timer_move_s:
        return _next_step(state, exercise, t_s)
    if phase is Phase.REST and since >= state.plan.rest_s:
        return enter(state, Phase.LENGTHEN, t_s), ()
    if phase is Phase.SWITCH and since >= coaching.switch_s:
        return enter(state, Phase.LENGTHEN, t_s), ()
    return state, ()


def _timer_start(exercise: Exercise, t_s: float) -> float | None:
    return None if isinstance(exercise.counting, RepetitionCounting) else t_s


def _is_timer_side_done(state: SessionState, t_s: float) -> bool:
    side = state.plan.sides[state.side_idx]
    if side in state.set_skipped:
        return True
    running_s = t_s - state.roll_from_s if state.roll_from_s is not None else 0.0
    target_s = state.plan.hold_s
    return target_s is not None and dict(state.set_held).get(side, 0.0) + running_s >= target_s


def _end_timer_hold(state: SessionState, t_s: float) -> tuple[SessionState, tuple[Fact, ...]]:
    side = state.plan.sides[state.side_idx]
    facts: tuple[Fact, ...] = ()
    if state.roll_from_s is not None:
        state, facts = note_timed(state, side, state.roll_from_s, t_s, is_measured=False)
    state = replace(state, set_skipped=(*state.set_skipped, side))
    return enter(state, Phase.RETURN, t_s), facts


def _work_timer(state: SessionState, exercise: Exercise, t_s: float) -> tuple[SessionState, tuple[Fact, ...]]:
    facts: tuple[Fact, ...] = ()
    if isinstance(exercise.counting, RepetitionCounting):
        pace_s = _guide_s(exercise, "work")
        from_s = max(state.phase_since_s, state.rep_times[-1][1] if state.rep_times else state.phase_since_s)
        if t_s - from_s >= pace_s:
            times = (*state.rep_times, (from_s, t_s))
            state = replace(state, rep_times=times, set_reps=state.set_reps + 1)
            data = {"start_s": from_s, "end_s": t_s, "number": len(times), "is_measured": False}
            facts = (Fact(what="repetition", t_s=t_s, data=data),)
    if not _is_work_done(replace(state, t_s=t_s), exercise):
        return state, facts
    if state.roll_from_s is not None:
        state, more = note_timed(state, "both", state.roll_from_s, t_s, is_measured=False)
        facts = (*facts, *more)
    state, more = _next_set(state, exercise, t_s)
    return state, (*facts, *more)


# --- taps
# -----------------------------------------------------------------------------------------------------------


def skip(state: SessionState, exercise: Exercise, t_s: float) -> tuple[SessionState, tuple[Fact, ...]]:
    """The person says "done" or "next": this side (or set) is over at ``t_s`` seconds."""
    if state.phase in _OVER:
        return state, ()
    if state.phase in (Phase.GET_READY, Phase.CALIBRATE):
        return (enter(state, Phase.LENGTHEN, t_s), ()) if state.plan.mode == "timer" else (state, ())
    if state.phase in (Phase.REST, Phase.SWITCH):
        return enter(state, Phase.LENGTHEN, t_s), ()
    if is_check(exercise):
        return _next_set(skip_part(state), exercise, t_s)
    side = state.plan.sides[state.side_idx]
    if isinstance(exercise.counting, HoldCounting):
        if state.plan.mode == "timer" and state.phase is Phase.HOLD:
            return _end_timer_hold(state, t_s)
        state, facts = close_counting(state, exercise, t_s)
        state = replace(state, set_skipped=(*state.set_skipped, side))
        state, more = _next_step(state, exercise, t_s)
        return state, (*facts, *more)
    state, facts = close_counting(state, exercise, t_s)
    state, more = _next_set(replace(state, set_skipped=(*state.set_skipped, "both")), exercise, t_s)
    return state, (*facts, *more)


# --- what could be said
# ---------------------------------------------------------------------------------------------


def choose_line(state: SessionState, exercise: Exercise) -> Line:
    """Return the one line for the screen: a fault's cue, what to move, or the guidance of the phase."""
    if state.phase is Phase.PAUSED:
        return _pause_line(state)
    if state.phase is Phase.FINISHED:
        ends = {
            "sitting": "cue.finished",
            "standing": "cue.finished-standing",
            "supine": "cue.finished-lying",
        }
        return Line(key=ends[exercise.position])
    if state.phase is Phase.STOPPED:
        return Line(key="cue.stopped")
    if state.phase in (Phase.GET_READY, Phase.CALIBRATE):
        return _ready_line(state, exercise)
    lasting = [rule for rule, fault in zip(exercise.faults, state.faults, strict=False) if fault.is_on]
    if lasting:
        return Line(key=min(lasting, key=lambda rule: rule.importance).cue)
    guide = exercise.guide(cast("PhaseName", str(state.phase)))
    if guide is None:
        return Line(key="cue.rest")
    if guide.again is not None and is_check(exercise) and state.set_reps > 0:
        return Line(key=f"{guide.again}.{_side(state)}" if guide.per_side else guide.again)
    return Line(key=guide_key(guide, state))


def _ready_line(state: SessionState, exercise: Exercise) -> Line:
    """Before anything counts: what to move, or to be at ease."""
    if state.plan.mode == "timer":
        return Line(key="cue.get-ready-timer")
    is_hidden = state.n_frames > 0 and state.tracking != "seen" and state.tracking_reason is not None
    if is_hidden and state.neutral is None:
        return Line(key=f"tracking.{state.tracking_reason}")
    if state.phase is Phase.GET_READY:
        return Line(key="cue.get-ready")
    return Line(key="cue.calibrate" if exercise.camera.facing == "front" else "cue.calibrate-side")


def guide_key(guide: Guide, state: SessionState) -> str:
    """Return the key of a guidance's text, for the side where it has one for each."""
    return f"{guide.cue}.{state.plan.sides[state.side_idx]}" if guide.per_side else guide.cue


def _side(state: SessionState) -> str:
    return state.plan.sides[state.side_idx]


def _pause_line(state: SessionState) -> Line:
    reason = state.pauses[-1].reason if state.pauses else "user"
    if reason in ("lost", "partly", "left"):
        return Line(key=f"tracking.{state.tracking_reason or 'nobody'}")
    if reason in ("camera", "hidden", "time-jump"):
        return Line(key=f"tracking.{reason}")
    return Line(key="cue.paused")


def collect_wishes(state: SessionState, exercise: Exercise) -> tuple[SessionState, tuple[Wish, ...]]:
    """Return what could be said now; the guidance of a phase is wished for once."""
    wishes: list[Wish] = []
    if not state.said_phase:
        wishes.append(
            Wish(
                line=_spoken_line(state, exercise),
                urgency="prompt",
                importance=5,
                keeps=True,
                is_exercise=state.phase not in (*_OVER, Phase.GET_READY, Phase.CALIBRATE),
            )
        )
        state = replace(state, said_phase=True)
    if state.phase not in (*_OVER, Phase.GET_READY, Phase.CALIBRATE):
        wishes.extend(
            Wish(
                line=Line(key=rule.cue),
                urgency="form",
                importance=rule.importance,
                rule_ids=rule.evidence,
                fault_id=rule.id,
            )
            for rule, fault in zip(exercise.faults, state.faults, strict=False)
            if fault.is_on
        )
    return state, tuple(wishes)


def _spoken_line(state: SessionState, exercise: Exercise) -> Line:
    if state.phase is Phase.RETURN and not is_check(exercise):
        return Line(key="cue.target-reached")
    faultless = replace(state, faults=())
    return choose_line(faultless, exercise)
