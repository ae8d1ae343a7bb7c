"""A person at the browser: starts Unkink, opens its page in Chromium, answers, presses keys, looks."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page, Playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
)
BENIGN = (
    "Created TensorFlow Lite XNNPACK delegate",
    "Feedback manager",
    "OpenGL",
    "GL Driver",
    "WebGL",
    "gl_context",
)
OF_A_SERVER_THAT_IS_GONE = ("net::ERR_CONNECTION", "net::ERR_EMPTY_RESPONSE", "WebSocket connection to")
N_CHECK_CARDS_AT_MOST = 20


def find_chromium() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@dataclass
class Server:
    """Unkink as a user starts it: its own process, its own data folder."""

    data_dir: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None
    address: str = ""
    """With the one-time token."""
    was_gone: bool = False
    """A test took it away; from then on the browser may say so, at once or a moment later."""

    @property
    def origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def start(self) -> None:
        command = [sys.executable, "-m", "unkink", "serve", "--no-open", "--port", str(self.port)]
        command += ["--data-dir", str(self.data_dir)]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            found = re.search(r"http://\S+", line)
            if found:
                self.address = found.group(0)
                self.port = urlsplit(self.address).port or self.port
                return
        raise AssertionError("the server did not start: " + "".join(lines))

    def kill(self) -> None:
        """As a crash does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        self._forget()

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self._forget()

    def _forget(self) -> None:
        assert self.process is not None
        self.was_gone = True
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None


@dataclass
class Visit:
    """One browser with one page; remembers every request and every complaint."""

    context: BrowserContext
    page: Page
    server: Server
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    without_policy: list[str] = field(default_factory=list)

    def watch(self) -> None:
        def on_request(request: Any) -> None:
            parts = urlsplit(request.url)
            if parts.scheme in ("http", "https", "ws", "wss") and parts.port != self.server.port:
                self.foreign.append(request.url)

        def on_response(response: Any) -> None:
            if (
                response.request.resource_type == "document"
                and "content-security-policy" not in response.headers
            ):
                self.without_policy.append(response.url)

        def on_console(message: Any) -> None:
            benign = (*BENIGN, *OF_A_SERVER_THAT_IS_GONE) if self.server.was_gone else BENIGN
            if message.type == "error" and not any(word in message.text for word in benign):
                self.complaints.append(message.text)

        self.context.on("request", on_request)
        self.context.on("response", on_response)
        self.page.on("console", on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str = "/") -> None:
        """Open the address that the terminal shows, then go to a page."""
        self.page.goto(self.server.address)
        self.page.wait_for_selector("header")
        if path != "/":
            self.go(path)

    def go(self, path: str) -> None:
        self.page.goto(self.server.origin + path)

    def api(self, method: str, path: str, data: Any = None) -> Any:
        """Ask the server as the page does."""
        answer = self.context.request.fetch(
            self.server.origin + path, method=method, data=data, headers={"Origin": self.server.origin}
        )
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json() if answer.body() else None

    def be_allowed(self, pain_now: int = 2) -> None:
        """Answer all safety questions with no, and the questions of today."""
        self.api("PUT", "/api/settings", {"emergency_number": "112"})
        self.api("POST", "/api/screening", {"answers": self.all_no(), "details": {}})
        self.check_in(pain_now)

    def all_no(self) -> dict[str, str]:
        cards = self.api("GET", "/api/screening")["cards"]
        return {question["id"]: "no" for card in cards for question in card["questions"]}

    def check_in(self, pain_now: int = 2) -> Any:
        answers = {f"P0{i}": "no" for i in range(2, 6)}
        return self.api(
            "POST", "/api/check-in", {"pain_now": pain_now, "stiffness": "bit", "answers": answers}
        )

    def read(self, name: str) -> str | None:
        """Read one of the session's data attributes."""
        script = "name => document.querySelector('main.session')?.getAttribute('data-' + name) ?? null"
        found: str | None = self.page.evaluate(script, name)
        return found

    def wait_for(self, name: str, value: str, timeout_s: float = 60.0) -> None:
        self.page.wait_for_selector(f'main.session[data-{name}="{value}"]', timeout=timeout_s * 1000)

    def start_session(
        self, exercise_id: str, *, mode: str = "camera", short: bool = True, extra: str = ""
    ) -> None:
        self.go(f"/session?exercise={exercise_id}&mode={mode}{'&short=1' if short else ''}{extra}")
        self.wait_for("stage", "setup")
        self.page.keyboard.press("Enter")

    def end_session(self) -> None:
        """Escape, and yes; where the session has ended by itself, on to the summary."""
        if self.read("stage") == "live":
            self.page.keyboard.press("Escape")
            self.page.wait_for_timeout(300)
        for _ in range(5):
            self.page.keyboard.press("Enter")
            try:
                self.page.wait_for_url(re.compile("/summary/"), timeout=4_000)
            except PlaywrightTimeout:
                continue
            return
        pytest.fail("the summary did not come")

    def sessions(self) -> list[dict[str, Any]]:
        answer = self.api("GET", "/api/sessions")
        return answer["sessions"] if isinstance(answer, dict) else answer


@contextlib.contextmanager
def visit(
    playwright: Playwright, server: Server, *, camera: Path | None = None, **options: Any
) -> Iterator[Visit]:
    """Open a browser; with ``camera`` (MJPEG) as its webcam."""
    path = find_chromium()
    assert path is not None
    arguments = list(QUIET)
    if camera is not None:
        arguments += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        arguments.append(f"--use-file-for-fake-video-capture={camera}")
    browser = playwright.chromium.launch(executable_path=path, args=arguments)
    try:
        permissions = ["camera"] if camera is not None else []
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "permissions": permissions} | options
        )
        seen = Visit(context=context, page=context.new_page(), server=server)
        seen.watch()
        yield seen
    finally:
        browser.close()


def wait_until(question: Any, timeout_s: float = 10.0, step_s: float = 0.2) -> None:
    """Ask until it is true."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if question():
            return
        time.sleep(step_s)
    pytest.fail("waited in vain")
