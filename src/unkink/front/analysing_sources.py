"""What there is to analyse, and where each result goes.

In: files and folders as they were named on the command line. Out: the files, each with the name of its folder
of results: the file's own name without its end, or a longer one where two would have the same. Next file:
:mod:`unkink.front.analysing_one`.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from unkink.acquire.recorded import COLUMN_IMAGE, COLUMN_TIME, FORMAT
from unkink.acquire.video import VIDEO_SUFFIXES
from unkink.errors import MediaError
from unkink.front.analysing_landmarks import read_report

OWN_DIR = ".unkink"
"""Folder within the results for what is not finished, and for what belongs where."""
RECORDED_SUFFIXES = frozenset({".parquet", ".npz"})
_RESERVED = frozenset({"index.csv", "index.html", OWN_DIR})
_PIECE = 1 << 16
_N_PIECES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file to analyse."""

    path: Path
    name: str
    """Of its folder of results."""

    @property
    def is_recorded(self) -> bool:
        """Whether it holds landmarks already."""
        return self.path.suffix.lower() in RECORDED_SUFFIXES


def find_sources(inputs: Sequence[Path], out: Path) -> tuple[Source, ...]:
    """Find all files and name their folders of results.

    Parameters
    ----------
    inputs : sequence of Path
        Files, taken as they are, and folders, searched with all that is below for videos and landmarks.
    out : Path
        Folder of results; what lies there is no input unless it is named itself.

    Returns
    -------
    tuple of Source
        In the order given; within a folder by name; each file once. A file that is not there is one of them
        as long as another one is: its task tells it, and the others are analysed.

    Raises
    ------
    MediaError
        ``media-missing`` when not one of them is there, or ``analysis-nothing`` when there is not one file.
    """
    missing = [given for given in inputs if not _is_there(given)]
    if missing and len(missing) == len(inputs):
        code = "media-missing"
        names = ", ".join(map(str, missing))
        raise MediaError(code, "problem.media-missing", params={"name": names})
    paths: dict[Path, Path] = {}
    for given in inputs:
        for path in _search(given, _find_place(out)) if _is_there(given) and given.is_dir() else [given]:
            paths.setdefault(_find_place(path), path)
    if not paths:
        code = "analysis-nothing"
        names = ", ".join(map(str, inputs))
        raise MediaError(code, "problem.analysis-nothing", params={"names": names})
    names = _name(list(paths), out)
    return tuple(Source(path=path, name=names[real]) for real, path in paths.items())


def _find_place(path: Path) -> Path:
    """Return where a file really is; links that lead in a circle stay as they are."""
    return Path(os.path.realpath(path))


def _is_there(path: Path) -> bool:
    """Tell whether there is something that may be looked at; a name that no system has is nothing."""
    try:
        return path.exists()
    except OSError:
        return False


def _search(folder: Path, out: Path) -> Iterator[Path]:
    for above, below, files in os.walk(folder):
        here = Path(above)
        if _find_place(here) == out or (here / OWN_DIR).is_dir():
            # results, of this run or of another one
            below.clear()
            continue
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(files):
            path = here / name
            kind = path.suffix.lower()
            if name.startswith(".") or (kind not in VIDEO_SUFFIXES and kind not in RECORDED_SUFFIXES):
                continue
            if kind in VIDEO_SUFFIXES or _holds_landmarks(path):
                yield path


