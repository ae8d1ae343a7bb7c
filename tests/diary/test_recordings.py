from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unkink.diary import recordings
from unkink.diary.recordings import RecordingWriter, part_of, recover
from unkink.errors import StoreError


def _landmarks(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(33, 4)).astype(np.float32)


def _column(table: pa.Table, name: str) -> np.ndarray:
    return np.array([[np.nan] * 132 if row is None else row for row in table[name].to_pylist()], np.float32)


def _write(path: Path, n: int, start: int = 0) -> RecordingWriter:
    writer = RecordingWriter(path, width_px=640, height_px=480)
    for i in range(start, start + n):
        writer.add(i / 10, _landmarks(i), None if i % 3 else _landmarks(1000 + i))
    return writer


def test_recording_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "recordings" / "a.parquet"
    writer = _write(path, 100)
    writer.add(10.0, None)
    writer.event({"t_s": 4.5, "op": "tap", "action": "pause"})
    assert (writer.n_frames, writer.duration_s) == (101, 10.0)
    assert writer.close() == path
    assert writer.error is None
    assert not part_of(path).exists()
    table = pq.read_table(path)
    assert table.schema.field("t_s").type == pa.float64()
    assert table.schema.field("image").type == pa.list_(pa.float32(), 132)
    assert table.schema.field("world").type == pa.list_(pa.float32(), 132)
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    events = json.loads(metadata.pop("events"))
    assert events == [{"t_s": 4.5, "op": "tap", "action": "pause"}]
    assert metadata == {"format": "unkink-landmarks", "version": "1", "width_px": "640", "height_px": "480"}
    np.testing.assert_array_equal(table["t_s"].to_numpy(), [*(np.arange(100) / 10), 10.0])
    image = _column(table, "image")
    np.testing.assert_array_equal(image[7], _landmarks(7).ravel())
    assert np.isnan(image[100]).all()
    assert table["world"].null_count == 67
    np.testing.assert_array_equal(_column(table, "world")[99], _landmarks(1099).ravel())
    assert path.stat().st_mode & 0o077 == 0


def test_nothing_recorded_is_no_file(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.parquet", width_px=1, height_px=1)
    assert writer.close() is None
    assert list(tmp_path.iterdir()) == []


def test_resumed_session_adds_to_its_recording(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    first = _write(path, 40)
    first.event({"t_s": 1.0})
    first.close()
    second = _write(path, 20, 40)
    second.event({"t_s": 5.0})
    second.close()
    table = pq.read_table(path)
    np.testing.assert_array_equal(table["t_s"].to_numpy(), np.arange(60) / 10)
    assert json.loads(table.schema.metadata[b"events"]) == [{"t_s": 1.0}, {"t_s": 5.0}]


def _crash(writer: RecordingWriter) -> None:
    """Leave a recording as a killed process does."""
    writer._pool.submit(writer._flush).result()
    writer._pool.shutdown()
    writer._sink.close()


@pytest.mark.parametrize("n_cut", [0, 1, 500])
def test_crash_leaves_all_that_was_flushed(tmp_path: Path, n_cut: int) -> None:
    path = tmp_path / "a.parquet"
    writer = _write(path, 100)
    _crash(writer)
    part = part_of(path)
    os.truncate(part, part.stat().st_size - n_cut)
    # not while it may still be written
    assert recover(tmp_path) == ()
    assert part.exists()
    os.utime(part, (0, 0))
    assert recover(tmp_path) == (path,)
    n_rows = pq.read_table(path).num_rows
    assert n_rows == 100 if n_cut == 0 else 0 < n_rows < 100
    assert not part.exists()
    assert recover(tmp_path) == ()


def test_crash_before_anything_was_written(tmp_path: Path) -> None:
    part = tmp_path / "a.parquet.part"
    part.write_bytes(b"")
    os.utime(part, (0, 0))
    assert recover(tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


def test_flushed_at_least_every_five_seconds(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    writer = RecordingWriter(path, width_px=1, height_px=1)
    for i in range(200):
        writer.add(i / 10, _landmarks(i))
        if i % 50 == 49:
            writer._pool.submit(lambda: None).result()
            with part_of(path).open("rb") as file:
                seen = [t for batch in recordings._batches(file) for t in batch["t_s"].to_pylist()]
            assert i / 10 - seen[-1] <= 5.0
    writer.close()


def test_recording_that_cannot_be_written_does_not_disturb(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    writer = _write(tmp_path / "file" / "a.parquet", 100)
    assert writer.close() is None
    assert isinstance(writer.error, StoreError)
    assert writer.error.code == "store-folder"
    writer.add(1.0, None)


def test_damaged_part_is_not_thrown_away(tmp_path: Path) -> None:
    part = tmp_path / "a.parquet.part"
    (tmp_path / "a.parquet").write_bytes(b"something else")
    _crash(_write(tmp_path / "b.parquet", 10))
    part_of(tmp_path / "b.parquet").rename(part)
    os.utime(part, (0, 0))
    assert recover(tmp_path) == ()
    assert part.exists()
    assert (tmp_path / "a.parquet").read_bytes() == b"something else"
