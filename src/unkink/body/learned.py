"""Corrections learned from rendered people: turns of shoulders and head, lean, side bend, slouch, arms.

In: a dozen landmarks in trunk lengths, and the same of the person's neutral where it is known. Out: from one
picture, turns and lean in degrees against the ray from the camera to the person, slouch 0..1, and what the
arms do; beside the neutral, the change of turn, head, lean, side bend and slouch; and how wrong these may be.

BlazePose's depth is biased by the head's turn, the arms and the camera's height in ways that no single gain
undoes. Small networks (tanh, two hidden layers) map the landmarks to what was true in rendered pictures.
The mirrored person is always judged along and the two answers are combined, so that left and right are
exactly alike. How they were learned, and on what: :mod:`unkink.body.weights`. Outside of what they were
shown (lying, seen from the side or behind) the physical model of :mod:`unkink.body.turn` stands alone. Next
file: :mod:`unkink.body.glance`.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from unkink.body import weights
from unkink.body.arithmetic import ARRAY, TINY, Arithmetic, Lane, Points
from unkink.body.landmarks import Landmark

_LS, _RS = int(Landmark.LEFT_SHOULDER), int(Landmark.RIGHT_SHOULDER)
_LH, _RH = int(Landmark.LEFT_HIP), int(Landmark.RIGHT_HIP)
_PAIRS = {2: 5, 7: 8, 9: 10, 11: 12, 13: 14, 15: 16, 23: 24, 25: 26}
_MOST_LOG_ERROR = 4.5
"""Errors are not told larger than 90 degrees."""
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


def put_beside(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two matrices as the blocks of one."""
    both = np.zeros((a.shape[0] + b.shape[0], a.shape[1] + b.shape[1]))
    both[: a.shape[0], : a.shape[1]] = a
    both[a.shape[0] :, a.shape[1] :] = b
    return both


def _mirror(first: NDArray[np.float64], landmarks: tuple[int, ...]) -> NDArray[np.float64]:
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
        first=np.concatenate([first, _mirror(first, landmarks)], axis=1),
        first_bias=np.concatenate([bias, bias]),
        second=put_beside(a[2], b[2]),
        second_bias=np.concatenate([a[3], b[3]]),
        last=put_beside(a[4], b[4]),
        last_bias=np.concatenate([a[5], b[5]]),
    )


