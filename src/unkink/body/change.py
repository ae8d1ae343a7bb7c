"""What is different from the person's own neutral, as learned: turn, head, lean, side bend, slouch.

In: a dozen landmarks of one frame and of the neutral, pixels. Out: the change of each, and how wrong that may
be. Two nets answer, one that knows the elbows and one that does not, and a third tells the errors.

Numpy needs about a microsecond per call whatever the length, so the nets are asked as one, in three
products. Nothing is scaled, centred or added on the way: the neutral's scale, its share of the first layer
and what is subtracted from the landmarks stand in a first layer made for this neutral, once; a bias is the
weight of a unit that always says 1. The nets stand in two groups of one size, so that the second layer has
few empty places. Next file: :mod:`unkink.body.track`.
"""

from __future__ import annotations

import math
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from unkink.body import weights
from unkink.body.arithmetic import TINY, Points
from unkink.body.learned import MOST_LOG_ERROR, SURE, mirror, read_range, unpack

CARRIED = weights.SLOUCH_LANDMARKS
_N = 3 * len(CARRIED)
_ROWS = 2
"""The person and the mirrored person."""
_N_CHANGES, _N_DOUBTS = 5, 4
_N_ANSWERS = 2 * _N_CHANGES + _N_DOUBTS
_SIGNS = (-1.0, -1.0, 1.0, -1.0, 1.0)
_SCALES = (weights.TURN_DEG, weights.TURN_DEG, weights.LEAN_DEG, weights.LEAN_DEG, 1.0)
"""In a mirror turns and bends change sign, lean and slouch do not; what an answer of 1 means."""
_MEAN, _INVERSE = read_range(weights.CHANGE_RANGE)


class Change(msgspec.Struct, frozen=True, gc=False):
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


def carry_points(p: Points) -> tuple[float, ...]:
    """The landmarks that :func:`judge_change` compares, one frame: 13 times x, y, z in pixels, flat."""
    x, y, z = p.x, p.y, p.z
    return tuple([v for i in CARRIED for v in (x[i], y[i], z[i])])


def _load() -> tuple[tuple[list[NDArray[np.float64]], slice], ...]:
    """The nets in turn, each with its place among the answers; they take the movement, then the neutral."""
    net = unpack(weights.CHANGE_SIZES, weights.CHANGE)
    half, known = _N, len(net[0]) // 2
    # The first knows no elbows: nothing comes from them.
    first = np.zeros((2 * half, net[0].shape[1]))
    first[:known], first[half : half + known] = net[0][:known], net[0][known:]
    return (
        ([first, *net[1:]], slice(0, _N_CHANGES)),
        (unpack(weights.REACH_SIZES, weights.REACH), slice(_N_CHANGES, 2 * _N_CHANGES)),
        (unpack(weights.CHANGE_DOUBT_SIZES, weights.CHANGE_DOUBT), slice(2 * _N_CHANGES, _N_ANSWERS)),
    )


def _join() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """First layer (2 x 39 + 1, G, 2, U), second (G, U, V), last (G x 2 x V, 14) of G groups of nets.

    Groups and rows as they stand in one answer of the first layer; the last of a group's units is the one
    that always says 1.
    """
    nets = _load()
    groups = ((nets[0],), (nets[1], nets[2]))
    n_units = 1 + max(sum(net[0].shape[1] for net, _ in group) for group in groups)
    n_inner = 1 + max(sum(net[2].shape[1] for net, _ in group) for group in groups)
    first = np.zeros((2 * _N + 1, len(groups), _ROWS, n_units))
    second = np.zeros((len(groups), n_units, n_inner))
    last = np.zeros((len(groups), _ROWS, n_inner, _N_ANSWERS))
    signs = np.array((*_SIGNS, *_SIGNS, *(1.0,) * _N_DOUBTS))
    scales = 0.5 * np.array((*_SCALES, *_SCALES, *(1.0,) * _N_DOUBTS))
    first[-1, :, :, -1] = second[:, -1, -1] = SURE
    for g, group in enumerate(groups):
        unit = inner = 0
        for (a, a_bias, b, b_bias, c, c_bias), place in group:
            units, inners = slice(unit, unit + len(b)), slice(inner, inner + len(c))
            for row, (layer, sign) in enumerate(((a, np.ones_like(signs)), (mirror(a, CARRIED), signs))):
                first[:-1, g, row, units], first[-1, g, row, units] = layer, a_bias
                last[g, row, inners, place] = c * (sign * scales)[place]
                last[g, row, -1, place] = c_bias * (sign * scales)[place]
            second[g, units, inners], second[g, -1, inners] = b, b_bias
            unit, inner = units.stop, inners.stop
    return first, second, last.reshape(-1, _N_ANSWERS)


_FIRST, _SECOND, _LAST = _join()
_SHAPE = _FIRST.shape[1:]
_N_HIDDEN = math.prod(_SHAPE)


