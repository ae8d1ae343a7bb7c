"""``docs/accuracy.md`` from the frozen tables and its template: no figure is written by hand.

In: ``frozen/VERSION``, ``accuracy.template.md``, the rules. Out: the text. Next file: ``freezing.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from string import Template

import yaml

import unkink
from unkink.acquire.rulefiles import RULES_DIR
from validation.accuracy.checks import COVERAGE, LIMITS, SLIDE_R
from validation.accuracy.freezing import find_folder, read_table
from validation.accuracy.tables import ALL, Row
from validation.accuracy.takes import HERE, LABELS, MODELS, OFF_AXIS_DEG
from validation.accuracy.truth import COLUMNS, FACE_SEEN_DEG

DOCUMENT = HERE.parent / "docs" / "accuracy.md"
TEMPLATE = HERE / "accuracy" / "accuracy.template.md"
_SETS = {"held-out": "kept apart", "shared": "standard clips", "motion-capture": "motion capture"}
_UNITS = {"hold-start": "s", "hold-end": "s", "live-against-recorded": "s", "repetitions": "", "slide-r": ""}
_TITLES = {
    "turn-mae": "shoulder turn, MAE of each clip",
    "turn-mae-mean": "shoulder turn, MAE of all clips together",
    "held-turn-right": "held turn to the right, error",
    "held-turn-left": "held turn to the left, error",
    "side-bend-mae": "side bend, MAE",
    "lean-change-mae": "change of forward lean, MAE",
    "left-elevation-mae": "left shoulder elevation where the arms are used, MAE",
    "right-elevation-mae": "right shoulder elevation where the arms are used, MAE",
    "left-elbow-mae": "left elbow flexion where the elbows are used, MAE",
    "right-elbow-mae": "right elbow flexion where the elbows are used, MAE",
    "head-turn-mae": "head turn while the face is seen, MAE",
    "hold-start": "start of holds",
    "hold-end": "end of holds",
    "repetitions": "repetitions, too many or too few",
    "hold-sd": "standard deviation in a motionless hold",
    "slide-r": "slide on the roller, correlation",
    "live-against-recorded": "live against recorded, dates of holds and repetitions",
    "same-twice": "the same twice, byte for byte",
    "turn-rmse": "shoulder turn, RMSE",
    "side-bend-rmse": "side bend, RMSE",
}


def render(folder: Path | None = None) -> str:
    """Return the document of the frozen tables."""
    folder = find_folder() if folder is None else folder
    agreement, checks = read_table(folder / "agreement.csv"), read_table(folder / "checks.csv")
    parts = {
        "version": unkink.__version__,
        "face_deg": f"{FACE_SEEN_DEG:g}",
        "off_axis_deg": f"{OFF_AXIS_DEG:g}",
        "headline": _headline(agreement),
        "sets": _sets(agreement, checks),
        "goals": _goals(checks),
        "heldout": _whole(agreement, "held-out", "full", "recorded"),
        "heldout_variants": _variants(agreement, "held-out"),
        "heldout_exercise": _across(agreement, "held-out", "exercise", tuple(LABELS.values())),
        "heldout_view": _across(agreement, "held-out", "view", ("front", "off-axis", "side")),
        "shared": _whole(agreement, "shared", "full", "recorded"),
        "motion_capture": _motion_capture(checks),
        "coverage": _coverage(agreement),
        "misses": _misses(checks),
        "published": _published(),
    }
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(parts)


def write() -> None:
    """Write the document."""
    DOCUMENT.write_text(render(), encoding="utf-8")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first are numbers."""
    lines = [header, ["---", *("---:" for _ in header[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _number(value: float, digits: int = 1) -> str:
    return "" if math.isnan(value) else f"{value:.{digits}f}"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _select(rows: Iterable[Row], **wanted: str) -> list[Row]:
    return [row for row in rows if all(row[k] == v for k, v in wanted.items())]


def _by_quantity(rows: Sequence[Row], column: Callable[[Row], Sequence[str]]) -> list[list[str]]:
    found = {row["quantity"]: row for row in rows}
    return [[f"`{q}`", *column(found[q])] for q in COLUMNS if q in found]


def _headline(rows: Sequence[Row]) -> str:
    (row,) = _select(rows, **_total("held-out", "full", "recorded"), quantity="shoulder_turn_deg")
    return (
        f"On the kept-apart clips the shoulder turn is off by {_number(row['mae'])} degrees on average (bias "
        f"{_number(row['bias'])}, limits of agreement {_number(row['low'])} to {_number(row['high'])}), and "
        f"{_percent(row['coverage_frac'])} of the errors lie within the stated 90 % interval."
    )


def _total(collection: str, model: str, variant: str) -> dict[str, str]:
    return {"collection": collection, "model": model, "variant": variant, "exercise": ALL, "view": ALL}


def _sets(agreement: Sequence[Row], checks: Sequence[Row]) -> str:
    rows = []
    for name, title in _SETS.items():
        takes = {row["take"] for row in _select(checks, collection=name)} - {ALL}
        models = sorted({row["model"] for row in _select(agreement, collection=name)})
        rows.append([title, str(len(takes)), ", ".join(models)])
    return table(["set", "clips", "pose models"], rows)


def _goals(checks: Sequence[Row]) -> str:
    rows = []
    for name, title in _TITLES.items():
        cells = []
        for collection in _SETS:
            for model in (*MODELS, "as recorded"):
                found = [
                    row
                    for row in _select(checks, collection=collection, model=model, check=name)
                    if row["variant"] != "live"
                ]
                if (model == "as recorded") == (collection == "motion-capture"):
                    cells.append(_sum_up(found, name))
        rows.append([title, _limit(name), *cells])
    header = ["what", "goal", "kept apart, full", "kept apart, lite", "standard, full", "standard, lite"]
    return table([*header, "motion capture"], rows)


def _limit(name: str) -> str:
    if name == "same-twice":
        return "same"
    if name == "slide-r":
        return f"at least {SLIDE_R:g}"
    return f"at most {LIMITS[name]:g} {_UNITS.get(name, 'deg')}".rstrip()


def _sum_up(rows: Sequence[Row], name: str) -> str:
    """How many meet the goal, and the middle and the worst figure."""
    if not rows:
        return ""
    n_met = sum(row["is_met"] for row in rows)
    share = f"{n_met} of {len(rows)}"
    sizes = [abs(row["value"]) for row in rows if not math.isnan(row["value"])]
    if name == "same-twice" or not sizes:
        return share
    digits = 2 if name == "slide-r" or _UNITS.get(name) == "s" else 1
    if len(rows) == 1:
        return f"{_number(sizes[0], digits)} {'yes' if n_met else '**no**'}"
    worst = min(sizes) if name == "slide-r" else max(sizes)
    return f"{share}; {_number(median(sizes), digits)}, worst {_number(worst, digits)}"


_COLUMNS = ("clips", "frames", "bias", "MAE", "RMSE", "r", "coverage", "limits of agreement")


def _whole(rows: Sequence[Row], collection: str, model: str, variant: str) -> str:
    def cells(row: Row) -> list[str]:
        return [
            _number(row["n_takes"], 0),
            _number(row["n"], 0),
            _number(row["bias"]),
            _number(row["mae"]),
            _number(row["rmse"]),
            _number(row["r"], 2),
            _percent(row["coverage_frac"]),
            f"{_number(row['low'])} to {_number(row['high'])}",
        ]

    return table(
        ["quantity", *_COLUMNS], _by_quantity(_select(rows, **_total(collection, model, variant)), cells)
    )


def _variants(rows: Sequence[Row], collection: str) -> str:
    columns = [(model, variant) for model in MODELS for variant in ("live", "recorded")]
    found = {
        (row["quantity"], row["model"], row["variant"]): row
        for row in _select(rows, collection=collection, exercise=ALL, view=ALL)
    }

    def cell(row: Row) -> str:
        return f"{_number(row['mae'])}, {_percent(row['coverage_frac'])}"

    lines = [
        [f"`{q}`", *(cell(found[q, *column]) for column in columns)]
        for q in COLUMNS
        if (q, *columns[0]) in found
    ]
    return table(["quantity", *(f"{model}, {variant}" for model, variant in columns)], lines)


def _across(rows: Sequence[Row], collection: str, by: str, groups: Sequence[str]) -> str:
    other = "view" if by == "exercise" else "exercise"
    wanted = {"collection": collection, "model": "full", "variant": "recorded", other: ALL}
    found = {(row["quantity"], row[by]): row for row in _select(rows, **wanted)}
    known = [group for group in groups if any((q, group) in found for q in COLUMNS)]

    def cell(quantity: str, group: str) -> str:
        row = found.get((quantity, group))
        return "" if row is None else f"{_number(row['bias'])} / {_number(row['mae'])}"

    lines = [
        [f"`{q}`", *(cell(q, group) for group in known)]
        for q in COLUMNS
        if any((q, group) in found for group in known)
    ]
    return table(["quantity", *known], lines)


def _motion_capture(checks: Sequence[Row]) -> str:
    rows = [
        row
        for row in _select(checks, collection="motion-capture", variant="recorded")
        if row["check"].endswith("-rmse")
    ]
    if not rows:
        return "Not measured for this version: the recordings were not at hand."
    lines = [
        [row["take"], _TITLES[row["check"]], _number(row["value"]), "yes" if row["is_met"] else "**no**"]
        for row in rows
    ]
    return table(["recording", "what", "degrees", "goal met"], lines)


def _coverage(agreement: Sequence[Row]) -> str:
    lines = []
    for quantity in COLUMNS:
        cells = []
        for collection, model in (
            ("held-out", "full"),
            ("held-out", "lite"),
            ("motion-capture", "as recorded"),
        ):
            row = _select(agreement, **_total(collection, model, "recorded"), quantity=quantity)
            cells.append(_percent(row[0]["coverage_frac"]) if row else "")
        if any(cells):
            lines.append([f"`{quantity}`", *cells])
    goal = f"Goal: {_percent(COVERAGE[0])} to {_percent(COVERAGE[1])}.\n\n"
    return goal + table(["quantity", "kept apart, full", "kept apart, lite", "motion capture"], lines)


def _misses(checks: Sequence[Row]) -> str:
    """All misses of the kept-apart set, both models side by side."""
    missed = [
        row
        for row in _select(checks, collection="held-out")
        if not row["is_met"] and row["variant"] != "live" and row["check"] in _TITLES and row["take"] != ALL
    ]
    found = {(row["take"], row["check"], row["model"]): row["value"] for row in missed}
    lines = [
        [take, _TITLES[check], *(_miss(found.get((take, check, model))) for model in MODELS)]
        for take, check in dict.fromkeys((row["take"], row["check"]) for row in missed)
    ]
    return table(["clip", "what", *MODELS], lines) if lines else "None."


def _miss(value: float | None) -> str:
    """Return a figure that missed its goal; empty where the goal was met."""
    if value is None:
        return ""
    return "not found" if math.isnan(value) else _number(value, 2)


_KNOWN = {"S": "read", "S2": "seen in a summary only", "M": "from memory"}


def _cite(source: dict[str, str]) -> str:
    return f"{source['reference']} ({_KNOWN[source['provenance']]})"


def _published() -> str:
    data = yaml.safe_load((RULES_DIR / "norms" / "accuracy.yaml").read_text(encoding="utf-8"))
    evidence = yaml.safe_load((RULES_DIR / "norms" / "evidence.yaml").read_text(encoding="utf-8"))
    lines = [
        [
            entry["method"],
            entry["people"],
            entry["error"],
            "; ".join(_cite(evidence["sources"][source]) for source in entry["source"]),
        ]
        for entry in data["methods"]
    ]
    return table(["method", "people", "error", "source"], lines).replace("---:", "---")
