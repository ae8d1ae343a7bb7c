"""Whether the safety questions still hold: what locks, what a clinician has cleared, what has run out.

In: what happened before, the last assessment, now. Out: ``none``, ``valid``, ``expired`` or ``locked``,
and the rules behind it. An emergency or urgent answer stays until a clearance for it is recorded *after*
it; answering again does not take it away. Next file: :mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from unkink.coach.history import History, PastCheckIn, PastClearance, PastScreening, PastSession, clamp

if TYPE_CHECKING:
    from unkink.coach.safety_rules import SafetyRules
    from unkink.coach.screening import Assessment

ScreeningState: TypeAlias = Literal["none", "valid", "expired", "locked"]
_Dated: TypeAlias = PastScreening | PastCheckIn | PastSession | PastClearance

_DATE_SLACK = timedelta(days=1)
"""Between the person's date and UTC's."""


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that closes everything until a clinician has cleared it."""

    rule_id: str
    """Row (``U07``), check question (``P02``) or stop rule (``S01``); name it in the clearance."""
    at: datetime
    source: Literal["screening", "check-in", "session"]


def screening_state(
    assessment: Assessment | None, history: History, now: datetime, rules: SafetyRules
) -> ScreeningState:
    """Tell whether the person may go on, has to answer again, or waits for a clinician.

    Parameters
    ----------
    assessment : Assessment or None
        Of the last finished round of questions, by the rules and clearances of now.
    history : History
    now : datetime
        Aware UTC.
    rules : SafetyRules

    Returns
    -------
    {"none", "valid", "expired", "locked"}
    """
    if assessment is None or not history.screenings:
        return "none"
    if find_locks(assessment, history, rules):
        return "locked"
    last = history.screenings[-1]
    if assessment.missing or assessment.rules_version != rules.version or _has_changed(history, last, rules):
        return "expired"
    age = now - clamp(last.answered_at, now)
    ended = [clamp(s.ended_at, now) for s in history.sessions if s.is_work]
    gap = now - max([clamp(last.answered_at, now), *ended])
    is_old = age >= timedelta(days=rules.engine.rescreen_after_days)
    is_gap = gap >= timedelta(days=rules.engine.rescreen_after_gap_days)
    return "expired" if is_old or is_gap else "valid"


def compute_expiry(answered_at: datetime, rules: SafetyRules) -> datetime:
    """Return when answers run out by time alone.

    Parameters
    ----------
    answered_at : datetime
        Aware UTC.
    rules : SafetyRules

    Returns
    -------
    datetime
        Aware UTC.
    """
    return answered_at + timedelta(days=rules.engine.rescreen_after_days)


def find_locks(assessment: Assessment | None, history: History, rules: SafetyRules) -> tuple[Lock, ...]:
    """Find everything that closes exercise now.

    Parameters
    ----------
    assessment : Assessment or None
        Of the last round of questions; None when there was none.
    history : History
    rules : SafetyRules

    Returns
    -------
    tuple of Lock
        Oldest first; an id may be there more than once.
    """
    locks: list[Lock] = []
    for idx, screening in enumerate(history.screenings):
        is_last = idx == len(history.screenings) - 1
        if is_last and assessment is not None:
            open_ids = assessment.lock_ids
        else:
            open_ids = tuple(
                i
                for i in screening.lock_ids
                if _stays(i, rules) and not _is_cleared(i, screening, screening.answered_at, history, rules)
            )
        locks += [Lock(rule_id=i, at=screening.answered_at, source="screening") for i in open_ids]
    for rule_id, event in _list_events(history, rules):
        at = event.at if isinstance(event, PastCheckIn) else event.started_at
        if not _is_cleared(rule_id, event, at, history, rules):
            source = "check-in" if isinstance(event, PastCheckIn) else "session"
            locks.append(Lock(rule_id=rule_id, at=at, source=source))
    return tuple(locks)


def cleared_rows(history: History, rules: SafetyRules, *, is_fresh: bool = False) -> frozenset[str]:
    """Rows that a clinician has cleared since the last round of questions.

    Parameters
    ----------
    history : History
    rules : SafetyRules
    is_fresh : bool
        Whether new answers are about to be assessed that are not yet in the history: then only clearances of
        standing conditions count.

    Returns
    -------
    frozenset of str
    """
    rows = rules.rows
    last = None if is_fresh or not history.screenings else history.screenings[-1]
    cleared: set[str] = set()
    for row_id, row in rows.items():
        newest = _newest_clearance(row_id, history)
        if newest is None or not newest.gentle_ok or not row.is_clearable:
            continue
        is_since = last is not None and _is_cleared(row_id, last, last.answered_at, history, rules)
        if row.is_lasting or is_since:
            cleared.add(row_id)
    return frozenset(cleared)


