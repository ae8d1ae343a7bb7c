"""The shapes of the longer look back, of what a person tells by themselves, and of the body map.

In: nothing. Out: pydantic models. Next file: :mod:`unkink.front.routes.reviews`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from unkink.coach.history import NoteKind
from unkink.coach.reviewing import PartId
from unkink.front.routes.shapes import Pain, PlainName, Shape, Wish

Days = Annotated[int, Field(ge=0, le=7, strict=True)]
Age = Annotated[int, Field(ge=0, le=120, strict=True)]
Centimetres = Annotated[float, Field(ge=0, le=60)]
ActivityId = Annotated[str, StringConstraints(pattern=r"^a[0-9]{1,4}$")]
ActivityText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
OffsetMin = Annotated[int, Field(ge=-14 * 60, le=14 * 60)]
N_ACTIVITIES = 3

# ------------------------------------------------------------------------------------------------- body map


class MapLines(Shape):
    """What is stroked in one view besides the contour."""

    front: list[str]
    back: list[str]


class MapRegion(Shape):
    """One region in one view; its name has the key ``place.<id>``."""

    id: str
    view: Literal["front", "back"]
    path: str


class BodyMap(Shape):
    """A figure, seen from the front and from the back: paths of SVG."""

    width: int
    height: int
    outline: str
    contour: str
    lines: MapLines
    regions: list[MapRegion]


# --------------------------------------------------------------------------------------------------- reviews


class Activity(Wish):
    """Something that matters to the person and that their back makes harder."""

    id: ActivityId
    text: ActivityText


class Activities(Wish):
    """The person's own activities."""

    activities: Annotated[list[Activity], Field(max_length=N_ACTIVITIES)]

    @model_validator(mode="after")
    def _name_each_once(self) -> Activities:
        if len({activity.id for activity in self.activities}) != len(self.activities):
            msg = "each id once"
            raise ValueError(msg)
        return self


class ReviewAnswers(Wish):
    """A longer look back; null: not asked or not answered."""

    pain_worst: Pain | None = None
    """Worst of the last 24 hours."""
    pain_average: Pain | None = None
    """Average of the last 24 hours."""
    pain_days: Days | None = None
    """Days with pain among the last 7."""
    nights_woken: Days | None = None
    """Nights woken by pain among the last 7."""
    sleep_disturbance: Pain | None = None
    """0 not at all to 10 completely."""
    stiff_mornings: Days | None = None
    """Mornings stiff for more than half an hour among the last 7."""
    is_constant: bool | None = None
    """Whether the pain is there all the time, eased by no position."""
    since_weeks: Annotated[float, Field(ge=0, le=5300)] | None = None
    """For how long the trouble has been there."""
    onset_age_years: Age | None = None
    brings_on: Annotated[list[PlainName], Field(max_length=20)] = Field(default_factory=list)
    """What brings the trouble on."""
    global_change: Annotated[int, Field(ge=-5, le=5, strict=True)] | None = None
    """-5 very much worse to 5 completely recovered."""
    activities: Annotated[dict[ActivityId, Pain], Field(max_length=N_ACTIVITIES)] = Field(
        default_factory=dict
    )
    """0 cannot do it to 10 as before, by the id of the activity."""
    wall_gap_cm: Centimetres | None = None
    height_loss_cm: Centimetres | None = None
    age_years: Age | None = None
    utc_offset_min: OffsetMin | None = None
    """Local time minus UTC, minutes."""


class ReviewPart(Shape):
    """A group of questions and on what asking it rests."""

    id: PartId
    rule_ids: list[str]


class Usual(Shape):
    """What was told once and need not be asked again."""

    places: list[str]
    """Of the last check-in that named any."""
    since_weeks: float | None
    """As of now."""
    brings_on: list[str]
    age_years: int | None
    """As of now, by the age that was told."""


class Review(Shape):
    """The longer look back: what is due, what it can ask, what is known."""

    due: list[PartId]
    parts: list[ReviewPart]
    """All of them, in their order."""
    activities: list[Activity]
    usual: Usual
    last_at: datetime | None


class NoteGiven(Wish):
    """Something that a person tells outside of any question."""

    kind: NoteKind
    text: Annotated[str, StringConstraints(max_length=2000)] | None = None
    """In their own words; nothing reads it but the person and their report."""
    session_id: Annotated[str, StringConstraints(max_length=64)] | None = None
    utc_offset_min: OffsetMin | None = None
    """Local time minus UTC, minutes."""
