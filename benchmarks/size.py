"""How much a browser fetches, and how large the page is on the way."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure

STATIC = Path(__file__).resolve().parents[1] / "src" / "unkink" / "front" / "static"
HEAVY = frozenset({"pose", "wasm", "media"})
"""The pose engine, its models and the moving pictures come later or not at all."""


def measure() -> Iterator[Figure]:
    """Measure the page as built."""
    texts = [
        path
        for path in STATIC.rglob("*")
        if path.is_file()
        and path.relative_to(STATIC).parts[0] not in HEAVY
        and path.suffix in {".js", ".css", ".html", ".svg"}
    ]
    total = sum(len(gzip.compress(path.read_bytes(), 9)) for path in texts)
    # The landmarker, which comes with the first session that looks.
    engine = [path for path in texts if path.name.startswith(("pose.worker", "tracker"))]
    engine_size = sum(len(gzip.compress(path.read_bytes(), 9)) for path in engine)
    yield Figure(
        name="page without pose engine, models and pictures",
        value=(total - engine_size) / 1000,
        unit="kB",
        budget=100,
        method="gzip -9, all scripts, styles and the page itself",
    )
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    named = [path for path in texts if path.name in page or path.name == "index.html"]
    yield Figure(
        name="first page, what it waits for",
        value=sum(len(gzip.compress(path.read_bytes(), 9)) for path in named) / 1000,
        unit="kB",
        budget=50,
        method="gzip -9, the page, its scripts and styles; sentences come from the server beside them",
    )
    for folder in ("wasm", "pose", "media"):
        size = sum(path.stat().st_size for path in (STATIC / folder).rglob("*") if path.is_file())
        yield Figure(name=f"{folder}/, all variants", value=size / 1e6, unit="MB", method="as stored")
