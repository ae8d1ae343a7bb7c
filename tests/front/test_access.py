"""Who may come in: keys, names of the server, origins."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

from front.doors import ORIGIN, PORT, Clock, House, let_in, open_house
from unkink.front.access import ACCESS_FILE, COOKIE_DAYS, MAX_COOKIES, KeyRing

COOKIE = f"unkink-{PORT}"


def test_without_a_key_nothing_of_a_person_is_given(house: House) -> None:
    for path in ("/api/status", "/api/today", "/api/export", "/api/openapi.json", "/api/nothing", "/api"):
        answer = house.stranger().get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "no-key"), path


def test_the_page_itself_needs_no_key_so_that_it_can_say_so(house: House) -> None:
    assert house.stranger().get("/").status_code == 200


def test_a_token_opens_once_and_leaves_no_trace_in_the_address(house: House) -> None:
    token = house.app.state.services.gate.ring.issue_token()
    first = house.stranger().get("/", params={"token": token}, follow_redirects=False)
    assert first.status_code == 303
    assert first.headers["location"] == "/"
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    second = house.stranger().get("/", params={"token": token}, follow_redirects=False)
    assert (second.status_code, second.json()["code"]) == (403, "key-used")


def test_a_used_token_does_not_shut_out_the_browser_that_has_a_key(house: House) -> None:
    answer = house.browser.get("/", params={"token": house.token}, follow_redirects=False)
    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("token", ["", "x", "ä" * 40, "a" * 5000])
def test_a_wrong_token_is_refused_with_a_sentence(house: House, token: str) -> None:
    answer = house.stranger(accept="text/html").get("/", params={"token": token})
    assert answer.status_code == 403
    assert "works only once" in answer.text
    assert token == "" or token not in answer.text


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1:1", "localhost", f"127.0.0.1.nip.io:{PORT}", ""],
)
def test_another_name_for_this_server_is_refused(house: House, host: str) -> None:
    answer = house.browser.get("/", headers={"host": host})
    assert (answer.status_code, answer.json()["code"]) == (421, "other-host")
    assert house.browser.get("/api/today", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", [f"localhost:{PORT}", f"LOCALHOST:{PORT}", f"[::1]:{PORT}"])
def test_its_own_names_are_known(house: House, host: str) -> None:
    assert (
        house.browser.get("/api/today", headers={"host": host, "cookie": _cookie(house)}).status_code == 200
    )


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"http://127.0.0.1:{PORT + 1}", f"ftp://127.0.0.1:{PORT}", ""]
)
def test_another_site_cannot_talk_to_it(house: House, origin: str) -> None:
    for method, path in (("POST", "/api/pops"), ("GET", "/api/today"), ("DELETE", "/api/sessions/x")):
        answer = house.browser.request(method, path, headers={"origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "other-origin"), (method, path)


def test_what_changes_something_needs_an_origin(house: House) -> None:
    bare = house.stranger(cookie=_cookie(house))
    assert bare.get("/api/today").status_code == 200
    assert bare.post("/api/pops", json={"deliberate": False}).json()["code"] == "other-origin"


def test_a_link_from_another_site_reads_nothing(house: House) -> None:
    answer = house.browser.get("/api/export", headers={"sec-fetch-site": "cross-site"})
    assert answer.json()["code"] == "other-origin"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"origin": "https://evil.example"}, 4003),
        ({"origin": ORIGIN, "host": "evil.example"}, 4003),
        ({}, 4003),
    ],
)
def test_the_live_wire_is_refused_to_others(house: House, headers: dict[str, str], code: int) -> None:
    client = house.stranger(cookie=_cookie(house), **headers)
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(f"ws://127.0.0.1:{PORT}/live"),
    ):
        pass
    assert refused.value.code == code


def test_the_live_wire_without_a_key_says_so_by_its_code(house: House) -> None:
    client = house.stranger(origin=ORIGIN)
    with client.websocket_connect(f"ws://127.0.0.1:{PORT}/live") as socket:
        assert socket.receive() == {"type": "websocket.close", "code": 4003, "reason": "no-key"}


def test_a_key_survives_a_restart_of_the_server(tmp_path: Path) -> None:
    first = open_house(tmp_path)
    let_in(first)
    cookie = _cookie(first)
    first.diary.close()
    second = open_house(tmp_path)
    assert second.stranger(cookie=cookie).get("/api/status").status_code == 200
    second.diary.close()


def test_a_key_ends_some_day(house: House, clock: Clock) -> None:
    clock.forward(days=COOKIE_DAYS - 1)
    assert house.browser.get("/api/status").status_code == 200
    clock.forward(days=2)
    # The browser forgets it by itself as well; one that does not is not let in.
    assert house.stranger(cookie=_cookie(house)).get("/api/status").status_code == 401


def test_only_hashes_are_kept_and_only_for_the_user(house: House) -> None:
    file = house.folder / ACCESS_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text(encoding="utf-8")
    assert _cookie(house).partition("=")[2] not in text
    assert house.token not in text


def test_a_damaged_file_of_keys_asks_for_new_ones(house: House) -> None:
    file = house.folder / ACCESS_FILE
    for damage in ("", "{", "[]", json.dumps({"instance": 1, "cookies": "x", "tokens": None}), "\0" * 10):
        file.write_text(damage, encoding="utf-8")
        assert house.browser.get("/api/status").status_code == 401
    let_in(house)
    assert house.browser.get("/api/status").status_code == 200


def test_the_oldest_browser_is_forgotten_first(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    cookies = [ring.exchange(ring.issue_token(), 0.0) or "" for _ in range(MAX_COOKIES + 1)]
    assert [ring.knows(cookie, 1.0) for cookie in cookies] == [False] + [True] * MAX_COOKIES


def test_tokens_of_an_earlier_run_are_worth_nothing(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    token = ring.issue_token()
    ring.forget_tokens()
    assert ring.exchange(token, 0.0) is None


def test_a_second_start_can_let_a_browser_in(tmp_path: Path) -> None:
    running, second = KeyRing(tmp_path), KeyRing(tmp_path)
    assert second.instance == running.instance
    assert running.exchange(second.issue_token(), 0.0) is not None


def _cookie(house: House) -> str:
    return f"{COOKIE}={house.browser.cookies[COOKIE]}"
