"""What the rules of referral do to the load: half, one level back, no increase, closed.

In: what happened before, the rules, now. Out: :class:`Held`, which :mod:`unkink.coach.dose` takes into
each technique. Everything here only ever takes away. Next file: :mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from datetime import datetime
from itertools import islice
from operator import le
from typing import TYPE_CHECKING

import msgspec

from unkink.coach.history import History, PastCheckIn, PastReferralAnswer, PastSession
from unkink.coach.look_backs import find_bone_risk, find_held_back
from unkink.coach.occurrence import Told, at_of
from unkink.coach.occurrences import find_nerve
from unkink.coach.pain import (
    LEVEL_HALF,
    LEVEL_STANDARD,
    Course,
    by_technique,
    compute_levels,
    count_repeats,
    find_levels,
    find_settled,
    signal_of,
)
from unkink.coach.pain_courses import follow_worsening
from unkink.coach.remembering import remember_some
from unkink.coach.timeline import read_times

if TYPE_CHECKING:
    from unkink.coach.safety_grammar import Code
    from unkink.coach.safety_rules import SafetyRules


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What is held back today."""

    closed: dict[Code, tuple[str, ...]] = {}
    """Rules that close a technique, by its code."""
    dose_frac: float = 1.0
    """Share of the planned dose (R06)."""
    levels_back: int = 0
    """R07."""
    no_rise_since: tuple[datetime, ...] = ()
    """The level may not be above that of any of these moments (R05), aware UTC."""
    strong_ats: tuple[datetime, ...] = ()
    """Check-ins with more pain than any progression may follow (D12), aware UTC."""

    @property
    def rule_ids(self) -> frozenset[str]:
        """Rules that close something."""
        return frozenset(rule_id for ids in self.closed.values() for rule_id in ids)


def find_held(history: History, rules: SafetyRules, now: datetime) -> Held:
    """Find what the rules of referral hold back.

    Parameters
    ----------
    history : History
        With the check-in of now.
    rules : SafetyRules
    now : datetime
        Aware UTC.

    Returns
    -------
    Held
        The strictest of the ways in which a changed clock can be read.
    """
    held = [_find_held(reading, history, rules) for reading in read_times(history, now)]
    closed: dict[Code, tuple[str, ...]] = {}
    for one in held:
        for code, ids in one.closed.items():
            closed[code] = tuple(dict.fromkeys((*closed.get(code, ()), *ids)))
    is_repeated = count_repeats(find_settled(history), rules, now)
    return Held(
        closed=closed,
        dose_frac=min(one.dose_frac for one in held),
        levels_back=rules.referral.repeats.levels_back if is_repeated else 0,
        no_rise_since=tuple(at for one in held for at in one.no_rise_since),
        strong_ats=tuple(at for one in held for at in one.strong_ats),
    )


def hold_course(
    course: Course,
    held: Held,
    exercise_id: str,
    sessions: tuple[PastSession, ...],
    rules: SafetyRules,
    now: datetime,
) -> Course:
    """Return the course without what must not rise, and so many levels back.

    Parameters
    ----------
    course : Course
        As the sessions alone have it.
    held : Held
    exercise_id : str
    sessions : tuple of PastSession
        All techniques, settled, in the order of the diary.
    rules : SafetyRules
    now : datetime
        Aware UTC.

    Returns
    -------
    Course
        Never with a higher level.
    """
    level = course.level
    if level > LEVEL_HALF:
        ats = {*held.no_rise_since, *_find_strong(held, exercise_id, sessions, rules)}
        level = min(level, *_levels_at(ats, exercise_id, sessions, rules, now))
    return msgspec.structs.replace(course, level=max(LEVEL_HALF, level - held.levels_back))


def _levels_at(
    ats: Collection[datetime],
    exercise_id: str,
    sessions: tuple[PastSession, ...],
    rules: SafetyRules,
    now: datetime,
) -> tuple[int, ...]:
    """Return the level that one technique had at each of some moments, by what began before; 1 when none."""
    mine = by_technique(sessions).get(exercise_id, ())
    starts = [s.started_at for s in mine]
    if not all(map(le, starts, starts[1:])):
        # A clock was set back: what began before a moment is not what was written before it.
        parts = [[s for s in mine if s.started_at < at] for at in ats]
        return (LEVEL_STANDARD, *(compute_levels(part, rules, now)[-1] for part in parts))
    # One pass does for all moments: after years there are hundreds of them.
    levels = find_levels(exercise_id, sessions, rules, now)
    return (LEVEL_STANDARD, *(levels[bisect_left(starts, at)] for at in ats))


