"""The pose models: metadata goes in, nothing else changes, and a wrong model does not get through."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from pathlib import Path

import pytest

from buildtools import pose_bundle
from buildtools.flatbuffer import EMPTY_OFFSET, FrontWriter, follow, read_offsets, read_table, read_u32

ROOT = Path(__file__).resolve().parents[2]
NPM_PACKAGE = ROOT / "ui" / "node_modules" / "@mediapipe" / "pose"
WEIGHTS = (b"first weights", b"second, longer weights")


def make_model(*, weights: tuple[bytes, ...] = WEIGHTS, has_metadata: bool = False) -> bytes:
    """Make a model with a description, buffers and, on request, metadata that leads to buffer 0."""
    writer = FrontWriter()
    root = writer.put(EMPTY_OFFSET)
    writer.put(pose_bundle.MODEL_IDENTIFIER)
    slots = {0: struct.pack("<I", 3), 3: EMPTY_OFFSET, 4: EMPTY_OFFSET}
    if has_metadata:
        slots[6] = EMPTY_OFFSET
    model, fields = writer.put_table(slots)
    writer.point(root, model)
    writer.point(fields[3], writer.put_string("a small model"))
    buffers, pointers = writer.put_offsets(len(weights))
    writer.point(fields[4], buffers)
    for pointer, content in zip(pointers, weights, strict=True):
        buffer, buffer_fields = writer.put_table({0: EMPTY_OFFSET})
        writer.point(pointer, buffer)
        writer.point(buffer_fields[0], writer.put_bytes(content, alignment=16))
    if has_metadata:
        entries, entry_pointers = writer.put_offsets(1)
        writer.point(fields[6], entries)
        entry, entry_fields = writer.put_table({0: EMPTY_OFFSET, 1: struct.pack("<I", 0)})
        writer.point(entry_pointers[0], entry)
        writer.point(entry_fields[0], writer.put_string("min_runtime_version"))
    return bytes(writer.data)


def read_vector(data: bytes, position: int) -> bytes:
    """Content of the vector of bytes that the offset at ``position`` points at."""
    vector = follow(data, position)
    return data[vector + 4 : vector + 4 + read_u32(data, vector)]


def read_weights(data: bytes) -> list[bytes]:
    root = read_table(data, follow(data, 0))
    return [read_vector(data, read_table(data, buffer)[0]) for buffer in read_offsets(data, root[4])]


def read_entries(data: bytes) -> dict[str, int]:
    """Name and number of the buffer of every entry of metadata."""
    root = read_table(data, follow(data, 0))
    entries = [read_table(data, entry) for entry in read_offsets(data, root[6])]
    return {read_vector(data, entry[0]).decode(): read_u32(data, entry[1]) for entry in entries}


def read_normalization(metadata: bytes) -> tuple[float, float]:
    """Mean and standard deviation, read as the Tasks API does: from table to table."""
    model = read_table(metadata, follow(metadata, 0))
    subgraph = read_table(metadata, read_offsets(metadata, model[3])[0])
    tensor = read_table(metadata, read_offsets(metadata, subgraph[2])[0])
    unit = read_table(metadata, read_offsets(metadata, tensor[4])[0])
    assert metadata[unit[0]] == pose_bundle.OPTIONS_TYPE_NORMALIZATION
    options = read_table(metadata, follow(metadata, unit[1]))
    mean, std = (struct.unpack("<If", metadata[(p := follow(metadata, options[i])) : p + 8]) for i in (0, 1))
    assert mean[0] == std[0] == 1
    return mean[1], std[1]


@pytest.mark.parametrize("source", [pose_bundle.DETECTOR, *pose_bundle.LANDMARKS.values()])
def test_metadata_says_the_normalisation(source: pose_bundle.Source) -> None:
    metadata = pose_bundle.to_metadata(source)

    assert metadata[4:8] == b"M001"
    assert read_normalization(metadata) == (source.mean, source.std)


@pytest.mark.parametrize("has_metadata", [False, True])
@pytest.mark.parametrize("n_metadata", [1, 20, 333])
def test_model_keeps_all_it_had(has_metadata: bool, n_metadata: int) -> None:
    model = make_model(has_metadata=has_metadata)
    metadata = bytes(range(256)) * 2
    marked = pose_bundle.add_metadata(model, metadata[:n_metadata])

    assert marked[4:8] == b"TFL3"
    assert marked.endswith(model)
    assert (len(marked) - len(model)) % pose_bundle.WEIGHT_ALIGNMENT == 0
    root = read_table(marked, follow(marked, 0))
    assert read_u32(marked, root[0]) == 3
    assert read_vector(marked, root[3]) == b"a small model"
    assert read_weights(marked) == [*WEIGHTS, metadata[:n_metadata]]
    old = {"min_runtime_version": 0} if has_metadata else {}
    assert read_entries(marked) == {**old, "TFLITE_METADATA": len(WEIGHTS)}


def test_other_files_are_refused() -> None:
    with pytest.raises(pose_bundle.PoseBundleError, match="not a TFLite model"):
        pose_bundle.add_metadata(b"\0\0\0\0PK\3\4 something else", b"")


def make_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put small models where the npm package has its own, and let them be the ones that are known."""
    for name in ("DETECTOR", "LANDMARKS"):
        known = getattr(pose_bundle, name)
        sources = known if isinstance(known, dict) else {"": known}
        changed = {}
        for variant, source in sources.items():
            model = make_model(weights=(source.name.encode(),))
            (folder / source.name).write_bytes(model)
            sha256 = hashlib.sha256(model).hexdigest()
            changed[variant] = pose_bundle.Source(
                name=source.name, sha256=sha256, mean=source.mean, std=source.std
            )
        monkeypatch.setattr(pose_bundle, name, changed if isinstance(known, dict) else changed[""])


