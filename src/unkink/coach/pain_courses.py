"""Pain followed over weeks: getting worse (R06), sessions that hurt again (R07), flare-ups (R13).

In: check-ins and sessions whose times only go on. Out: when a rule was met. Each is one walk over the entries
with a moving window; it goes on from where it stood when an entry is added, so that years cost nothing.
A window of the past cannot tell more pain before from less pain now: more pain in the week *before* makes a
week less of a worsening, and only that.
Next file: :mod:`unkink.coach.occurrences`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from unkink.coach.history import History, PastCheckIn
from unkink.coach.lately import remember_parts
from unkink.coach.pain import find_settled, list_signals
from unkink.coach.remembering import remember_some, remember_walk

if TYPE_CHECKING:
    from unkink.coach.referral_grammar import Flares, Worsening
    from unkink.coach.safety_rules import SafetyRules

_DAY_S = 86400.0


class WorseCourse(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which pain is clearly above the week before it began."""

    begun: PastCheckIn
    """The entry that showed it."""
    usual: float
    """Median of the week before, 0 to 10."""
    score: float
    """Median of the newest week, 0 to 10."""
    ended_at: datetime | None = None
    """When the median came back; None: it lasts."""
    referred_at: datetime | None = None
    """When it had lasted long enough to ask somebody."""
    seq: int = 0
    """Order of writing of the entry that made it so."""

    @property
    def begun_at(self) -> datetime:
        """When it showed, aware UTC."""
        return self.begun.at


def follow_worsening(check_ins: tuple[PastCheckIn, ...], rule: Worsening) -> tuple[WorseCourse, ...]:
    """Follow pain now from check-in to check-in (R06).

    Parameters
    ----------
    check_ins : tuple of PastCheckIn
        With times that only go on.
    rule : Worsening

    Returns
    -------
    tuple of WorseCourse
        Pain 0 to 10; oldest first. Only the last one may still run.
    """
    told = _choose_told(check_ins)
    if all(c.pain_now is not None and c.pain_now < rule.rise_points for c in told):
        return ()
    walk = _follow_worsening(told, rule)
    return walk.found if walk.running is None else (*walk.found, walk.running)


@remember_some
def _choose_told(check_in: PastCheckIn) -> bool:
    return check_in.pain_now is not None and check_in.pain_now == check_in.pain_now


class _Worsening(msgspec.Struct, frozen=True):
    """Where the walk over check-ins is."""

    lately: tuple[tuple[float, float], ...] = ()
    """When, seconds, and pain of the last two windows."""
    n_before: int = 0
    """How many of them are of the window before."""
    found: tuple[WorseCourse, ...] = ()
    """That have ended."""
    running: WorseCourse | None = None


@remember_walk(_Worsening())
def _follow_worsening(walk: _Worsening, check_in: PastCheckIn, rule: Worsening) -> _Worsening:
    at_s, window_s = check_in.at.timestamp(), rule.window_days * _DAY_S
    lately, first, mid = (*walk.lately, (at_s, check_in.pain_now or 0.0)), 0, walk.n_before
    while lately[mid][0] <= at_s - window_s:
        mid += 1
    while lately[first][0] <= at_s - 2 * window_s:
        first += 1
    before = [pain for _, pain in lately[first:mid]]
    week = [pain for _, pain in lately[mid:]]
    lately, mid = lately[first:], mid - first
    found, running = walk.found, walk.running
    if len(week) < rule.n_entries:
        # too little told: what was so stays so
        return _Worsening(lately, mid, found, running)
    if running is None:
        # the second is cheap, and leaves out nearly everything
        if len(before) >= rule.n_entries and max(week) >= min(before) + rule.rise_points:
            now, usual = median(week), median(before)
            if now >= usual + rule.rise_points:
                running = WorseCourse(begun=check_in, usual=usual, score=now)
        return _Worsening(lately, mid, found, running)
    now = median(week)
    if now < running.usual + rule.rise_points:
        ended = msgspec.structs.replace(running, ended_at=check_in.at)
        return _Worsening(lately, mid, (*found, ended), None)
    lasts_s = at_s - running.begun_at.timestamp()
    if lasts_s >= rule.refer_after_days * _DAY_S and running.referred_at is None:
        running = msgspec.structs.replace(running, referred_at=check_in.at, seq=check_in.seq, score=now)
    return _Worsening(lately, mid, found, running)


