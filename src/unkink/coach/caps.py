"""Over-use: how often and how much, over days (O01 to O03, D01, D03 to D05).

In: past sessions, now, the person's offset from UTC. Out: for each technique what closes it, and when it
opens again. A session dated later than now counts as now: a clock set back never opens anything. Next
file: :mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from unkink.coach.history import PastSession, clamp, compute_local_day
from unkink.coach.lately import STARTS
from unkink.coach.safety import Reason

if TYPE_CHECKING:
    from unkink.coach.safety_rules import SafetyRules
    from unkink.coach.screening import Params

_LONG_AGO = timedelta(days=14)
"""Nothing asks for the exact day of work before this: a day more or less is the same, and years are quick."""
_MOMENT = timedelta(microseconds=1)
_CLOCK_SLACK = timedelta(minutes=1)
"""A session may seem to end this much later than now without the clock having been set back."""


class CapFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One cap that is reached."""

    rule_id: str
    message_key: str
    ready_at: datetime | None = None
    """When it opens again by time alone; None: not by time."""
    is_short_open: bool = False
    """Whether the 2-minute version stays open."""


class Day(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Past work as seen from now."""

    now: datetime
    utc_offset_min: int
    sessions: tuple[PastSession, ...]
    """Work only, in the order of the diary."""

    @cached_property
    def today(self) -> date:
        """The person's date."""
        return compute_local_day(self.now, self.utc_offset_min)

    @property
    def midnight_at(self) -> datetime:
        """When the person's next day begins, aware UTC."""
        local = datetime.combine(self.today + timedelta(days=1), time(), tzinfo=UTC)
        return local - timedelta(minutes=self.utc_offset_min)

    def day_of(self, session: PastSession) -> date:
        """Date of a session; by its own offset or by today's, whichever is later: travel opens nothing."""
        at = clamp(session.started_at, self.now)
        if self.now - at > _LONG_AGO:
            return at.date()
        # the later day has the larger offset
        offset_min = max(session.utc_offset_min, self.utc_offset_min)
        return min(self.today, compute_local_day(at, offset_min))

    @cached_property
    def recent(self) -> tuple[PastSession, ...]:
        """Sessions of the last days, and those dated later than now: all that a day or a week looks at."""
        lately = STARTS.since(self.sessions, self.now - _LONG_AGO - _MOMENT)
        return tuple(s for s in lately if self.now - s.started_at <= _LONG_AGO)

    def on_today(self) -> tuple[PastSession, ...]:
        """Sessions of the person's today."""
        today = self.today
        return tuple(s for s in self.recent if self.day_of(s) == today)


def find_caps(exercise_id: str, day: Day, rules: SafetyRules) -> tuple[CapFinding, ...]:
    """Find the caps that one technique has reached.

    Parameters
    ----------
    exercise_id : str
    day : Day
    rules : SafetyRules

    Returns
    -------
    tuple of CapFinding
    """
    code = rules.codes[exercise_id]
    # the mobility check is no exercise: it neither opens nor closes one
    found: list[CapFinding] = []
    waits = rules.caps.start.waits.get(code, 0)
    finished = (s for s in day.sessions if s.status == "finished" and s.exercise_id in rules.codes)
    if sum(1 for _ in islice(finished, waits)) < waits:
        found.append(CapFinding(rule_id=rules.caps.start.id, message_key="safety.today.start-gate"))
    # what follows looks back over a week at most
    recent = tuple(s for s in day.recent if s.exercise_id in rules.codes)
    day = msgspec.structs.replace(day, sessions=recent)
    found += _find_load(exercise_id, day, rules)
    found += _find_frequency(exercise_id, day, rules)
    found += _find_routine(exercise_id, day, rules)
    return tuple(found)


def compute_rolled_s(exercise_id: str, day: Day) -> float:
    """Seconds rolled today.

    Parameters
    ----------
    exercise_id : str
    day : Day

    Returns
    -------
    float
        Seconds.
    """
    return sum(s.rolled_s for s in day.on_today() if s.exercise_id == exercise_id)


def compute_week_hold_s(exercise_id: str, day: Day) -> float:
    """Seconds held in the last seven days, the side with more (O03).

    Parameters
    ----------
    exercise_id : str
    day : Day

    Returns
    -------
    float
        Seconds.
    """
    since = day.today - timedelta(days=6)
    mine = [s for s in day.recent if s.exercise_id == exercise_id and day.day_of(s) >= since]
    return _most_held_s(mine)


def find_remarks(day: Day, rules: SafetyRules) -> tuple[Reason, ...]:
    """Find kind remarks on how much was done in the last seven days; they close nothing (O03, D04, D06).

    Parameters
    ----------
    day : Day
    rules : SafetyRules

    Returns
    -------
    tuple of Reason
    """
    since = day.today - timedelta(days=6)
    found: list[Reason] = []
    for exercise_id, code in rules.codes.items():
        held_s = compute_week_hold_s(exercise_id, day)
        week, useful = rules.caps.week, rules.prescription.volume
        if held_s >= week.hold_s_per_week:
            params: Params = {"exercise_id": exercise_id}
            found.append(Reason(rule_id=week.id, message_key="safety.today.week", params=params))
        elif held_s >= useful.useful_s_per_week:
            params = {"exercise_id": exercise_id, "minutes": round(useful.useful_s_per_week / 60)}
            found.append(Reason(rule_id=useful.id, message_key="prescription.week-useful", params=params))
        mine = [s for s in day.recent if s.exercise_id == exercise_id]
        n_days = len({day.day_of(s) for s in mine} & {since + timedelta(days=i) for i in range(7)})
        frequency = rules.caps.frequency
        advised = frequency.advised_per_week.get(code, 7)
        # what closes by itself needs no remark
        if n_days > advised and code not in frequency.days_per_week:
            params = {"exercise_id": exercise_id, "days": advised}
            found.append(Reason(rule_id=frequency.id, message_key="prescription.days-enough", params=params))
    return tuple(found)


def is_consecutive(exercise_id: str, day: Day) -> bool:
    """Tell whether the technique was done yesterday or today (D04).

    Parameters
    ----------
    exercise_id : str
    day : Day

    Returns
    -------
    bool
    """
    yesterday = day.today - timedelta(days=1)
    return any(s.exercise_id == exercise_id and day.day_of(s) >= yesterday for s in day.recent)


def _most_held_s(sessions: list[PastSession]) -> float:
    held_s: dict[str, float] = {}
    for session in sessions:
        for side, seconds in session.held_s.items():
            held_s[side] = held_s.get(side, 0.0) + seconds
    return max(held_s.values(), default=0.0)


def _find_load(exercise_id: str, day: Day, rules: SafetyRules) -> list[CapFinding]:
    """Today's seconds and repetitions, short sessions too: as many as its full sessions may have."""
    caps, code = rules.caps, rules.codes[exercise_id]
    mine = [s for s in day.on_today() if s.exercise_id == exercise_id]
    per_day = caps.sessions.per_day.get(code, 1)
    ceiling = getattr(caps.ceilings, code)
    found: list[CapFinding] = []
    if code == "FR" and sum(s.rolled_s for s in mine) >= caps.roll.hard_s_per_day:
        found.append(_until_tomorrow(caps.roll.id, "safety.today.rolled-enough", day))
    most_s, most_n = ceiling.hold_s_per_side, ceiling.repetitions
    held_enough = most_s is not None and _most_held_s(mine) >= most_s * per_day
    done_enough = most_n is not None and sum(s.repetitions for s in mine) >= most_n * per_day
    if held_enough or done_enough:
        found.append(_until_tomorrow(caps.ceilings.id, "safety.today.enough", day))
    return found


def _find_frequency(exercise_id: str, day: Day, rules: SafetyRules) -> list[CapFinding]:
    frequency = rules.caps.frequency
    most = frequency.days_per_week.get(rules.codes[exercise_id])
    if most is None:
        return []
    since = day.today - timedelta(days=6)
    days = {day.day_of(s) for s in day.sessions if s.exercise_id == exercise_id and day.day_of(s) >= since}
    # Today counts as one of the days if something was done already; going on today adds none.
    if len(days | {day.today}) <= most:
        return []
    # It opens when the oldest of the days leaves the week.
    ready_at = day.midnight_at + (min(days) - since)
    return [CapFinding(rule_id=frequency.id, message_key="safety.today.days-a-week", ready_at=ready_at)]


def _find_routine(exercise_id: str, day: Day, rules: SafetyRules) -> list[CapFinding]:
    """Full routines a day, so many hours apart; each technique once in a routine."""
    caps, code, now = rules.caps, rules.codes[exercise_id], day.now
    # The roller has one session a day, long or short.
    mine_today = [s for s in day.on_today() if s.exercise_id == exercise_id and (code == "FR" or not s.short)]
    if len(mine_today) >= caps.sessions.per_day.get(code, 1):
        finding = _until_tomorrow(caps.sessions.id, "safety.today.sessions", day)
        return [msgspec.structs.replace(finding, is_short_open=code != "FR")]
    full = [s for s in day.sessions if not s.short]
    if not full:
        return []
    routines = _group_routines(full, timedelta(minutes=caps.routines.together_min))
    last_end = max(clamp(s.ended_at, now) for s in full)
    was_set_back = any(s.ended_at > now + _CLOCK_SLACK for s in full)
    is_running = not was_set_back and now - last_end <= timedelta(minutes=caps.routines.together_min)
    if is_running and all(s.exercise_id != exercise_id for s in routines[-1]):
        return []
    is_short_open = code != "FR"
    n_today = sum(1 for routine in routines if any(day.day_of(s) == day.today for s in routine))
    if n_today >= caps.routines.per_day:
        finding = _until_tomorrow(caps.routines.id, "safety.today.routines", day)
        return [msgspec.structs.replace(finding, is_short_open=is_short_open)]
    ready_at = last_end + timedelta(hours=caps.routines.apart_h)
    if now < ready_at:
        return [
            CapFinding(
                rule_id=caps.routines.id,
                message_key="safety.today.apart",
                ready_at=ready_at,
                is_short_open=is_short_open,
            )
        ]
    return []


def _group_routines(full: list[PastSession], together: timedelta) -> list[list[PastSession]]:
    """Group sessions that follow each other closely, by their own times."""
    routines: list[list[PastSession]] = []
    for session in sorted(full, key=lambda s: s.started_at):
        if routines and session.started_at - max(s.ended_at for s in routines[-1]) <= together:
            routines[-1].append(session)
        else:
            routines.append([session])
    return routines


def _until_tomorrow(rule_id: str, message_key: str, day: Day) -> CapFinding:
    return CapFinding(rule_id=rule_id, message_key=message_key, ready_at=day.midnight_at)
