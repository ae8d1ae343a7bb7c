"""The start of a live session: what the person may do is decided here, and the page is not trusted with it.

In: the page's wish. Out: an engine that may run, or the reason why not. Next file: :mod:`unkink.front.live`.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from unkink.coach import screening
from unkink.coach.dose import TechniqueToday
from unkink.coach.exercise import Exercise
from unkink.coach.prescription import choose_variant
from unkink.coach.safety import Permission, Reason, Verdict, VerdictKind
from unkink.coach.session import make_plan
from unkink.coach.session_state import Plan
from unkink.diary import records
from unkink.front import day, mobility
from unkink.front.keeping import close_broken, unpack
from unkink.front.messages import ClientInfo, SessionWish
from unkink.front.problems import Problem, problem_of
from unkink.front.services import Services
from unkink.pipeline import Engine


class RefusedError(Exception):
    """The session may not begin.

    Parameters
    ----------
    problem : Problem
    verdict : Verdict or None
        What the safety rules say to it, with its reasons.
    """

    def __init__(self, problem: Problem, verdict: Verdict | None = None) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.verdict = verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session that may run."""

    session_id: str
    engine: Engine
    is_resumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowed:
    """What the person may do of a technique now."""

    permission: Permission
    level: str
    pain_before: int | None
    rolled_today_s: float
    n_sets: int | None = None
    """Where the time that there is takes sets away."""


def open_session(services: Services, wish: SessionWish, client: ClientInfo) -> Opened:
    """Begin or resume a session; blocks.

    Raises
    ------
    RefusedError
        When the person may not, now.
    StoreError
        When the diary cannot be written, or another tab has the session.
    """
    if wish.resume_id is not None:
        return _resume(services, wish, wish.resume_id)
    exercise = services.rulebook.find_exercise(wish.exercise_id)
    if exercise is None:
        raise RefusedError(problem_of("no-such-technique"))
    allowed = _ask_permission(services, exercise, wish)
    variant = None if exercise.parts else _choose_variant(exercise, wish.variant, allowed.permission)
    plan = make_plan(
        services.rulebook,
        exercise_id=exercise.id,
        variant=variant,
        mode=wish.mode,
        permission=allowed.permission,
        level=allowed.level,
        pain_before=allowed.pain_before,
        rolled_today_s=allowed.rolled_today_s,
    )
    if allowed.n_sets is not None:
        plan = msgspec.structs.replace(plan, n_sets=min(plan.n_sets, allowed.n_sets))
    # Who begins anew does not go on with what broke off.
    for broken in services.diary.interrupted_sessions():
        close_broken(services, broken.id)
    session_id = services.diary.begin_session(
        records.SessionBegin(
            exercise_id=exercise.id,
            variant=variant,
            mode=wish.mode,
            short=allowed.level == "short",
            rules_version=services.rulebook.safety.version,
            pain_before=allowed.pain_before,
            plan=msgspec.to_builtins(plan),
            client=msgspec.to_builtins(client),
            started_at=services.clock(),
            utc_offset_min=services.utc_offset_min(),
        ),
        take_over=wish.take_over,
    )
    return Opened(session_id=session_id, engine=Engine.start(plan, services.rulebook), is_resumed=False)


def _resume(services: Services, wish: SessionWish, session_id: str) -> Opened:
    found = services.diary.session(session_id)
    if found is None:
        raise RefusedError(problem_of("session-unknown"))
    if found.session.status not in {"running", "interrupted"}:
        raise RefusedError(problem_of("session-over", session_id=session_id))
    exercise = services.rulebook.find_exercise(found.session.exercise_id)
    if exercise is None:
        raise RefusedError(problem_of("no-such-technique"))
    same = SessionWish(
        exercise_id=exercise.id,
        variant=found.session.variant,
        mode=found.session.mode,
        short=found.session.short,
    )
    allowed = _ask_permission(services, exercise, same, without=session_id)
    session = services.diary.resume_session(session_id, take_over=wish.take_over)
    state = unpack(session.snapshot)
    if state is None or state.status != "running":
        services.diary.interrupt_session(session_id)
        close_broken(services, session_id)
        raise RefusedError(problem_of("session-over", session_id=session_id))
    # What was allowed at the start is never widened by a break.
    permission = screening.combine(state.plan.permission, allowed.permission)
    plan = msgspec.structs.replace(state.plan, permission=permission)
    state = msgspec.structs.replace(state, plan=plan)
    return Opened(session_id=session_id, engine=Engine.go_on(state, services.rulebook), is_resumed=True)


