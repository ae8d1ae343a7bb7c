"""What a report reads out of the diary, and how it is cut to a period.

In: an open diary. Out: :class:`Source`: everything, and :func:`cut`: what belongs to some days. A day is the
person's own day where and when they told it. Next file: :mod:`unkink.exchange.report`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import msgspec

from unkink.coach.history import History, compute_local_day
from unkink.diary import Diary, records

ACTIVITIES = "activities"
"""Setting with the person's own activities."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the diary holds, oldest first."""

    history: History
    screenings: tuple[records.Screening, ...]
    current: records.Screening | None
    """The round of safety questions in force."""
    reviews: tuple[records.Review, ...]
    notes: tuple[records.Note, ...]
    measurements: tuple[records.Measurement, ...]
    activities: dict[str, str]
    """Wording of the person's own activities by id."""
    now: datetime
    """Aware UTC."""
    offset_min: int
    """Local time minus UTC here, minutes."""
    end_at: datetime
    """End of it: now, or the end of the last day that was kept; aware UTC."""


def read_source(diary: Diary, now: datetime, offset_min: int) -> Source:
    """Read everything that a report may need.

    Parameters
    ----------
    diary : Diary
    now : datetime
        Aware UTC.
    offset_min : int
        Local time minus UTC here, minutes.
    """
    return Source(
        history=diary.history(),
        screenings=diary.screenings()[::-1],
        current=diary.current_screening(),
        reviews=diary.reviews(limit=None)[::-1],
        notes=diary.notes(limit=None)[::-1],
        measurements=diary.measurements(),
        activities=_read_activities(diary.settings().get(ACTIVITIES)),
        now=now,
        offset_min=offset_min,
        end_at=now,
    )


def _read_activities(stored: Any) -> dict[str, str]:
    """Return the wording by id; an import can have brought anything."""
    if not isinstance(stored, list):
        return {}
    known = [one for one in stored if isinstance(one, dict)]
    return {str(one.get("id")): str(one["text"]) for one in known if isinstance(one.get("text"), str)}


def day_of(at: datetime | None, utc_offset_min: int | None, source: Source) -> date:
    """Return the person's own day of an entry; one later than now counts as now."""
    offset = source.offset_min if utc_offset_min is None else utc_offset_min
    return compute_local_day(min(at or source.now, source.now), offset)


def cut(source: Source, from_day: date | None, to_day: date) -> Source:
    """Return what belongs to the days from ``from_day`` (None: the beginning) to ``to_day``, both inclusive.

    What has no place and time of its own (safety questions, clearances) is dated by the time here.
    """
    today = compute_local_day(source.now, source.offset_min)
    if from_day is None and to_day >= today:
        return source

    def keep(some: Iterable[_T], when: Callable[[_T], tuple[datetime | None, int | None]]) -> tuple[_T, ...]:
        return tuple(
            one
            for one in some
            if (from_day is None or from_day <= day_of(*when(one), source))
            and day_of(*when(one), source) <= to_day
        )

    past = source.history
    sessions = keep(past.sessions, lambda s: (s.started_at, s.utc_offset_min))
    screenings = keep(past.screenings, lambda s: (s.answered_at, None))
    history = msgspec.structs.replace(
        past,
        sessions=sessions,
        check_ins=keep(past.check_ins, lambda c: (c.at, c.utc_offset_min)),
        pops=keep(past.pops, lambda p: (p.at, p.utc_offset_min)),
        screenings=screenings,
        clearances=keep(past.clearances, lambda c: (c.saved_at, None)),
        reviews=keep(past.reviews, lambda r: (r.at, r.utc_offset_min)),
        notes=keep(past.notes, lambda n: (n.at, n.utc_offset_min)),
        referral_answers=keep(past.referral_answers, lambda a: (a.answered_at, None)),
        last_screening_at=screenings[-1].answered_at if screenings else None,
    )
    rounds = keep(source.screenings, lambda s: (s.answered_at, None))
    # the diary's own come after those that an import brought, as in Diary.current_screening
    current = max(rounds, key=lambda s: (not s.came_along, s.seq), default=None)
    midnight = datetime.combine(to_day + timedelta(days=1), time(), tzinfo=UTC)
    return replace(
        source,
        history=history,
        screenings=rounds,
        current=current,
        reviews=keep(source.reviews, lambda r: (r.at, r.utc_offset_min)),
        notes=keep(source.notes, lambda n: (n.at, n.utc_offset_min)),
        measurements=keep(source.measurements, lambda m: (m.measured_at, None)),
        end_at=midnight - timedelta(minutes=source.offset_min, microseconds=1),
    )
