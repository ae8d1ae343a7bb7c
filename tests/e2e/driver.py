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
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

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
PATIENCE_S = 90.0
"""So long anything may take that a quiet machine does at once: this one may be slow and busy."""
OVERTAKEN = ("net::ERR_ABORTED", "interrupted by another navigation")
"""What Chromium says of a navigation when the page itself went elsewhere in the same moment."""
BEGUN = (
    'main.session:not([data-stage="setup"]), main.session[data-problem], main.session[data-camera-problem]'
)
AT_REST = """async () => {
  await document.fonts.ready;
  const ending = (one) => one.effect?.getComputedTiming().endTime !== Infinity;
  await Promise.allSettled(document.getAnimations().filter(ending).map((one) => one.finished));
}"""


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

    def begin(self) -> None:
        """Start the process; it is not ready yet."""
        command = [sys.executable, "-m", "unkink", "serve", "--no-open", "--port", str(self.port)]
        command += ["--data-dir", str(self.data_dir)]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )

    def start(self) -> None:
        """Start, and wait until it says where it is."""
        if self.process is None:
            self.begin()
        assert self.process is not None
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
        if self.process is None:
            return
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)
        self._forget()

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(PATIENCE_S)
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
        """Go to a page, also when the page itself is about to go elsewhere."""
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.page.goto(self.server.origin + path)
            except PlaywrightError as error:
                if time.monotonic() > until or not any(word in str(error) for word in OVERTAKEN):
                    raise
                self.page.wait_for_load_state()
            else:
                return

    def rest(self) -> None:
        """Wait until the page has all that it asked for, shows its heading, and moves no more."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_selector("main h1, main h2")
        self.page.evaluate(AT_REST)

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

    def wait_for(self, name: str, value: str, timeout_s: float = PATIENCE_S) -> None:
        """Wait until one of the session's data attributes has this value."""
        self._wait_in_session(f"""main.session[data-{name}="{value}"]""", timeout_s)

    def wait_for_summary(self, timeout_s: float = PATIENCE_S) -> None:
        """Wait until the session has ended by itself and its summary is shown."""
        self._wait_in_session("main:not(.session)", timeout_s)
        self.page.wait_for_url(re.compile("/summary/"))

    def _wait_in_session(self, selector: str, timeout_s: float) -> None:
        """Wait; where a machine that stood still let the session pause, go on as a person would."""
        paused = 'main.session[data-paused="time-jump"]'
        until = time.monotonic() + timeout_s
        while True:
            left_ms = max(1.0, 1000.0 * (until - time.monotonic()))
            self.page.locator(f"{selector}, {paused}").first.wait_for(state="attached", timeout=left_ms)
            if self.page.locator(selector).count():
                return
            self.page.keyboard.press(" ")
            with contextlib.suppress(PlaywrightTimeout):
                self.page.locator(paused).wait_for(state="detached", timeout=2_000)

    def hold(self, seconds: float) -> float:
        """Wait until the present stretch was held for so long; return how long it was by then."""
        self.page.wait_for_function(
            "s => Number(document.querySelector('main.session')?.dataset.heldS ?? 0) >= s", arg=seconds
        )
        return float(self.read("held-s") or 0.0)

    def start_session(
        self, exercise_id: str, *, mode: str = "camera", short: bool = True, extra: str = ""
    ) -> None:
        self.go(f"/session?exercise={exercise_id}&mode={mode}{'&short=1' if short else ''}{extra}")
        self.wait_for("stage", "setup")
        begin(self.page)

    def end_session(self) -> None:
        """Escape, and yes; where the session has ended by itself, on to the summary."""
        if self.read("stage") == "live":
            self.page.keyboard.press("Escape")
            with contextlib.suppress(PlaywrightTimeout):
                self.page.locator("dialog[open], main:not(.session)").first.wait_for(timeout=4_000)
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

    def only_session(self, status: str) -> dict[str, Any]:
        """Return the only session once its row says how it ended; the page may know a moment before."""
        wait_until(lambda: self.sessions()[0]["status"] == status)
        (session,) = self.sessions()
        return session


def begin(page: Page) -> None:
    """Press Enter where a session is set up, again where the page was there before it listened to keys."""
    for _ in range(3):
        page.keyboard.press("Enter")
        with contextlib.suppress(PlaywrightTimeout):
            page.locator(BEGUN).first.wait_for(state="attached", timeout=10_000)
            return
    pytest.fail("Enter begins nothing")


def launch(playwright: Playwright, camera: Path | None = None) -> Browser:
    """Start Chromium; with ``camera`` (MJPEG) as its webcam."""
    path = find_chromium()
    assert path is not None
    arguments = list(QUIET)
    if camera is not None:
        arguments += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        arguments.append(f"--use-file-for-fake-video-capture={camera}")
    return playwright.chromium.launch(executable_path=path, args=arguments)


@contextlib.contextmanager
def visit(browser: Browser, server: Server, **options: Any) -> Iterator[Visit]:
    """Open a page as somebody who was never here: nothing is kept of the visits before."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
    try:
        context.set_default_timeout(PATIENCE_S * 1000)
        seen = Visit(context=context, page=context.new_page(), server=server)
        seen.watch()
        yield seen
    finally:
        context.close()


def wait_until(question: Any, timeout_s: float = PATIENCE_S, step_s: float = 0.1) -> None:
    """Ask until it is true."""
    until = time.monotonic() + timeout_s
    while not question():
        if time.monotonic() > until:
            pytest.fail("waited in vain")
        time.sleep(step_s)
