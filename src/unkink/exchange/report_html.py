"""A report as one file for the browser: no script, nothing fetched, light only, prints well.

In: a :class:`~unkink.exchange.report_sheet.Sheet`. Out: HTML. Everything that is said is escaped; its own
policy forbids everything but its style and the drawings within it. Next file:
:mod:`unkink.exchange.report_pdf`.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unkink.exchange.report_sheet import Block, Sheet, Table

_STYLE_FILE = Path(__file__).with_name("report.css")
_MARK = (
    '<svg class="mark" viewBox="0 0 92 26" aria-hidden="true">'
    '<path d="M3 14 L12 5 L18 21 L25 7 L31 18 C36 24 42 8 52 12 S70 17 89 13"/></svg>'
)


def make_html(sheet: Sheet) -> str:
    """Return the page.

    Parameters
    ----------
    sheet : Sheet
    """
    style = _STYLE_FILE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; form-action 'none'"
    facts = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in sheet.facts)

    def part(*places: str) -> str:
        return "\n".join(_make_block(block) for block in sheet.blocks if block.place in places)

    return f"""<!doctype html>
<html lang="{escape(sheet.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light">
<title>{escape(sheet.title)}, {escape(sheet.facts[-2][1])}</title>
<style>{style}</style>
</head>
<body>
<header>
<p class="brand">{_MARK}unkink</p>
<h1>{escape(sheet.title)}</h1>
<p class="quiet">{escape(sheet.subtitle)}</p>
<dl class="facts">{facts}</dl>
</header>
<main>
{part("top")}
<div class="columns">
<div>{part("left")}</div>
<div>{part("right")}</div>
</div>
{part("full")}
</main>
<footer>
<p>{escape(sheet.use)}</p>
<p>{escape(sheet.versions)}</p>
</footer>
</body>
</html>
"""


def _make_block(block: Block) -> str:
    parts = [f'<section id="{escape(block.id)}" class="{_kind(block)}"><h2>{escape(block.title)}</h2>']
    if block.picture is not None:
        alt = escape(block.picture.alt)
        parts.append(f'<figure role="img" aria-label="{alt}">{block.picture.svg}</figure>')
    if block.table is not None:
        parts.append(_make_table(block.table, block.title))
    if block.lines:
        parts.append("<ul>" + "".join(f"<li>{escape(line)}</li>" for line in block.lines) + "</ul>")
    if block.note is not None:
        parts.append(f'<p class="note">{escape(block.note)}</p>')
    return "".join([*parts, "</section>"])


def _kind(block: Block) -> str:
    is_beside = block.picture is not None and block.picture.width_frac < 1
    return f"{block.place} beside" if is_beside else block.place


def _make_table(table: Table, title: str) -> str:
    head = ""
    if table.columns:
        cells = "".join(
            f'<th scope="col"{_wide(is_wide)}>{escape(c)}</th>' if c else f"<td{_wide(is_wide)}></td>"
            for c, is_wide in zip(table.columns, table.wide, strict=True)
        )
        head = f"<thead><tr>{cells}</tr></thead>"
    rows = "".join(f"<tr>{_make_cells(row, table.wide)}</tr>" for row in table.rows)
    # it can be scrolled on a small screen, by keyboard too
    return (
        f'<div class="scroll" role="group" aria-label="{escape(title)}" tabindex="0"><table>{head}'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _make_cells(row: Iterable[str], wide: Iterable[int]) -> str:
    cells: list[str] = []
    for i, (cell, is_wide) in enumerate(zip(row, wide, strict=True)):
        start = f'th scope="row"{_wide(is_wide)}' if i == 0 else f"td{_wide(is_wide)}"
        cells.append(f"<{start}>{escape(cell)}</{'th' if i == 0 else 'td'}>")
    return "".join(cells)


def _wide(is_wide: int) -> str:
    return "" if is_wide else ' class="narrow"'
