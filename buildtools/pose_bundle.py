"""The pose models: from the npm package ``@mediapipe/pose`` to the bundles that MediaPipe's Tasks API opens.

What comes in: three files of that package, known by their SHA-256. What goes out:
``pose_landmarker_lite.task``, ``_full`` and ``_heavy``, known by theirs; anything else fails the build. The
page uses the first two, ``unkink analyze`` all three. Standard library only.

A bundle is an uncompressed zip of two TensorFlow Lite models: the person detector and the landmark model. The
package has both, but without what the Tasks API asks of each: how the picture's values from 0 to 255 become
the numbers that the model was trained on. We add that as TFLite metadata. The weights are not touched: a new
root table is written in front of the file and points into it.

A wrong normalisation still finds a person in every picture and is off by centimetres, hence the checksums.
"""

from __future__ import annotations

import hashlib
import struct
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from buildtools.flatbuffer import EMPTY_OFFSET, FrontWriter, follow, read_offsets, read_table, read_u32

MODEL_IDENTIFIER = b"TFL3"
METADATA_IDENTIFIER = b"M001"
METADATA_NAME = "TFLITE_METADATA"
WEIGHT_ALIGNMENT = 64
"""Bytes; the file moves back by a multiple of this, so that its weights stay as aligned as they were."""

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
ZIP_UNIX = 3

# Slots of the tables, as in TensorFlow's schema.fbs and metadata_schema.fbs.
MODEL_VERSION, MODEL_BUFFERS, MODEL_METADATA, N_MODEL_SLOTS = 0, 4, 6, 8
BUFFER_DATA = 0
METADATA_ENTRY_NAME, METADATA_ENTRY_BUFFER = 0, 1
META_SUBGRAPHS = 3
SUBGRAPH_INPUTS = 2
TENSOR_PROCESS_UNITS = 4
UNIT_OPTIONS_TYPE, UNIT_OPTIONS = 0, 1
OPTIONS_TYPE_NORMALIZATION = 1
NORMALIZATION_MEAN, NORMALIZATION_STD = 0, 1


class PoseBundleError(Exception):
    """A pose model is missing, or not the one that we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A model in the npm package and what its input wants: ``(value - mean) / std``, value from 0 to 255."""

    name: str
    sha256: str
    mean: float
    std: float


DETECTOR = Source(
    name="pose_solution_packed_assets.data",  # a pack of exactly one file, the detector
    sha256="a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85",
    mean=127.5,
    std=127.5,
)
LANDMARKS = {
    "lite": Source(
        name="pose_landmark_lite.tflite",
        sha256="f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
        mean=0.0,
        std=255.0,
    ),
    "full": Source(
        name="pose_landmark_full.tflite",
        sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        mean=0.0,
        std=255.0,
    ),
    "heavy": Source(
        name="pose_landmark_heavy.tflite",
        sha256="59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
        mean=0.0,
        std=255.0,
    ),
}
BUNDLE_SHA256 = {
    "lite": "66d27c59aa526649f0f9f7501acb0da527463bb3fb264f2620c7faaa6f0f5816",
    "full": "38488d5b43828911d34f3761816bd4f499d161f1e9205a2da0576163a4f3561f",
    "heavy": "a8a2246536fc5acd74281f1f1f0ecc4904ac404e3ef9ee85a3d40f674fdbf091",
}
"""Of the bundles whose landmarks were compared, number by number, with those of the official ones."""


def describe_outputs() -> str:
    """Say in one line what :func:`write_bundles` writes, to tell whether what is there is current."""
    return " ".join(f"{name_bundle(variant)}:{sha256}" for variant, sha256 in sorted(BUNDLE_SHA256.items()))


def name_bundle(variant: str) -> str:
    """File name of a bundle; ``variant`` is ``lite``, ``full`` or ``heavy``."""
    return f"pose_landmarker_{variant}.task"


def write_bundles(package: Path, folder: Path) -> tuple[Path, ...]:
    """Assemble all bundles.

    Parameters
    ----------
    package : Path
        Folder of the npm package ``@mediapipe/pose``.
    folder : Path
        Where to; made if missing.

    Returns
    -------
    tuple of Path
        The bundles written.

    Raises
    ------
    PoseBundleError
        If a model is missing or has another checksum, or if a bundle comes out with another one.
    """
    detector = _load_model(package, DETECTOR)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for variant, source in LANDMARKS.items():
        path = folder / name_bundle(variant)
        part = path.with_suffix(".part")
        _save_zip(
            part,
            {
                "pose_detector.tflite": add_metadata(detector, to_metadata(DETECTOR)),
                "pose_landmarks_detector.tflite": add_metadata(
                    _load_model(package, source), to_metadata(source)
                ),
            },
        )
        found = hashlib.sha256(part.read_bytes()).hexdigest()
        if found != BUNDLE_SHA256[variant]:
            part.unlink()
            text = f"{path.name} came out with SHA-256 {found}, expected {BUNDLE_SHA256[variant]}"
            raise PoseBundleError(text)
        part.replace(path)
        written.append(path)
    return tuple(written)