def _find_strong(
    held: Held, exercise_id: str, sessions: tuple[PastSession, ...], rules: SafetyRules
) -> tuple[datetime, ...]:
    """D12 begins anew after pain above the limit: the first such moment without enough green ones since."""
    n_green = rules.pain.progression.n_green
    mine = by_technique(sessions).get(exercise_id, ())
    told = (s for s in reversed(mine) if s.pain_after is not None or s.pain_during is not None)
    newest = [s.started_at for s in islice((s for s in told if signal_of(s, rules) == "green"), n_green)]
    last = newest[-1] if len(newest) == n_green else None
    found = [at for at in held.strong_ats if last is None or at > last]
    return (min(found),) if found else ()


def _find_held(reading: History, history: History, rules: SafetyRules) -> Held:
    referral = rules.referral
    closed: dict[Code, tuple[str, ...]] = {}
    nerve, bone = referral.nerve, referral.bone_check
    if _list_unseen(reading, history, rules):
        for code in nerve.closes:
            closed[code] = (nerve.id,)
    if _has_bone_risk(reading, history, rules):
        for code in bone.closes:
            closed[code] = (*closed.get(code, ()), bone.id)
    courses = follow_worsening(reading.check_ins, referral.worsening)
    is_worse = any(
        c.ended_at is None and not _is_answered(referral.worsening.id, c.begun, history) for c in courses
    )
    strong = rules.pain.amber.pain_to
    run = find_held_back(reading, rules)
    run = [r for r in run if not _is_answered(referral.little_change.id, r, history)]
    return Held(
        closed=closed,
        dose_frac=referral.worsening.dose_frac if is_worse else 1.0,
        no_rise_since=tuple(r.at for r in run),
        strong_ats=tuple(c.at for c in _choose_strong(reading.check_ins, strong)),
    )


def find_closing(history: History, rules: SafetyRules, now: datetime) -> frozenset[datetime]:
    """Find when that was told which closes a technique until somebody has looked at it (R09, R14).

    Parameters
    ----------
    history : History
    rules : SafetyRules
    now : datetime
        Aware UTC.

    Returns
    -------
    frozenset of datetime
        Aware UTC; without these entries it would be open.
    """
    ats: set[datetime] = set()
    is_at_risk = False
    for reading in read_times(history, now):
        unseen = {id(event) for event in _list_unseen(reading, history, rules)}
        # a reading may move entries in time: what is in the diary has its own
        told = zip(find_nerve(reading, rules), find_nerve(history, rules), strict=True)
        ats |= {at_of(own) for (event, _), (own, _) in told if id(event) in unseen}
        is_at_risk = is_at_risk or _has_bone_risk(reading, history, rules)
    if is_at_risk:
        parts = ((r, (r.age_years, r.wall_gap_cm, r.height_loss_cm)) for r in history.reviews)
        ats |= {review.at for review, values in parts if any(value is not None for value in values)}
    return frozenset(ats)


def _list_unseen(reading: History, history: History, rules: SafetyRules) -> list[Told]:
    """List the nerve signs that nobody has looked at since (R09)."""
    found = find_nerve(reading, rules)
    return [event for event, ids in found if not _is_seen(event, ids, history, rules)]


def _has_bone_risk(reading: History, history: History, rules: SafetyRules) -> bool:
    """Whether the newest measurement asks for a bone check that nobody has answered (R14)."""
    risks = find_bone_risk(reading, rules)
    if not risks or not risks[-1][1]:
        return False
    return not _is_answered(rules.referral.bone_check.id, risks[-1][0], history)


@remember_some
def _choose_strong(check_in: PastCheckIn, limit: float) -> bool:
    return check_in.pain_now is not None and not check_in.pain_now <= limit


def _is_answered(rule_id: str, event: Told, history: History) -> bool:
    """Whether a professional has looked at it since."""
    return any(
        a.rule_id == rule_id and a.answer == "seen" and _is_since(a, event) for a in history.referral_answers
    )


def _is_since(answer: PastReferralAnswer, event: Told) -> bool:
    if answer.seq and event.seq:
        return answer.seq > event.seq
    return answer.answered_at > at_of(event)


def _is_seen(event: Told, ids: tuple[str, ...], history: History, rules: SafetyRules) -> bool:
    """Whether a nerve sign was looked at: answered so, or cleared by what it locked."""
    nerve = rules.referral.nerve
    if _is_answered(nerve.id, event, history):
        return True
    for clearance in history.clearances:
        is_after = (
            clearance.seq > event.seq if clearance.seq and event.seq else clearance.saved_at > at_of(event)
        )
        if is_after and clearance.gentle_ok and any(i in clearance.rule_ids for i in (nerve.id, *ids)):
            return True
    return False
