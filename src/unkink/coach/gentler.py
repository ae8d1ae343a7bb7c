"""The gentler day: after joints were cracked on purpose so often that the habit card showed.

In: today's techniques, what was told of pops, the rules. Out: the same at the start dose, without the roller,
with slow breathing suggested (O04, R10). It only ever takes away. Next file: :mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from unkink.coach.cards import pop_card
from unkink.coach.history import clamp, compute_local_day
from unkink.coach.lately import NOT_TODAY, POPPED
from unkink.coach.safety import Reason
from unkink.coach.screening import Permission, combine

if TYPE_CHECKING:
    from unkink.coach.dose import TechniqueToday
    from unkink.coach.history import History
    from unkink.coach.safety_rules import SafetyRules


def is_gentler(history: History, rules: SafetyRules, now: datetime, utc_offset_min: int) -> bool:
    """Tell whether the habit card showed today.

    Parameters
    ----------
    history : History
    rules : SafetyRules
    now : datetime
        Aware UTC.
    utc_offset_min : int
        Local time minus UTC, minutes.

    Returns
    -------
    bool
    """
    today = compute_local_day(now, utc_offset_min)
    lately = POPPED.since(history.pops, now - NOT_TODAY)
    for i, pop in enumerate(lately, len(history.pops) - len(lately)):
        if not pop.deliberate or compute_local_day(clamp(pop.at, now), utc_offset_min) != today:
            continue
        card = pop_card(pop, msgspec.structs.replace(history, pops=history.pops[:i]), now, rules)
        if card is not None and card.id == rules.pops.habit.card:
            return True
    return False


def soften(technique: TechniqueToday, rules: SafetyRules) -> TechniqueToday:
    """Return a technique as it is on a gentler day.

    Parameters
    ----------
    technique : TechniqueToday
    rules : SafetyRules

    Returns
    -------
    TechniqueToday
        At the start dose; closed when its load is pressure on the spine.
    """
    habit = rules.pops.habit
    if technique.code in habit.closes:
        reason = Reason(rule_id=habit.id, message_key="safety.today.habit-roller")
        closed = Permission(effect="block", reasons=(habit.id,))
        permission = combine(technique.permission, closed)
        reasons = (*technique.reasons, reason)
        return msgspec.structs.replace(technique, permission=permission, reasons=reasons)
    reason = Reason(rule_id=habit.id, message_key="safety.today.habit")
    return msgspec.structs.replace(technique, dose="start", reasons=(*technique.reasons, reason))


def suggest_breathing(rules: SafetyRules) -> Reason:
    """Return the remark that goes with a gentler day.

    Parameters
    ----------
    rules : SafetyRules

    Returns
    -------
    Reason
    """
    return Reason(rule_id=rules.referral.urge.id, message_key="safety.today.breathe")
