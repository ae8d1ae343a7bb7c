"""The shapes of what the page asks and gets over REST.

In: nothing. Out: pydantic models; FastAPI describes them as OpenAPI and :mod:`unkink.front.typescript` as
TypeScript. Requests are strict: unknown fields and numbers out of range are told as a problem. Next file:
:mod:`unkink.front.routes.check`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Mode = Literal["camera", "demo", "timer"]
SessionStatus = Literal["running", "interrupted", "finished", "stopped", "left"]
Answer = Literal["yes", "no", "unsure"]
Stiffness = Literal["no", "bit", "very"]
Relief = Literal["worse", "same", "bit", "lot"]
Signal = Literal["green", "amber", "red", "black"]
Tier = Literal["clear", "caution", "urgent", "emergency"]

Pain = Annotated[int, Field(ge=0, le=10, strict=True)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}[0-9]{2}$")]
PlainName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Answers = Annotated[dict[RuleId, Answer], Field(max_length=120)]


class Shape(BaseModel):
    """Base of answers."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Wish(BaseModel):
    """Base of requests."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class Details(Wish):
    """What some rows need to know beyond yes and no. Null: not told, which counts as the stricter case."""

    pain_now: Pain | None = None
    constant: bool | None = None
    """Whether the pain is there all the time."""
    linked_to_movement: bool | None = None
    """Whether posture or movement clearly brings it on or eases it."""
    trimester: Annotated[int, Field(ge=1, le=3)] | None = None
    disc_region: Literal["neck", "mid", "low"] | None = None
    """Where the slipped disc is."""
    agreed: Annotated[list[RuleId], Field(max_length=20)] = Field(default_factory=list)
    """Rows for which the person's own clinician has agreed to gentle exercise."""


# ------------------------------------------------------------------------------------------------ small parts


class Sentence(Shape):
    """A sentence of the catalogue with the values of its placeholders."""

    key: str
    params: dict[str, str | int | float]


class Note(Shape):
    """A sentence with the rule that it comes from."""

    rule_id: str
    key: str
    params: dict[str, str | int | float]


class Permission(Shape):
    """What the safety rules allow of one technique."""

    effect: Literal["ok", "modify", "block"]
    variants: list[str]
    """Variants that are allowed when it is ``modify``; empty: the technique itself."""
    dose_frac: float
    """Share of the dose, 0 to 1."""
    range_frac: float
    """Share of the range of motion, 0 to 1."""
    max_hold_s: float | None
    """Longest single hold, seconds."""
    pain_limit: float | None
    """Pain score above which to stop, where it is lower than the general one."""
    notes: list[Note]
    """What to tell the person: limits, or why it is blocked."""
    reasons: list[Note]
    """The rules that led to it, each in a sentence."""


class Dose(Shape):
    """How much: one of ``hold_s``, ``repetitions``, ``roll_s`` per set."""

    sets: int
    hold_s: float | None
    repetitions: int | None
    roll_s: float | None
    rest_s: float


class HelpPointer(Shape):
    """A help card to show; its texts have the keys ``help.<id>.*``."""

    id: str
    tier: str
    rule_ids: list[str]
    params: dict[str, str | int | float]


class Finding(Shape):
    """One answer that matters."""

    rule_id: str
    tier: str
    key: str
    params: dict[str, str | int | float]
    when_key: str | None
    """How soon to ask a clinician, for findings that need one."""
    within_h: float | None
    """The same in hours; 0 is now."""
    unsure: bool
    """Whether it rests on a ``not sure``."""
    cleared: bool
    """Whether a clinician has since said yes to gentle exercise."""
    card: str | None
    """Help card to show."""


class Assessment(Shape):
    """What came of the safety questions."""

    tier: Tier
    findings: list[Finding]
    """Most serious first."""
    permissions: dict[str, Permission]
    """By technique id."""
    locked: bool
    """Whether everything waits for a clinician's clearance."""
    lock_ids: list[str]
    """Rows that lock and are not cleared."""
    missing: list[str]
    """Rows that were not answered."""
    can_clear: bool
    """Whether a clinician's word can open what is blocked."""


# ----------------------------------------------------------------------------------------------------- status


class Status(Shape):
    """What runs here."""

    version: str
    rules_version: str
    emergency_number: str
    mode: Literal["local"]


class Settings(Shape):
    """The person's settings."""

    emergency_number: str
    crisis_line: str
    """Whom to call when it is too much; empty: not chosen. Never built in, as the emergency number."""
    sound: Literal["voice", "bell", "silent"]
    voice_name: str | None
    mirrored: bool
    theme: Literal["auto", "light", "dark"]
    reduced_motion: Literal["auto", "on", "off"]
    record_landmarks: bool
    """Keep the landmarks (never pictures) of sessions on this computer."""
    big_numerals: bool
    equipment: list[Literal["chair", "wall", "roller", "towel"]]
    """What is at hand; for the recommendation only."""
    floor: bool
    """Whether lying down on the floor is possible; for the recommendation only."""


class SettingsChange(Wish):
    """Settings to change; what is left out stays."""

    emergency_number: Annotated[str, StringConstraints(pattern=r"^[0-9+*# ]{2,20}$")] | None = None
    crisis_line: Annotated[str, StringConstraints(max_length=60)] | None = None
    sound: Literal["voice", "bell", "silent"] | None = None
    voice_name: Annotated[str, StringConstraints(max_length=120)] | None = None
    """An empty text: the device's default voice."""
    mirrored: bool | None = None
    theme: Literal["auto", "light", "dark"] | None = None
    reduced_motion: Literal["auto", "on", "off"] | None = None
    record_landmarks: bool | None = None
    big_numerals: bool | None = None
    equipment: Annotated[list[Literal["chair", "wall", "roller", "towel"]], Field(max_length=4)] | None = None
    floor: bool | None = None


# ----------------------------------------------------------------------------------------------------- person


class HelpCard(Shape):
    """What to do now, for an alarming symptom."""

    id: str
    tier: Literal["emergency", "urgent", "info"]
    call: Literal["emergency", "clinician", "none"]
    title_key: str
    why_key: str
    step_keys: list[str]
    say_key: str | None
    """What to say on the telephone or at the practice."""
    on_help_page: bool


class ProblemDocument(Shape):
    """RFC 9457 ``application/problem+json``: every error of every route looks like this."""

    type: str
    title: str
    status: int
    detail: str
    """English; the page shows ``key`` in its own language."""
    code: str
    key: str
    params: dict[str, str | int | float]
    error_id: str | None
    hint: str
    """The command that repairs it, or an empty text."""
    faults: list[str]
    """What is wrong with which field, without the values that were sent."""


class Evidence(Shape):
    """Where a claim comes from."""

    id: str
    source: str | None
    grade: str | None
    provenance: str | None
