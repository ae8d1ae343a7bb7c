"""A whole recording: measured like live pictures, then smoothed with the future as well as the past.

In: landmarks in pieces. Out: blocks of quantities whose jitter is taken off without delay (zero phase), and
the same as samples, so that the coach takes them like live ones. Memory does not grow with the recording:
only what lies within the filter's reach is kept. Next file: :mod:`unkink.body.calibration`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unkink.body.calibration import Neutral, relate
from unkink.body.landmarks import N_LANDMARKS, LandmarkSeries
from unkink.body.quality import ViewNeeds
from unkink.body.quantities import INDEX, QUANTITIES, RELATIVE, QuantitySeries, Sample, ViewQuality
from unkink.body.track import TrackState, track

SIGMA_S = 0.08
"""Standard deviation of the smoothing kernel: half of a movement at 2 Hz passes, breathing and stretching
unchanged."""
REACH = 3.0
"""Standard deviations at which the kernel is cut off."""
LONGEST_GAP_S = 0.3
"""Values are not smoothed over a longer gap."""

_N_Q = len(QUANTITIES)
_UNSEEN = (0.0,) * N_LANDMARKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some pictures of a recording, measured against the camera."""

    t_s: NDArray[np.float64]
    """(N,), seconds."""
    values: NDArray[np.float64]
    """(N, Q) in the order of ``QUANTITIES``, degrees or norm; NaN where unmeasured."""
    sds: NDArray[np.float64]
    """(N, Q), standard deviations of single pictures, same units."""
    points: NDArray[np.float64]
    """(N, P) landmarks to compare with the neutral's, pixels; NaN where nobody was found."""
    visible: NDArray[np.float32]
    """(N, 33) visibility 0..1 of each landmark, 0 where nobody was found."""
    views: tuple[ViewQuality, ...]

    def __len__(self) -> int:
        """Return the number of pictures N."""
        return len(self.t_s)

    def samples(self) -> Iterator[Sample]:
        """Yield the pictures as samples, as if they came live."""
        columns = (self.t_s, self.values, self.sds, self.points, self.visible)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for (t_s, values, sds, points, visible), view in zip(rows, self.views, strict=True):
            is_found = bool(points) and not math.isnan(points[0])
            yield Sample(
                t_s=t_s,
                values=tuple(values),
                sds=tuple(sds),
                visible=tuple(visible) if is_found else (),
                view=view,
                points=tuple(points) if is_found else (),
            )


def measure_blocks(pieces: Iterable[LandmarkSeries], needs: ViewNeeds) -> Iterator[Block]:
    """Measure a recording picture by picture, by the very steps of live measuring.

    Parameters
    ----------
    pieces : iterable of LandmarkSeries, in the order of time
    needs : ViewNeeds

    Yields
    ------
    Block
        One per piece, against the camera.
    """
    state = TrackState.start()
    for piece in pieces:
        samples: list[Sample] = []
        for i in range(len(piece)):
            state, sample = track(state, _frame(piece, i), needs)
            samples.append(sample)
        if samples:
            yield _pack(samples)


def _frame(series: LandmarkSeries, i: int) -> LandmarkSeries:
    light, persons = series.brightness_frac, series.n_persons
    return LandmarkSeries(
        t_s=series.t_s[i : i + 1],
        image=series.image[i : i + 1],
        width_px=series.width_px,
        height_px=series.height_px,
        brightness_frac=None if light is None else light[i : i + 1],
        n_persons=None if persons is None else persons[i : i + 1],
    )


def _pack(samples: list[Sample]) -> Block:
    n_points = max(len(s.points) for s in samples)
    points = np.full((len(samples), n_points), np.nan)
    for row, sample in zip(points, samples, strict=True):
        if sample.points:
            row[:] = sample.points
    return Block(
        t_s=np.array([s.t_s for s in samples]),
        values=np.array([s.values for s in samples]),
        sds=np.array([s.sds for s in samples]),
        points=points,
        visible=np.array([s.visible or _UNSEEN for s in samples], dtype=np.float32),
        views=tuple(s.view for s in samples),
    )


def smooth_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    """Take the jitter off a recording without delay.

    A local straight line through the neighbours of every picture, weighted by a Gaussian of ``SIGMA_S``:
    zero phase, any spacing of pictures. What was not measured stays unmeasured; gaps longer than
    ``LONGEST_GAP_S`` are not bridged.

    Parameters
    ----------
    blocks : iterable of Block, in the order of time

    Yields
    ------
    Block
        Later by the kernel's reach, complete at the end.
    """
    held: Block | None = None
    done_s = -np.inf
    margin_s = REACH * SIGMA_S
    for block in blocks:
        held = block if held is None else _join(held, block)
        ready = (held.t_s > done_s) & (held.t_s <= held.t_s[-1] - margin_s)
        if ready.any():
            smoothed = _smooth(held)
            yield _select(smoothed, ready)
            done_s = float(held.t_s[ready][-1])
        held = _select(held, held.t_s > done_s - margin_s - LONGEST_GAP_S)
    if held is not None and (held.t_s > done_s).any():
        yield _select(_smooth(held), held.t_s > done_s)


