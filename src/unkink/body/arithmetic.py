"""One formula, two ways to run it: plain floats for one live frame, arrays for a recording.

In: nothing. Out: :data:`SCALAR` and :data:`ARRAY`, the elementary functions that every formula of this folder
is written with, and :class:`Points`, the landmarks as columns. Numpy needs about a microsecond per call
whatever the length, so a single frame is ten times faster in plain floats; writing each formula once for both
keeps live equal to recorded. Next file: :mod:`unkink.body.axes`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from unkink.body.landmarks import N_LANDMARKS, LandmarkSeries

Lane = Any
"""A float (one frame) or an array of shape (N,): the same formula serves both."""

_FAR = 20.0
"""Coordinates beyond this many picture widths are nonsense from outside and count as unmeasured."""
_TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """Elementary functions on lanes; angles in radians inside, never across a module's border."""

    atan2: Callable[[Lane, Lane], Lane]
    hypot: Callable[[Lane, Lane], Lane]
    sqrt: Callable[[Lane], Lane]
    """Square root; of a negative number 0."""
    exp: Callable[[Lane], Lane]
    """Exponential; its argument is cut at +-40."""
    absolute: Callable[[Lane], Lane]
    least: Callable[[Lane, Lane], Lane]
    most: Callable[[Lane, Lane], Lane]
    """Only the first argument may be NaN (then so is the answer): of the second Python and numpy disagree."""
    choose: Callable[[Lane, Lane, Lane], Lane]
    """choose(condition, if true, if false)."""


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x > 0.0 else (0.0 if x <= 0.0 else math.nan)


def _exp(x: float) -> float:
    return math.exp(max(-40.0, min(40.0, x))) if not math.isnan(x) else math.nan


def _choose(condition: bool, yes: float, no: float) -> float:
    return yes if condition else no


SCALAR = Arithmetic(
    atan2=math.atan2,
    hypot=math.hypot,
    sqrt=_sqrt,
    exp=_exp,
    absolute=abs,
    least=min,
    most=max,
    choose=_choose,
)

ARRAY = Arithmetic(
    atan2=np.arctan2,
    hypot=np.hypot,
    sqrt=lambda x: np.sqrt(np.maximum(x, 0.0)),
    exp=lambda x: np.exp(np.clip(x, -40.0, 40.0)),
    absolute=np.abs,
    least=np.minimum,
    most=np.maximum,
    choose=np.where,
)

TINY = _TINY
"""Added to a divisor that may vanish."""


@dataclass(frozen=True, slots=True)
class Points:
    """Landmarks of one frame (floats) or a recording (columns (N,)), by index, pixels of one common scale."""

    x: Sequence[Lane]
    """Right in the picture, pixels."""
    y: Sequence[Lane]
    """Down in the picture, pixels."""
    z: Sequence[Lane]
    """Away from the camera, pixels (raw depth: biased, see :mod:`unkink.body.turn`)."""
    seen: Sequence[Lane]
    """Visibility 0..1; 0 outside the picture; 1 where the source does not know it."""
    width_px: float
    height_px: float
    is_found: Lane
    """Whether anybody was found."""


_NAN33 = (math.nan,) * N_LANDMARKS
_ZERO33 = (0.0,) * N_LANDMARKS


def to_points(series: LandmarkSeries, frame_idx: int) -> Points:
    """Landmarks of one frame as plain floats, pixels; whatever is not a sensible number becomes NaN.

    Parameters
    ----------
    series : LandmarkSeries
    frame_idx : int

    Returns
    -------
    Points
        Floats in pixels; ``is_found`` is False when nobody was found.
    """
    width, height = float(series.width_px), float(series.height_px)
    xs, ys, zs, vs = cast("list[list[float]]", series.image[frame_idx].T.tolist())
    total = sum(xs) + sum(ys) + sum(zs)
    is_sane = -_FAR * N_LANDMARKS < total < _FAR * N_LANDMARKS
    if not is_sane or max(xs) > _FAR or max(ys) > _FAR or min(xs) < -_FAR or min(ys) < -_FAR:
        bad = [not (abs(x) <= _FAR and abs(y) <= _FAR) for x, y in zip(xs, ys, strict=True)]
        if all(bad):
            return Points(_NAN33, _NAN33, _NAN33, _ZERO33, width, height, is_found=False)
        xs = [math.nan if b else x for x, b in zip(xs, bad, strict=True)]
        ys = [math.nan if b else y for y, b in zip(ys, bad, strict=True)]
        zs = [z if not b and abs(z) <= _FAR else math.nan for z, b in zip(zs, bad, strict=True)]
    if not (min(vs) >= 0.0 and max(vs) <= 1.0 and sum(vs) >= 0.0):
        vs = [1.0 if math.isnan(v) else min(1.0, max(0.0, v)) for v in vs]
    seen = [v if 0.0 <= x <= 1.0 and 0.0 <= y <= 1.0 else 0.0 for x, y, v in zip(xs, ys, vs, strict=True)]
    wide, high, deep = [x * width for x in xs], [y * height for y in ys], [z * width for z in zs]
    return Points(wide, high, deep, seen, width, height, is_found=True)


def to_columns(series: LandmarkSeries) -> Points:
    """Landmarks of a recording as columns (N,), pixels; whatever is not a sensible number becomes NaN.

    Parameters
    ----------
    series : LandmarkSeries, N frames

    Returns
    -------
    Points
        Columns of shape (N,) in pixels.
    """
    width, height = float(series.width_px), float(series.height_px)
    x, y, z, v = np.ascontiguousarray(series.image.transpose(2, 1, 0), dtype=np.float64)
    with np.errstate(invalid="ignore"):
        bad = ~((np.abs(x) <= _FAR) & (np.abs(y) <= _FAR))
        x, y = np.where(bad, np.nan, x), np.where(bad, np.nan, y)
        z = np.where(bad | ~(np.abs(z) <= _FAR), np.nan, z)
        inside = (x >= 0.0) & (x <= 1.0) & (y >= 0.0) & (y <= 1.0)
        seen = np.where(inside, np.where(np.isnan(v), 1.0, np.clip(v, 0.0, 1.0)), 0.0)
    return Points(
        list(x * width), list(y * height), list(z * width), list(seen), width, height, ~bad.all(axis=0)
    )
