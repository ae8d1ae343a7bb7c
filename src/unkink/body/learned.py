"""Corrections learned from rendered people: turns of shoulders and head, lean, side bend, slouch, arms.

In: a dozen landmarks in trunk lengths. Out: from one picture, turns and lean in degrees against the ray from
the camera to the person, slouch 0..1, and what the arms do and how wrong that may be. What changed since the
person's neutral is asked of nets of its own (:mod:`unkink.body.change`).

BlazePose's depth is biased by the head's turn, the arms and the camera's height in ways that no single gain
undoes. Small networks (tanh, two hidden layers) map the landmarks to what was true in rendered pictures.
The mirrored person is always judged along and the two answers are combined, so that left and right are
exactly alike. How they were learned, and on what: :mod:`unkink.body.weights`. Outside of what they were
shown (lying, seen from the side or behind) the physical model of :mod:`unkink.body.turn` stands alone. Next
file: :mod:`unkink.body.glance`.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from unkink.body import weights
from unkink.body.arithmetic import ARRAY, Arithmetic, Lane, Points
from unkink.body.landmarks import Landmark

_LS, _RS = int(Landmark.LEFT_SHOULDER), int(Landmark.RIGHT_SHOULDER)
_LH, _RH = int(Landmark.LEFT_HIP), int(Landmark.RIGHT_HIP)
_PAIRS = {2: 5, 7: 8, 9: 10, 11: 12, 13: 14, 15: 16, 23: 24, 25: 26}
MOST_LOG_ERROR = 4.5
"""Errors are not told larger than 90 degrees."""
SURE = 40.0
"""A unit that is told this much says 1, to the last bit: the next layer's biases are its weights."""
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


def unpack(sizes: tuple[int, ...], text: str) -> list[NDArray[np.float64]]:
    """Read a net's matrices and biases in turn (packed as float16, row by row)."""
    flat = np.frombuffer(base64.b64decode(text), dtype="<f2").astype(np.float64)
    parts: list[NDArray[np.float64]] = []
    at = 0
    for rows, columns in pairwise(sizes):
        parts.append(flat[at : at + rows * columns].reshape(rows, columns))
        parts.append(flat[at + rows * columns : at + (rows + 1) * columns])
        at += (rows + 1) * columns
    return parts


