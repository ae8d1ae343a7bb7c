"""The first page: how the person is, what is suggested, what broke off.

In: the diary and the rules. Out: today's permissions, doses, suggestion, trend. Next file:
:mod:`unkink.front.routes.techniques`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter

from unkink.coach import dose
from unkink.coach.following import find_follow_up
from unkink.coach.lately import STARTS, list_work
from unkink.front import day, mobility, reviewing
from unkink.front.outcomes import show_pain_course
from unkink.front.problems import plain_params
from unkink.front.routes import referrals, shapes, shapes_day, wording
from unkink.front.services import Here, Services

router = APIRouter(prefix="/api", tags=["today"])

WEEK_DAYS = 7
GO_ON_WITHIN = timedelta(hours=12)
"""A session that broke off longer ago is not offered to be gone on with."""


@router.get("/today")
def read_today(here: Here) -> shapes_day.Today:
    """Read what the first page shows."""
    return show_today(here)


def show_today(here: Services) -> shapes_day.Today:
    """Put the first page together."""
    standing = day.compute_standing(here)
    stored = standing.check_in
    broken = [
        s
        for s in here.diary.interrupted_sessions()
        if s.mode != "demo" and standing.now - s.started_at < GO_ON_WITHIN
    ]
    real = list_work(standing.history.sessions)
    week_ago = standing.now - timedelta(days=WEEK_DAYS)
    return shapes_day.Today(
        screening_state=standing.state,
        alarm=_to_alarm(standing),
        check_in=None if stored is None else wording.to_check_in(stored, day.to_check_in(stored)),
        questions=wording.to_check_in_questions(here.rulebook, standing.last, standing.history),
        plan=None if standing.today is None else _to_plan(standing, standing.today, here),
        trend=show_pain_course(standing.history, standing.now, here, days=here.rulebook.change.course.days),
        sessions_this_week=sum(
            s.started_at > week_ago and s.exercise_id in here.rulebook.exercises
            for s in STARTS.since(real, week_ago)
        ),
        interrupted=wording.to_interrupted(broken[0]) if broken else None,
        mobility=mobility.show_today(here, standing),
        follow_up=_to_follow_up(standing, here),
        welcome_back=bool(real) and all(s.started_at < week_ago for s in real),
        review_due=[]
        if standing.state == "locked"
        else reviewing.find_due(here, standing.history, standing.now),
        referrals=referrals.show_open(here, standing),
        usual=reviewing.find_usual(here, standing.history, standing.now),
    )


def _to_alarm(standing: day.Standing) -> list[str] | None:
    if standing.alarm is None:
        return None
    at_once = {f.card for f in standing.alarm.findings if f.tier == "emergency"}
    return sorted(card for card in at_once if card is not None)


def _to_follow_up(standing: day.Standing, here: Services) -> shapes_day.FollowUp | None:
    found = find_follow_up(standing.history, standing.now, here.utc_offset_min(), here.rulebook.safety)
    if found is None:
        return None
    return shapes_day.FollowUp(
        session_id=found.session_id,
        exercise_id=found.exercise_id,
        variant=found.variant,
        ended_at=found.ended_at,
    )


def _to_plan(standing: day.Standing, today: dose.Today, here: Services) -> shapes_day.DayPlan:
    techniques = [_to_technique(t, standing, here) for t in today.techniques.values()]
    found = standing.recommendation
    recommendation = None
    if found is not None:
        recommendation = shapes_day.Recommendation(
            exercise_id=found.exercise_id,
            variant=found.variant,
            minutes=found.minutes,
            short_minutes=found.short_minutes,
            reasons=[
                shapes.Note(rule_id=r.rule_id, key=r.key, params=plain_params(r.params))
                for r in found.reasons
            ],
            alternatives=list(found.alternatives),
        )
    return shapes_day.DayPlan(
        techniques=techniques,
        recommendation=recommendation,
        lock=_to_lock(today, techniques),
        cards=[wording.to_help(c) for c in today.cards],
        reasons=[wording.to_note(r) for r in today.reasons],
        nudges=[wording.to_note(r) for r in today.nudges],
        ask=[wording.to_question(i, here.rulebook) for i in today.ask if i in here.rulebook.safety.rows],
        breathing_only=today.breathing_only,
    )


def _to_lock(today: dose.Today, techniques: list[shapes_day.TechniqueToday]) -> shapes_day.Lock | None:
    """Return why nothing can be started, if nothing can."""
    if any(t.available for t in techniques) or today.ask:
        return None
    waits = [t.ready_at for t in techniques]
    opens = [at for at in waits if at is not None]
    until: datetime | None = min(opens) if opens and not today.locked else None
    return shapes_day.Lock(
        reasons=_why_closed(today, techniques),
        until=until,
        lock_ids=list(today.lock_ids),
        card=today.cards[0].id if today.cards else None,
    )


def _why_closed(today: dose.Today, techniques: list[shapes_day.TechniqueToday]) -> list[shapes.Note]:
    """Return what closes the day; else what all techniques wait for; else the first reason of each."""
    if today.reasons:
        return [wording.to_note(r) for r in today.reasons]
    each = [{(note.rule_id, note.key): note for note in t.reasons} for t in techniques]
    shared = [note for key, note in each[0].items() if all(key in own for own in each)] if each else []
    return shared or list({key: note for own in each for key, note in list(own.items())[:1]}.values())


def _to_technique(
    technique: dose.TechniqueToday, standing: day.Standing, here: Services
) -> shapes_day.TechniqueToday:
    permission = technique.permission
    planned = day.prescribe_today(here, standing, technique.exercise_id)
    short = None if planned is None else planned.short or planned.amount
    return shapes_day.TechniqueToday(
        id=technique.exercise_id,
        permission=wording.to_permission(permission, here.rulebook, technique.reasons),
        reasons=[wording.to_note(r) for r in technique.reasons],
        available=planned is not None,
        ready_at=technique.ready_at,
        short_only=technique.short_only,
        level=technique.dose,
        dose=None if planned is None else wording.to_dose(planned.amount),
        short_dose=None if short is None else wording.to_dose(short),
        variant=None if planned is None else planned.variant,
        minutes=0.0 if planned is None else _to_minutes(planned.total_s),
        short_minutes=0.0 if planned is None else _to_minutes(planned.short_s),
        warm_up_s=0.0 if planned is None else planned.warm_up_s,
        effort=None if planned is None else planned.effort,
        why=[] if planned is None else [wording.to_note(r) for r in planned.reasons],
    )


def _to_minutes(total_s: float) -> float:
    return round(total_s / 60.0, 1)
