"""Learn the networks and write ``weights.py``.

    python -m validation.learn.train OUT.py [--epochs 2] [--compare src/unkink/body/weights.py]
    python -m validation.learn.train --hold-out

In: the training tables beside this. Out: a module like ``src/unkink/body/weights.py``. ``--hold-out`` learns
from five set-ups in six and tells the errors in the sixth; nothing is written.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from validation.learn import features, nets
from validation.learn.examples import Examples, choose_examples, choose_pairs
from validation.learn.lessons import (
    Learnt,
    arms_examples,
    change_error,
    change_features,
    learn_all,
)
from validation.learn.nets import Trained
from validation.learn.table import load_table

HOLD_OUT = 6
OUTSIDE_SHARE = 0.995
"""Of the examples, the share that lies within the range."""
HERE = Path(__file__).resolve().parent
_ARRAYS = (
    *("CARRIAGE", "SLOUCH", "CHANGE", "REACH", "CHANGE_DOUBT", "CHANGE_RANGE"),
    *("ARMS", "ARMS_DOUBT", "ARMS_RANGE"),
)


def tell_errors(e: Examples, learnt: Learnt) -> None:
    """Print mean absolute errors, degrees, how often slouch is judged wrong, and what the doubts cover."""
    here = {
        k: [features.carriage(p, k) for p in (e.points, features.mirror(e.points))]
        for k in (features.CARRIAGE, features.SLOUCH)
    }
    turn, head, lean = learnt.carriage.judge(*here[features.CARRIAGE]).T
    for name, got, want in (
        ("shoulder turn, one picture", turn, e.turn_deg),
        ("head turn, one picture", head, e.head_deg),
        ("lean, one picture", lean, e.lean_seen_deg),
    ):
        _tell(name, np.abs(got - want), e.is_sitting)
    said = learnt.slouch.judge(*here[features.SLOUCH])[:, 0] > 0.5  # noqa: PLR2004
    upright, bent = e.is_sitting & (e.slouch < 0.05), e.is_sitting & (e.slouch > 0.6)  # noqa: PLR2004
    print(f"slouch: upright called slouched {said[upright].mean():.3f}, missed {1 - said[bent].mean():.3f}")
    i, j = choose_pairs(e)
    errors = change_error(learnt.change, learnt.reach, e, i, j)
    limits = np.exp(learnt.change_doubt.judge(*change_features(e, i, j)))
    for name, error, limit in zip(("turn", "head", "lean", "side bend"), errors.T, limits.T, strict=True):
        _tell(f"{name} since neutral", error, e.is_sitting[i], limit)
    x, truth = arms_examples(e)
    limits = np.exp(learnt.arms_doubt.judge(x, x))
    errors = np.abs(learnt.arms.judge(x, x) - truth)
    for name, error, limit in zip(("arm's elevation", "elbow"), errors.T, limits.T, strict=True):
        _tell(name, error, np.tile(e.is_sitting, 2), limit)


def _tell(name: str, error: features.Floats, sits: np.ndarray, limit: features.Floats | None = None) -> None:
    covered = "" if limit is None else f", {100 * (error <= limit).mean():.0f} % within the doubt"
    sitting, standing = error[sits].mean(), error[~sits].mean()
    print(f"{name}: mean absolute error {sitting:.2f} sitting, {standing:.2f} standing{covered}")


def to_module(e: Examples, learnt: Learnt) -> str:
    """The text of ``weights.py``."""
    texts = {
        "carriage": nets.pack(learnt.carriage),
        "slouch": nets.pack(learnt.slouch),
        "change": nets.pack(learnt.change),
        "reach": nets.pack(learnt.reach),
        "change_doubt": nets.pack(learnt.change_doubt),
        "change_range": _pack_range(learnt.reach),
        "arms": nets.pack(learnt.arms),
        "arms_doubt": nets.pack(learnt.arms_doubt),
        "arms_range": _pack_range(learnt.arms),
    }
    wrapped = {
        name: "(\n" + "\n".join(f'    "{line}"' for line in textwrap.wrap(text, 100)) + "\n)"
        for name, text in texts.items()
    }
    near = e.take(~e.is_turns)
    i, j = choose_pairs(near)
    return (
        (HERE / "weights.template")
        .read_text()
        .format(
            n_pictures=len(e.points),
            n_setups=len(np.unique(e.setup_idx)),
            numpy=np.__version__,
            made_on=datetime.now(tz=UTC).date().isoformat(),
            carriage_landmarks=features.CARRIAGE,
            slouch_landmarks=features.SLOUCH,
            arm_landmarks=features.ARM,
            carriage_sizes=_sizes(learnt.carriage),
            slouch_sizes=_sizes(learnt.slouch),
            change_sizes=_sizes(learnt.change),
            reach_sizes=_sizes(learnt.reach),
            reach_shares=(features.LEAST_REACH, features.REACH_FROM, features.REACH_OVER),
            change_doubt_sizes=_sizes(learnt.change_doubt),
            arms_sizes=_sizes(learnt.arms),
            arms_doubt_sizes=_sizes(learnt.arms_doubt),
            change_limit=_find_limit(learnt.reach, change_features(near, i, j)[0]),
            arms_limit=_find_limit(learnt.arms, arms_examples(near)[0]),
            **wrapped,
        )
    )


def _sizes(trained: Trained) -> tuple[int, ...]:
    matrices = trained.net.matrices
    return (*(len(matrix) for matrix in matrices), matrices[-1].shape[1])


def _pack_range(trained: Trained) -> str:
    """Mean, then one over the spread, of every feature."""
    both = np.concatenate([trained.mean, 1.0 / trained.spread])
    return base64.b64encode(both.astype("<f2").tobytes()).decode()


def _find_limit(trained: Trained, x: features.Floats) -> float:
    """Mean squared distance from the mean, in spreads, that hardly any example exceeds."""
    distance = (((x - trained.mean) / trained.spread) ** 2).mean(1)
    return round(float(np.quantile(distance, OUTSIDE_SHARE)), 2)


def compare(ours: Path, theirs: Path) -> None:
    """Print how far two weights files lie apart."""
    a, b = (_load_module(path) for path in (ours, theirs))
    for name in _ARRAYS:
        x, y = (np.frombuffer(base64.b64decode(getattr(m, name)), "<f2").astype(float) for m in (a, b))
        same = "the same" if np.array_equal(x, y) else f"up to {np.abs(x - y).max():.3g} apart"
        print(name.lower(), len(x), "numbers:", same)


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
    parser.add_argument("--epochs", type=int, help="a short run: at most so many for each network")
    parser.add_argument(
        "--hold-out", action="store_true", help="learn from five set-ups in six, judge the sixth"
    )
    parser.add_argument("--compare", type=Path, help="another weights file")
    parser.add_argument("--table", type=Path, default=HERE, help="folder of the tables to learn from")
    wish = parser.parse_args()
    if (wish.out is None) != wish.hold_out:
        parser.error("say either where to write, or --hold-out")
    everybody = choose_examples(load_table(wish.table))
    held = everybody.setup_idx % HOLD_OUT == 0
    learnt = learn_all(everybody.take(~held) if wish.hold_out else everybody, wish.epochs)
    tell_errors(everybody.take(held) if wish.hold_out else everybody, learnt)
    if wish.out:
        wish.out.write_text(to_module(everybody, learnt))
        if wish.compare:
            compare(wish.out, wish.compare)


if __name__ == "__main__":
    main()
