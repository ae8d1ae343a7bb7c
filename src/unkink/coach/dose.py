"""How much, of what, today: the short check, the caps and the pain rule.

In: the check-in, what happened before, the assessment of the safety questions, the rules, now. Out:
:class:`Today` with one :class:`TechniqueToday` per technique. Next file:
:mod:`unkink.coach.recommendation`.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from unkink.coach.caps import Day, compute_rolled_s, find_caps, find_remarks, is_consecutive
from unkink.coach.cards import Card, cards_for, pop_card, sort_cards
from unkink.coach.gentler import is_gentler, soften, suggest_breathing
from unkink.coach.history import History, PastCheckIn, PastSession
from unkink.coach.lately import CHECKED, ENDS, NOT_TODAY
from unkink.coach.pain import (
    LEVEL_HALF,
    LEVEL_MIDDLE,
    LEVEL_STANDARD,
    Course,
    compute_course,
    count_repeats,
    find_settled,
    signal_of,
)
from unkink.coach.referral_limits import Held, find_held, hold_course
from unkink.coach.safety import Reason
from unkink.coach.screening import Answer, Assessment, Details, Permission, Tier, combine
from unkink.coach.standing import find_locks, rows_to_ask, screening_state

if TYPE_CHECKING:
    from unkink.coach.safety_grammar import CheckQuestion, Code
    from unkink.coach.safety_rules import SafetyRules

DoseName: TypeAlias = Literal["start", "middle", "standard"]
Stiffness: TypeAlias = Literal["no", "bit", "very"]


class CheckIn(msgspec.Struct, frozen=True, kw_only=True):
    """The short questions before a session (P01 to P05)."""

    at: datetime
    """Aware UTC."""
    utc_offset_min: int = 0
    pain_now: float | None = None
    """0 to 10 (P01). None blocks."""
    answers: dict[str, Answer] = {}
    """P02 to P05, and rows about today (C17, C24) when they are asked. A missing one of P02 to P05 blocks."""
    details: Details = Details()
    stiffness: Stiffness | None = None
    places: tuple[str, ...] = ()
    position: Literal["chair", "standing", "floor"] | None = None
    """Where the person is now; for the recommendation only."""
    head_turn: Literal["same", "left-smaller", "right-smaller"] | None = None
    """Which way the head turns less; for the recommendation only."""
    minutes: float | None = None
    """Time that there is; for the recommendation only."""


class TechniqueToday(msgspec.Struct, frozen=True, kw_only=True):
    """One technique today."""

    exercise_id: str
    code: str
    permission: Permission
    """Screening, check-in and caps together."""
    dose: DoseName
    """Which of the doses of the technique file; its share is ``permission.dose_frac``."""
    reasons: tuple[Reason, ...] = ()
    """Why it is closed or smaller today, most important first."""
    ready_at: datetime | None = None
    """When a closed technique opens again by itself; None: not by time alone."""
    short_only: bool = False
    """Whether only the 2-minute version is open."""
    rolled_before_s: float = 0.0
    """Seconds rolled today already, for ``Situation.rolled_before_s``."""


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """What may be done today."""

    tier: Tier
    locked: bool
    """Whether everything waits for a clinician's clearance."""
    techniques: dict[str, TechniqueToday]
    """By exercise id, all four always."""
    lock_ids: tuple[str, ...] = ()
    """What a clearance has to name."""
    cards: tuple[Card, ...] = ()
    """Most urgent first."""
    ask: tuple[str, ...] = ()
    """Rows of the Check to ask first, before anything opens (P04)."""
    unanswered: tuple[str, ...] = ()
    """Check questions (P01 to P05) that were not answered; while there are any, everything is closed."""
    reasons: tuple[Reason, ...] = ()
    """Why the whole day is closed or smaller, most important first."""
    breathing_only: bool = False
    """P01 at 6: gentle breathing is all for today."""
    nudges: tuple[Reason, ...] = ()
    """Kind remarks that close nothing (O03)."""


class _Whole(msgspec.Struct, frozen=True, kw_only=True):
    """What goes for the whole day."""

    permission: Permission = Permission()
    closed: frozenset[str] = frozenset()
    """Codes of techniques that the day closes."""
    reasons: tuple[Reason, ...] = ()
    cards: tuple[Card, ...] = ()
    ask: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    breathing_only: bool = False


