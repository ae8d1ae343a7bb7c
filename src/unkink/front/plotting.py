"""The chart of a recording, drawn again: ``unkink plot``.

In: the angles that ``unkink analyze`` wrote. Out: a picture. Next file: :mod:`unkink.exchange.charts`.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from unkink.errors import AccessError, ExchangeError, MediaError
from unkink.exchange.charts import draw_angles
from unkink.exchange.tabular import read_angles
from unkink.pipeline import load_rulebook

EXTRA = 'pip install "unkink[video]"'


def require(*packages: str) -> None:
    """Look whether packages of the extra ``video`` are there, before anything is begun.

    Raises
    ------
    MediaError
        ``video-extra``.
    """
    if any(find_spec(package) is None for package in packages):
        code = "video-extra"
        raise MediaError(code, "problem.video-extra", hint=EXTRA)


def redraw(file: Path, out: Path | None) -> Path:
    """Draw the chart of a file of angles; return where it is.

    Raises
    ------
    UnkinkError
        When the angles cannot be read, or the chart cannot be written.
    """
    require("matplotlib")
    quantities, about = read_angles(file)
    try:
        summary = json.loads(about["summary"])
        exercise = load_rulebook().exercise(summary["exercise"], summary["variant"])
    except (KeyError, ValueError, TypeError):
        code = "angles-format"
        params = {"name": file.name}
        raise MediaError(code, "problem.angles-format", params=params, hint="unkink analyze --help") from None
    out = file.with_name("plot.svg") if out is None else out
    if out.suffix.lower() not in {".svg", ".png"}:
        code = "chart-kind"
        raise AccessError(code, "problem.chart-kind", params={"name": out.name})
    part = out.with_name(f".{out.stem}.part{out.suffix}")
    try:
        draw_angles(quantities, summary, exercise, part, name=about.get("source", ""))
        part.replace(out)
    except OSError:
        code = "output-unwritable"
        raise ExchangeError(code, "problem.output-unwritable", params={"path": out}) from None
    finally:
        part.unlink(missing_ok=True)
    return out
