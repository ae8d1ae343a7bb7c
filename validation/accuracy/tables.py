"""All takes measured in both variants: one table of agreement, one of checks.

In: takes. Out: :class:`Results`, rows of plain values. Next file: ``freezing.py``.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from unkink.coach.rulebook import Rulebook
from validation.accuracy.agreement import compare, join
from validation.accuracy.checks import COVERAGE, LIMITS, check_take, check_variants
from validation.accuracy.measuring import VARIANTS, Measured, measure
from validation.accuracy.paired import Pair, iterate_pairs
from validation.accuracy.takes import LABELS, Take

ALL = "all"
Row = dict[str, Any]
Key = tuple[str, str, str, str, str, str]


@dataclass(slots=True)
class Results:
    """Rows of both tables, and the pairs for the pictures."""

    agreement: list[Row] = field(default_factory=list)
    checks: list[Row] = field(default_factory=list)
    pairs: dict[Key, list[Pair]] = field(default_factory=lambda: defaultdict(list))
    """By collection, model, variant, exercise, view and quantity."""
    n_takes: int = 0


def evaluate(takes: Iterable[Take], rulebook: Rulebook, *, twice: bool = True) -> Results:
    """Measure all takes; ``twice`` also looks whether the same comes out again."""
    results = Results()
    for take in takes:
        results.n_takes += 1
        summaries = {}
        for variant in VARIANTS:
            found = measure(take, rulebook, variant)
            pairs = list(iterate_pairs(take, found))
            summaries[variant] = found.summary
            for pair in pairs:
                for exercise, view in ((ALL, ALL), (take.exercise, ALL), (ALL, take.view)):
                    key = (take.collection, take.model, variant, exercise, view, pair.quantity)
                    results.pairs[key].append(pair)
            results.checks += [_to_row(take, variant, asdict(c)) for c in check_take(take, pairs, found)]
            if twice and variant == "recorded" and take.model != "lite":
                again = measure(take, rulebook, variant)
                is_same = digest(found) == digest(again)
                same = {"name": "same-twice", "value": 1.0 if is_same else 0.0, "is_met": is_same}
                results.checks.append(_to_row(take, variant, same))
        if take.collection != "motion-capture":
            both = asdict(check_variants(summaries["live"], summaries["recorded"]))
            results.checks.append(_to_row(take, "both", both))
    results.agreement = [row for key, pairs in results.pairs.items() for row in _summarise(key, pairs)]
    results.agreement.sort(key=_order)
    results.checks += list(_check_whole(results))
    return results


def digest(found: Measured) -> str:
    """Return the fingerprint of everything that came out."""
    parts = (
        found.quantities.t_s.tobytes(),
        found.quantities.values.tobytes(),
        found.quantities.sds.tobytes(),
        json.dumps(found.summary, sort_keys=True).encode(),
    )
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _to_row(take: Take, variant: str, check: Row) -> Row:
    where = {"collection": take.collection, "take": take.name, "model": take.model, "variant": variant}
    return {**where, "check": check["name"], "value": check["value"], "is_met": check["is_met"]}


def _summarise(key: Key, pairs: list[Pair]) -> Iterator[Row]:
    collection, model, variant, exercise, view, quantity = key
    pairs = [pair for pair in pairs if np.isfinite(pair.measured).any()]
    agreement = compare(*(join([getattr(pair, k) for pair in pairs]) for k in ("measured", "sds", "true")))
    if agreement is None:
        return
    yield {
        "collection": collection,
        "model": model,
        "variant": variant,
        "exercise": LABELS.get(exercise, exercise),
        "view": view,
        "quantity": quantity,
        "n_takes": len(pairs),
        **asdict(agreement),
    }


def _order(row: Row) -> tuple[str, ...]:
    return tuple(row[k] for k in ("collection", "model", "variant", "exercise", "view", "quantity"))


def _check_whole(results: Results) -> Iterator[Row]:
    """Check what is asked of all takes together: mean error of the turn, coverage."""
    turns: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row in results.checks:
        if row["check"] == "turn-mae":
            turns[row["collection"], row["model"], row["variant"]].append(row["value"])
    for (collection, model, variant), values in sorted(turns.items()):
        mean, name = math.fsum(values) / len(values), "turn-mae-mean"
        yield _whole((collection, model, variant), name, mean, is_met=mean <= LIMITS[name])
    for row in results.agreement:
        if row["exercise"] == ALL and row["view"] == ALL:
            value = row["coverage_frac"]
            where = (row["collection"], row["model"], row["variant"])
            is_met = COVERAGE[0] <= value <= COVERAGE[1]
            yield _whole(where, f"coverage:{row['quantity']}", value, is_met=is_met)


def _whole(where: tuple[str, str, str], name: str, value: float, *, is_met: bool) -> Row:
    collection, model, variant = where
    return {
        "collection": collection,
        "take": ALL,
        "model": model,
        "variant": variant,
        "check": name,
        "value": value,
        "is_met": is_met,
    }
