"""The session: one pure function from state and event to state and effects.

In: what happened (:mod:`unkink.coach.events`), with its own time. Out: what is to be said, shown, stored or
ended. The live server, the replay of recordings and the tests all drive this same function. Nothing is said
but after :func:`unkink.coach.safety.judge`; whatever goes wrong in here stops the session. Next file:
:mod:`unkink.coach.summary`.
"""

from __future__ import annotations

import hashlib
import math
import traceback
from typing import TYPE_CHECKING, Any, cast, get_args

import msgspec
from msgspec.structs import replace

from unkink.coach import safety
from unkink.coach.counting import close_counting, compute_running_s, compute_total_held_s
from unkink.coach.cues import Wish, choose_cue
from unkink.coach.events import (
    AnyEvent,
    Bye,
    Effect,
    End,
    Failed,
    Frame,
    Judged,
    Line,
    Notice,
    PainReported,
    Permitted,
    Phase,
    Say,
    Show,
    Store,
    SymptomReported,
    Tap,
)
from unkink.coach.faults import start_faults
from unkink.coach.guiding import advance, collect_wishes, enter, skip
from unkink.coach.prescription import Level, compute_amount
from unkink.coach.safety import PainReport, Situation, Verdict, VerdictKind
from unkink.coach.screening import combine
from unkink.coach.session_state import Fact, PainEntry, Plan, SaidCue, SaidVerdict, SessionState
from unkink.coach.viewing import build_view, is_due, make_sign
from unkink.coach.watching import pause, resume, watch_frame, watch_time

if TYPE_CHECKING:
    from unkink.coach.exercise import Exercise
    from unkink.coach.rulebook import Rulebook
    from unkink.coach.screening import Permission


def make_plan(
    rulebook: Rulebook,
    *,
    exercise_id: str,
    variant: str | None,
    mode: str,
    permission: Permission,
    level: str = "start",
    pain_before: int | None = None,
    rolled_today_s: float = 0.0,
) -> Plan:
    """Make the plan of a session from the technique's dose and what the person is allowed today.

    Parameters
    ----------
    rulebook : Rulebook
    exercise_id, variant : str
    mode : ``camera``, ``demo`` or ``timer``
    permission : Permission
        ``dose_frac`` below 1 takes the number of sets, then the length of the set, down.
    level : ``short``, ``start``, ``middle`` or ``standard``
    pain_before : int, 0 to 10, or None
    rolled_today_s : float, seconds

    Returns
    -------
    Plan

    Raises
    ------
    KeyError
        If there is no such technique, variant or level.
    """
    exercise = rulebook.exercise(exercise_id, variant)
    parts = exercise.parts
    if parts:
        allowed = permission.variants or parts
        parts = tuple(v.id for v in exercise.variants if v.id in allowed)
        variant = parts[0]
        exercise = rulebook.exercise(exercise_id, variant)
    if level not in get_args(Level):
        raise KeyError(level)
    amount = compute_amount(rulebook, exercise_id, variant, cast("Level", level), permission)
    return Plan(
        exercise_id=exercise_id,
        variant=variant,
        mode=mode,  # type: ignore[arg-type]
        short=level == "short",
        n_sets=len(parts) or amount.n_sets,
        sides=exercise.sides,
        hold_s=amount.hold_s,
        repetitions=amount.repetitions,
        roll_s=amount.roll_s,
        rest_s=amount.rest_s,
        permission=permission,
        rules_version=rulebook.limits.rules_version,
        pain_before=pain_before,
        rolled_today_s=rolled_today_s,
        parts=parts,
    )


def begin(plan: Plan, rulebook: Rulebook) -> SessionState:
    """Return the state before the first event.

    Raises
    ------
    KeyError
        If the plan's technique or variant is not in the rulebook.
    """
    exercise = rulebook.exercise(plan.exercise_id, plan.variant)
    tracking = "seen" if plan.mode == "timer" else "lost"
    return SessionState(plan=plan, faults=start_faults(exercise.faults), tracking=tracking)


def reduce(
    state: SessionState, event: AnyEvent, rulebook: Rulebook
) -> tuple[SessionState, tuple[Effect, ...]]:
    """Take one event.

    Parameters
    ----------
    state : SessionState
    event : AnyEvent
        ``t_s`` is the only clock, seconds; a time that runs backwards or is not a number is taken for the
        last one.
    rulebook : Rulebook

    Returns
    -------
    state, effects
        After the session is over, the same state and no effects, but for what the person tells of
        themselves: that is still taken down. An exception inside stops the session (fail closed).
    """
    if state.status != "running":
        return _take_down(state, event, rulebook)
    try:
        return _reduce(state, event, rulebook)
    except Exception as error:  # noqa: BLE001 - the one place: whatever goes wrong here stops the session
        return _fail(state, error)


