"""When to talk to somebody, whom and how soon, with the person's own words as the reason: R01 to R16.

In: what happened before, the last assessment, the rules, now. Out: :class:`Referral`, most urgent first. It
tells what was told, never what it might be. Pure: the same past gives the same referrals. Next file:
:mod:`unkink.coach.referral_limits`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from unkink.coach.history import History, PastReferralAnswer, ReferralWord, clamp
from unkink.coach.occurrence import Occurrence, date_occurrence
from unkink.coach.occurrences import find_occurrences
from unkink.coach.referral_grammar import SNOOZABLE, URGENCIES, Urgency, Whom
from unkink.coach.safety import Reason
from unkink.coach.standing import Lock, find_locks, screening_state
from unkink.coach.timeline import read_times

if TYPE_CHECKING:
    from unkink.coach.safety_rules import SafetyRules
    from unkink.coach.screening import Assessment

_CLOCK_SLACK = timedelta(minutes=1)
"""An answer may seem to be this much later than now without the clock having been set back."""


class Referral(msgspec.Struct, frozen=True, kw_only=True):
    """One reason to talk to somebody."""

    rule_id: str
    """``R01`` to ``R16``; sources, grade and provenance are :attr:`Rulebook.evidence` of it."""
    urgency: Urgency
    whom: Whom
    reason: Reason
    """What the person told, with their own numbers."""
    card: str | None
    """Help card."""
    raised_at: datetime
    """Aware UTC."""
    is_open: bool
    """Whether it is to be shown: neither answered since it was raised, nor put off."""
    snoozed_until: datetime | None
    can_snooze: bool
    """Never for what is for now or today."""
    rows: tuple[str, ...] = ()
    """Rows, questions and stop signs behind it."""
    answer: ReferralWord | None = None
    """The newest answer since it was raised: ``booked``, ``seen`` or ``later``."""
    answered_at: datetime | None = None


def find_referrals(
    history: History,
    assessment: Assessment | None,
    rules: SafetyRules,
    now: datetime,
    utc_offset_min: int = 0,
) -> tuple[Referral, ...]:
    """Find every reason to talk to somebody, answered ones too.

    Parameters
    ----------
    history : History
    assessment : Assessment or None
        Of the last round of safety questions, by the rules and clearances of now.
    rules : SafetyRules
    now : datetime
        Aware UTC.
    utc_offset_min : int
        Local time minus UTC, minutes; the times of entries carry their own.

    Returns
    -------
    tuple of Referral
        Each rule once; open ones first, then by urgency, then the newest.
    """
    del utc_offset_min  # every entry has its own
    found = find_raised(history, assessment, rules, now)
    by_rule: dict[str, list[Occurrence]] = {}
    for one in found:
        by_rule.setdefault(one.rule_id, []).append(one)
    referrals = [_answer(some, history, rules, now) for some in by_rule.values()]
    return tuple(
        sorted(
            referrals,
            key=lambda r: (not r.is_open, URGENCIES.index(r.urgency), -r.raised_at.timestamp()),
        )
    )


def find_raised(
    history: History, assessment: Assessment | None, rules: SafetyRules, now: datetime
) -> list[Occurrence]:
    """Find every time that R01 to R16 were met, without looking at answers.

    Parameters
    ----------
    history : History
    assessment : Assessment or None
    rules : SafetyRules
    now : datetime
        Aware UTC.

    Returns
    -------
    list of Occurrence
        Unitless.
    """
    found = _find_locked(history, assessment, rules)
    seen: set[tuple[str, int, str]] = set()
    for reading in read_times(history, now):
        for one in find_occurrences(reading, rules):
            # both readings of a changed clock find most of them
            key = (one.rule_id, one.seq, one.message_key)
            if one.seq == 0 or key not in seen:
                seen.add(key)
                found.append(one)
    return found + _find_expired(history, assessment, rules, now)


def _find_locked(history: History, assessment: Assessment | None, rules: SafetyRules) -> list[Occurrence]:
    """R01 and R02: what closes everything now."""
    referral = rules.referral
    cards = {f.rule_id: f.card for f in assessment.findings} if assessment else {}
    tiers = {f.rule_id: f.tier for f in assessment.findings} if assessment else {}
    hours = {f.rule_id: f.within_h for f in assessment.findings} if assessment else {}
    found: list[Occurrence] = []
    for lock in find_locks(assessment, history, rules):
        if lock.rule_id == referral.severe.id:
            continue
        row = rules.rows.get(lock.rule_id)
        is_answer = lock.source == "screening" and row is not None
        params: dict[str, str | int | float] = {"what": _name_of(lock)}
        if is_answer:
            is_emergency = tiers.get(lock.rule_id, "urgent") == "emergency" or (
                lock.rule_id not in tiers and lock.rule_id.startswith("E")
            )
        else:
            is_emergency = row is None or lock.rule_id.startswith("E")
        rule = referral.emergency if is_emergency else referral.urgent
        one = date_occurrence(rule, lock.at, lock.seq, params)
        card = cards.get(lock.rule_id) or (row.card if row is not None else None) or rule.card
        within_h = hours.get(lock.rule_id, row.within_h if row is not None else 0.0)
        one = msgspec.structs.replace(one, card=card, rows=(lock.rule_id,))
        if not is_emergency:
            one = msgspec.structs.replace(one, urgency=_urgency_within(within_h, rules))
            if one.urgency not in ("now", "same-day"):
                one = msgspec.structs.replace(one, whom="doctor")
        found.append(one)
    return found


def _name_of(lock: Lock) -> str:
    """Return the key of the few words that the person ticked."""
    if lock.source == "session":
        return f"safety.symptom.{lock.rule_id}"
    return f"{'check-in' if lock.rule_id.startswith('P') else 'screening'}.{lock.rule_id}.label"


def _urgency_within(within_h: float | None, rules: SafetyRules) -> Urgency:
    urgent = rules.referral.urgent
    if within_h is None:
        return "weeks"
    if within_h <= 0:
        return "now"
    if within_h <= urgent.same_day_to_h:
        return "same-day"
    return "days" if within_h <= urgent.days_to_h else "weeks"


def _find_expired(
    history: History, assessment: Assessment | None, rules: SafetyRules, now: datetime
) -> list[Occurrence]:
    """R16: the questions have to be answered again before the next session."""
    if screening_state(assessment, history, now, rules) != "expired":
        return []
    rule, last = rules.referral.rescreen, history.screenings[-1]
    news = [
        n
        for n in history.notes
        if n.kind in rule.note_kinds and _is_newer(n.seq, n.at, last.seq, last.answered_at)
    ]
    if news:
        one = date_occurrence(rule, news[-1].at, news[-1].seq, {})
        return [msgspec.structs.replace(one, message_key=f"referral.{rule.id}.reason.{news[-1].kind}")]
    days = round((now - clamp(last.answered_at, now)) / timedelta(days=1))
    key = "reason" if days >= rules.engine.rescreen_after_days else "reason.new"
    one = date_occurrence(rule, now, 0, {"days": days})
    return [msgspec.structs.replace(one, message_key=f"referral.{rule.id}.{key}")]


def _is_newer(seq: int, at: datetime, other_seq: int, other_at: datetime) -> bool:
    """Whether the one was written after the other: by the diary's order where it is known."""
    return seq > other_seq if seq and other_seq else at > other_at


