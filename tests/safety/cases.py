"""Values for the safety tests: name only what matters."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from unkink.coach.dose import CheckIn, Today, check_in
from unkink.coach.history import History, PastScreening, PastSession
from unkink.coach.safety import Situation
from unkink.coach.safety_rules import SafetyRules, decode_safety, make_limits
from unkink.coach.screening import Assessment, Details, Permission, assess

RULES_DIR = Path(__file__).parents[2] / "src" / "unkink" / "rules"
FILES = {f"safety/{path.name}": path.read_bytes() for path in sorted((RULES_DIR / "safety").glob("*.yaml"))}
RULES: SafetyRules = decode_safety(FILES)
LIMITS = make_limits(RULES)
TEXTS: dict[str, str] = {
    key: text
    for path in sorted((RULES_DIR / "locales" / "en").glob("*.json"))
    for key, text in json.loads(path.read_text("utf-8")).items()
}
IDS = {"TW": "seated-twist", "SS": "standing-side-stretch", "WA": "wall-angels", "FR": "foam-roller"}
NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
MILD = Details(pain_now=3, constant=False, linked_to_movement=True)
ORDER = ("ok", "modify", "block")


def answers(**given: str) -> dict[str, str]:
    """Return no to everything but what is given."""
    return {row_id: given.get(row_id, "no") for row_id in RULES.rows}


def assessed(details: Details | None = None, cleared: tuple[str, ...] = (), **given: str) -> Assessment:
    return assess(answers(**given), details or Details(), RULES, cleared)


def effect(assessment: Assessment, code: str) -> str:
    return assessment.permissions[IDS[code]].effect


def hours_ago(hours: float, now: datetime = NOW) -> datetime:
    return now - timedelta(hours=hours)


def session(hours: float, exercise_id: str = IDS["TW"], **more: Any) -> PastSession:
    """Return a finished session that began so many hours before now, without pain."""
    given: dict[str, Any] = {
        "duration_s": 0.0,
        "held_s": {"right": 30.0, "left": 30.0},
        "pain_before": 1,
        "pain_after": 0,
        **more,
    }
    return PastSession(exercise_id=exercise_id, started_at=hours_ago(hours), **given)


def past(*sessions: PastSession, **more: Any) -> History:
    """Return a history with a clear screening of yesterday, unless another one is given."""
    screenings = (PastScreening(answered_at=hours_ago(24), tier="clear"),)
    return History(**{"sessions": sessions, "screenings": screenings, **more})


def many_sessions(n: int = 3, days_ago: float = 10) -> tuple[PastSession, ...]:
    """Return old painless sessions, so that the roller is open."""
    return tuple(session(days_ago * 24 - i) for i in range(n))


def checked(
    pain_now: float | None = 0, *, at: datetime = NOW, stiffness: Any = "no", **given: str
) -> CheckIn:
    """Return a check-in with no to P02 to P05 but what is given."""
    told: dict[str, Any] = {"P02": "no", "P03": "no", "P04": "no", "P05": "no", **given}
    return CheckIn(at=at, pain_now=pain_now, answers=told, stiffness=stiffness)


def day(
    check: CheckIn | None = None,
    history: History | None = None,
    assessment: Assessment | None = None,
    now: datetime = NOW,
) -> Today:
    return check_in(check or checked(at=now), history or past(), assessment or assessed(), RULES, now)


def situation(**more: Any) -> Situation:
    """Return a seated twist with a camera that goes well."""
    given: dict[str, Any] = {
        "t_s": 60.0,
        "t_last_seen_s": 59.9,
        "mode": "camera",
        "permission": Permission(),
        "exercise_code": "TW",
        "held_s": {"right": 20.0, "left": 0.0},
        "rules_version": RULES.version,
        **more,
    }
    return Situation(**given)


def is_as_strict(one: Permission, other: Permission) -> bool:
    """Whether ``one`` allows nothing that ``other`` does not."""
    if one.effect == "block":
        return True
    return (
        ORDER.index(one.effect) >= ORDER.index(other.effect)
        and one.dose_frac <= other.dose_frac
        and one.range_frac <= other.range_frac
        and (not other.variants or (bool(one.variants) and set(one.variants) <= set(other.variants)))
        and (other.max_hold_s is None or (one.max_hold_s is not None and one.max_hold_s <= other.max_hold_s))
        and (other.pain_limit is None or (one.pain_limit is not None and one.pain_limit <= other.pain_limit))
    )


def replaced(value: Any, **changes: Any) -> Any:
    return msgspec.structs.replace(value, **changes)