def _reduce(
    state: SessionState, event: AnyEvent, rulebook: Rulebook
) -> tuple[SessionState, tuple[Effect, ...]]:
    exercise = rulebook.exercise(state.plan.exercise_id, state.plan.variant)
    before = state
    state, facts = _take(state, event, exercise, rulebook)
    verdict = safety.judge(_describe(state, exercise), rulebook.limits)
    if verdict.kind is VerdictKind.STOP:
        return _stop(state, exercise, verdict, facts)
    if state.status == "running" and verdict.kind is not VerdictKind.PAUSE:
        state, more = advance(state, exercise, rulebook.coaching, state.t_s)
        facts = (*facts, *more)
    # the mobility check may have come to another movement
    exercise = rulebook.exercise(state.plan.exercise_id, state.plan.variant)
    state, judged = _note_verdict(state, verdict)
    state, says = _speak(state, exercise, verdict, rulebook, judged)
    effects: list[Effect] = [_store(f) for f in facts]
    if state.phase != before.phase:
        data = {"phase": str(state.phase), "side": state.plan.sides[state.side_idx], "set_idx": state.set_idx}
        effects.append(Store(t_s=state.t_s, what="phase", data=data))
    effects += judged
    effects += says
    sign = make_sign(state, verdict.kind)
    if sign != state.shown_sign or is_due(state, state.t_s) or state.status != "running":
        view = build_view(state, exercise, str(verdict.kind))
        state = replace(state, view=view, shown_sign=sign)
        effects.append(Show(view=view))
    if state.status != "running":
        effects.append(End(t_s=state.t_s, status=state.status, reason=state.end_reason))
    return state, tuple(effects)


# --- events
# ---------------------------------------------------------------------------------------------------------


def _take(
    state: SessionState, event: AnyEvent, exercise: Exercise, rulebook: Rulebook
) -> tuple[SessionState, tuple[Fact, ...]]:
    """Let the event change the state."""
    coaching = rulebook.coaching
    t_s = event.t_s if math.isfinite(event.t_s) and event.t_s > state.t_s else state.t_s
    facts: tuple[Fact, ...] = ()
    if t_s - state.t_s > coaching.time_jump_s and state.t_s > 0.0 and state.phase is not Phase.PAUSED:
        # the lid was closed or the page slept: what happened meanwhile nobody knows
        state, facts = pause(state, "time-jump", state.t_s, exercise)
    is_new = t_s > state.t_s or state.n_frames == 0
    state = replace(state, t_s=t_s)
    more: tuple[Fact, ...] = ()
    if isinstance(event, Frame):
        if is_new:
            state, more = watch_frame(state, event.sample, exercise, coaching)
    elif isinstance(event, Tap):
        state, more = _take_tap(state, event, exercise)
    elif isinstance(event, PainReported | SymptomReported):
        state, more = _take_words(state, event)
    elif isinstance(event, Notice):
        state, more = _take_notice(state, event, exercise)
    elif isinstance(event, Permitted):
        # never widened: what was closed at the start stays closed
        permission = combine(state.plan.permission, event.permission)
        state = replace(state, plan=replace(state.plan, permission=permission))
    elif isinstance(event, Bye):
        state, more = _end(state, exercise, "left", event.reason)
    if state.status == "running":
        state, late = watch_time(state, t_s, exercise, coaching)
        more = (*more, *late)
    return state, (*facts, *more)


def _take_words(
    state: SessionState, event: PainReported | SymptomReported
) -> tuple[SessionState, tuple[Fact, ...]]:
    """Take what the person tells of themselves."""
    t_s = state.t_s
    if isinstance(event, PainReported):
        entry = PainEntry(t_s=t_s, score=event.score, pain=event.pain)
        fact = Fact(what="pain", t_s=t_s, data={"score": event.score, "pain": event.pain})
        return replace(state, pain=(*state.pain, entry)), (fact,)
    fact = Fact(what="symptom", t_s=t_s, data={"rule_id": event.rule_id})
    return replace(state, symptoms=(*state.symptoms, event.rule_id)), (fact,)


