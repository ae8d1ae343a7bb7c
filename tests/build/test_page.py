"""Whether the built page is current, and what is said when it cannot be built."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from buildtools.page import Page, PageBuildError


def make_page(root: Path) -> Page:
    """Make a source tree of two files whose page is built."""
    page = Page(root)
    for path, text in (
        (page.ui / "src" / "main.ts", "start();"),
        (page.rules / "locales" / "en" / "ui.json", '{"ui.start": "Start"}'),
        (page.static / "index.html", "<!doctype html>"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    record = {"fingerprint": page.compute_fingerprint(), "files": ["index.html"]}
    (page.static / "build.json").write_text(json.dumps(record), "utf-8")
    return page


def test_untouched_page_is_current_and_not_built_again(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    assert page.is_current()
    assert not page.build()


@pytest.mark.parametrize("changed", ["ui/src/main.ts", "ui/new.css", "src/unkink/rules/locales/en/ui.json"])
def test_changed_source_makes_it_old(tmp_path: Path, changed: str) -> None:
    page = make_page(tmp_path)
    (tmp_path / changed).write_text("changed", "utf-8")

    assert not page.is_current()


def test_renamed_source_makes_it_old(tmp_path: Path) -> None:
    page = make_page(tmp_path)
    (page.ui / "src" / "main.ts").rename(page.ui / "src" / "other.ts")

    assert not page.is_current()


@pytest.mark.parametrize(
    "made", ["ui/node_modules/a/b.js", "ui/dist/b.js", "ui/.cache/b", "ui/a.tsbuildinfo"]
)
def test_what_tools_leave_behind_does_not_count(tmp_path: Path, made: str) -> None:
    page = make_page(tmp_path)
    (tmp_path / made).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / made).write_text("made", "utf-8")

    assert page.is_current()


def test_lost_file_makes_it_old(tmp_path: Path) -> None:
    page = make_page(tmp_path)
    (page.static / "index.html").unlink()

    assert not page.is_current()


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"fingerprint": 1}'])
def test_damaged_record_makes_it_old(tmp_path: Path, record: str) -> None:
    page = make_page(tmp_path)
    (page.static / "build.json").write_text(record, "utf-8")

    assert not page.is_current()


def test_missing_sources_are_named(tmp_path: Path) -> None:
    with pytest.raises(PageBuildError, match=r"package\.json is missing"):
        Page(tmp_path).build()
