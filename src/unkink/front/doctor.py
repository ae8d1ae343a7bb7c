"""What works here and what does not.

In: settings. Out: one finding after the other, each with the command that repairs it. Nothing is changed by
looking: a folder or a diary that is not there yet is no fault and is not made. Next file:
:mod:`unkink.front.serving`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from unkink.errors import AccessError, RuleError, UnkinkError

if TYPE_CHECKING:
    from unkink.settings import ServerSettings

_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "firefox",
)
_FREE_ENOUGH_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_good: bool
    text: str
    hint: str = ""


def examine(settings: ServerSettings) -> Iterator[Check]:
    """Look at everything, one after the other."""
    yield _folder(settings.data_dir)
    yield _diary(settings)
    yield _rules()
    yield _page()
    yield _pose()
    yield _port(settings)
    yield _browser()
    yield _video()


def _folder(folder: Path) -> Check:
    """Look whether the data folder can be used, without making it."""
    name = "data folder"
    if folder.exists():
        is_good = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    else:
        above = next((p for p in folder.parents if p.exists()), Path("/"))
        is_good = above.is_dir() and os.access(above, os.W_OK | os.X_OK)
    if not is_good:
        hint = "unkink serve --data-dir ANOTHER_FOLDER"
        return Check(name=name, is_good=False, text=f"{folder} cannot be written to", hint=hint)
    above = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(above).free
    if free < _FREE_ENOUGH_BYTES:
        text = f"{folder}: only {free // 2**20} MB are free"
        return Check(name=name, is_good=False, text=text, hint="make room on this disk")
    text = str(folder) if folder.exists() else f"{folder} (made at the first start)"
    return Check(name=name, is_good=True, text=text)


def _diary(settings: ServerSettings) -> Check:
    from unkink.diary import open_diary

    name = "diary"
    if settings.database_url is None and not (settings.data_dir / "diary.sqlite3").exists():
        return Check(name=name, is_good=True, text="none yet")
    try:
        with open_diary(settings.data_dir, settings.database_url) as diary:
            report = diary.check()
    except UnkinkError as exc:
        return _from_error(name, exc)
    if report.integrity != "ok":
        return Check(
            name=name, is_good=False, text=f"damaged: {report.path}", hint="see docs/cli.md, damaged diary"
        )
    return Check(name=name, is_good=True, text=f"{report.n_sessions} sessions, version {report.version}")


def _from_error(name: str, exc: UnkinkError) -> Check:
    from unkink.front.problems import english

    return Check(name=name, is_good=False, text=english(exc.message_key, exc.params), hint=exc.hint)


def _rules() -> Check:
    from unkink.pipeline import load_rulebook

    try:
        rulebook = load_rulebook()
    except RuleError as exc:
        return Check(name="rules", is_good=False, text=f"{len(exc.faults)} faults", hint="unkink rules check")
    return Check(name="rules", is_good=True, text=f"version {rulebook.safety.version}")


def _page() -> Check:
    from unkink.front.pages import BUILD_COMMAND, is_built

    if is_built():
        return Check(name="page", is_good=True, text="built")
    return Check(name="page", is_good=False, text="not built", hint=BUILD_COMMAND)


def _pose() -> Check:
    """Look for the pose engine and its models, by the list that the build made."""
    from unkink.front.pages import BUILD_COMMAND, STATIC_DIR

    name = "pose models"
    try:
        listed = json.loads((STATIC_DIR / "build.json").read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return Check(name=name, is_good=False, text="not built", hint=BUILD_COMMAND)
    missing = [file for file in listed if not (STATIC_DIR / file).is_file()]
    if missing:
        return Check(name=name, is_good=False, text=f"missing: {', '.join(missing[:3])}", hint=BUILD_COMMAND)
    models = [file for file in listed if str(file).endswith(".task")]
    return Check(name=name, is_good=bool(models), text=", ".join(models) or "none", hint=BUILD_COMMAND)


def _port(settings: ServerSettings) -> Check:
    from unkink.front.access import KeyRing
    from unkink.front.serving import is_ours, open_port

    name = "port"
    try:
        listener: socket.socket = open_port(settings.port)
    except AccessError as exc:
        if exc.code == "port-in-use" and is_ours(settings.port, KeyRing(settings.data_dir)):
            return Check(name=name, is_good=True, text=f"{settings.port}, Unkink is running")
        return _from_error(name, exc)
    with closing(listener):
        return Check(name=name, is_good=True, text=f"{listener.getsockname()[1]} is free")


def _browser() -> Check:
    """Say which browser was found; another one may be the computer's own, so that none is no fault."""
    found = [name for name in _BROWSERS if shutil.which(name)]
    text = (
        ", ".join(found)
        if found
        else "none found by name; any current Chrome, Edge, Firefox or Safari will do"
    )
    return Check(name="browser", is_good=True, text=text)


def _video() -> Check:
    """Say whether videos can be analysed; that is an extra."""
    is_there = all(importlib.util.find_spec(name) is not None for name in ("av", "mediapipe"))
    text = "can be analysed" if is_there else 'not installed, and not needed (pip install "unkink[video]")'
    return Check(name="videos", is_good=True, text=text)
