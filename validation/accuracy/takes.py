"""What there is to validate on: rendered clips, the kept-apart set, recordings with motion capture.

In: folders. Out: :class:`Take`, landmarks with the truth beside them. Next file: ``measuring.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from unkink.acquire.recorded import Recording, load_recording
from unkink.body.landmarks import LandmarkSeries
from validation.accuracy.truth import KEPT, Truth, bend_of_line_deg, to_truth, turn_of_line_deg

HERE = Path(__file__).resolve().parent.parent
SHARED = HERE.parent.parent / "shared"
HELD_OUT = HERE / "heldout"
CACHE = HERE / "cache"
MODELS = ("full", "lite")
OFF_AXIS_DEG = 12.0
"""A camera farther to the side than this is off-axis."""
TECHNIQUES = {
    "seated_twist": "seated-twist",
    "side_stretch": "standing-side-stretch",
    "wall_angels": "wall-angels",
    "foam_roller": "foam-roller",
    "posture": "seated-twist",
    "neck_rotation": "seated-twist",
}
"""The technique that the engine is told, by the generator's exercise."""
LABELS = {
    "seated_twist": "seated twist",
    "side_stretch": "side stretch",
    "wall_angels": "wall angels",
    "foam_roller": "roller",
    "posture": "sitting",
    "neck_rotation": "head turns",
}
_MOVEMENTS = {"rtk": "seated_twist", "elk": "side_stretch"}
_RIGHT_SHOULDER, _LEFT_SHOULDER, _HIPS = 7, 8, 13
N_FIRST = 8
"""So many first frames of a recording are its neutral when the engine finds none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One recording of one person by one pose model."""

    name: str
    collection: str
    """``shared``, ``held-out`` or ``motion-capture``."""
    model: str
    exercise: str
    """In the generator's words."""
    view: str
    """``front``, ``off-axis`` or ``side``."""
    has_fault: bool
    recording: Recording
    truth: Truth

    @property
    def exercise_id(self) -> str:
        """The technique that the engine is told."""
        return TECHNIQUES[self.exercise]


def find_bearing_left_deg(camera: dict[str, Any]) -> float:
    """Where a camera stands seen from the person, to the person's left +, degrees."""
    return math.degrees(math.atan2(camera["eye"][0], -camera["eye"][1]))


def find_view(exercise: str, camera: dict[str, Any]) -> str:
    """How the camera sees the person."""
    if exercise == "foam_roller":
        return "side"
    return "off-axis" if abs(find_bearing_left_deg(camera)) >= OFF_AXIS_DEG else "front"


def make_take(
    spec: dict[str, Any], table: dict[str, list[Any]], recording: Recording, names: tuple[str, str]
) -> Take:
    """Put landmarks and the generator's truth together: each frame gets the truth of the picture shown."""
    t_s = recording.series.t_s
    true_s = np.asarray(table["t"], float)
    row = np.clip(np.searchsorted(true_s, t_s + 1e-3, side="right") - 1, 0, len(true_s) - 1)
    columns = {name: np.asarray(table[name], float)[row] for name in KEPT}
    collection, model = names
    return Take(
        name=spec["name"],
        collection=collection,
        model=model,
        exercise=spec["exercise"],
        view=find_view(spec["exercise"], spec["camera"]),
        has_fault=spec.get("fault") not in {None, "too_small"},
        recording=recording,
        truth=to_truth(
            t_s,
            columns,
            [table["phase"][i] for i in row],
            n_repetitions=max(table["rep"]),
            bearing_left_deg=find_bearing_left_deg(spec["camera"]),
            is_lying=spec["exercise"] == "foam_roller",
        ),
    )


def load_shared(folder: Path = SHARED / "clips", cache: Path = CACHE) -> Iterator[Take]:
    """Yield the clips beside the repository whose landmarks are in the cache."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return
    specs = json.loads(manifest.read_text(encoding="utf-8"))["clips"]
    for spec in sorted(specs, key=lambda s: s["name"]):
        truth = folder / f"{spec['name']}.parquet"
        if not truth.is_file():
            continue
        table = pq.read_table(truth, columns=["t", "phase", "rep", *KEPT]).to_pydict()
        for model in MODELS:
            landmarks = cache / f"{spec['name']}.{model}.npz"
            if landmarks.is_file():
                yield make_take(spec, table, load_recording(landmarks), ("shared", model))


def load_held_out(folder: Path = HELD_OUT, only: tuple[str, ...] = ()) -> Iterator[Take]:
    """Yield the kept-apart set, whose landmarks and truth lie in the repository."""
    for spec in json.loads((folder / "specs.json").read_text(encoding="utf-8"))["clips"]:
        truth = folder / f"{spec['name']}.truth.parquet"
        if not truth.is_file() or (only and not spec["name"].startswith(only)):
            continue
        table = pq.read_table(truth).to_pydict()
        for model in MODELS:
            recording = load_recording(folder / f"{spec['name']}.{model}.parquet")
            yield make_take(spec, table, recording, ("held-out", model))


def load_motion_capture(folder: Path = SHARED / "recordings" / "keraal") -> Iterator[Take]:
    """Yield recordings of a real person with optical motion capture beside them."""
    for path in sorted(folder.glob("*.npz")):
        exercise = _MOVEMENTS.get(path.stem[:3])
        if exercise is not None:
            with np.load(path) as data:
                yield _to_take(path.stem, exercise, dict(data))


def _to_take(name: str, exercise: str, data: dict[str, NDArray[Any]]) -> Take:
    image = np.asarray(data["image"], float)
    n = len(image)
    seen = np.where(np.isfinite(image[:, :, :1]), 1.0, np.nan)
    markers = resample(np.asarray(data["vicon_position"], float), n)
    line = markers[:, _LEFT_SHOULDER] - markers[:, _RIGHT_SHOULDER]
    up = (markers[:, _LEFT_SHOULDER] + markers[:, _RIGHT_SHOULDER]) / 2 - markers[:, _HIPS]
    neutral = np.median(line[:N_FIRST], axis=0)
    # The videos of the set are mirror images of what the markers saw: one sign for all of its recordings.
    values = (
        {"shoulder_turn_deg": -turn_of_line_deg(line, neutral)}
        if exercise == "seated_twist"
        else {"trunk_side_bend_deg": -bend_of_line_deg(up, neutral)}
    )
    series = LandmarkSeries(
        t_s=np.arange(n) / float(data["fps"]),
        image=np.concatenate([image, seen], axis=2),
        width_px=960,
        height_px=540,
    )
    return Take(
        name=name,
        collection="motion-capture",
        model="as recorded",
        exercise=exercise,
        view="front",
        has_fault=False,
        recording=Recording(series=series, metadata={}),
        truth=Truth(values=values),
    )


def resample(rows: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Stretch (M, ...) rows linearly to n rows."""
    at = np.linspace(0, len(rows) - 1, n)
    low = np.minimum(at.astype(int), len(rows) - 2)
    part = (at - low).reshape(-1, *(1,) * (rows.ndim - 1))
    return rows[low] * (1 - part) + rows[low + 1] * part
