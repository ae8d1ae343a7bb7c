"""The wire of a live session: every message that crosses the WebSocket ``/live``, as tagged types.

In: MessagePack maps whose field ``op`` names the type. Out: frozen structs; :mod:`unkink.front.typescript`
makes the page's types from these very classes. ``t_s`` is always the page's monotonic clock, seconds since
the session began (for frames: media time). Next file: :mod:`unkink.front.live`.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import msgspec

from unkink.body.landmarks import N_LANDMARKS

VERSION = 1
"""Version of the wire; a page of another version is told to reload."""
N_FRAME_BYTES = N_LANDMARKS * 4 * 4
"""Bytes of one frame's landmarks: 33 x (x, y, z, visibility) little-endian float32."""
MAX_MESSAGE_BYTES = 4096
"""A larger message from the page is refused before it is read; a frame with both arrays takes about 1.2
kB."""
MAX_T_S = 24 * 3600.0
"""No session lasts longer: a later time is a fault of the sender."""

Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=MAX_T_S)]
Identity = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+\Z")]
ShortText = Annotated[str, msgspec.Meta(max_length=120)]
PointBytes = Annotated[bytes, msgspec.Meta(min_length=N_FRAME_BYTES, max_length=N_FRAME_BYTES)]
PictureSide = Annotated[int, msgspec.Meta(ge=16, le=16384)]

Mode = Literal["camera", "demo", "timer"]
Phase = Literal[
    "get-ready",
    "calibrate",
    "lengthen",
    "move",
    "hold",
    "return",
    "work",
    "rest",
    "switch",
    "paused",
    "finished",
    "stopped",
]
Side = Literal["right", "left", "both"]
TapAction = Literal["pause", "resume", "ready", "next", "done", "stop", "pop"]
PainKind = Literal["ache", "stretch", "sharp", "electric", "spreading", "tingling", "dizzy", "breath"]
TrackingStatus = Literal["seen", "partly", "lost"]
VerdictKind = Literal["continue", "ease", "pause", "stop"]
Params = dict[str, str | int | float]


# ------------------------------------------------------------------------------------------ shared parts


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence for the person: a key of the catalogue with the values of its placeholders."""

    key: str
    params: Params


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What this session will be."""

    n_sets: int
    sides: list[Side]
    """In the order in which they are done within a set."""
    hold_s: float | None
    """Seconds in form per side and set, for holds."""
    reps: int | None
    """Repetitions per set, where they are counted."""
    roll_s: float | None
    """Seconds of rolling per set."""
    rest_s: float


class SessionWish(msgspec.Struct, frozen=True, kw_only=True):
    """What the page asks for; the server decides what the person may do today."""

    exercise_id: Identity
    variant: Identity | None = None
    mode: Mode = "camera"
    short: bool = False
    """The two-minute version."""
    resume_id: Identity | None = None
    """Session to go on with after a lost connection or a restart of the server."""
    take_over: bool = False
    """Go on here although another tab holds the session; the other one is told and closed."""


class ClientInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What finds the landmarks in the page."""

    model: ShortText = ""
    """For example ``lite`` or ``full``."""
    delegate: ShortText = ""
    """For example ``GPU`` or ``CPU``."""


class Breath(msgspec.Struct, frozen=True, kw_only=True):
    """What the breath pacer shows."""

    phase: Literal["in", "out", "easy", "none"]
    started_s: float
    duration_s: float


class TrackingState(msgspec.Struct, frozen=True, kw_only=True):
    """How well the person is seen."""

    status: TrackingStatus
    reason: str | None
    """Its sentence has the key ``tracking.<reason>``."""


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why the safety rules decided so."""

    rule_id: str
    key: str
    params: Params


# ----------------------------------------------------------------------------------------- page to server


class ClientMessage(msgspec.Struct, frozen=True, kw_only=True, tag_field="op"):
    """Base of what the page sends."""


class HelloMessage(ClientMessage, frozen=True, kw_only=True, tag="hello"):
    """First message of a connection."""

    version: int
    session: SessionWish
    client: ClientInfo = msgspec.field(default_factory=ClientInfo)


class FrameMessage(ClientMessage, frozen=True, kw_only=True, tag="frame"):
    """Landmarks of one picture. The picture itself never leaves the page."""

    t_s: Seconds
    image: PointBytes | None
    """33 x (x, y, z, visibility) little-endian float32, or null when nobody was found."""
    world: PointBytes | None = None
    """The same in metres, where the landmarker gives it."""
    width_px: PictureSide = 640
    height_px: PictureSide = 480
    brightness_frac: Annotated[float, msgspec.Meta(ge=0.0, le=1.0)] | None = None
    """Mean luminance of the picture, 0 to 1."""
    n_persons: Annotated[int, msgspec.Meta(ge=0, le=99)] | None = None


class TickMessage(ClientMessage, frozen=True, kw_only=True, tag="tick"):
    """The page's clock; sent four times a second, with and without a camera."""

    t_s: Seconds


class TapMessage(ClientMessage, frozen=True, kw_only=True, tag="tap"):
    """A key or button."""

    t_s: Seconds
    action: TapAction


