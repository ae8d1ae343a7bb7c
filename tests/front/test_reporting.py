"""The report and the text of a problem at the doors: REST and the terminal."""

from __future__ import annotations

import io
import json
import sys
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from front.doors import House
from unkink.front import command

WORDS = "A <b>twinge</b> on the left, secret-word"


@pytest.fixture
def run(monkeypatch, capfd):
    """Run the command line as ``main`` does, in this process."""

    def run(folder, *words, cwd=None):
        with monkeypatch.context() as changed:
            if cwd is not None:
                changed.chdir(cwd)
            changed.setattr(sys, "argv", ["unkink", "report", "--data-dir", str(folder), *words])
            with pytest.raises(SystemExit) as ended:
                command.main()
        told = capfd.readouterr()
        return SimpleNamespace(returncode=int(ended.value.code or 0), stdout=told.out, stderr=told.err)

    return run


@pytest.fixture
def told(admitted: House) -> House:
    answer = admitted.browser.post("/api/notes", json={"kind": "harm", "text": WORDS})
    assert answer.status_code == 200
    return admitted


def test_pdf_is_a_file_to_save(told):
    answer = told.browser.get("/api/report?format=pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert 'filename="unkink-report-2026-11-22.pdf"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    assert "secret-word" in pages[0].extract_text()


def test_the_page_to_print_has_a_policy_that_lets_only_its_style_in(told):
    answer = told.browser.get("/api/report?format=html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert "sha256-" in policy
    assert "&lt;b&gt;twinge" in answer.text
    others = told.browser.get("/api/status").headers["content-security-policy"]
    assert "script-src 'self'" in others


def test_data_and_words_agree(told):
    period = "from=2026-11-01&to=2026-11-22"
    data = told.browser.get(f"/api/report?{period}&format=json").json()
    shown = told.browser.get(f"/api/report/page?{period}").json()
    assert (data["from_day"], data["to_day"]) == ("2026-11-01", "2026-11-22")
    assert (shown["from_day"], shown["to_day"]) == ("2026-11-01", "2026-11-22")
    assert [note["kind"] for note in data["notes"]] == ["harm"]
    assert any(WORDS in line for block in shown["blocks"] for line in block["lines"])


def test_the_name_is_there_only_when_it_was_given(told):
    assert told.browser.get("/api/report?format=json").json()["name"] is None
    assert told.browser.put("/api/report/name", json={"name": "  Ada "}).json() == {"name": "Ada"}
    assert told.browser.get("/api/report?format=json").json()["name"] == "Ada"
    assert told.browser.get("/api/report/page").json()["name"] == "Ada"
    told.browser.put("/api/report/name", json={"name": ""})
    assert told.browser.get("/api/report?format=json").json()["name"] is None


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2026-11-10&to=2026-11-01", "report-period"),
        ("from=2030-01-01", "report-period"),
        ("from=yesterday", "input-invalid"),
        ("format=docx", "input-invalid"),
    ],
)
def test_what_cannot_be_is_told(told, query, code):
    answer = told.browser.get(f"/api/report?{query}")
    assert answer.status_code == 422
    assert answer.json()["code"] == code


@pytest.mark.parametrize("query", ["from=0001-01-01&to=0001-01-02", "to=9999-12-31", "to=0001-01-01"])
def test_the_ends_of_the_calendar_are_no_trouble(told, query):
    assert told.browser.get(f"/api/report?{query}&format=json").status_code == 200


def test_a_stranger_gets_nothing(told):
    for path in ("/api/report", "/api/report/page", "/api/report/problem", "/api/report/problem.txt"):
        assert told.stranger().get(path).status_code == 401


def test_a_problem_is_a_text_without_a_name(told):
    told.browser.put("/api/report/name", json={"name": "Ada Example"})
    answer = told.browser.get("/api/report/problem").json()
    assert WORDS in answer["text"]
    assert "Ada" not in answer["text"]
    assert answer["address"] is None
    saved = told.browser.get("/api/report/problem.txt")
    assert saved.text == answer["text"]
    assert saved.headers["content-disposition"].startswith("attachment")


def test_without_a_problem_there_is_no_text(admitted):
    assert admitted.browser.get("/api/report/problem").json() == {"text": None, "address": None}
    assert admitted.browser.get("/api/report/problem.txt").status_code == 404


def test_terminal_writes_every_kind(told, tmp_path, run):
    told.diary.store.close()
    out = tmp_path / "here"
    out.mkdir()
    assert run(told.folder, cwd=out).returncode == 0
    assert [path.suffix for path in out.iterdir()] == [".pdf"]
    for kind, begin in (("html", "<!doctype html>"), ("json", "{")):
        done = run(told.folder, "--format", kind, "--out", str(out / f"r.{kind}"))
        assert done.returncode == 0, done.stderr
        assert (out / f"r.{kind}").read_text("utf-8").startswith(begin)
    piped = run(told.folder, "--format", "json", "--out", "-", "--name", "Ada")
    assert json.loads(piped.stdout)["name"] == "Ada"


def test_terminal_tells_problems_and_what_is_wrong(told, tmp_path, run):
    told.diary.store.close()
    assert WORDS in run(told.folder, "--problem").stdout
    wrong = run(told.folder, "--from", "2026-02-01", "--to", "2026-01-01")
    assert (wrong.returncode, "Traceback" in wrong.stderr) == (2, False)
    assert run(told.folder, "--from", "soon").returncode == 2
    nowhere = run(told.folder, "--out", str(tmp_path / "no" / "r.pdf"))
    assert (nowhere.returncode, "Traceback" in nowhere.stderr) == (5, False)