def _is_covered(one: Occurrence, answer: PastReferralAnswer) -> bool:
    return not _is_newer(one.seq, one.at, answer.seq, answer.answered_at)


def _answer(some: list[Occurrence], history: History, rules: SafetyRules, now: datetime) -> Referral:
    """Put what a rule found beside what the person answered."""
    rule_id = some[0].rule_id
    answers = [a for a in history.referral_answers if a.rule_id == rule_id]
    done = [a for a in answers if a.answer != "later"]
    # a round of questions that is due stays due, whatever is answered here
    is_due = rule_id == rules.referral.rescreen.id
    waiting = some if is_due else [one for one in some if not any(_is_covered(one, a) for a in done)]
    one = _choose(waiting or some)
    can_snooze = one.urgency in SNOOZABLE
    since = [a for a in answers if _is_covered(one, a)]
    snoozed_until = None
    if waiting and can_snooze and since and since[-1].answer == "later":
        answered_at = since[-1].answered_at
        is_newest = all(_is_covered(other, since[-1]) for other in waiting)
        # an answer from the future: the clock was set back, and that puts nothing off
        if is_newest and answered_at <= now + _CLOCK_SLACK:
            until = answered_at + timedelta(days=rules.referral.snooze_days)
            snoozed_until = until if until > now else None
    return Referral(
        rule_id=rule_id,
        urgency=one.urgency,
        whom=one.whom,
        reason=Reason(rule_id=rule_id, message_key=one.message_key, params=one.params),
        card=one.card,
        raised_at=clamp(one.at, now),
        is_open=bool(waiting) and snoozed_until is None,
        snoozed_until=snoozed_until,
        can_snooze=can_snooze,
        rows=tuple(dict.fromkeys(row for other in (waiting or [one]) for row in other.rows)),
        answer=since[-1].answer if since else None,
        answered_at=clamp(since[-1].answered_at, now) if since else None,
    )


def _choose(some: Iterable[Occurrence]) -> Occurrence:
    """Return the most urgent one; of those the newest."""
    return min(some, key=lambda one: (URGENCIES.index(one.urgency), -one.seq, -one.at.timestamp()))
