"""Learn, its search, the evidence and About over REST."""

from __future__ import annotations

import pytest

from front.doors import House
from unkink.coach.signing import find_unsigned


def test_articles_come_with_texts_rows_and_grades(house: House) -> None:
    articles = house.browser.get("/api/learn").json()
    assert next(article["id"] for article in articles) == "questions"
    evidence = house.browser.get("/api/evidence").json()
    n_statements = 0
    for article in articles:
        assert article["title"]
        assert article["sections"]
        for section in article["sections"]:
            assert section["statements"]
            for statement in section["statements"]:
                n_statements += 1
                assert "{" not in statement["text"]
                assert statement["rows"]
                for row_id in statement["rows"]:
                    assert row_id == "D" or evidence["rows"][row_id]["sources"]
    assert n_statements > 150


def test_a_number_of_the_evidence_is_told(house: House) -> None:
    articles = {article["id"]: article for article in house.browser.get("/api/learn").json()}
    text = articles["why-backs-crack"]["sections"][1]["statements"][0]["text"]
    assert text == "After a crack, a knuckle does not crack again for about 20 minutes."


def test_what_is_only_remembered_says_so(house: House) -> None:
    told = {
        f"{statement['article']}/{statement['id']}": statement
        for article in house.browser.get("/api/learn").json()
        for section in article["sections"]
        for statement in section["statements"]
    }
    assert told["why-backs-crack/count"]["provenance"] == "M"
    assert told["how-often/routines"]["provenance"] == "D"
    assert told["why-backs-crack/gas"]["belief"]


def test_evidence_names_every_source_once_and_completely(house: House) -> None:
    book = house.browser.get("/api/evidence").json()
    for row in book["rows"].values():
        assert set(row["sources"]) <= book["sources"].keys()
        assert row["grade"] in "ABCD"
    assert book["sources"]["BER08"]["provenance"] == "M"


def test_search_forgives_and_marks(house: House) -> None:
    hits = house.browser.post("/api/learn/search", json={"query": "herniatd disc"}).json()["hits"]
    assert (hits[0]["article"], hits[0]["id"]) == ("risks", "short-list")
    assert "disc" in [part["text"] for part in hits[0]["belief"] if part["is_found"]]
    assert "".join(part["text"] for part in hits[0]["parts"]).startswith("That list is much too short.")


@pytest.mark.parametrize("query", ["", "zzzzqqqq"])
def test_search_for_nothing_finds_nothing(house: House, query: str) -> None:
    answer = house.browser.post("/api/learn/search", json={"query": query})
    assert answer.json() == {"hits": []}


def test_a_query_that_is_too_long_is_a_problem_without_its_words(house: House) -> None:
    answer = house.browser.post("/api/learn/search", json={"query": "secret " * 40})
    assert answer.status_code == 422
    assert "secret" not in answer.text


def test_what_is_looked_for_stands_in_no_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    house.browser.post("/api/learn/search", json={"query": "tumour"})
    assert "tumour" not in caplog.text


def test_about_lists_what_nobody_has_signed(house: House) -> None:
    about = house.browser.get("/api/about").json()
    rulebook = house.app.state.services.rulebook
    assert [rule["id"] for rule in about["unsigned"]] == [
        row.id for row in find_unsigned(rulebook.safety, rulebook.evidence)
    ]
    assert {"E01", "U00", "O01", "R05"} <= {rule["id"] for rule in about["unsigned"]}
    assert next(section["id"] for section in about["sections"]) == "use"
    told = " ".join(text for section in about["sections"] for text in section["texts"])
    assert "not a medical device" in told
    assert "{" not in told
    assert rulebook.safety.version in told
