"""Sessions to put into a diary, and a clock that obeys: name only what matters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from unkink.diary.records import (
    ExerciseSet,
    Measurement,
    SessionBegin,
    SessionEvent,
    SessionSummary,
    SessionUpdate,
)

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def make_begin(**changes: object) -> SessionBegin:
    values: dict[str, object] = {
        "exercise_id": "seated-twist",
        "variant": None,
        "mode": "camera",
        "rules_version": "r1",
        "utc_offset_min": 60,
        "pain_before": 3,
    }
    return SessionBegin(**(values | changes))


def make_events(n: int, start: int = 0) -> list[SessionEvent]:
    return [SessionEvent(t_s=float(i), kind="hold", payload={"i": i}) for i in range(start, start + n)]


def make_update(t_s: float = 4.0, **changes: object) -> SessionUpdate:
    values: dict[str, object] = {
        "t_s": t_s,
        "snapshot": {"phase": "hold", "t_s": t_s},
        "held_s": {"right": t_s},
    }
    return SessionUpdate(**(values | changes))


def make_summary(**changes: object) -> SessionSummary:
    values: dict[str, object] = {
        "t_s": 120.5,
        "summary": {"sides": {"right": {"held_s": 20.5}}},
        "held_s": {"right": 20.5, "left": 19.0},
        "pain_during": 2,
        "sets": (
            ExerciseSet(set_idx=0, side="right", started_s=10.0, ended_s=31.0, held_s=20.5),
            ExerciseSet(set_idx=0, side="left", started_s=40.0, ended_s=60.0, held_s=19.0, details={"a": 1}),
        ),
        "measurements": (
            Measurement(quantity="shoulder_turn_deg", side="right", value_deg=41.25, sd_deg=3.5, n=2),
            Measurement(
                quantity="shoulder_turn_deg", side="left", value_deg=None, sd_deg=None, n=0, reason="lost"
            ),
        ),
    }
    return SessionSummary(**(values | changes))
