"""Builders with defaults: a test names only what matters."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace as replace_struct

from unkink.acquire.recorded import Recording
from unkink.acquire.synthetic import SyntheticMotion, make_motion, make_script
from unkink.coach.events import AnyEvent, Bye, Effect, Tick
from unkink.coach.screening import Permission
from unkink.coach.session import make_plan
from unkink.pipeline import Engine, load_rulebook

if TYPE_CHECKING:
    from unkink.coach.rulebook import Rulebook
    from unkink.coach.session_state import Plan


@cache
def make_rulebook() -> Rulebook:
    """The rules as they ship."""
    return load_rulebook()


def make_test_plan(exercise_id: str = "seated-twist", **changes: Any) -> Plan:
    """A plan of the start dose for somebody who may do everything."""
    wanted: dict[str, Any] = {"variant": None, "mode": "camera", "permission": Permission(), "level": "start"}
    wanted |= {k: changes.pop(k) for k in tuple(changes) if k in wanted}
    plan = make_plan(make_rulebook(), exercise_id=exercise_id, **wanted)
    return replace_struct(plan, **changes)


def make_engine(exercise_id: str = "seated-twist", **changes: Any) -> Engine:
    """An engine before its first picture."""
    return Engine.start(make_test_plan(exercise_id, **changes), make_rulebook())


def make_person(exercise_id: str = "seated-twist", **changes: Any) -> SyntheticMotion:
    """A synthetic person who does the technique correctly."""
    script = {k: changes.pop(k) for k in ("level_deg", "hold_s", "move_s") if k in changes}
    return make_motion(make_script(exercise_id, **script), is_lying=exercise_id == "foam-roller", **changes)


def make_recording(motion: SyntheticMotion, **metadata: str) -> Recording:
    """A recording of a synthetic person."""
    return Recording(series=motion.series, metadata=metadata)


def play(
    engine: Engine, motion: SyntheticMotion, events: tuple[AnyEvent, ...] = ()
) -> tuple[Engine, list[Effect]]:
    """Let the engine see a person, with events in between, and say goodbye."""
    effects: list[Effect] = []
    waiting = sorted(events, key=lambda e: e.t_s)
    for frame in motion.frames():
        while waiting and waiting[0].t_s <= frame.t_s[0]:
            engine, more = engine.hear(waiting.pop(0))
            effects += more
        engine, more = engine.see(frame)
        effects += more
    for event in waiting:
        engine, more = engine.hear(event)
        effects += more
    if engine.session.status == "running":
        engine, more = engine.hear(Bye(t_s=float(motion.series.t_s[-1]), reason="end"))
        effects += more
    return engine, effects


def tick(engine: Engine, from_s: float, to_s: float, step_s: float = 0.25) -> tuple[Engine, list[Effect]]:
    """Let time pass."""
    effects: list[Effect] = []
    n = round((to_s - from_s) / step_s)
    for i in range(1, n + 1):
        engine, more = engine.hear(Tick(t_s=from_s + i * step_s))
        effects += more
    return engine, effects
