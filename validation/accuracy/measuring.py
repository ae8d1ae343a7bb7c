"""What the engine makes of a take: live (only the past is known) and recorded (the whole is known).

In: a take. Out: :class:`Measured`. Next file: ``agreement.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from unkink.body.calibration import relate
from unkink.body.quantities import INDEX, RELATIVE, QuantitySeries
from unkink.body.track import TrackState, track
from unkink.coach.events import Bye, Frame
from unkink.coach.rulebook import Rulebook
from unkink.coach.screening import Permission
from unkink.coach.session import make_plan
from unkink.pipeline import Engine, analyse
from validation.accuracy.takes import Take

VARIANTS = ("live", "recorded")
_RELATIVE = [INDEX[name] for name in sorted(RELATIVE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Quantities of one take and the summary of its session."""

    variant: str
    quantities: QuantitySeries
    """Against the neutral; what is relative is NaN where no neutral is known."""
    summary: dict[str, Any]


def measure(take: Take, rulebook: Rulebook, variant: str) -> Measured:
    """Measure a take as ``live`` or as ``recorded``."""
    if variant == "live":
        return measure_live(take, rulebook)
    found = analyse(take.recording, rulebook, exercise_id=take.exercise_id)
    return Measured(variant=variant, quantities=found.quantities, summary=found.summary)


def measure_live(take: Take, rulebook: Rulebook) -> Measured:
    """Show the engine one picture after the other, as the page does, and keep what it knew at each."""
    plan = make_plan(
        rulebook,
        exercise_id=take.exercise_id,
        variant=None,
        mode="camera",
        permission=Permission(effect="ok", variants=()),
        level="standard",
    )
    engine, state = Engine.start(plan, rulebook), TrackState.start()
    values, sds = [], []
    for frame in take.recording.frames():
        state, sample = track(state, frame, engine.needs)
        engine, _ = engine.hear(Frame(t_s=sample.t_s, sample=sample))
        neutral = engine.session.neutral
        if neutral is not None:
            sample = relate(sample, neutral)
        values.append(sample.values)
        sds.append(sample.sds)
        if neutral is None:
            values[-1], sds[-1] = _without_relative(sample.values), _without_relative(sample.sds)
    t_s = take.recording.series.t_s
    if engine.session.status == "running":
        engine, _ = engine.hear(Bye(t_s=float(t_s[-1]), reason="end"))
    quantities = QuantitySeries(t_s=t_s, values=np.array(values), sds=np.array(sds))
    return Measured(variant="live", quantities=quantities, summary=engine.summary())


def _without_relative(row: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(np.nan if i in _RELATIVE else value for i, value in enumerate(row))
