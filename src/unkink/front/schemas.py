"""JSON Schemas of all rule files, made from the types that decode them, for editors and reviewers.

In: the types. Out: ``rules/schema/*.schema.json``. Run ``python -m unkink.front.schemas`` after a change; a
test fails while a file is stale. Next file: :mod:`unkink.coach.rule_files`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from unkink.coach.rule_files import make_schemas


def write_schemas(folder: Path) -> None:
    """Write every schema, and remove those of files that there are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    schemas = {name: render(schema) for name, schema in make_schemas().items()}
    for path in folder.glob("*.schema.json"):
        if path.name not in schemas:
            path.unlink()
    for name, text in schemas.items():
        (folder / name).write_text(text, encoding="utf-8")


def render(schema: object) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=False) + "\n"


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
