"""Bland-Altman pictures: the error of every moment over what was true, with bias and limits of agreement.

In: pairs. Out: small SVG files, the same bytes for the same pairs. Next file: ``document.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from validation.accuracy.agreement import compare, join
from validation.accuracy.paired import Pair
from validation.accuracy.tables import ALL, Results
from validation.accuracy.takes import HERE, LABELS

FOLDER = HERE.parent / "docs" / "pictures" / "accuracy"
DRAWN = {
    "shoulder-turn": (("shoulder_turn_deg",), "Shoulder turn"),
    "side-bend": (("trunk_side_bend_deg",), "Side bend of the trunk"),
    "shoulder-elevation": (
        ("left_shoulder_elevation_deg", "right_shoulder_elevation_deg"),
        "Shoulder elevation, both sides",
    ),
    "elbow-flexion": (("left_elbow_flexion_deg", "right_elbow_flexion_deg"), "Elbow flexion, both sides"),
    "head-rotation": (("head_rotation_deg",), "Head turn against the shoulders"),
}
USED = {"shoulder-elevation": ("side_stretch", "wall_angels"), "elbow-flexion": ("wall_angels",)}
"""Exercises that use the joint; where none are named, all are drawn."""
_COLOURS = {
    "seated_twist": "#1b6f6a",
    "side_stretch": "#c8642a",
    "wall_angels": "#5a4fa2",
    "neck_rotation": "#b0912c",
    "posture": "#6b7280",
}
_N_POINTS = 450
_STYLE = {"svg.hashsalt": "unkink", "svg.fonttype": "none", "font.size": 9, "font.family": "sans-serif"}


def draw_all(results: Results, folder: Path = FOLDER) -> list[Path]:
    """Draw the kept-apart set as the full model saw it, recorded."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, (quantities, title) in DRAWN.items():
        groups = {
            exercise: [
                pair
                for quantity in quantities
                for pair in results.pairs.get(("held-out", "full", "recorded", exercise, ALL, quantity), [])
            ]
            for exercise in USED.get(name, tuple(_COLOURS))
        }
        paths.append(folder / f"{name}.svg")
        draw({k: v for k, v in groups.items() if v}, title, paths[-1])
    return paths


def draw(groups: dict[str, Sequence[Pair]], title: str, path: Path) -> None:
    """Draw one picture; ``groups`` are pairs by exercise, degrees."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    pairs = [pair for group in groups.values() for pair in group]
    whole = compare(*(join([getattr(pair, k) for pair in pairs]) for k in ("measured", "sds", "true")))
    with mpl.rc_context(_STYLE):
        figure, axes = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
        n_all = sum(len(pair.true) for pair in pairs)
        for exercise, group in groups.items():
            true, measured = join([p.true for p in group]), join([p.measured for p in group])
            kept = _thin(np.isfinite(measured), max(1, n_all // _N_POINTS))
            axes.scatter(
                np.round(true[kept], 1),
                np.round((measured - true)[kept], 1),
                s=7,
                linewidths=0,
                alpha=0.6,
                color=_COLOURS[exercise],
                label=LABELS[exercise],
            )
        if whole is not None:
            axes.axhline(whole.bias, color="#222222", linewidth=1)
            for limit in (whole.low, whole.high):
                axes.axhline(limit, color="#222222", linewidth=1, linestyle=(0, (4, 3)))
        axes.axhline(0, color="#bbbbbb", linewidth=0.8, zorder=0)
        axes.set(title=title, xlabel="true, degrees", ylabel="measured less true, degrees")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1), handletextpad=0.2)
        figure.savefig(path, metadata={"Date": None, "Creator": None, "Title": title})
        plt.close(figure)


def _thin(is_known: np.ndarray, step: int) -> np.ndarray:
    """Every so many known moments, as indices."""
    return np.flatnonzero(is_known)[::step]