def test_wrong_bundle_fails_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_package(tmp_path, monkeypatch)

    with pytest.raises(pose_bundle.PoseBundleError, match="came out with SHA-256"):
        pose_bundle.write_bundles(tmp_path, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_wrong_model_fails_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_package(tmp_path, monkeypatch)
    (tmp_path / "pose_landmark_lite.tflite").write_bytes(make_model(weights=(b"newer",)))

    with pytest.raises(pose_bundle.PoseBundleError, match="another version"):
        pose_bundle.write_bundles(tmp_path, tmp_path / "out")


def test_missing_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(pose_bundle.PoseBundleError, match="@mediapipe/pose"):
        pose_bundle.write_bundles(tmp_path, tmp_path / "out")


@pytest.mark.skipif(not NPM_PACKAGE.is_dir(), reason="ui/node_modules is not installed: make ui")
def test_real_bundles_hold_the_real_models(tmp_path: Path) -> None:
    # The checksums of what comes out are checked by write_bundles itself.
    paths = pose_bundle.write_bundles(NPM_PACKAGE, tmp_path)

    names = [f"pose_landmarker_{variant}.task" for variant in ("lite", "full", "heavy")]
    assert [path.name for path in paths] == names
    for path, source in zip(paths, pose_bundle.LANDMARKS.values(), strict=True):
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
            assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
            for name, known in zip(archive.namelist(), (pose_bundle.DETECTOR, source), strict=True):
                model = archive.read(name)
                assert model.endswith((NPM_PACKAGE / known.name).read_bytes())
                last = max(read_entries(model).items(), key=lambda entry: entry[1])
                assert last[0] == "TFLITE_METADATA"
                assert read_normalization(read_weights_at(model, last[1])) == (known.mean, known.std)


def read_weights_at(data: bytes, index: int) -> bytes:
    root = read_table(data, follow(data, 0))
    return read_vector(data, read_table(data, read_offsets(data, root[4])[index])[0])