def _fold() -> NDArray[np.float64]:
    """First layer and distance for the landmarks as they are, in trunk lengths: (39, hidden units and 39).

    What is subtracted from the landmarks (their hips' middle) is subtracted from the weights.
    """
    first = np.concatenate([_FIRST[:_N].reshape(_N, -1), np.diag(_INVERSE[:_N])], axis=1)
    folded = first.copy()
    # Shoulders and hips are the first four: x, y, z of the hips stand at 6 to 11.
    for axis in range(3):
        total = first[axis::3].sum(axis=0)
        folded[6 + axis] -= 0.5 * total
        folded[9 + axis] -= 0.5 * total
    return folded


_FOLDED = _fold()
_LIFTS = tuple(
    (3 * CARRIED.index(shoulder) + 1, 3 * CARRIED.index(elbow) + 1)
    for shoulder, elbow in ((11, 13), (12, 14))
)
"""Where the heights of a shoulder and its elbow stand in what is carried."""
(_LS_Y, _LE_Y), (_RS_Y, _RE_Y) = _LIFTS


class _Rest(msgspec.Struct, frozen=True):
    """What the nets need to know of a neutral."""

    scale: float
    """One over the trunk's length, 1 / pixels."""
    first: NDArray[np.float64]
    """(40, hidden units and 39): landmarks in pixels and a 1, to the first layer and to the distance."""
    distance: float
    """The neutral's own share of that distance, squared spreads."""
    answer: NDArray[np.float64]
    """What the nets say to no movement; 0 for the doubts, which stay."""


@lru_cache(maxsize=16)
def _know_neutral(neutral: tuple[float, ...]) -> _Rest:
    """Work out once what every frame is compared with: the neutral stays for minutes."""
    then = np.array(neutral).reshape(-1, 3)
    hips = 0.5 * (then[2] + then[3])
    up = 0.5 * (then[0] + then[1]) - hips
    scale = 1.0 / (math.hypot(up[0], up[1]) + TINY)
    centred = ((then - hips) * scale).ravel()
    layer = _FIRST.reshape(len(_FIRST), -1)
    base = np.concatenate(
        (
            centred @ (layer[_N : 2 * _N] - layer[:_N]) + layer[-1],
            -(centred + _MEAN[:_N]) * _INVERSE[:_N],
        )
    )
    far = (centred - _MEAN[_N:]) * _INVERSE[_N:]
    first = np.concatenate([_FOLDED * scale, base[None]])
    answer, _ = _answer(neutral, first)
    answer[2 * _N_CHANGES :] = 0.0
    return _Rest(scale, first, float(far @ far), answer)


def _answer(points: tuple[float, ...], first: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """What the nets say, (14,): changes of both, doubts; and the squared distance from the examples."""
    out = np.dot((*points, 1.0), first)
    hidden, far = out[:_N_HIDDEN], out[_N_HIDDEN:]
    np.tanh(hidden, hidden)
    inner = np.matmul(hidden.reshape(_SHAPE), _SECOND)
    np.tanh(inner, inner)
    return np.dot(inner.ravel(), _LAST), float(np.dot(far, far))


def share_reach(lift: float) -> float:
    """How much the net that knows the elbows counts for the turn: more where an elbow is high.

    Of a real person with the arms low it was seen to know less than the other.

    Parameters
    ----------
    lift : float
        How far the higher elbow is above its shoulder, trunk lengths.
    """
    up = min(max((lift - weights.REACH_FROM) / weights.REACH_OVER, 0.0), 1.0)
    return weights.LEAST_REACH + (1.0 - weights.LEAST_REACH) * up * up * (3.0 - 2.0 * up)


def judge_change(points: tuple[float, ...], neutral: tuple[float, ...]) -> Change:
    """Change since the neutral.

    Parameters
    ----------
    points, neutral : tuple of 39 floats, pixels, as :func:`carry_points` gives them

    Returns
    -------
    Change
        Degrees, right and forward +; slouch and ``outside`` are dimensionless.
    """
    rest = _know_neutral(neutral)
    answer, far = _answer(points, rest.first)
    # No movement must answer no change: what the nets say to that is taken off.
    (
        turn, head, lean, _, slouch,
        reach_turn, reach_head, reach_lean, bend, reach_slouch,
        turn_doubt, head_doubt, lean_doubt, bend_doubt,
    ) = (answer - rest.answer).tolist()  # fmt: skip
    share = share_reach(rest.scale * max(points[_LS_Y] - points[_LE_Y], points[_RS_Y] - points[_RE_Y]))
    distance = (far + rest.distance) / len(_MEAN)
    # Where the hips are under clothes, the elbows help to tell: the bend is all the second net's.
    return Change(
        turn + share * (reach_turn - turn),
        0.5 * (head + reach_head),
        0.5 * (lean + reach_lean),
        bend,
        0.5 * (slouch + reach_slouch),
        math.exp(min(turn_doubt, MOST_LOG_ERROR)),
        math.exp(min(head_doubt, MOST_LOG_ERROR)),
        math.exp(min(lean_doubt, MOST_LOG_ERROR)),
        math.exp(min(bend_doubt, MOST_LOG_ERROR)),
        max(distance / weights.CHANGE_LIMIT - 1.0, 0.0),
    )
