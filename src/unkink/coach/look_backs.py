"""Rules of referral over the longer looks back: R04, R05, R08, R11, R12, R14.

In: reviews whose times only go on, the rules. Out: occurrences, and what holds the load back. Next file:
:mod:`unkink.coach.occurrences`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from unkink.coach.history import History, PastCheckIn, PastReview, compute_local_day
from unkink.coach.lately import remember_parts
from unkink.coach.occurrence import Numbers, Occurrence, make_occurrence
from unkink.coach.remembering import remember_walk

if TYPE_CHECKING:
    from unkink.coach.referral_grammar import ReferralRule
    from unkink.coach.safety_rules import SafetyRules

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_DIGITS = 6
"""Differences of scores are exact to so many decimals: 6.3 - 5.0 is 1.3."""


@remember_parts("reviews")
def find_nights(history: History, rules: SafetyRules) -> list[PastReview]:
    """Find looks back that tell of being woken by pain (R08), the first of each run.

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    list of PastReview
    """
    least = rules.referral.nights.nights
    told = ((r, r.nights_woken >= least) for r in history.reviews if r.nights_woken is not None)
    return list(_onsets(told, rules))


@remember_parts("reviews")
def find_held_back(history: History, rules: SafetyRules) -> list[PastReview]:
    """Find the looks back since which it has not become enough better (R05): no increase since then.

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    list of PastReview
        Of the run that lasts to the newest look back; empty when that one shows a change.
    """
    rule = rules.referral.little_change
    run: list[PastReview] = []
    for first, review in _follow_reviews(history, rules):
        days = (review.at - first.at) / _DAY
        is_little = _is_little(first, review, rules) if days >= rule.from_day else None
        if is_little and (run or days <= rule.to_day):
            run.append(review)
        elif is_little is False or review is first:
            run = []
    return run


@remember_parts("reviews")
def find_bone_risk(history: History, rules: SafetyRules) -> list[tuple[PastReview, bool]]:
    """Tell for each measurement at the wall or of height whether it asks for a bone check (R14).

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    list of (review, bool)
    """
    rule = rules.referral.bone_check
    gap_cm = loss_cm = 0.0
    age_years = rule.age_from_years
    found: list[tuple[PastReview, bool]] = []
    for review in history.reviews:
        age_years = review.age_years if review.age_years is not None else age_years
        if review.wall_gap_cm is None and review.height_loss_cm is None:
            continue
        gap_cm = review.wall_gap_cm if review.wall_gap_cm is not None else gap_cm
        loss_cm = review.height_loss_cm if review.height_loss_cm is not None else loss_cm
        is_far = gap_cm > rule.wall_gap_above_cm or loss_cm >= rule.height_loss_from_cm
        found.append((review, is_far and age_years >= rule.age_from_years))
    return found


def _onsets(told: Iterable[tuple[PastReview, bool]], rules: SafetyRules) -> Iterator[PastReview]:
    """Yield where a run of looks back that meet a rule begins, and again while it lasts."""
    gap = timedelta(days=rules.referral.series_gap_days)
    again = timedelta(days=rules.referral.again_after_days)
    raised_at = last_at = None
    for review, is_met in told:
        if not is_met:
            raised_at = None
            continue
        # either way: a clock may have been set back in between
        is_broken = last_at is not None and abs(review.at - last_at) > gap
        if raised_at is None or is_broken or abs(review.at - raised_at) >= again:
            raised_at = review.at
            yield review
        last_at = review.at


def _follow_reviews(history: History, rules: SafetyRules) -> Iterator[tuple[PastReview, PastReview]]:
    """Yield each look back with the first of its course; a long pause begins a new one."""
    pause = timedelta(days=rules.referral.little_change.to_day)
    first: PastReview | None = None
    last_at: datetime | None = None
    for review in history.reviews:
        if review.pain_average is None and not review.activities:
            continue
        if first is None or last_at is None or review.at - last_at > pause:
            first = review
        last_at = review.at
        yield first, review


@remember_parts("reviews")
def find_changes(history: History, rules: SafetyRules) -> list[Occurrence]:
    """Find too little change since the beginning (R04, R05).

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    list of Occurrence
        Unitless; each rule once in a course.
    """
    none, little = rules.referral.no_change, rules.referral.little_change
    found: list[Occurrence] = []
    told: set[tuple[str, datetime]] = set()
    for first, review in _follow_reviews(history, rules):
        days = (review.at - first.at) / _DAY
        weeks = round(days / 7)
        params: Numbers = {"weeks": weeks}
        key = "reason.activities"
        if first.pain_average is not None and review.pain_average is not None:
            params |= {"before": first.pain_average, "now": review.pain_average}
            key = "reason"
        if none.from_day <= days < little.from_day and _is_none(first, review, rules):
            rule: ReferralRule = none
        elif little.from_day <= days <= little.to_day and _is_little(first, review, rules):
            rule = little
            key = "reason" if _is_little_pain(first, review, rules) else "reason.activities"
        else:
            continue
        # once in a course
        if (rule.id, first.at) not in told:
            told.add((rule.id, first.at))
            found.append(make_occurrence(rule, review, params, key))
    return found


def _is_none(first: PastReview, review: PastReview, rules: SafetyRules) -> bool:
    rule = rules.referral.no_change
    before, now = first.pain_average, review.pain_average
    if before is None or now is None or now < rule.pain_from:
        return False
    gain = round(before - now, _DIGITS)
    is_small = gain < rule.below_points and gain < round(rule.below_frac * before, _DIGITS)
    # without an improvement there is none, also where the score began at 0
    return (is_small or gain <= 0) and (review.global_change or 0) <= rule.global_to


def _is_little_pain(first: PastReview, review: PastReview, rules: SafetyRules) -> bool:
    rule = rules.referral.little_change
    before, now = first.pain_average, review.pain_average
    if before is None or now is None or now < rule.pain_from:
        return False
    gain = round(before - now, _DIGITS)
    return gain <= 0 or (gain < rule.below_points and gain < round(rule.below_frac * before, _DIGITS))


def _is_little(first: PastReview, review: PastReview, rules: SafetyRules) -> bool:
    rule = rules.referral.little_change
    both = sorted(set(first.activities) & set(review.activities))
    if both:
        before = sum(first.activities[i] for i in both) / len(both)
        now = sum(review.activities[i] for i in both) / len(both)
        # who could do nearly all from the start has nothing to gain, and a little less is noise
        has_room = 10 - before >= rule.activities_below
        is_lost = round(before - now, _DIGITS) >= rule.activities_below
        if round(now - before, _DIGITS) < rule.activities_below and (has_room or is_lost):
            return True
    return _is_little_pain(first, review, rules)


def find_woken(history: History, rules: SafetyRules) -> list[Occurrence]:
    """Find being woken by pain (R08).

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    list of Occurrence
        Unitless.
    """
    rule = rules.referral.nights
    return [
        make_occurrence(rule, r, {"n": r.nights_woken or 0}, rows=rule.ask)
        for r in find_nights(history, rules)
    ]


@remember_parts("reviews", "check_ins")
def find_most_days(history: History, rules: SafetyRules) -> list[Occurrence]:
    """Find pain on most days for long (R11), by the looks back and by the check-ins of weeks without one.

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    list of Occurrence
        Unitless.
    """
    rule = rules.referral.most_days
    gap = timedelta(days=rules.referral.series_gap_days)
    again = timedelta(days=rules.referral.again_after_days)
    begun_at = last_at = raised_at = None
    found: list[Occurrence] = []
    for event, is_painful in _weeks_with_pain(history, rules):
        if last_at is not None and event.at - last_at > gap:
            begun_at = None
        last_at = event.at
        if not is_painful:
            begun_at = raised_at = None
            continue
        begun_at = event.at - _WEEK if begun_at is None else begun_at
        if isinstance(event, PastReview) and event.since_weeks is not None:
            begun_at = min(begun_at, event.at - event.since_weeks * _WEEK)
        if event.at - begun_at > rule.weeks * _WEEK and (raised_at is None or event.at - raised_at >= again):
            raised_at = event.at
            found.append(make_occurrence(rule, event, {"weeks": round((event.at - begun_at) / _WEEK)}))
    return found


def _weeks_with_pain(history: History, rules: SafetyRules) -> list[tuple[PastReview | PastCheckIn, bool]]:
    rule = rules.referral.most_days
    marks: list[tuple[PastReview | PastCheckIn, bool]] = [
        (r, r.pain_days >= rule.pain_days) for r in history.reviews if r.pain_days is not None
    ]
    reviewed = [r.at for r, _ in marks]
    weeks: tuple[_Week, ...] = ()
    if history.check_ins:
        walk = _walk_weeks(history.check_ins, rule.pain_from, history.check_ins[0].at)
        weeks = walk.over if walk.newest is None else (*walk.over, walk.newest)
    idx = 0
    for week in weeks:
        while idx < len(reviewed) and reviewed[idx] < week.first.at - _WEEK:
            idx += 1
        if idx < len(reviewed) and reviewed[idx] <= week.last.at + _WEEK:
            continue
        if len(week.days) >= rule.pain_days:
            marks.append((week.last, len(week.hurt) >= rule.pain_days))
    return sorted(marks, key=lambda mark: mark[0].at)


class _Week(msgspec.Struct, frozen=True):
    """The check-ins of one week since the beginning in which pain was told."""

    number: int
    first: PastCheckIn
    last: PastCheckIn
    days: frozenset[date]
    """Of the person's own calendar."""
    hurt: frozenset[date]
    """Those with pain that counts."""


