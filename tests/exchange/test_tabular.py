"""Angles as a table: everything comes back, and the same input gives the same bytes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unkink.body.quantities import INDEX, QUANTITIES, QuantitySeries, sd_name
from unkink.errors import MediaError
from unkink.exchange.tabular import list_columns, read_angles, write_angles, write_angles_csv


def make_quantities(n: int = 50) -> QuantitySeries:
    """Numbers of every size with holes; the last quantity was never measured."""
    chance = np.random.default_rng(7)
    values = chance.normal(0.0, 40.0, (n, len(QUANTITIES)))
    sds = chance.uniform(0.01, 9.0, (n, len(QUANTITIES)))
    missing = chance.random(values.shape) < 0.2
    missing[:, -1] = True
    values[missing], sds[missing] = np.nan, np.nan
    return QuantitySeries(t_s=12.5 + np.arange(n) / 29.97, values=values, sds=sds)


def test_everything_comes_back(tmp_path: Path) -> None:
    quantities = make_quantities()
    summary = {"exercise": "seated-twist", "sides": {"right": {"held_s": 12.25}}, "status": "ended"}
    about = {"summary": json.dumps(summary), "source": "Übung 1.mp4", "exercise": "seated-twist"}
    write_angles(quantities, tmp_path / "angles.parquet", about)
    back, metadata = read_angles(tmp_path / "angles.parquet")
    np.testing.assert_array_equal(back.t_s, quantities.t_s)
    np.testing.assert_array_equal(back.values, quantities.values.astype(np.float32))
    np.testing.assert_array_equal(back.sds, quantities.sds.astype(np.float32))
    assert json.loads(metadata["summary"]) == summary
    assert metadata["source"] == "Übung 1.mp4"


def test_the_columns_are_the_documented_ones(tmp_path: Path) -> None:
    path = tmp_path / "angles.parquet"
    write_angles(make_quantities(3), path, {})
    schema = pq.read_schema(path)
    assert schema.names == list(list_columns())
    assert schema.names[:3] == ["t_s", "shoulder_turn_deg", "shoulder_turn_sd_deg"]
    assert schema.field("t_s").type == pa.float64()
    assert {schema.field(name).type for name in schema.names[1:]} == {pa.float32()}
    assert b"pandas" not in (schema.metadata or {})


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    quantities = make_quantities(500)
    write_angles(quantities, tmp_path / "a.parquet", {"b": "1", "a": "2"})
    write_angles(quantities, tmp_path / "b.parquet", {"a": "2", "b": "1"})
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_no_frames_are_a_table_without_rows(tmp_path: Path) -> None:
    write_angles(make_quantities(0), tmp_path / "angles.parquet", {})
    back, _ = read_angles(tmp_path / "angles.parquet")
    assert back.values.shape == (0, len(QUANTITIES))
    write_angles_csv(make_quantities(0), tmp_path / "angles.csv")
    assert len((tmp_path / "angles.csv").read_text().splitlines()) == 1


def test_csv_says_the_same_and_leaves_unmeasured_cells_empty(tmp_path: Path) -> None:
    quantities = make_quantities()
    write_angles_csv(quantities, tmp_path / "angles.csv")
    with (tmp_path / "angles.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(list_columns())
    assert len(rows) == 50
    for i, row in enumerate(rows):
        assert float(row["t_s"]) == pytest.approx(quantities.t_s[i], abs=1e-4)
        for name in QUANTITIES:
            value = quantities.values[i, INDEX[name]]
            if np.isnan(value):
                assert row[name] == ""
                assert row[sd_name(name)] == ""
            else:
                assert float(row[name]) == pytest.approx(value, abs=1e-3)


def test_a_quantity_of_another_version_is_missing_not_wrong(tmp_path: Path) -> None:
    path = tmp_path / "angles.parquet"
    write_angles(make_quantities(5), path, {"source": "x"})
    table = pq.read_table(path)
    older = table.drop_columns(["slide_norm", "slide_sd_norm"]).append_column("new_deg", pa.array([1.0] * 5))
    pq.write_table(older, path)
    back, metadata = read_angles(path)
    assert np.isnan(back.column("slide_norm")).all()
    assert np.isfinite(back.column("trunk_lean_forward_deg")).any()
    assert metadata["source"] == "x"


@pytest.mark.parametrize("case", ["absent", "bytes", "empty", "cut off", "another table", "text column"])
def test_files_without_angles_are_named(tmp_path: Path, case: str) -> None:
    path = tmp_path / "angles.parquet"
    write_angles(make_quantities(5), path, {})
    whole = path.read_bytes()
    code = "media-damaged"
    if case == "absent":
        path.unlink()
        code = "media-missing"
    elif case == "bytes":
        path.write_bytes(b"\x00\x01" * 400)
    elif case == "empty":
        path.write_bytes(b"")
    elif case == "cut off":
        path.write_bytes(whole[: len(whole) // 2])
    elif case == "another table":
        pq.write_table(pa.table({"t_s": [0.0]}), path)
        code = "angles-format"
    else:
        about = {"format": "unkink-angles", "version": "1"}
        pq.write_table(pa.table({"t_s": ["now"]}).replace_schema_metadata(about), path)
        code = "angles-format"
    with pytest.raises(MediaError) as caught:
        read_angles(path)
    assert caught.value.code == code
    assert caught.value.params["name"] == "angles.parquet"