def _ask_permission(
    services: Services, exercise: Exercise, wish: SessionWish, without: str | None = None
) -> _Allowed:
    """Ask the safety rules; the demonstration person needs no check-in, but what is closed stays closed."""
    standing = day.compute_standing(services, without=without)
    if standing.alarm is not None and standing.state != "locked":
        raise RefusedError(problem_of("screening-needed"))
    if exercise.parts:
        return _ask_check_permission(services, standing, wish)
    if wish.mode == "demo" and standing.state != "locked":
        # Nobody exercises: neither check-in nor caps matter. What is closed for the person stays closed.
        permission = Permission()
        if standing.assessment is not None and standing.state == "valid":
            permission = standing.assessment.permissions[exercise.id]
        _refuse_if_blocked(permission, ())
        return _Allowed(
            permission=permission,
            level="short" if wish.short else "start",
            pain_before=None,
            rolled_today_s=0.0,
        )
    _refuse_if_unasked(standing)
    assert standing.today is not None  # noqa: S101 - it was asked for
    technique = standing.today.techniques.get(exercise.id)
    if technique is None:
        raise RefusedError(problem_of("no-such-technique"))
    card = standing.today.cards[0].id if standing.today.cards else None
    _refuse_if_blocked(technique.permission, _reasons(technique, standing.today.reasons), card)
    planned = day.prescribe_today(services, standing, exercise.id, variant=wish.variant, is_short=wish.short)
    return _Allowed(
        permission=technique.permission,
        level="short" if planned is None else planned.level,
        pain_before=None if standing.check_in is None else standing.check_in.pain_now,
        rolled_today_s=technique.rolled_before_s,
        n_sets=None if planned is None else planned.amount.n_sets,
    )


def permit_again(services: Services, session_id: str, plan: Plan) -> Permission | None:
    """Look again what a running session may be: another tab or device may have closed it. Blocks.

    Returns
    -------
    Permission or None
        None when nothing new is known: answers that ran out meanwhile do not break a session off.

    Raises
    ------
    StoreError
        When the diary cannot be read; nobody goes on without it.
    """
    standing = day.compute_standing(services, without=session_id)
    if standing.state == "locked":
        return Permission(effect="block", reasons=standing.lock_ids)
    if standing.alarm is not None:
        # Told in another tab, in a round of questions that is not finished.
        return Permission(effect="block", reasons=("screening-draft",))
    if plan.mode == "demo":
        is_asked = standing.assessment is not None and standing.state == "valid" and not plan.parts
        return standing.assessment.permissions[plan.exercise_id] if is_asked and standing.assessment else None
    if standing.today is None:
        return None
    if plan.parts:
        return mobility.open_check(services, standing).permission
    return standing.today.techniques[plan.exercise_id].permission


def _refuse_if_unasked(standing: day.Standing) -> None:
    if standing.state in {"none", "draft", "expired"}:
        raise RefusedError(problem_of("screening-needed"))
    if standing.today is None:
        raise RefusedError(problem_of("check-in-needed"))


def _ask_check_permission(services: Services, standing: day.Standing, wish: SessionWish) -> _Allowed:
    """Ask the safety rules which parts of the mobility check are open."""
    if wish.mode == "timer":
        raise RefusedError(problem_of("check-needs-camera"))
    is_demo = wish.mode == "demo" and standing.state != "locked"
    if not is_demo:
        _refuse_if_unasked(standing)
    opening = mobility.open_check(services, standing, is_demo=is_demo)
    today = standing.today
    card = today.cards[0].id if today is not None and today.cards and not is_demo else None
    reasons = () if is_demo else mobility.find_reasons(services, standing, opening)
    _refuse_if_blocked(opening.permission, reasons, card)
    told = standing.check_in if not is_demo else None
    return _Allowed(
        permission=opening.permission,
        level="start",
        pain_before=None if told is None else told.pain_now,
        rolled_today_s=0.0,
    )


def _reasons(technique: TechniqueToday, day_reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return technique.reasons or day_reasons


def _refuse_if_blocked(permission: Permission, reasons: tuple[Reason, ...], card: str | None = None) -> None:
    if permission.effect in {"ok", "modify"}:
        return
    told = reasons or tuple(
        Reason(rule_id=i, message_key="safety.stop.not-allowed")
        for i in permission.reasons or ("permission",)
    )
    raise RefusedError(
        problem_of("not-allowed-today"), Verdict(kind=VerdictKind.STOP, reasons=told, card=card)
    )


def _choose_variant(exercise: Exercise, wished: str | None, permission: Permission) -> str | None:
    """Return the variant to do: the one that was wished for where it is allowed, else the first that is."""
    if wished is not None and wished not in {v.id for v in exercise.variants}:
        raise RefusedError(problem_of("no-such-technique"))
    is_open, chosen = choose_variant(exercise, permission, wished)
    if not is_open:
        _refuse_if_blocked(msgspec.structs.replace(permission, effect="block"), ())
    return chosen
