"""How much, of what, today: the short check, the caps and the pain rule.

In: the check-in, what happened before, the assessment of the safety questions, the rules, now. Out: :class:`Today` with
one :class:`TechniqueToday` per technique. Next file: :mod:`unkink.coach.recommendation`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from unkink.coach.safety import Reason
from unkink.coach.screening import Answer, Details, Params, Permission, Tier

DoseName: TypeAlias = Literal["start", "standard"]
Stiffness: TypeAlias = Literal["no", "bit", "very"]


class CheckIn(msgspec.Struct, frozen=True, kw_only=True):
    """The short questions before a session (P01 to P05)."""

    at: datetime
    """Aware UTC."""
    utc_offset_min: int = 0
    pain_now: float | None = None
    """0 to 10 (P01). None blocks."""
    answers: dict[str, Answer] = {}
    """P02 to P05; after a yes to P04 also the rows of :attr:`Today.ask`; C24 when it is asked."""
    details: Details = Details()
    """What the follow-up rows need."""
    stiffness: Stiffness | None = None
    places: tuple[str, ...] = ()
    position: Literal["chair", "standing", "floor"] | None = None
    """Where the person is now; for the recommendation only."""
    head_turn: Literal["same", "left-smaller", "right-smaller"] | None = None
    """Which way the head turns less; for the recommendation only."""
    minutes: float | None = None
    """Time that there is; for the recommendation only."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A card to show, with the rows that ask for it."""

    id: str
    """Id of a help card: texts ``help.<id>.title`` and so on."""
    tier: Tier
    rule_ids: tuple[str, ...]
    params: Params = {}


class TechniqueToday(msgspec.Struct, frozen=True, kw_only=True):
    """One technique today."""

    exercise_id: str
    code: str
    permission: Permission
    """Screening, check-in and caps together."""
    dose: DoseName
    """Which of the doses of the technique file; its share is ``permission.dose_frac``."""
    reasons: tuple[Reason, ...] = ()
    """Why it is closed or smaller today, most important first."""
    ready_at: datetime | None = None
    """When a closed technique opens again by itself; None: not by time alone."""
    short_only: bool = False
    """Whether only the 2-minute version is open."""
    rolled_before_s: float = 0.0
    """Seconds rolled today already, for ``Situation.rolled_before_s``."""


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """What may be done today."""

    tier: Tier
    locked: bool
    """Whether everything waits for a clinician's clearance."""
    techniques: dict[str, TechniqueToday]
    """By exercise id, all four always."""
    cards: tuple[Card, ...] = ()
    """Most urgent first."""
    ask: tuple[str, ...] = ()
    """Rows to ask now before anything opens (P04); send them again with the check-in's answers."""
    reasons: tuple[Reason, ...] = ()
    """Why the whole day is closed or smaller."""
    breathing_only: bool = False
    """P01 at 6: gentle breathing is all for today."""
    screening_answers: dict[str, Answer] = {}
    """Rows answered anew in this check-in, to be taken into the screening."""
    nudges: tuple[Reason, ...] = ()
    """Kind remarks that close nothing (O03)."""
