"""Rule files from disk.

In: the folder ``rules/`` of the installed package, or another. Out: the bytes of every file by its path, for
:func:`unkink.coach.rulebook.decode_rulebook`. Next file: :mod:`unkink.acquire.source`.
"""

from __future__ import annotations

from pathlib import Path

_SUFFIXES = frozenset({".yaml", ".yml", ".json"})
RULES_DIR = Path(__file__).resolve().parent.parent / "rules"


def load_rule_files(folder: Path = RULES_DIR) -> dict[str, bytes]:
    """Read all rule files.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    dict of path within the folder (with ``/``) to bytes
        A file that cannot be read is given as empty bytes, and one with a name that no rule has is given as
        well: the decoder then names it.
    """
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        # schemas are made from the types, and only editors read them
        if path.suffix not in _SUFFIXES or name.parts[0] == "schema" or not path.is_file():
            continue
        try:
            files[name.as_posix()] = path.read_bytes()
        except OSError:
            files[name.as_posix()] = b""
    return files