def for_today_rows(answers: dict[str, str], rules: SafetyRules) -> tuple[str, ...]:
    """Rows to ask again at every check-in, because they were answered with yes or not sure.

    Parameters
    ----------
    answers : dict of row id to answer
        Of the last round of questions.
    rules : SafetyRules

    Returns
    -------
    tuple of str
    """
    return tuple(i for i, row in rules.rows.items() if row.is_for_today and answers.get(i, "no") != "no")


def apply_today(
    answers: dict[str, str], check_in_answers: dict[str, str], rules: SafetyRules
) -> dict[str, str]:
    """Put today's word in the place of the earlier one, for rows that are about today (C17, C24).

    Parameters
    ----------
    answers : dict of row id to answer
        Of the last round of questions.
    check_in_answers : dict of row id to answer
        Of the check-in; everything but rows about today is left alone.
    rules : SafetyRules

    Returns
    -------
    dict
    """
    rows = rules.rows
    newer = {i: a for i, a in check_in_answers.items() if i in rows and rows[i].is_for_today}
    return {**answers, **newer}


def _list_events(history: History, rules: SafetyRules) -> list[tuple[str, PastCheckIn | PastSession]]:
    """List answers and stop signs outside the questions that lock like an urgent or emergency row."""
    found: list[tuple[str, PastCheckIn | PastSession]] = []
    bands = rules.check.pain_now
    locking = [q.id for q in rules.check.questions if q.then == "lock"]
    for check_in in history.check_ins:
        if check_in.pain_now is not None and not check_in.pain_now <= bands.rest_to:
            found.append((bands.lock_row, check_in))
        found += [(i, check_in) for i in locking if check_in.answers.get(i, "no") != "no"]
    stops = {stop.id for stop in rules.stops.stops if stop.until_cleared}
    for session in history.sessions:
        if session.mode != "demo":
            found += [(i, session) for i in session.stop_rule_ids if i in stops]
    return found


def _has_changed(history: History, last: PastScreening, rules: SafetyRules) -> bool:
    """Whether something asks for new answers: a yes to P04, an emergency or urgent event."""
    events: list[_Dated] = [event for _, event in _list_events(history, rules)]
    asking = [q.id for q in rules.check.questions if q.then == "ask"]
    events += [c for c in history.check_ins if any(c.answers.get(i, "no") != "no" for i in asking)]
    return any(not _is_after(last, event) for event in events)


def _stays(rule_id: str, rules: SafetyRules) -> bool:
    """Whether an old answer locks after a newer round; what cannot be cleared goes by the newest answer."""
    row = rules.rows.get(rule_id)
    return row is None or (row.is_clearable and not row.needs_agreement)


def _is_cleared(rule_id: str, event: _Dated, at: datetime, history: History, rules: SafetyRules) -> bool:
    newest = _newest_clearance(rule_id, history)
    row = rules.rows.get(rule_id)
    if newest is None or not newest.gentle_ok or (row is not None and not row.is_clearable):
        return False
    # A sign of an emergency has to be looked at after it happened; an urgent answer may be about
    # something that was looked at shortly before the question was asked.
    is_urgent_row = rule_id.startswith(("U", "C"))
    slack = timedelta(days=rules.engine.rescreen_after_days) if is_urgent_row else _DATE_SLACK
    earliest: date = (at - slack).date()
    latest: date = (newest.saved_at + _DATE_SLACK).date()
    return _is_after(newest, event) and earliest <= newest.assessed_on <= latest


def _newest_clearance(rule_id: str, history: History) -> PastClearance | None:
    named = [c for c in history.clearances if rule_id in c.rule_ids]
    return named[-1] if named else None


def _is_after(later: _Dated, earlier: _Dated) -> bool:
    """Whether the one was written after the other: by the diary's order where it is known."""
    if later.seq and earlier.seq:
        return later.seq > earlier.seq
    return _time_of(later) > _time_of(earlier)


def _time_of(event: _Dated) -> datetime:
    match event:
        case PastScreening():
            return event.answered_at
        case PastCheckIn():
            return event.at
        case PastSession():
            return event.started_at
        case PastClearance():
            return event.saved_at