def check_in(
    answers: CheckIn,
    history: History,
    assessment: Assessment | None,
    rules: SafetyRules,
    now: datetime,
) -> Today:
    """Decide what may be done today, by everything that is known.

    Parameters
    ----------
    answers : CheckIn
        Of now; whether the history has it already does not matter.
    history : History
    assessment : Assessment or None
        Of the last round of safety questions, by the rules and clearances of now. None closes everything.
    rules : SafetyRules
    now : datetime
        Aware UTC.

    Returns
    -------
    Today
        All four techniques, closed ones with their reasons.
    """
    current = _to_past(answers)
    known = any(_is_same(c, current) for c in reversed(history.check_ins))
    past = history if known else msgspec.structs.replace(history, check_ins=(*history.check_ins, current))
    sessions = find_settled(past)
    day = Day(now=now, utc_offset_min=answers.utc_offset_min, sessions=sessions)
    whole = _decide_whole(answers, past, assessment, rules, now)
    held = find_held(past, rules, now)
    techniques = {
        exercise_id: _decide_technique(exercise_id, answers, whole, assessment, rules, day, held)
        for exercise_id in rules.codes
    }
    locks = tuple(dict.fromkeys(lock.rule_id for lock in find_locks(assessment, past, rules)))
    cards = [*whole.cards, *cards_for(locks, rules)]
    if count_repeats(sessions, rules, now):
        repeats = rules.referral.repeats.id
        cards.append(Card(id="pain-repeats", tier="caution", rule_ids=(repeats,)))
    nudges = find_remarks(day, rules)
    if is_gentler(past, rules, now, answers.utc_offset_min):
        techniques = {exercise_id: soften(one, rules) for exercise_id, one in techniques.items()}
        nudges = (*nudges, suggest_breathing(rules))
    tiers: list[Tier] = [assessment.tier if assessment is not None else "urgent", *(c.tier for c in cards)]
    order: tuple[Tier, ...] = ("clear", "caution", "urgent", "emergency")
    return Today(
        tier=max(tiers, key=order.index),
        locked=bool(locks),
        lock_ids=locks,
        techniques=techniques,
        cards=sort_cards(cards),
        ask=whole.ask,
        unanswered=whole.unanswered,
        reasons=whole.reasons,
        breathing_only=whole.breathing_only,
        nudges=nudges,
    )


def needs_check_in(current: CheckIn | None, history: History, rules: SafetyRules, now: datetime) -> bool:
    """Tell whether the short questions have to be asked (again) before the next session.

    Parameters
    ----------
    current : CheckIn or None
        The newest one.
    history : History
    rules : SafetyRules
    now : datetime
        Aware UTC.

    Returns
    -------
    bool
        Answers hold for one routine: until so long after they were given, or after the last session since.
    """
    if current is None or current.at > now + timedelta(minutes=1):
        return True
    lately = ENDS.since(history.sessions, current.at - timedelta(microseconds=1))
    last = max([current.at, *(min(s.ended_at, now) for s in lately if s.ended_at >= current.at)])
    return now - last > timedelta(minutes=rules.caps.routines.together_min)


def _to_past(answers: CheckIn) -> PastCheckIn:
    return PastCheckIn(
        at=answers.at,
        pain_now=answers.pain_now,
        utc_offset_min=answers.utc_offset_min,
        stiffness=answers.stiffness,
        answers={key: str(answer) for key, answer in answers.answers.items()},
    )


def _is_same(one: PastCheckIn, other: PastCheckIn) -> bool:
    return one.at == other.at and one.pain_now == other.pain_now and one.answers == other.answers


def _close(rule_id: str, message_key: str, *rule_ids: str) -> _Whole:
    reason = Reason(rule_id=rule_id, message_key=message_key)
    ids = rule_ids or (rule_id,)
    return _Whole(permission=Permission(effect="block", reasons=ids), reasons=(reason,))


def list_questions(past: History, rules: SafetyRules) -> tuple[CheckQuestion, ...]:
    """List the check questions (P02 to P05) that there is something to ask about.

    Parameters
    ----------
    past : History
        What is known.
    rules : SafetyRules
        The rules.

    Returns
    -------
    tuple of CheckQuestion
        In the order of the rules. What is about the last session is left out before the first; the
        demonstration person's sessions are nobody's.
    """
    return _list_questions(rules, is_begun=any(s.mode != "demo" for s in past.sessions))


def _list_questions(rules: SafetyRules, *, is_begun: bool) -> tuple[CheckQuestion, ...]:
    return tuple(q for q in rules.check.questions if is_begun or not q.is_about_last)


