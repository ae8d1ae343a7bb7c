"""What belongs to the person, from the terminal: take everything along, bring it back, erase it.

In: settings and a file. Out: an archive with the diary and the recordings, or nothing any more. Next file:
:mod:`unkink.front.command`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unkink.diary import Diary, open_diary
from unkink.errors import AccessError, ExchangeError
from unkink.front.access import ACCESS_FILE, KeyRing
from unkink.front.serving import is_ours
from unkink.settings import ServerSettings


@contextmanager
def _open(settings: ServerSettings) -> Iterator[Diary]:
    with open_diary(settings.data_dir, settings.database_url) as diary:
        yield diary


def export_to(settings: ServerSettings, file: Path) -> Path:
    """Write everything that is kept into one zip file.

    Raises
    ------
    ExchangeError
        ``output-unwritable``.
    """
    with _open(settings) as diary:
        try:
            return diary.export_archive(file)
        except OSError:
            code = "output-unwritable"
            raise ExchangeError(code, "problem.output-unwritable", params={"path": str(file)}) from None


def import_from(settings: ServerSettings, file: Path) -> int:
    """Take in an archive; what is there already stays. Return how many entries are new."""
    if not file.is_file():
        code = "media-missing"
        raise ExchangeError(code, "problem.media-missing", params={"name": file.name})
    with _open(settings) as diary:
        return diary.import_archive(file)


def erase(settings: ServerSettings) -> tuple[int, int]:
    """Erase everything: diary, recordings, copies, keys. Return how many sessions and recordings there were.

    Raises
    ------
    AccessError
        ``server-running``: what a server still holds could be written again.
    """
    if is_ours(settings.port, KeyRing(settings.data_dir)):
        code = "server-running"
        raise AccessError(code, "problem.server-running")
    with _open(settings) as diary:
        erased = diary.erase_all()
    (settings.data_dir / ACCESS_FILE).unlink(missing_ok=True)
    return erased.n_sessions, erased.n_recordings
