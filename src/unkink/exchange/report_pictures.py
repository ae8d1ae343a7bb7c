"""The drawings of a report as SVG: the course of pain, the body map, movements with their error bars.

In: values of a report, the body map. Out: SVG that asks for nothing; light only, and legible in grey. Every
number that matters is written beside its mark. Next file: :mod:`unkink.exchange.report_words`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unkink.coach.body_map import BodyMap, Region
    from unkink.exchange.report_shapes import DayScore, MovementChange

INK = "#1D2A2E"
QUIET = "#55656B"
LINE = "#D8D1C6"
MAIN = "#0B6464"
FONT = "system-ui, 'Libertinus Serif', serif"
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(x: float, y: float, text: str, *, size: float = 9, anchor: str = "start", more: str = "") -> str:
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{anchor}"'
        f' font-family="{FONT}" fill="{INK}"{more}>{escape(text)}</text>'
    )


def _wrap(width: float, height: float, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}"'
        f' width="{_n(width)}" height="{_n(height)}">{"".join(body)}</svg>'
    )


# ------------------------------------------------------------------------------------------------- course


def draw_course(points: Sequence[DayScore], from_day: date, to_day: date, labels: tuple[str, str]) -> str:
    """Draw scores (0 to 10) over days, each a dot.

    Parameters
    ----------
    points : sequence of DayScore
    from_day, to_day : date
        Ends of the axis.
    labels : tuple of str
        What stands at these ends.
    """
    width, height = 260.0, 74.0
    left, right, top, bottom = 14.0, 254.0, 6.0, 60.0
    n_days = max(1, (to_day - from_day).days)

    def x(day: date) -> float:
        return left + (right - left) * (day - from_day).days / n_days

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / 10

    body: list[str] = []
    for value in (0, 5, 10):
        body.append(f'<path d="M{_n(left)} {_n(y(value))} H{_n(right)}" stroke="{LINE}" stroke-width="0.7"/>')
        body.append(_text(left - 3, y(value) + 3, str(value), size=8, anchor="end"))
    if len(points) > 1:
        path = " L".join(f"{_n(x(p.day))} {_n(y(p.value))}" for p in points)
        body.append(f'<path d="M{path}" fill="none" stroke="{MAIN}" stroke-opacity="0.35" stroke-width="1"/>')
    radius = 2.2 if len(points) <= 40 else 1.4  # noqa: PLR2004 - many dots are smaller ones
    body += [
        f'<circle cx="{_n(x(p.day))}" cy="{_n(y(p.value))}" r="{radius}" fill="{MAIN}"/>' for p in points
    ]
    body.append(_text(left, height - 4, labels[0], size=8))
    body.append(_text(right, height - 4, labels[1], size=8, anchor="end"))
    return _wrap(width, height, body)


# --------------------------------------------------------------------------------------------------- body


def draw_body(body_map: BodyMap, counts: Mapping[str, int], names: tuple[str, str]) -> str:
    """Draw front and back of a person with a number in each place that was pointed at.

    Parameters
    ----------
    body_map : BodyMap
    counts : mapping of region id to count
    names : tuple of str
        Of the front and the back.
    """
    gap = 24
    height = body_map.height + 26
    body: list[str] = []
    most = max(counts.values(), default=1)
    for i, view in enumerate(("front", "back")):
        dx = i * (body_map.width + gap)
        lines = body_map.lines.front if view == "front" else body_map.lines.back
        parts = [f'<path d="{body_map.outline}" fill="#F7F4EE"/>']
        here = [r for r in body_map.regions if r.view == view and counts.get(r.id)]
        parts += [
            f'<path d="{r.path}" fill="{MAIN}" fill-opacity="{_n(0.15 + 0.4 * counts[r.id] / most)}"'
            f' stroke="{MAIN}" stroke-width="1.5"/>'
            for r in here
        ]
        parts += [
            f'<path d="{path}" fill="none" stroke="{QUIET}" stroke-width="1.6"/>'
            for path in (body_map.contour, *lines)
        ]
        for region in here:
            x, y = _centre(region)
            number = str(counts[region.id])
            parts.append(
                f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(13 + 4 * max(0, len(number) - 2))}" fill="#FFFFFF"'
                f' stroke="{MAIN}" stroke-width="1.5"/>'
            )
            parts.append(_text(x, y + 6.5, number, size=19, anchor="middle", more=' font-weight="bold"'))
        parts.append(_text(body_map.width / 2, body_map.height + 20, names[i], size=20, anchor="middle"))
        body.append(f'<g transform="translate({dx} 0)">{"".join(parts)}</g>')
    return _wrap(2 * body_map.width + gap, height, body)


def _centre(region: Region) -> tuple[float, float]:
    """Return the middle of the box around a path of absolute coordinates."""
    numbers = [float(n) for n in _NUMBERS.findall(region.path)]
    xs, ys = numbers[0::2], numbers[1::2]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


# --------------------------------------------------------------------------------------------- movements


def draw_movements(movements: Sequence[MovementChange], labels: Sequence[str]) -> str:
    """Draw the first (ring) and the last value (dot) of each movement with its 90 % interval.

    The grey band is how far the last one may be from the first without being a change.

    Parameters
    ----------
    movements : sequence of MovementChange
        Degrees.
    labels : sequence of str
        Of the rows.
    """
    width, row = 260.0, 17.0
    left, right = 112.0, 252.0
    most = max(
        [60.0, *(m.value_deg + m.plus_minus_deg for one in movements for m in (one.first, one.last) if m)]
    )
    most = 30.0 * -(-most // 30)

    def x(degrees: float) -> float:
        return left + (right - left) * min(max(degrees, 0.0), most) / most

    body: list[str] = []
    bottom = row * len(movements) + 4
    for tick in range(0, int(most) + 1, 30):
        body.append(f'<path d="M{_n(x(tick))} 2 V{_n(bottom)}" stroke="{LINE}" stroke-width="0.7"/>')
        body.append(_text(x(tick), bottom + 9, f"{tick}°", size=8, anchor="middle"))
    for i, (one, label) in enumerate(zip(movements, labels, strict=True)):
        y = row * i + row / 2 + 2
        body.append(_text(left - 6, y + 3, label, size=8.5, anchor="end"))
        if one.last is not None and one.detectable_deg is not None:
            low, high = one.first.value_deg - one.detectable_deg, one.first.value_deg + one.detectable_deg
            body.append(
                f'<rect x="{_n(x(low))}" y="{_n(y - 6.5)}" width="{_n(x(high) - x(low))}" height="13" rx="2"'
                f' fill="#EAE5DB"/>'
            )
        for value, dy, fill in ((one.first, -2.6, "#FFFFFF"), (one.last, 2.6, MAIN)):
            if value is None:
                continue
            at = y + dy
            low, high = value.value_deg - value.plus_minus_deg, value.value_deg + value.plus_minus_deg
            body.append(
                f'<path d="M{_n(x(low))} {_n(at)} H{_n(x(high))}" stroke="{MAIN}" stroke-width="1.1"/>'
                f'<circle cx="{_n(x(value.value_deg))}" cy="{_n(at)}" r="2.5" fill="{fill}" stroke="{MAIN}"'
                f' stroke-width="1.1"/>'
            )
    return _wrap(width, bottom + 13, body)
