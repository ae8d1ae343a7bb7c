"""What a chart tells: curves with their noise band, what counted, what was in the way, what was not measured.

In: the quantities of a recording, its summary and its technique. Out: a :class:`Story` in seconds, degrees
and words, without a line of drawing. Long recordings are thinned so that no extreme is lost. Next file:
:mod:`unkink.exchange.charts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unkink.body.quantities import INDEX, RELATIVE
from unkink.body.uncertainty import Z_90
from unkink.coach.counting import main_quantities
from unkink.coach.exercise import Exercise, RepetitionCounting
from unkink.exchange.wording import Wording, format_length

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unkink.body.quantities import QuantitySeries

SHORTEST_GAP_S = 0.5
"""Unmeasured stretches shorter than this are not told, and the line goes on over them."""
MOST_POINTS = 2400
"""Points of a curve; a picture has no more columns to show them in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Something that lasted ``[start_s, end_s)``."""

    start_s: float
    end_s: float
    label: str = ""
    is_open: bool = False
    """Told, but not in the way of counting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One quantity over time with the interval that holds the truth nine times in ten."""

    label: str
    t_s: NDArray[np.float64]
    """(M,), seconds."""
    value: NDArray[np.float64]
    """(M,), degrees or norm; NaN where there is a gap."""
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of bars below the curve."""

    label: str
    kind: str
    """``rest``, ``right``, ``left``, ``both``, ``repetitions``, ``fault`` or ``gap``."""
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything that one chart tells."""

    title: str
    facts: tuple[str, ...]
    """Short phrases below the title."""
    axis: str
    up: str
    down: str
    is_degrees: bool
    start_s: float
    end_s: float
    low: float
    """Lower end of the axis, degrees or norm."""
    high: float
    curves: tuple[Curve, ...]
    holds: Mapping[str, tuple[Span, ...]]
    """By side; labels are level and noise."""
    gaps: tuple[Span, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    """Why there is no curve; empty when there is one."""


def tell_story(
    quantities: QuantitySeries,
    summary: Mapping[str, Any],
    exercise: Exercise,
    wording: Wording,
    *,
    name: str = "",
) -> Story:
    """Tell what a recording shows.

    Parameters
    ----------
    quantities : QuantitySeries, degrees and norm, against the neutral
    summary : mapping
        As :func:`unkink.coach.summary.summarise` makes it; parts that are missing are not told.
    exercise : Exercise
    wording : Wording
    name : str
        Of the recording, shown beside the title.
    """
    names = main_quantities(exercise)
    t_s = quantities.t_s
    start_s, end_s = (float(t_s[0]), float(t_s[-1])) if len(t_s) else (0.0, 0.0)
    end_s = max(end_s, start_s + 1.0)
    curves = tuple(_thin(quantities, q, wording) for q in names) if len(t_s) else ()
    is_measured = any(np.isfinite(curve.value).any() for curve in curves)
    stem = _stem(names[0])
    low, high = _choose_range(quantities, names)
    gaps = _find_gaps(quantities, names) if is_measured else ()
    lacks_neutral = (
        summary.get("neutral") is None and names[0] in RELATIVE and bool(np.isfinite(quantities.values).any())
    )
    return Story(
        title=wording.name_exercise(summary.get("exercise", exercise.id), summary.get("variant")),
        facts=_tell_facts(
            summary,
            exercise,
            wording,
            name=name,
            length_s=float(t_s[-1] - t_s[0]) if len(t_s) else 0.0,
        ),
        axis=wording.say(f"chart.axis.{stem}"),
        up=wording.say(f"chart.up.{stem}"),
        down=wording.say(f"chart.down.{stem}"),
        is_degrees=names[0].endswith("_deg"),
        start_s=start_s,
        end_s=end_s,
        low=low,
        high=high,
        curves=curves if is_measured else (),
        holds=_tell_holds(summary, wording),
        gaps=gaps,
        rows=_tell_rows(summary, gaps, wording),
        empty="" if is_measured else wording.say("chart.empty.neutral" if lacks_neutral else "chart.empty"),
    )


def _stem(name: str) -> str:
    """Return the name without its side: both arms share an axis."""
    return name.removeprefix("left_").removeprefix("right_")


def _thin(quantities: QuantitySeries, name: str, wording: Wording) -> Curve:
    """Return the curve of a quantity with at most ``MOST_POINTS`` points; each piece keeps its extremes."""
    key = f"chart.curve.{name}"
    label = wording.say(key) if wording.has(key) else ""
    t_s, value = quantities.t_s, quantities.column(name)
    half = Z_90 * quantities.sds[:, INDEX[name]]
    keep = np.isfinite(value) & np.isfinite(half)
    t_s, value, half = t_s[keep], value[keep], half[keep]
    low, high = value - half, value + half
    if len(t_s) > MOST_POINTS:
        edges = np.linspace(t_s[0], np.nextafter(t_s[-1], np.inf), MOST_POINTS // 2 + 1)
        starts = np.unique(np.searchsorted(t_s, edges[:-1]))
        starts = starts[starts < len(t_s)]
        ends = np.append(starts[1:], len(t_s))
        least = [a + int(np.argmin(value[a:b])) for a, b in zip(starts, ends, strict=True)]
        most = [a + int(np.argmax(value[a:b])) for a, b in zip(starts, ends, strict=True)]
        pairs = np.sort(np.stack([least, most]), axis=0).T.ravel()
        low = np.repeat(np.minimum.reduceat(low, starts), 2)
        high = np.repeat(np.maximum.reduceat(high, starts), 2)
        t_s, value = t_s[pairs], value[pairs]
    return _break_at_gaps(label, t_s, value, low, high, quantities.t_s[keep])


def _break_at_gaps(
    label: str,
    t_s: NDArray[np.float64],
    value: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    measured_s: NDArray[np.float64],
) -> Curve:
    """Break the line where nothing was measured for a while."""
    wide = np.flatnonzero(np.diff(measured_s) > _shortest_gap_s(measured_s))
    at = np.searchsorted(t_s, measured_s[wide], side="right")
    middle = 0.5 * (measured_s[wide] + measured_s[wide + 1])
    return Curve(
        label=label,
        t_s=np.insert(t_s, at, middle),
        value=np.insert(value, at, np.nan),
        low=np.insert(low, at, np.nan),
        high=np.insert(high, at, np.nan),
    )


def _shortest_gap_s(t_s: NDArray[np.float64]) -> float:
    """Return from when a stretch is a gap: a slow camera's pictures lie far apart and are none."""
    return max(SHORTEST_GAP_S, 2.5 * float(np.median(np.diff(t_s)))) if len(t_s) > 1 else SHORTEST_GAP_S