class PainMessage(ClientMessage, frozen=True, kw_only=True, tag="pain"):
    """The person says that something hurts."""

    t_s: Seconds
    score: Annotated[int, msgspec.Meta(ge=0, le=10)]
    """0 to 10."""
    kind: PainKind


class SymptomMessage(ClientMessage, frozen=True, kw_only=True, tag="symptom"):
    """The person reports a stop symptom."""

    t_s: Seconds
    rule_id: Identity
    """For example ``S01``."""


class NoticeMessage(ClientMessage, frozen=True, kw_only=True, tag="notice"):
    """Something happened to the page or the camera."""

    t_s: Seconds
    what: Literal["hidden", "visible", "camera-lost", "camera-back", "time-jump"]


class ByeMessage(ClientMessage, frozen=True, kw_only=True, tag="bye"):
    """The page leaves on purpose."""

    t_s: Seconds
    reason: ShortText = ""


FromPage = (
    HelloMessage
    | FrameMessage
    | TickMessage
    | TapMessage
    | PainMessage
    | SymptomMessage
    | NoticeMessage
    | ByeMessage
)
"""Everything that the page may send."""


# ----------------------------------------------------------------------------------------- server to page


class ServerMessage(msgspec.Struct, frozen=True, kw_only=True, tag_field="op"):
    """Base of what the server sends."""


class WelcomeMessage(ServerMessage, frozen=True, kw_only=True, tag="welcome"):
    """The session begins, or goes on."""

    version: int
    session_id: str
    exercise_id: str
    variant: str | None
    """The variant that is really done; the safety rules may have chosen it."""
    mode: Mode
    resumed: bool
    t_s: float
    """Where the session's clock stands: 0 for a new one; a resumed page goes on counting from here."""
    plan: Plan
    notes: list[Line]
    """What the safety rules want said before the start, e.g. why a softer variant was chosen."""


class StateMessage(ServerMessage, frozen=True, kw_only=True, tag="state"):
    """Everything that the session screen shows. Sent on change, at most about ten times a second."""

    t_s: float
    phase: Phase
    side: Side
    set_idx: int
    """0-based."""
    n_sets: int
    held_s: float
    """Seconds in form on this side in this set."""
    target_s: float | None
    total_held_s: dict[Side, float]
    """Seconds in form of the whole session, per side."""
    repetitions: int
    target_repetitions: int | None
    breath: Breath
    tracking: TrackingState
    paused: str | None
    """Why it is paused; its sentence has the key ``paused.<reason>``."""
    line: Line
    """The one instruction."""
    next: Line | None
    in_form: bool
    quantity: str
    """Name of the measured quantity, empty when there is none."""
    angle_deg: float | None
    angle_sd_deg: float | None
    zone: tuple[float, float] | None
    """Low and high end of the band in which holding counts, degrees."""
    countdown_s: int | None
    """Seconds until something begins, in the phases that count down."""
    progress_frac: float
    verdict: VerdictKind
    """What the safety rules say now."""
    part: str | None = None
    """Present part of the mobility check; its name has the key ``mobility.part.<part>``."""


class CueMessage(ServerMessage, frozen=True, kw_only=True, tag="cue"):
    """Something to say now."""

    t_s: float
    key: str
    params: Params
    urgency: Literal["prompt", "form", "safety"]
    rule_ids: list[str]
    fault_id: str | None
    """The form fault that it speaks of, if any."""


class VerdictMessage(ServerMessage, frozen=True, kw_only=True, tag="verdict"):
    """What the safety rules decided, when it is not simply to go on."""

    t_s: float
    kind: VerdictKind
    reasons: list[Reason]
    card: str | None
    """Help card to show."""


class SummaryMessage(ServerMessage, frozen=True, kw_only=True, tag="summary"):
    """The session is over and stored; read it from ``/api/sessions/{session_id}``."""

    session_id: str


class ProblemMessage(ServerMessage, frozen=True, kw_only=True, tag="problem"):
    """Something is wrong with what was sent, or with us."""

    code: str
    key: str
    params: Params
    error_id: str | None
    """To be quoted when reporting a bug of ours."""
    fatal: bool
    """True: the connection closes after this."""


ToPage = WelcomeMessage | StateMessage | CueMessage | VerdictMessage | SummaryMessage | ProblemMessage
"""Everything that the server may send."""

_decoder = msgspec.msgpack.Decoder(FromPage, strict=True)
_encoder = msgspec.msgpack.Encoder()


def decode_message(data: bytes) -> FromPage:
    """Decode one message of the page.

    Raises
    ------
    msgspec.MsgspecError
        When it is not MessagePack, of an unknown type, or has a field outside its limits.
    """
    try:
        return _decoder.decode(data)
    except (RecursionError, UnicodeDecodeError, OverflowError) as fault:
        reason = "undecodable"
        raise msgspec.DecodeError(reason) from fault


def encode_message(message: ToPage) -> bytes:
    """Encode one message for the page."""
    return _encoder.encode(message)


def finite_or_none(value: float | None) -> float | None:
    """Return a number that JSON and the page understand, None (dimensionless) for NaN and infinities."""
    return value if value is not None and math.isfinite(value) else None