def _select(block: Block, keep: NDArray[np.bool_]) -> Block:
    return Block(
        t_s=block.t_s[keep],
        values=block.values[keep],
        sds=block.sds[keep],
        points=block.points[keep],
        visible=block.visible[keep],
        views=tuple(view for view, is_kept in zip(block.views, keep.tolist(), strict=True) if is_kept),
    )


def _join(a: Block, b: Block) -> Block:
    n_points = max(a.points.shape[1], b.points.shape[1])
    return Block(
        t_s=np.concatenate([a.t_s, b.t_s]),
        values=np.concatenate([a.values, b.values]),
        sds=np.concatenate([a.sds, b.sds]),
        points=np.concatenate([_widen(a.points, n_points), _widen(b.points, n_points)]),
        visible=np.concatenate([a.visible, b.visible]),
        views=a.views + b.views,
    )


def _widen(points: NDArray[np.float64], n_points: int) -> NDArray[np.float64]:
    if points.shape[1] == n_points:
        return points
    return np.full((len(points), n_points), np.nan)


def _smooth(block: Block) -> Block:
    both = smooth(block.t_s, np.concatenate([block.values, block.points], axis=1))
    return Block(
        t_s=block.t_s,
        values=both[:, :_N_Q],
        sds=block.sds,
        points=both[:, _N_Q:],
        visible=block.visible,
        views=block.views,
    )


def relate_block(block: Block, neutral: Neutral | None) -> QuantitySeries:
    """Return a block against the person's neutral, degrees or norm.

    Where no neutral was found, what is measured from it is NaN: against the camera it means something else.
    """
    if neutral is None:
        values, sds = block.values.copy(), block.sds.copy()
        columns = [INDEX[name] for name in RELATIVE]
        values[:, columns] = sds[:, columns] = np.nan
        return QuantitySeries(t_s=block.t_s, values=values, sds=sds)
    samples = [relate(sample, neutral) for sample in block.samples()]
    return QuantitySeries(
        t_s=block.t_s,
        values=np.array([s.values for s in samples]).reshape(-1, _N_Q),
        sds=np.array([s.sds for s in samples]).reshape(-1, _N_Q),
    )


def join_series(series: Sequence[QuantitySeries]) -> QuantitySeries:
    """Return pieces of one recording as a whole."""
    if not series:
        return QuantitySeries(t_s=np.empty(0), values=np.empty((0, _N_Q)), sds=np.empty((0, _N_Q)))
    return QuantitySeries(
        t_s=np.concatenate([s.t_s for s in series]),
        values=np.concatenate([s.values for s in series]),
        sds=np.concatenate([s.sds for s in series]),
    )


def smooth(
    t_s: NDArray[np.float64], columns: NDArray[np.float64], sigma_s: float = SIGMA_S
) -> NDArray[np.float64]:
    """Smooth columns over time without delay.

    Parameters
    ----------
    t_s : ndarray, shape (N,), seconds, strictly increasing
    columns : ndarray, shape (N, C), any unit; NaN where unmeasured
    sigma_s : float, seconds

    Returns
    -------
    ndarray, shape (N, C)
        Same units; NaN where the input is.
    """
    n = len(t_s)
    if n == 0:
        return columns.copy()
    reach_s = REACH * sigma_s
    piece = np.concatenate(([0], np.cumsum(np.diff(t_s) > LONGEST_GAP_S)))
    furthest = int(np.max(np.searchsorted(t_s, t_s + reach_s, side="right") - 1 - np.arange(n)))
    is_known = np.isfinite(columns)
    known, x = is_known.astype(np.float64), np.where(is_known, columns, 0.0)
    # moments of the weights (s0, s1, s2) and of the values (m0, m1) about every picture's own time
    s0, m0 = known.copy(), x.copy()
    s1, s2, m1 = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)
    for k in range(1, furthest + 1):
        dt = t_s[k:] - t_s[:-k]
        weight = np.where(
            (dt <= reach_s) & (piece[k:] == piece[:-k]), np.exp(-0.5 * (dt / sigma_s) ** 2), 0.0
        )
        for here, there, step in (
            (slice(None, -k), slice(k, None), dt),
            (slice(k, None), slice(None, -k), -dt),
        ):
            w = weight[:, None] * known[there]
            wx = weight[:, None] * x[there]
            d = step[:, None]
            s0[here] += w
            s1[here] += w * d
            s2[here] += w * d * d
            m0[here] += wx
            m1[here] += wx * d
    spread = s0 * s2 - s1 * s1
    is_line = spread > 1e-9 * s0 * s0 * sigma_s**2
    with np.errstate(invalid="ignore", divide="ignore"):
        line = (s2 * m0 - s1 * m1) / spread
        mean = m0 / s0
    return np.where(is_known, np.where(is_line, line, mean), np.nan)
