"""Watching: one picture's quantities change what is seen, what counts and which faults last.

In: the session's state and one sample. Out: the state and the facts that came of it (holds, repetitions,
faults, pauses). Nothing is said here. Next file: :mod:`unkink.coach.guiding`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec.structs import replace

from unkink.body.calibration import Calibration, Neutral, calibrate, relate
from unkink.body.quantities import Sample, Tracking
from unkink.coach.counting import close_counting, count_frame, main_quantities
from unkink.coach.events import Phase
from unkink.coach.exercise import ExcursionCounting, HoldCounting
from unkink.coach.faults import FaultChange, start_faults, track_faults
from unkink.coach.session_state import (
    SELF_RESUMING,
    Fact,
    FaultSpan,
    PauseReason,
    PauseSpan,
    SessionState,
    Span,
)

if TYPE_CHECKING:
    from unkink.coach.exercise import Coaching, Exercise

IDLE_PHASES = frozenset({Phase.GET_READY, Phase.CALIBRATE, Phase.PAUSED, Phase.FINISHED, Phase.STOPPED})
"""Phases in which nothing counts."""


def pause(
    state: SessionState, reason: PauseReason, t_s: float, exercise: Exercise
) -> tuple[SessionState, tuple[Fact, ...]]:
    """Pause: what is running ends where it was last seen (seconds)."""
    if state.phase in (Phase.FINISHED, Phase.STOPPED):
        return state, ()
    if state.phase is Phase.PAUSED:
        return _worsen_pause(state, reason, t_s), ()
    state, facts = close_counting(state, exercise, t_s)
    state, fault_facts = _end_all_faults(state, exercise, t_s)
    state = replace(
        state,
        phase=Phase.PAUSED,
        phase_since_s=t_s,
        said_phase=False,
        resume_phase=_resume_phase(state, exercise),
        pauses=(*state.pauses, PauseSpan(reason=reason, start_s=t_s)),
        seen_since_s=None,
    )
    return state, (*facts, *fault_facts, Fact(what="pause", t_s=t_s, data={"reason": reason}))


def _worsen_pause(state: SessionState, reason: PauseReason, t_s: float) -> SessionState:
    """A pause keeps its reason, except that a person's own wish and pain outrank what the camera says."""
    now = state.pauses[-1].reason
    outranks = reason in ("user", "pain") and now not in ("user", "pain")
    if not outranks and not (now in ("lost", "partly") and reason == "left"):
        return state
    ended = replace(state.pauses[-1], end_s=t_s)
    return replace(
        state, pauses=(*state.pauses[:-1], ended, PauseSpan(reason=reason, start_s=t_s)), said_phase=False
    )


def _resume_phase(state: SessionState, exercise: Exercise) -> Phase:
    if state.phase in (Phase.GET_READY, Phase.CALIBRATE, Phase.REST, Phase.SWITCH):
        return state.phase
    if isinstance(exercise.counting, ExcursionCounting):
        return Phase.MOVE
    return Phase.LENGTHEN if isinstance(exercise.counting, HoldCounting) else Phase.WORK


def resume(state: SessionState, t_s: float) -> tuple[SessionState, tuple[Fact, ...]]:
    """Go on after a pause, at ``t_s`` seconds."""
    if state.phase is not Phase.PAUSED:
        return state, ()
    ended = replace(state.pauses[-1], end_s=t_s)
    state = replace(
        state,
        phase=state.resume_phase,
        phase_since_s=t_s,
        said_phase=False,
        pauses=(*state.pauses[:-1], ended),
        unmeasured_since_s=None,
    )
    return state, (Fact(what="pause", t_s=t_s, data={"reason": ended.reason, "ended": True}),)


def watch_frame(
    state: SessionState, sample: Sample, exercise: Exercise, coaching: Coaching
) -> tuple[SessionState, tuple[Fact, ...]]:
    """Take one picture.

    Parameters
    ----------
    state : SessionState
    sample : Sample, against the camera; degrees and norm
    exercise : Exercise, as the variant has it
    coaching : Coaching, seconds

    Returns
    -------
    state, facts
    """
    state = replace(state, n_frames=state.n_frames + 1)
    related = sample if state.neutral is None else relate(sample, state.neutral)
    is_measured = _is_measured(related, exercise)
    state = _watch_view(state, sample, is_measured=is_measured)
    facts: tuple[Fact, ...] = ()
    if state.neutral is None:
        state, facts = _find_neutral(state, sample, exercise)
        if state.neutral is None and needs_neutral(exercise):
            if state.phase is Phase.PAUSED:
                state, more = _watch_for_return(state, sample.t_s, coaching, is_measured=is_measured)
                facts = (*facts, *more)
            return state, facts
        related = sample if state.neutral is None else relate(sample, state.neutral)
    if state.phase is Phase.PAUSED:
        return _watch_for_return(state, sample.t_s, coaching, is_measured=is_measured)
    if not is_measured:
        since = state.unmeasured_since_s if state.unmeasured_since_s is not None else sample.t_s
        return replace(state, unmeasured_since_s=since), facts
    state = _close_gap(state, sample.t_s, coaching)
    if state.phase in IDLE_PHASES:
        return state, facts
    main = main_quantities(exercise)[0]
    state = replace(state, last_value=related.value(main), last_sd=related.sd(main))
    state, count_facts, last_pass = count_frame(state, related, exercise)
    state, fault_facts = _watch_faults(state, related, exercise, last_pass)
    return state, (*facts, *count_facts, *fault_facts)


