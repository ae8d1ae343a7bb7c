"""What may not be in the repository, and what has to stay as it is pinned."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT_BYTES = 1_500_000
# In pieces, so that this file does not hold what it looks for.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("registry", "npmjs"),
        ("npmjs", "org"),
        ("pypi", "org"),
        ("files", "pythonhosted"),
        ("registry", "yarnpkg"),
    )
)


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    paths = [ROOT / name for name in listing.split("\0") if name]
    assert ROOT / "pyproject.toml" in paths
    return [path for path in paths if path.is_file()]


def test_no_file_is_large(tracked: list[Path]) -> None:
    assert [str(path) for path in tracked if path.stat().st_size > LIMIT_BYTES] == []


def test_no_file_names_a_registry(tracked: list[Path]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert found == []


def test_nothing_built_is_tracked(tracked: list[Path]) -> None:
    built = ("node_modules", "static", "__pycache__", ".venv")
    assert [str(path) for path in tracked if set(path.relative_to(ROOT).parts) & set(built)] == []


def test_no_recording_of_a_person_is_tracked(tracked: list[Path]) -> None:
    raw = {".bag", ".c3d", ".mov", ".mkv", ".avi", ".sqlite3", ".db"}
    assert [str(path) for path in tracked if path.suffix in raw] == []


def test_lock_file_names_no_addresses() -> None:
    lock = json.loads((ROOT / "ui" / "package-lock.json").read_text("utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert packages
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []


@pytest.mark.parametrize(
    ("name", "version"), [("@mediapipe/tasks-vision", "0.10.35"), ("@mediapipe/pose", "0.5.1675469404")]
)
def test_pose_packages_are_the_ones_without_telemetry(name: str, version: str) -> None:
    package = json.loads((ROOT / "ui" / "package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "ui" / "package-lock.json").read_text("utf-8"))

    assert {**package["dependencies"], **package["devDependencies"]}[name] == version
    assert lock["packages"][f"node_modules/{name}"]["version"] == version


def test_every_npm_package_is_pinned_exactly() -> None:
    package = json.loads((ROOT / "ui" / "package.json").read_text("utf-8"))
    pins = {**package["dependencies"], **package["devDependencies"]}

    assert {name: pin for name, pin in pins.items() if not pin[0].isdigit()} == {}


def test_mediapipe_is_an_extra_and_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert not any(name.startswith(("mediapipe", "opencv", "av")) for name in project["dependencies"])
    assert "mediapipe==0.10.33" in project["optional-dependencies"]["video"]