def _take_down(
    state: SessionState, event: AnyEvent, rulebook: Rulebook
) -> tuple[SessionState, tuple[Effect, ...]]:
    """Take down what was told in the moment in which the session ended; nothing else changes."""
    if not isinstance(event, PainReported | SymptomReported):
        return state, ()
    state, facts = _take_words(state, event)
    stored = tuple(_store(f) for f in facts)
    try:
        exercise = rulebook.exercise(state.plan.exercise_id, state.plan.variant)
        verdict = safety.judge(_describe(state, exercise), rulebook.limits)
    except Exception:  # noqa: BLE001 - it has stopped; the words are what counts
        return state, stored
    if verdict.kind is not VerdictKind.STOP:
        return state, stored
    state, judged = _note_verdict(state, verdict)
    return state, (*stored, *judged)


def _take_tap(state: SessionState, event: Tap, exercise: Exercise) -> tuple[SessionState, tuple[Fact, ...]]:
    t_s = state.t_s
    if event.action == "pause":
        return pause(state, "user", t_s, exercise)
    if event.action == "resume":
        return resume(state, t_s)
    if event.action in ("next", "done", "ready"):
        return skip(state, exercise, t_s)
    if event.action == "pop":
        return replace(state, pops=(*state.pops, t_s)), (Fact(what="pop", t_s=t_s, data={}),)
    return _end(state, exercise, "stopped", "user")


def _take_notice(
    state: SessionState, event: Notice, exercise: Exercise
) -> tuple[SessionState, tuple[Fact, ...]]:
    reasons: dict[str, Any] = {"hidden": "hidden", "camera-lost": "camera", "time-jump": "time-jump"}
    if event.what in reasons and (event.what != "hidden" or state.plan.mode != "timer"):
        return pause(state, reasons[event.what], state.t_s, exercise)
    return state, ()


def _end(
    state: SessionState, exercise: Exercise, status: str, reason: str
) -> tuple[SessionState, tuple[Fact, ...]]:
    """Close what is running; what was done stays done."""
    state, facts = close_counting(state, exercise, state.t_s)
    spans = tuple(replace(s, end_s=state.t_s) if s.end_s is None else s for s in state.fault_spans)
    pauses = tuple(replace(p, end_s=state.t_s) if p.end_s is None else p for p in state.pauses)
    phase = Phase.FINISHED if status in ("finished", "left") else Phase.STOPPED
    state = enter(replace(state, fault_spans=spans, pauses=pauses), phase, state.t_s)
    return replace(state, status=status, end_reason=reason), facts  # type: ignore[arg-type]


# --- the last word
# --------------------------------------------------------------------------------------------------


def _describe(state: SessionState, exercise: Exercise) -> Situation:
    """Tell safety everything that it looks at."""
    running = compute_running_s(state, exercise)
    held_s = compute_total_held_s(state, exercise, running)
    rolled_s = held_s.pop("both", 0.0)
    plan = state.plan
    return Situation(
        t_s=state.t_s,
        t_last_seen_s=state.last_seen_s,
        mode=plan.mode,
        permission=plan.permission,
        exercise_code=exercise.code,
        variant=plan.variant,
        held_s=held_s,
        running_hold_s=running[1],
        rolled_s=rolled_s,
        rolled_before_s=plan.rolled_today_s,
        repetitions=0 if exercise.code == "FR" else len(state.rep_times),
        pain_before=plan.pain_before,
        pain=tuple(PainReport(t_s=p.t_s, score=p.score, kind=p.pain) for p in state.pain),
        symptoms=state.symptoms,
        rules_version=plan.rules_version,
    )


def _note_verdict(state: SessionState, verdict: Verdict) -> tuple[SessionState, list[Effect]]:
    before = state.verdict
    if before is not None and before.kind is verdict.kind and before.reasons == verdict.reasons:
        return state, []
    said = SaidVerdict(
        t_s=state.t_s, kind=str(verdict.kind), rule_ids=tuple(r.rule_id for r in verdict.reasons)
    )
    is_first = before is None and verdict.kind is VerdictKind.CONTINUE
    state = replace(state, verdict=verdict, verdicts=state.verdicts if is_first else (*state.verdicts, said))
    effects: list[Effect] = [Judged(t_s=state.t_s, verdict=verdict)]
    if verdict.kind in (VerdictKind.EASE, VerdictKind.STOP):
        effects.append(
            Store(
                t_s=state.t_s, what="verdict", data={"kind": said.kind, "rule_ids": " ".join(said.rule_ids)}
            )
        )
    return state, effects