def watch_time(
    state: SessionState, t_s: float, exercise: Exercise, coaching: Coaching
) -> tuple[SessionState, tuple[Fact, ...]]:
    """See what time alone has brought: nobody measured for too long, or gone (seconds)."""
    if state.plan.mode == "timer" or state.status != "running":
        return state, ()
    reference = state.last_seen_s
    if reference is None:
        return state, ()
    away_s = t_s - reference
    view = coaching.view
    is_partly = state.tracking == Tracking.PARTLY
    if away_s >= view.left_after_s and state.tracking == Tracking.LOST:
        if state.phase is not Phase.PAUSED or state.pauses[-1].reason in ("lost", "partly"):
            return pause(state, "left", t_s, exercise)
        return state, ()
    if state.phase is Phase.PAUSED:
        return state, ()
    if away_s >= (view.partly_after_s if is_partly else view.lost_after_s):
        return pause(state, "partly" if is_partly else "lost", t_s, exercise)
    return state, ()


def needs_neutral(exercise: Exercise) -> bool:
    """Whether what counts is measured from the person's own rest: holds are, arms and rolling are not."""
    return isinstance(exercise.counting, HoldCounting | ExcursionCounting)


def _is_measured(sample: Sample, exercise: Exercise) -> bool:
    """Whether what counts can be read from this picture."""
    if sample.view.tracking is Tracking.LOST:
        return False
    return all(not math.isnan(sample.value(name)) for name in main_quantities(exercise))


def _watch_view(state: SessionState, sample: Sample, *, is_measured: bool) -> SessionState:
    tracking = sample.view.tracking
    reason = sample.view.reasons[0] if sample.view.reasons else None
    if tracking is Tracking.SEEN and not is_measured:
        tracking, reason = Tracking.PARTLY, reason or "cropped-hips"
    if not is_measured:
        return replace(state, tracking=str(tracking), tracking_reason=reason, seen_since_s=None)
    return replace(
        state,
        tracking=str(tracking),
        tracking_reason=reason,
        last_seen_s=sample.t_s,
        n_seen=state.n_seen + 1,
        seen_since_s=state.seen_since_s if state.seen_since_s is not None else sample.t_s,
    )


def _find_neutral(
    state: SessionState, sample: Sample, exercise: Exercise
) -> tuple[SessionState, tuple[Fact, ...]]:
    calibration = state.calibration or Calibration.start(exercise.camera.facing)
    calibration, found = calibrate(calibration, sample)
    if not isinstance(found, Neutral):
        return replace(state, calibration=calibration), ()
    fact = Fact(what="neutral", t_s=sample.t_s, data={"start_s": found.t_start_s, "end_s": found.t_end_s})
    return replace(state, calibration=None, neutral=found, faults=start_faults(exercise.faults)), (fact,)


def _watch_for_return(
    state: SessionState, t_s: float, coaching: Coaching, *, is_measured: bool
) -> tuple[SessionState, tuple[Fact, ...]]:
    """End a pause that was nobody's wish once the person is seen steadily."""
    if state.pauses[-1].reason not in SELF_RESUMING or not is_measured or state.seen_since_s is None:
        return state, ()
    if t_s - state.seen_since_s < coaching.view.found_after_s:
        return state, ()
    return resume(state, t_s)


def _close_gap(state: SessionState, t_s: float, coaching: Coaching) -> SessionState:
    """Short gaps are filled; longer ones are taken out of what is held."""
    since = state.unmeasured_since_s
    if since is None:
        return state
    if t_s - since <= coaching.view.fill_gap_s:
        return replace(state, unmeasured_since_s=None)
    return replace(
        state, unmeasured_since_s=None, gap_spans=(*state.gap_spans, Span(start_s=since, end_s=t_s))
    )


def _watch_faults(
    state: SessionState, sample: Sample, exercise: Exercise, last_pass: tuple[float, float] | None
) -> tuple[SessionState, tuple[Fact, ...]]:
    rules = exercise.faults
    watching = tuple(str(state.phase) in rule.during for rule in rules)
    faults, changes = track_faults(
        state.faults or start_faults(rules),
        rules,
        sample,
        is_watching=watching,
        repetition=state.repetition,
        last_pass_s=last_pass,
    )
    state = replace(state, faults=faults)
    return _note_changes(state, changes, sample.t_s)


def _note_changes(
    state: SessionState, changes: tuple[FaultChange, ...], t_s: float
) -> tuple[SessionState, tuple[Fact, ...]]:
    spans = list(state.fault_spans)
    facts: list[Fact] = []
    for change in changes:
        rule = change.rule
        if change.began:
            spans.append(FaultSpan(fault_id=rule.id, blocks_count=rule.blocks_count, start_s=change.start_s))
        else:
            for i in reversed(range(len(spans))):
                if spans[i].fault_id == rule.id and spans[i].end_s is None:
                    spans[i] = replace(spans[i], end_s=change.end_s)
                    break
        data = {
            "fault_id": rule.id,
            "start_s": change.start_s,
            "end_s": None if change.began else change.end_s,
        }
        facts.append(Fact(what="fault", t_s=t_s, data=data))
    return replace(state, fault_spans=tuple(spans)), tuple(facts)


def _end_all_faults(
    state: SessionState, exercise: Exercise, t_s: float
) -> tuple[SessionState, tuple[Fact, ...]]:
    spans = tuple(replace(s, end_s=t_s) if s.end_s is None else s for s in state.fault_spans)
    facts = tuple(
        Fact(what="fault", t_s=t_s, data={"fault_id": s.fault_id, "start_s": s.start_s, "end_s": t_s})
        for s in state.fault_spans
        if s.end_s is None
    )
    return replace(state, fault_spans=spans, faults=start_faults(exercise.faults)), facts
