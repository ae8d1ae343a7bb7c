"""A small correction learned from rendered people: turns of shoulders and head, lean, slouch.

In: a dozen landmarks in trunk lengths, and the same of the person's neutral where it is known. Out: turns and
lean in degrees against the ray from the camera to the person, slouch 0..1; change of lean and slouch since
the neutral.

BlazePose's depth is biased by the head's turn, the arms and the camera's height in ways that no single gain
undoes. Small networks (tanh, two hidden layers) map the landmarks to what was true in rendered pictures.
The mirrored person is always judged along and the two answers are combined, so that left and right are
exactly alike. How they were learned, and on what: :mod:`unkink.body.weights`. Outside of what they were
shown (lying, seen from the side or behind) the physical model of :mod:`unkink.body.turn` stands alone. Next
file: :mod:`unkink.body.angles`.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from unkink.body import weights
from unkink.body.arithmetic import ARRAY, SCALAR, TINY, Arithmetic, Lane, Points
from unkink.body.landmarks import Landmark

_LS, _RS = int(Landmark.LEFT_SHOULDER), int(Landmark.RIGHT_SHOULDER)
_LH, _RH = int(Landmark.LEFT_HIP), int(Landmark.RIGHT_HIP)
_PAIRS = {2: 5, 7: 8, 9: 10, 11: 12, 13: 14, 23: 24, 25: 26}
_MIRROR = {0: 0} | _PAIRS | {right: left for left, right in _PAIRS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """Two hidden layers; the first takes the person and the mirrored person at once."""

    first: NDArray[np.float64]
    """(3K, 2H): K landmarks' x, y, z -> first layer of the person and of the mirrored person."""
    first_bias: NDArray[np.float64]
    second: NDArray[np.float64]
    second_bias: NDArray[np.float64]
    last: NDArray[np.float64]
    last_bias: NDArray[np.float64]

    def answer(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Answers to (N, 3K) features, dimensionless, (N, 2, 4): of the person and of the mirrored one."""
        hidden = np.tanh(features @ self.first + self.first_bias).reshape(-1, 2, len(self.second))
        return np.tanh(hidden @ self.second + self.second_bias) @ self.last + self.last_bias


def _unpack(sizes: tuple[int, ...], text: str) -> list[NDArray[np.float64]]:
    """Read a net's matrices and biases in turn (packed as float16, row by row)."""
    flat = np.frombuffer(base64.b64decode(text), dtype="<f2").astype(np.float64)
    parts: list[NDArray[np.float64]] = []
    at = 0
    for rows, columns in pairwise(sizes):
        parts.append(flat[at : at + rows * columns].reshape(rows, columns))
        parts.append(flat[at + rows * columns : at + (rows + 1) * columns])
        at += (rows + 1) * columns
    return parts


def _beside(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two matrices as the blocks of one."""
    both = np.zeros((a.shape[0] + b.shape[0], a.shape[1] + b.shape[1]))
    both[: a.shape[0], : a.shape[1]] = a
    both[a.shape[0] :, a.shape[1] :] = b
    return both


def _mirror(first: NDArray[np.float64], landmarks: tuple[int, ...]) -> NDArray[np.float64]:
    """First layer for the mirrored person: the other side's landmarks, x reversed, by moving the weights."""
    by_point = first.reshape(len(landmarks), 3, -1)
    swap = [landmarks.index(_MIRROR[idx]) for idx in landmarks]
    return (by_point[swap] * np.array([-1.0, 1.0, 1.0])[:, None]).reshape(len(first), -1)


def _join(a: list[NDArray[np.float64]], b: list[NDArray[np.float64]], landmarks: tuple[int, ...]) -> Net:
    """The two nets as one: half the numpy calls. The first knows only the first of the landmarks."""
    padded = np.concatenate([a[0], np.zeros((len(b[0]) - len(a[0]), a[0].shape[1]))])
    first = np.concatenate([padded, b[0]], axis=1)
    bias = np.concatenate([a[1], b[1]])
    return Net(
        first=np.concatenate([first, _mirror(first, landmarks)], axis=1),
        first_bias=np.concatenate([bias, bias]),
        second=_beside(a[2], b[2]),
        second_bias=np.concatenate([a[3], b[3]]),
        last=_beside(a[4], b[4]),
        last_bias=np.concatenate([a[5], b[5]]),
    )


def _build_change() -> Net:
    """The net about change: its inputs are the landmarks' movement, then the neutral's landmarks."""
    first, bias, second, second_bias, last, last_bias = _unpack(weights.CHANGE_SIZES, weights.CHANGE)
    half = len(first) // 2
    mirrored = [_mirror(part, weights.CARRIAGE_LANDMARKS) for part in (first[:half], first[half:])]
    return Net(
        first=np.concatenate([first, np.concatenate(mirrored)], axis=1),
        first_bias=np.concatenate([bias, bias]),
        second=second,
        second_bias=second_bias,
        last=last,
        last_bias=last_bias,
    )


_POINTS = weights.SLOUCH_LANDMARKS
_CARRIED = weights.CARRIAGE_LANDMARKS
_NET = _join(
    _unpack(weights.CARRIAGE_SIZES, weights.CARRIAGE), _unpack(weights.SLOUCH_SIZES, weights.SLOUCH), _POINTS
)
_CHANGE = _build_change()


@dataclass(frozen=True, slots=True)
class Learned:
    """What the networks say; floats for one frame, arrays (N,) for a recording."""

    shoulder_turn_deg: Lane
    """Shoulder line against the ray from the camera, to the right +."""
    head_turn_deg: Lane
    """Head against the ray from the camera, to the right +."""
    lean_forward_deg: Lane
    """Trunk against the camera's line of sight: only its change means anything."""
    slouch_norm: Lane
    """0 upright .. 1 slouched."""


def _combine(person: tuple[Lane, ...], mirrored: tuple[Lane, ...], m: Arithmetic) -> Learned:
    """Answers about the person and the mirrored one: in a mirror turns change sign, lean and slouch not."""
    half_turn, half_lean = 0.5 * weights.TURN_DEG, 0.5 * weights.LEAN_DEG
    return Learned(
        half_turn * (person[0] - mirrored[0]),
        half_turn * (person[1] - mirrored[1]),
        half_lean * (person[2] + mirrored[2]),
        1.0 / (1.0 + m.exp(-0.5 * (person[3] + mirrored[3]))),
    )


def judge_frame(p: Points, trunk_px: float) -> Learned:
    """Answers for one frame (floats in pixels): two turns and lean in degrees, slouch 0..1."""
    x, y, z = p.x, p.y, p.z
    k = 1.0 / trunk_px
    mx, my, mz = (0.25 * (c[_LS] + c[_RS] + c[_LH] + c[_RH]) for c in (x, y, z))
    features = np.array([v for i in _POINTS for v in ((x[i] - mx) * k, (y[i] - my) * k, (z[i] - mz) * k)])
    person, mirrored = _NET.answer(features)[0].tolist()
    return _combine(person, mirrored, SCALAR)


def judge_recording(p: Points, trunk_px: NDArray[np.float64]) -> Learned:
    """Answers for a recording (columns in pixels): two turns and lean in degrees, slouch 0..1, (N,) each."""
    columns = (p.x, p.y, p.z)
    points = np.stack([np.stack([c[i] for i in _POINTS], axis=1) for c in columns], axis=2)
    centre = np.stack([0.25 * (c[_LS] + c[_RS] + c[_LH] + c[_RH]) for c in columns], axis=1)
    features = ((points - centre[:, None]) / trunk_px[:, None, None]).reshape(len(trunk_px), -1)
    person, mirrored = _NET.answer(features).transpose(1, 2, 0)
    return _combine(tuple(person), tuple(mirrored), ARRAY)


def carry_points(p: Points) -> tuple[float, ...]:
    """The landmarks that :func:`judge_change` compares, one frame: 11 times x, y, z in pixels, flat."""
    x, y, z = p.x, p.y, p.z
    return tuple([v for i in _CARRIED for v in (x[i], y[i], z[i])])


def judge_change(points: Sequence[float], neutral: Sequence[float]) -> tuple[float, float]:
    """Change since the neutral: lean forward in degrees, slouch in 0..1 units.

    Parameters
    ----------
    points, neutral : sequence of 33 floats, pixels, as :func:`carry_points` gives them

    Returns
    -------
    tuple of float
        Lean (degrees, forward +) and slouch (dimensionless), NaN where a landmark was not found.
    """
    both = np.array((points, neutral)).reshape(2, -1, 3)
    # Shoulders and hips are the first four.
    hips = 0.5 * (both[:, 2] + both[:, 3])
    up = 0.5 * (both[1, 0] + both[1, 1]) - hips[1]
    centred = (both - hips[:, None]) / (math.hypot(up[0], up[1]) + TINY)
    change, neutral_row = (centred[0] - centred[1]).ravel(), centred[1].ravel()
    # No movement must answer no change: what the net says to that is taken off.
    features = np.array((np.concatenate((change, neutral_row)), np.concatenate((0.0 * change, neutral_row))))
    moved, still = _CHANGE.answer(features).sum(axis=1).tolist()
    return 0.5 * weights.LEAN_DEG * (moved[0] - still[0]), 0.5 * (moved[1] - still[1])
