"""The grammar of ``rules/safety/referral.yaml``: when it is time to talk to somebody (R01 to R16).

In: nothing. Out: types that :mod:`unkink.coach.safety_rules` decodes into. Texts are not here: a rule ``R05``
has the keys ``referral.R05.reason``, ``.next``. Next file: :mod:`unkink.coach.occurrences`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

import msgspec

from unkink.coach.safety_grammar import Code, Count, Evidenced, Kebab, Positive, RuleId, Score, Share, Strict

Urgency: TypeAlias = Literal["now", "same-day", "days", "weeks", "routine", "info"]
URGENCIES: tuple[Urgency, ...] = ("now", "same-day", "days", "weeks", "routine", "info")
"""From the most urgent to the least."""
Whom: TypeAlias = Literal["emergency", "advice-line", "doctor", "physio", "bone-check", "crisis-line", "self"]

Nights = Annotated[int, msgspec.Meta(ge=1, le=7)]


class ReferralRule(Evidenced, frozen=True, kw_only=True):
    """One rule over what was told: how soon, and whom to ask."""

    urgency: Urgency
    whom: Whom
    card: Kebab | None = None
    """Help card."""


class UrgentAnswer(ReferralRule, frozen=True, kw_only=True):
    """R02: how soon goes by the row that was answered with yes."""

    same_day_to_h: Positive
    days_to_h: Positive


class Severe(ReferralRule, frozen=True, kw_only=True):
    """R03: strong pain at rest."""

    pain_from: Score
    n_entries: Count
    within_h: Positive
    pain_at_once: Score
    """One entry from here on is enough."""


class NoChange(ReferralRule, frozen=True, kw_only=True):
    """R04: hardly any change after the first weeks."""

    from_day: Count
    below_points: Positive
    below_frac: Share
    global_to: Annotated[float, msgspec.Meta(ge=-5, le=5)]
    """Global change (V03) up to which it counts as none."""
    pain_from: Score
    """Nobody with less pain than this is told that it did not get less."""


class LittleChange(ReferralRule, frozen=True, kw_only=True):
    """R05: too little change after four to six weeks."""

    from_day: Count
    to_day: Count
    below_points: Positive
    below_frac: Share
    activities_below: Positive
    """Change of the mean of the person's own activities (V02)."""
    pain_from: Score


class Worsening(ReferralRule, frozen=True, kw_only=True):
    """R06: one week clearly worse than the one before."""

    rise_points: Positive
    window_days: Count
    n_entries: Count
    dose_frac: Share
    refer_after_days: Count
    lock_row: RuleId
    """What it counts as together with constant pain or nights woken."""
    lock_nights: Nights
    told_within_days: Count
    """A look back tells of constant or night pain for so many days."""


class Repeats(ReferralRule, frozen=True, kw_only=True):
    """R07: red or amber sessions that repeat."""

    n_red: Count
    red_days: Count
    n_amber: Count
    amber_days: Count
    levels_back: Count
    again_within_days: Count
    """Repeated so soon after going back: refer."""


class WokenNights(ReferralRule, frozen=True, kw_only=True):
    """R08: woken by pain."""

    nights: Nights
    ask: tuple[RuleId, ...]


class Nerve(ReferralRule, frozen=True, kw_only=True):
    """R09: a new nerve sign, told at any time."""

    note_kinds: tuple[Kebab, ...]
    pain_kinds: tuple[Kebab, ...]
    questions: tuple[RuleId, ...]
    stops: tuple[RuleId, ...]
    closes: tuple[Code, ...]
    ask: tuple[RuleId, ...]


class Urge(ReferralRule, frozen=True, kw_only=True):
    """R10: the urge to crack over weeks."""

    days: Count
    of_days: Count
    weeks: Count
    refer_weeks: Count


class MostDays(ReferralRule, frozen=True, kw_only=True):
    """R11: pain most days for a long time."""

    pain_days: Nights
    """Days with pain in a week that are most days."""
    weeks: Count
    pain_from: Score
    """A check-in counts as a day with pain from here on."""


class Stiff(ReferralRule, frozen=True, kw_only=True):
    """R12: stiff mornings for weeks, begun early in life."""

    mornings: Nights
    weeks: Count
    onset_below_years: Positive


class Flares(ReferralRule, frozen=True, kw_only=True):
    """R13: separate flare-ups."""

    n_flares: Count
    rise_points: Positive
    longer_than_h: Positive
    within_days: Count
    usual_days: Count
    """Usual pain is the median of the entries outside flares of so many days before."""
    usual_entries: Count


class BoneCheck(ReferralRule, frozen=True, kw_only=True):
    """R14, from Q05: head away from the wall, or height lost."""

    wall_gap_above_cm: Positive
    height_loss_from_cm: Positive
    age_from_years: Positive
    """An age that was not told counts as this."""
    closes: tuple[Code, ...]


class WorryKind(Strict, frozen=True, kw_only=True):
    """One of the ways to say that it is too much."""

    note_kind: Kebab
    urgency: Urgency
    whom: Whom
    card: Kebab


class Worry(ReferralRule, frozen=True, kw_only=True):
    """R15: a worry, low mood because of pain, thoughts of self-harm."""

    kinds: tuple[WorryKind, ...]


class Rescreen(ReferralRule, frozen=True, kw_only=True):
    """R16: answers that are old, or something new that they do not know of."""

    note_kinds: tuple[Kebab, ...]


class ReferralRules(Strict, frozen=True, kw_only=True):
    """When it is time to talk to somebody."""

    format: Literal[1]
    snooze_days: Count
    """For so long a referral that is not urgent can be put off."""
    again_after_days: Count
    """What lasts longer than this is told anew."""
    series_gap_days: Count
    """Looks back further apart than this are not in a row."""
    emergency: ReferralRule
    urgent: UrgentAnswer
    severe: Severe
    no_change: NoChange
    little_change: LittleChange
    worsening: Worsening
    repeats: Repeats
    nights: WokenNights
    nerve: Nerve
    urge: Urge
    most_days: MostDays
    stiff: Stiff
    flares: Flares
    bone_check: BoneCheck
    worry: Worry
    rescreen: Rescreen

    def iter_rules(self) -> Iterator[ReferralRule]:
        """Yield R01 to R16."""
        yield from (self.emergency, self.urgent, self.severe, self.no_change, self.little_change)
        yield from (self.worsening, self.repeats, self.nights, self.nerve, self.urge, self.most_days)
        yield from (self.stiff, self.flares, self.bone_check, self.worry, self.rescreen)

    def list_cards(self) -> frozenset[str]:
        """Return the help cards that these rules show."""
        own = {rule.card for rule in self.iter_rules() if rule.card is not None}
        return frozenset(own | {kind.card for kind in self.worry.kinds})


SNOOZABLE: frozenset[Urgency] = frozenset({"days", "weeks", "routine", "info"})
"""What is for now or today cannot be put off."""
