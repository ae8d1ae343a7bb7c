"""The parts of a report: frozen values without words.

In: nothing. Out: what :class:`unkink.exchange.report.Report` is made of. Scores are 0 to 10, angles degrees,
times of day aware UTC, days the person's own. Next file: :mod:`unkink.exchange.report`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypeAlias

import msgspec

Verdict: TypeAlias = Literal["clear.less", "little.less", "same", "little.more", "clear.more", "unknown"]
"""``same``: no more than noise; ``little``: more than noise, less than what matters; ``unknown``: there is
nothing to compare with."""
Measure: TypeAlias = Literal["now", "worst", "average", "sleep", "nights"]


class Evidenced(msgspec.Struct, frozen=True, kw_only=True):
    """On what a rule rests."""

    sources: tuple[str, ...] = ()
    """Keys."""
    references: tuple[str, ...] = ()
    grade: str | None = None
    """A to D."""
    provenance: str | None = None
    """S read, S2 second hand, M from memory, D judgement."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """How much there is."""

    n_days: int
    """Days on which anything was told or done."""
    n_check_ins: int
    n_reviews: int
    n_sessions: int
    """Of the person's own in which something was done."""
    first_day: date | None
    last_day: date | None


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One answer, or the median of some days."""

    value: float
    from_day: date
    to_day: date
    n: int | None
    """Answers behind it; None: the first or last few."""


class DayScore(msgspec.Struct, frozen=True, kw_only=True):
    """The median of one day or, in long periods, of a few days."""

    day: date
    value: float
    n: int


class ScoreChange(msgspec.Struct, frozen=True, kw_only=True):
    """One score at the beginning and at the end of the period."""

    measure: Measure
    n: int
    """Answers in the period."""
    lowest: float
    highest: float
    first: Score | None
    """Pain now: the median of the first seven days; sleep: of the first few answers; else the first answer.
    None: too few days to compare."""
    last: Score | None
    """The same of the end."""
    change: float | None
    detectable: float | None
    """A smaller change is noise."""
    meaningful: float | None
    """From this on it matters, from that start."""
    verdict: Verdict
    evidence: str
    """Row."""
    points: tuple[DayScore, ...] = ()


class StiffnessCount(msgspec.Struct, frozen=True, kw_only=True):
    """Stiffness at check-ins, in counts."""

    no: int = 0
    bit: int = 0
    very: int = 0


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The newest answer to each question of the longer look back; None: not told in the period."""

    global_change: float | None = None
    """-5 very much worse to +5 completely recovered."""
    global_change_on: date | None = None
    stiff_mornings: int | None = None
    """Of 7, stiff for more than 30 minutes."""
    pain_days: int | None = None
    """Of 7."""
    is_constant: bool | None = None
    since_weeks: float | None = None
    since_told_on: date | None = None
    """``since_weeks`` was true on this day."""
    onset_age_years: float | None = None
    age_years: float | None = None
    brings_on: tuple[str, ...] = ()
    wall_gap_cm: float | None = None
    height_loss_cm: float | None = None


class ActivityChange(msgspec.Struct, frozen=True, kw_only=True):
    """One of the person's own activities: 0 cannot do it, 10 as before."""

    id: str
    text: str | None
    """In the person's words; None: they have taken it off their list."""
    first: float
    """Median of the first few answers."""
    first_on: date
    last: float | None
    """Median of the last few; None: told once."""
    last_on: date | None
    change: float | None
    detectable: float | None
    """A smaller change is noise."""
    meaningful: float | None
    verdict: Verdict


class PlaceCount(msgspec.Struct, frozen=True, kw_only=True):
    """In how many check-ins a place was told."""

    id: str
    n: int


class CheckRound(msgspec.Struct, frozen=True, kw_only=True):
    """One round of safety questions."""

    answered_on: date
    n_rounds: int
    """In all of the diary up to the end of the period."""


class CheckAnswer(Evidenced, frozen=True, kw_only=True):
    """One safety question that was answered with yes or not sure."""

    rule_id: str
    tier: Literal["emergency", "urgent", "caution"]
    answer: Literal["yes", "unsure"]
    told_on: date
    """The newest round that said so."""
    is_past: bool
    """Whether a later round says no."""
    cleared_on: date | None
    """Day of a clinician's word since then, as the person recorded it."""


class DailyAnswer(Evidenced, frozen=True, kw_only=True):
    """One short question that was answered with yes or not sure."""

    rule_id: str
    n: int
    last_on: date


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One measured value: 90 % of its errors stay below ``plus_minus_deg``."""

    day: date
    value_deg: float
    plus_minus_deg: float
    n: int
    """Tries of which it is the median."""


class MovementChange(Evidenced, frozen=True, kw_only=True):
    """One movement to one side."""

    quantity: str
    side: Literal["right", "left", "both"]
    way: str
    """``mobility-check``, or the technique in which it was measured."""
    first: Measured
    last: Measured | None
    """None: measured once."""
    n: int
    """Measurements in the period."""
    change_deg: float | None
    detectable_deg: float | None
    """How large a change has to be (90 %); None: nothing is known of the noise."""
    because: str | None
    """Which noise decided that: norm, instrument, repeats, sessions."""
    verdict: Verdict


class TechniqueDone(msgspec.Struct, frozen=True, kw_only=True):
    """What was done of one technique; the demonstration person's sessions are left out."""

    exercise_id: str
    n_sessions: int
    n_timed: int
    """Of those by the clock, without a camera."""
    duration_s: float
    held_s: float
    rolled_s: float
    repetitions: int
    relief: dict[str, int]
    """``worse``, ``same``, ``bit``, ``lot``: how often each was told straight after."""
    n_before_after: int
    """Sessions with a score before and after."""
    before: float | None
    """Median."""
    after: float | None
    """Median."""
    n_stopped: int
    n_signal: dict[str, int]
    """``amber``, ``red``, ``black`` by the pain rules."""


class PopCount(msgspec.Struct, frozen=True, kw_only=True):
    """Pops that were told of: a count, neither good nor bad."""

    n: int
    n_deliberate: int
    n_neck: int


class StopStated(Evidenced, frozen=True, kw_only=True):
    """A stop rule within sessions."""

    rule_id: str
    n: int
    last_on: date
    exercise_ids: tuple[str, ...]


class FiredRule(Evidenced, frozen=True, kw_only=True):
    """One rule of referral."""

    rule_id: str
    raised_on: date
    urgency: str
    whom: str
    reason_key: str
    reason_params: dict[str, str | int | float]
    rows: tuple[str, ...]
    is_open: bool
    answer: str | None
    """``booked``, ``seen``, ``later``; None: not answered."""
    answered_on: date | None


class LockStated(Evidenced, frozen=True, kw_only=True):
    """What kept exercise closed at the end of the period."""

    rule_id: str
    since: date
    source: str
    """``screening``, ``check-in``, ``session``, ``review``."""


class ClearanceStated(msgspec.Struct, frozen=True, kw_only=True):
    """What a clinician said, as the person recorded it."""

    assessed_on: date
    recorded_on: date
    gentle_ok: bool
    rule_ids: tuple[str, ...]


class NoteStated(msgspec.Struct, frozen=True, kw_only=True):
    """What the person told by themselves."""

    at: datetime
    day: date
    kind: str
    """``harm``, ``worried``, ``fall``, ..."""
    text: str | None
    """In their own words."""
    exercise_id: str | None
    """Of the session that it is about."""