def _list_due(answers: CheckIn, past: History, rules: SafetyRules) -> tuple[CheckQuestion, ...]:
    """List what there was to answer when these answers were given; what was done since is asked next time."""
    mine = next((c for c in reversed(past.check_ins) if _is_same(c, _to_past(answers))), None)
    seq = 0 if mine is None else mine.seq
    is_begun = any(
        s.mode != "demo" and (s.seq < seq if s.seq and seq else s.started_at <= answers.at)
        for s in past.sessions
    )
    return _list_questions(rules, is_begun=is_begun)


def _decide_whole(
    answers: CheckIn, past: History, assessment: Assessment | None, rules: SafetyRules, now: datetime
) -> _Whole:
    """Decide what closes or halves the whole day: the questions, then the check-in."""
    state = screening_state(assessment, past, now, rules)
    asked = [q.id for q in _list_due(answers, past, rules)]
    unanswered = tuple(i for i in asked if answers.answers.get(i) not in ("yes", "no", "unsure"))
    if state == "locked":
        return _close(
            "locked", "safety.today.locked", *(k.rule_id for k in find_locks(assessment, past, rules))
        )
    raised = {q.id: q for q in rules.check.questions if answers.answers.get(q.id, "no") != "no"}
    if state != "valid":
        closed = _close(f"screening-{state}", f"safety.today.screening-{state}")
        rows = tuple(row for q in raised.values() if q.then == "ask" for row in q.rows)
        rows = tuple(dict.fromkeys((*rows, *rows_to_ask(past, rules))))
        return msgspec.structs.replace(closed, ask=rows)
    score = answers.pain_now
    if unanswered or score is None or not math.isfinite(score):
        closed = _close("check-in", "safety.today.check-in")
        missing = unanswered if score is not None else (rules.check.pain_now.id, *unanswered)
        return msgspec.structs.replace(closed, unanswered=missing)
    return _decide_pain(score, answers, past, rules, now)


def _decide_pain(score: float, answers: CheckIn, past: History, rules: SafetyRules, now: datetime) -> _Whole:
    """Apply P01: usual, half, breathing only; more than that has locked already."""
    bands = rules.check.pain_now
    day = Day(now=now, utc_offset_min=answers.utc_offset_min, sessions=())
    worst = score
    for earlier in CHECKED.since(past.check_ins, now - NOT_TODAY):
        # Today's six stays for today, also when a later answer is lower.
        if earlier.pain_now is None or not earlier.pain_now > bands.half_to:
            continue
        if day.day_of(PastSession(exercise_id="", started_at=earlier.at)) == day.today:
            worst = max(worst, earlier.pain_now)
    if not worst <= bands.half_to or score < 0:
        closed = _close(bands.id, "safety.today.rest")
        return msgspec.structs.replace(closed, breathing_only=True)
    if score > bands.normal_to:
        half = Permission(effect="modify", dose_frac=bands.half_dose_frac, reasons=(bands.id,))
        reason = Reason(rule_id=bands.id, message_key="safety.today.half", params={"score": score})
        return _Whole(permission=half, closed=frozenset(bands.half_closes), reasons=(reason,))
    return _Whole()


def _decide_technique(
    exercise_id: str,
    answers: CheckIn,
    whole: _Whole,
    assessment: Assessment | None,
    rules: SafetyRules,
    day: Day,
    held: Held,
) -> TechniqueToday:
    code = rules.codes[exercise_id]
    blocked = Permission(effect="block", reasons=("unanswered",))
    base = blocked if assessment is None else assessment.permissions.get(exercise_id, blocked)
    parts = [base, whole.permission]
    reasons = list(whole.reasons)
    if base.effect == "block":
        reasons += [Reason(rule_id=i, message_key="safety.today.row") for i in base.reasons]
    if code in whole.closed:
        parts.append(Permission(effect="block", reasons=(rules.check.pain_now.id,)))
        reasons.append(Reason(rule_id=rules.check.pain_now.id, message_key="safety.today.not-with-pain"))
    course = compute_course(exercise_id, day.sessions, rules, day.now)
    held_course = hold_course(course, held, exercise_id, day.sessions, rules, day.now)
    held_parts, held_reasons = _apply_held(held, code, rules)
    if held_course.level < course.level:
        held_reasons.append(_tell_held(held, rules))
    course = held_course
    course_parts, course_reasons = _apply_course(course, code, rules, day)
    sore = _find_sore(exercise_id, answers, rules, day)
    parts += [*held_parts, *course_parts, *(Permission(effect="block", reasons=(r.rule_id,)) for r in sore)]
    reasons += [*held_reasons, *course_reasons, *sore]
    ready_ats = [course.rest_until] if course.rest_until is not None else []
    is_short_only = False
    for cap in find_caps(exercise_id, day, rules):
        reasons.append(Reason(rule_id=cap.rule_id, message_key=cap.message_key))
        if cap.ready_at is not None:
            ready_ats.append(cap.ready_at)
        if cap.is_short_open:
            is_short_only = True
        else:
            parts.append(Permission(effect="block", reasons=(cap.rule_id,)))
    return TechniqueToday(
        exercise_id=exercise_id,
        code=code,
        permission=combine(*parts),
        dose=_name_level(course.level),
        reasons=_unique(reasons),
        ready_at=max(ready_ats, default=None),
        short_only=is_short_only,
        rolled_before_s=compute_rolled_s(exercise_id, day),
    )


