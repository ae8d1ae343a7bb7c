"""The list of a run: every recording has its row, and no name does harm."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from exchange.cases import make_summary
from unkink.exchange.index import COLUMNS, IndexRow, make_csv, make_done_row, write_index

HARMLESS_JPEG = b"\xff\xd8\xff\xe0 not shown in a test \xff\xd9"
NAUGHTY = (
    "<script>alert(1)</script>.mp4",
    '"><img src=x onerror=alert(1)>.mp4',
    "javascript:alert(1)",
    "=cmd|' /C calc'!A0.mp4",
    "+1.mp4",
    "-2.mp4",
    "@SUM(A1).mp4",
    "\tx.mp4",
    'a,b"c.mp4',
    "Übung & 这.mp4",
    os.fsdecode(b"\xff\xfe.mp4"),
)


class Page(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a"]


def make_done(name: str = "a.mp4", **changes: object) -> IndexRow:
    wanted: dict[str, object] = {"name": name, "source": f"videos/{name}", "folder": "a"}
    return make_done_row(make_summary(), **(wanted | changes))  # type: ignore[arg-type]


def write(rows: list[IndexRow], folder: Path) -> tuple[list[dict[str, str]], Page, str]:
    write_index(rows, folder)
    table = list(csv.DictReader(io.StringIO((folder / "index.csv").read_text(encoding="utf-8"), newline="")))
    text = (folder / "index.html").read_text(encoding="utf-8")
    return table, Page(text), text


def test_the_table_has_the_documented_columns_and_numbers(tmp_path: Path) -> None:
    failed = IndexRow(name="b.mp4", source="b.mp4", status="failed", reason="There is only sound in it.")
    table, _, _ = write([make_done(), failed], tmp_path)
    assert tuple(table[0]) == COLUMNS
    first = table[0]
    assert (first["name"], first["status"], first["exercise"]) == ("a.mp4", "done", "seated-twist")
    assert float(first["held_right_s"]) == 10.0
    assert float(first["peak_left_deg"]) == 30.0
    assert float(first["peak_left_sd_deg"]) == 2.0
    assert first["held_both_s"] == ""
    assert (table[1]["status"], table[1]["reason"]) == ("failed", "There is only sound in it.")
    assert table[1]["held_right_s"] == ""


def test_the_page_says_the_same_in_words(tmp_path: Path) -> None:
    failed = IndexRow(name="b.mp4", source="b.mp4", status="failed", reason="There is only sound in it.")
    skipped = IndexRow(name="c.txt", source="c.txt", status="skipped", reason="Not a video.")
    warned = make_done("d.mp4", warnings=("Two people were in the picture.",))
    _, page, _ = write([make_done(), failed, skipped, warned], tmp_path)
    words = " ".join(page.words)
    for part in (
        "Seated twist",
        "40 s long",
        "furthest 40° ± 3°",
        "There is only sound in it.",
        "Not a video.",
        "Two people were in the picture.",
        "4 recordings · 2 analysed · 1 could not be analysed · 1 left out",
    ):
        assert part in words, part


@pytest.mark.parametrize("name", NAUGHTY)
def test_no_name_becomes_a_formula_or_markup(tmp_path: Path, name: str) -> None:
    rows = [
        make_done(name, warnings=(name,), thumbnail=HARMLESS_JPEG),
        IndexRow(name=name, source=name, status="failed", reason=name),
    ]
    table, page, _ = write(rows, tmp_path)
    for row in table:
        for column in ("name", "source", "reason", "warnings"):
            assert row[column][:1] not in {"=", "+", "-", "@", "\t"}, column
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "iframe", "object", "link"}
    assert all(
        (attrs["src"] or "").startswith("data:image/jpeg;base64,") for tag, attrs in page.tags if tag == "img"
    )
    assert not any(key.startswith("on") for _, attrs in page.tags for key in attrs)
    assert name.encode(errors="replace").decode() in "".join(page.words)


@pytest.mark.parametrize("folder", ["a", "javascript:alert(1)", "a b/ü#?%41", '"><b>'])
def test_links_lead_to_what_is_there_and_nowhere_else(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(parents=True)
    for name in ("plot.svg", "summary.json"):
        (tmp_path / folder / name).write_text("x")
    _, page, _ = write([make_done(folder=folder)], tmp_path)
    links = page.links()
    assert len(links) == 3
    assert all(link.startswith("./") for link in links)
    assert all((tmp_path / unquote(link)).is_file() for link in links)


def test_the_page_forbids_itself_everything_but_its_own_style(tmp_path: Path) -> None:
    _, page, text = write([make_done(thumbnail=HARMLESS_JPEG)], tmp_path)
    policy = next(
        a["content"] or "" for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    assert "prefers-color-scheme" in style[1]
    assert not re.search(r"https?://", text)


def test_the_same_rows_give_the_same_bytes_and_nothing_half_written_stays(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write_index([make_done(thumbnail=HARMLESS_JPEG)], tmp_path / folder)
        assert sorted(p.name for p in (tmp_path / folder).iterdir()) == ["index.csv", "index.html"]
    for name in ("index.csv", "index.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_an_empty_run_has_an_index_too(tmp_path: Path) -> None:
    table, page, _ = write([], tmp_path)
    assert table == []
    assert "There is nothing here yet." in page.words


def test_names_with_line_breaks_keep_their_row() -> None:
    rows = list(csv.reader(io.StringIO(make_csv([make_done("a\nb.mp4"), make_done("c.mp4")]), newline="")))
    assert [row[0] for row in rows[1:]] == ["a\nb.mp4", "c.mp4"]


def test_wall_angels_tell_repetitions_and_no_sides(tmp_path: Path) -> None:
    sides = {"both": {"held_s": 0, "holds": [], "peak_deg": None, "peak_sd_deg": None}}
    summary = make_summary(exercise="wall-angels", sides=sides, repetitions=5)
    _, page, _ = write([make_done_row(summary, name="a", source="a", folder="a")], tmp_path)
    words = " ".join(page.words)
    assert "Repetitions 5" in words
    assert "Held right" not in words