def _find_gaps(quantities: QuantitySeries, names: Iterable[str]) -> tuple[Span, ...]:
    """Find where not one of the quantities was measured for a while."""
    t_s = quantities.t_s
    seen = np.zeros(len(t_s), dtype=bool)
    for name in names:
        seen |= np.isfinite(quantities.column(name))
    measured_s = np.concatenate(([t_s[0]], t_s[seen], [t_s[-1]]))
    wide = np.flatnonzero(np.diff(measured_s) > _shortest_gap_s(t_s))
    return tuple(Span(start_s=float(measured_s[i]), end_s=float(measured_s[i + 1])) for i in wide)


def _choose_range(quantities: QuantitySeries, names: tuple[str, ...]) -> tuple[float, float]:
    """Return an axis that shows every reading; the band may leave it where the camera is very unsure."""
    columns = [quantities.column(name) for name in names]
    found = np.concatenate([c[np.isfinite(c)] for c in columns]) if columns else np.empty(0)
    if names[0].endswith("elevation_deg"):
        return 0.0, 190.0
    half = np.concatenate([Z_90 * quantities.sds[:, INDEX[name]] for name in names])
    band = float(np.nanmedian(half)) if np.isfinite(half).any() else 0.0
    if names[0].endswith("_deg"):
        reach = max(float(np.abs(found).max(initial=0.0)) + min(band, 15.0), 20.0)
        reach = 5.0 * np.ceil(1.18 * reach / 5.0)
        return -float(reach), float(reach)
    low, high = min(float(found.min(initial=0.0)), 0.0) - band, max(float(found.max(initial=0.0)), 0.0) + band
    spare = max(0.12 * (high - low), 0.5 * (0.1 - (high - low)))
    return low - spare, high + spare


