"""The shapes of the safety questions, of today and of the techniques.

In: nothing. Out: pydantic models. Next file: :mod:`unkink.front.routes.check`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from unkink.coach.reviewing import PartId
from unkink.front.routes.shapes import (
    Answer,
    Answers,
    Assessment,
    Details,
    Dose,
    Evidence,
    HelpPointer,
    Mode,
    Note,
    Pain,
    Permission,
    PlainName,
    RuleId,
    Sentence,
    Shape,
    Stiffness,
    Wish,
)
from unkink.front.routes.shapes_mobility import CheckToday
from unkink.front.routes.shapes_referral import Referral
from unkink.front.routes.shapes_review import Usual

HeadTurn = Literal["same", "left-smaller", "right-smaller"]
Position = Literal["chair", "standing", "floor"]

# ------------------------------------------------------------------------------------------------------ check


class Question(Shape):
    """One question; answered yes, no or not sure."""

    id: str
    tier: str
    short_key: str
    """A few words, to tick in a list."""
    text_key: str
    """The whole question."""
    details: list[str]
    """Ids of the details to ask when it is not answered no."""


class Sign(Shape):
    """What is read first: a few words for the questions that can only apply if it does."""

    id: str
    text_key: str
    rows: list[str]
    """Ids of its questions."""
    is_row: bool
    """Whether ticking it answers its one question; else its questions are asked then."""


class Card(Shape):
    """A group of signs on one screen, and every question that they may lead to."""

    id: str
    title_key: str
    intro_key: str | None
    signs: list[Sign]
    questions: list[Question]


class Draft(Shape):
    """Answers given so far."""

    answers: dict[str, Answer]
    details: Details


class Screening(Shape):
    """The safety questions and where the person stands with them."""

    state: Literal["none", "draft", "valid", "expired", "locked"]
    cards: list[Card]
    draft: Draft | None
    answers: dict[str, Answer] | None
    """Of the last finished round, to start the next from."""
    details: Details | None
    answered_at: datetime | None
    expires_at: datetime | None
    assessment: Assessment | None


class ScreeningAnswers(Wish):
    """Answers to the safety questions, by rule id."""

    answers: Answers
    details: Details = Field(default_factory=Details)


class ClearanceGiven(Wish):
    """What a clinician said."""

    assessed_on: date
    gentle_ok: bool
    rule_ids: Annotated[list[RuleId], Field(max_length=60)]
    note_kind: PlainName | None = None


class CheckInAnswers(Wish):
    """The short questions before the day's first session."""

    pain_now: Pain
    stiffness: Stiffness | None = None
    answers: Answers = Field(default_factory=dict)
    places: Annotated[list[PlainName], Field(max_length=40)] = Field(default_factory=list)
    head_turn: HeadTurn | None = None
    """Which way the head turns less; for the recommendation only."""
    position: Position | None = None
    """Where the person is now; for the recommendation only."""
    minutes: Annotated[float, Field(gt=0, le=120)] | None = None
    """Time that there is; for the recommendation only."""
    details: Details = Field(default_factory=Details)
    utc_offset_min: Annotated[int, Field(ge=-14 * 60, le=14 * 60)] | None = None
    """Local time minus UTC, minutes."""


class CheckIn(Shape):
    """Today's check-in."""

    at: datetime
    pain_now: int
    stiffness: Stiffness | None
    answers: dict[str, Answer]
    places: list[str]
    head_turn: HeadTurn | None
    position: Position | None
    minutes: float | None
    details: Details


class CheckInQuestion(Shape):
    """One short question of the day."""

    id: str
    short_key: str
    text_key: str


class CheckInState(Shape):
    """Today's check-in, if there is one, and its questions."""

    check_in: CheckIn | None
    questions: list[CheckInQuestion]


# ------------------------------------------------------------------------------------------------------ today


class TechniqueToday(Shape):
    """What one technique may be today."""

    id: str
    permission: Permission
    reasons: list[Note]
    """Why it is closed or smaller today, most important first."""
    available: bool
    """Whether it can be started now."""
    ready_at: datetime | None
    """When a closed technique opens again by itself."""
    short_only: bool
    """Whether only the 2-minute version is open."""
    level: Literal["start", "middle", "standard"]
    """Which of the technique's doses."""
    dose: Dose | None
    """What is really done today, not what the technique's file says."""
    short_dose: Dose | None
    """The same of the short version."""
    variant: str | None
    """The variant that would be done."""
    minutes: float
    """Of the whole session, with warm-up and rests."""
    short_minutes: float
    warm_up_s: float
    effort: tuple[float, float] | None
    """How much it may be felt, of 10: least and most."""
    why: list[Note]
    """Why it is this much today, with the rows that say so."""


