"""Rule files from disk.

In: the folder ``rules/`` of the installed package, or another. Out: the bytes of every file by its path, for
:func:`unkink.coach.rulebook.decode_rulebook`. Next file: :mod:`unkink.acquire.source`.
"""

from __future__ import annotations

from pathlib import Path

RULES_DIR = Path(__file__).resolve().parent.parent / "rules"


def load_rule_files(folder: Path = RULES_DIR) -> dict[str, bytes]:
    """Read all rule files.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    dict of path within the folder (with ``/``) to bytes
        A file that cannot be read is given as empty bytes: the decoder then names it.
    """
    files: dict[str, bytes] = {}
    for pattern in (
        "*.yaml",
        "exercises/*.yaml",
        "safety/*.yaml",
        "norms/*.yaml",
        "learn/*.yaml",
        "mobility/*.yaml",
        "locales/*/*.json",
    ):
        for path in sorted(folder.glob(pattern)):
            try:
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
            except OSError:
                files[path.relative_to(folder).as_posix()] = b""
    return files
