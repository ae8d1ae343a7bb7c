"""Everything that goes wrong is told one way, and nothing that a person said is in it."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest

from builders import make_rulebook
from front.doors import ORIGIN, House
from unkink.acquire.rulefiles import RULES_DIR
from unkink.diary import Diary
from unkink.errors import StoreError
from unkink.front import problems
from unkink.front.doorway import CSP, MAX_BODY_BYTES, SECURITY_HEADERS

FIELDS = {"type", "title", "status", "detail", "code", "key", "params", "error_id", "hint", "faults"}


def assert_is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert set(document) == FIELDS
    assert document["status"] == status
    assert document["code"] == code
    assert document["type"] == f"urn:unkink:problem:{code}"
    assert document["key"] in make_rulebook().texts["en"]
    assert "{" not in document["detail"]
    return document


REFUSALS: dict[str, tuple[str, str, dict[str, Any], int, str]] = {
    "no such route": ("GET", "/api/nothing", {}, 404, "not-found"),
    "no such file": ("GET", "/assets/nothing.js", {}, 404, "not-found"),
    "wrong verb": ("PATCH", "/api/today", {}, 405, "method-not-allowed"),
    "post to a page": ("POST", "/", {}, 405, "method-not-allowed"),
    "no such session": ("GET", "/api/sessions/none", {}, 404, "session-unknown"),
    "delete no such session": ("DELETE", "/api/sessions/none", {}, 404, "session-unknown"),
    "dismiss no such session": ("POST", "/api/sessions/none/dismiss", {}, 404, "session-unknown"),
    "after no such session": ("POST", "/api/sessions/none/after", {"json": {}}, 404, "session-unknown"),
    "odd session id": ("GET", "/api/sessions/a%20b", {}, 422, "input-invalid"),
    "not JSON": (
        "POST",
        "/api/pops",
        {"content": b"{", "headers": {"content-type": "application/json"}},
        422,
        "input-invalid",
    ),
    "no content type": ("POST", "/api/pops", {"content": b"{}"}, 422, "input-invalid"),
    "wrong type": ("POST", "/api/check-in", {"json": {"pain_now": "much"}}, 422, "input-invalid"),
    "out of range": ("POST", "/api/check-in", {"json": {"pain_now": 11}}, 422, "input-invalid"),
    "unknown field": ("POST", "/api/pops", {"json": {"deliberate": True, "x": 1}}, 422, "input-invalid"),
    "unknown answer": (
        "POST",
        "/api/screening",
        {"json": {"answers": {"E01": "maybe"}}},
        422,
        "input-invalid",
    ),
    "erase without the word": ("POST", "/api/erase", {"json": {}}, 422, "input-invalid"),
    "too big": ("POST", "/api/pops", {"content": b" " * (MAX_BODY_BYTES + 1)}, 413, "body-too-big"),
    "bad length": (
        "POST",
        "/api/pops",
        {"content": b"{}", "headers": {"content-length": "-3"}},
        413,
        "body-too-big",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_has_the_one_form(house: House, name: str) -> None:
    method, path, more, status, code = REFUSALS[name]
    answer = house.browser.request(method, path, **more)
    assert_is_problem(answer, status, code)
    _assert_dressed(answer)


def test_a_body_without_a_length_is_counted(house: House) -> None:
    def chunks() -> Any:
        for _ in range(40):
            yield b" " * 10_000

    assert_is_problem(house.browser.post("/api/pops", content=chunks()), 413, "body-too-big")


def test_validation_names_the_field_and_not_what_was_sent(house: House) -> None:
    answer = house.browser.post("/api/check-in", json={"pain_now": 2, "stiffness": "SECRET-WORD"})
    document = assert_is_problem(answer, 422, "input-invalid")
    assert any("stiffness" in fault for fault in document["faults"])
    assert "SECRET-WORD" not in answer.text


def _assert_dressed(answer: Any) -> None:
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value, name


def test_the_policy_is_the_strict_one() -> None:
    directives = dict(part.split(" ", 1) for part in CSP.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert directives["connect-src"] == "'self'"
    assert not re.search(r"https?:|\*|unsafe-inline|'unsafe-eval'", CSP)


def test_every_answer_carries_the_policy(house: House) -> None:
    stranger = house.stranger()
    asked = [
        house.browser.get("/"),
        house.browser.get("/progress"),
        house.browser.get("/assets/app-abc123.js"),
        house.browser.head("/"),
        house.browser.get("/api/today"),
        house.browser.get("/", params={"token": house.token}, follow_redirects=False),
        stranger.get("/api/today"),
        stranger.get("/", headers={"host": "evil.example"}),
        stranger.get("/", params={"token": "wrong"}),
        stranger.post("/api/erase", json={"confirm": "erase"}),
    ]
    for answer in asked:
        _assert_dressed(answer)


def _break(house: House, monkeypatch: pytest.MonkeyPatch, exc: Exception) -> Any:
    def broken(_self: Diary) -> Any:
        raise exc

    monkeypatch.setattr(Diary, "settings", broken)
    return house.stranger(origin=ORIGIN, cookie=_cookie(house)).get("/api/settings")


def _cookie(house: House) -> str:
    return "; ".join(f"{name}={value}" for name, value in house.browser.cookies.items())


def test_a_bug_has_an_identity_and_no_words(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = _break(house, monkeypatch, ValueError("SECRET: pain 7, pregnant"))
    document = assert_is_problem(answer, 500, "bug")
    assert document["error_id"]
    assert document["error_id"] in caplog.text
    assert "ValueError" in caplog.text
    assert "test_problems.py" in caplog.text
    for text in (answer.text, caplog.text):
        assert "SECRET" not in text
    _assert_dressed(answer)


@pytest.mark.parametrize("code", ["store-locked", "store-full", "store-readonly", "store-io"])
def test_trouble_of_the_store_is_told_in_its_own_words(
    house: House, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    error = StoreError(
        code, f"store.{code.removeprefix('store-')}", params={"path": "/data"}, hint="unkink doctor"
    )
    document = assert_is_problem(_break(house, monkeypatch, error), 503, code)
    assert document["hint"] == "unkink doctor"
    assert document["error_id"] is None


def test_every_code_has_a_sentence() -> None:
    texts = make_rulebook().texts["en"]
    used = set()
    for file in Path(problems.__file__).parent.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        used |= set(re.findall(r"(?:problem_of|refuse|_malformed)\(\s*\"([a-z-]+)\"", source))
    assert {"no-key", "too-fast", "session-unknown"} <= used
    missing = {code for code in used if f"problem.{code}" not in texts}
    assert not missing


def test_every_sentence_is_used() -> None:
    """A sentence that nothing can show is a promise to a translator that is not kept."""
    keys = json.loads((RULES_DIR / "locales/en/problems.json").read_text(encoding="utf-8"))
    source = "".join(p.read_text(encoding="utf-8") for p in Path(problems.__file__).parents[1].rglob("*.py"))
    unused = [
        key for key in keys if f'"{key}"' not in source and f'"{key.removeprefix("problem.")}"' not in source
    ]
    assert not unused


def test_a_whole_day_leaves_nothing_of_the_person_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        house.screen(C04="yes", U07="unsure")
        house.check_in(pain_now=7, P02="yes")
        house.browser.post("/api/pops", json={"deliberate": True, "region": "neck"})
        house.browser.post("/api/check-in", json={"pain_now": 11, "places": ["secret-place"]})
        with house.live() as line:
            line.read_until("problem")
    ours = [r for r in caplog.records if r.name.startswith(("unkink", "uvicorn", "sqlalchemy", "fastapi"))]
    text = "\n".join(r.getMessage() for r in ours)
    for secret in ("C04", "U07", "P02", "neck", "secret-place", "unsure", "pregnan"):
        assert secret not in text
