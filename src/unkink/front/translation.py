"""Between the wire's messages and the coach's events and effects.

In: a message of the page, an effect of the session. Out: the event, the message. No decision is made here.
Next file: :mod:`unkink.front.live`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from unkink.acquire.stream import make_series
from unkink.body.landmarks import LandmarkSeries
from unkink.coach import events
from unkink.coach.events import AnyEvent
from unkink.coach.prescription import warm_up_of
from unkink.coach.safety import Verdict
from unkink.coach.session_state import Plan
from unkink.front import messages
from unkink.front.messages import finite_or_none
from unkink.front.problems import Problem, plain_params

if TYPE_CHECKING:
    from unkink.coach.rulebook import Rulebook


def to_series(message: messages.FrameMessage) -> LandmarkSeries | None:
    """Unpack the landmarks of a picture; None when they make no sense."""
    return make_series(
        message.t_s,
        message.image,
        message.world,
        width_px=message.width_px,
        height_px=message.height_px,
        brightness_frac=message.brightness_frac,
        n_persons=message.n_persons,
    )


def to_event(message: messages.FromPage) -> AnyEvent | None:
    """Return the coach's event for a message; None for those that are none (hello, frame)."""
    match message:
        case messages.TickMessage():
            return events.Tick(t_s=message.t_s)
        case messages.TapMessage():
            return events.Tap(t_s=message.t_s, action=message.action)
        case messages.PainMessage():
            return events.PainReported(t_s=message.t_s, score=message.score, pain=message.kind)
        case messages.SymptomMessage():
            return events.SymptomReported(t_s=message.t_s, rule_id=message.rule_id)
        case messages.NoticeMessage():
            return events.Notice(t_s=message.t_s, what=message.what)
        case messages.ByeMessage():
            return events.Bye(t_s=message.t_s, reason=message.reason or "left")
        case _:
            return None


def to_line(line: events.Line) -> messages.Line:
    """Return a sentence for the wire."""
    return messages.Line(key=line.key, params=plain_params(line.params))


def to_plan(plan: Plan) -> messages.Plan:
    """Return what the session will be."""
    return messages.Plan(
        n_sets=plan.n_sets,
        sides=[cast("messages.Side", side) for side in plan.sides],
        hold_s=plan.hold_s,
        reps=plan.repetitions,
        roll_s=plan.roll_s,
        rest_s=plan.rest_s,
    )


def to_notes(plan: Plan, rulebook: Rulebook, *, is_resumed: bool) -> list[messages.Line]:
    """Return what is to be said before the start: how to do it gently, and to warm up."""
    notes = [messages.Line(key=n.message_key, params={}) for n in plan.permission.notes]
    if is_resumed or plan.parts or plan.mode == "demo" or plan.short:
        return notes
    seconds = round(warm_up_of(rulebook, "start"))
    return [*notes, messages.Line(key="prescription.warm-up", params={"seconds": seconds})]


def to_state(view: events.View) -> messages.StateMessage:
    """Return what the screen shows."""
    zone = view.zone
    return messages.StateMessage(
        t_s=view.t_s,
        phase=cast("messages.Phase", str(view.phase)),
        side=view.side,
        set_idx=view.set_idx,
        n_sets=view.n_sets,
        held_s=view.held_s,
        target_s=finite_or_none(view.target_s),
        total_held_s={cast("messages.Side", side): s for side, s in view.total_held_s.items()},
        repetitions=view.repetitions,
        target_repetitions=view.target_repetitions,
        breath=messages.Breath(
            phase=view.breath.phase, started_s=view.breath.started_s, duration_s=view.breath.duration_s
        ),
        tracking=messages.TrackingState(
            status=cast("messages.TrackingStatus", view.tracking), reason=view.tracking_reason
        ),
        paused=view.paused,
        line=to_line(view.line),
        next=None if view.next is None else to_line(view.next),
        in_form=view.in_form,
        quantity=view.quantity,
        angle_deg=finite_or_none(view.angle_deg),
        angle_sd_deg=finite_or_none(view.angle_sd_deg),
        zone=None if zone is None else (float(zone[0]), float(zone[1])),
        countdown_s=view.countdown_s,
        progress_frac=view.progress_frac,
        verdict=cast("messages.VerdictKind", view.verdict),
        part=view.part,
    )


def to_cue(say: events.Say) -> messages.CueMessage:
    """Return a cue for the wire."""
    return messages.CueMessage(
        t_s=say.t_s,
        key=say.line.key,
        params=plain_params(say.line.params),
        urgency=say.urgency,
        rule_ids=list(say.rule_ids),
        fault_id=say.fault_id,
    )


def to_verdict(verdict: Verdict, t_s: float) -> messages.VerdictMessage:
    """Return what the safety rules decided."""
    return messages.VerdictMessage(
        t_s=t_s,
        kind=cast("messages.VerdictKind", str(verdict.kind)),
        reasons=[
            messages.Reason(rule_id=r.rule_id, key=r.message_key, params=plain_params(r.params))
            for r in verdict.reasons
        ],
        card=verdict.card,
    )


def to_problem(problem: Problem, *, fatal: bool) -> messages.ProblemMessage:
    """Return a problem for the wire."""
    return messages.ProblemMessage(
        code=problem.code,
        key=problem.key,
        params=plain_params(problem.params),
        error_id=problem.error_id,
        fatal=fatal,
    )
