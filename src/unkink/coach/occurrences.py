"""When a rule of referral was met: R03 to R15, each at the entry that met it.

In: what happened before, the rules. Out: occurrences; each rests only on what was written before it, so that
nothing later takes one back. Walks over weeks of pain are in :mod:`unkink.coach.pain_courses`, those over the
longer looks back in :mod:`unkink.coach.look_backs`. Next file: :mod:`unkink.coach.referral`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from unkink.coach.history import History, PastCheckIn, PastNote, PastReview, PastSession, compute_local_day
from unkink.coach.lately import remember_parts
from unkink.coach.look_backs import find_bone_checks, find_changes, find_most_days, find_stiff, find_woken
from unkink.coach.occurrence import Numbers, Occurrence, Told, at_of, date_occurrence, make_occurrence
from unkink.coach.pain_courses import find_flares, find_repeats, follow_worsening
from unkink.coach.remembering import remember_each, remember_some

if TYPE_CHECKING:
    from unkink.coach.referral_grammar import Nerve
    from unkink.coach.safety_rules import SafetyRules


@remember_parts("sessions", "check_ins", "pops", "reviews", "notes")
def find_occurrences(history: History, rules: SafetyRules) -> tuple[Occurrence, ...]:
    """Find every time that R03 to R15 were met.

    Parameters
    ----------
    history : History
        With times that only go on (:func:`unkink.coach.timeline.read_times`).
    rules : SafetyRules

    Returns
    -------
    tuple of Occurrence
        Unitless; in the order of the rules.
    """
    found: list[Occurrence] = []
    severe = rules.referral.severe
    for event, n in find_severe(history, rules):
        pain = _pain_of(event)
        key = "reason" if n == 1 else "reason.twice"
        found.append(
            make_occurrence(
                severe, event, {"n": n, "score": pain or 0, "from": severe.pain_from}, key, rows=(severe.id,)
            )
        )
    found += find_changes(history, rules)
    found += _find_worsening(history, rules)
    for at, seq, n, is_again in find_repeats(history, rules):
        if is_again:
            params: Numbers = {"n": n}
            found.append(date_occurrence(rules.referral.repeats, at, seq, params))
    found += find_woken(history, rules)
    found += [
        make_occurrence(rules.referral.nerve, event, {}, rows=rows)
        for event, rows in find_nerve(history, rules)
    ]
    found += _find_urge(history, rules)
    found += find_most_days(history, rules)
    found += find_stiff(history, rules)
    flares = rules.referral.flares
    weeks = round(flares.within_days / 7)
    found += [
        date_occurrence(flares, at, seq, {"n": n, "weeks": weeks})
        for at, seq, n in find_flares(history, rules)
    ]
    found += find_bone_checks(history, rules)
    found += _find_worry(history, rules)
    return tuple(found)


@remember_parts("sessions", "check_ins", "reviews")
def find_severe(history: History, rules: SafetyRules) -> list[tuple[Told, int]]:
    """Find strong pain at rest (R03).

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    list of (entry, int)
        Entries that met it, with how many of them did together: 1 is one alone.
    """
    severe = rules.referral.severe
    within = timedelta(hours=severe.within_h)
    # not less than, so that what is no number counts as strong
    least = severe.pain_from
    strong: list[Told] = [*_choose_strong(history.check_ins, least)]
    strong += _choose_strong_after(history.sessions, least)
    strong += [r for r in history.reviews if r.pain_average is not None and not r.pain_average < least]
    strong = [event for event in strong if _pain_of(event) is not None]
    strong.sort(key=at_of)
    found: list[tuple[Told, int]] = []
    first = 0
    for idx, event in enumerate(strong):
        while at_of(event) - at_of(strong[first]) > within:
            first += 1
        n, pain = idx + 1 - first, _pain_of(event)
        if pain is not None and not pain < severe.pain_at_once:
            found.append((event, 1))
        elif n >= severe.n_entries:
            found.append((event, n))
    return found


@remember_some
def _choose_strong(check_in: PastCheckIn, least: float) -> bool:
    return check_in.pain_now is not None and not check_in.pain_now < least


@remember_some
def _choose_strong_after(session: PastSession, least: float) -> bool:
    return session.pain_after is not None and not session.pain_after < least


@remember_parts("check_ins", "reviews")
def find_worse_at_night(history: History, rules: SafetyRules) -> list[PastReview | PastCheckIn]:
    """Find constant or night pain while it gets worse: R06 that is U07.

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    list of PastReview or PastCheckIn
        The later of the look back that told of it and the check-in that showed the worsening.
    """
    rule = rules.referral.worsening
    told = [r for r in history.reviews if r.is_constant or (r.nights_woken or 0) >= rule.lock_nights]
    if not told:
        return []
    near = timedelta(days=rule.told_within_days)
    found: list[PastReview | PastCheckIn] = []
    for course in follow_worsening(history.check_ins, rule):
        found += [
            review if review.at > course.begun_at else course.begun
            for review in told
            if course.begun_at - near <= review.at <= (course.ended_at or review.at)
        ]
    return found


@remember_parts("sessions", "check_ins", "notes")
def find_nerve(history: History, rules: SafetyRules) -> list[tuple[Told, tuple[str, ...]]]:
    """Find new nerve signs told at any time (R09), with the questions or stop signs that told them.

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    list of (entry, tuple of str)
    """
    nerve = rules.referral.nerve
    found: list[tuple[Told, tuple[str, ...]]] = [(n, ()) for n in history.notes if n.kind in nerve.note_kinds]
    found += chain.from_iterable(_list_nerve_answers(history.check_ins, nerve))
    found += chain.from_iterable(_list_nerve_signs(history.sessions, nerve))
    return found


@remember_each
def _list_nerve_answers(check_in: PastCheckIn, nerve: Nerve) -> tuple[tuple[Told, tuple[str, ...]], ...]:
    ids = tuple(i for i in nerve.questions if check_in.answers.get(i, "no") != "no")
    return ((check_in, ids),) if ids else ()


@remember_each
def _list_nerve_signs(session: PastSession, nerve: Nerve) -> tuple[tuple[Told, tuple[str, ...]], ...]:
    if session.mode == "demo" or not (session.stop_rule_ids or session.pain_kinds):
        return ()
    ids = tuple(i for i in nerve.stops if i in session.stop_rule_ids)
    is_met = ids or any(kind in nerve.pain_kinds for kind in session.pain_kinds)
    return ((session, ids),) if is_met else ()


def _pain_of(event: Told) -> float | None:
    """Return pain at rest: now, after a session, or the average of a day."""
    match event:
        case PastCheckIn():
            return event.pain_now
        case PastSession():
            return None if event.mode == "demo" else event.pain_after
        case PastReview():
            return event.pain_average
        case PastNote():
            return None


def _find_worsening(history: History, rules: SafetyRules) -> list[Occurrence]:
    rule = rules.referral.worsening
    return [
        date_occurrence(
            rule, c.referred_at, c.seq, {"before": c.usual, "now": c.score, "days": rule.window_days}
        )
        for c in follow_worsening(history.check_ins, rule)
        if c.referred_at is not None
    ]


@remember_parts("pops")
def _find_urge(history: History, rules: SafetyRules) -> list[Occurrence]:
    """R10: deliberate pops on most days of a week, for weeks."""
    rule = rules.referral.urge
    again = rules.referral.again_after_days
    ats: dict[int, datetime] = {}
    for pop in history.pops:
        if pop.deliberate:
            ats.setdefault(compute_local_day(pop.at, pop.utc_offset_min).toordinal(), pop.at)
    found: list[Occurrence] = []
    raised: dict[bool, int] = {}
    for day in sorted(ats):
        weeks = 0
        while weeks < rule.refer_weeks:
            last = day - weeks * rule.of_days
            if sum((last - back) in ats for back in range(rule.of_days)) < rule.days:
                break
            weeks += 1
        for is_long, least in ((False, rule.weeks), (True, rule.refer_weeks)):
            if weeks < least:
                raised.pop(is_long, None)
            elif is_long not in raised or day - raised[is_long] >= again:
                raised[is_long] = day
                params: Numbers = {"weeks": weeks, "days": rule.days}
                one = date_occurrence(rule, ats[day], 0, params)
                if not is_long:
                    # a habit is no reason to see anybody yet: the card tells what to do instead
                    one = msgspec.structs.replace(
                        one, urgency="info", whom="self", message_key=f"{one.message_key}.habit"
                    )
                found.append(one)
    return found


def _find_worry(history: History, rules: SafetyRules) -> list[Occurrence]:
    kinds = {kind.note_kind: kind for kind in rules.referral.worry.kinds}
    found: list[Occurrence] = []
    for note in history.notes:
        kind = kinds.get(note.kind)
        if kind is not None:
            one = make_occurrence(rules.referral.worry, note, {}, f"reason.{kind.note_kind}")
            found.append(msgspec.structs.replace(one, urgency=kind.urgency, whom=kind.whom, card=kind.card))
    return found
