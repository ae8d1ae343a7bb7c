"""Simulated lives: the same again from the same seed, and a red flag is not missed."""

from __future__ import annotations

from collections import Counter

import pytest

from builders import make_rulebook
from validation.lives.living import live
from validation.lives.people import N_DAYS, SHARES, make_person
from validation.lives.running import SEED, make_document


def test_the_kinds_are_dealt_out_as_said() -> None:
    kinds = Counter(make_person(idx, SEED).kind for idx in range(1000))
    assert kinds == SHARES


def test_the_same_seed_gives_the_same_life() -> None:
    one, other = make_person(3, SEED), make_person(3, SEED)
    assert one.levels == other.levels
    assert len(one.levels) == N_DAYS
    assert make_person(3, SEED + 1).levels != one.levels


def find_idx(kind: str, way: str | None = None) -> int:
    return next(i for i in range(1000) if (p := make_person(i, SEED)).kind == kind and way in (None, p.way))


@pytest.mark.parametrize("way", ["nerve-check", "stop-sign"])
def test_a_red_flag_locks_on_the_day_it_is_told(way: str) -> None:
    year = live(make_person(find_idx("red-flag", way), SEED), make_rulebook().safety)
    assert year.first_opened is not None
    told = [day for day, _ in year.locks if day >= year.first_opened]
    # a stop sign is told in a session, and locks with the next opening
    assert told
    assert told[0] - year.first_opened <= (0 if way == "nerve-check" else 10)


def test_the_document_has_every_table() -> None:
    rules = make_rulebook().safety
    years = [live(make_person(find_idx(kind), SEED), rules) for kind in ("healthy", "stable", "red-flag")]
    text = make_document(years, rules, 60.0)
    assert "<!--" not in text
    assert "{n_people}" not in text
    assert text.count("| --- |") >= 7
