"""The traffic light: how a session went, and what that means for the next ones (L01 to L04, D12).

In: past sessions and check-ins. Out: one signal per session, and per technique its level, its rest and
whether the next session is a half one. Next file: :mod:`unkink.coach.caps`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from unkink.coach.history import SIGNALS, History, PastCheckIn, PastSession, Signal, clamp
from unkink.coach.lately import STARTS, is_numbered
from unkink.coach.remembering import (
    Latest,
    make_keeper,
    remember,
    remember_each,
    remember_some,
    remember_walk,
)

if TYPE_CHECKING:
    from unkink.coach.safety_rules import SafetyRules

LEVEL_HALF, LEVEL_START, LEVEL_MIDDLE, LEVEL_STANDARD = -1, 0, 1, 2
"""Half the start dose (one level below the first), the start dose, one between (D13), the standard dose."""

_HURT_ENDS = Latest[PastSession](attrgetter("ended_at"))
_MOMENT = timedelta(microseconds=1)


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """Where the pain rules have one technique."""

    level: int = LEVEL_START
    """-1 half the start dose, 0 start, 1 middle, 2 standard."""
    is_half_next: bool = False
    """The last session was amber (L02)."""
    rest_until: datetime | None = None
    """End of the rest after a red session (L03, S04), aware UTC."""
    rest_rule: str = ""
    """Which rule asks for the rest."""


def signal_of(session: PastSession, rules: SafetyRules) -> Signal:
    """Put one session on the traffic light; the worst of what applies, and of what was stored.

    Parameters
    ----------
    session : PastSession
        Pain 0 to 10.
    rules : SafetyRules

    Returns
    -------
    {"green", "amber", "red", "black"}
    """
    pain = rules.pain
    if _is_plainly_green(session, pain.green.pain_to):
        return "green"
    stops = {stop.id: stop for stop in rules.stops.stops}
    found: list[Signal] = ["green" if session.signal is None else session.signal]
    for rule_id in list_signs(session, rules):
        # An unknown stop sign is as bad as the worst.
        stop = stops.get(rule_id)
        if rule_id.startswith("S") and (stop is None or stop.until_cleared):
            found.append("black")
        elif rule_id.startswith("S") or rule_id == pain.red.id:
            found.append("red")
    worst = max((p for p in (session.pain_during, session.pain_after) if p is not None), default=None)
    if any(kind in pain.red.kinds or kind not in pain.kinds for kind in session.pain_kinds):
        found.append("red")
    if worst is not None:
        rise = worst - session.pain_before if session.pain_before is not None else 0.0
        if not worst <= pain.amber.pain_to or (rise >= pain.red.rise_points and session.settled == "later"):
            found.append("red")
        elif worst > pain.green.pain_to:
            found.append("amber")
    if session.settled in ("by-24h", "later"):
        found.append("amber")
    return max(found, key=SIGNALS.index)


def _is_plainly_green(session: PastSession, pain_to: float) -> bool:
    """Whether nothing was told that any rule looks at: nearly every session, and years of them are quick."""
    return (
        session.signal in (None, "green")
        and not session.stop_rule_ids
        and not session.pain_kinds
        and session.settled in (None, "by-morning")
        and (session.pain_during is None or session.pain_during <= pain_to)
        and (session.pain_after is None or session.pain_after <= pain_to)
    )


def list_signs(session: PastSession, rules: SafetyRules) -> tuple[str, ...]:
    """List what stopped a session, and every stop sign that was told in it as a kind of pain.

    Parameters
    ----------
    session : PastSession
    rules : SafetyRules

    Returns
    -------
    tuple of str
        Ids of rules, each once.
    """
    if not session.stop_rule_ids and not session.pain_kinds:
        return ()
    felt = (rules.pain.signs[kind] for kind in session.pain_kinds if kind in rules.pain.signs)
    return tuple(dict.fromkeys((*session.stop_rule_ids, *felt)))


def settle(sessions: Iterable[PastSession], check_ins: Iterable[PastCheckIn]) -> tuple[PastSession, ...]:
    """Take what a later check-in says of the session before it (P05) into that session.

    Parameters
    ----------
    sessions : iterable of PastSession
    check_ins : iterable of PastCheckIn

    Returns
    -------
    tuple of PastSession
        Work, and what hurt before it became work (on the way into a stretch); in the order of the diary.
    """
    settled = _choose_counting(tuple(sessions))
    asking = _choose_unsettled(tuple(check_ins))
    if not asking:
        return settled
    places = {idx for check_in in asking if (idx := _find_before(settled, check_in)) is not None}
    order = sorted(places)
    later = _settle_later(tuple(settled[idx] for idx in order))
    found = list(settled)
    for idx, session in zip(order, later, strict=True):
        found[idx] = session
    return _keep_settled(tuple(found))


_keep_settled = make_keeper()


@remember_some
def _choose_counting(session: PastSession) -> bool:
    return session.is_work or _has_hurt(session)


@remember_some
def _choose_unsettled(check_in: PastCheckIn) -> bool:
    return check_in.answers.get("P05", "no") != "no"


@remember_each
def _settle_later(session: PastSession) -> PastSession:
    return msgspec.structs.replace(session, settled="later")


def _find_before(sessions: tuple[PastSession, ...], check_in: PastCheckIn) -> int | None:
    """Return the place of the last session in the diary's order that was before a check-in."""
    seqs = is_numbered(sessions) if check_in.seq else None
    if seqs is not None:
        return bisect_left(seqs, check_in.seq) - 1 if seqs[0] < check_in.seq else None
    return next((i for i in reversed(range(len(sessions))) if _is_before(sessions[i], check_in)), None)


