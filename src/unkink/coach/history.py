"""What happened before, as the dose rules see it: plain values, and counting over local days.

In: nothing; the diary fills :class:`History`. Out: sessions, check-ins, reviews, notes, pops, clearances.
What is dated later than now counts as now, so that a clock set back never grants more. Next file:
:mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

import msgspec

Signal: TypeAlias = Literal["green", "amber", "red", "black"]
Settled: TypeAlias = Literal["by-morning", "by-24h", "later"]
SessionStatus: TypeAlias = Literal["running", "interrupted", "finished", "stopped", "left"]
NoteKind: TypeAlias = Literal[
    "worried",
    "low-mood",
    "crisis",
    "nerve",
    "harm",
    "fall",
    "illness",
    "medicine",
    "pregnancy",
    "surgery",
    "cancer",
    "S01",
    "S02",
    "S03",
    "S04",
    "S05",
]
"""What a person may tell at any time: a worry, low mood because of pain, thoughts of self-harm, a new nerve
sign, harm after exercise, what asks for the Check again. And a stop sign, dated when it was told:
the session that it is about may be older than a clearance that came in between."""
SIGNS: tuple[NoteKind, ...] = ("S01", "S02", "S03", "S04", "S05")
"""Notes that are stop signs."""
ReferralWord: TypeAlias = Literal["booked", "seen", "later"]
"""What a person answers to a referral: it is arranged, it is done, remind me later."""

SIGNALS: tuple[Signal, ...] = ("green", "amber", "red", "black")
"""From the mildest to the worst."""


class PastSession(msgspec.Struct, frozen=True, kw_only=True):
    """One session that was begun."""

    exercise_id: str
    started_at: datetime
    """Aware UTC."""
    utc_offset_min: int = 0
    """The person's local time minus UTC at that moment, minutes."""
    variant: str | None = None
    mode: Literal["camera", "demo", "timer"] = "camera"
    short: bool = False
    """The 2-minute version."""
    status: SessionStatus = "finished"
    duration_s: float = 0.0
    held_s: dict[str, float] = {}
    """Seconds held, by side."""
    rolled_s: float = 0.0
    repetitions: int = 0
    pain_before: float | None = None
    pain_during: float | None = None
    """Highest pain reported in the session."""
    pain_after: float | None = None
    pain_kinds: tuple[str, ...] = ()
    """Kinds of pain reported (``ache``, ``sharp``, ...)."""
    settled: Settled | None = None
    """When pain was back to usual; None: not told."""
    relief: Literal["worse", "same", "bit", "lot"] | None = None
    signal: Signal | None = None
    """Where the pain rules put it when it was stored; the rules look again and the worse one counts."""
    stop_rule_ids: tuple[str, ...] = ()
    session_id: str = ""
    is_deleted: bool = False
    """Whether the person deleted it: it counts for limits, rests and locks, and is shown nowhere."""
    seq: int = 0
    """Order of writing over all of the diary; 0: not known, then the times decide."""

    @property
    def ended_at(self) -> datetime:
        """When it ended, aware UTC."""
        return self.started_at + timedelta(seconds=max(0.0, self.duration_s))

    @property
    def is_work(self) -> bool:
        """Whether the person exercised in it at all (the demonstration person's work is not theirs)."""
        worked = self.status == "finished" or self.rolled_s > 0 or self.repetitions > 0
        return self.mode != "demo" and (worked or any(s > 0 for s in self.held_s.values()))


class PastCheckIn(msgspec.Struct, frozen=True, kw_only=True):
    """One short check before exercise."""

    at: datetime
    pain_now: float | None
    utc_offset_min: int = 0
    stiffness: str | None = None
    places: tuple[str, ...] = ()
    """Regions of the body map."""
    answers: dict[str, str] = {}
    """P02 to P05 and rows for today."""
    seq: int = 0
    """Order of writing over all of the diary; 0: not known, then the times decide."""


class PastScreening(msgspec.Struct, frozen=True, kw_only=True):
    """One finished round of safety questions."""

    answered_at: datetime
    tier: str
    lock_ids: tuple[str, ...] = ()
    """Rows that locked when it was answered."""
    seq: int = 0
    """Order of writing over all of the diary; 0: not known, then the times decide."""


