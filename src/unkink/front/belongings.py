"""What belongs to the person: take everything along, bring it back, erase it.

In: the diary, the rules and a file. Out: files with everything that is kept, or nothing any more, and what to
say about it. From the terminal and from the page. Next file: :mod:`unkink.front.routes.belongings`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from unkink.diary import Diary, open_diary
from unkink.errors import AccessError, ExchangeError
from unkink.settings import ServerSettings

if TYPE_CHECKING:
    from unkink.coach.rulebook import Rulebook
    from unkink.diary.records import Erased, Imported

ExportFormat = Literal["json", "parquet", "zip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence of the catalogue."""

    key: str
    params: dict[str, Any]

    def english(self) -> str:
        """Return it for the terminal."""
        from unkink.front.problems import english

        return english(self.key, self.params)


def tell_imported(imported: Imported) -> list[Line]:
    """Say what an import brought."""
    counts = {
        "belongings.imported": imported.n_new,
        "belongings.imported-recordings": imported.n_recordings,
        "belongings.imported-clearance": imported.n_came_along,
    }
    lines = [Line(key=key, params={"n": n}) for key, n in counts.items() if n > 0]
    return lines or [Line(key="belongings.imported-nothing-new", params={})]


def tell_kept(erased: Erased) -> Line | None:
    """Say what erasing a part has left and why; None when nothing is left."""
    return Line(key="belongings.kept", params={"n": erased.n_kept}) if erased.n_kept else None


def find_locked_at(diary: Diary, rulebook: Rulebook) -> frozenset[datetime]:
    """Return when the signs were told that close exercise now: what was written then is not erased."""
    from unkink.coach.referral_limits import find_closing
    from unkink.coach.standing import find_locks
    from unkink.front.day import assess_again, find_alarm, load_past

    history, last = load_past(diary)
    assessment = None if last is None else assess_again(last, history, rulebook)
    locked_at = {lock.at for lock in find_locks(assessment, history, rulebook.safety)}
    locked_at |= find_closing(history, rulebook.safety, diary.now())
    draft = diary.screening_draft()
    if draft is not None and draft.saved_at is not None and find_alarm(draft, history, rulebook.safety):
        locked_at.add(draft.saved_at)
    return frozenset(locked_at)


def erase_before(diary: Diary, rulebook: Rulebook, day: date, utc_offset_min: int) -> Erased:
    """Erase everything of the days before one, but what keeps the person safe now.

    Parameters
    ----------
    diary : Diary
    rulebook : Rulebook
    day : date
        Of the person's calendar.
    utc_offset_min : int
        Their local time minus UTC, minutes.
    """
    before = datetime.combine(day, time(), tzinfo=UTC) - timedelta(minutes=utc_offset_min)
    return diary.erase_before(before, find_locked_at(diary, rulebook))


def export_as(diary: Diary, out: Path, kind: ExportFormat) -> Path:
    """Write everything that is kept.

    Raises
    ------
    ExchangeError
        ``output-unwritable``.
    """
    try:
        if kind == "json":
            return diary.export_json(out)
        return diary.export_tables(out) if kind == "parquet" else diary.export_archive(out)
    except OSError:
        code = "output-unwritable"
        raise ExchangeError(code, "problem.output-unwritable", params={"path": str(out)}) from None


# ----------------------------------------------------------------------------------------- from the terminal


@contextmanager
def _open(settings: ServerSettings) -> Iterator[Diary]:
    with open_diary(settings.data_dir, settings.database_url) as diary:
        yield diary


def export_to(settings: ServerSettings, out: Path, kind: ExportFormat = "zip") -> Path:
    """Write everything that is kept into a file, or into a folder of tables."""
    with _open(settings) as diary:
        return export_as(diary, out, kind)


def import_from(settings: ServerSettings, path: Path) -> list[str]:
    """Take in what an export wrote; what is there already stays. Return what to say.

    Raises
    ------
    ExchangeError
        ``media-missing``, and those of the diary.
    """
    if not path.exists():
        code = "media-missing"
        raise ExchangeError(code, "problem.media-missing", params={"name": path.name})
    with _open(settings) as diary:
        return [line.english() for line in tell_imported(diary.import_file(path))]


def erase(settings: ServerSettings, before: date | None = None) -> list[str]:
    """Erase everything (diary, recordings, copies, keys), or what is older than a day. Return what to say.

    Raises
    ------
    AccessError
        ``server-running``: what a server still holds could be written again.
    """
    from unkink.front.access import ACCESS_FILE, KeyRing
    from unkink.front.serving import is_ours

    if is_ours(settings.port, KeyRing(settings.data_dir)):
        code = "server-running"
        raise AccessError(code, "problem.server-running")
    with _open(settings) as diary:
        if before is None:
            erased = diary.erase_all()
        else:
            from unkink.diary.rows import local_offset_min
            from unkink.pipeline import load_rulebook

            erased = erase_before(diary, load_rulebook(), before, local_offset_min())
    if before is None:
        (settings.data_dir / ACCESS_FILE).unlink(missing_ok=True)
    kept = tell_kept(erased)
    told = f"Erased: {erased.n_sessions} sessions, {erased.n_recordings} recordings."
    return [told] if kept is None else [told, kept.english()]
