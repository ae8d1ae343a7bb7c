"""Which help card to show: for rows that lock, and for pops.

In: rule ids, or a pop and what happened before. Out: :class:`Card`. Texts are ``help.<id>.*``. Next
file: :mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from unkink.coach.history import History, PastPop, clamp, compute_local_day
from unkink.coach.screening import Params, Tier

if TYPE_CHECKING:
    from unkink.coach.safety_rules import SafetyRules


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A card to show, with the rows that ask for it."""

    id: str
    """Id of a help card: texts ``help.<id>.title`` and so on."""
    tier: Tier
    rule_ids: tuple[str, ...]
    params: Params = {}


_TIERS: tuple[Tier, ...] = ("emergency", "urgent", "caution", "clear")


def sort_cards(cards: Iterable[Card]) -> tuple[Card, ...]:
    """Put cards in order, each once with all its rules.

    Parameters
    ----------
    cards : iterable of Card

    Returns
    -------
    tuple of Card
        Most urgent first.
    """
    merged: dict[str, Card] = {}
    for card in cards:
        before = merged.get(card.id)
        ids = (*(before.rule_ids if before else ()), *card.rule_ids)
        tier = card.tier if before is None else min(before.tier, card.tier, key=_TIERS.index)
        merged[card.id] = msgspec.structs.replace(card, rule_ids=tuple(dict.fromkeys(ids)), tier=tier)
    return tuple(sorted(merged.values(), key=lambda card: _TIERS.index(card.tier)))


def cards_for(rule_ids: Iterable[str], rules: SafetyRules) -> tuple[Card, ...]:
    """Return the cards of rows, check questions and stop rules.

    Parameters
    ----------
    rule_ids : iterable of str
        An unknown id gets the emergency card.
    rules : SafetyRules

    Returns
    -------
    tuple of Card
    """
    rows = rules.rows
    leads = {q.id: q.rows for q in rules.check.questions}
    stops = {stop.id: stop.card for stop in rules.stops.stops}
    stops |= {rule.id: rule.card for rule in rules.referral.iter_rules() if rule.card is not None}
    tiers: dict[str, Tier] = {
        card.id: "caution" if card.tier == "info" else card.tier for card in rules.help.cards
    }
    found: list[Card] = []
    for rule_id in rule_ids:
        names: list[str] = []
        for row_id in leads.get(rule_id, (rule_id,)):
            if row_id in rows:
                names.append(rows[row_id].card or "advice")
            else:
                names.append(stops.get(row_id, "emergency"))
        found += [Card(id=name, tier=tiers.get(name, "urgent"), rule_ids=(rule_id,)) for name in names]
    return sort_cards(found)


def pop_card(pop: PastPop, history: History, now: datetime, rules: SafetyRules) -> Card | None:
    """Choose the card that a pop asks for, if any (O04, O05, R10).

    Parameters
    ----------
    pop : PastPop
        Told now; whether the history has it already does not matter.
    history : History
    now : datetime
        Aware UTC.
    rules : SafetyRules

    Returns
    -------
    Card or None
        The neck's comes first; otherwise the pop is only noted.
    """
    pops = rules.pops
    if pop.region in pops.neck.regions:
        return Card(id=pops.neck.card, tier="caution", rule_ids=(pops.neck.id, "K22"))
    if not pop.deliberate:
        return None
    before = [p for p in history.pops if p.deliberate]
    if pop in before:
        before.remove(pop)
    at, today = clamp(pop.at, now), compute_local_day(clamp(pop.at, now), pop.utc_offset_min)
    ats = [clamp(p.at, now) for p in before]
    n_today = 1 + sum(compute_local_day(one, pop.utc_offset_min) == today for one in ats)
    repeat_within = timedelta(minutes=pops.habit.repeat_within_min)
    is_repeat = any(abs(at - one) <= repeat_within for one in ats)
    is_habit = (
        n_today > pops.habit.deliberate_per_day_max or is_repeat or _is_urge([*ats, at], pop, rules, now)
    )
    if not is_habit:
        return None
    return Card(id=pops.habit.card, tier="caution", rule_ids=(pops.habit.id, rules.referral.urge.id))


def _is_urge(ats: list[datetime], pop: PastPop, rules: SafetyRules, now: datetime) -> bool:
    """R10: on so many days of each of the last weeks."""
    urge = rules.referral.urge
    today = compute_local_day(now, pop.utc_offset_min)
    days = {(today - compute_local_day(at, pop.utc_offset_min)).days for at in ats}
    weeks = [
        sum(1 for day in days if week * urge.of_days <= day < (week + 1) * urge.of_days)
        for week in range(urge.weeks)
    ]
    return all(n >= urge.days for n in weeks)
