"""What a session knows: one frozen value.

In: nothing. Out: :class:`Plan` and :class:`SessionState`, which can be written down and read back
(:func:`unkink.coach.session.to_snapshot`). Next file: :mod:`unkink.coach.watching`.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from unkink.body.calibration import Calibration, Neutral
from unkink.coach.cues import CueState
from unkink.coach.events import Mode, PainKind, Phase, View
from unkink.coach.excursions import ExcursionTracker
from unkink.coach.faults import FaultState
from unkink.coach.phases import HoldTracker
from unkink.coach.repetitions import RepetitionTracker, RollTracker
from unkink.coach.safety import Verdict
from unkink.coach.screening import Permission

PauseReason: TypeAlias = Literal["lost", "partly", "left", "user", "hidden", "camera", "pain", "time-jump"]
Status: TypeAlias = Literal["running", "finished", "stopped", "left"]

SELF_RESUMING: frozenset[str] = frozenset({"lost", "partly", "left", "camera", "time-jump", "hidden"})
"""Pauses that end by themselves when the person is seen again (with a camera)."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, to be remembered."""

    what: str
    """As in :class:`unkink.coach.events.Store`."""
    t_s: float
    data: dict[str, Any]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done in this session, and within which limits."""

    exercise_id: str
    variant: str | None
    mode: Mode
    short: bool
    n_sets: int
    sides: tuple[str, ...]
    hold_s: float | None
    repetitions: int | None
    roll_s: float | None
    rest_s: float
    permission: Permission
    rules_version: str
    pain_before: int | None = None
    rolled_today_s: float = 0.0
    """Seconds on the roller earlier today: the daily cap counts them."""
    parts: tuple[str, ...] = ()
    """Of the mobility check, in their order; ``variant`` is the present one."""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of time, seconds, ``[start, end)``."""

    start_s: float
    end_s: float | None = None
    """None while it lasts."""


class FaultSpan(msgspec.Struct, frozen=True, kw_only=True):
    """A fault of form while it lasted."""

    fault_id: str
    blocks_count: bool
    start_s: float
    end_s: float | None = None


class PauseSpan(msgspec.Struct, frozen=True, kw_only=True):
    """A pause and why."""

    reason: PauseReason
    start_s: float
    end_s: float | None = None


class DoneHold(msgspec.Struct, frozen=True, kw_only=True):
    """A hold or a roll in form, after the blocked and unseen parts were taken out."""

    side: str
    start_s: float
    end_s: float
    held_s: float
    """Seconds in form within it."""
    level_deg: float | None
    level_sd_deg: float | None
    n_samples: int
    set_idx: int
    is_measured: bool
    """False for self-reported holds without a camera."""


class Excursion(msgspec.Struct, frozen=True, kw_only=True):
    """One repetition of the mobility check."""

    part: str
    side: str
    start_s: float
    end_s: float
    level_deg: float | None
    """Unsigned."""
    level_sd_deg: float | None
    n_samples: int
    counts: bool
    """False: a swing, or out of form; it is asked for again."""


class SaidCue(msgspec.Struct, frozen=True, kw_only=True):
    """A cue that was said."""

    key: str
    t_s: float
    urgency: str
    fault_id: str | None


class PainEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The person said that it hurts."""

    t_s: float
    score: int
    pain: PainKind


class SaidVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict that differed from the one before."""

    t_s: float
    kind: str
    rule_ids: tuple[str, ...]


class SessionState(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the reducer remembers between two events."""

    plan: Plan
    status: Status = "running"
    end_reason: str = ""
    t_s: float = 0.0
    phase: Phase = Phase.GET_READY
    phase_since_s: float = 0.0
    set_idx: int = 0
    side_idx: int = 0
    said_phase: bool = False
    """Whether the guidance of this phase was already asked for."""
    ready_since_s: float | None = None

    # what is seen
    calibration: Calibration | None = None
    neutral: Neutral | None = None
    tracking: str = "lost"
    tracking_reason: str | None = None
    last_seen_s: float | None = None
    """Last picture in which what counts could be measured."""
    unmeasured_since_s: float | None = None
    seen_since_s: float | None = None
    n_frames: int = 0
    n_seen: int = 0
    last_value: float | None = None
    last_sd: float | None = None
    readings: tuple[tuple[float, float, float], ...] = ()
    """(t_s, value, sd) within the present hold, thinned, for its statistics."""

    # what counts
    hold: HoldTracker = HoldTracker()
    repetition: RepetitionTracker = RepetitionTracker()
    roll: RollTracker = RollTracker()
    excursion: ExcursionTracker = ExcursionTracker()
    excursions: tuple[Excursion, ...] = ()
    watched_from_s: float | None = None
    """First picture since the session is at work."""
    roll_from_s: float | None = None
    """Since when the present rolling, resting or self-reported hold counts."""
    faults: tuple[FaultState, ...] = ()
    holds: tuple[DoneHold, ...] = ()
    rep_times: tuple[tuple[float, float], ...] = ()
    set_reps: int = 0
    passes: int = 0
    set_held: tuple[tuple[str, float], ...] = ()
    """(side, seconds in form) of finished holds within the present set."""
    set_base_s: float = 0.0
    """Seconds rolled before the present set."""
    set_skipped: tuple[str, ...] = ()
    """Sides of the present set that the person called done, or skipped."""

    # what was said and done
    cue: CueState = CueState()
    fault_spans: tuple[FaultSpan, ...] = ()
    gap_spans: tuple[Span, ...] = ()
    pauses: tuple[PauseSpan, ...] = ()
    said: tuple[SaidCue, ...] = ()
    pain: tuple[PainEntry, ...] = ()
    symptoms: tuple[str, ...] = ()
    pops: tuple[float, ...] = ()
    verdicts: tuple[SaidVerdict, ...] = ()
    verdict: Verdict | None = None
    resume_phase: Phase = Phase.LENGTHEN
    view: View | None = None
    shown_sign: tuple[Any, ...] = ()
    """What the last view was made from, as far as it matters at once."""
