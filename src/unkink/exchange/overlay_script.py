"""What is to be seen on a video at each time: numbers, phase, hold, faults, as words and shares.

In: quantities, summary, technique. Out: one :class:`Moment` for any time. No drawing. Next file:
:mod:`unkink.exchange.overlay_picture`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unkink.body.quantities import INDEX
from unkink.body.uncertainty import Z_90
from unkink.coach.counting import main_quantities
from unkink.coach.exercise import Exercise, RepetitionCounting

if TYPE_CHECKING:
    from unkink.body.quantities import QuantitySeries
    from unkink.exchange.wording import Wording

LONGEST_APART_S = 0.15
"""Numbers and landmarks that are farther from a picture than this do not belong to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number."""

    text: str
    value: float
    """Degrees or norm; NaN where unmeasured."""
    noise: float
    """Half width of the 90 % interval, same unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A number in a ring that fills."""

    number: str
    word: str
    share: float
    """0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What is to be seen at one time."""

    readings: tuple[Reading, ...]
    hold: str | None
    """Side of the running hold."""
    ring: Ring | None
    chips: tuple[tuple[str, str], ...]
    """(text, ``plain`` or ``warm``)."""
    share: float
    """0..1 of the recording that is over."""
    marks: tuple[tuple[float, float], ...]
    """Holds or repetitions as shares of the recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is to be seen on a whole video."""

    quantities: QuantitySeries
    summary: Mapping[str, Any]
    exercise: Exercise
    wording: Wording
    end_s: float
    marks: tuple[tuple[float, float], ...]

    @classmethod
    def make(
        cls, quantities: QuantitySeries, summary: Mapping[str, Any], exercise: Exercise, wording: Wording
    ) -> Script:
        """Return the script of a recording (quantities in degrees and norm, against the neutral)."""
        end_s = max(float(quantities.t_s[-1]) if len(quantities.t_s) else 0.0, 1e-3)
        spans = [h for part in summary.get("sides", {}).values() for h in part.get("holds", ())]
        spans += list(summary.get("repetition_times", ()))
        marks = tuple((min(s["start_s"] / end_s, 1.0), min(s["end_s"] / end_s, 1.0)) for s in spans)
        return cls(
            quantities=quantities,
            summary=summary,
            exercise=exercise,
            wording=wording,
            end_s=end_s,
            marks=marks,
        )

    def at(self, t_s: float) -> Moment:
        """Return what is to be seen at ``t_s`` seconds."""
        hold = self._find_hold(t_s)
        return Moment(
            readings=self._read(t_s),
            hold=None if hold is None else hold[0],
            ring=self._make_ring(t_s, hold),
            chips=self._make_chips(t_s, hold),
            share=min(max(t_s / self.end_s, 0.0), 1.0),
            marks=self.marks,
        )

    def _read(self, t_s: float) -> tuple[Reading, ...]:
        times = self.quantities.t_s
        if len(times) == 0:
            return ()
        i = int(np.searchsorted(times, t_s))
        i = min(range(max(i - 1, 0), min(i + 1, len(times))), key=lambda k: abs(times[k] - t_s))
        is_near = abs(times[i] - t_s) <= LONGEST_APART_S
        readings: list[Reading] = []
        for name in main_quantities(self.exercise):
            value = float(self.quantities.values[i, INDEX[name]]) if is_near else math.nan
            noise = Z_90 * float(self.quantities.sds[i, INDEX[name]]) if is_near else math.nan
            if name.endswith("_deg"):
                readings.append(Reading(text=self._word(name, value, noise), value=value, noise=noise))
        return tuple(readings)

    def _word(self, name: str, value: float, noise: float) -> str:
        say = self.wording.say
        key = f"chart.curve.{name}"
        what = say(key) if self.wording.has(key) else ""
        if not (math.isfinite(value) and math.isfinite(noise)):
            return f"{what} \N{EN DASH}".strip()
        number = say("chart.number", level=abs(round(value)), noise=max(1, round(noise)))
        if what or round(value) == 0:
            return f"{what} {number}".strip()
        side = say(f"chart.{'up' if value > 0.0 else 'down'}.{name}")
        return f"{number} {side}"

    def _find_hold(self, t_s: float) -> tuple[str, float, float] | None:
        for side, part in self.summary.get("sides", {}).items():
            for hold in part.get("holds", ()):
                if hold["start_s"] <= t_s < hold["end_s"]:
                    return side, hold["start_s"], hold["end_s"]
        return None

    def _make_ring(self, t_s: float, hold: tuple[str, float, float] | None) -> Ring | None:
        say = self.wording.say
        if isinstance(self.exercise.counting, RepetitionCounting):
            times = self.summary.get("repetition_times", ())
            n = sum(span["end_s"] <= t_s for span in times)
            running = next((s for s in times if s["start_s"] <= t_s < s["end_s"]), None)
            share = 0.0
            if running is not None:
                share = (t_s - running["start_s"]) / (running["end_s"] - running["start_s"])
            return Ring(number=str(n), word=say("overlay.repetitions"), share=share)
        if hold is None:
            return None
        side, start_s, end_s = hold
        return Ring(
            number=f"{math.floor(t_s - start_s)} s",
            word=say(f"overlay.held.{side}"),
            share=(t_s - start_s) / max(end_s - start_s, 1e-3),
        )

    def _make_chips(self, t_s: float, hold: tuple[str, float, float] | None) -> tuple[tuple[str, str], ...]:
        say = self.wording.say
        chips: list[tuple[str, str]] = []
        pauses = self.summary.get("tracking", {}).get("pauses", ())
        chips += [
            (say(f"chart.gap.{p['reason']}"), "warm") for p in pauses if p["start_s"] <= t_s < p["end_s"]
        ]
        chips += [
            (say(f"fault.{f['id']}"), "warm")
            for f in self.summary.get("faults", ())
            if f["start_s"] <= t_s < f["end_s"]
        ]
        neutral = self.summary.get("neutral")
        if not chips and hold is None and neutral and neutral["start_s"] <= t_s < neutral["end_s"]:
            chips.append((say("chart.row.rest"), "plain"))
        return tuple(chips)
