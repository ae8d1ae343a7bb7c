"""What the diary remembers, as plain values.

In: nothing. Out: the frozen values that go into and come out of :class:`unkink.diary.Diary`. Times of day
(``*_at``) are aware UTC, times within a session (``*_s``) are the page's monotonic seconds. ``seq`` is the
diary's own order of writing: it stays right when the computer's clock is set back. Next file:
:mod:`unkink.diary.repository`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from unkink.coach.history import NoteKind, ReferralWord

Side = Literal["right", "left", "both"]
Mode = Literal["camera", "demo", "timer"]
Status = Literal["running", "interrupted", "finished", "stopped", "left"]
EndStatus = Literal["finished", "stopped", "left", "interrupted"]
Signal = Literal["green", "amber", "red", "black"]
Settled = Literal["by-morning", "by-24h", "later"]
Stiffness = Literal["no", "bit", "very"]
Relief = Literal["worse", "same", "bit", "lot"]
Answer = Literal["yes", "no", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose diary it is. One by default."""

    id: str
    created_at: datetime
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningDraft:
    """Answers given so far, so that the questions can be finished later."""

    answers: dict[str, Answer]
    details: dict[str, Any] = field(default_factory=dict)
    saved_at: datetime | None = None
    """Set by the diary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """One finished round of safety questions with what came of it."""

    answers: dict[str, Answer]
    details: dict[str, Any]
    assessment: dict[str, Any]
    """The assessment as plain data, e.g. ``msgspec.to_builtins(assessment)``."""
    tier: str
    rules_version: str
    answered_at: datetime | None = None
    """None: now."""
    expires_at: datetime | None = None
    id: str = ""
    """Set by the diary."""
    seq: int = 0
    """Set by the diary."""
    came_along: bool = False
    """Whether an import brought it to a diary that held something already: then it opens nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """A clinician said yes (or no) to gentle exercise despite a finding."""

    assessed_on: date
    gentle_ok: bool
    rule_ids: tuple[str, ...]
    note_kind: str | None = None
    saved_at: datetime | None = None
    """None: now."""
    id: str = ""
    """Set by the diary."""
    seq: int = 0
    """Set by the diary."""
    came_along: bool = False
    """Whether an import brought it to a diary that held something already: then it opens nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """The short questions before a day's first session."""

    pain_now: int
    """0 to 10."""
    stiffness: Stiffness | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    """P02 to P05 and what else was asked."""
    places: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    """Anything more, e.g. which way of turning the head is smaller."""
    at: datetime | None = None
    """None: now."""
    utc_offset_min: int | None = None
    """The person's local time minus UTC, minutes; None: the computer's."""
    id: str = ""
    """Set by the diary."""
    seq: int = 0
    """Set by the diary."""
    came_along: bool = False
    """Whether an import brought it to a diary that held something already: then it opens nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The longer look back, once a week; None: not asked or not answered. Units: :class:`PastReview`."""

    pain_worst: int | None = None
    pain_average: int | None = None
    pain_days: int | None = None
    nights_woken: int | None = None
    sleep_disturbance: int | None = None
    stiff_mornings: int | None = None
    is_constant: bool | None = None
    since_weeks: float | None = None
    onset_age_years: int | None = None
    brings_on: tuple[str, ...] = ()
    """What brings the trouble on, e.g. ``sitting``, ``screen``, ``lifting``, ``stress``."""
    global_change: int | None = None
    activities: dict[str, int] = field(default_factory=dict)
    """Score by the id of the activity; the wording is in the setting ``activities``."""
    wall_gap_cm: float | None = None
    height_loss_cm: float | None = None
    age_years: int | None = None
    at: datetime | None = None
    """None: now."""
    utc_offset_min: int | None = None
    """The person's local time minus UTC, minutes; None: the computer's."""
    id: str = ""
    """Set by the diary."""
    seq: int = 0
    """Set by the diary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that the person told outside of any question."""

    kind: NoteKind
    text: str | None = None
    """In their own words; nothing reads it but the person and their report."""
    session_id: str | None = None
    at: datetime | None = None
    """None: now."""
    utc_offset_min: int | None = None
    """The person's local time minus UTC, minutes; None: the computer's."""
    id: str = ""
    """Set by the diary."""
    seq: int = 0
    """Set by the diary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAnswer:
    """What the person answered to a referral."""

    rule_id: str
    answer: ReferralWord
    answered_at: datetime | None = None
    """None: now."""
    id: str = ""
    """Set by the diary."""
    seq: int = 0
    """Set by the diary."""
    came_along: bool = False
    """Whether an import brought it to a diary that held something already: then it opens nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBegin:
    """A session is about to start."""

    exercise_id: str
    variant: str | None
    mode: Mode
    rules_version: str
    short: bool = False
    pain_before: int | None = None
    plan: dict[str, Any] = field(default_factory=dict)
    """What was planned (sets, sides, seconds), as plain data."""
    client: dict[str, Any] = field(default_factory=dict)
    """Pose model and delegate of the page."""
    started_at: datetime | None = None
    """None: now."""
    utc_offset_min: int | None = None
    """The person's local time minus UTC, minutes; None: the computer's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEvent:
    """Something that happened in a session: a hold, a pause, pain, a cue, a verdict."""

    t_s: float
    kind: str
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionUpdate:
    """Where a running session stands; replaces the last one. Saved at least every 3 s."""

    t_s: float
    snapshot: dict[str, Any] = field(default_factory=dict)
    """What is needed to go on with the session after a crash, as plain data."""
    held_s: dict[str, float] = field(default_factory=dict)
    """Seconds in form so far, by side (``right``, ``left``, ``both``)."""
    rolled_s: float = 0.0
    repetitions: int = 0
    pain_during: int | None = None
    """Highest pain reported so far in the session, 0 to 10."""
    pain_kinds: tuple[str, ...] = ()
    """Kinds of pain reported so far (``ache``, ``sharp``, ...)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseSet:
    """One set on one side."""

    set_idx: int
    side: Side
    started_s: float
    ended_s: float
    held_s: float = 0.0
    rolled_s: float = 0.0
    repetitions: int = 0
    n_faults: int = 0
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measured value with its uncertainty, or the reason why there is none."""

    quantity: str
    side: Side
    value_deg: float | None
    """None: could not be measured, see ``reason``."""
    sd_deg: float | None
    n: int
    """How many holds or repetitions it rests on."""
    measured_at: datetime | None = None
    """None: now."""
    reason: str | None = None
    repeats_deg: tuple[float, ...] = ()
    """The readings that the value rests on: each hold, or each repetition of the mobility check."""
    session_id: str | None = None
    """Set by the diary."""
    exercise_id: str | None = None
    """Set by the diary."""
    variant: str | None = None
    """Set by the diary."""
    mode: Mode | None = None
    """Set by the diary: values of the demonstration person (``demo``) are not the person's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """What a session came to."""

    t_s: float
    """Length of the session in seconds."""
    summary: dict[str, Any] = field(default_factory=dict)
    """Everything the summary page shows, as plain data."""
    held_s: dict[str, float] = field(default_factory=dict)
    rolled_s: float = 0.0
    repetitions: int = 0
    pain_during: int | None = None
    pain_kinds: tuple[str, ...] = ()
    signal: Signal | None = None
    stop_rule_ids: tuple[str, ...] = ()
    """Rules that stopped it, e.g. ``S04``."""
    sets: tuple[ExerciseSet, ...] = ()
    measurements: tuple[Measurement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAfter:
    """What the person says after a session. Fields that are None leave what was said before."""

    pain_after: int | None = None
    stiffness_after: Stiffness | None = None
    relief: Relief | None = None
    felt: str | None = None
    signal: Signal | None = None
    """Where the pain rules put the session, now that it is known how it felt."""
    settled: Settled | None = None
    """When pain was back to usual."""
    stop_rule_ids: tuple[str, ...] | None = None
    """All stop rules of the session, those noticed afterwards included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session as remembered."""

    id: str
    seq: int
    exercise_id: str
    variant: str | None
    mode: Mode
    short: bool
    status: Status
    rules_version: str
    started_at: datetime
    utc_offset_min: int
    ended_at: datetime | None = None
    duration_s: float = 0.0
    """Last ``t_s`` known: from the page's monotonic clock, not from the wall clock."""
    plan: dict[str, Any] = field(default_factory=dict)
    client: dict[str, Any] = field(default_factory=dict)
    snapshot: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    held_s: dict[str, float] = field(default_factory=dict)
    rolled_s: float = 0.0
    repetitions: int = 0
    pain_before: int | None = None
    pain_during: int | None = None
    pain_after: int | None = None
    stiffness_after: Stiffness | None = None
    relief: Relief | None = None
    felt: str | None = None
    settled: Settled | None = None
    signal: Signal | None = None
    pain_kinds: tuple[str, ...] = ()
    stop_rule_ids: tuple[str, ...] = ()
    n_events: int = 0
    deleted_at: datetime | None = None
    """Set: it was deleted, and only what limits, rests and locks need is left of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDetails:
    """One session with everything that belongs to it."""

    session: Session
    sets: tuple[ExerciseSet, ...]
    measurements: tuple[Measurement, ...]
    events: tuple[SessionEvent, ...]
    recording: str | None = None
    """File name in the recordings folder, when landmarks were kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pop:
    """A pop that the person told of. Logged neutrally; never a goal."""

    deliberate: bool
    region: str | None = None
    session_id: str | None = None
    at: datetime | None = None
    """None: now."""
    utc_offset_min: int | None = None
    """The person's local time minus UTC, minutes; None: the computer's."""
    id: str = ""
    """Set by the diary."""
    seq: int = 0
    """Set by the diary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A file with the landmarks of a session, kept because the person asked for it."""

    session_id: str
    path: str
    """File name within the recordings folder."""
    started_at: datetime | None = None
    """None: now."""
    n_frames: int = 0
    duration_s: float = 0.0
    finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased."""

    n_sessions: int
    n_recordings: int
    n_backups: int
    n_entries: int = 0
    """Everything that is dated, sessions included."""
    n_kept: int = 0
    """Entries of before that stay, because a lock, a rest or the Check that is in force needs them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import brought."""

    n_new: int
    n_recordings: int = 0
    n_came_along: int = 0
    """Clearances and answers to referrals among the new ones that are kept but open nothing here."""
