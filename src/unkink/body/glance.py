"""All that one live picture tells by itself, in one go: turns, lean, slouch and both arms.

In: the landmarks of one frame. Out: the same answers as :func:`unkink.body.learned.judge_recording` and
:func:`unkink.body.learned.judge_recorded_arms` give for a recording of one frame.

Numpy needs about a microsecond per call whatever the length, so the networks are joined into one: its two
rows are the person with the left arm, and the mirrored person with the right arm. Features are differences
of landmarks; the subtraction is folded into the first layer, which takes the landmarks as they are. Next
file: :mod:`unkink.body.track`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import cast

import numpy as np
from numpy.typing import NDArray

from unkink.body import learned, weights
from unkink.body.arithmetic import SCALAR, Points
from unkink.body.learned import Arm, Learned

_SEEN = tuple(sorted({*weights.SLOUCH_LANDMARKS, *learned.LEFT_ARM, *learned.RIGHT_ARM}))
_pick = cast("Callable[[Sequence[float]], tuple[float, ...]]", itemgetter(*_SEEN))
_N_SEEN = len(_SEEN)
_MIDDLE = (11, 12, 23, 24)
_ROWS = 2


def _fold_carriage() -> NDArray[np.float64]:
    """Matrix (3 S, 3 K): S landmarks (all x, all y, all z) to K landmarks about the trunk's middle."""
    fold = np.zeros((3, _N_SEEN, len(weights.SLOUCH_LANDMARKS), 3))
    for axis in range(3):
        for k, idx in enumerate(weights.SLOUCH_LANDMARKS):
            fold[axis, _SEEN.index(idx), k, axis] = 1.0
            for other in _MIDDLE:
                fold[axis, _SEEN.index(other), k, axis] -= 0.25
    return fold.reshape(3 * _N_SEEN, -1)


def _fold_arm(landmarks: tuple[int, ...], sign: float) -> NDArray[np.float64]:
    """Matrix (3 S, 15): landmarks to an arm about its shoulder; ``sign`` -1 mirrors it."""
    origin, *others = landmarks
    fold = np.zeros((3, _N_SEEN, len(others), 3))
    for axis in range(3):
        for k, idx in enumerate(others):
            fold[axis, _SEEN.index(idx), k, axis] += sign if axis == 0 else 1.0
            fold[axis, _SEEN.index(origin), k, axis] -= sign if axis == 0 else 1.0
    return fold.reshape(3 * _N_SEEN, -1)


def _join() -> tuple[list[NDArray[np.float64]], int]:
    """Matrices and biases of the joined network in turn, and how many hidden units a row has."""
    net, (arm, arm_bias, second, second_bias, *_) = learned.NET, learned.ARMS
    carriage = _fold_carriage() @ net.first
    half = carriage.shape[1] // _ROWS
    first: list[NDArray[np.float64]] = []
    bias: list[NDArray[np.float64]] = []
    far: list[NDArray[np.float64]] = []
    for row, fold in enumerate((_fold_arm(learned.LEFT_ARM, 1.0), _fold_arm(learned.RIGHT_ARM, -1.0))):
        first += [carriage[:, row * half : (row + 1) * half], fold @ arm]
        bias += [net.first_bias[row * half : (row + 1) * half], arm_bias]
        far.append(fold * learned.ARMS_INVERSE)
    rest = -learned.ARMS_MEAN * learned.ARMS_INVERSE
    parts = [
        np.concatenate([*first, *far], axis=1),
        np.concatenate([*bias, rest, rest]),
        learned.put_beside(net.second, second),
        np.concatenate([net.second_bias, second_bias]),
    ]
    return parts, half + arm.shape[1]


(_FIRST, _FIRST_BIAS, _SECOND, _SECOND_BIAS), _WIDTH = _join()
_N_HIDDEN = _ROWS * _WIDTH
_N_FAR = len(learned.ARMS_MEAN)


def _end() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Last layer and its bias: two turns, lean, slouch; then the left arm's answers, the right arm's."""
    net, (*_, last, last_bias) = learned.NET, learned.ARMS
    body, body_bias = learned.fold_mirrored(net.last, net.last_bias, learned.SIGNS, learned.SCALES)
    n_body, n_arm = len(net.last), len(last)
    end = np.zeros((_ROWS * (n_body + n_arm), body.shape[1] + _ROWS * last.shape[1]))
    at = body.shape[1]
    for row in range(_ROWS):
        begin = row * (n_body + n_arm)
        end[begin : begin + n_body, :at] = body[row * n_body : (row + 1) * n_body]
        columns = slice(at + row * last.shape[1], at + (row + 1) * last.shape[1])
        end[begin + n_body : begin + n_body + n_arm, columns] = last
    return end, np.concatenate([body_bias, last_bias, last_bias])


_LAST, _LAST_BIAS = _end()


def judge_picture(p: Points, trunk_px: float) -> tuple[Learned, Arm, Arm]:
    """What one frame tells: turns and lean in degrees, slouch 0..1, left and right arm in degrees.

    Parameters
    ----------
    p : Points, floats in pixels; what was not found is NaN, and so is what stands on it
    trunk_px : float
    """
    seen = np.array(_pick(p.x) + _pick(p.y) + _pick(p.z))
    out = (seen * (1.0 / trunk_px)) @ _FIRST + _FIRST_BIAS
    hidden = np.tanh(out[:_N_HIDDEN]).reshape(_ROWS, _WIDTH)
    answer = (np.tanh(hidden @ _SECOND + _SECOND_BIAS).ravel() @ _LAST + _LAST_BIAS).tolist()
    turn_deg, head_deg, lean_deg, slouch = answer[:4]
    if math.isnan(turn_deg):
        return _judge_in_part(p, trunk_px)
    far = out[_N_HIDDEN:].reshape(_ROWS, _N_FAR)
    left_far, right_far = np.einsum("ij,ij->i", far, far).tolist()
    return (
        Learned(turn_deg, head_deg, lean_deg, 1.0 / (1.0 + SCALAR.exp(-slouch))),
        learned.tell_arm(answer[4:8], left_far / _N_FAR, SCALAR),
        learned.tell_arm(answer[8:12], right_far / _N_FAR, SCALAR),
    )


def _judge_in_part(p: Points, trunk_px: float) -> tuple[Learned, Arm, Arm]:
    """The same where a landmark is missing: what does not stand on it is told all the same."""
    x, y, z, seen = ([np.array([v]) for v in lane] for lane in (p.x, p.y, p.z, p.seen))
    columns = Points(x, y, z, seen, p.width_px, p.height_px, p.is_found)
    trunk = np.array([trunk_px])
    body = learned.judge_recording(columns, trunk)
    arms = learned.judge_recorded_arms(columns, trunk)
    left, right = (Arm(*(float(getattr(arm, name)[0]) for name in Arm.__slots__)) for arm in arms)
    return Learned(*(float(getattr(body, name)[0]) for name in Learned.__slots__)), left, right
