"""The training table: what the pose models saw, and what was true, one row a picture.

    python -m validation.learn.table pack POSES_FOLDER [OUT_FOLDER] [--name wide] [--only "over_*.npz"]

In: the files of :mod:`validation.learn.render_poses`. Out: three Parquet files (zstd) in OUT_FOLDER, by
default this one: ``poses_truth.parquet``, ``poses_full.parquet``, ``poses_lite.parquet`` (or another name).
All tables of a folder make one :class:`Table`. Only what training reads is kept, as exactly as the pose model
gave it (float32), so that the same weights come out again. Next file: :mod:`validation.learn.train`.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from validation.learn.features import ARM, SLOUCH

HERE = Path(__file__).resolve().parent
MODELS = ("full", "lite")
KEPT = tuple(sorted({*SLOUCH, *ARM, 14, 16}))
"""Landmarks that training reads (MediaPipe's numbers)."""
TRUTHS = (
    "shoulder_line_yaw_left",
    "head_yaw_left",
    "trunk_lean_forward",
    "trunk_lean_right",
    "trunk_side_bend_right",
    "left_shoulder_elevation",
    "right_shoulder_elevation",
    "left_elbow_flexion",
    "right_elbow_flexion",
    "slouch",
)
"""Degrees in the generator's axes (:func:`rig.truth`), to the left + where they turn; slouch 0..1.25."""
EARLY = ("000", "001", "002", "003")
"""Rounds of :mod:`validation.learn.render_poses`."""
MANY = ("013", "014", "015")
"""The large rounds of :mod:`validation.learn.render_motions`."""
TURNS = ("015",)
"""Its round ``--turns``: only who sits and turns, arms anywhere."""
_SETUP = ("eye_x_m", "eye_y_m", "eye_z_m", "width_px", "height_px")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All pictures; the person looks along -y, x is to the person's left, z up."""

    points: dict[str, NDArray[np.float64]]
    """By pose model: landmarks (N, 33, 3) in pixels, zero where not kept, NaN where nobody was found."""
    truth: dict[str, NDArray[np.float64]]
    """By name, (N,), see ``TRUTHS``."""
    setup_idx: NDArray[np.int64]
    """(N,): pictures of one set-up share body, clothes, room and camera."""
    is_sitting: NDArray[np.bool_]
    eye_m: NDArray[np.float64]
    """(N, 3): where the camera is."""
    is_early: NDArray[np.bool_]
    """(N,): of the first rounds, drawn more evenly than people move."""
    is_many: NDArray[np.bool_]
    """(N,): of the large rounds, which would outweigh all others."""
    is_turns: NDArray[np.bool_]
    """(N,): of the round of turns, which only the network without the elbows learns from."""


def load_table(folder: Path = HERE) -> Table:
    """Read all tables of the folder as one, N pictures."""
    names = sorted(path.name.removesuffix("_truth.parquet") for path in folder.glob("*_truth.parquet"))
    truth = pa.concat_tables([pq.read_table(folder / f"{name}_truth.parquet") for name in names])
    setups, setup_idx = np.unique(truth.column("setup").to_numpy(), return_inverse=True)
    print(len(truth), "pictures in", len(setups), "set-ups")
    column = {name: truth.column(name).to_numpy().astype(np.float64) for name in (*TRUTHS, *_SETUP)}
    size = np.stack([column["width_px"], column["height_px"], column["width_px"]], axis=1)
    points: dict[str, NDArray[np.float64]] = {}
    for model in MODELS:
        seen = pa.concat_tables([pq.read_table(folder / f"{name}_{model}.parquet") for name in names])
        points[model] = np.zeros((len(truth), 33, 3))
        for i in KEPT:
            for axis, name in enumerate("xyz"):
                points[model][:, i, axis] = seen.column(f"{name}{i}").to_numpy()
        points[model] *= size[:, None]
    return Table(
        points=points,
        truth={name: column[name] for name in TRUTHS},
        setup_idx=setup_idx,
        is_sitting=truth.column("is_sitting").to_numpy(zero_copy_only=False),
        eye_m=np.stack([column[f"eye_{axis}_m"] for axis in "xyz"], axis=1),
        is_early=np.array([str(name).split("_")[0] in EARLY for name in setups])[setup_idx],
        is_many=np.array([str(name).split("_")[0] in MANY for name in setups])[setup_idx],
        is_turns=np.array([str(name).split("_")[0] in TURNS for name in setups])[setup_idx],
    )


def pack(poses: Path, out: Path, name: str, only: str) -> None:
    """Pack the files of one folder that fit the pattern ``only`` into the table ``name``."""
    rows: dict[str, list[np.ndarray]] = {
        column: [] for column in (*TRUTHS, *_SETUP, "setup", "is_sitting", *MODELS)
    }
    for path in sorted(poses.glob(only)):
        with np.load(path) as file:
            meta, keys, truth = json.loads(str(file["meta"])), list(file["keys"]), file["truth"]
            seen = {model: file[model] for model in MODELS}
        n = len(truth)
        for column in TRUTHS:
            rows[column].append(truth[:, keys.index(column)])
        for column, value in zip(_SETUP, (*meta["cam"]["eye"], *meta["size"]), strict=True):
            rows[column].append(np.full(n, value))
        rows["setup"].append(np.full(n, path.stem))
        rows["is_sitting"].append(np.full(n, meta["sitting"]))
        for model in MODELS:
            rows[model].append(seen[model][:, list(KEPT), :3])
    joined = {column: np.concatenate(parts) for column, parts in rows.items()}
    plain = {column: joined[column] for column in ("setup", "is_sitting", *_SETUP, *TRUTHS)}
    _write(out / f"{name}_truth.parquet", plain, split=TRUTHS)
    for model in MODELS:
        columns = {
            f"{axis}{i}": joined[model][:, k, a] for k, i in enumerate(KEPT) for a, axis in enumerate("xyz")
        }
        _write(out / f"{name}_{model}.parquet", columns, split=tuple(columns))


def _write(path: Path, columns: dict[str, np.ndarray], split: tuple[str, ...]) -> None:
    """Write columns; those named in ``split`` byte by byte, which packs numbers that never repeat better."""
    # pyarrow takes names here, its stubs know only of yes and no
    plain: Any = [name for name in columns if name not in split]
    pq.write_table(
        pa.table(columns),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=plain,
        column_encoding=dict.fromkeys(split, "BYTE_STREAM_SPLIT"),
    )
    print(path.name, len(next(iter(columns.values()))), "rows", path.stat().st_size, "bytes")


def main() -> None:
    """Pack a folder, as asked for on the command line."""
    parser = argparse.ArgumentParser(prog="validation.learn.table")
    parser.add_argument("verb", choices=("pack",))
    parser.add_argument("poses", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=HERE)
    parser.add_argument("--name", default="poses", help="of the table")
    parser.add_argument("--only", default="*_*.npz", help="pattern of the set-ups' names")
    wish = parser.parse_args()
    pack(wish.poses, wish.out, wish.name, wish.only)


if __name__ == "__main__":
    main()
