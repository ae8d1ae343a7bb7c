"""How far Unkink itself is off, as the page About tells it.

In: ``rules/norms/own_accuracy.yaml``, which repeats the headline of the frozen tables. Out:
:class:`OwnAccuracy`.
Next file: :mod:`unkink.coach.learning`.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from unkink.coach.exercise import Positive, Strict

Frac = Annotated[float, msgspec.Meta(ge=0, le=1)]


class OwnAccuracy(Strict, frozen=True, kw_only=True):
    """Errors of the shoulder turn on clips that were kept apart."""

    format: Literal[1]
    version: str
    """Of the program that was measured."""
    quantity: Literal["shoulder_turn_deg"]
    unit: Literal["degrees"]
    population: str
    n_clips: Annotated[int, msgspec.Meta(ge=1)]
    mean_absolute_error_deg: Positive
    bias_deg: float
    limits_of_agreement_deg: tuple[float, float]
    within_interval_frac: Frac
    """Share of the errors that lay within the interval that is told."""
    interval_frac: Frac
    """Share that should."""
