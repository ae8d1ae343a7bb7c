"""Examples to learn from: pictures with what was true, and pairs of a picture and a neutral.

In: the table. Out: :class:`Examples`. Next file: :mod:`validation.learn.lessons`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from validation.learn.table import MODELS, Table

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

PAIR_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Both pose models' pictures, one after the other, where somebody was found: N of them."""

    points: Floats
    """(N, 33, 3), pixels."""
    turn_deg: Floats
    """Shoulders against the ray from the camera, to the right +."""
    head_deg: Floats
    lean_deg: Floats
    lean_seen_deg: Floats
    """Forward lean, and how far the camera looks down on the trunk."""
    bend_deg: Floats
    """Middle of the hips to middle of the shoulders, to the right +."""
    slouch: Floats
    elevation_deg: Floats
    """(N, 2), left and right."""
    elbow_deg: Floats
    is_sitting: NDArray[np.bool_]
    setup_idx: Indices
    model_idx: Indices
    is_early: NDArray[np.bool_]
    is_many: NDArray[np.bool_]
    is_turns: NDArray[np.bool_]
    near_neutral: NDArray[np.bool_]
    """Not turned, not bent to a side, looking ahead: what a neutral may be."""

    def take(self, rows: NDArray[np.bool_]) -> Examples:
        """Only some of them."""
        return replace(self, **{name: getattr(self, name)[rows] for name in self.__slots__})


def choose_examples(table: Table) -> Examples:
    """Truths as the networks are to tell them."""
    t, n = table.truth, len(table.setup_idx)
    x, y, z = table.eye_m.T
    bearing = np.degrees(np.arctan2(x, -y))
    above = np.degrees(np.arctan2(z - np.where(table.is_sitting, 0.75, 1.2), np.hypot(x, y)))
    yaw, head = t["shoulder_line_yaw_left"], t["head_yaw_left"]
    ahead = (np.abs(yaw) < 14) & (np.abs(t["trunk_side_bend_right"]) < 9) & (np.abs(head) < 30)  # noqa: PLR2004
    both = {
        "turn_deg": bearing - yaw,
        "head_deg": bearing - head,
        "lean_deg": t["trunk_lean_forward"],
        "lean_seen_deg": t["trunk_lean_forward"] + above,
        "bend_deg": t["trunk_lean_right"],
        "slouch": t["slouch"],
        "elevation_deg": np.column_stack([t["left_shoulder_elevation"], t["right_shoulder_elevation"]]),
        "elbow_deg": np.column_stack([t["left_elbow_flexion"], t["right_elbow_flexion"]]),
        "is_sitting": table.is_sitting,
        "setup_idx": table.setup_idx,
        "is_early": table.is_early,
        "is_many": table.is_many,
        "is_turns": table.is_turns,
        "near_neutral": ahead,
    }
    points = np.concatenate([table.points[model] for model in MODELS])
    everybody = Examples(
        points=points,
        model_idx=np.repeat([0, 1], n),
        **{name: np.concatenate([column, column]) for name, column in both.items()},
    )
    return everybody.take(np.all(np.isfinite(points[:, :, 0]), axis=1))


def choose_pairs(e: Examples) -> tuple[Indices, Indices]:
    """Pair every picture three times with one of the same set-up and pose model that may be its neutral.

    Twice with one who does not lean (if there is one: with the arms down), once with any who looks ahead.
    """
    now: list[Indices] = []
    neutral: list[Indices] = []
    r = np.random.default_rng(PAIR_SEED)
    for setup in np.unique(e.setup_idx):
        for model in (0, 1):
            i = np.where((e.setup_idx == setup) & (e.model_idx == model))[0]
            ahead = i[e.near_neutral[i]]
            upright = ahead[np.abs(e.lean_deg[ahead]) < 10]  # noqa: PLR2004
            arms_down = upright[e.elevation_deg[upright, 0] < 60]  # noqa: PLR2004
            best = arms_down if len(arms_down) else upright
            for pool in (best if len(best) else ahead, best if len(best) else ahead, ahead):
                if len(pool):
                    neutral.append(r.choice(pool, len(i)))
                    now.append(i)
    return np.concatenate(now), np.concatenate(neutral)


def weigh_slouch(e: Examples) -> Floats:
    """Who stands upright counts a little as not slouched; who stands and bends does not count, (N,)."""
    return np.where(e.is_sitting, 1.0, np.where(e.lean_deg < 12, 0.3, 0.0))  # noqa: PLR2004


def change_truth(e: Examples, i: Indices, j: Indices) -> Floats:
    """Change of turn, head, lean, bend (degrees) and slouch from the neutral ``j`` to ``i``, (N, 5)."""
    slouch = np.clip(e.slouch, 0, 1.1)
    columns = (e.turn_deg, e.head_deg, e.lean_deg, e.bend_deg, slouch)
    return np.column_stack([column[i] - column[j] for column in columns])
