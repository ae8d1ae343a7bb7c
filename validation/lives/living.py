"""One year of one person, through the same functions that the server calls.

In: a person, the rules. Out: when everything was locked, what was referred and when. Every opening asks
``check_in``, which asks for the state of the safety questions and for locks. ``find_referrals`` is asked with
every look back, to answer it; ``find_raised`` once at the end, which misses nothing: what it finds has the
day of the entry that raised it. Next file: :mod:`validation.lives.running`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from unkink.coach.dose import CheckIn, Today, check_in
from unkink.coach.history import (
    History,
    PastCheckIn,
    PastClearance,
    PastNote,
    PastReferralAnswer,
    PastReview,
    PastScreening,
    PastSession,
)
from unkink.coach.referral import find_raised, find_referrals
from unkink.coach.safety_rules import SafetyRules
from unkink.coach.screening import Assessment, Details, assess
from unkink.coach.standing import cleared_rows, find_locks
from validation.lives.people import N_DAYS, Person

BEGIN = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
WEEK_DAYS = 7
_CONSTANT_FROM = 6.0
"""Pain from which these people say that it is there all the time."""
_FELT_FROM = 0.8
"""Pain from which these people call a day one with pain."""
_WAKES_FROM, _WAKES_SPAN = 4.0, 8.0
"""Pain above the first wakes, in so many points more every night."""
_STAYS_AWAY_FRAC, _SETTLES_LATE_FRAC = 0.15, 0.03
"""Openings without a session though one is open; sessions that settle only in a day."""
_BOOKED_TO, _SEEN_TO, _ANSWERED_TO = 0.3, 0.4, 0.6
"""What a referral is answered with, by a throw between 0 and 1; above the last one not at all."""


@dataclass(slots=True, kw_only=True)
class Year:
    """What happened to one person."""

    person: Person
    locks: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    """Day and rules of each time that everything closed."""
    referrals: list[tuple[int, str, str]] = field(default_factory=list)
    """Day, rule and urgency of each time that a rule of referral was met."""
    n_opened: int = 0
    n_sessions: int = 0
    n_locked_days: int = 0
    """Days on which the program was opened and everything was closed."""
    n_rescreens: int = 0
    history: History = field(default_factory=History)
    first_opened: int | None = None
    """First day on which the program was opened after the course had changed."""


@dataclass(slots=True, kw_only=True)
class _Diary:
    sessions: list[PastSession] = field(default_factory=list)
    check_ins: list[PastCheckIn] = field(default_factory=list)
    screenings: list[PastScreening] = field(default_factory=list)
    clearances: list[PastClearance] = field(default_factory=list)
    reviews: list[PastReview] = field(default_factory=list)
    notes: list[PastNote] = field(default_factory=list)
    answers: list[PastReferralAnswer] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    """Answers of the last round of safety questions."""
    n: int = 0

    def seq(self) -> int:
        self.n += 1
        return self.n

    def history(self) -> History:
        return History(
            sessions=tuple(self.sessions),
            check_ins=tuple(self.check_ins),
            screenings=tuple(self.screenings),
            clearances=tuple(self.clearances),
            reviews=tuple(self.reviews),
            notes=tuple(self.notes),
            referral_answers=tuple(self.answers),
        )


def live(person: Person, rules: SafetyRules) -> Year:
    """Live one year.

    Parameters
    ----------
    person : Person
    rules : SafetyRules

    Returns
    -------
    Year
    """
    year, diary, dice = Year(person=person), _Diary(), person.dice
    last_review = -7
    sees_on: int | None = None
    for day in range(N_DAYS):
        if dice.random() >= person.open_frac and day > 0:
            continue
        year.n_opened += 1
        now = BEGIN + timedelta(days=day, minutes=dice.randint(-180, 180))
        if sees_on is not None and day >= sees_on:
            _clear(diary, rules, now)
            sees_on = None
        flag = person.way if person.changes_on is not None and day >= person.changes_on else None
        if flag == "nerve-note" and not diary.notes:
            diary.notes.append(PastNote(at=now, kind="nerve", seq=diary.seq()))
        if day - last_review >= WEEK_DAYS and dice.random() < person.review_frac:
            last_review = day
            diary.reviews.append(_look_back(person, day, diary, now, is_flagged=flag == "constant-night"))
        if person.changes_on is not None and day >= person.changes_on and year.first_opened is None:
            year.first_opened = day
        told = _check(person, day, now, flag)
        assessment, today = _ask(person, diary, told, rules, day, year)
        diary.check_ins.append(
            PastCheckIn(
                at=now,
                pain_now=told.pain_now,
                answers=dict(told.answers),
                stiffness=told.stiffness,
                seq=diary.seq(),
            )
        )
        if today.locked:
            year.n_locked_days += 1
            if sees_on is None:
                year.locks.append((day, today.lock_ids))
                sees_on = day + dice.randint(2, 10)
        else:
            _exercise(person, diary, today, now, day, flag, year)
        if day == last_review:
            _answer(person, diary, assessment, rules, now)
        if person.kind == "red-flag" and year.locks and day > (person.changes_on or 0) + 30:
            break
    year.history = diary.history()
    year.referrals = list_referrals(year, rules)
    return year


def list_referrals(year: Year, rules: SafetyRules) -> list[tuple[int, str, str]]:
    """Return day, rule and urgency of each time that R03 to R15 were met; what locks is counted as a lock."""
    end = BEGIN + timedelta(days=N_DAYS)
    found = find_raised(year.history, None, rules, end)
    kept = [one for one in found if one.rule_id not in ("R01", "R02", "R16")]
    noon = timedelta(hours=12)
    return sorted(((one.at - BEGIN + noon).days, one.rule_id, one.urgency) for one in kept)


def _tell(person: Person, day: int) -> int:
    """Return pain as it is told: with noise, in whole points."""
    return max(0, min(10, round(person.dice.gauss(person.levels[day], person.noise))))


def _check(person: Person, day: int, now: datetime, flag: str | None) -> CheckIn:
    answers = {"P02": "no", "P03": "no", "P04": "no", "P05": "no"}
    pain = _tell(person, day)
    if flag == "nerve-check":
        answers["P02"] = "yes"
    elif flag == "chest-check":
        answers["P03"] = "yes"
    elif flag == "strong-pain":
        pain = person.dice.choice((8, 9))
    stiffness = person.dice.choice(("no", "bit"))
    return CheckIn(at=now, pain_now=pain, answers=answers, stiffness=stiffness)  # type: ignore[arg-type]


def _look_back(person: Person, day: int, diary: _Diary, now: datetime, *, is_flagged: bool) -> PastReview:
    week = person.levels[max(0, day - 6) : day + 1]
    dice, level = person.dice, sum(week) / len(week)
    woken = sum(dice.random() < max(0.0, (x - _WAKES_FROM) / _WAKES_SPAN) for x in week)
    hurts = sum(dice.gauss(x, person.noise) >= _FELT_FROM for x in week)
    first = not diary.reviews
    able = max(0.0, min(10.0, 10.0 - level + dice.gauss(0, 0.5)))
    start = person.levels[0]
    return PastReview(
        at=now,
        pain_average=max(0, min(10, round(dice.gauss(level, person.noise / 2)))),
        pain_worst=max(0, min(10, round(max(week) + abs(dice.gauss(0, person.noise))))),
        pain_days=min(7, hurts),
        nights_woken=7 if is_flagged else woken,
        stiff_mornings=sum(dice.random() < max(0.02, (level - 1) / 8) for _ in range(7)),
        is_constant=is_flagged or level >= _CONSTANT_FROM,
        since_weeks=2.0 if first else None,
        onset_age_years=person.age_years if first else None,
        age_years=person.age_years if first else None,
        global_change=max(-5, min(5, round((start - level) * 0.8 + dice.gauss(0, 1)))),
        activities={"a1": round(able), "a2": round(max(0.0, min(10.0, able + dice.gauss(0, 0.5))))},
        seq=diary.seq(),
    )


@functools.cache
def _assess_words(words: tuple[tuple[str, str], ...], cleared: frozenset[str], rules_id: int) -> Assessment:
    return assess(dict(words), Details(), _RULES[rules_id], cleared)


_RULES: dict[int, SafetyRules] = {}


def _assess(diary: _Diary, history: History, rules: SafetyRules) -> Assessment:
    """Assess the last answers again, as the server does for every request."""
    _RULES.setdefault(id(rules), rules)
    cleared = cleared_rows(history, rules)
    return _assess_words(tuple(sorted(diary.said.items())), cleared, id(rules))


def _ask(
    person: Person, diary: _Diary, told: CheckIn, rules: SafetyRules, day: int, year: Year
) -> tuple[Assessment, Today]:
    """Check in; where the safety questions are due, answer them first, as the page asks."""
    history, now = diary.history(), told.at
    if diary.said:
        assessment = _assess(diary, history, rules)
        today = check_in(told, history, assessment, rules, now)
        if not any(reason.rule_id == "screening-expired" for reason in today.reasons):
            return assessment, today
        year.n_rescreens += 1
    is_constant = person.levels[day] >= _CONSTANT_FROM or (
        person.way == "constant-night" and day >= (person.changes_on or 0)
    )
    answers = dict.fromkeys(rules.rows, "no") | ({"U07": "yes"} if is_constant else {})
    diary.said = answers
    fresh = assess(answers, Details(), rules, cleared_rows(history, rules, is_fresh=True))
    diary.screenings.append(
        PastScreening(answered_at=now, tier=fresh.tier, lock_ids=fresh.lock_ids, seq=diary.seq())
    )
    history = diary.history()
    assessment = _assess(diary, history, rules)
    return assessment, check_in(told, history, assessment, rules, now)


def _clear(diary: _Diary, rules: SafetyRules, now: datetime) -> None:
    """A clinician has looked and found that gentle exercise is fine."""
    history = diary.history()
    locks = find_locks(_assess(diary, history, rules), history, rules)
    ids = tuple(dict.fromkeys(lock.rule_id for lock in locks))
    diary.clearances.append(
        PastClearance(saved_at=now, assessed_on=now.date(), gentle_ok=True, rule_ids=ids, seq=diary.seq())
    )


def _exercise(
    person: Person, diary: _Diary, today: Today, now: datetime, day: int, flag: str | None, year: Year
) -> None:
    """Do one technique that is open, and tell how it was."""
    dice = person.dice
    open_ones = [i for i, one in today.techniques.items() if one.permission.effect != "block"]
    if not open_ones or dice.random() < _STAYS_AWAY_FRAC:
        return
    year.n_sessions += 1
    before = _tell(person, day)
    during = max(0, min(10, round(before + dice.gauss(0.2, 0.8))))
    is_stopped = flag == "stop-sign"
    diary.sessions.append(
        PastSession(
            exercise_id=dice.choice(open_ones),
            started_at=now + timedelta(minutes=2),
            duration_s=240,
            status="stopped" if is_stopped else "finished",
            held_s={"right": 30.0, "left": 30.0},
            pain_before=before,
            pain_during=during,
            pain_after=max(0, min(10, round(before - dice.uniform(-0.5, 1.5)))),
            settled="by-24h" if dice.random() < _SETTLES_LATE_FRAC else "by-morning",
            stop_rule_ids=("S02",) if is_stopped else (),
            session_id=str(day),
            seq=diary.seq(),
        )
    )


def _answer(person: Person, diary: _Diary, assessment: Assessment, rules: SafetyRules, now: datetime) -> None:
    """Answer what is open, as people do: some of it, some day."""
    for one in find_referrals(diary.history(), assessment, rules, now):
        luck = person.dice.random()
        if not one.is_open or luck > _ANSWERED_TO:
            continue
        is_seen = luck < _SEEN_TO or not one.can_snooze
        word = "booked" if luck < _BOOKED_TO else "seen" if is_seen else "later"
        diary.answers.append(
            PastReferralAnswer(rule_id=one.rule_id, answered_at=now, answer=word, seq=diary.seq())
        )