def _holds_landmarks(path: Path) -> bool:
    """Tell landmarks from the many other tables that have the same kind of name.

    One that is cut short does not tell what it holds: it is taken, so that its task names it as damaged.
    """
    if not (_is_there(path) and path.is_file()):
        return True
    if path.suffix.lower() == ".parquet":
        report = read_report(path)
        return report.get("format") == FORMAT if report else _is_cut_short(path, b"PAR1")
    try:
        with zipfile.ZipFile(path) as archive:
            return {f"{COLUMN_TIME}.npy", f"{COLUMN_IMAGE}.npy"} <= set(archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return _is_cut_short(path, b"PK")


def _is_cut_short(path: Path, start: bytes) -> bool:
    """Tell whether a file that cannot be opened begins like one that could, or is empty or locked away."""
    try:
        with path.open("rb") as file:
            first, last = file.read(len(start)), b""
            if start == b"PAR1":
                file.seek(-min(len(start), file.seek(0, os.SEEK_END)), os.SEEK_END)
                last = file.read()
    except OSError:
        return True
    # a table that is whole, and says nothing of itself, is somebody else's
    return not first or (first == start and last != start)


# ----------------------------------------------------------------------------------------- names of results


def _name(paths: Sequence[Path], out: Path) -> dict[Path, str]:
    """Give each file a folder of its own; a file that has one keeps it."""
    known = load_ledger(out)
    by_key = {key: name for name, key in known.items()}
    names = {path: by_key[identify(path)] for path in paths if identify(path) in by_key}
    taken = {name.casefold() for name in (*known, *_RESERVED, *_list_foreign(out, known))}
    new = [path for path in paths if path not in names]
    stems = [_to_name(path.stem).casefold() for path in new]
    for path in new:
        choices = _propose(path)
        if stems.count(_to_name(path.stem).casefold()) > 1:
            # none of several gets the plain name: which one it is would depend on the order
            next(choices)
        name = next(choice for choice in choices if choice.casefold() not in taken)
        taken.add(name.casefold())
        names[path] = name
    return names


def _propose(path: Path) -> Iterator[str]:
    """Propose names from short to sure."""
    stem = _to_name(path.stem)
    yield stem
    same = [p for p in _list_siblings(path) if p.stem.casefold() == path.stem.casefold()]
    if len(same) > 1:
        yield f"{stem}-{path.suffix[1:]}"
    else:
        yield f"{_to_name(path.parent.name)}-{stem}"
    key = identify(path)
    yield f"{stem}-{key[:6]}"
    yield f"{stem}-{key}"


def _list_siblings(path: Path) -> list[Path]:
    kinds = VIDEO_SUFFIXES | RECORDED_SUFFIXES
    try:
        return [p for p in path.parent.iterdir() if p.suffix.lower() in kinds]
    except OSError:
        return [path]


def _to_name(text: str) -> str:
    """Return a name that is a folder's on every system."""
    name = "".join("_" if c in '<>:"/\\|?*' or ord(c) < 32 else c for c in text)  # noqa: PLR2004
    return name.strip(". ")[:100] or "video"


def _list_foreign(out: Path, known: Mapping[str, str]) -> list[str]:
    """List what lies in the folder of results and is not ours."""
    try:
        return [path.name for path in out.iterdir() if path.name not in known]
    except OSError:
        return []


def identify(path: Path) -> str:
    """Return a short identity of a place, which does not tell the place."""
    return hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:16]


def load_ledger(out: Path) -> dict[str, str]:
    """Return which folder of results belongs to which place (see :func:`identify`)."""
    try:
        found = json.loads((out / OWN_DIR / "folders.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): str(key) for name, key in found.items()}


def save_ledger(out: Path, sources: Iterable[Source]) -> None:
    """Remember whose folder is whose."""
    ledger = load_ledger(out) | {source.name: identify(source.path) for source in sources}
    path = out / OWN_DIR / "folders.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(ledger, indent=1, sort_keys=True) + "\n", "utf-8")
    part.replace(path)


def compute_fingerprint(path: Path) -> str:
    """Return what tells this content from any other: the size and 64 pieces spread over the file.

    A video of many gigabytes is not read through for it; a copy has the same.

    Raises
    ------
    MediaError
        ``media-missing``, ``media-other`` or ``media-unreadable``.
    """
    digest = hashlib.sha256()
    if _is_there(path) and not path.is_file():
        # a pipe would be waited for
        raise _unreadable(path, "media-other")
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            digest.update(f"{size}\n".encode())
            if size <= _PIECE * _N_PIECES:
                starts = list(range(0, size, _PIECE))
            else:
                starts = [(size - _PIECE) * i // (_N_PIECES - 1) for i in range(_N_PIECES)]
            for start in starts:
                file.seek(start)
                digest.update(file.read(_PIECE))
    except FileNotFoundError:
        raise _unreadable(path, "media-missing") from None
    except OSError:
        raise _unreadable(path, "media-unreadable") from None
    return digest.hexdigest()[:32]


def _unreadable(path: Path, code: str) -> MediaError:
    return MediaError(code, f"problem.{code}", params={"name": path.name})
