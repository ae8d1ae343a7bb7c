"""A thousand lives, and the table of what the rules did: ``docs/safety-simulation.md``.

In: the rules. Out: the document. Deterministic: the same rules give the same tables.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from statistics import mean, median

import msgspec

from unkink.coach.safety_rules import SafetyRules
from unkink.pipeline import load_rulebook
from validation.lives.living import Year, list_referrals, live
from validation.lives.people import N_DAYS, SHARES, WAYS, Kind, make_person

SEED = 2026
TOLD_EVERY = 50
SOON_DAYS = 14
N_PEOPLE = 1000
DOCUMENT = Path(__file__).parents[2] / "docs" / "safety-simulation.md"
TEMPLATE = Path(__file__).parent / "safety-simulation.template.md"
QUIET = ("info",)
"""Urgencies that send nobody anywhere."""


def main(n_people: int = N_PEOPLE) -> int:
    """Live the lives and write the document.

    Parameters
    ----------
    n_people : int
        Fewer than a thousand: only printed.

    Returns
    -------
    int
        Exit code.
    """
    rules = load_rulebook().safety
    began_s = time.process_time()
    years: list[Year] = []
    for idx in range(n_people):
        years.append(live(make_person(idx, SEED), rules))
        if (idx + 1) % TOLD_EVERY == 0:
            spent_s = time.process_time() - began_s
            sys.stderr.write(f"{idx + 1} lives, {spent_s:.0f} s\n")
    text = make_document(years, rules, time.process_time() - began_s)
    if n_people == N_PEOPLE:
        DOCUMENT.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


def make_document(years: list[Year], rules: SafetyRules, spent_s: float) -> str:
    """Return the document: what was done, and the tables."""
    by_kind: dict[Kind, list[Year]] = {kind: [y for y in years if y.person.kind == kind] for kind in SHARES}
    tables = {
        "catching": _table_catching(by_kind),
        "healthy": _table_false(by_kind["healthy"]),
        "recovered": _table_false(by_kind["recovering"], since=90),
        "first": _table_first(by_kind),
        "ways": _table_ways(by_kind["red-flag"]),
        "use": _table_use(by_kind),
        "floor": _table_floor(by_kind, rules),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, table in tables.items():
        text = text.replace(f"<!-- {name} -->", table)
    facts = {
        "n_people": len(years) if len(years) == N_PEOPLE else f"the first {len(years)} of {N_PEOPLE}",
        "seed": SEED,
        "version": rules.version,
        "minutes": f"{spent_s / 60:.0f}",
        "n_openings": sum(y.n_opened for y in years),
    }
    for name, value in facts.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def _events(year: Year, *, since: int = 0, until: int = N_DAYS + 1) -> list[tuple[int, str]]:
    """Return days and rules of locks and of referrals that send somebody somewhere."""
    found = [(day, ids[0]) for day, ids in year.locks]
    found += [(day, rule_id) for day, rule_id, urgency in year.referrals if urgency not in QUIET]
    return sorted(one for one in found if since <= one[0] < until)


def _lateness(year: Year) -> int | None:
    """Days from the change of the course to the first lock or referral; None: none in this year."""
    at = year.person.changes_on
    found = [] if at is None else _events(year, since=at)
    return found[0][0] - at if found and at is not None else None


def _lines(head: str, rows: list[tuple[object, ...]]) -> str:
    n = head.count("|") - 1
    return "\n".join([head, "|" + " --- |" * n, *(f"| {' | '.join(str(c) for c in row)} |" for row in rows)])


def _table_catching(by_kind: dict[Kind, list[Year]]) -> str:
    rows: list[tuple[object, ...]] = []
    for kind, years in by_kind.items():
        if not years:
            continue
        late = [d for y in years if (d := _lateness(y)) is not None]
        has_change = years[0].person.changes_on is not None
        n_changed = len(years) if has_change else 0
        rows.append(
            (
                kind,
                len(years),
                sum(bool(y.locks) for y in years),
                sum(any(u not in QUIET for _, _, u in y.referrals) for y in years),
                f"{len(late)} of {n_changed}" if has_change else "no change",
                f"{median(late):.0f}" if late else "",
                max(late) if late else "",
                f"{sum(d <= SOON_DAYS for d in late)}" if has_change else "",
                n_changed - len(late) if has_change else "",
            )
        )
    head = (
        "| course | people | ever locked | ever referred | locked or referred after the change "
        "| median, days late | worst, days late | within 14 days | never in the year |"
    )
    return _lines(head, rows)


def _table_false(years: list[Year], since: int = 0) -> str:
    """Per rule: how many a year, and of how many people."""
    if not years:
        return "None of them in this run."
    share = (N_DAYS - since) / 365
    counts: Counter[str] = Counter()
    people: Counter[str] = Counter()
    for year in years:
        found = [rule_id for _, rule_id in _events(year, since=since)]
        counts.update(found)
        people.update(set(found))
    rows: list[tuple[object, ...]] = [
        (rule_id, f"{n / len(years) / share:.2f}", f"{100 * people[rule_id] / len(years):.0f} %")
        for rule_id, n in counts.most_common()
    ]
    n_any = sum(bool(_events(y, since=since)) for y in years)
    total = sum(counts.values()) / len(years) / share
    rows.append(("all", f"{total:.2f}", f"{100 * n_any / len(years):.0f} %"))
    return _lines("| rule | a person and year | people concerned |", rows)


def _table_first(by_kind: dict[Kind, list[Year]]) -> str:
    rows: list[tuple[object, ...]] = []
    for kind, years in by_kind.items():
        firsts: Counter[str] = Counter()
        for year in years:
            found = _events(year, since=year.person.changes_on or 0)
            if found and year.person.changes_on is not None:
                firsts[found[0][1]] += 1
        if firsts:
            rows.append((kind, ", ".join(f"{rule_id} {n}" for rule_id, n in firsts.most_common())))
    return _lines("| course | what came first after the change, people |", rows)


def _table_ways(years: list[Year]) -> str:
    rows: list[tuple[object, ...]] = []
    for way in WAYS:
        mine = [y for y in years if y.person.way == way]
        late = [d for y in mine if (d := _lateness(y)) is not None]
        opened = [
            (y.person.changes_on or 0) + d - y.first_opened
            for y in mine
            if (d := _lateness(y)) is not None and y.first_opened is not None
        ]
        if mine:
            rows.append(
                (
                    way,
                    len(mine),
                    len(late),
                    f"{median(late):.0f}" if late else "",
                    max(late, default=""),
                    f"{median(opened):.0f}" if opened else "",
                    max(opened, default=""),
                )
            )
    head = (
        "| how it was told | people | locked or referred | median, days after it began | worst "
        "| median, days after the program was next opened | worst |"
    )
    return _lines(head, rows)


def _table_floor(by_kind: dict[Kind, list[Year]], rules: SafetyRules) -> str:
    """What R05 would do, over the same years, if it began at more pain."""
    rows: list[tuple[object, ...]] = []
    now = rules.referral.little_change
    kinds: tuple[Kind, ...] = ("healthy", "recovering", "stable")
    for floor in (1, 2, 3):
        little = msgspec.structs.replace(now, pain_from=floor)
        referral = msgspec.structs.replace(rules.referral, little_change=little)
        changed = msgspec.structs.replace(rules, referral=referral)
        shares: list[str] = []
        for kind in kinds:
            years = by_kind[kind]
            n = sum(any(rule == little.id for _, rule, _ in list_referrals(y, changed)) for y in years)
            shares.append(f"{100 * n / max(1, len(years)):.0f} %")
        rows.append((f"{floor} of 10{' (as it is)' if floor == now.pain_from else ''}", *shares))
    return _lines("| R05 from an average pain of | healthy | recovering | stable |", rows)


def _table_use(by_kind: dict[Kind, list[Year]]) -> str:
    rows: list[tuple[object, ...]] = [
        (
            kind,
            f"{mean(y.n_opened for y in years):.0f}",
            f"{mean(y.n_sessions for y in years):.0f}",
            f"{mean(y.n_locked_days for y in years):.1f}",
            f"{mean(y.n_rescreens for y in years):.1f}",
        )
        for kind, years in by_kind.items()
        if years
    ]
    return _lines(
        "| course | openings | sessions | openings while locked | rounds of questions again |", rows
    )
