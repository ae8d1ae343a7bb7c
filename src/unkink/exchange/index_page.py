"""The page that lists a run: self-contained, calm, readable on a telephone and in the dark.

In: rows. Out: HTML without script that asks nobody for anything: its own policy forbids everything but its
style and the pictures within it. Next file: :mod:`unkink.exchange.index`.
"""

from __future__ import annotations

import base64
import hashlib
import math
from html import escape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from unkink.exchange.story import tell_level
from unkink.exchange.wording import format_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unkink.exchange.index import IndexRow
    from unkink.exchange.wording import Wording

_LINKS = (
    ("plot.svg", "chart"),
    ("overlay.mp4", "overlay"),
    ("summary.json", "summary"),
    ("angles.parquet", "angles"),
    ("landmarks.parquet", "landmarks"),
)
_MARK = (
    '<svg class="mark" viewBox="0 0 92 26" aria-hidden="true">'
    '<path d="M3 14 L12 5 L18 21 L25 7 L31 18 C36 24 42 8 52 12 S70 17 89 13"/></svg>'
)
_STYLE_FILE = Path(__file__).with_name("index.css")


def make_page(rows: Sequence[IndexRow], folder: Path, wording: Wording) -> str:
    """Return the page.

    Parameters
    ----------
    rows : sequence of IndexRow
    folder : Path
        Where the page will stand; results that are there are linked.
    wording : Wording
    """
    style = _STYLE_FILE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; form-action 'none'"
    title = _say(wording, "index.title")
    cards = "\n".join(_make_card(row, folder, wording) for row in rows)
    body = f"<ul>\n{cards}\n</ul>" if rows else f'<p class="quiet">{_say(wording, "index.empty")}</p>'
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title} - unkink</title>
<style>{style}</style>
</head>
<body>
<header>
<p class="brand">{_MARK}unkink</p>
<h1>{title}</h1>
<p class="quiet count">{escape(_count(rows, wording))}</p>
</header>
<main>
{body}
</main>
<footer class="quiet">
<p>{_say(wording, "index.note")}</p>
<p><a href="./index.csv">{_say(wording, "index.link.table")}</a></p>
</footer>
</body>
</html>
"""


def _say(wording: Wording, key: str, **params: str) -> str:
    return escape(wording.say(key, **params))


def _count(rows: Sequence[IndexRow], wording: Wording) -> str:
    parts = [wording.count("index.count", len(rows))]
    for status in ("done", "failed", "skipped"):
        n = sum(row.status == status for row in rows)
        if n and (status != "done" or n < len(rows)):
            parts.append(wording.count(f"index.{status}", n))
    return " \N{MIDDLE DOT} ".join(parts)


def _make_card(row: IndexRow, folder: Path, wording: Wording) -> str:
    parts = [_make_picture(row, wording), f'<div class="about"><h2>{escape(row.name)}</h2>']
    if row.status == "done":
        parts.append(f'<p class="quiet">{escape(_describe(row, wording))}</p></div>')
        parts.append(_make_numbers(row, wording))
    else:
        parts.append("</div>")
        status = _say(wording, f"index.status.{row.status}")
        parts.append(f'<p class="note"><b>{status}.</b> {escape(row.reason)}</p>')
    parts += [f'<p class="note">{escape(warning)}</p>' for warning in row.warnings]
    links = "".join(_make_links(row, folder, wording))
    if links:
        parts.append(f'<p class="links">{links}</p>')
    return f'<li class="card {row.status}">{"".join(parts)}</li>'


def _make_picture(row: IndexRow, wording: Wording) -> str:
    if row.thumbnail is None:
        return f'<div class="picture none">{_MARK}</div>'
    data = base64.b64encode(row.thumbnail).decode()
    alt = _say(wording, "index.thumbnail", name=row.name)
    return f'<img class="picture" alt="{alt}" src="data:image/jpeg;base64,{data}">'


def _describe(row: IndexRow, wording: Wording) -> str:
    parts = [
        wording.say("index.exercise.none")
        if row.exercise_id is None
        else wording.name_exercise(row.exercise_id, row.variant)
    ]
    if row.duration_s is not None:
        parts.append(wording.say("chart.length", length=format_length(row.duration_s)))
    if row.seen_share is not None:
        # 99.6 % seen is not all of it
        parts.append(wording.say("index.seen", percent=math.floor(100.0 * row.seen_share + 1e-9)))
    return " \N{MIDDLE DOT} ".join(parts)


def _make_numbers(row: IndexRow, wording: Wording) -> str:
    held = (
        ("right", row.held_right_s, row.peak_right_deg, row.peak_right_sd_deg),
        ("left", row.held_left_s, row.peak_left_deg, row.peak_left_sd_deg),
        ("both", row.held_both_s or None, None, None),
    )
    items: list[str] = []
    for side, held_s, peak_deg, peak_sd_deg in held:
        if held_s is None:
            continue
        more = ""
        if peak_deg is not None and peak_sd_deg is not None:
            number = tell_level(peak_deg, peak_sd_deg, wording)
            more = f'<dd class="small">{_say(wording, "index.furthest", number=number)}</dd>'
        items.append(_make_number(_say(wording, f"index.{side}"), format_length(held_s), more))
    has_sides = row.held_right_s is not None or row.held_left_s is not None
    if row.repetitions or (row.repetitions is not None and not has_sides):
        items.append(_make_number(_say(wording, "index.repetitions"), str(row.repetitions), ""))
    return f'<dl class="numbers">{"".join(items)}</dl>' if items else ""


def _make_number(label: str, number: str, more: str) -> str:
    return f'<div><dt>{label}</dt><dd class="big">{escape(number)}</dd>{more}</div>'


def _make_links(row: IndexRow, folder: Path, wording: Wording) -> Iterator[str]:
    if row.folder is None:
        return
    for name, key in _LINKS:
        if (folder / row.folder / name).is_file():
            # a leading ./ keeps a name like "javascript:x" a name
            parts = (*PurePosixPath(row.folder).parts, name)
            address = "./" + "/".join(quote(part, safe="", errors="surrogateescape") for part in parts)
            yield f'<a href="{escape(address)}">{_say(wording, f"index.link.{key}")}</a>'