class _Weeks(msgspec.Struct, frozen=True):
    """Where the walk over check-ins is."""

    over: tuple[_Week, ...] = ()
    newest: _Week | None = None


@remember_walk(_Weeks())
def _walk_weeks(walk: _Weeks, check_in: PastCheckIn, pain_from: float, begun_at: datetime) -> _Weeks:
    """Sort check-ins whose times only go on into weeks: those that are over, and the newest."""
    if check_in.pain_now is None:
        return walk
    newest = walk.newest
    number = (check_in.at - begun_at) // _DAY // 7
    days = frozenset([compute_local_day(check_in.at, check_in.utc_offset_min)])
    hurt: frozenset[date] = days if check_in.pain_now >= pain_from else frozenset()
    if newest is None or number != newest.number:
        over = walk.over if newest is None else (*walk.over, newest)
        return _Weeks(over, _Week(number, check_in, check_in, days, hurt))
    return _Weeks(walk.over, _Week(number, newest.first, check_in, newest.days | days, newest.hurt | hurt))


@remember_parts("reviews")
def find_stiff(history: History, rules: SafetyRules) -> list[Occurrence]:
    """Find stiff weeks in a row in somebody in whom it began early (R12).

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    list of Occurrence
        Unitless.
    """
    rule = rules.referral.stiff
    gap = timedelta(days=rules.referral.series_gap_days)
    again = timedelta(days=rules.referral.again_after_days)
    begun_at = last_at = raised_at = onset_years = None
    found: list[Occurrence] = []
    for review in history.reviews:
        if review.onset_age_years is not None:
            onset_years = review.onset_age_years
        elif onset_years is None and review.age_years is not None:
            # it cannot have begun later than now
            onset_years = review.age_years if review.age_years < rule.onset_below_years else None
        if review.stiff_mornings is None:
            continue
        if review.stiff_mornings < rule.mornings:
            begun_at = raised_at = None
            continue
        if begun_at is None or last_at is None or review.at - last_at > gap:
            begun_at = review.at - _WEEK
        last_at = review.at
        is_early = onset_years is not None and onset_years < rule.onset_below_years
        is_long = review.at - begun_at >= rule.weeks * _WEEK
        if is_early and is_long and (raised_at is None or review.at - raised_at >= again):
            raised_at = review.at
            weeks = round((review.at - begun_at) / _WEEK)
            found.append(
                make_occurrence(rule, review, {"n": review.stiff_mornings, "weeks": weeks}, rows=("C25",))
            )
    return found


def find_bone_checks(history: History, rules: SafetyRules) -> list[Occurrence]:
    """Find measurements that ask for a bone check (R14).

    Parameters
    ----------
    history : History
    rules : SafetyRules

    Returns
    -------
    list of Occurrence
        Unitless.
    """
    rule = rules.referral.bone_check
    found: list[Occurrence] = []
    for review in _onsets(find_bone_risk(history, rules), rules):
        loss_cm = review.height_loss_cm
        is_height = loss_cm is not None and loss_cm >= rule.height_loss_from_cm
        cm = loss_cm if is_height else review.wall_gap_cm
        key = "reason.height" if is_height else "reason"
        found.append(make_occurrence(rule, review, {"cm": cm or 0}, key, rows=("Q05",)))
    return found