def _name_level(level: int) -> DoseName:
    if level >= LEVEL_STANDARD:
        return "standard"
    return "middle" if level >= LEVEL_MIDDLE else "start"


def _unique(reasons: list[Reason]) -> tuple[Reason, ...]:
    return tuple({(r.rule_id, r.message_key): r for r in reasons}.values())


def _apply_course(
    course: Course, code: Code, rules: SafetyRules, day: Day
) -> tuple[list[Permission], list[Reason]]:
    """Apply the pain rule: rest after red, half after amber, no roller after either."""
    amber = rules.pain.amber
    parts: list[Permission] = []
    reasons: list[Reason] = []
    if course.rest_until is not None:
        parts.append(Permission(effect="block", reasons=(course.rest_rule,)))
        reasons.append(Reason(rule_id=course.rest_rule, message_key="safety.today.resting"))
    if course.is_half_next or course.level <= LEVEL_HALF:
        rule_id = amber.id if course.is_half_next else rules.pain.red.id
        parts.append(Permission(effect="modify", dose_frac=amber.next_dose_frac, reasons=(rule_id,)))
        reasons.append(Reason(rule_id=rule_id, message_key="safety.today.easier"))
    last = day.sessions[-1] if day.sessions else None
    if code in amber.next_closes and last is not None and signal_of(last, rules) != "green":
        parts.append(Permission(effect="block", reasons=(amber.id,)))
        reasons.append(Reason(rule_id=amber.id, message_key="safety.today.not-after-amber"))
    return parts, reasons


def _apply_held(held: Held, code: Code, rules: SafetyRules) -> tuple[list[Permission], list[Reason]]:
    """Apply what the rules of referral hold back (R06, R09, R14)."""
    closed = held.closed.get(code, ())
    parts = [Permission(effect="block", reasons=(rule_id,)) for rule_id in closed]
    told = {
        rules.referral.nerve.id: "safety.today.nerve",
        rules.referral.bone_check.id: "safety.today.bone-check",
    }
    reasons = [Reason(rule_id=rule_id, message_key=told[rule_id]) for rule_id in closed]
    if held.dose_frac < 1:
        rule_id = rules.referral.worsening.id
        parts.append(Permission(effect="modify", dose_frac=held.dose_frac, reasons=(rule_id,)))
        reasons.append(Reason(rule_id=rule_id, message_key="safety.today.worsening"))
    return parts, reasons


def _tell_held(held: Held, rules: SafetyRules) -> Reason:
    """Why the level is lower than the sessions alone would have it."""
    if held.levels_back:
        return Reason(rule_id=rules.referral.repeats.id, message_key="safety.today.repeats")
    if held.no_rise_since:
        return Reason(rule_id=rules.referral.little_change.id, message_key="safety.today.no-increase")
    return Reason(rule_id=rules.pain.progression.id, message_key="safety.today.after-strong-pain")


def _find_sore(exercise_id: str, answers: CheckIn, rules: SafetyRules, day: Day) -> list[Reason]:
    """D04: not on consecutive days if sore.

    Sore is any pain or stiffness now, or a session before that hurt.
    """
    frequency = rules.caps.frequency
    if rules.codes[exercise_id] not in frequency.not_consecutive_if_sore or not is_consecutive(
        exercise_id, day
    ):
        return []
    mine = [s for s in day.sessions if s.exercise_id == exercise_id]
    is_stiff = answers.stiffness not in ("no", None)
    is_sore = answers.pain_now != 0 or is_stiff or signal_of(mine[-1], rules) != "green"
    return [Reason(rule_id=frequency.id, message_key="safety.today.sore")] if is_sore else []


__all__ = [
    "Card",
    "CheckIn",
    "DoseName",
    "History",
    "TechniqueToday",
    "Today",
    "check_in",
    "list_questions",
    "needs_check_in",
    "pop_card",
    "signal_of",
]