def _has_hurt(session: PastSession) -> bool:
    """Whether the person told of pain or a stop sign in a session, however little was done in it."""
    is_told = session.pain_during is not None or bool(session.pain_kinds)
    is_stopped = any(rule_id.startswith(("S", "L")) for rule_id in session.stop_rule_ids)
    return session.mode != "demo" and (is_told or is_stopped)


def compute_course(
    exercise_id: str, sessions: tuple[PastSession, ...], rules: SafetyRules, now: datetime
) -> Course:
    """Follow one technique through its sessions.

    Parameters
    ----------
    exercise_id : str
    sessions : tuple of PastSession
        All techniques, settled, in the order of the diary.
    rules : SafetyRules
    now : datetime
        Aware UTC.

    Returns
    -------
    Course
    """
    mine = by_technique(sessions).get(exercise_id, ())
    level = find_levels(exercise_id, sessions, rules, now)[-1]
    is_half_next = bool(mine) and signal_of(mine[-1], rules) == "amber"
    rest_until, rest_rule = _find_rest(exercise_id, sessions, rules, now)
    return Course(level=level, is_half_next=is_half_next, rest_until=rest_until, rest_rule=rest_rule)


def by_technique(sessions: tuple[PastSession, ...]) -> dict[str, tuple[PastSession, ...]]:
    """Sort sessions by technique.

    Parameters
    ----------
    sessions : tuple of PastSession

    Returns
    -------
    dict of exercise id to tuple of PastSession
        In the order given.
    """
    return _sort_by_technique(sessions)


_Sorted: TypeAlias = dict[str, tuple[PastSession, ...]]
_NONE: _Sorted = {}


@remember_walk(_NONE)
def _sort_by_technique(found: _Sorted, session: PastSession) -> _Sorted:
    # techniques without a new session keep the very same tuple
    return {**found, session.exercise_id: (*found.get(session.exercise_id, ()), session)}


def find_levels(
    exercise_id: str, sessions: tuple[PastSession, ...], rules: SafetyRules, now: datetime
) -> tuple[int, ...]:
    """Return the level before the first session of a technique, and after each.

    Parameters
    ----------
    exercise_id : str
    sessions : tuple of PastSession
        All techniques, settled, in the order of the diary.
    rules : SafetyRules
    now : datetime
        Aware UTC.

    Returns
    -------
    tuple of int
    """
    latest_at = STARTS.latest(sessions)
    if latest_at is None or latest_at <= now:
        return _find_levels(by_technique(sessions).get(exercise_id, ()), rules)
    # What is dated later than now counts as now: then the levels are another matter every time.
    return compute_levels(by_technique(sessions).get(exercise_id, ()), rules, now)


@remember
def _find_levels(mine: tuple[PastSession, ...], rules: SafetyRules) -> tuple[int, ...]:
    """Return the levels of one technique, when nothing is dated later than now."""
    latest_at = max((s.started_at for s in mine), default=None)
    if latest_at is None:
        return (LEVEL_START,)
    return _walk_levels(mine, list_signals(mine, rules), rules, latest_at)


list_signals = remember_each(signal_of, 32)
"""Puts each of a tuple of sessions on the traffic light."""


@remember_some
def _find_hurt(session: PastSession, rules: SafetyRules) -> bool:
    """Choose the sessions in which something was told that a rule looks at."""
    return not _is_plainly_green(session, rules.pain.green.pain_to)


def _find_lately_hurt(
    sessions: tuple[PastSession, ...], rules: SafetyRules, now: datetime, within: timedelta
) -> tuple[PastSession, ...]:
    """Return the sessions that hurt and ended so lately, and maybe some earlier ones."""
    return _HURT_ENDS.since(_find_hurt(sessions, rules), now - within - _MOMENT)


