"""How long a person waits for the command line and for the server, and how much memory the server takes."""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure

UNKINK = Path(sys.executable).with_name("unkink")
N_RUNS = 5
LIMIT_S = 30.0


def measure() -> Iterator[Figure]:
    """Measure the installed command, warm: the first run of each is thrown away."""
    yield Figure(
        name="`unkink --help`",
        value=_time_command("--help"),
        unit="s",
        budget=0.3,
        method=f"median of {N_RUNS}",
    )
    ready, memory = zip(*[_wait_for_page() for _ in range(N_RUNS + 1)], strict=True)
    yield Figure(
        name="server ready from command",
        value=statistics.median(ready[1:]),
        unit="s",
        budget=1.5,
        method=f"new data folder until the page answers, median of {N_RUNS}",
    )
    yield Figure(
        name="server's memory, page answered",
        value=statistics.median(memory[1:]),
        unit="MB",
        budget=150,
        method="resident set",
    )


def _time_command(*arguments: str) -> float:
    durations: list[float] = []
    for _ in range(N_RUNS + 1):
        start_s = time.perf_counter()
        subprocess.run([UNKINK, *arguments], check=True, stdout=subprocess.DEVNULL)
        durations.append(time.perf_counter() - start_s)
    return statistics.median(durations[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server with a data folder of its own."""

    url: str
    """With the token that opens it once."""
    pid: int
    started_s: float


@contextmanager
def start_server() -> Iterator[Server]:
    """Start a server in a new data folder, and stop it in the end."""
    with tempfile.TemporaryDirectory() as folder:
        started_s = time.perf_counter()
        process = subprocess.Popen(
            [UNKINK, "serve", "--no-open", "--port", str(_find_free_port())],
            env={**os.environ, "UNKINK_DATA_DIR": folder, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield Server(url=_find_url(process), pid=process.pid, started_s=started_s)
        finally:
            process.terminate()
            process.wait(10)


def _wait_for_page() -> tuple[float, float]:
    """Start a server; return seconds until its page answers, and megabytes."""
    with (
        start_server() as server,
        urllib.request.urlopen(server.url, timeout=10) as answer,  # noqa: S310 (our own server)
    ):
        answer.read()
        return time.perf_counter() - server.started_s, read_memory_mb(server.pid)


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _find_url(process: subprocess.Popen[str]) -> str:
    timer = threading.Timer(LIMIT_S, process.kill)
    timer.start()
    try:
        stream = process.stdout or ()
        for line in stream:
            found = re.search(r"http://127\.0\.0\.1:\d+/\S*token=[\w~.-]+", line)
            if found:
                # It goes on writing; nobody may block on a full pipe.
                threading.Thread(target=list, args=(stream,), daemon=True).start()
                return found.group()
    finally:
        timer.cancel()
    text = "the server printed no address"
    raise RuntimeError(text)


def read_memory_mb(pid: int) -> float:
    """Resident set of a process, in megabytes; Linux only."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024 / 1e6