def _stop(
    state: SessionState, exercise: Exercise, verdict: Verdict, facts: tuple[Fact, ...]
) -> tuple[SessionState, tuple[Effect, ...]]:
    """End the session on the verdict, and say why."""
    reason = verdict.reasons[0] if verdict.reasons else None
    rule_id = reason.rule_id if reason is not None else "unknown"
    state, more = _end(state, exercise, "stopped", rule_id)
    state, judged = _note_verdict(state, verdict)
    line = (
        Line(key="cue.stopped")
        if reason is None
        else Line(key=reason.message_key, params=dict(reason.params))
    )
    wish = Wish(
        line=line,
        urgency="safety",
        importance=1,
        rule_ids=tuple(r.rule_id for r in verdict.reasons),
        is_exercise=False,
    )
    state, say = _say(state, wish, verdict)
    view = build_view(state, exercise, str(verdict.kind))
    state = replace(state, view=view)
    effects: tuple[Effect, ...] = (
        *(_store(f) for f in (*facts, *more)),
        *judged,
        say,
        Show(view=view),
        End(t_s=state.t_s, status="stopped", reason=state.end_reason),
    )
    return state, effects


def _fail(state: SessionState, error: Exception) -> tuple[SessionState, tuple[Effect, ...]]:
    """Stop without asking anything that may fail again."""
    text = "".join(traceback.format_exception(error))
    error_id = hashlib.sha256(text.encode()).hexdigest()[:8]
    verdict = safety.make_fault_verdict(error_id)
    state = replace(
        state,
        status="stopped",
        end_reason="fault",
        phase=Phase.STOPPED,
        phase_since_s=state.t_s,
        verdict=verdict,
    )
    reason = verdict.reasons[0]
    line = Line(key=reason.message_key, params=dict(reason.params))
    return state, (
        Failed(t_s=state.t_s, error_id=error_id, error=error),
        Judged(t_s=state.t_s, verdict=verdict),
        Say(t_s=state.t_s, line=line, urgency="safety", rule_ids=(reason.rule_id,)),
        End(t_s=state.t_s, status="stopped", reason="fault"),
    )


# --- what is said
# ---------------------------------------------------------------------------------------------------


def _speak(
    state: SessionState, exercise: Exercise, verdict: Verdict, rulebook: Rulebook, judged: list[Effect]
) -> tuple[SessionState, list[Effect]]:
    """Choose at most one cue, after safety has spoken."""
    if state.status == "left":  # nobody is there to hear it
        return state, []
    state, wishes = collect_wishes(state, exercise)
    if verdict.kind is VerdictKind.EASE and judged:
        reason = verdict.reasons[-1]
        line = Line(key=reason.message_key, params=dict(reason.params))
        wishes = (Wish(line=line, urgency="safety", importance=1, rule_ids=(reason.rule_id,)), *wishes)
    if verdict.kind is VerdictKind.PAUSE:
        wishes = tuple(w for w in wishes if not w.is_exercise)
        waiting = state.cue.waiting
        if waiting is not None and waiting.is_exercise:
            state = replace(state, cue=replace(state.cue, waiting=None))
    cue, wish = choose_cue(state.cue, wishes, state.t_s, rulebook.coaching.cues)
    state = replace(state, cue=cue)
    if wish is None:
        return state, []
    state, say = _say(state, wish, verdict)
    return state, [say]


def _say(state: SessionState, wish: Wish, verdict: Verdict) -> tuple[SessionState, Say]:
    """Make a cue. The only place that does, and only with a verdict that allows it."""
    allowed = verdict.kind in (VerdictKind.CONTINUE, VerdictKind.EASE)
    if wish.is_exercise and not allowed:
        message = "a cue to exercise without a verdict that allows it"
        raise AssertionError(message)
    said = SaidCue(key=wish.line.key, t_s=state.t_s, urgency=wish.urgency, fault_id=wish.fault_id)
    say = Say(
        t_s=state.t_s, line=wish.line, urgency=wish.urgency, rule_ids=wish.rule_ids, fault_id=wish.fault_id
    )
    return replace(state, said=(*state.said, said)), say


def _store(fact: Fact) -> Store:
    return Store(t_s=fact.t_s, what=fact.what, data=fact.data)  # type: ignore[arg-type]


# --- snapshots
# ------------------------------------------------------------------------------------------------------


def to_snapshot(state: SessionState) -> bytes:
    """Write the state down (MessagePack), so that a session can go on after a restart."""
    return msgspec.msgpack.encode(state)


def from_snapshot(data: bytes) -> SessionState:
    """Read a state that was written down.

    Raises
    ------
    msgspec.DecodeError, msgspec.ValidationError
        If it is damaged or of another version.
    """
    return msgspec.msgpack.decode(data, type=SessionState)
