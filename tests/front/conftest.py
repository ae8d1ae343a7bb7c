"""A house per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from front.doors import Clock, House, let_in, open_house


@pytest.fixture
def clock() -> Clock:
    """A clock at noon."""
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A server whose browser has a key."""
    page = tmp_path / "static"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("<!doctype html><title>Unkink</title>", encoding="utf-8")
    (page / "assets" / "app-abc123.js").write_text("export {};", encoding="utf-8")
    folder = tmp_path / "data"
    folder.mkdir()
    made = open_house(folder, clock, static_dir=page)
    let_in(made)
    with made.browser:
        yield made
    made.diary.close()


@pytest.fixture
def admitted(house: House) -> House:
    """A server whose person may do everything."""
    house.admit()
    return house
