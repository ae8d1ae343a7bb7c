"""The shapes of sessions, of what is said after them and of progress.

In: nothing. Out: pydantic models. Next file: :mod:`unkink.front.routes.sessions`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from unkink.front.routes.shapes import (
    HelpPointer,
    Mode,
    Note,
    Pain,
    PlainName,
    Relief,
    RuleId,
    Sentence,
    SessionStatus,
    Shape,
    Signal,
    Stiffness,
    Wish,
)
from unkink.front.routes.shapes_day import Trend
from unkink.front.routes.shapes_mobility import CheckShown, CheckTrend, Measured, MeasuredPoint
from unkink.front.routes.shapes_outcome import ActivitiesShown, Outcome, ReliefsShown, SleepShown

# --------------------------------------------------------------------------------------------------- sessions


class SetDone(Shape):
    """One set on one side."""

    set_idx: int
    side: Literal["right", "left", "both"]
    started_s: float
    ended_s: float
    held_s: float
    rolled_s: float
    repetitions: int
    n_faults: int


class SessionRow(Shape):
    """One session in a list."""

    id: str
    seq: int
    exercise_id: str
    variant: str | None
    mode: Mode
    short: bool
    status: SessionStatus
    started_at: datetime
    ended_at: datetime | None
    duration_s: float
    held_s: dict[str, float]
    rolled_s: float
    repetitions: int
    pain_before: int | None
    pain_during: int | None
    pain_after: int | None
    stiffness_after: Stiffness | None
    relief: Relief | None
    felt: str | None
    signal: Signal | None
    stop_rule_ids: list[str]


class SessionEvent(Shape):
    """Something that happened in a session."""

    t_s: float
    kind: str
    payload: dict[str, Any]


class AskAgain(Shape):
    """A short question after a session that hurt."""

    id: str
    text_key: str
    symptom: str
    """Stop sign to tell when it is answered with yes."""


class WhatNext(Shape):
    """What a session that hurt means for the next ones."""

    signal: Signal
    notes: list[Note]
    until: datetime | None
    """When this technique opens again by itself."""
    ask: list[AskAgain]


class SessionDetails(Shape):
    """One session with everything that belongs to it."""

    session: SessionRow
    summary: dict[str, Any]
    """The summary as ``unkink replay`` writes it: sides, holds, faults, cues, tracking, verdicts."""
    sentences: list[Sentence]
    """What was measured, in words, each change with its noise."""
    outcome: Outcome
    """What it came to for the person."""
    unseen_keys: list[str]
    """What the camera could not see."""
    quantity_name_key: str | None
    n_pops: int
    sets: list[SetDone]
    measurements: list[Measured]
    mobility: CheckShown | None
    """What a mobility check found; None for a technique."""
    events: list[SessionEvent]
    has_recording: bool
    card: str | None
    """Help card to show, when a stop rule follows."""
    next: WhatNext | None
    """None for a session that went well."""


class Sessions(Shape):
    """A page of sessions, newest first."""

    sessions: list[SessionRow]
    next_before: int | None
    """Pass it on as ``before`` to read older ones; None: there are no more."""


class AfterAnswers(Wish):
    """How it was, said after the session."""

    pain_after: Pain | None = None
    stiffness_after: Stiffness | None = None
    relief: Relief | None = None
    felt: PlainName | None = None
    settled: Literal["by-morning", "by-24h", "later"] | None = None
    """When pain was back to usual; can be told later."""
    symptom: RuleId | None = None
    """A stop sign noticed afterwards."""


class PopTold(Wish):
    """A pop that the person tells of; logged neutrally."""

    deliberate: bool
    region: PlainName | None = None
    session_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")] | None = None
    utc_offset_min: Annotated[int, Field(ge=-14 * 60, le=14 * 60)] | None = None


class PopAnswer(Shape):
    """What is said about it."""

    cards: list[HelpPointer]


class Progress(Shape):
    """What changed."""

    n_sessions: int
    sessions: list[SessionRow]
    """The newest."""
    pain: Trend
    relief: ReliefsShown
    activities: ActivitiesShown
    sleep: SleepShown | None
    whole: Sentence | None
    """How the person sees the change since the beginning."""
    measurements: dict[str, dict[str, list[MeasuredPoint]]]
    """Quantity, then side, then points, oldest first."""
    mobility: list[CheckTrend]
    """The mobility checks, movement by movement."""
    noise_deg: dict[str, float]
    """Smallest change of each quantity that is more than noise, degrees."""
    sentences: list[Sentence]
