"""How many pictures a second the page looks at, beside the pose landmarker alone on the same clip."""

from __future__ import annotations

import http.server
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, WebSocket, sync_playwright

from benchmarks.figures import Figure
from benchmarks.startup import read_memory_mb, start_server

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "src" / "unkink" / "front" / "static"
CLIP = STATIC / "media" / "demo" / "seated-twist.mp4"
LANDMARKER = ROOT / "ui" / "node_modules" / "@mediapipe" / "tasks-vision" / "vision_bundle.mjs"
MODEL = "full"
DURATION_S = 12.0
CHROMIUM = os.environ.get("UNKINK_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
TYPES = {".html": "text/html", ".mjs": "text/javascript", ".js": "text/javascript", ".mp4": "video/mp4"}


def measure() -> Iterator[Figure]:
    """Measure one after the other in the same browser, on the processor."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            bare_fps = _measure_bare(browser)
            page_fps, memory_mb = _measure_page(browser)
        finally:
            browser.close()
    method = f"headless Chromium, CPU, model {MODEL}, {DURATION_S:g} s"
    yield Figure(name="pictures a second, landmarker alone", value=bare_fps, unit="1/s", method=method)
    yield Figure(name="pictures a second, session page", value=page_fps, unit="1/s", method=method)
    yield Figure(
        name="session page against landmarker alone",
        value=page_fps / bare_fps,
        unit="",
        budget=0.95,
        is_lower_bound=True,
        method="the quotient",
    )
    yield Figure(
        name="server's memory, in a session", value=memory_mb, unit="MB", budget=150, method="resident set"
    )


class _BareHandler(http.server.BaseHTTPRequestHandler):
    """Serves the bare loop and what it needs, each file by its name."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        files = {
            "/": Path(__file__).with_name("bare_loop.html"),
            "/clip": CLIP,
            "/vision_bundle.mjs": LANDMARKER,
        }
        file = files.get(path)
        if file is None and path.startswith(("/wasm/", "/pose/")):
            file = STATIC.joinpath(*path.strip("/").split("/")[:2])
        if file is None or not file.is_file():
            self.send_error(404)
            return
        content = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", TYPES.get(file.suffix, "application/wasm"))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (as inherited)
        """Stay quiet."""


@contextmanager
def _serve_bare() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _BareHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def _measure_bare(browser: Browser) -> float:
    with _serve_bare() as url:
        page = browser.new_page()
        page.goto(url)
        page.wait_for_function("() => Boolean(window.measure)")
        fps = page.evaluate("([model, s]) => window.measure(model, s)", [MODEL, DURATION_S])
        page.close()
    return float(fps)


ASK = """async ([method, path, body]) => {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return await answer.json();
}"""


def _measure_page(browser: Browser) -> tuple[float, float]:
    """Run a session with the demonstration person; return its rate and the server's memory in megabytes."""
    n_frames = 0

    def count(payload: str | bytes) -> None:
        nonlocal n_frames
        n_frames += isinstance(payload, bytes) and b"frame" in payload[:32]

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", count)

    with start_server() as server:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("websocket", listen)
        page.goto(server.url)
        cards = page.evaluate(ASK, ["GET", "/api/screening", None])["cards"]
        answers = {question["id"]: "no" for card in cards for question in card["questions"]}
        page.evaluate(ASK, ["POST", "/api/screening", {"answers": answers}])
        questions = page.evaluate(ASK, ["GET", "/api/check-in", None])["questions"]
        told = {"pain_now": 2, "answers": {question["id"]: "no" for question in questions}}
        page.evaluate(ASK, ["POST", "/api/check-in", told])
        page.goto(f"{page.url.rstrip('/')}/session?exercise=seated-twist&mode=demo&model={MODEL}")
        page.wait_for_selector("main[data-stage=setup]")
        page.keyboard.press("Enter")
        page.wait_for_selector("main[data-stage=live]", timeout=60_000)
        page.wait_for_timeout(2000)
        n_before, start_s = n_frames, time.perf_counter()
        page.wait_for_timeout(DURATION_S * 1000)
        fps = (n_frames - n_before) / (time.perf_counter() - start_s)
        memory_mb = read_memory_mb(server.pid)
        page.close()
    return fps, memory_mb