def _read_range(text: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and one over the spread of every feature among the examples."""
    mean, inverse = np.frombuffer(base64.b64decode(text), dtype="<f2").astype(np.float64).reshape(2, -1)
    return mean, inverse


def _build_change() -> Net:
    """The nets about change and their doubt: they take the movement since the neutral, then the neutral.

    The first knows no elbows: nothing comes from them.
    """
    net = _unpack(weights.CHANGE_SIZES, weights.CHANGE)
    reach = _unpack(weights.REACH_SIZES, weights.REACH)
    doubt = _unpack(weights.CHANGE_DOUBT_SIZES, weights.CHANGE_DOUBT)
    half, known = len(reach[0]) // 2, len(net[0]) // 2
    first = np.zeros((2 * half, net[0].shape[1]))
    first[:known], first[half : half + known] = net[0][:known], net[0][known:]
    both = [np.concatenate([first, reach[0]], axis=1), np.concatenate([net[1], reach[1]])]
    for i in (2, 4):
        both += [put_beside(net[i], reach[i]), np.concatenate([net[i + 1], reach[i + 1]])]
    return _join(both, doubt, weights.SLOUCH_LANDMARKS)


def _build_arms() -> list[NDArray[np.float64]]:
    """The net about an arm and its doubt as one: matrices and biases in turn."""
    a = _unpack(weights.ARMS_SIZES, weights.ARMS)
    b = _unpack(weights.ARMS_DOUBT_SIZES, weights.ARMS_DOUBT)
    return [
        np.concatenate([a[0], b[0]], axis=1),
        np.concatenate([a[1], b[1]]),
        put_beside(a[2], b[2]),
        np.concatenate([a[3], b[3]]),
        put_beside(a[4], b[4]),
        np.concatenate([a[5], b[5]]),
    ]


_POINTS = weights.SLOUCH_LANDMARKS
_CARRIED = weights.SLOUCH_LANDMARKS
_LIFTS = tuple((_CARRIED.index(shoulder), _CARRIED.index(elbow)) for shoulder, elbow in ((11, 13), (12, 14)))
NET = _join(
    _unpack(weights.CARRIAGE_SIZES, weights.CARRIAGE), _unpack(weights.SLOUCH_SIZES, weights.SLOUCH), _POINTS
)
_CHANGE = _build_change()
_CHANGE_MEAN, _CHANGE_INVERSE = _read_range(weights.CHANGE_RANGE)
ARMS = _build_arms()
ARMS_MEAN, ARMS_INVERSE = _read_range(weights.ARMS_RANGE)
LEFT_ARM = weights.ARM_LANDMARKS
RIGHT_ARM = tuple(_MIRROR[idx] for idx in LEFT_ARM)


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


def carry_points(p: Points) -> tuple[float, ...]:
    """The landmarks that :func:`judge_change` compares, one frame: 13 times x, y, z in pixels, flat."""
    x, y, z = p.x, p.y, p.z
    return tuple([v for i in _CARRIED for v in (x[i], y[i], z[i])])


@dataclass(frozen=True, slots=True)
class Change:
    """What is different from the neutral, one frame; NaN where a landmark was not found."""

    turn_deg: float
    head_deg: float
    lean_deg: float
    bend_deg: float
    slouch: float
    """0..1 units."""
    turn_error_deg: float
    """Nine in ten errors stay below this; so do the next three."""
    head_error_deg: float
    """Of the head against the shoulders."""
    lean_error_deg: float
    bend_error_deg: float
    outside: float
    """How far this person, posture and camera are from anything that was learned: 0 inside, 1 twice as far
    as the farthest example."""


_N_CHANGES = 5
_CHANGE_SIGNS = (-1.0, -1.0, 1.0, -1.0, 1.0)
_CHANGE_SCALES = (weights.TURN_DEG, weights.TURN_DEG, weights.LEAN_DEG, weights.LEAN_DEG, 1.0)
"""In a mirror turns and bends change sign, lean and slouch do not; what an answer of 1 means."""


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


def share_reach(y: Sequence[float]) -> float:
    """How much the net that knows the elbows counts for the turn: more where an elbow is high.

    Of a real person with the arms low it was seen to know less than the other.

    Parameters
    ----------
    y : sequence of 13 floats, heights (down +) in trunk lengths, in the order of :func:`carry_points`
    """
    lift = max(y[shoulder] - y[elbow] for shoulder, elbow in _LIFTS)
    up = min(max((lift - weights.REACH_FROM) / weights.REACH_OVER, 0.0), 1.0)
    return weights.LEAST_REACH + (1.0 - weights.LEAST_REACH) * up * up * (3.0 - 2.0 * up)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What the nets need to know of a neutral."""

    scale: float
    """One over the trunk's length, 1 / pixels."""
    base: NDArray[np.float64]
    """What the neutral adds to the first layer, and to the distance from the examples."""
    distance: float
    """The neutral's own share of that distance, squared spreads."""
    answer: NDArray[np.float64]
    """What the nets say to no movement; 0 for the doubts, which stay."""


def _fold_change() -> NDArray[np.float64]:
    """First layer and distance for the landmarks as they are, in trunk lengths: (39, hidden units and 39).

    What is subtracted from the landmarks (their hips' middle) is subtracted from the weights.
    """
    n = 3 * len(_CARRIED)
    first = np.concatenate([_CHANGE.first[:n], np.diag(_CHANGE_INVERSE[:n])], axis=1)
    folded = first.copy()
    # Shoulders and hips are the first four: x, y, z of the hips stand at 6 to 11.
    for axis in range(3):
        total = first[axis::3].sum(axis=0)
        folded[6 + axis] -= 0.5 * total
        folded[9 + axis] -= 0.5 * total
    return folded


_FOLDED = _fold_change()
_N_HIDDEN = _CHANGE.first.shape[1]
_N_DOUBTS = 4
_LAST, _LAST_BIAS = fold_mirrored(
    _CHANGE.last,
    _CHANGE.last_bias,
    (*_CHANGE_SIGNS, *_CHANGE_SIGNS, *(1.0,) * _N_DOUBTS),
    (*_CHANGE_SCALES, *_CHANGE_SCALES, *(1.0,) * _N_DOUBTS),
)


@lru_cache(maxsize=64)
def _know_neutral(neutral: tuple[float, ...]) -> _Rest:
    """Work out once what every frame is compared with: the neutral stays for minutes."""
    then = np.array(neutral).reshape(-1, 3)
    hips = 0.5 * (then[2] + then[3])
    up = 0.5 * (then[0] + then[1]) - hips
    scale = 1.0 / (math.hypot(up[0], up[1]) + TINY)
    centred = ((then - hips) * scale).ravel()
    n = len(centred)
    base = np.concatenate(
        (
            centred @ (_CHANGE.first[n:] - _CHANGE.first[:n]) + _CHANGE.first_bias,
            -(centred + _CHANGE_MEAN[:n]) * _CHANGE_INVERSE[:n],
        )
    )
    far = (centred - _CHANGE_MEAN[n:]) * _CHANGE_INVERSE[n:]
    answer, _ = _answer_change(neutral, scale, base)
    answer[2 * _N_CHANGES :] = 0.0
    return _Rest(scale, base, float(far @ far), answer)


def _answer_change(
    points: Sequence[float], scale: float, base: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """What the nets say, (14,): changes of both, doubts; and the squared distance from the examples."""
    out = (np.array(points) * scale) @ _FOLDED + base
    hidden = np.tanh(out[:_N_HIDDEN]).reshape(2, -1)
    answer = np.tanh(hidden @ _CHANGE.second + _CHANGE.second_bias).ravel() @ _LAST + _LAST_BIAS
    far = out[_N_HIDDEN:]
    return answer, float(far @ far)


def judge_change(points: Sequence[float], neutral: Sequence[float]) -> Change:
    """Change since the neutral.

    Parameters
    ----------
    points, neutral : sequence of 39 floats, pixels, as :func:`carry_points` gives them

    Returns
    -------
    Change
        Degrees, right and forward +; slouch and ``outside`` are dimensionless.
    """
    rest = _know_neutral(tuple(neutral))
    answer, far = _answer_change(points, rest.scale, rest.base)
    # No movement must answer no change: what the nets say to that is taken off.
    turn, head, lean, _, slouch, *told = (answer - rest.answer).tolist()
    reach_turn, reach_head, reach_lean, bend, reach_slouch, *doubts = told
    share = share_reach([y * rest.scale for y in points[1::3]])
    distance = (far + rest.distance) / len(_CHANGE_MEAN)
    turn_error, head_error, lean_error, bend_error = (math.exp(min(d, _MOST_LOG_ERROR)) for d in doubts)
    # Where the hips are under clothes, the elbows help to tell: the bend is all the second net's.
    return Change(
        turn + share * (reach_turn - turn),
        0.5 * (head + reach_head),
        0.5 * (lean + reach_lean),
        bend,
        0.5 * (slouch + reach_slouch),
        turn_error,
        head_error,
        lean_error,
        bend_error,
        max(distance / weights.CHANGE_LIMIT - 1.0, 0.0),
    )


@dataclass(frozen=True, slots=True)
class Arm:
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
        m.exp(m.least(out[2], _MOST_LOG_ERROR)),
        m.exp(m.least(out[3], _MOST_LOG_ERROR)),
        m.most(distance / weights.ARMS_LIMIT - 1.0, 0.0),
    )
