"""What the rules said: answers of the Check, stop signs, referrals, locks, clearances.

In: the diary up to the end of a period, the rules of now. Out: the values of
:mod:`unkink.exchange.report_shapes`. The rules of now are applied to what was known at the end of the period:
which rules the person was shown on an earlier day is not stored, only what they answered to them. Next file:
:mod:`unkink.exchange.report_words`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec

from unkink.coach import screening, standing
from unkink.coach.history import History, compute_local_day
from unkink.coach.referral import find_referrals
from unkink.exchange.report_shapes import (
    CheckAnswer,
    CheckRound,
    ClearanceStated,
    DailyAnswer,
    FiredRule,
    LockStated,
    StopStated,
)
from unkink.exchange.report_source import day_of

if TYPE_CHECKING:
    from unkink.coach.rulebook import Rulebook
    from unkink.diary import records
    from unkink.exchange.report_source import Source

_TIERS: dict[str, Literal["emergency", "urgent", "caution"]] = {
    "E": "emergency",
    "U": "urgent",
    "C": "caution",
}


def assess_then(source: Source, rulebook: Rulebook) -> screening.Assessment | None:
    """Assess the round of safety questions in force, by the rules of now."""
    current, rules = source.current, rulebook.safety
    if current is None:
        return None
    known = {row: answer for row, answer in current.answers.items() if row in rules.rows}
    cleared = standing.cleared_rows(source.history, rules)
    return screening.assess(known, _to_details(current.details), rules, cleared)


def _to_details(plain: dict[str, Any]) -> screening.Details:
    """Return stored details; what is no longer understood counts as not told."""
    try:
        return msgspec.convert(plain, screening.Details)
    except msgspec.ValidationError:
        return screening.Details()


def _say_evidence(rule_id: str, rulebook: Rulebook) -> dict[str, Any]:
    known = rulebook.evidence.get(rule_id)
    if known is None:
        return {}
    return {
        "sources": known.sources,
        "references": known.references,
        "grade": known.grade,
        "provenance": known.provenance,
    }


def describe_check(source: Source) -> CheckRound | None:
    """Return which round of safety questions was in force."""
    current = source.current
    if current is None:
        return None
    return CheckRound(answered_on=day_of(current.answered_at, None, source), n_rounds=len(source.screenings))


def find_answers(source: Source, from_day: date, rulebook: Rulebook) -> tuple[CheckAnswer, ...]:
    """Find what was not answered with no: in the round in force, and in earlier ones of the period."""
    current = source.current
    if current is None:
        return ()
    rounds: list[records.Screening] = [
        r for r in source.screenings if day_of(r.answered_at, None, source) >= from_day and r.id != current.id
    ]
    told: dict[str, tuple[records.Screening, Literal["yes", "unsure"]]] = {}
    for round_ in [*rounds, current]:
        for row_id, answer in round_.answers.items():
            if answer != "no" and row_id in rulebook.safety.rows:
                told[row_id] = (round_, "yes" if answer == "yes" else "unsure")
    found = [
        CheckAnswer(
            rule_id=row_id,
            tier=_TIERS[row_id[0]],
            answer=answer,
            told_on=day_of(round_.answered_at, None, source),
            is_past=current.answers.get(row_id, "no") == "no",
            cleared_on=_find_clearance(row_id, round_, source),
            **_say_evidence(row_id, rulebook),
        )
        for row_id, (round_, answer) in told.items()
    ]
    order = list(_TIERS.values())
    return tuple(sorted(found, key=lambda a: (a.is_past, order.index(a.tier), a.rule_id)))


def _find_clearance(row_id: str, round_: records.Screening, source: Source) -> date | None:
    named = [c for c in source.history.clearances if row_id in c.rule_ids and c.seq > round_.seq]
    return named[-1].assessed_on if named and named[-1].gentle_ok else None


def find_daily(history: History, rulebook: Rulebook) -> tuple[DailyAnswer, ...]:
    """Count what was not answered with no before sessions."""
    days: dict[str, list[date]] = defaultdict(list)
    for check_in in history.check_ins:
        for rule_id, answer in check_in.answers.items():
            if answer != "no":
                days[rule_id].append(compute_local_day(check_in.at, check_in.utc_offset_min))
    return tuple(
        DailyAnswer(rule_id=rule_id, n=len(some), last_on=max(some), **_say_evidence(rule_id, rulebook))
        for rule_id, some in sorted(days.items())
    )


def find_stops(history: History, rulebook: Rulebook) -> tuple[StopStated, ...]:
    """Count the stop rules of sessions."""
    found: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for session in history.sessions:
        if session.mode != "demo":
            day = compute_local_day(session.started_at, session.utc_offset_min)
            for rule_id in session.stop_rule_ids:
                found[rule_id].append((day, "" if session.is_deleted else session.exercise_id))
    return tuple(
        StopStated(
            rule_id=rule_id,
            n=len(some),
            last_on=max(day for day, _ in some),
            exercise_ids=tuple(dict.fromkeys(name for _, name in some if name)),
            **_say_evidence(rule_id, rulebook),
        )
        for rule_id, some in sorted(found.items())
    )


def find_rules(
    history: History,
    assessment: screening.Assessment | None,
    rulebook: Rulebook,
    now: datetime,
    from_day: date,
    offset_min: int,
) -> tuple[FiredRule, ...]:
    """Return the referrals as they stood at the end of a period.

    Parameters
    ----------
    history : History
        Up to that end.
    assessment : Assessment or None
    rulebook : Rulebook
    now : datetime
        The end, aware UTC.
    from_day : date
        What was raised before and is not open any more is left out.
    offset_min : int
        Local time minus UTC, minutes.
    """
    found = find_referrals(history, assessment, rulebook.safety, now, offset_min)
    fired: list[FiredRule] = []
    for one in found:
        raised_on = compute_local_day(one.raised_at, offset_min)
        is_waiting = one.is_open or one.snoozed_until is not None
        if raised_on < from_day and not is_waiting:
            continue
        fired.append(
            FiredRule(
                rule_id=one.rule_id,
                raised_on=raised_on,
                urgency=one.urgency,
                whom=one.whom,
                reason_key=one.reason.message_key,
                reason_params=dict(one.reason.params),
                rows=one.rows,
                is_open=is_waiting,
                answer=one.answer,
                answered_on=None
                if one.answered_at is None
                else compute_local_day(one.answered_at, offset_min),
                **_say_evidence(one.rule_id, rulebook),
            )
        )
    return tuple(fired)


def find_open_locks(
    history: History, assessment: screening.Assessment | None, rulebook: Rulebook
) -> tuple[LockStated, ...]:
    """Return what kept exercise closed, each row once with its newest sign."""
    newest = {lock.rule_id: lock for lock in standing.find_locks(assessment, history, rulebook.safety)}
    return tuple(
        LockStated(
            rule_id=lock.rule_id,
            since=lock.at.date(),
            source=lock.source,
            **_say_evidence(lock.rule_id, rulebook),
        )
        for lock in newest.values()
    )


def find_clearances(
    source: Source, from_day: date, answers: Iterable[CheckAnswer]
) -> tuple[ClearanceStated, ...]:
    """Return clinicians' words of the period, and older ones for what is still answered with yes."""
    named = {answer.rule_id for answer in answers if not answer.is_past}
    stated = [
        (day_of(one.saved_at, None, source), one)
        for one in source.history.clearances
        if day_of(one.saved_at, None, source) >= from_day or named & set(one.rule_ids)
    ]
    return tuple(
        ClearanceStated(
            assessed_on=one.assessed_on,
            recorded_on=day,
            gentle_ok=cast("bool", one.gentle_ok),
            rule_ids=one.rule_ids,
        )
        for day, one in stated
    )
