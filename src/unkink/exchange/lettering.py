"""The letters of a chart: how wide a text is, and which letters can be drawn at all.

In: text and its size in pixels. Out: widths in pixels, text that fits. The font is DejaVu Sans, which ships
with matplotlib, so that a chart is the same on every machine. Next file: :mod:`unkink.exchange.chart_page`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from unkink.exchange.wording import shorten


@cache
def _load_font(is_bold: bool) -> Any:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if is_bold else "normal")))


def to_printable(text: str) -> str:
    """Return text in which every letter is in the font: others become boxes, as nothing else can be drawn."""
    font = _load_font(False)  # noqa: FBT003
    return "".join(c if font.get_char_index(ord(c)) else "\N{WHITE SQUARE}" for c in text)


@cache
def _advance(letter: str, is_bold: bool) -> float:
    """Return how far a letter goes on, in sizes of the font."""
    font = _load_font(is_bold)
    # it is matplotlib's own copy too: after a chart was drawn it has the size of the last text
    font.set_size(100, 72)
    return float(font.load_char(ord(letter)).linearHoriAdvance) / 65536.0 / 100.0


def measure_px(text: str, size_px: float, *, is_bold: bool = False) -> float:
    """Return the width of a text in pixels."""
    return size_px * sum(_advance(letter, is_bold) for letter in text)


def fit(text: str, size_px: float, room_px: float, *, is_bold: bool = False) -> str:
    """Return the text with its middle left out until it fits."""
    text = to_printable(text)
    n = len(text)
    while n > 1 and measure_px(text, size_px, is_bold=is_bold) > room_px:
        n -= 1
        text = shorten(text, n)
    return text
