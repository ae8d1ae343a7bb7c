"""Whether the safety questions still hold: what locks, what a clinician has cleared, what has run out.

In: what happened before, the last assessment, now. Out: ``none``, ``valid``, ``expired`` or ``locked``,
and the rules behind it. An emergency or urgent answer stays until a clearance for it is recorded *after*
it; answering again does not take it away. Next file: :mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from unkink.coach.history import (
    History,
    KeptLock,
    PastCheckIn,
    PastClearance,
    PastNote,
    PastReview,
    PastScreening,
    PastSession,
    clamp,
)
from unkink.coach.lately import ENDS, list_work, remember_parts
from unkink.coach.look_backs import find_nights
from unkink.coach.occurrences import find_nerve, find_severe, find_worse_at_night
from unkink.coach.pain import list_signs
from unkink.coach.remembering import remember, remember_each, remember_some

if TYPE_CHECKING:
    from unkink.coach.safety_rules import SafetyRules
    from unkink.coach.screening import Assessment

ScreeningState: TypeAlias = Literal["none", "valid", "expired", "locked"]
_Event: TypeAlias = PastCheckIn | PastSession | PastReview | PastNote
_Dated: TypeAlias = PastScreening | PastClearance | KeptLock | _Event
LockSource: TypeAlias = Literal["screening", "check-in", "session", "review", "kept"]

_DATE_SLACK = timedelta(days=1)
"""Between the person's date and UTC's."""


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that closes everything until a clinician has cleared it."""

    rule_id: str
    """Row (``U07``), check question (``P02``) or stop rule (``S01``); name it in the clearance."""
    at: datetime
    source: LockSource
    seq: int = 0
    """Order of writing of what it comes from; 0: not known."""


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
    ended_at = _last_work_ended_at(history)
    gap = now - clamp(last.answered_at if ended_at is None else max(last.answered_at, ended_at), now)
    is_old = age >= timedelta(days=rules.engine.rescreen_after_days)
    is_gap = gap >= timedelta(days=rules.engine.rescreen_after_gap_days)
    return "expired" if is_old or is_gap else "valid"


def _last_work_ended_at(history: History) -> datetime | None:
    return ENDS.latest(list_work(history.sessions))


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


@remember
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
        at, seq = screening.answered_at, screening.seq
        locks += [Lock(rule_id=i, at=at, source="screening", seq=seq) for i in open_ids]
    for rule_id, event in _list_events(history, rules):
        at = _time_of(event)
        if not _is_cleared(rule_id, event, at, history, rules):
            locks.append(Lock(rule_id=rule_id, at=at, source=_source_of(event), seq=event.seq))
    return (*locks, *_find_kept(history, rules))


def _find_kept(history: History, rules: SafetyRules) -> list[Lock]:
    """Find the noted locks of which the diary knows nothing: an older one was put in its place."""
    known = {(i, s.answered_at) for s in history.screenings for i in s.lock_ids}
    known |= {(rule_id, _time_of(event)) for rule_id, event in _list_events(history, rules)}
    return [
        Lock(rule_id=kept.rule_id, at=kept.at, source="kept")
        for kept in history.kept_locks
        if (kept.rule_id, kept.at) not in known
        and not _is_cleared(kept.rule_id, kept, kept.at, history, rules)
    ]


def choose_kept(locks: tuple[Lock, ...], rules: SafetyRules) -> tuple[KeptLock, ...]:
    """Choose what of the locks to note beside the diary: all that only a clearance opens.

    Parameters
    ----------
    locks : tuple of Lock
    rules : SafetyRules

    Returns
    -------
    tuple of KeptLock
        Each rule once, with the newest time.
    """
    newest: dict[str, KeptLock] = {}
    for lock in sorted(locks, key=lambda one: one.at):
        if _stays(lock.rule_id, rules):
            newest[lock.rule_id] = KeptLock(rule_id=lock.rule_id, at=lock.at)
    return tuple(newest.values())


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


