"""Charts are pictures: the same every time, whatever the file is called, and nothing is left behind."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest

from builders import make_rulebook
from exchange.cases import make_summary, make_twist
from unkink.body.quantities import QuantitySeries
from unkink.errors import AccessError
from unkink.exchange.chart_page import ROW_LETTERS_PX, ROW_NAME_PX
from unkink.exchange.charts import draw_angles
from unkink.exchange.lettering import fit
from unkink.exchange.wording import load_wording

ODD_NAMES = (
    "plain.mp4",
    "$\\frac{1}{2}$ costs 5$.mp4",
    "<script>alert(1)</script> & 'more'.mp4",
    "这是一个视频 \N{GRINNING FACE}.mp4",
    "a\nb\x07.mp4",
    "x" * 400,
    "",
)


def draw(
    path: Path,
    quantities: QuantitySeries | None = None,
    summary: dict[str, Any] | None = None,
    exercise_id: str = "seated-twist",
    **more: Any,
) -> bytes:
    draw_angles(
        make_twist() if quantities is None else quantities,
        make_summary() if summary is None else summary,
        make_rulebook().exercise(exercise_id),
        path,
        **more,
    )
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_same_input_gives_the_same_bytes_and_another_hold_others(tmp_path: Path, kind: str) -> None:
    first = draw(tmp_path / f"a.{kind}", name="a.mp4")
    assert draw(tmp_path / f"b.{kind}", name="a.mp4") == first
    less = make_summary(sides={"right": make_summary()["sides"]["right"]})
    assert draw(tmp_path / f"c.{kind}", summary=less, name="a.mp4") != first


def test_both_kinds_at_once_are_the_same_as_one_by_one(tmp_path: Path) -> None:
    svg = draw(tmp_path / "a.svg", also=(tmp_path / "a.png",))
    assert draw(tmp_path / "b.svg") == svg
    assert draw(tmp_path / "b.png") == (tmp_path / "a.png").read_bytes()


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_file_name_can_be_drawn(tmp_path: Path, name: str) -> None:
    svg = draw(tmp_path / "a.svg", name=name, also=(tmp_path / "a.png",))
    ET.fromstring(svg)  # noqa: S314
    assert b"<script" not in svg


def test_svg_asks_nobody_for_anything_and_has_no_date(tmp_path: Path) -> None:
    text = draw(tmp_path / "a.svg").decode()
    # namespaces are names; what is fetched stands in href, src and url()
    assert not re.search(r"""(href|src)\s*=\s*["'](?!#)""", text)
    assert not re.search(r"url\((?!#)", text)
    assert "<dc:date>" not in text
    assert "<title>Seated twist</title>" in text


def test_png_is_1600_pixels_wide(tmp_path: Path) -> None:
    png = draw(tmp_path / "a.png")
    width, height = struct.unpack(">II", png[16:24])
    assert width == 1600
    assert 600 < height < 1200


def test_matplotlib_is_left_as_it_was(tmp_path: Path) -> None:
    mpl.rcParams["lines.linewidth"] = 7.25
    mpl.rcParams["font.family"] = ["serif"]
    try:
        before = dict(mpl.rcParams)
        svg = draw(tmp_path / "a.svg")
        assert dict(mpl.rcParams) == before
    finally:
        mpl.rcdefaults()
    assert draw(tmp_path / "b.svg") == svg


def test_bad_kinds_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(AccessError) as caught:
        draw(tmp_path / "a.png", also=(tmp_path / "a.pdf",))
    assert caught.value.code == "chart-kind"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("length_s", [0.0, 0.2, 3.0, 100.0, 900.0, 7300.0, 90_000.0])
def test_any_length_can_be_drawn(tmp_path: Path, length_s: float) -> None:
    rate_hz = 15.0 if length_s < 1000.0 else 1.0
    svg = draw(tmp_path / "a.svg", make_twist(length_s, rate_hz))
    assert len(svg) < 1_000_000


def test_nothing_measured_can_be_drawn_for_every_technique(tmp_path: Path) -> None:
    whole = make_twist()
    blank = QuantitySeries(t_s=whole.t_s, values=whole.values * np.nan, sds=whole.sds * np.nan)
    for exercise_id in make_rulebook().exercises:
        draw(tmp_path / "a.svg", blank, {}, exercise_id, also=(tmp_path / "a.png",))


def test_a_hundred_faults_and_repetitions_can_be_drawn(tmp_path: Path) -> None:
    faults = [
        {"id": "one-arm", "start_s": i * 0.4, "end_s": i * 0.4 + 0.2, "blocks_count": True} for i in range(99)
    ]
    times = [{"start_s": i * 0.4, "end_s": i * 0.4 + 0.4} for i in range(99)]
    summary = make_summary(faults=faults, repetitions=99, repetition_times=times, sides={})
    assert len(draw(tmp_path / "a.svg", None, summary, "wall-angels")) < 1_000_000


def test_every_name_of_a_row_fits_beside_the_chart() -> None:
    for key, text in load_wording().texts.items():
        if key.startswith(("fault.", "chart.gap.", "chart.row.")):
            assert fit(text, ROW_LETTERS_PX, ROW_NAME_PX) == text, key
