from __future__ import annotations

import math
from collections import Counter

import pytest

import unkink
from unkink.pipeline import load_rulebook
from validation.accuracy import document
from validation.accuracy.freezing import find_folder, freeze, read_table
from validation.accuracy.tables import ALL, Results, evaluate
from validation.accuracy.takes import HELD_OUT, load_held_out

FAST = ("K04", "K12", "K14")
"""One seated, one standing, one lying: three of the kept-apart clips stand for all."""
ROUNDING = 0.002
AGAIN = "the figures have changed: make validate ARGS=freeze"


@pytest.fixture(scope="module")
def frozen():
    return {name: read_table(find_folder() / f"{name}.csv") for name in ("agreement", "checks")}


def test_this_version_has_frozen_tables(frozen):
    assert find_folder().name == unkink.__version__
    assert {row["collection"] for row in frozen["agreement"]} >= {"held-out"}
    assert {row["model"] for row in frozen["agreement"]} >= {"full", "lite"}


def test_the_document_is_made_of_the_frozen_tables():
    assert document.DOCUMENT.read_text(encoding="utf-8") == document.render(), "make validate ARGS=document"


def test_the_document_shows_every_picture():
    text = document.DOCUMENT.read_text(encoding="utf-8")
    pictures = sorted((document.DOCUMENT.parent / "pictures" / "accuracy").glob("*.svg"))
    assert pictures
    for path in pictures:
        assert f"pictures/accuracy/{path.name}" in text
        assert path.stat().st_size < 100_000


def test_no_clip_counts_twice(frozen):
    keys = Counter(
        tuple(row[k] for k in ("collection", "take", "model", "variant", "check")) for row in frozen["checks"]
    )
    assert max(keys.values()) == 1


def test_the_kept_apart_set_is_small_and_whole():
    files = list(HELD_OUT.glob("*.parquet"))
    assert len(files) == 3 * len(list(HELD_OUT.glob("*.truth.parquet")))
    assert sum(path.stat().st_size for path in files) < 5_000_000
    assert max(path.stat().st_size for path in files) < 200_000


@pytest.fixture(scope="module")
def again():
    return evaluate(load_held_out(only=FAST), load_rulebook())


def test_the_frozen_checks_come_out_again(frozen, again):
    known = {
        tuple(row[k] for k in ("take", "model", "variant", "check")): row
        for row in frozen["checks"]
        if row["collection"] == "held-out"
    }
    own = [row for row in again.checks if row["take"] != ALL]
    assert {row["take"][:3] for row in own} == set(FAST)
    for row in own:
        there = known[row["take"], row["model"], row["variant"], row["check"]]
        if math.isnan(row["value"]):
            assert math.isnan(there["value"]), AGAIN
        else:
            assert row["value"] == pytest.approx(there["value"], abs=ROUNDING), (AGAIN, row)


def test_the_same_comes_out_twice(again):
    twice = [row for row in again.checks if row["check"] == "same-twice"]
    assert twice
    assert all(row["is_met"] for row in twice)


def test_tables_are_read_as_they_were_written(tmp_path, again):
    freeze(again, tmp_path)
    rows = read_table(tmp_path / "agreement.csv")
    assert len(rows) == len(again.agreement)
    for read, made in zip(rows, again.agreement, strict=True):
        assert read["quantity"] == made["quantity"]
        assert read["mae"] == pytest.approx(made["mae"], abs=0.001)


def test_figures_that_are_missing_stay_missing(tmp_path):
    row = {"collection": "held-out", "take": "x", "check": "turn-mae", "value": math.nan, "is_met": False}
    freeze(Results(agreement=[row], checks=[row]), tmp_path)
    (read,) = read_table(tmp_path / "checks.csv")
    assert math.isnan(read["value"])
    assert read["is_met"] is False