class PastClearance(msgspec.Struct, frozen=True, kw_only=True):
    """A clinician's word that the person recorded."""

    saved_at: datetime
    assessed_on: date
    gentle_ok: bool
    rule_ids: tuple[str, ...]
    seq: int = 0
    """Order of writing over all of the diary; 0: not known, then the times decide."""


class KeptLock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A lock that was noted beside the diary, for when the diary itself knows no more of it."""

    rule_id: str
    at: datetime
    """Aware UTC: when what locks was told."""
    seq: int = 0
    """Never known: the order of one diary says nothing about another."""


class PastPop(msgspec.Struct, frozen=True, kw_only=True):
    """A pop that was told."""

    at: datetime
    deliberate: bool
    utc_offset_min: int = 0
    region: str | None = None
    """``upper-back``, ``mid-back``, ``low-back``, ``neck``, ``other``."""


class PastReview(msgspec.Struct, frozen=True, kw_only=True):
    """The longer look back, once a week; None: not asked or not answered."""

    at: datetime
    """Aware UTC."""
    utc_offset_min: int = 0
    pain_worst: float | None = None
    """Worst of the last 24 h, 0 to 10 (V01)."""
    pain_average: float | None = None
    """Average of the last 24 h, 0 to 10 (V01)."""
    pain_days: int | None = None
    """Days with pain among the last 7."""
    nights_woken: int | None = None
    """Nights woken by pain among the last 7 (V07)."""
    sleep_disturbance: float | None = None
    """0 to 10 (V07)."""
    stiff_mornings: int | None = None
    """Mornings stiff for more than 30 min among the last 7 (R12)."""
    is_constant: bool | None = None
    """Whether the pain is there all the time, eased by no position (U07)."""
    since_weeks: float | None = None
    """For how long the trouble has been there, weeks."""
    onset_age_years: float | None = None
    global_change: float | None = None
    """-5 very much worse to +5 completely recovered (V03)."""
    activities: dict[str, float] = {}
    """The person's own activities by id, 0 cannot do it to 10 as before (V02)."""
    wall_gap_cm: float | None = None
    """How far the head stays from the wall, back and heels on it (Q05)."""
    height_loss_cm: float | None = None
    """Height lost since youth (Q05)."""
    age_years: float | None = None
    seq: int = 0
    """Order of writing over all of the diary; 0: not known, then the times decide."""


class PastNote(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the person told outside of any question."""

    at: datetime
    kind: NoteKind
    utc_offset_min: int = 0
    seq: int = 0
    """Order of writing over all of the diary; 0: not known, then the times decide."""


class PastReferralAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the person answered to a referral."""

    rule_id: str
    answered_at: datetime
    answer: ReferralWord
    seq: int = 0
    """Order of writing over all of the diary; 0: not known, then the times decide."""


class History(msgspec.Struct, frozen=True, kw_only=True):
    """All that the dose and lock rules look back on; each tuple oldest first."""

    sessions: tuple[PastSession, ...] = ()
    check_ins: tuple[PastCheckIn, ...] = ()
    pops: tuple[PastPop, ...] = ()
    screenings: tuple[PastScreening, ...] = ()
    clearances: tuple[PastClearance, ...] = ()
    reviews: tuple[PastReview, ...] = ()
    notes: tuple[PastNote, ...] = ()
    referral_answers: tuple[PastReferralAnswer, ...] = ()
    last_screening_at: datetime | None = None
    kept_locks: tuple[KeptLock, ...] = ()


def clamp(at: datetime, now: datetime) -> datetime:
    """Return ``at``, or ``now`` if ``at`` is later: the clock was set back.

    Parameters
    ----------
    at, now : datetime
        Aware UTC.

    Returns
    -------
    datetime
        Aware UTC.
    """
    return min(at, now)


def compute_local_day(at: datetime, utc_offset_min: int) -> date:
    """Day of the calendar where the person is.

    Parameters
    ----------
    at : datetime
        Aware UTC.
    utc_offset_min : int
        Local time minus UTC, minutes.

    Returns
    -------
    date
    """
    return (at + timedelta(minutes=utc_offset_min)).date()


def drop_session(history: History, session_id: str) -> History:
    """Return the history without one session: the one that is about to be gone on with.

    Parameters
    ----------
    history : History
    session_id : str

    Returns
    -------
    History
    """
    rest = tuple(s for s in history.sessions if s.session_id != session_id)
    return msgspec.structs.replace(history, sessions=rest)
