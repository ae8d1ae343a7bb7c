"""All that one live picture tells by itself, in one go: turns, lean, slouch and both arms.

In: the landmarks of one frame. Out: the same answers as :func:`unkink.body.learned.judge_recording` and
:func:`unkink.body.learned.judge_recorded_arms` give for a recording of one frame.

Numpy needs about a microsecond per call whatever the length, so the networks are joined into one: its two
rows are the person with the left arm, and the mirrored person with the right arm. Features are differences
of landmarks; the subtraction is folded into the first layer, which takes the landmarks as they are. Next
file: :mod:`unkink.body.change`.
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


def _join() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """First layer (3 S + 1, 2 U and distances), second (U, V), last (2 V, 12) of the joined network.

    The last unit of a row always says 1: biases are its weights.
    """
    net, (arm, arm_bias, second, second_bias, last, last_bias) = learned.NET, learned.ARMS
    carriage = _fold_carriage() @ net.first
    half, n_arm = carriage.shape[1] // _ROWS, arm.shape[1]
    sure = np.zeros((3 * _N_SEEN + 1, 1))
    sure[-1] = learned.SURE
    rows: list[NDArray[np.float64]] = []
    far: list[NDArray[np.float64]] = []
    for row, fold in enumerate((_fold_arm(learned.LEFT_ARM, 1.0), _fold_arm(learned.RIGHT_ARM, -1.0))):
        part = slice(row * half, (row + 1) * half)
        rows += [
            np.vstack([carriage[:, part], net.first_bias[part]]),
            np.vstack([fold @ arm, arm_bias]),
            sure,
        ]
        scaled = (fold * learned.ARMS_INVERSE, -learned.ARMS_MEAN * learned.ARMS_INVERSE)
        far.append(np.vstack(scaled))
    inner = learned.put_beside(learned.put_beside(net.second, second), np.full((1, 1), learned.SURE))
    inner[-1, :-1] = np.concatenate([net.second_bias, second_bias])
    body, body_bias = learned.fold_mirrored(net.last, net.last_bias, learned.SIGNS, learned.SCALES)
    n_body, n_answers = len(net.last), body.shape[1]
    end = np.zeros((_ROWS, inner.shape[1], n_answers + _ROWS * last.shape[1]))
    for row in range(_ROWS):
        columns = slice(n_answers + row * last.shape[1], n_answers + (row + 1) * last.shape[1])
        end[row, :n_body, :n_answers] = body[row * n_body : (row + 1) * n_body]
        end[row, n_body:-1, columns], end[row, -1, columns] = last, last_bias
    end[0, -1, :n_answers] = body_bias
    assert rows[0].shape[1] + n_arm + 1 == len(inner)  # noqa: S101 (as they were packed)
    return np.concatenate([*rows, *far], axis=1), inner, end.reshape(-1, end.shape[-1])


_FIRST, _SECOND, _LAST = _join()
_SHAPE = (_ROWS, len(_SECOND))
_N_HIDDEN = math.prod(_SHAPE)
_N_FAR = len(learned.ARMS_MEAN)


def judge_picture(p: Points, trunk_px: float) -> tuple[Learned, Arm, Arm]:
    """What one frame tells: turns and lean in degrees, slouch 0..1, left and right arm in degrees.

    Parameters
    ----------
    p : Points, floats in pixels; what was not found is NaN, and so is what stands on it
    trunk_px : float
    """
    seen = np.array((*_pick(p.x), *_pick(p.y), *_pick(p.z), trunk_px))
    seen *= 1.0 / trunk_px
    out = np.dot(seen, _FIRST)
    hidden, left_far, right_far = out[:_N_HIDDEN], out[_N_HIDDEN:-_N_FAR], out[-_N_FAR:]
    np.tanh(hidden, hidden)
    inner = np.dot(hidden.reshape(_SHAPE), _SECOND)
    np.tanh(inner, inner)
    answer = np.dot(inner.ravel(), _LAST).tolist()
    turn_deg, head_deg, lean_deg, slouch = answer[:4]
    if math.isnan(turn_deg):
        return _judge_in_part(p, trunk_px)
    return (
        Learned(turn_deg, head_deg, lean_deg, 1.0 / (1.0 + SCALAR.exp(-slouch))),
        learned.tell_arm(answer[4:8], float(np.dot(left_far, left_far)) / _N_FAR, SCALAR),
        learned.tell_arm(answer[8:12], float(np.dot(right_far, right_far)) / _N_FAR, SCALAR),
    )


def _judge_in_part(p: Points, trunk_px: float) -> tuple[Learned, Arm, Arm]:
    """The same where a landmark is missing: what does not stand on it is told all the same."""
    x, y, z, seen = ([np.array([v]) for v in lane] for lane in (p.x, p.y, p.z, p.seen))
    columns = Points(x, y, z, seen, p.width_px, p.height_px, p.is_found)
    trunk = np.array([trunk_px])
    body = learned.judge_recording(columns, trunk)
    arms = learned.judge_recorded_arms(columns, trunk)
    left, right = (Arm(*(float(getattr(arm, name)[0]) for name in Arm.__struct_fields__)) for arm in arms)
    return Learned(*(float(getattr(body, name)[0]) for name in Learned.__struct_fields__)), left, right