def tell_level(level: float, sd: float, wording: Wording) -> str:
    """Return an angle with the half width of its 90 % interval, degrees."""
    return wording.say("chart.number", level=round(level), noise=max(1, round(Z_90 * sd)))


def _tell_holds(summary: Mapping[str, Any], wording: Wording) -> dict[str, tuple[Span, ...]]:
    holds: dict[str, tuple[Span, ...]] = {}
    for side, part in summary.get("sides", {}).items():
        spans = [
            Span(
                start_s=hold["start_s"],
                end_s=hold["end_s"],
                label=""
                if hold.get("level_deg") is None or hold.get("level_sd_deg") is None
                else tell_level(hold["level_deg"], hold["level_sd_deg"], wording),
            )
            for hold in part.get("holds", ())
        ]
        holds[side] = tuple(spans)
    return holds


def _tell_facts(
    summary: Mapping[str, Any], exercise: Exercise, wording: Wording, *, name: str, length_s: float
) -> tuple[str, ...]:
    facts = [name] if name else []
    facts.append(wording.say("chart.length", length=format_length(length_s)))
    sides = summary.get("sides", {})
    for side, part in sides.items():
        if not part.get("held_s"):
            continue
        held = wording.say(f"chart.held.{side}", length=format_length(part["held_s"]))
        level, sd = part.get("level_deg"), part.get("level_sd_deg")
        if level is not None and sd is not None:
            held = wording.say("chart.held.side", held=held, number=tell_level(level, sd, wording))
        facts.append(held)
    if summary.get("repetitions"):
        facts.append(wording.count("chart.repetitions", summary["repetitions"]))
    elif isinstance(exercise.counting, RepetitionCounting):
        facts.append(wording.say("chart.repetitions.none"))
    elif sides and not any(part.get("held_s") for part in sides.values()):
        facts.append(wording.say("chart.held.none"))
    return tuple(facts)


def _tell_rows(summary: Mapping[str, Any], gaps: tuple[Span, ...], wording: Wording) -> tuple[Row, ...]:
    """Return the lines of bars: what counted, then faults, then what was not measured."""
    rows: list[Row] = []
    neutral = summary.get("neutral")
    if neutral is not None:
        rest = Span(start_s=neutral["start_s"], end_s=neutral["end_s"])
        rows.append(Row(label=wording.say("chart.row.rest"), kind="rest", spans=(rest,)))
    for side, part in summary.get("sides", {}).items():
        spans = tuple(
            Span(start_s=h["start_s"], end_s=h["end_s"], label=f"{round(h['end_s'] - h['start_s'])} s")
            for h in part.get("holds", ())
        )
        if spans:
            rows.append(Row(label=wording.say(f"chart.row.{side}"), kind=side, spans=spans))
    times = summary.get("repetition_times", ())
    if times:
        spans = tuple(
            Span(start_s=r["start_s"], end_s=r["end_s"], label=str(i + 1)) for i, r in enumerate(times)
        )
        rows.append(Row(label=wording.say("chart.row.repetitions"), kind="repetitions", spans=spans))
    rows += _group(
        ((f"fault.{f['id']}", f, not f.get("blocks_count", True)) for f in summary.get("faults", ())),
        "fault",
        wording,
    )
    pauses = summary.get("tracking", {}).get("pauses", ())
    rows += _group(((f"chart.gap.{p['reason']}", p, False) for p in pauses), "gap", wording)
    told = [(p["start_s"], p["end_s"]) for p in pauses]
    untold = tuple(g for g in gaps if not any(a < g.end_s and b > g.start_s for a, b in told))
    if untold:
        rows.append(Row(label=wording.say("chart.gap.unseen"), kind="gap", spans=untold))
    return tuple(rows)


def _group(found: Iterable[tuple[str, Mapping[str, Any], bool]], kind: str, wording: Wording) -> list[Row]:
    """Return one row for each key, in the order in which they first happened."""
    spans: dict[str, list[Span]] = {}
    for key, item, is_open in found:
        spans.setdefault(key, []).append(
            Span(start_s=item["start_s"], end_s=max(item["end_s"], item["start_s"]), is_open=is_open)
        )
    return [Row(label=wording.say(key), kind=kind, spans=tuple(items)) for key, items in spans.items()]
