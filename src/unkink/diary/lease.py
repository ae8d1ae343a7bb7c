"""Whether somebody still lives in a running session.

In: who wrote a session last and when. Out: alive or not. A session is written at least every few seconds
while it runs, so one that has been silent for longer was left by a crash; and one whose process is gone from
this computer need not be waited for. Next file: :mod:`unkink.diary.sessions`.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from datetime import datetime
from pathlib import Path

SILENT_S = 15.0
"""A running session that was not written for longer is taken as interrupted."""


def _here() -> str:
    """Return a token of this computer since it was started, without its name."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    try:
        started = boot.read_text(encoding="ascii")
    except OSError:
        started = ""
    return hashlib.sha256(f"{platform.node()}{started}".encode()).hexdigest()[:12]


HERE = _here()


def owner() -> str:
    """Return who this process is, for the ``owner`` of a session."""
    return f"{HERE}:{os.getpid()}"


def _is_gone(process: str) -> bool:
    """Whether a process of this computer is known to have ended."""
    if sys.platform == "win32":
        return False  # asking there would end the process; the silence has to do
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (ValueError, OSError):
        return False
    return False


def is_alive(owned_by: str, seen_at: datetime, now: datetime) -> bool:
    """Whether a running session is still being written.

    Parameters
    ----------
    owned_by : str
        What :func:`owner` was for its writer.
    seen_at : datetime
        When it was last written.
    now : datetime
        Also right when the clock was set back since: an age of minus an hour is as silent as one of an hour.
    """
    if abs((now - seen_at).total_seconds()) > SILENT_S:
        return False
    place, _, process = owned_by.partition(":")
    return not (place == HERE and process != str(os.getpid()) and _is_gone(process))
