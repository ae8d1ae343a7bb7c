"""Taking along, bringing back and erasing through the door and from the terminal."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from front.doors import House, let_in, open_house
from unkink.diary import open_diary
from unkink.diary.records import Note, Pop
from unkink.front.command import app

BINARY = {"content-type": "application/octet-stream"}
runner = CliRunner()


def bring(house: House, content: bytes, **headers: str) -> Any:
    return house.browser.post("/api/import", content=content, headers=BINARY | headers)


@pytest.mark.parametrize("form", ["json", "parquet", "zip"])
def test_everything_goes_out_and_comes_back(admitted: House, tmp_path: Path, form: str) -> None:
    admitted.diary.save_note(Note(kind="harm", text="in my words"))
    answer = admitted.browser.get("/api/export", params={"format": form})
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    if form == "json":
        assert json.loads(answer.content)["version"] == 2
    else:
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        assert ("diary.json" in names) == (form == "zip")
        assert "tables/note.parquet" in names
    other = open_house(tmp_path / "other", admitted.clock)
    let_in(other)
    with other.browser:
        first, again = bring(other, answer.content), bring(other, answer.content)
        assert first.status_code == again.status_code == 200
        assert first.json()["n_new"] == 3
        assert [n["key"] for n in first.json()["notes"]] == ["belongings.imported"]
        assert [n["key"] for n in again.json()["notes"]] == ["belongings.imported-nothing-new"]
        assert other.diary.history() == admitted.diary.history()
        today, theirs = other.browser.get("/api/today").json(), admitted.browser.get("/api/today").json()
        assert today == theirs
    other.diary.close()
    for folder in (admitted.folder, other.folder):
        assert not list(folder.glob(".belongings-*"))


def test_an_import_opens_no_lock_and_says_so(admitted: House, tmp_path: Path) -> None:
    other = open_house(tmp_path / "other", admitted.clock)
    let_in(other)
    with other.browser:
        other.screen(U03="yes")
        other.clock.forward(hours=1)
        day = other.clock.now.date().isoformat()
        wish = {"assessed_on": day, "gentle_ok": True, "rule_ids": ["U03"], "note_kind": None}
        assert other.browser.post("/api/screening/clearance", json=wish).status_code == 200
        export = other.browser.get("/api/export").content
    other.diary.close()
    admitted.screen(U03="yes")
    answer = bring(admitted, export)
    assert "belongings.imported-clearance" in [n["key"] for n in answer.json()["notes"]]
    assert admitted.browser.get("/api/today").json()["screening_state"] == "locked"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "import-not-a-diary"),
        (b"nonsense", 422, "import-not-a-diary"),
        (b'{"format": "unkink-diary", "version": 99}', 422, "import-newer"),
        (b'{"format": "unkink-diary", "version": 2}', 422, "import-damaged"),
    ],
)
def test_what_cannot_be_taken_in_is_told(admitted: House, content: bytes, status: int, code: str) -> None:
    answer = bring(admitted, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not list(admitted.folder.glob(".belongings-*"))


def test_an_import_has_a_limit_and_a_kind(admitted: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unkink.front.doorway.MAX_IMPORT_BYTES", 1000)
    assert bring(admitted, b"x" * 1001).json()["code"] == "body-too-big"

    def without_length() -> Any:
        for _ in range(4):
            yield b"x" * 400

    answer = admitted.browser.post("/api/import", content=without_length(), headers=BINARY)
    assert answer.json()["code"] == "body-too-big"
    answer = admitted.browser.post("/api/import", content=b"{}", headers={"content-type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (415, "not-json")
    assert not list(admitted.folder.glob(".belongings-*"))


def test_erasing_before_a_day_says_what_stays_and_why(admitted: House) -> None:
    admitted.clock.forward(minutes=5)
    admitted.screen(U03="yes")
    admitted.clock.forward(minutes=5)
    admitted.diary.save_pop(Pop(deliberate=False, at=admitted.clock.now))
    admitted.clock.forward(days=2)
    day = admitted.clock.now.date().isoformat()
    answer = admitted.browser.post("/api/erase", json={"confirm": "erase", "before": day})
    assert answer.status_code == 200
    assert answer.json()["n_entries"] == 3
    assert answer.json()["kept"] == {"key": "belongings.kept", "params": {"n": 1}}
    assert admitted.browser.get("/api/today").json()["screening_state"] == "locked"
    assert admitted.browser.get("/api/catalogue").json()["belongings.kept"]
    tomorrow = {"confirm": "erase", "before": "2099-01-01"}
    assert admitted.browser.post("/api/erase", json=tomorrow).json()["code"] == "input-invalid"
    whole = admitted.browser.post("/api/erase", json={"confirm": "erase"}).json()
    assert (whole["n_entries"], whole["kept"]) == (1, None)
    assert admitted.browser.get("/api/today").json()["screening_state"] == "none"


def test_settings_that_do_not_fit_break_no_page(admitted: House) -> None:
    admitted.diary.save_settings({"theme": {"x": 1}, "sound": "bell", "big_numerals": True})
    found = admitted.browser.get("/api/settings").json()
    assert (found["theme"], found["big_numerals"]) == ("auto", True)
    assert admitted.browser.get("/api/status").status_code == 200


@pytest.mark.parametrize("form", ["zip", "json", "parquet"])
def test_the_terminal_takes_each_form(tmp_path: Path, form: str) -> None:
    here, there, out = tmp_path / "here", tmp_path / "there", tmp_path / "out"
    with open_diary(here) as diary:
        diary.save_pop(Pop(deliberate=False, region="mid-back"))
    done = runner.invoke(app, ["export", str(out), "--format", form, "--data-dir", str(here)])
    assert done.exit_code == 0, done.output
    assert out.is_dir() == (form == "parquet")
    done = runner.invoke(app, ["import", str(out), "--data-dir", str(there)])
    assert (done.exit_code, done.output) == (0, "New entries: 1. What was here already stays as it was.\n")
    with open_diary(there) as diary:
        assert [pop.region for pop in diary.pops()] == ["mid-back"]


def test_the_terminal_erases_before_a_day(tmp_path: Path) -> None:
    with open_diary(tmp_path) as diary:
        diary.save_pop(Pop(deliberate=False))
    erase = ["erase", "--yes", "--port", "0", "--data-dir", str(tmp_path), "--before"]
    assert runner.invoke(app, [*erase, "2020-01-01"]).exit_code == 0
    with open_diary(tmp_path) as diary:
        assert len(diary.pops()) == 1
    assert runner.invoke(app, [*erase, "2999-01-01"]).exit_code == 2
    assert runner.invoke(app, [*erase, "yesterday"]).exit_code == 2