def put_beside(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two matrices as the blocks of one."""
    both = np.zeros((a.shape[0] + b.shape[0], a.shape[1] + b.shape[1]))
    both[: a.shape[0], : a.shape[1]] = a
    both[a.shape[0] :, a.shape[1] :] = b
    return both


def mirror(first: NDArray[np.float64], landmarks: tuple[int, ...]) -> NDArray[np.float64]:
    """First layer for the mirrored person: the other side's landmarks, x reversed, by moving the weights.

    The landmarks may come several times over (now, neutral): each time is mirrored by itself.
    """
    by_point = first.reshape(-1, len(landmarks), 3, first.shape[1])
    swap = [landmarks.index(_MIRROR[idx]) for idx in landmarks]
    return (by_point[:, swap] * np.array([-1.0, 1.0, 1.0])[:, None]).reshape(len(first), -1)


def _join(a: list[NDArray[np.float64]], b: list[NDArray[np.float64]], landmarks: tuple[int, ...]) -> Net:
    """The two nets as one: half the numpy calls. The first knows only the first of the landmarks."""
    padded = np.concatenate([a[0], np.zeros((len(b[0]) - len(a[0]), a[0].shape[1]))])
    first = np.concatenate([padded, b[0]], axis=1)
    bias = np.concatenate([a[1], b[1]])
    return Net(
        first=np.concatenate([first, mirror(first, landmarks)], axis=1),
        first_bias=np.concatenate([bias, bias]),
        second=put_beside(a[2], b[2]),
        second_bias=np.concatenate([a[3], b[3]]),
        last=put_beside(a[4], b[4]),
        last_bias=np.concatenate([a[5], b[5]]),
    )


def read_range(text: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and one over the spread of every feature among the examples."""
    mean, inverse = np.frombuffer(base64.b64decode(text), dtype="<f2").astype(np.float64).reshape(2, -1)
    return mean, inverse


def _build_arms() -> list[NDArray[np.float64]]:
    """The net about an arm and its doubt as one: matrices and biases in turn."""
    a = unpack(weights.ARMS_SIZES, weights.ARMS)
    b = unpack(weights.ARMS_DOUBT_SIZES, weights.ARMS_DOUBT)
    return [
        np.concatenate([a[0], b[0]], axis=1),
        np.concatenate([a[1], b[1]]),
        put_beside(a[2], b[2]),
        np.concatenate([a[3], b[3]]),
        put_beside(a[4], b[4]),
        np.concatenate([a[5], b[5]]),
    ]


_POINTS = weights.SLOUCH_LANDMARKS
NET = _join(
    unpack(weights.CARRIAGE_SIZES, weights.CARRIAGE), unpack(weights.SLOUCH_SIZES, weights.SLOUCH), _POINTS
)
ARMS = _build_arms()
ARMS_MEAN, ARMS_INVERSE = read_range(weights.ARMS_RANGE)
LEFT_ARM = weights.ARM_LANDMARKS
RIGHT_ARM = tuple(_MIRROR[idx] for idx in LEFT_ARM)


class Learned(msgspec.Struct, frozen=True):
    """What the networks say; floats for one frame, arrays (N,) for a recording."""

    shoulder_turn_deg: Lane
    """Shoulder line against the ray from the camera, to the right +."""
    head_turn_deg: Lane
    """Head against the ray from the camera, to the right +."""
    lean_forward_deg: Lane
    """Trunk against the camera's line of sight: only its change means anything."""
    slouch_norm: Lane
    """0 upright .. 1 slouched."""


SIGNS = (-1.0, -1.0, 1.0, 1.0)
SCALES = (weights.TURN_DEG, weights.TURN_DEG, weights.LEAN_DEG, 1.0)
"""In a mirror turns change sign, lean and slouch do not; what an answer of 1 means."""


def judge_recording(p: Points, trunk_px: NDArray[np.float64]) -> Learned:
    """Answers for a recording (columns in pixels): two turns and lean in degrees, slouch 0..1, (N,) each."""
    columns = (p.x, p.y, p.z)
    points = np.stack([np.stack([c[i] for i in _POINTS], axis=1) for c in columns], axis=2)
    centre = np.stack([0.25 * (c[_LS] + c[_RS] + c[_LH] + c[_RH]) for c in columns], axis=1)
    features = ((points - centre[:, None]) / trunk_px[:, None, None]).reshape(len(trunk_px), -1)
    person, mirrored = NET.answer(features).transpose(1, 2, 0)
    both = 0.5 * np.array(SCALES)[:, None] * (person + np.array(SIGNS)[:, None] * mirrored)
    return Learned(both[0], both[1], both[2], 1.0 / (1.0 + ARRAY.exp(-both[3])))


def fold_mirrored(
    last: NDArray[np.float64], bias: NDArray[np.float64], signs: Sequence[float], scales: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Last layer that takes the hidden units of person and mirrored person at once and joins their answers.

    Returns
    -------
    tuple of ndarray (2 H, T) and ndarray (T,)
        In the scales' units.
    """
    sign, scale = np.array(signs), 0.5 * np.array(scales)
    return np.concatenate([last * scale, last * (sign * scale)]), bias * (1.0 + sign) * scale


class Arm(msgspec.Struct, frozen=True):
    """What an arm does; floats for one frame, arrays (N,) for a recording."""

    elevation_deg: Lane
    elbow_deg: Lane
    elevation_error_deg: Lane
    """Nine in ten errors stay below this."""
    elbow_error_deg: Lane
    outside: Lane
    """0 inside of what was learned, 1 twice as far as the farthest example."""


def judge_recorded_arms(p: Points, trunk_px: NDArray[np.float64]) -> tuple[Arm, Arm]:
    """Left and right arm of a recording, degrees, (N,) each."""
    arms: list[Arm] = []
    for sign, (origin, *others) in ((1.0, LEFT_ARM), (-1.0, RIGHT_ARM)):
        columns = [
            scale * (c[i] - c[origin]) / trunk_px
            for i in others
            for scale, c in ((sign, p.x), (1.0, p.y), (1.0, p.z))
        ]
        out, far = _answer_arms(np.stack(columns, axis=1))
        arms.append(tell_arm(tuple(out.T), far, ARRAY))
    return arms[0], arms[1]


def _answer_arms(features: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What the nets say (N, 4), and the mean squared distance from the examples (N,)."""
    first, bias, second, second_bias, last, last_bias = ARMS
    hidden = np.tanh(np.tanh(features @ first + bias) @ second + second_bias)
    far = (features - ARMS_MEAN) * ARMS_INVERSE
    return hidden @ last + last_bias, np.einsum("ij,ij->i", far, far) / far.shape[1]


def tell_arm(out: Sequence[Lane], distance: Lane, m: Arithmetic) -> Arm:
    """Elevation, elbow and their errors in degrees."""
    return Arm(
        weights.ARM_DEG * out[0],
        weights.ARM_DEG * out[1],
        m.exp(m.least(out[2], MOST_LOG_ERROR)),
        m.exp(m.least(out[3], MOST_LOG_ERROR)),
        m.most(distance / weights.ARMS_LIMIT - 1.0, 0.0),
    )
