"""Pain followed over weeks: getting worse (R06), sessions that hurt again (R07), flare-ups (R13).

In: check-ins and sessions whose times only go on. Out: when a rule was met. Each is one walk over the entries
with a moving window, so that years of them take milliseconds. A window of the past cannot tell more pain
before from less pain now: more pain in the week *before* makes a week less of a worsening, and only that.
Next file: :mod:`unkink.coach.occurrences`.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from unkink.coach.history import History, PastCheckIn
from unkink.coach.pain import find_settled, signal_of
from unkink.coach.remembering import remember

if TYPE_CHECKING:
    from unkink.coach.referral_grammar import Worsening
    from unkink.coach.safety_rules import SafetyRules

_DAY_S = 86400.0


class WorseCourse(msgspec.Struct, kw_only=True):
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


@remember
def follow_worsening(check_ins: tuple[PastCheckIn, ...], rule: Worsening) -> list[WorseCourse]:
    """Follow pain now from check-in to check-in (R06).

    Parameters
    ----------
    check_ins : tuple of PastCheckIn
        With times that only go on.
    rule : Worsening

    Returns
    -------
    list of WorseCourse
        Pain 0 to 10; oldest first. Only the last one may still run.
    """
    told = [c for c in check_ins if c.pain_now is not None and c.pain_now == c.pain_now]
    pains = [c.pain_now or 0.0 for c in told]
    if max(pains, default=0.0) < rule.rise_points:
        return []
    ats = [c.at.timestamp() for c in told]
    window_s, refer_s = rule.window_days * _DAY_S, rule.refer_after_days * _DAY_S
    found: list[WorseCourse] = []
    running: WorseCourse | None = None
    lo = mid = 0
    for idx, at_s in enumerate(ats):
        while ats[mid] <= at_s - window_s:
            mid += 1
        while ats[lo] <= at_s - 2 * window_s:
            lo += 1
        n_now = idx + 1 - mid
        if n_now < rule.n_entries:
            # too little told: what was so stays so
            continue
        if running is None:
            if mid - lo < rule.n_entries:
                continue
            week, before = pains[mid : idx + 1], pains[lo:mid]
            # cheap, and leaves out nearly everything
            if max(week) < min(before) + rule.rise_points:
                continue
            now, usual = median(week), median(before)
            if now >= usual + rule.rise_points:
                running = WorseCourse(begun=told[idx], usual=usual, score=now)
                found.append(running)
            continue
        now = median(pains[mid : idx + 1])
        if now < running.usual + rule.rise_points:
            running.ended_at, running = told[idx].at, None
        elif at_s - running.begun_at.timestamp() >= refer_s and running.referred_at is None:
            running.referred_at, running.seq, running.score = told[idx].at, told[idx].seq, now
    return found


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
    for session in find_settled(history):
        signal = signal_of(session, rules)
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


@remember
def find_flares(history: History, rules: SafetyRules) -> list[tuple[datetime, int, int]]:
    """Find where flare-ups add up (R13).

    Parameters
    ----------
    history : History
        With times that only go on.
    rules : SafetyRules

    Returns
    -------
    list of (datetime, int, int)
        When, order of writing, how many flare-ups. After each the counting begins anew.
    """
    rule = rules.referral.flares
    told = [c for c in history.check_ins if c.pain_now is not None and c.pain_now == c.pain_now]
    if sum((c.pain_now or 0.0) >= rule.rise_points for c in told) < rule.n_flares:
        return []
    usual_s = rule.usual_days * _DAY_S
    longer_s, within_s = rule.longer_than_h * 3600.0, rule.within_days * _DAY_S
    calm: deque[tuple[float, float]] = deque()
    calm_pains: list[float] = []
    """The same scores, sorted."""
    flare_usual: float | None = None
    begun_s = 0.0
    is_counted = False
    flares: list[float] = []
    found: list[tuple[datetime, int, int]] = []
    for check_in in told:
        at_s, pain = check_in.at.timestamp(), check_in.pain_now or 0.0
        while calm and calm[0][0] < at_s - usual_s:
            _, old = calm.popleft()
            del calm_pains[bisect_left(calm_pains, old)]
        if flare_usual is not None and pain < flare_usual + rule.rise_points:
            flare_usual = None
        if flare_usual is None:
            usual = median(calm_pains) if len(calm_pains) >= rule.usual_entries else None
            if usual is None or pain < usual + rule.rise_points:
                calm.append((at_s, pain))
                insort(calm_pains, pain)
                continue
            flare_usual, begun_s, is_counted = usual, at_s, False
        if not is_counted and at_s - begun_s > longer_s:
            is_counted = True
            flares = [one for one in flares if at_s - one <= within_s]
            flares.append(at_s)
            if len(flares) >= rule.n_flares:
                found.append((check_in.at, check_in.seq, len(flares)))
                flares = []
    return found
