"""Learn the three networks and write ``weights.py``.

    python -m validation.learn.train OUT.py [--epochs 2] [--compare src/unkink/body/weights.py]
    python -m validation.learn.train --hold-out

In: the training table beside this. Out: a module like ``src/unkink/body/weights.py``. ``--hold-out`` learns
from five set-ups in six and tells the errors in the sixth; nothing is written. A full run takes about half a
minute of one core.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import textwrap
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from validation.learn import features, nets
from validation.learn.nets import Recipe, Trained
from validation.learn.table import MODELS, Table, load_table

TURN_DEG, LEAN_DEG = 30.0, 15.0
CARRIAGE = Recipe(
    hidden=(48, 24),
    scale=(TURN_DEG, TURN_DEG, LEAN_DEG),
    odd=(True, True, False),
    epochs=36,
    decay=3e-5,
    jitter=0.02,
)
"""Turn of the shoulders and of the head against the ray from the camera, lean against the camera's height."""
CARRIAGE_WEIGHTS = (1.0, 0.7, 0.7)
SLOUCHED = Recipe(
    hidden=(32, 16), scale=(1.0,), odd=(False,), epochs=30, decay=1e-4, jitter=0.02, is_chance=True
)
CHANGE = Recipe(
    hidden=(32, 16), scale=(LEAN_DEG, 1.0), odd=(False, False), epochs=25, decay=1e-4, jitter=0.01
)
"""Change of lean and of slouch since the neutral."""
COPIES = 2
SEED, CHANGE_SEED = 0, 1
HOLD_OUT = 6
HERE = Path(__file__).resolve().parent
_LANDMARKS = (features.CARRIAGE, features.SLOUCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Both pose models' pictures, one after the other, where somebody was found: N of them."""

    points: NDArray[np.float64]
    turn_deg: NDArray[np.float64]
    """Shoulders against the ray from the camera, to the right +."""
    head_deg: NDArray[np.float64]
    lean_deg: NDArray[np.float64]
    lean_seen_deg: NDArray[np.float64]
    """Forward lean, and how far the camera looks down on the trunk."""
    slouch: NDArray[np.float64]
    is_sitting: NDArray[np.bool_]
    setup_idx: NDArray[np.int64]
    model_idx: NDArray[np.int64]
    near_neutral: NDArray[np.bool_]
    """Not turned, not bent to a side, looking ahead: what a neutral may be."""
    left_arm_deg: NDArray[np.float64]

    def take(self, rows: NDArray[np.bool_]) -> Examples:
        """Only some of them."""
        return replace(self, **{name: getattr(self, name)[rows] for name in self.__slots__})


def choose_examples(table: Table) -> Examples:
    """Truths as the networks are to tell them."""
    t, n = table.truth, len(table.setup_idx)
    bearing = np.array([np.degrees(np.arctan2(x, -y)) for x, y, _ in table.eye_m])
    middle_m = [0.75 if sits else 1.2 for sits in table.is_sitting]
    above = np.array(
        [
            np.degrees(np.arctan2(e[2] - m, np.hypot(e[0], e[1])))
            for e, m in zip(table.eye_m, middle_m, strict=True)
        ]
    )
    yaw, head = t["shoulder_line_yaw_left"], t["head_yaw_left"]
    ahead = (np.abs(yaw) < 14) & (np.abs(t["trunk_side_bend_right"]) < 9) & (np.abs(head) < 30)  # noqa: PLR2004
    both = {
        "turn_deg": bearing - yaw,
        "head_deg": bearing - head,
        "lean_deg": t["trunk_lean_forward"],
        "lean_seen_deg": t["trunk_lean_forward"] + above,
        "slouch": t["slouch"],
        "is_sitting": table.is_sitting,
        "setup_idx": table.setup_idx,
        "near_neutral": ahead,
        "left_arm_deg": t["left_shoulder_elevation"],
    }
    points = np.concatenate([table.points[model] for model in MODELS])
    everybody = Examples(
        points=points,
        model_idx=np.repeat([0, 1], n),
        **{name: np.concatenate([column, column]) for name, column in both.items()},
    )
    return everybody.take(np.isfinite(points[:, :, 0]).all(1))


def _slouch_weight(e: Examples) -> NDArray[np.float64]:
    """Who stands upright counts a little as not slouched; who stands and bends does not count."""
    return np.where(e.is_sitting, 1.0, np.where(e.lean_deg < 12, 0.3, 0.0))  # noqa: PLR2004


def learn_carriage_and_slouch(e: Examples, carriage: Recipe, slouched: Recipe) -> tuple[Trained, Trained]:
    """Learn what one picture says."""
    r = np.random.default_rng(SEED)
    varied = np.concatenate([features.vary_depth(e.points, r, 0.12, 0.06) for _ in range(COPIES)])
    target = np.stack([e.turn_deg, e.head_deg, e.lean_seen_deg], 1)
    weight = np.tile(CARRIAGE_WEIGHTS, (len(target), 1))
    first = _fit(varied, features.CARRIAGE, target, weight, carriage)
    weight = _slouch_weight(e)
    rows = weight > 0
    varied = np.concatenate([features.vary_depth(e.points[rows], r, 0.10, 0.0) for _ in range(COPIES)])
    target = np.clip((e.slouch - 0.15) / 0.35, 0, 1)
    second = _fit(varied, features.SLOUCH, target[rows, None], weight[rows, None], slouched)
    return first, second


def _fit(
    varied: NDArray[np.float64],
    landmarks: tuple[int, ...],
    target: NDArray[np.float64],
    weight: NDArray[np.float64],
    recipe: Recipe,
) -> Trained:
    x, mirrored = (features.carriage(p, landmarks) for p in (varied, features.mirror(varied)))
    return nets.fit(x, mirrored, np.tile(target, (COPIES, 1)), np.tile(weight, (COPIES, 1)), recipe)


def choose_pairs(e: Examples) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair every picture three times with one of the same set-up and pose model that may be its neutral.

    Twice with one who does not lean (if there is one: with the arms down), once with any who looks ahead.
    """
    now: list[NDArray[np.int64]] = []
    neutral: list[NDArray[np.int64]] = []
    r = np.random.default_rng(SEED)
    for setup in np.unique(e.setup_idx):
        for model in (0, 1):
            i = np.where((e.setup_idx == setup) & (e.model_idx == model))[0]
            ahead = i[e.near_neutral[i]]
            upright = ahead[np.abs(e.lean_deg[ahead]) < 10]  # noqa: PLR2004
            arms_down = upright[e.left_arm_deg[upright] < 60]  # noqa: PLR2004
            best = arms_down if len(arms_down) else upright
            for pool in (best if len(best) else ahead, best if len(best) else ahead, ahead):
                if len(pool):
                    neutral.append(r.choice(pool, len(i)))
                    now.append(i)
    return np.concatenate(now), np.concatenate(neutral)


def _change_truth(e: Examples, i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.float64]:
    slouch = np.clip(e.slouch, 0, 1.1)
    return np.column_stack([e.lean_deg[i] - e.lean_deg[j], slouch[i] - slouch[j]])


def learn_change(e: Examples, recipe: Recipe) -> Trained:
    """Learn what a picture says beside the person's own neutral."""
    i, j = choose_pairs(e)
    now = features.vary_distance(e.points[i], np.random.default_rng(CHANGE_SEED), 0.03)
    neutral = e.points[j]
    weight = np.column_stack([np.ones(len(i)), (_slouch_weight(e)[i] > 0) * 0.6])
    x = features.change(now, neutral)
    mirrored = features.change(features.mirror(now), features.mirror(neutral))
    return nets.fit(x, mirrored, _change_truth(e, i, j), weight, recipe)


def tell_errors(e: Examples, carriage: Trained, slouched: Trained, change: Trained) -> None:
    """Print mean absolute errors, degrees, and how often slouch is judged wrong."""
    here = {k: [features.carriage(p, k) for p in (e.points, features.mirror(e.points))] for k in _LANDMARKS}
    turn, head, lean = carriage.judge(*here[features.CARRIAGE]).T
    for name, got, want in (
        ("shoulder turn", turn, e.turn_deg),
        ("head turn", head, e.head_deg),
        ("lean, one picture", lean, e.lean_seen_deg),
    ):
        _tell(name, np.abs(got - want), e.is_sitting)
    said = slouched.judge(*here[features.SLOUCH])[:, 0] > 0.5  # noqa: PLR2004
    upright, bent = e.is_sitting & (e.slouch < 0.05), e.is_sitting & (e.slouch > 0.6)  # noqa: PLR2004
    print(f"slouch: upright called slouched {said[upright].mean():.3f}, missed {1 - said[bent].mean():.3f}")
    i, j = choose_pairs(e)
    x = features.change(e.points[i], e.points[j])
    mirrored = features.change(features.mirror(e.points[i]), features.mirror(e.points[j]))
    still, still_mirrored = x.copy(), mirrored.copy()
    still[:, :33] = still_mirrored[:, :33] = 0
    got = change.judge(x, mirrored) - change.judge(still, still_mirrored)
    _tell("lean since neutral", np.abs(got - _change_truth(e, i, j))[:, 0], e.is_sitting[i])


def _tell(name: str, error: NDArray[np.float64], sits: NDArray[np.bool_]) -> None:
    print(f"{name}: mean absolute error {error[sits].mean():.2f} sitting, {error[~sits].mean():.2f} standing")


def to_module(e: Examples, carriage: Trained, slouched: Trained, change: Trained) -> str:
    """The text of ``weights.py``."""
    first, second, third = (
        "\n".join(f'    "{line}"' for line in textwrap.wrap(nets.pack(net), 100))
        for net in (carriage, slouched, change)
    )
    return (
        (HERE / "weights.template")
        .read_text()
        .format(
            n_pictures=len(e.points) // 2,
            n_setups=len(np.unique(e.setup_idx)),
            numpy=np.__version__,
            made_on=datetime.now(tz=UTC).date().isoformat(),
            carriage_landmarks=features.CARRIAGE,
            slouch_landmarks=features.SLOUCH,
            carriage=first,
            slouch=second,
            change=third,
        )
    )


def compare(ours: Path, theirs: Path) -> None:
    """Print how far two weights files lie apart."""
    a, b = (_load_module(path) for path in (ours, theirs))
    for name in ("CARRIAGE", "SLOUCH", "CHANGE"):
        x, y = (np.frombuffer(base64.b64decode(getattr(m, name)), "<f2").astype(float) for m in (a, b))
        same = "the same" if np.array_equal(x, y) else f"up to {np.abs(x - y).max():.3g} apart"
        print(name.lower(), len(x), "weights:", same)


def _load_module(path: Path) -> object:
    spec = importlib.util.spec_from_file_location("weights_to_compare", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Learn, as asked for on the command line."""
    parser = argparse.ArgumentParser(prog="validation.learn.train")
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--epochs", type=int, help="a short run: so many for each network")
    parser.add_argument(
        "--hold-out", action="store_true", help="learn from five set-ups in six, judge the sixth"
    )
    parser.add_argument("--compare", type=Path, help="another weights file")
    wish = parser.parse_args()
    if (wish.out is None) != wish.hold_out:
        parser.error("say either where to write, or --hold-out")
    recipes = [CARRIAGE, SLOUCHED, CHANGE]
    if wish.epochs:
        recipes = [replace(recipe, epochs=wish.epochs) for recipe in recipes]
    everybody = choose_examples(load_table())
    held = everybody.setup_idx % HOLD_OUT == 0
    pupils = everybody.take(~held) if wish.hold_out else everybody
    learnt = (*learn_carriage_and_slouch(pupils, *recipes[:2]), learn_change(pupils, recipes[2]))
    tell_errors(everybody.take(held) if wish.hold_out else everybody, *learnt)
    if wish.out:
        wish.out.write_text(to_module(everybody, *learnt))
        if wish.compare:
            compare(wish.out, wish.compare)


if __name__ == "__main__":
    main()
