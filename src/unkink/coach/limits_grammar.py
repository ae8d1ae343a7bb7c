"""The grammar of what a day and a session may be: pain, stop rules, limits of use, pops, the prescription.

In: nothing. Out: types that :mod:`unkink.coach.safety_rules` decodes into, as of
:mod:`unkink.coach.safety_grammar`. Next file: :mod:`unkink.coach.safety_rules`.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from unkink.coach.safety_grammar import Code, Count, Evidenced, Kebab, Positive, RuleId, Score, Share, Strict


class Green(Evidenced, frozen=True, kw_only=True):
    """L01."""

    pain_to: Score


class Amber(Evidenced, frozen=True, kw_only=True):
    """L02."""

    pain_to: Score
    next_dose_frac: Share
    next_closes: tuple[Code, ...]
    back_after_running: Count
    """So many ambers in a row: one level back."""


class Red(Evidenced, frozen=True, kw_only=True):
    """L03."""

    rise_points: Positive
    rest_h: Positive
    kinds: tuple[str, ...]
    """Kinds of pain that are red at any score."""


class Black(Evidenced, frozen=True, kw_only=True):
    """L04."""


class Progression(Evidenced, frozen=True, kw_only=True):
    """D12 with D01: when the standard dose comes."""

    n_green: Count
    """Green sessions of the technique, running."""
    start_days: Count
    """Days since its first session (D01's weeks at the start dose)."""


class PainRules(Strict, frozen=True, kw_only=True):
    """The traffic light."""

    format: Literal[1]
    kinds: tuple[str, ...]
    signs: dict[str, RuleId]
    """Kinds of pain that are stop signs, too."""
    green: Green
    amber: Amber
    red: Red
    black: Black
    progression: Progression


class StopRule(Evidenced, frozen=True, kw_only=True):
    """One stop sign in a session."""

    card: Kebab
    rows: tuple[RuleId, ...]
    """Rows that it counts as."""
    rest_h: Annotated[float, msgspec.Meta(ge=0)] = 0
    rests: Literal["technique", "all"] = "all"
    until_cleared: bool = False


class StopRules(Strict, frozen=True, kw_only=True):
    """All stop signs."""

    format: Literal[1]
    stops: tuple[StopRule, ...]


# ---------------------------------------------------------------------------------------------- caps and pops


class SessionCeiling(Strict, frozen=True, kw_only=True):
    """D03 for one technique."""

    hold_s_per_side: Positive | None = None
    repetitions: Count | None = None


class SessionCeilings(Evidenced, frozen=True, kw_only=True):
    """D03."""

    TW: SessionCeiling
    SS: SessionCeiling
    WA: SessionCeiling
    FR: SessionCeiling


class RoutineCap(Evidenced, frozen=True, kw_only=True):
    """O01: full routines a day. Sessions that follow each other closely are one routine."""

    per_day: Count
    apart_h: Positive
    together_min: Positive


class SessionsCap(Evidenced, frozen=True, kw_only=True):
    """D05: full sessions of one technique a day."""

    per_day: dict[Code, int]


class RollCap(Evidenced, frozen=True, kw_only=True):
    """O02."""

    hard_s_per_day: Positive
    recommended_s_per_day: Positive


class WeekNudge(Evidenced, frozen=True, kw_only=True):
    """O03."""

    hold_s_per_week: Positive


class StartGate(Evidenced, frozen=True, kw_only=True):
    """D01: techniques that wait for some sessions."""

    waits: dict[Code, int]
    """Technique to number of sessions before."""


class Frequency(Evidenced, frozen=True, kw_only=True):
    """D04: days a week, and no two days running while sore."""

    days_per_week: dict[Code, int]
    not_consecutive_if_sore: tuple[Code, ...]
    advised_per_week: dict[Code, int]
    """Days of seven above which a remark says that fewer are enough."""


class Caps(Strict, frozen=True, kw_only=True):
    """Over-use."""

    format: Literal[1]
    ceilings: SessionCeilings
    routines: RoutineCap
    sessions: SessionsCap
    roll: RollCap
    week: WeekNudge
    start: StartGate
    frequency: Frequency


class PopHabit(Evidenced, frozen=True, kw_only=True):
    """O04: when the habit card shows."""

    deliberate_per_day_max: Count
    repeat_within_min: Positive
    card: Kebab
    closes: tuple[Code, ...] = ()
    """Techniques that rest for the day when the card showed."""


class NeckPop(Evidenced, frozen=True, kw_only=True):
    """O05: any crack of the neck shows the neck card."""

    regions: tuple[Kebab, ...]
    card: Kebab


class Refractory(Evidenced, frozen=True, kw_only=True):
    """K05: minutes in which trying again makes no sound; shown, never as a timer."""

    least_min: Positive
    prudent_min: Positive


class Neutral(Evidenced, frozen=True, kw_only=True):
    """K15, K22: rows that only carry their text."""


class PopRules(Strict, frozen=True, kw_only=True):
    """Pops."""

    format: Literal[1]
    habit: PopHabit
    neck: NeckPop
    refractory: Refractory
    facts: tuple[Neutral, ...]


# ----------------------------------------------------------------------------------------------- prescription


class SessionLength(Evidenced, frozen=True, kw_only=True):
    """Y05: how long a whole session, and its short version, may be at most."""

    most_s: Positive
    short_s: Positive


class WeekVolume(Evidenced, frozen=True, kw_only=True):
    """D06: seconds held in a week, a side, that are worth having."""

    useful_s_per_week: Positive


class Speed(Evidenced, frozen=True, kw_only=True):
    """D07: seconds into a hold, for half a repetition, or for a pass: least and most."""

    move_s: dict[Code, tuple[float, float]]


class Effort(Evidenced, frozen=True, kw_only=True):
    """D08: how much it may be felt, of 10: least and most."""

    of_ten: dict[Code, tuple[float, float]]


class Least(Strict, frozen=True, kw_only=True):
    """Less than this is no exercise any more; only ever up to the dose itself."""

    hold_s: Positive
    repetitions: Count
    roll_s: Positive


class PrescriptionRules(Strict, frozen=True, kw_only=True):
    """What every session keeps to, whatever its dose."""

    format: Literal[1]
    length: SessionLength
    volume: WeekVolume
    speed: Speed
    effort: Effort
    warm_up_s: Positive
    least: Least
