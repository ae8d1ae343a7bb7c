"""A server in the test's own process, its browser, and a person who has answered everything."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from starlette.testclient import TestClient

from builders import make_rulebook
from unkink.diary import Diary, open_diary
from unkink.front.app import create_app
from unkink.front.messages import VERSION
from unkink.settings import ServerSettings

PORT = 8765
ORIGIN = f"http://127.0.0.1:{PORT}"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class House:
    """One server with its diary and its browser."""

    folder: Path
    clock: Clock
    diary: Diary
    app: Any
    browser: TestClient
    """Has a key and sends the page's own origin."""
    token: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def stranger(self, **headers: str) -> TestClient:
        """Return a client without a key; it says the headers given."""
        return TestClient(self.app, base_url=ORIGIN, headers=headers, raise_server_exceptions=False)

    def screen(self, **answers: str) -> Any:
        """Answer the safety questions: no to everything but what is named."""
        rows = dict.fromkeys(make_rulebook().safety.rows, "no") | answers
        return self.browser.post("/api/screening", json={"answers": rows})

    def check_in(self, pain_now: int = 2, **answers: str) -> Any:
        """Answer the day's short questions: no to everything but what is named."""
        asked = dict.fromkeys((q.id for q in make_rulebook().safety.check.questions), "no") | answers
        return self.browser.post("/api/check-in", json={"pain_now": pain_now, "answers": asked})

    def admit(self) -> None:
        """Answer all questions as somebody who may do everything."""
        assert self.screen().status_code == 200
        assert self.check_in().status_code == 200

    @contextmanager
    def live(self, exercise_id: str = "seated-twist", **wish: Any) -> Iterator[Line]:
        """Open the live wire and say hello."""
        with self.line() as line:
            line.hello(exercise_id, **wish)
            yield line

    @contextmanager
    def line(self) -> Iterator[Line]:
        """Open the live wire."""
        with self.browser.websocket_connect(f"ws://127.0.0.1:{PORT}/live") as socket:
            yield Line(socket, self)


class Line:
    """The page's end of the live wire."""

    def __init__(self, socket: Any, house: House) -> None:
        self.socket = socket
        self.house = house
        self.seen: list[dict[str, Any]] = []
        self.n_sent = 0

    def send(self, op: str, **fields: Any) -> None:
        self.n_sent += op != "hello"
        self.socket.send_bytes(msgspec.msgpack.encode({"op": op, **fields}))

    def hello(self, exercise_id: str = "seated-twist", **wish: Any) -> None:
        session = {"exercise_id": exercise_id, "mode": "camera", "short": False, **wish}
        self.send("hello", version=VERSION, session=session, client={"model": "lite", "delegate": "CPU"})

    def read(self) -> dict[str, Any]:
        """Return the next message; a close is ``{"op": "close", "code": ...}``."""
        assert not any(m["op"] == "close" for m in self.seen), "nothing comes after a close"
        received = self.socket.receive()
        if received["type"] == "websocket.close":
            message = {"op": "close", "code": received.get("code")}
        else:
            message = msgspec.msgpack.decode(received["bytes"])
        self.seen.append(message)
        return message

    def read_until(self, *ops: str, most: int = 2000) -> dict[str, Any]:
        """Return the first message of one of these kinds (or the close)."""
        for _ in range(most):
            message = self.read()
            if message["op"] in {*ops, "close"}:
                return message
        text = f"none of {ops} in {most} messages"
        raise AssertionError(text)

    def play(self, motion: Any, until_s: float = math.inf, start_s: float = 0.0) -> float:
        """Send the pictures of a synthetic person, none faster than they are taken, with ticks in between."""
        t_s = start_s
        for frame in motion.frames():
            t_s = start_s + float(frame.t_s[0])
            if t_s > until_s:
                break
            self.frame(t_s, frame.image[0], None if frame.world is None else frame.world[0])
            self.settle()
        return t_s

    def settle(self) -> None:
        """Wait until everything that was sent has been taken, or the session is over."""
        live = self.house.app.state.services.live
        until = time.monotonic() + 60.0
        while live and not any(one.n_taken >= self.n_sent for one in list(live.values())):
            assert time.monotonic() < until, "it was never taken"
            time.sleep(0.0005)

    def frame(self, t_s: float, image: np.ndarray | None, world: np.ndarray | None = None) -> None:
        self.send(
            "frame",
            t_s=t_s,
            image=None if image is None else image.astype("<f4").tobytes(),
            world=None if world is None else world.astype("<f4").tobytes(),
            width_px=640,
            height_px=480,
        )


def open_house(folder: Path, clock: Clock | None = None, *, static_dir: Path | None = None) -> House:
    """Open a server on a data folder; the browser brings the cookie of an earlier one along by ``extra``."""
    clock = clock or Clock()
    settings = ServerSettings(data_dir=folder, port=PORT)
    diary = open_diary(folder, clock=clock)
    more = {} if static_dir is None else {"static_dir": static_dir}
    app = create_app(settings, diary, make_rulebook(), clock, **more)
    browser = TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
    return House(folder=folder, clock=clock, diary=diary, app=app, browser=browser)


def let_in(house: House) -> None:
    """Exchange a one-time token for the cookie, as the opened address does."""
    house.token = house.app.state.services.gate.ring.issue_token()
    answer = house.browser.get("/", params={"token": house.token})
    assert answer.status_code == 303
