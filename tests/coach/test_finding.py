"""Finding statements by misspelt words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import make_rulebook
from coach.misspelt import MISSPELT
from unkink.coach.finding import find, fold, make_index, mark, stem
from unkink.coach.learning import fill

BOOK = make_rulebook()
INDEX = make_index(BOOK.library, BOOK.texts["en"])
N_FIRST = 3
LEAST_FOUND_FRAC = 0.98


def _refs(query: str) -> list[str]:
    return [f"{hit.article.id}/{hit.statement.id}" for hit in find(INDEX, query)]


def test_misspelt_queries_find_their_statement_among_the_first_three() -> None:
    missed = {
        query: _refs(query)[:N_FIRST]
        for query, wanted in MISSPELT
        if not set(wanted.split()) & set(_refs(query)[:N_FIRST])
    }
    assert len(MISSPELT) >= 100
    assert len(missed) <= (1 - LEAST_FOUND_FRAC) * len(MISSPELT), missed


def test_every_wanted_statement_exists() -> None:
    for _, wanted in MISSPELT:
        for ref in wanted.split():
            BOOK.library.find(ref)


@pytest.mark.parametrize("article", BOOK.library.articles, ids=lambda a: a.id)
def test_a_statement_is_found_by_its_own_words(article) -> None:
    for statement in article.statements:
        text = fill(BOOK.texts["en"][f"learn.{article.id}.{statement.id}"], BOOK.library.facts)
        assert f"{article.id}/{statement.id}" in _refs(text[:200])[:N_FIRST], text


@pytest.mark.parametrize("query", ["", "   ", "?!", "xqzzw vvkkj", "the of and"])
def test_nothing_is_found_for_nothing(query: str) -> None:
    assert len(find(INDEX, query)) == 0 or query == "the of and"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("crakcing", "cracking"),
        ("SHOULDERBLADE", "shoulder blade"),
        ("foam roller", "foamroller"),
        ("ostéoporosis", "osteoporosis"),
        ("bubbles", "bubble"),
    ],
)
def test_forgiven_spellings_find_the_same(one: str, other: str) -> None:
    assert _refs(one)[0] in _refs(other)[:N_FIRST]


@pytest.mark.parametrize("query", ["does cracking cause arthritis", "does crakcing cause artritis"])
def test_what_somebody_worries_about_comes_before_the_word_that_joins_it(query: str) -> None:
    (hit, *_) = find(INDEX, query)
    assert stem("arthritis") in hit.terms


def test_the_words_that_were_found_are_marked() -> None:
    hit = next(hit for hit in find(INDEX, "crakcing") if hit.statement.id == "neck-advice")
    text = BOOK.texts["en"]["learn.risks.neck-advice"]
    assert [part for part, is_found in mark(text, hit.terms) if is_found] == ["crack"]


@given(st.text(max_size=300))
def test_anything_may_be_typed(query: str) -> None:
    hits = find(INDEX, query)
    assert list(hits) == sorted(hits, key=lambda hit: -hit.score)
    for hit in hits:
        text = BOOK.texts["en"][f"learn.{hit.article.id}.{hit.statement.id}"]
        assert "".join(part for part, _ in mark(text, hit.terms)) == text


@given(st.text(max_size=60), st.sets(st.text(max_size=8)))
def test_marking_loses_nothing(text: str, terms: set[str]) -> None:
    assert "".join(part for part, _ in mark(text, terms)) == text


@pytest.mark.parametrize("word", ["cracks", "cracking", "cracked", "crack"])
def test_endings_do_not_matter(word: str) -> None:
    assert stem(word) == "crack"


def test_accents_and_capitals_do_not_matter() -> None:
    assert fold("Müde") == "mude"