def rows_to_ask(history: History, rules: SafetyRules) -> tuple[str, ...]:
    """Rows that what was told since the last round of questions asks for again (R08, R09).

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    tuple of str
        They come first when the questions are answered again; all of them are asked.
    """
    if not history.screenings:
        return ()
    last, referral = history.screenings[-1], rules.referral
    rows: list[str] = []
    if any(not _is_after(last, review) for review in find_nights(history, rules)):
        rows += referral.nights.ask
    if any(not _is_after(last, event) for event, _ in find_nerve(history, rules)):
        rows += referral.nerve.ask
    return tuple(rows)


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


def _source_of(event: _Event) -> LockSource:
    match event:
        case PastCheckIn():
            return "check-in"
        case PastSession():
            return "session"
        case PastReview() | PastNote():
            return "review"


@remember_parts("sessions", "check_ins", "reviews", "notes")
def _list_events(history: History, rules: SafetyRules) -> list[tuple[str, _Event]]:
    """List answers and stop signs outside the questions that lock like an urgent or emergency row."""
    found: list[tuple[str, _Event]] = []
    found += chain.from_iterable(_list_answers(history.check_ins, rules))
    stops = {stop.id for stop in rules.stops.stops if stop.until_cleared}
    found += chain.from_iterable(_list_stops(history.sessions, rules))
    # Told of a session that may have begun before a clearance, but told after it.
    found += [(note.kind, note) for note in history.notes if note.kind in stops]
    found += [(rules.referral.severe.id, event) for event, _ in find_severe(history, rules)]
    found += [(rules.referral.worsening.lock_row, event) for event in find_worse_at_night(history, rules)]
    return found


@remember_each
def _list_answers(check_in: PastCheckIn, rules: SafetyRules) -> tuple[tuple[str, _Event], ...]:
    found: list[tuple[str, _Event]] = []
    bands = rules.check.pain_now
    if check_in.pain_now is not None and not check_in.pain_now <= bands.rest_to:
        found.append((bands.lock_row, check_in))
    if set(check_in.answers.values()) != {"no"}:
        locking = (q.id for q in rules.check.questions if q.then == "lock")
        found += [(i, check_in) for i in locking if check_in.answers.get(i, "no") != "no"]
    return tuple(found)


@remember_each
def _list_stops(session: PastSession, rules: SafetyRules) -> tuple[tuple[str, _Event], ...]:
    if session.mode == "demo" or not (session.stop_rule_ids or session.pain_kinds):
        return ()
    stops = {stop.id for stop in rules.stops.stops if stop.until_cleared}
    # A sign that these rules do not know is taken for the gravest.
    return tuple((i, session) for i in list_signs(session, rules) if i in stops or _is_unknown(i, rules))


@remember_some
def _choose_asking(check_in: PastCheckIn, rules: SafetyRules) -> bool:
    """Choose the check-ins with a yes to a question that asks for the Check again."""
    return any(check_in.answers.get(q.id, "no") != "no" for q in rules.check.questions if q.then == "ask")


def _is_unknown(rule_id: str, rules: SafetyRules) -> bool:
    return rule_id.startswith("S") and all(rule_id != stop.id for stop in rules.stops.stops)


@remember_parts("sessions", "check_ins", "reviews", "notes")
def _has_changed(history: History, last: PastScreening, rules: SafetyRules) -> bool:
    """Whether something asks for new answers: a yes to P04, an emergency or urgent event."""
    events: list[_Dated] = [event for _, event in _list_events(history, rules)]
    events += _choose_asking(history.check_ins, rules)
    # what was told since: something new (R16), a nerve sign (R09), nights (R08)
    events += [n for n in history.notes if n.kind in rules.referral.rescreen.note_kinds]
    events += [event for event, _ in find_nerve(history, rules)]
    events += find_nights(history, rules)
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
        case PastCheckIn() | PastReview() | PastNote() | KeptLock():
            return event.at
        case PastSession():
            return event.started_at
        case PastClearance():
            return event.saved_at
