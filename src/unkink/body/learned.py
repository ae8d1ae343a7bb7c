"""A small correction learned from rendered people: turns of shoulders and head, lean, slouch.

In: a dozen landmarks in trunk lengths. Out: turns and lean in degrees against the ray from the camera to the
person, slouch 0..1.

BlazePose's depth is biased by the head's turn, the arms and the camera's height in ways that no single gain
undoes. Two small networks (tanh, two hidden layers) map the landmarks to what was true in rendered pictures.
The mirrored person is always judged along and the two answers are combined, so that left and right are
exactly alike. How they were learned, and on what: :mod:`unkink.body.weights`. Outside of what they were
shown (lying, seen from the side or behind) the physical model of :mod:`unkink.body.turn` stands alone. Next
file: :mod:`unkink.body.angles`.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from unkink.body import weights
from unkink.body.arithmetic import Points
from unkink.body.landmarks import Landmark

_L, _R = (
    (int(Landmark.LEFT_SHOULDER), int(Landmark.LEFT_HIP)),
    (int(Landmark.RIGHT_SHOULDER), int(Landmark.RIGHT_HIP)),
)
_CENTRE = (*_L, *_R)
_PAIRS = {2: 5, 7: 8, 9: 10, 11: 12, 13: 14, 23: 24, 25: 26}
_MIRROR = {0: 0} | _PAIRS | {right: left for left, right in _PAIRS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """Two hidden layers; the first takes the person and the mirrored person at once."""

    landmarks: tuple[int, ...]
    first: NDArray[np.float64]
    """(3K, 2H): K landmarks' x, y, z -> first layer of the person and of the mirrored person."""
    first_bias: NDArray[np.float64]
    second: NDArray[np.float64]
    second_bias: NDArray[np.float64]
    last: NDArray[np.float64]
    last_bias: NDArray[np.float64]

    def answer(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Answers to (N, 3K) features, dimensionless (N, 2, outputs): for the person and the mirrored person."""
        hidden = np.tanh(features @ self.first + self.first_bias).reshape(-1, 2, self.second.shape[0])
        return np.tanh(hidden @ self.second + self.second_bias) @ self.last + self.last_bias


def _unpack(landmarks: tuple[int, ...], sizes: tuple[int, ...], text: str) -> Net:
    """Read a net from its packed weights (float16, row by row: matrix, bias, matrix, bias...)."""
    flat = np.frombuffer(base64.b64decode(text), dtype="<f2").astype(np.float64)
    parts: list[NDArray[np.float64]] = []
    at = 0
    for rows, columns in pairwise(sizes):
        parts.append(flat[at : at + rows * columns].reshape(rows, columns))
        parts.append(flat[at + rows * columns : at + (rows + 1) * columns])
        at += (rows + 1) * columns
    first = parts[0].reshape(len(landmarks), 3, -1)
    # The mirrored person's landmark is the other side's, with x reversed: the same as moving the weights.
    mirrored = (
        first[[landmarks.index(_MIRROR[idx]) for idx in landmarks]] * np.array([-1.0, 1.0, 1.0])[:, None]
    )
    return Net(
        landmarks=landmarks,
        first=np.concatenate([first, mirrored], axis=2).reshape(sizes[0], -1),
        first_bias=np.concatenate([parts[1], parts[1]]),
        second=parts[2],
        second_bias=parts[3],
        last=parts[4],
        last_bias=parts[5],
    )


_CARRIAGE = _unpack(weights.CARRIAGE_LANDMARKS, weights.CARRIAGE_SIZES, weights.CARRIAGE)
_SLOUCH = _unpack(weights.SLOUCH_LANDMARKS, weights.SLOUCH_SIZES, weights.SLOUCH)


@dataclass(frozen=True, slots=True)
class Learned:
    """What the networks say; floats for one frame, arrays (N,) for a recording."""

    shoulder_turn_deg: NDArray[np.float64] | float
    """Shoulder line against the ray from the camera, to the right +."""
    head_turn_deg: NDArray[np.float64] | float
    """Head against the ray from the camera, to the right +."""
    lean_forward_deg: NDArray[np.float64] | float
    """Trunk against the camera's line of sight: only its change means anything."""
    slouch_norm: NDArray[np.float64] | float
    """0 upright .. 1 slouched."""


def _combine(carriage: NDArray[np.float64], slouch: NDArray[np.float64]) -> NDArray[np.float64]:
    """Person and mirrored person -> (4, N): two turns, lean, slouch."""
    turns = 0.5 * (carriage[:, 0, :2] - carriage[:, 1, :2])
    lean = 0.5 * (carriage[:, 0, 2] + carriage[:, 1, 2])
    rounded = 0.5 * (slouch[:, 0, 0] + slouch[:, 1, 0])
    return np.stack(
        [
            turns[:, 0] * weights.TURN_DEG,
            turns[:, 1] * weights.TURN_DEG,
            lean * weights.LEAN_DEG,
            1.0 / (1.0 + np.exp(-np.clip(rounded, -30.0, 30.0))),
        ]
    )


def judge_frame(p: Points, trunk_px: float) -> Learned:
    """Answers for one frame (floats in pixels): two turns and lean in degrees, slouch 0..1."""
    x, y, z = p.x, p.y, p.z
    scale = 1.0 / trunk_px
    mx, my, mz = (0.25 * (c[11] + c[12] + c[23] + c[24]) for c in (x, y, z))
    features = np.array(
        [
            v
            for i in _SLOUCH.landmarks
            for v in ((x[i] - mx) * scale, (y[i] - my) * scale, (z[i] - mz) * scale)
        ]
    )[None]
    shared = features[:, : _CARRIAGE.first.shape[0]]
    turn, head, lean, rounded = _combine(_CARRIAGE.answer(shared), _SLOUCH.answer(features))[:, 0].tolist()
    return Learned(turn, head, lean, rounded)


def judge_recording(p: Points, trunk_px: NDArray[np.float64]) -> Learned:
    """Answers for a recording (columns (N,) in pixels): two turns and lean in degrees, slouch 0..1, shape
    (N,) each."""
    points = np.stack([np.stack([c[i] for i in _SLOUCH.landmarks], axis=1) for c in (p.x, p.y, p.z)], axis=2)
    centre = np.stack([0.25 * (c[11] + c[12] + c[23] + c[24]) for c in (p.x, p.y, p.z)], axis=1)
    features = ((points - centre[:, None]) / trunk_px[:, None, None]).reshape(len(trunk_px), -1)
    shared = features[:, : _CARRIAGE.first.shape[0]]
    turn, head, lean, rounded = _combine(_CARRIAGE.answer(shared), _SLOUCH.answer(features))
    return Learned(turn, head, lean, rounded)
