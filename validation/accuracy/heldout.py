"""The kept-apart set: bodies, cameras, clothes and lights on which nothing was tuned.

In: ``heldout/specs.json``. Out: videos, and the small files in ``heldout/`` that stand for them. Next file:
``takes.py``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from unkink.acquire.recorded import COLUMN_IMAGE, COLUMN_TIME, FORMAT, N_VALUES, VERSION, load_recording
from validation.accuracy.takes import HELD_OUT, MODELS
from validation.accuracy.truth import KEPT

_STEP = np.array([2.0**-15, 2.0**-15, 2.0**-13, 2.0**-8])
"""Landmarks are kept in steps of 0.02 pixels of a 640 pixel picture, depth 0.08, visibility 0.004."""
_DEGREE_STEP, _METRE_STEP = 2.0**-7, 2.0**-14


def load_specs(folder: Path = HELD_OUT) -> list[dict[str, Any]]:
    """Return the specs with their looks and outfits written out."""
    data = json.loads((folder / "specs.json").read_text(encoding="utf-8"))
    return [
        {
            **spec,
            "look": data["looks"].get(spec["look"], spec["look"]),
            "outfit": data["outfits"][spec["outfit"]],
        }
        for spec in data["clips"]
    ]


def render_all(out: Path) -> None:
    """Render every clip that ``out`` lacks (extra ``avatar``): about an hour of one core."""
    from validation.avatar.make import render

    out.mkdir(parents=True, exist_ok=True)
    for spec in load_specs():
        if not (out / f"{spec['name']}.json").is_file():
            render(spec, out, fps=spec["fps"], step=spec["picture_step"])


def pack_all(videos: Path, cache: Path, folder: Path = HELD_OUT) -> None:
    """Write the small files of all clips from truth beside the videos and landmarks in the cache."""
    for spec in load_specs(folder):
        pack_truth(videos / f"{spec['name']}.parquet", folder / f"{spec['name']}.truth.parquet")
        for model in MODELS:
            source = cache / f"{spec['name']}.{model}.npz"
            pack_landmarks(source, folder / f"{spec['name']}.{model}.parquet")


def pack_landmarks(source: Path, target: Path) -> None:
    """Write recorded landmarks in the app's own format, rounded so that they pack well."""
    series = load_recording(source).series
    image = (np.round(series.image / _STEP) * _STEP).astype(np.float32)
    about = {
        "format": FORMAT,
        "version": VERSION,
        "width_px": str(series.width_px),
        "height_px": str(series.height_px),
        "events": "[]",
    }
    schema = pa.schema(
        [(COLUMN_TIME, pa.float64()), (COLUMN_IMAGE, pa.list_(pa.float32(), N_VALUES))], metadata=about
    )
    column = pa.FixedSizeListArray.from_arrays(pa.array(image.reshape(-1)), N_VALUES)
    table = pa.Table.from_arrays([pa.array(series.t_s), column], schema=schema)
    _write(table, target)


def pack_truth(source: Path, target: Path) -> None:
    """Write the truth, one row per picture, rounded to 0.008 degrees and 0.06 millimetres."""
    table = pq.read_table(source, columns=["t", "phase", "rep", *KEPT])
    columns: dict[str, pa.Array] = {
        "t": table["t"],
        "phase": table["phase"],
        "rep": table["rep"].cast("int32"),
    }
    for name in KEPT:
        step = _METRE_STEP if name.endswith("_m") else _DEGREE_STEP
        values = np.round(table[name].to_numpy().astype(float) / step) * step
        columns[name] = pa.array(values.astype(np.float32))
    _write(pa.table(columns), target)


def _write(table: pa.Table, target: Path) -> None:
    split = [
        name for name in (*KEPT, f"{COLUMN_IMAGE}.list.element") if name.split(".")[0] in table.column_names
    ]
    pq.write_table(
        table,
        target,
        compression="zstd",
        compression_level=19,
        use_dictionary=["phase"] if "phase" in table.column_names else False,
        use_byte_stream_split=split,
    )