def compute_levels(mine: Sequence[PastSession], rules: SafetyRules, now: datetime) -> tuple[int, ...]:
    """Compute the level before the first session of one technique, and after each.

    Parameters
    ----------
    mine : sequence of PastSession
        Of one technique, settled, in the order of the diary.
    rules : SafetyRules
    now : datetime
        Aware UTC.

    Returns
    -------
    tuple of int
        One more than sessions.
    """
    return _walk_levels(mine, [signal_of(session, rules) for session in mine], rules, now)


def _walk_levels(
    mine: Sequence[PastSession], signals: Sequence[Signal], rules: SafetyRules, now: datetime
) -> tuple[int, ...]:
    amber, progression = rules.pain.amber, rules.pain.progression
    level, n_green, n_amber = LEVEL_START, 0, 0
    levels = [level]
    first_at = clamp(min((s.started_at for s in mine), default=now), now)
    start = timedelta(days=progression.start_days)
    for session, signal in zip(mine, signals, strict=True):
        n_amber = n_amber + 1 if signal == "amber" else 0
        if signal == "green":
            # A session without any word on pain is no reason to do more.
            n_green += session.pain_after is not None or session.pain_during is not None
            if n_green >= progression.n_green and level < LEVEL_STANDARD:
                may_rise = level == LEVEL_HALF or clamp(session.started_at, now) - first_at >= start
                level, n_green = (level + 1, 0) if may_rise else (level, n_green)
        else:
            n_green = 0
            if signal != "amber" or session.settled == "later" or n_amber >= amber.back_after_running:
                level, n_amber = max(LEVEL_HALF, level - 1), 0
        levels.append(level)
    return tuple(levels)


def count_repeats(sessions: tuple[PastSession, ...], rules: SafetyRules, now: datetime) -> bool:
    """Tell whether red or amber sessions repeat (R07).

    Parameters
    ----------
    sessions : tuple of PastSession
        Settled.
    rules : SafetyRules
    now : datetime
        Aware UTC.

    Returns
    -------
    bool
    """
    repeats = rules.referral.repeats
    within = timedelta(days=max(repeats.red_days, repeats.amber_days))
    hurt = _find_lately_hurt(sessions, rules, now, within)
    ages = [(now - clamp(s.ended_at, now), signal_of(s, rules)) for s in hurt]
    n_red = sum(1 for age, sig in ages if sig in ("red", "black") and age <= timedelta(days=repeats.red_days))
    # a red one is amber and more: otherwise a worse session could count for less
    n_amber = sum(1 for age, sig in ages if sig != "green" and age <= timedelta(days=repeats.amber_days))
    return n_red >= repeats.n_red or n_amber >= repeats.n_amber


def _find_rest(
    exercise_id: str, sessions: tuple[PastSession, ...], rules: SafetyRules, now: datetime
) -> tuple[datetime | None, str]:
    """Return the end of the longest rest that still runs, and its rule."""
    red = rules.pain.red
    rests_all = {s.id: s.rest_h for s in rules.stops.stops if s.rests == "all" and s.rest_h > 0}
    until: datetime | None = None
    rule_id = ""
    longest = timedelta(hours=max([red.rest_h, *rests_all.values()]))
    for session in _find_lately_hurt(sessions, rules, now, longest):
        hours: list[tuple[float, str]] = [
            (rests_all[i], i) for i in list_signs(session, rules) if i in rests_all
        ]
        if session.exercise_id == exercise_id and signal_of(session, rules) in ("red", "black"):
            hours.append((red.rest_h, red.id))
        for rest_h, rule in hours:
            end = clamp(session.ended_at, now) + timedelta(hours=rest_h)
            if end > now and (until is None or end > until):
                until, rule_id = end, rule
    return until, rule_id


def _is_before(session: PastSession, check_in: PastCheckIn) -> bool:
    if session.seq and check_in.seq:
        return session.seq < check_in.seq
    return session.started_at <= check_in.at


def find_settled(history: History, current: PastCheckIn | None = None) -> tuple[PastSession, ...]:
    """Return the person's sessions with every check-in's word on them.

    Parameters
    ----------
    history : History
    current : PastCheckIn or None
        Check-in of now, if the history may not have it yet.

    Returns
    -------
    tuple of PastSession
    """
    check_ins = history.check_ins if current is None else (*history.check_ins, current)
    return _settle(history.sessions, check_ins)


@remember
def _settle(sessions: tuple[PastSession, ...], check_ins: tuple[PastCheckIn, ...]) -> tuple[PastSession, ...]:
    return settle(sessions, check_ins)
