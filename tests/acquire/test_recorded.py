"""Recorded landmarks: read piece by piece or whole, the same."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unkink.acquire import recorded
from unkink.acquire.recorded import load_recording, open_recording
from unkink.errors import MediaError


def write_parquet(path, t_s, image, *, world=None, row_group=7, **metadata):
    def column(values):
        return pa.array(
            [None if v is None else v.ravel().tolist() for v in values], pa.list_(pa.float32(), 132)
        )

    columns = {"t_s": pa.array(t_s, pa.float64()), "image": column(image)}
    if world is not None:
        columns["world"] = column(world)
    about = {"format": "unkink-landmarks", "version": "1", "width_px": "320", "height_px": "240", **metadata}
    pq.write_table(pa.table(columns).replace_schema_metadata(about), path, row_group_size=row_group)
    return path


def make_image(n):
    return np.random.default_rng(0).random((n, 33, 4)).astype(np.float32).astype(np.float64)


def test_a_file_read_in_pieces_is_the_file_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(recorded, "CHUNK", 10)
    image = make_image(43)
    path = write_parquet(tmp_path / "a.parquet", np.arange(43) * 0.1, image)
    opened, whole = open_recording(path), load_recording(path)
    for _ in range(2):  # as often as wanted
        pieces = list(opened.chunks())
        assert max(len(p) for p in pieces) <= 10
        np.testing.assert_array_equal(np.concatenate([p.image for p in pieces]), image)
    np.testing.assert_array_equal(whole.series.image, image)
    assert (opened.n_frames, opened.width_px, opened.height_px) == (43, 320, 240)
    assert [len(p) for p in whole.chunks()] == [10, 10, 10, 10, 3]


def test_times_increase_over_the_pieces_too(tmp_path, monkeypatch):
    monkeypatch.setattr(recorded, "CHUNK", 3)
    t_s = [0.0, 0.1, 0.2, 0.2, 0.15, 0.3, np.nan, 0.25, 0.4]
    path = write_parquet(tmp_path / "a.parquet", t_s, make_image(9), row_group=3)
    assert np.concatenate([p.t_s for p in open_recording(path).chunks()]).tolist() == [
        0.0,
        0.1,
        0.2,
        0.3,
        0.4,
    ]
    assert load_recording(path).series.t_s.tolist() == [0.0, 0.1, 0.2, 0.3, 0.4]


def test_a_missing_world_row_is_nan(tmp_path):
    image = make_image(2)
    path = write_parquet(tmp_path / "a.parquet", [0.0, 0.1], image, world=[image[0], None])
    world = load_recording(path).series.world
    assert world is not None
    np.testing.assert_array_equal(world[0], image[0])
    assert np.isnan(world[1]).all()


def test_an_archive_opens_like_a_file(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, t_s=np.arange(5) / 10, image=make_image(5), width_px=100, height_px=50)
    opened = open_recording(path)
    assert (opened.n_frames, opened.width_px, opened.height_px) == (5, 100, 50)
    assert sum(len(p) for p in opened.chunks()) == 5


@pytest.mark.parametrize("read", [open_recording, load_recording])
def test_what_cannot_be_read_says_why(tmp_path, read):
    cases = {
        "media-missing": tmp_path / "none.parquet",
        "media-kind": tmp_path / "a.txt",
        "media-damaged": tmp_path / "damaged.parquet",
        "media-empty": write_parquet(tmp_path / "empty.parquet", [], []),
        "media-shape": write_parquet(tmp_path / "old.parquet", [0.0], make_image(1), version="7"),
    }
    (tmp_path / "a.txt").write_text("no")
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1 and nothing")
    for code, path in cases.items():
        with pytest.raises(MediaError) as told:
            read(path)
        assert told.value.code == code


def test_damage_inside_is_found_while_reading(tmp_path):
    path = write_parquet(tmp_path / "a.parquet", np.arange(200) / 10, make_image(200), row_group=50)
    data = bytearray(path.read_bytes())
    data[1000:30_000] = bytes(29_000)
    path.write_bytes(bytes(data))
    opened = open_recording(path)
    with pytest.raises(MediaError) as told:
        list(opened.chunks())
    assert told.value.code == "media-damaged"


def test_light_and_people_come_back(tmp_path):
    from unkink.diary.recordings import RecordingWriter

    path = tmp_path / "a.parquet"
    image = make_image(3)
    with RecordingWriter(path, width_px=320, height_px=240) as writer:
        writer.add(0.0, image[0], brightness_frac=0.5, n_persons=2)
        writer.add(0.1, image[1], brightness_frac=0.25)
        writer.add(0.2, image[2], n_persons=1)
    series = load_recording(path).series
    assert series.brightness_frac is not None
    assert series.n_persons is not None
    np.testing.assert_array_equal(series.brightness_frac, [0.5, 0.25, np.nan])
    assert series.n_persons.tolist() == [2, -1, 1]


def test_a_recording_of_an_older_version_has_neither(tmp_path):
    series = load_recording(write_parquet(tmp_path / "a.parquet", [0.0, 0.1], make_image(2))).series
    assert series.brightness_frac is None
    assert series.n_persons is None


def save_archive(path, **changes):
    arrays = {"t_s": np.arange(50) / 10, "image": make_image(50), "width_px": 100, "height_px": 50, **changes}
    np.savez(path, **arrays)
    return path


class Telltale:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def make_objects(path):
    found = np.empty(1, dtype=object)
    found[0] = Telltale(path)
    return found


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"t_s": np.arange(50)[::-1] / 10}, "media-times"),
        ({"t_s": np.concatenate(([1e9], np.arange(49) / 10))}, "media-times"),
        ({"t_s": np.zeros(50)}, "media-times"),
        ({"t_s": np.full(50, np.nan)}, "media-times"),
        ({"t_s": np.arange(50).astype("datetime64[s]")}, "media-shape"),
        ({"t_s": np.arange(50).astype(str)}, "media-shape"),
        ({"image": make_image(50) * [640, 480, 640, 1]}, "media-pixels"),
        ({"image": make_image(50) * 1e300}, "media-pixels"),
        ({"image": make_image(50).astype(complex)}, "media-shape"),
        ({"image": make_image(50)[:, :, :3]}, "media-shape"),
        ({"image": make_image(49)}, "media-shape"),
        ({"world": make_image(49)}, "media-shape"),
        ({"width_px": np.inf}, "media-shape"),
        ({"width_px": 0}, "media-shape"),
        ({"height_px": 10**9}, "media-shape"),
    ],
)
def test_an_archive_of_something_else_says_where(tmp_path, changes, code):
    with pytest.raises(MediaError) as told:
        load_recording(save_archive(tmp_path / "a.npz", **changes))
    assert told.value.code == code


def test_nothing_in_an_archive_is_run(tmp_path):
    trace = tmp_path / "trace"
    aside = load_recording(save_archive(tmp_path / "aside.npz", names=make_objects(trace)))
    assert len(aside.series) == 50
    with pytest.raises(MediaError) as told:
        load_recording(save_archive(tmp_path / "inside.npz", width_px=make_objects(trace)))
    assert told.value.params["what"] == "width_px"
    assert not trace.exists()


def test_an_archive_of_float32_with_gaps_is_read(tmp_path):
    image = make_image(50)
    image[3], image[4, 2], image[5, 0, 0] = np.nan, np.inf, 1e9
    found = load_recording(save_archive(tmp_path / "a.npz", image=image.astype(np.float32))).series
    assert np.isnan(found.image[3]).all()
    assert np.isnan(found.image[4, 2]).all()
    assert np.isnan(found.image[5, 0, 0])
    np.testing.assert_allclose(found.image[6:], image[6:], rtol=1e-6)


def test_a_single_array_or_a_part_is_no_archive(tmp_path):
    whole = save_archive(tmp_path / "whole.npz").read_bytes()
    with (tmp_path / "single.npz").open("wb") as file:
        np.save(file, np.arange(9))
    (tmp_path / "part.npz").write_bytes(whole[: len(whole) // 2])
    for name in ("single", "part"):
        with pytest.raises(MediaError) as told:
            load_recording(tmp_path / f"{name}.npz")
        assert told.value.code == "media-damaged"


def test_pictures_without_a_time_are_counted(tmp_path):
    t_s = np.arange(50) / 10
    t_s[7] = t_s[6]
    assert load_recording(save_archive(tmp_path / "a.npz", t_s=t_s)).n_untimed == 1
    assert load_recording(write_parquet(tmp_path / "a.parquet", t_s, make_image(50))).n_untimed == 1


@pytest.mark.parametrize(
    "about",
    [
        {"width_px": "0"},
        {"height_px": "-3"},
        {"width_px": "wide"},
        {"events": "5"},
        {"events": "null"},
        {"events": "[1]"},
        {"events": "no"},
    ],
)
def test_a_table_that_says_odd_things_of_itself_is_refused(tmp_path, about):
    with pytest.raises(MediaError) as told:
        open_recording(write_parquet(tmp_path / "a.parquet", [0.0], make_image(1), **about))
    assert told.value.code == "media-shape"


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("t_s", pa.array([[0.1], [0.2]])),
        ("t_s", pa.array(["a", "b"])),
        ("image", pa.array([["a"] * 132] * 2)),
        ("brightness_frac", pa.array(["a", "b"])),
    ],
)
def test_columns_of_something_else_are_named(tmp_path, name, column):
    path = write_parquet(tmp_path / "a.parquet", [0.0, 0.1], make_image(2))
    table = pq.read_table(path)
    if name in table.column_names:
        table = table.drop_columns([name])
    pq.write_table(table.append_column(name, column), path)
    with pytest.raises(MediaError) as told:
        list(open_recording(path).chunks())
    assert (told.value.code, told.value.params["what"]) == ("media-shape", name)


def test_most_times_have_to_increase_in_a_table_too(tmp_path):
    path = write_parquet(tmp_path / "a.parquet", np.arange(9)[::-1] / 10, make_image(9))
    with pytest.raises(MediaError) as told:
        list(open_recording(path).chunks())
    assert told.value.code == "media-times"
