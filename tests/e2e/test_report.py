"""The report and what belongs to the person, in a browser: shown, saved, brought back, erased, not sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

AXE = Path(__file__).resolve().parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"


def find_barriers(page):
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found["violations"]]


@pytest.fixture
def told(person):
    person.be_allowed()
    person.api("PUT", "/api/activities", {"activities": [{"id": "a1", "text": "<b>Sit</b> through a film"}]})
    person.api("POST", "/api/reviews", {"pain_worst": 5, "pain_average": 3, "activities": {"a1": 4}})
    return person


def test_the_report_is_shown_and_saved_and_keeps_nobody_out(told):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: make ui")
    told.go("/report")
    told.page.wait_for_selector(".paper")
    assert "<b>Sit</b> through a film" in told.page.inner_text(".paper")
    for size in ({"width": 1280, "height": 800}, {"width": 390, "height": 844}):
        told.page.set_viewport_size(size)
        told.rest()
        assert find_barriers(told.page) == []
        assert not told.page.evaluate("() => document.documentElement.scrollWidth > innerWidth + 1")
    with told.page.expect_download() as download:
        told.page.get_by_role("link", name="Save as PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    with told.context.expect_page() as opened:
        told.page.get_by_role("link", name="Open to print").click()
    sheet = opened.value
    sheet.wait_for_selector("h1")
    # its style is let in by its own policy
    assert (
        sheet.evaluate("() => getComputedStyle(document.querySelector('section.top')).borderRadius") == "8px"
    )
    assert told.foreign == []
    assert told.complaints == []


def test_a_problem_is_written_down_and_not_sent(told):
    told.go("/problem")
    told.page.wait_for_selector("textarea")
    assert told.page.get_by_role("button", name="I need help now").count() >= 1
    told.page.fill("textarea", "It twinged, secret-word.")
    told.page.get_by_role("button", name="Write it down").click()
    told.page.wait_for_selector(".told-text")
    assert "secret-word" in told.page.inner_text(".told-text")
    assert "secret-word" not in told.page.url
    assert told.api("GET", "/api/today")["screening_state"] == "expired"
    assert told.foreign == []


def test_everything_is_taken_along_erased_and_brought_back(told, tmp_path):
    saved = tmp_path / "mine.json"
    told.go("/settings")
    told.page.wait_for_selector(".setting")
    with told.page.expect_download() as download:
        told.page.get_by_role("link", name="JSON").click()
    download.value.save_as(saved)
    assert "Sit" in saved.read_text("utf-8")
    assert json.loads(saved.read_text("utf-8"))
    told.page.get_by_role("button", name="Erase everything").click()
    # once is not enough
    assert told.api("GET", "/api/activities")["activities"] != []
    told.page.get_by_role("button", name="Yes, erase everything for good").click()
    # when all is gone the page goes to the first one by itself
    told.page.wait_for_url(told.server.origin + "/")
    assert told.api("GET", "/api/activities")["activities"] == []
    told.go("/settings")
    told.page.wait_for_selector("input[type=file]", state="attached")
    told.page.set_input_files("input[type=file]", saved)
    told.page.get_by_text("New entries:").wait_for()
    assert told.api("GET", "/api/activities")["activities"][0]["id"] == "a1"
    assert told.foreign == []


def test_what_is_no_diary_is_refused_in_words(person, tmp_path):
    wrong = tmp_path / "holiday.json"
    wrong.write_text("{}", encoding="utf-8")
    person.go("/settings")
    person.page.wait_for_selector("input[type=file]", state="attached")
    person.page.set_input_files("input[type=file]", wrong)
    person.page.wait_for_selector("[role=alert]")
    assert "import-" not in person.page.inner_text("main")
    person.complaints.clear()
