"""How a chart looks: a figure whose places are told in pixels from its top left corner.

In: a :class:`~unkink.exchange.story.Story`. Out: a matplotlib figure. Sides are told by place (right above,
left below), word and hatching; faults and gaps are bars below the curve, each row with its name. Next file:
:mod:`unkink.exchange.overlay`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unkink.exchange.lettering import fit, measure_px, to_printable
from unkink.exchange.story import Row, Span, Story

if TYPE_CHECKING:
    from unkink.exchange.wording import Wording

PAPER, RAISED, INK, QUIET, LINE = "#FAF7F2", "#FFFFFF", "#1D2A2E", "#55656B", "#E4DED4"
MAIN, MAIN_SOFT, WARM, WARM_SOFT, NOISE = "#0B6464", "#DCEBE8", "#B4540A", "#F8E7D6", "#EDE8DF"

WIDTH_PX = 1600
DPI = 100
_LEFT, _RIGHT = 298.0, 44.0
"""Margins beside the axes, pixels; the left one holds the names of the rows."""
ROW_LETTERS_PX, ROW_NAME_PX = 15.0, _LEFT - 44.0 - 18.0
"""Size of the letters of a row's name, and the room for it."""
_HEAD, _PLOT, _TIME, _ROW, _FOOT = 132.0, 470.0, 62.0, 34.0, 52.0
"""Heights from the top, pixels."""
_STEPS_S = (0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0)
_LONGEST_IN_SECONDS = 150.0
_LONGEST_IN_MINUTES = 5400.0
_NIL = 1e-9
_BAND = "#B9B2A6"
_BAND_ALPHA = 0.42
_HATCHED = "#9FC3BD"
_MOST_TICKS = 12.0
_SMALLEST_LABELLED_PX = 12.0
"""Bars that are narrower carry no label: an hour has too many to write on."""
_LONG_S = 600.0
"""Over a longer time the line is drawn thinner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPage:
    """A figure whose places are told in pixels from its top left corner."""

    figure: Any
    axes: Any
    """Curve over time."""
    story: Story
    wording: Wording
    height_px: float

    @classmethod
    def make(cls, story: Story, wording: Wording) -> ChartPage:
        """Return the empty page, as high as its rows need."""
        from matplotlib.figure import Figure

        height_px = _HEAD + _PLOT + _TIME + _ROW * len(story.rows) + _FOOT
        figure = Figure(figsize=(WIDTH_PX / DPI, height_px / DPI), dpi=DPI, facecolor=PAPER)
        axes = figure.add_axes(
            (
                _LEFT / WIDTH_PX,
                1.0 - (_HEAD + _PLOT) / height_px,
                (WIDTH_PX - _LEFT - _RIGHT) / WIDTH_PX,
                _PLOT / height_px,
            )
        )
        return cls(figure=figure, axes=axes, story=story, wording=wording, height_px=height_px)

    def draw(self) -> None:
        """Draw everything."""
        self._style_axes()
        self._write_head()
        if self.story.empty:
            self._write_in_middle(self.story.empty)
        self._draw_gaps()
        self._draw_repetitions()
        self._draw_holds()
        self._draw_curves()
        for i, row in enumerate(self.story.rows):
            self._draw_row(row, _HEAD + _PLOT + _TIME + _ROW * (i + 0.5))
        self._write_foot()

    def _write(self, x_px: float, y_px: float, text: str, size_px: float, **look: Any) -> None:
        """Write at pixels from the top left corner."""
        look = {"color": INK, "va": "center", "ha": "left"} | look
        self.figure.text(
            x_px / WIDTH_PX,
            1.0 - y_px / self.height_px,
            to_printable(text),
            fontsize=size_px * 72 / DPI,
            **look,
        )

    def _to_px(self, t_s: float) -> float:
        """Return where a time is, pixels from the left edge of the figure."""
        share = (t_s - self.story.start_s) / (self.story.end_s - self.story.start_s)
        return _LEFT + share * (WIDTH_PX - _LEFT - _RIGHT)

    def _write_head(self) -> None:
        story = self.story
        self._write(44, 46, fit(story.title, 30, WIDTH_PX - 88, is_bold=True), 30, fontweight="bold")
        x_px = 44.0
        for i, fact in enumerate(story.facts):
            room_px = 560.0 if i == 0 and len(story.facts) > 1 else WIDTH_PX - 44.0 - x_px
            shown = fit(fact, 18, room_px)
            if x_px + measure_px(shown, 18) > WIDTH_PX - 44:
                break
            self._write(x_px, 84, shown, 18, color=QUIET)
            x_px += measure_px(shown, 18) + 20
            if i < len(story.facts) - 1:
                self._write(x_px - 10, 84, "\N{MIDDLE DOT}", 18, color=QUIET, ha="center")
        self._write(_LEFT, _HEAD - 14, story.axis, 16, color=INK, fontweight="bold")
        if story.curves:
            self._draw_legend(_HEAD - 14)

    def _draw_legend(self, y_px: float) -> None:
        """Say which line is which, and what the band means, from the right edge inwards."""
        x_px = WIDTH_PX - _RIGHT
        text = self.wording.say("chart.legend.band")
        self._write(x_px, y_px, text, 15, color=QUIET, ha="right")
        x_px -= measure_px(text, 15) + 10
        self._add_box(x_px - 34, y_px, 34, 16, facecolor=_BAND, alpha=_BAND_ALPHA, edgecolor="none")
        x_px -= 34 + 28
        for i in reversed(range(len(self.story.curves))):
            label = self.story.curves[i].label
            if not label:
                continue
            self._write(x_px, y_px, label, 15, ha="right")
            x_px -= measure_px(label, 15) + 10
            self._add_line((x_px - 40, x_px), (y_px, y_px), **_line_look(i, len(self.story.curves)))
            x_px -= 40 + 28

    def _add_box(self, x_px: float, y_px: float, width_px: float, height_px: float, **look: Any) -> None:
        """Add a rectangle; ``y_px`` is its middle."""
        from matplotlib.patches import Rectangle

        top = 1.0 - (y_px + 0.5 * height_px) / self.height_px
        self.figure.add_artist(
            Rectangle(
                (x_px / WIDTH_PX, top),
                width_px / WIDTH_PX,
                height_px / self.height_px,
                transform=self.figure.transFigure,
                **look,
            )
        )

    def _add_line(self, x_px: tuple[float, float], y_px: tuple[float, float], **look: Any) -> None:
        from matplotlib.lines import Line2D

        self.figure.add_artist(
            Line2D(
                [x / WIDTH_PX for x in x_px],
                [1.0 - y / self.height_px for y in y_px],
                transform=self.figure.transFigure,
                **look,
            )
        )

    def _style_axes(self) -> None:
        story, axes = self.story, self.axes
        axes.set_facecolor(RAISED)
        axes.set_xlim(story.start_s, story.end_s)
        axes.set_ylim(story.low, story.high)
        for spine in axes.spines.values():
            spine.set_color(LINE)
            spine.set_linewidth(1.2)
        axes.tick_params(length=0, pad=8, labelsize=15 * 72 / DPI, labelcolor=QUIET)
        axes.grid(visible=True, axis="y", color=LINE, linewidth=0.9)
        axes.set_axisbelow(True)
        places, labels = _choose_times(story.start_s, story.end_s)
        axes.set_xticks(places, labels)
        length_s = story.end_s - story.start_s
        key = (
            "seconds"
            if length_s <= _LONGEST_IN_SECONDS
            else "minutes"
            if length_s <= _LONGEST_IN_MINUTES
            else "hours"
        )
        self._write(
            WIDTH_PX - _RIGHT,
            _HEAD + _PLOT + 46,
            self.wording.say(f"chart.time.{key}"),
            15,
            color=QUIET,
            ha="right",
        )
        ticks = _choose_values(story.low, story.high, is_degrees=story.is_degrees)
        axes.set_yticks(ticks, [_format_value(v, story) for v in ticks])
        if story.low < 0.0 < story.high:
            axes.axhline(0.0, color=QUIET, linewidth=1.2, zorder=1.5)
        for y_px, text, at in ((_HEAD + 6, story.up, "top"), (_HEAD + _PLOT - 6, story.down, "bottom")):
            arrow = "\N{UPWARDS ARROW}" if at == "top" else "\N{DOWNWARDS ARROW}"
            self._write(_LEFT - 82, y_px, f"{text} {arrow}", 16, ha="right", va=at, fontweight="bold")

    def _write_in_middle(self, text: str) -> None:
        from textwrap import wrap

        for i, line in enumerate(wrap(text, 62)):
            self.axes.text(
                0.5,
                0.62 - 0.08 * i,
                to_printable(line),
                transform=self.axes.transAxes,
                ha="center",
                va="center",
                fontsize=20 * 72 / DPI,
                color=QUIET,
                bbox={"facecolor": RAISED, "edgecolor": "none", "pad": 4},
            )

    def _draw_gaps(self) -> None:
        for gap in self.story.gaps:
            self.axes.axvspan(gap.start_s, gap.end_s, facecolor=NOISE, edgecolor="none", zorder=1.4)

    def _draw_holds(self) -> None:
        """Shade what was held: the right above the resting position, the left below and hatched."""
        story = self.story
        for side, spans in story.holds.items():
            if side == "both":
                continue
            bottom, top = (story.low, 0.0) if side == "left" else (0.0, story.high)
            for span in spans:
                self.axes.fill_between(
                    (span.start_s, span.end_s),
                    bottom,
                    top,
                    facecolor=MAIN_SOFT,
                    edgecolor=_HATCHED if side == "left" else MAIN_SOFT,
                    hatch="//" if side == "left" else None,
                    linewidth=0.0,
                    zorder=1.2,
                )
            for span, is_free in zip(spans, _find_free(spans, self._to_px), strict=True):
                width_px = self._to_px(span.end_s) - self._to_px(span.start_s)
                if is_free and span.label:
                    self._write_hold(span, side, width_px)

    def _draw_repetitions(self) -> None:
        """Shade the repetitions a little, so that each can be found in the curve."""
        for row in self.story.rows:
            for span in row.spans if row.kind == "repetitions" else ():
                self.axes.axvspan(
                    span.start_s, span.end_s, facecolor=MAIN_SOFT, alpha=0.55, linewidth=0, zorder=1.2
                )
                for edge_s in (span.start_s, span.end_s):
                    self.axes.axvline(edge_s, color=RAISED, linewidth=1.6, zorder=1.3)

    def _write_hold(self, span: Span, side: str, width_px: float) -> None:
        label = span.label if width_px > measure_px(span.label, 17, is_bold=True) + 4 else ""
        is_left = side == "left"
        text = f"{self.wording.say(f'side.{side}')} {label}"
        if width_px < measure_px(text, 17, is_bold=True) + 12:
            text = label
        self.axes.annotate(
            to_printable(text),
            (0.5 * (span.start_s + span.end_s), self.story.low if is_left else self.story.high),
            xytext=(0, (14 if is_left else -14) * 72 / DPI),
            textcoords="offset points",
            ha="center",
            va="bottom" if is_left else "top",
            fontsize=17 * 72 / DPI,
            fontweight="bold",
            color=INK,
            bbox={"facecolor": MAIN_SOFT, "edgecolor": "none", "pad": 3},
            zorder=4,
        )

    def _draw_curves(self) -> None:
        for i, curve in reversed(list(enumerate(self.story.curves))):
            self.axes.fill_between(
                curve.t_s, curve.low, curve.high, facecolor=_BAND, alpha=_BAND_ALPHA, linewidth=0.0, zorder=2
            )
            look = _line_look(i, len(self.story.curves))
            if self.story.end_s - self.story.start_s > _LONG_S:
                look["linewidth"] *= 0.5
            self.axes.plot(curve.t_s, curve.value, zorder=3, **look)

    def _draw_row(self, row: Row, y_px: float) -> None:
        label = fit(row.label, ROW_LETTERS_PX, ROW_NAME_PX)
        self._write(
            _LEFT - 18, y_px, label, ROW_LETTERS_PX, ha="right", color=WARM if row.kind == "fault" else INK
        )
        self._add_line((_LEFT, WIDTH_PX - _RIGHT), (y_px, y_px), color=LINE, linewidth=1.0, zorder=0.5)
        free = _find_free(row.spans, self._to_px)
        for span, is_free in zip(row.spans, free, strict=True):
            a_px = max(self._to_px(span.start_s), _LEFT)
            b_px = min(self._to_px(span.end_s), WIDTH_PX - _RIGHT)
            if b_px < a_px:
                continue
            width_px = max(b_px - a_px, 2.0)
            self._add_box(a_px, y_px, width_px, 20, zorder=2, **_bar_look(row.kind, is_open=span.is_open))
            if row.kind == "repetitions" and is_free:
                self._add_box(b_px - 1, y_px, 2, 20, zorder=2.1, facecolor=PAPER, edgecolor="none")
            if is_free and span.label and width_px > measure_px(span.label, 14) + 6:
                colour = PAPER if row.kind == "right" else INK
                ground = {
                    "facecolor": MAIN if row.kind == "right" else MAIN_SOFT,
                    "edgecolor": "none",
                    "pad": 1.5,
                }
                self._write(
                    0.5 * (a_px + b_px),
                    y_px,
                    span.label,
                    14,
                    ha="center",
                    color=colour,
                    zorder=3,
                    bbox=ground,
                )

    def _write_foot(self) -> None:
        faults = [span for row in self.story.rows if row.kind == "fault" for span in row.spans]
        keys = ["chart.note.estimate"]
        keys += ["chart.note.filled"] if any(not span.is_open for span in faults) else []
        keys += ["chart.note.open"] if any(span.is_open for span in faults) else []
        notes = [self.wording.say(key) for key in keys]
        self._write(_LEFT, self.height_px - 24, " ".join(notes), 14, color=QUIET)


def _line_look(i: int, n: int) -> dict[str, Any]:
    """Return how the i-th of n curves looks: told apart by dashes, not by colour alone."""
    if i < n - 1:
        return {"color": INK, "linewidth": 2.4, "linestyle": (0, (4, 2)), "solid_capstyle": "round"}
    return {"color": MAIN, "linewidth": 2.8, "solid_capstyle": "round"}


def _bar_look(kind: str, *, is_open: bool) -> dict[str, Any]:
    looks: dict[str, dict[str, Any]] = {
        "rest": {"facecolor": PAPER, "edgecolor": QUIET, "linewidth": 1.4},
        "right": {"facecolor": MAIN, "edgecolor": MAIN, "linewidth": 0.0},
        "left": {"facecolor": MAIN_SOFT, "edgecolor": MAIN, "linewidth": 0.9, "hatch": "//"},
        "both": {"facecolor": MAIN_SOFT, "edgecolor": MAIN, "linewidth": 0.9},
        "repetitions": {"facecolor": MAIN_SOFT, "edgecolor": "none"},
        "fault": {"facecolor": WARM, "edgecolor": WARM, "linewidth": 0.0},
        "gap": {"facecolor": "#D9D2C6", "edgecolor": "none"},
    }
    if kind == "fault" and is_open:
        return {"facecolor": WARM_SOFT, "edgecolor": WARM, "linewidth": 1.2}
    return looks[kind]


def _find_free(spans: tuple[Span, ...], to_px: Any) -> list[bool]:
    """Tell which spans are wide enough to carry a label at all."""
    return [to_px(span.end_s) - to_px(span.start_s) > _SMALLEST_LABELLED_PX for span in spans]


def _choose_times(start_s: float, end_s: float) -> tuple[list[float], list[str]]:
    """Return at most a dozen round times with their labels."""
    length_s = end_s - start_s
    step_s = next((s for s in _STEPS_S if length_s / s <= _MOST_TICKS), 0.0)
    step_s = step_s or _STEPS_S[-1] * float(np.ceil(length_s / _MOST_TICKS / _STEPS_S[-1]))
    first = int(np.ceil(start_s / step_s - _NIL))
    places = [k * float(step_s) for k in range(first, int(np.floor(end_s / step_s + _NIL)) + 1)]
    if length_s <= _LONGEST_IN_SECONDS:
        return places, [f"{p:g}" for p in places]
    if length_s <= _LONGEST_IN_MINUTES:
        return places, [f"{int(p) // 60}:{int(p) % 60:02d}" for p in places]
    return places, [f"{int(p) // 3600}:{int(p) // 60 % 60:02d}" for p in places]


def _choose_values(low: float, high: float, *, is_degrees: bool) -> list[float]:
    """Return round values within the axis."""
    steps = (
        (5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0) if is_degrees else (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    )
    step = next((s for s in steps if (high - low) / s <= 0.75 * _MOST_TICKS), steps[-1])
    return [k * step for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def _format_value(value: float, story: Story) -> str:
    has_sign = story.low < 0.0 and abs(value) > _NIL
    sign = "" if not has_sign else "+" if value > 0.0 else "\N{MINUS SIGN}"
    return f"{sign}{abs(value):.0f}°" if story.is_degrees else f"{sign}{abs(value):.2f}"
