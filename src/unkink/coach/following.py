"""What follows a session: what next in plain words, and the question of the next day.

In: what happened before, the rules, now. Out: the session whose settling is still to be told (P05), and for a
session that hurt what it means for the next ones. Next file: :mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from unkink.coach.caps import Day
from unkink.coach.pain import compute_course, find_settled, list_signs, signal_of
from unkink.coach.safety import Reason

if TYPE_CHECKING:
    from unkink.coach.history import History, PastSession, Signal
    from unkink.coach.safety_rules import SafetyRules


class WhatNext(msgspec.Struct, frozen=True, kw_only=True):
    """What a session that hurt means for the next ones."""

    signal: Signal
    reasons: tuple[Reason, ...]
    """In words, most important first."""
    until: datetime | None = None
    """When this technique opens again by time alone; None: not by time, or it is open."""
    ask: tuple[tuple[str, str], ...] = ()
    """Questions to ask once more now, each with the stop sign that a yes counts as."""


_AGAIN = (("P02", "S02"), ("P03", "S01"))


def find_follow_up(
    history: History, now: datetime, utc_offset_min: int, rules: SafetyRules
) -> PastSession | None:
    """Find the session of which it is not told yet when it was back to usual.

    Parameters
    ----------
    history : History
    now : datetime
        Aware UTC.
    utc_offset_min : int
        Local time minus UTC, minutes.
    rules : SafetyRules

    Returns
    -------
    PastSession or None
        The last one, from the person's next day on; None when it was told, or a later check-in spoke of it.
    """
    last = next((s for s in reversed(history.sessions) if s.is_work and not s.is_deleted), None)
    if last is None:
        return None
    day = Day(now=now, utc_offset_min=utc_offset_min, sessions=())
    is_old = now - last.ended_at > timedelta(days=rules.engine.follow_up_days)
    if last.settled is not None or day.day_of(last) >= day.today or is_old:
        return None
    asked = (c for c in reversed(history.check_ins) if c.answers.get("P05") is not None)
    is_told = any(c.seq > last.seq if c.seq and last.seq else c.at > last.ended_at for c in asked)
    return None if is_told else last


def describe_next(
    session: PastSession, history: History, now: datetime, rules: SafetyRules
) -> WhatNext | None:
    """Say what a session that hurt means for the next ones.

    Parameters
    ----------
    session : PastSession
        One of the history.
    history : History
    now : datetime
        Aware UTC.
    rules : SafetyRules

    Returns
    -------
    WhatNext or None
        None for a session that went well, or of the demonstration person.
    """
    settled = find_settled(history)
    mine = next((s for s in settled if s.session_id == session.session_id), session)
    signal = signal_of(mine, rules)
    if signal == "green" or session.mode == "demo":
        return None
    if signal == "black":
        signs = list_signs(mine, rules)
        known = {stop.id for stop in rules.stops.stops if stop.until_cleared}
        rule_id = next((i for i in signs if i in known), rules.pain.black.id)
        return WhatNext(signal=signal, reasons=(Reason(rule_id=rule_id, message_key="next.black"),))
    if signal == "amber":
        amber = rules.pain.amber.id
        return WhatNext(signal=signal, reasons=(Reason(rule_id=amber, message_key="next.amber"),), ask=_AGAIN)
    course = compute_course(session.exercise_id, settled, rules, now)
    rests_all = {stop.id for stop in rules.stops.stops if stop.rests == "all" and stop.rest_h > 0}
    all_rule = next((i for i in list_signs(mine, rules) if i in rests_all), None)
    key = "next.red" if all_rule is None else "next.red-all"
    reason = Reason(rule_id=all_rule or rules.pain.red.id, message_key=key)
    return WhatNext(signal=signal, reasons=(reason,), until=course.rest_until, ask=_AGAIN)