@remember_parts("sessions", "check_ins")
def find_repeats(history: History, rules: SafetyRules) -> list[tuple[datetime, int, int, bool]]:
    """Find where red or amber sessions repeat (R07).

    Parameters
    ----------
    history : History
        With times that only go on.
    rules : SafetyRules

    Returns
    -------
    list of (datetime, int, int, bool)
        When, order of writing, number of sessions that hurt, and whether it was repeated after going
        back. After each the counting begins anew.
    """
    rule = rules.referral.repeats
    red_days, amber_days = timedelta(days=rule.red_days), timedelta(days=rule.amber_days)
    again = timedelta(days=rule.again_within_days)
    reds: list[datetime] = []
    ambers: list[datetime] = []
    last_at: datetime | None = None
    told_at: datetime | None = None
    lasting = timedelta(days=rules.referral.again_after_days)
    found: list[tuple[datetime, int, int, bool]] = []
    settled = find_settled(history)
    for session, signal in zip(settled, list_signals(settled, rules), strict=True):
        if signal == "green":
            continue
        at = session.ended_at
        # a red one is amber and more: otherwise a worse session could count for less
        ambers.append(at)
        if signal != "amber":
            reds.append(at)
        reds = [one for one in reds if at - one <= red_days]
        ambers = [one for one in ambers if at - one <= amber_days]
        if len(reds) >= rule.n_red or len(ambers) >= rule.n_amber:
            is_again = last_at is not None and at - last_at <= again
            if is_again and told_at is not None and at - told_at < lasting:
                # it lasts, and was told
                is_again = False
            told_at = at if is_again else told_at
            found.append((at, session.seq, len({*reds, *ambers}), is_again))
            reds, ambers, last_at = [], [], at
    return found


@remember_parts("check_ins")
def find_flares(history: History, rules: SafetyRules) -> tuple[tuple[datetime, int, int], ...]:
    """Find where flare-ups add up (R13).

    Parameters
    ----------
    history : History
        With times that only go on.
    rules : SafetyRules

    Returns
    -------
    tuple of (datetime, int, int)
        When, order of writing, how many flare-ups. After each the counting begins anew.
    """
    rule = rules.referral.flares
    told = _choose_told(history.check_ins)
    if sum((c.pain_now or 0.0) >= rule.rise_points for c in told) < rule.n_flares:
        return ()
    return _follow_flares(told, rule).found


class _Flares(msgspec.Struct, frozen=True):
    """Where the walk over check-ins is."""

    calm: tuple[tuple[float, float], ...] = ()
    """When, seconds, and pain of the last days outside of flare-ups."""
    usual: float | None = None
    """Before the flare-up that lasts; None: none does."""
    begun_s: float = 0.0
    is_counted: bool = False
    flares: tuple[float, ...] = ()
    """When those were that are counted, seconds."""
    found: tuple[tuple[datetime, int, int], ...] = ()


@remember_walk(_Flares())
def _follow_flares(walk: _Flares, check_in: PastCheckIn, rule: Flares) -> _Flares:
    at_s, pain = check_in.at.timestamp(), check_in.pain_now or 0.0
    first_s = at_s - rule.usual_days * _DAY_S
    calm = walk.calm
    while calm and calm[0][0] < first_s:
        calm = calm[1:]
    usual, begun_s, is_counted = walk.usual, walk.begun_s, walk.is_counted
    if usual is not None and pain < usual + rule.rise_points:
        usual = None
    if usual is None:
        # the cheap half first: nearly nobody is above all they told before
        is_above = len(calm) >= rule.usual_entries and pain >= min(p for _, p in calm) + rule.rise_points
        middle = median(p for _, p in calm) if is_above else None
        if middle is None or pain < middle + rule.rise_points:
            return _Flares((*calm, (at_s, pain)), None, begun_s, is_counted, walk.flares, walk.found)
        usual, begun_s, is_counted = middle, at_s, False
    flares, found = walk.flares, walk.found
    if not is_counted and at_s - begun_s > rule.longer_than_h * 3600.0:
        is_counted = True
        within_s = rule.within_days * _DAY_S
        flares = (*(one for one in flares if at_s - one <= within_s), at_s)
        if len(flares) >= rule.n_flares:
            found, flares = (*found, (check_in.at, check_in.seq, len(flares))), ()
    return _Flares(calm, usual, begun_s, is_counted, flares, found)