class Recommendation(Shape):
    """What is suggested today, and why."""

    exercise_id: str
    variant: str | None
    minutes: float
    short_minutes: float
    reasons: list[Note]
    """``rule_id`` is ``D`` where it is our own judgement alone."""
    alternatives: list[str]
    """Technique ids."""


class Lock(Shape):
    """Nothing may be started now."""

    reasons: list[Note]
    until: datetime | None
    """None: until the questions are answered anew or a clinician has said yes."""
    lock_ids: list[str]
    """What a clinician's clearance has to name, when it is one that opens."""
    card: str | None
    """Help card to show."""


class DayPlan(Shape):
    """Today's permissions and the suggestion."""

    techniques: list[TechniqueToday]
    recommendation: Recommendation | None
    lock: Lock | None
    cards: list[HelpPointer]
    """Help cards to show first, most urgent first."""
    reasons: list[Note]
    """Why the whole day is closed or smaller."""
    nudges: list[Note]
    """Kind remarks that close nothing."""
    ask: list[Question]
    """Rows to ask now, before anything opens; send their answers with the check-in."""
    breathing_only: bool
    """Gentle breathing is all for today."""


class TrendPoint(Shape):
    """Pain at a check-in, 0 to 10."""

    at: datetime
    value: float


class Trend(Shape):
    """Pain over weeks."""

    pain: list[TrendPoint]
    """What was told; of a long course the middle of each week."""
    line: list[TrendPoint]
    """The same without its scatter, for drawing."""
    start: float | None
    """Middle of the first week; None: too few days."""
    noise: float | None
    """A change of a week's middle that is smaller is noise; None: too few days."""
    noise_sentence: Sentence | None
    """Whose noise that is."""
    sentence: Sentence | None
    n_reports: int
    """Single answers behind it."""


class Interrupted(Shape):
    """A session that broke off and can go on."""

    id: str
    exercise_id: str
    variant: str | None
    mode: Mode
    short: bool
    started_at: datetime
    held_s: dict[str, float]
    at_s: float
    """Where its clock stands."""


class FollowUp(Shape):
    """The last session, of which it is not told yet when it was back to usual."""

    session_id: str
    exercise_id: str
    variant: str | None
    ended_at: datetime


class Today(Shape):
    """Everything that the first page shows."""

    screening_state: Literal["none", "draft", "valid", "expired", "locked"]
    alarm: list[str] | None
    """Emergency cards of unfinished answers that would lock; None where none of them would."""
    check_in: CheckIn | None
    questions: list[CheckInQuestion]
    plan: DayPlan | None
    """None until the safety questions and today's check-in are answered."""
    trend: Trend
    sessions_this_week: int
    interrupted: Interrupted | None
    mobility: CheckToday | None
    """None until the safety questions and today's check-in are answered."""
    follow_up: FollowUp | None
    """To be asked first, the day after."""
    welcome_back: bool
    """The last session was more than a week ago."""
    review_due: list[PartId]
    """Parts of the longer look back to ask now."""
    referrals: list[Referral]
    """Open reasons to talk to somebody, most urgent first."""
    usual: Usual
    """What was told once and need not be asked again."""


# ------------------------------------------------------------------------------------------------- techniques


class VariantInfo(Shape):
    """A gentler way of a technique."""

    id: str
    name_key: str
    what_key: str
    setup_keys: list[str]
    equipment: list[str]


class Technique(Shape):
    """One technique as the pages show it."""

    id: str
    code: str
    position: Literal["sitting", "standing", "supine"]
    facing: Literal["front", "side"]
    equipment: list[str]
    minutes: float
    sides: list[Literal["right", "left", "both"]]
    name_key: str
    what_key: str
    benefit_key: str
    camera_key: str
    setup_keys: list[str]
    steps_keys: list[str]
    dont_keys: list[str]
    unseen_keys: list[str]
    """What one camera cannot see."""
    ladder_keys: list[str]
    evidence: list[Evidence]
    variants: list[VariantInfo]
    doses: dict[Literal["short", "start", "middle", "standard"], Dose]
    dose: Dose | None
    """Today's; None while it is not known or not allowed."""
    permission: Permission | None
    """Today's; None until the questions are answered."""
    is_shut: bool
    """A danger sign closes all exercise: how it is done is left out."""
