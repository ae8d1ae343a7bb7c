"""Recognition: which technique a recording shows, when nobody says.

In: the quantities of a recording against the camera. Out: the technique whose signature fits, or none. The
measures are few and physical (lying or not, arms up or not, what moves and how far, in units of its noise);
their thresholds are in ``rules/recognition.yaml``. Next file: :mod:`unkink.coach.rulebook`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, Protocol, TypeAlias

import msgspec
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from unkink.body.quantities import INDEX
from unkink.coach.exercise import Exercise, Kebab, RepetitionCounting, Strict
from unkink.errors import RuleFault

if TYPE_CHECKING:
    from unkink.body.quantities import QuantitySeries

MeasureName: TypeAlias = Literal[
    "lying_share",
    "turn_deg",
    "turn_both_deg",
    "turn_over_noise",
    "bend_deg",
    "turn_over_bend",
    "arms_up_share",
    "arm_passes",
    "arm_swings",
]

STEP_S = 0.1
"""Recordings are looked at ten times a second, whatever their frame rate."""
_SMOOTH = 7
"""Steps of the running median that takes single wrong pictures out."""
_SHORTEST = 10
"""Fewer measured steps than this show nothing."""
_USUAL = (8.0, 50.0, 92.0)
"""Percentiles between which a person moves; what is rarer is walking in and out."""
_MOST_SD_DEG = 30.0
"""An arm that points at the camera tells nothing."""


class Condition(Strict, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A measure that speaks for a technique the more, the nearer it is to ``to``."""

    measure: MeasureName
    from_: float
    to: float

    def score(self, value: float) -> float:
        """Return 0 (speaks against) to 1 (speaks for); dimensionless."""
        share = (value - self.from_) / (self.to - self.from_)
        return min(max(share, 0.0), 1.0) if share > 0.0 else 0.0


class Signature(Strict, frozen=True, kw_only=True):
    """How a technique is known."""

    exercise: Kebab
    ways: Annotated[tuple[tuple[Condition, ...], ...], msgspec.Meta(min_length=1)]


class RecognitionRules(Strict, frozen=True, kw_only=True):
    """Signatures of all techniques that can be recognised."""

    format: Literal[1]
    evidence: tuple[str, ...]
    least_score: Annotated[float, msgspec.Meta(gt=0, le=1)]
    """Below it nothing fits."""
    least_margin: Annotated[float, msgspec.Meta(ge=0, le=1)]
    """Nearer to the next best than this, it cannot be told."""
    signatures: tuple[Signature, ...]


class Rules(Protocol):
    """What of the rulebook is needed."""

    @property
    def recognition(self) -> RecognitionRules:
        """Return the signatures."""
        ...

    @property
    def exercises(self) -> Mapping[str, Exercise]:
        """Return the techniques by their id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What a recording seems to show."""

    exercise_id: str | None
    """None when nothing fits, or two techniques fit nearly as well."""
    confidence_frac: float
    """0..1: how well the best fits, less what the next best fits beyond half."""
    scores: tuple[tuple[str, float], ...]
    """Every technique with its score 0..1, best first."""
    measures: tuple[tuple[str, float], ...]
    """What was measured: degrees, shares, counts."""


def check_recognition(
    path: str, rules: RecognitionRules, exercises: Mapping[str, Exercise]
) -> Iterator[RuleFault]:
    """Yield what the types cannot say: techniques that must exist, ramps that must lead somewhere."""
    seen: set[str] = set()
    for i, signature in enumerate(rules.signatures):
        where = f"$.signatures[{i}]"
        if signature.exercise not in exercises:
            yield _fault(path, f"{where}.exercise", "the id of a technique", signature.exercise)
        if signature.exercise in seen:
            yield _fault(path, f"{where}.exercise", "each technique once", signature.exercise)
        seen.add(signature.exercise)
        for k, way in enumerate(signature.ways):
            if not way:
                yield _fault(path, f"{where}.ways[{k}]", "at least one measure", "none")
            for n, condition in enumerate(way):
                if condition.from_ == condition.to:
                    found = f"{condition.from_} to {condition.to}"
                    yield _fault(path, f"{where}.ways[{k}][{n}]", "from and to that differ", found)


def _fault(file: str, path: str, expected: str, found: str) -> RuleFault:
    return RuleFault(file=file, path=path, line=0, expected=expected, found=found)


def recognise(quantities: QuantitySeries, rules: Rules) -> Recognition:
    """Tell which technique a recording shows.

    Parameters
    ----------
    quantities : QuantitySeries, degrees and norm, against the camera
        From :func:`unkink.body.angles.compute_all`.
    rules : Rulebook

    Returns
    -------
    Recognition
        Dimensionless scores.
    """
    measures = measure_movement(quantities, rules.exercises)
    scores = {s.exercise: 0.0 for s in rules.recognition.signatures}
    if measures:
        for signature in rules.recognition.signatures:
            scores[signature.exercise] = max(
                min(condition.score(measures[condition.measure]) for condition in way)
                for way in signature.ways
            )
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    best = ranked[0] if ranked else ("", 0.0)
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    fits = best[1] >= rules.recognition.least_score and best[1] - second >= rules.recognition.least_margin
    return Recognition(
        exercise_id=best[0] if fits else None,
        confidence_frac=round(max(best[1] - 0.5 * second, 0.0), 4),
        scores=tuple((name, round(score, 4)) for name, score in ranked),
        measures=tuple(measures.items()),
    )


