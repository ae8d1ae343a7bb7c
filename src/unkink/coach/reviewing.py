"""The longer look back: which parts of it are due.

In: the history, ``rules/norms/outcomes.yaml``, the time. Out: the ids of the parts to ask now, none while the
last look or the last "not now" is young: nobody is asked more than once a week. Next file:
:mod:`unkink.coach.outcome`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeAlias

import msgspec

from unkink.coach.exercise import Positive, Strict
from unkink.coach.history import History, PastReview, clamp
from unkink.coach.lately import CHECKED
from unkink.coach.mobility import MOBILITY_ID
from unkink.coach.remembering import remember_some
from unkink.coach.safety_grammar import Grade
from unkink.errors import RuleFault

PartId: TypeAlias = Literal[
    "pain", "sleep", "mornings", "activities", "change", "start", "person", "posture", "mobility"
]
FIELDS: dict[PartId, tuple[str, ...]] = {
    "pain": ("pain_worst", "pain_average", "pain_days"),
    "sleep": ("nights_woken", "sleep_disturbance"),
    "mornings": ("stiff_mornings", "is_constant"),
    "activities": ("activities",),
    "change": ("global_change",),
    "start": ("since_weeks",),
    "person": ("age_years", "onset_age_years"),
    "posture": ("wall_gap_cm", "height_loss_cm"),
    "mobility": (),
}
"""What a part asks, as fields of :class:`~unkink.coach.history.PastReview`."""
_DAYS_A_YEAR = 365.2425


class Part(Strict, frozen=True, kw_only=True):
    """One group of questions and when it is asked: every so many days, in some weeks, or once."""

    id: PartId
    every_days: Positive | None = None
    weeks: tuple[Positive, ...] = ()
    """After the first check-in, rising."""
    is_once: bool = False
    from_age_years: Positive | None = None
    """Asked only from this age; never of someone whose age is not known."""
    source: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    grade: Grade
    evidence: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse a part with no time or with two kinds of it, and weeks out of order."""
        if (self.every_days is not None) + bool(self.weeks) + self.is_once != 1:
            msg = "exactly one of every_days, weeks, is_once"
            raise ValueError(msg)
        if list(self.weeks) != sorted(set(self.weeks)):
            msg = "weeks that rise"
            raise ValueError(msg)


class ReviewRules(Strict, frozen=True, kw_only=True):
    """When the longer look back is offered and what it asks."""

    format: Literal[1]
    spacing_days: Positive
    slack_h: Annotated[float, msgspec.Meta(ge=0, lt=24)]
    first_after_days: Annotated[float, msgspec.Meta(ge=0)]
    once_in_looks: Annotated[int, msgspec.Meta(ge=1)]
    parts: Annotated[tuple[Part, ...], msgspec.Meta(min_length=1)]


def check_reviews(path: str, rules: ReviewRules) -> tuple[RuleFault, ...]:
    """Return what the types cannot say: parts that are missing or there twice.

    Parameters
    ----------
    path : str
        Of the file.
    rules : ReviewRules

    Returns
    -------
    tuple of RuleFault
    """
    ids = [part.id for part in rules.parts]
    return tuple(
        RuleFault(file=path, path="$.parts", line=0, expected=f"part {name} once", found=str(ids.count(name)))
        for name in FIELDS
        if ids.count(name) != 1
    )


def find_due(
    history: History, rules: ReviewRules, now: datetime, *, put_off_at: datetime | None = None
) -> tuple[PartId, ...]:
    """Return the parts to ask now, in the order of the rules.

    Parameters
    ----------
    history : History
    rules : ReviewRules
    now : datetime
        Aware UTC.
    put_off_at : datetime or None
        When the person last said "not now", aware UTC.

    Returns
    -------
    tuple of str
        Empty while nothing that recurs is due, or the last look is younger than the spacing.
    """
    start = find_start(history, now)
    if start is None or now - start < timedelta(days=rules.first_after_days):
        return ()
    slack = timedelta(hours=rules.slack_h)
    spacing = timedelta(days=rules.spacing_days) - slack
    looks = [r.at for r in _choose_looks(history.reviews)]
    rests = [*looks, *([] if put_off_at is None else [put_off_at])]
    # what is dated later than now was told by a clock that was ahead: it must not silence a whole year
    if any(timedelta(0) <= now - at < spacing for at in rests):
        return ()
    due = tuple(
        part
        for part in rules.parts
        if (not part.is_once or len(looks) < rules.once_in_looks)
        and _is_due(part, history, start, now, slack)
    )
    return tuple(part.id for part in due) if any(calls(part) for part in due) else ()


def calls(part: Part) -> bool:
    """Tell whether a part is a reason for a look by itself; the others only come along.

    Parameters
    ----------
    part : Part

    Returns
    -------
    bool
    """
    return not part.is_once and part.from_age_years is None and bool(FIELDS[part.id])


def is_look(review: PastReview) -> bool:
    """Tell whether it was a longer look, not only what the check-in asks once.

    Parameters
    ----------
    review : PastReview

    Returns
    -------
    bool
    """
    return any(
        _has(review, name)
        for part, names in FIELDS.items()
        if part not in {"start", "person"}
        for name in names
    )


@remember_some
def _choose_looks(review: PastReview) -> bool:
    return is_look(review)


def find_start(history: History, now: datetime) -> datetime | None:
    """Return when the person began, aware UTC: their first check-in.

    Parameters
    ----------
    history : History
    now : datetime
        Aware UTC.

    Returns
    -------
    datetime or None
    """
    first = min(CHECKED.moments(history.check_ins), default=None)
    return None if first is None else clamp(first, now)


def find_age(history: History, now: datetime) -> float | None:
    """Return how old the person is now, years, by the last age that they told.

    Parameters
    ----------
    history : History
    now : datetime
        Aware UTC.

    Returns
    -------
    float or None
    """
    told = [(r.at, r.age_years) for r in history.reviews if r.age_years is not None]
    if not told:
        return None
    at, age_years = told[-1]
    return age_years + max(0.0, (now - at).total_seconds() / 86_400 / _DAYS_A_YEAR)


def _has(review: PastReview, name: str) -> bool:
    return getattr(review, name) not in (None, {})


def _answered_at(part: Part, history: History) -> datetime | None:
    if part.id == "mobility":
        checks = (s for s in reversed(history.sessions) if s.exercise_id == MOBILITY_ID)
        return next((s.started_at for s in checks if s.is_work), None)
    names = FIELDS[part.id]
    return next((r.at for r in reversed(history.reviews) if any(_has(r, name) for name in names)), None)


def _is_due(part: Part, history: History, start: datetime, now: datetime, slack: timedelta) -> bool:
    if part.from_age_years is not None:
        age_years = find_age(history, now)
        if age_years is None or age_years < part.from_age_years:
            return False
    at = _answered_at(part, history)
    if part.is_once:
        return at is None
    if part.every_days is not None:
        return at is None or at > now or now - at >= timedelta(days=part.every_days) - slack
    marks = [mark for week in part.weeks if (mark := start + timedelta(weeks=week) - slack) <= now]
    return bool(marks) and (at is None or at < marks[-1])