def to_metadata(source: Source) -> bytes:
    """TFLite metadata, a FlatBuffer of its own, that says how the model's only input is normalised."""
    writer = FrontWriter()
    root = writer.put(EMPTY_OFFSET)
    writer.put(METADATA_IDENTIFIER)
    model, model_fields = writer.put_table({META_SUBGRAPHS: EMPTY_OFFSET})
    writer.point(root, model)

    subgraphs, subgraph_pointers = writer.put_offsets(1)
    writer.point(model_fields[META_SUBGRAPHS], subgraphs)
    subgraph, subgraph_fields = writer.put_table({SUBGRAPH_INPUTS: EMPTY_OFFSET})
    writer.point(subgraph_pointers[0], subgraph)

    inputs, input_pointers = writer.put_offsets(1)
    writer.point(subgraph_fields[SUBGRAPH_INPUTS], inputs)
    tensor, tensor_fields = writer.put_table({TENSOR_PROCESS_UNITS: EMPTY_OFFSET})
    writer.point(input_pointers[0], tensor)

    units, unit_pointers = writer.put_offsets(1)
    writer.point(tensor_fields[TENSOR_PROCESS_UNITS], units)
    unit, unit_fields = writer.put_table(
        {UNIT_OPTIONS_TYPE: bytes([OPTIONS_TYPE_NORMALIZATION]), UNIT_OPTIONS: EMPTY_OFFSET}
    )
    writer.point(unit_pointers[0], unit)

    options, option_fields = writer.put_table(
        {NORMALIZATION_MEAN: EMPTY_OFFSET, NORMALIZATION_STD: EMPTY_OFFSET}
    )
    writer.point(unit_fields[UNIT_OPTIONS], options)
    writer.point(option_fields[NORMALIZATION_MEAN], writer.put_floats([source.mean]))
    writer.point(option_fields[NORMALIZATION_STD], writer.put_floats([source.std]))
    return bytes(writer.data)


def add_metadata(model: bytes, metadata: bytes) -> bytes:
    """Put metadata into a TFLite model without touching what is there.

    Parameters
    ----------
    model : bytes
        A TFLite model.
    metadata : bytes
        As :func:`to_metadata` makes it.

    Returns
    -------
    bytes
        A new root table and what is new, then ``model`` as it was.
    """
    if model[4:8] != MODEL_IDENTIFIER:
        text = "not a TFLite model"
        raise PoseBundleError(text)
    old_root = read_table(model, follow(model, 0))
    old_buffers = read_offsets(model, old_root[MODEL_BUFFERS]) if MODEL_BUFFERS in old_root else []
    old_entries = read_offsets(model, old_root[MODEL_METADATA]) if MODEL_METADATA in old_root else []

    writer = FrontWriter()
    old_targets: dict[int, int] = {}  # pointer in front: target in the old file

    root_pointer = writer.put(EMPTY_OFFSET)
    writer.put(MODEL_IDENTIFIER)
    slots = sorted({*old_root, MODEL_BUFFERS, MODEL_METADATA})
    version = struct.pack("<I", read_u32(model, old_root[MODEL_VERSION]))
    root, fields = writer.put_table(
        {slot: version if slot == MODEL_VERSION else EMPTY_OFFSET for slot in slots}
    )
    writer.point(root_pointer, root)
    for slot in slots:
        if slot not in (MODEL_VERSION, MODEL_BUFFERS, MODEL_METADATA):
            old_targets[fields[slot]] = follow(model, old_root[slot])

    buffers, buffer_pointers = writer.put_offsets(len(old_buffers) + 1)
    writer.point(fields[MODEL_BUFFERS], buffers)
    old_targets.update(zip(buffer_pointers, old_buffers, strict=False))
    entries, entry_pointers = writer.put_offsets(len(old_entries) + 1)
    writer.point(fields[MODEL_METADATA], entries)
    old_targets.update(zip(entry_pointers, old_entries, strict=False))

    entry, entry_fields = writer.put_table(
        {METADATA_ENTRY_NAME: EMPTY_OFFSET, METADATA_ENTRY_BUFFER: struct.pack("<I", len(old_buffers))}
    )
    writer.point(entry_pointers[-1], entry)
    writer.point(entry_fields[METADATA_ENTRY_NAME], writer.put_string(METADATA_NAME))
    buffer, buffer_fields = writer.put_table({BUFFER_DATA: EMPTY_OFFSET})
    writer.point(buffer_pointers[-1], buffer)
    writer.point(buffer_fields[BUFFER_DATA], writer.put_bytes(metadata, alignment=16))

    writer.align(WEIGHT_ALIGNMENT)
    shift = len(writer.data)
    for pointer, target in old_targets.items():
        writer.point(pointer, target + shift)
    return bytes(writer.data) + model


def _load_model(package: Path, source: Source) -> bytes:
    path = package / source.name
    try:
        model = path.read_bytes()
    except OSError as error:
        text = f"{path} cannot be read: is @mediapipe/pose 0.5.1675469404 in ui/package.json?"
        raise PoseBundleError(text) from error
    found = hashlib.sha256(model).hexdigest()
    if found != source.sha256:
        text = f"{path} has SHA-256 {found}, expected {source.sha256}: another version of @mediapipe/pose?"
        raise PoseBundleError(text)
    return model


def _save_zip(path: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.create_system = ZIP_UNIX  # the same bytes on every system
            archive.writestr(entry, content)


if __name__ == "__main__":
    for bundle in write_bundles(Path(sys.argv[1]), Path(sys.argv[2])):
        print(bundle)
