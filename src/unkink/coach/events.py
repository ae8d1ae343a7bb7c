"""What can happen in a session, and what a session can ask for.

In: nothing. Out: the events that :func:`unkink.coach.session.reduce` takes and the effects that it
returns. Every event carries ``t_s``, seconds since the session began: the only clock. Next file:
:mod:`unkink.coach.session`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal, TypeAlias

import msgspec

from unkink.body.quantities import Sample
from unkink.coach.safety import Verdict
from unkink.coach.screening import Permission

Side: TypeAlias = Literal["right", "left", "both"]
Mode: TypeAlias = Literal["camera", "demo", "timer"]
TapAction: TypeAlias = Literal["pause", "resume", "ready", "next", "done", "stop", "pop"]
PainKind: TypeAlias = Literal[
    "ache", "stretch", "sharp", "electric", "spreading", "tingling", "dizzy", "breath"
]
NoticeKind: TypeAlias = Literal["hidden", "visible", "camera-lost", "camera-back", "time-jump"]


class Phase(StrEnum):
    """Where the session is."""

    GET_READY = "get-ready"
    CALIBRATE = "calibrate"
    LENGTHEN = "lengthen"
    MOVE = "move"
    HOLD = "hold"
    RETURN = "return"
    WORK = "work"
    REST = "rest"
    SWITCH = "switch"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """Base of all events."""

    t_s: float


class Frame(Event, frozen=True, kw_only=True, tag="frame"):
    """The quantities of one picture arrived."""

    sample: Sample


class Tick(Event, frozen=True, kw_only=True, tag="tick"):
    """Time passed, whether or not a picture came."""


class Tap(Event, frozen=True, kw_only=True, tag="tap"):
    """The person pressed a key or a button."""

    action: TapAction


class PainReported(Event, frozen=True, kw_only=True, tag="pain"):
    """The person said that it hurts."""

    score: int
    """0 to 10."""
    pain: PainKind


class SymptomReported(Event, frozen=True, kw_only=True, tag="symptom"):
    """The person ticked a stop sign."""

    rule_id: str
    """``S01`` to ``S05``."""


class Notice(Event, frozen=True, kw_only=True, tag="notice"):
    """The page tells of itself."""

    what: NoticeKind


class Permitted(Event, frozen=True, kw_only=True, tag="permitted"):
    """What the person may do was looked at again: another tab or device may have closed it meanwhile."""

    permission: Permission


class Bye(Event, frozen=True, kw_only=True, tag="bye"):
    """The person or the page ends the session."""

    reason: str


AnyEvent: TypeAlias = Frame | Tick | Tap | PainReported | SymptomReported | Notice | Permitted | Bye


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence by its key."""

    key: str
    params: dict[str, str | int | float] = {}


class Breath(msgspec.Struct, frozen=True, kw_only=True):
    """What the breath does now."""

    phase: Literal["in", "out", "easy", "none"]
    started_s: float
    duration_s: float


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the screen shows: the state, ready to draw."""

    t_s: float
    phase: Phase
    side: Side
    set_idx: int
    n_sets: int
    held_s: float
    """Seconds in form of the running hold or roll."""
    target_s: float | None
    total_held_s: dict[str, float]
    """Seconds in form so far, by side."""
    repetitions: int
    target_repetitions: int | None
    breath: Breath
    tracking: str
    tracking_reason: str | None
    paused: str | None
    """Why it is paused.

    ``lost``, ``partly``, ``left``, ``user``, ``hidden``, ``camera``, ``pain``; None when it is not.
    """
    line: Line
    next: Line | None
    in_form: bool
    quantity: str
    angle_deg: float | None
    angle_sd_deg: float | None
    zone: tuple[float, float] | None
    """Degrees between which a hold counts; wide, a band and no target."""
    countdown_s: int | None
    progress_frac: float
    verdict: str
    """``continue``, ``ease``, ``pause`` or ``stop``."""
    part: str | None = None
    """Present part of the mobility check."""


class Say(msgspec.Struct, frozen=True, kw_only=True, tag="say"):
    """One cue to speak and show. Made only after :func:`unkink.coach.safety.judge`."""

    t_s: float
    line: Line
    urgency: Literal["prompt", "form", "safety"]
    rule_ids: tuple[str, ...] = ()
    fault_id: str | None = None


class Show(msgspec.Struct, frozen=True, kw_only=True, tag="show"):
    """The view changed."""

    view: View


class Store(msgspec.Struct, frozen=True, kw_only=True, tag="store"):
    """Something to remember: a hold, a repetition, a fault, a pause, pain, a pop, a verdict."""

    t_s: float
    what: Literal[
        "hold", "repetition", "fault", "pause", "pain", "symptom", "pop", "verdict", "neutral", "set", "phase"
    ]
    data: dict[str, Any]


class Judged(msgspec.Struct, frozen=True, kw_only=True, tag="judged"):
    """The verdict changed; the door shows it, with its card."""

    t_s: float
    verdict: Verdict


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """A bug of ours was met and the session stopped; the door logs the exception under its id."""

    t_s: float
    error_id: str
    error: Any


class End(msgspec.Struct, frozen=True, kw_only=True, tag="end"):
    """The session is over."""

    t_s: float
    status: Literal["finished", "stopped", "left"]
    reason: str


Effect: TypeAlias = Say | Show | Store | Judged | Failed | End