def measure_movement(
    quantities: QuantitySeries, exercises: Mapping[str, Exercise]
) -> dict[MeasureName, float]:
    """Take the measures that signatures speak of.

    Parameters
    ----------
    quantities : QuantitySeries, degrees and norm, against the camera
    exercises : mapping of id to Exercise
        The range of the arms is that of the technique that counts repetitions.

    Returns
    -------
    dict
        Degrees, shares 0..1 and counts; NaN where it was not measured. Empty when hardly anything was.
    """
    steps = _find_steps(quantities)
    lying = np.isfinite(quantities.values[steps, INDEX["slide_norm"]])
    turn, turn_sd = _take(quantities, "shoulder_turn_deg", steps)
    upright = np.isfinite(turn) & ~lying
    n_seen = int(lying.sum() + upright.sum())
    if n_seen < _SHORTEST:
        return {}
    bend, _ = _take(quantities, "trunk_side_bend_deg", steps)
    turn_deg, turn_both_deg, noise_deg = _measure_excursion(turn[upright], turn_sd[upright])
    bend_deg, _, _ = _measure_excursion(bend[upright], np.zeros(int(upright.sum())))
    counting = next(
        (e.counting for e in exercises.values() if isinstance(e.counting, RepetitionCounting)), None
    )
    up_share, passes, swings = math.nan, math.nan, math.nan
    if counting is not None:
        up_share, passes, swings = _measure_arms(quantities, steps[upright], counting)
    return {
        "lying_share": float(lying.sum()) / n_seen,
        "turn_deg": turn_deg,
        "turn_both_deg": turn_both_deg,
        "turn_over_noise": turn_deg / noise_deg if noise_deg > 0.0 else math.nan,
        "bend_deg": bend_deg,
        "turn_over_bend": turn_deg / max(bend_deg, 1.0) if math.isfinite(bend_deg) else math.nan,
        "arms_up_share": up_share,
        "arm_passes": passes,
        "arm_swings": swings,
    }


def _find_steps(quantities: QuantitySeries) -> NDArray[np.intp]:
    """Return the picture nearest after each tenth of a second, so that every second counts alike."""
    t_s = quantities.t_s
    if len(t_s) == 0:
        return np.empty(0, dtype=np.intp)
    return np.unique(
        np.searchsorted(t_s, np.arange(t_s[0], t_s[-1] + STEP_S / 2.0, STEP_S)).clip(max=len(t_s) - 1)
    )


def _take(
    quantities: QuantitySeries, name: str, steps: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a quantity without single wrong pictures, and its SD, shape (M,) each."""
    values, sds = quantities.values[steps, INDEX[name]], quantities.sds[steps, INDEX[name]]
    known = np.flatnonzero(np.isfinite(values))
    if len(known) >= _SMOOTH:
        padded = np.pad(values[known], _SMOOTH // 2, mode="edge")
        values[known] = np.median(sliding_window_view(padded, _SMOOTH), axis=1)
    return values, sds


def _measure_excursion(values: NDArray[np.float64], sds: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return how far a quantity leaves its usual value to the one side and to the other, more before less.

    The third is the SD of the readings out there; degrees all.
    """
    known = np.isfinite(values)
    if known.sum() < _SHORTEST:
        return math.nan, math.nan, math.nan
    low, middle, high = np.percentile(values[known], _USUAL).tolist()
    more, less = max(high - middle, middle - low), min(high - middle, middle - low)
    out = known & (np.abs(values - middle) >= 0.7 * more)
    return more, less, float(np.median(sds[out])) if out.any() else math.nan


def _measure_arms(
    quantities: QuantitySeries, steps: NDArray[np.intp], counting: RepetitionCounting
) -> tuple[float, float, float]:
    """Return the share of the time with an arm up, and how often an arm went down and up again."""
    is_up = np.zeros(len(steps), dtype=bool)
    passes, swings = 0, 0
    for name in counting.quantities:
        values, sds = _take(quantities, name, steps)
        sure = np.isfinite(values) & (sds < _MOST_SD_DEG)
        is_up |= sure & (values - sds > counting.floor_deg)
        lows = list(_find_lows(values[sure], 0.5 * (counting.top_deg - counting.bottom_deg)))
        passes = max(passes, sum(low >= counting.floor_deg for low in lows))
        swings = max(swings, sum(low < counting.floor_deg for low in lows))
    return float(is_up.mean()) if len(steps) else math.nan, float(passes), float(swings)


def _find_lows(values: NDArray[np.float64], swing_deg: float) -> Iterator[float]:
    """Yield every lowest point between two that are higher by ``swing_deg``, degrees."""
    if len(values) == 0:
        return
    low = high = float(values[0])
    is_falling, has_high = True, False
    for value in values.tolist():
        if is_falling:
            low = min(low, value)
            if value > low + swing_deg:
                if has_high:
                    yield low
                is_falling, high = False, value
            elif value > high:
                high = value
            elif value < high - swing_deg:
                has_high = True
        else:
            high = max(high, value)
            if value < high - swing_deg:
                is_falling, has_high, low = True, True, value
