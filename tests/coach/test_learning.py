"""What a person can read up: checked against the evidence, word by word."""

from __future__ import annotations

import json

import pytest

from builders import make_rulebook
from unkink.acquire.rulefiles import load_rule_files
from unkink.coach.learning import PLACEHOLDER, Statement, fill, weigh
from unkink.coach.recommendation import Why
from unkink.coach.rulebook import decode_rulebook
from unkink.errors import RuleError

FILES = load_rule_files()
BOOK = make_rulebook()
HOMES = {
    f"{article.id}/{statement.id}": (article, statement)
    for article in BOOK.library.articles
    for statement in article.statements
}
SAID = {row for _, statement in HOMES.values() for row in statement.rows}
TEXTS = "locales/en/learn.json"
CRACKING = "learn/03-why-backs-crack.yaml"


def _numbered(letter: str, *numbers: int) -> list[str]:
    return [f"{letter}{number:02d}" for number in numbers]


MUST_APPEAR = [
    *_numbered("Z", *range(1, 13)),
    *_numbered("K", 1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24),
    *_numbered("H", *range(1, 8)),
    *_numbered("E", *range(1, 13)),
    *_numbered("U", *range(20)),
    *_numbered("L", *range(1, 5)),
    *_numbered("S", *range(1, 6)),
    *_numbered("O", *range(1, 6)),
    *_numbered("D", *range(1, 13)),
    *_numbered("T", *range(1, 10)),
    *_numbered("G", *range(1, 16)),
    *_numbered("N", *range(1, 8)),
    *_numbered("Q", 1, 2, 3, 4, 6),
    *_numbered("R", 5, 6, 7, 8, 10, 11, 12, 14, 15, 16),
    *_numbered("P", 1, 2, 3, 4, 5),
    *_numbered("B", 1, 3, 4),
]


def _faults_with(changes: dict[str, tuple[str, str]]) -> str:
    """Decode the rules with one thing replaced in each file named; return all faults as one text."""
    files = dict(FILES)
    for path, (old, new) in changes.items():
        text = files[path].decode()
        assert text.count(old) >= 1, (path, old)
        files[path] = text.replace(old, new, 1).encode()
    with pytest.raises(RuleError) as caught:
        decode_rulebook(files)
    return "\n".join(f"{f.file} {f.path} {f.expected} {f.found}" for f in caught.value.faults)


def _say(key: str, text: str) -> dict[str, tuple[str, str]]:
    known = json.loads(FILES[TEXTS])[key]
    return {TEXTS: (json.dumps(known, ensure_ascii=False), json.dumps(text))}


@pytest.mark.parametrize("row_id", MUST_APPEAR)
def test_the_row_is_told(row_id: str) -> None:
    assert row_id in SAID


@pytest.mark.parametrize("row_id", _numbered("Z", *range(1, 13)))
def test_a_contradiction_is_named_as_one_and_gathered(row_id: str) -> None:
    beliefs = next(article for article in BOOK.library.articles if article.id == "beliefs")
    gathered = {ref for section in beliefs.sections for ref in section.refs}
    told = [ref for ref, (_, statement) in HOMES.items() if row_id in statement.rows and statement.is_belief]
    assert told, f"{row_id} is named as no belief"
    assert set(told) & gathered
    for ref in told:
        home, _, name = ref.partition("/")
        assert BOOK.texts["en"][f"learn.{home}.{name}.belief"]


@pytest.mark.parametrize("ref", HOMES)
def test_a_statement_rests_on_rows_with_sources(ref: str) -> None:
    _, statement = HOMES[ref]
    for row_id in statement.rows:
        if row_id == "D":
            continue
        row = BOOK.evidence[row_id]
        assert row.references
        assert all(key in BOOK.sources for key in row.sources)


def test_every_row_of_evidence_has_all_its_sources() -> None:
    for row in BOOK.evidence.values():
        assert row.sources, row.id
        assert len(row.sources) == len(row.references)


def test_a_statement_is_as_firm_as_its_least_firm_row() -> None:
    assert weigh(Statement(id="x", rows=("K10", "K23")), BOOK.evidence).grade == "D"
    assert weigh(Statement(id="x", rows=("K10",)), BOOK.evidence).grade == "A"
    assert weigh(Statement(id="x", rows=("K12",)), BOOK.evidence).provenance == "M"
    assert weigh(Statement(id="x", rows=("K10", "D")), BOOK.evidence).provenance == "D"
    assert weigh(Statement(id="x", rows=("K11",), is_from_memory=True), BOOK.evidence).provenance == "M"


def test_an_unknown_row_is_a_fault() -> None:
    assert "K99" in _faults_with({CRACKING: ("rows: [K12]", "rows: [K99]")})


@pytest.mark.parametrize(
    ("key", "text", "found"),
    [
        ("learn.why-backs-crack.aim", "It is proven that a pop may miss by {pop_miss_cm} cm.", "proven"),
        ("learn.why-backs-crack.aim", "It has been shown that it may miss by {pop_miss_cm} cm.", "shown"),
        ("learn.why-backs-crack.older", "Some small studies show the same.", "studies show"),
        ("learn.why-backs-crack.older", "They say the same.", "a modest word"),
        ("learn.why-backs-crack.older", "They may cure it.", "cure"),
        ("learn.why-backs-crack.older", "They may say so of 17 people.", "17"),
        ("learn.why-backs-crack.older", "They may say so of twenty people.", "twenty"),
        ("learn.why-backs-crack.older", "They may say so of {nobody_knows}.", "nobody_knows"),
        ("learn.why-backs-crack.older", "They may say so of {mri_joints}.", "other rows"),
    ],
)
def test_words_stronger_than_the_grade_are_a_fault(key: str, text: str, found: str) -> None:
    assert found in _faults_with(_say(key, text))


def test_shown_may_be_said_at_grade_b() -> None:
    files = dict(FILES)
    for path, (old, new) in _say(
        "learn.why-backs-crack.pause", "It was shown to take about {knuckle_pause_min} minutes."
    ).items():
        files[path] = files[path].decode().replace(old, new).encode()
    assert decode_rulebook(files).library.articles


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({CRACKING: ("id: aim,", "id: aims,")}, "learn.why-backs-crack.aims"),
        ({CRACKING: ("id: aim,", "id: pause,")}, "every name once"),
        ({"learn/13-beliefs.yaml": ("risks/wear", "risks/worn")}, "risks/worn"),
        ({"norms/facts.yaml": ("value: 3.5", "value: 3.5, rule: safety.caps.roll.hard_s_per_day")}, "one of"),
        ({"norms/facts.yaml": ("safety.caps.routines.apart_h", "safety.caps.routines.nothing")}, "nothing"),
        ({"norms/facts.yaml": ("row: K06", "row: K66")}, "K66"),
        ({"norms/own_accuracy.yaml": ("n_clips: 16", "n_clips: 0")}, "own_accuracy"),
        ({TEXTS: ('"learn.risks.title"', '"learn.risks.titel"')}, "learn.risks.title"),
    ],
)
def test_what_does_not_fit_together_is_a_fault(changes: dict[str, tuple[str, str]], found: str) -> None:
    assert found in _faults_with(changes)


def test_numbers_that_a_rule_has_come_from_the_rule() -> None:
    facts, caps = BOOK.library.facts, BOOK.safety.caps
    assert facts["routines"] == str(caps.routines.per_day)
    assert float(facts["roll_stop_min"]) == caps.roll.hard_s_per_day / 60
    assert float(facts["change_deg"]) == BOOK.change.turning.change_deg


def test_no_text_has_an_open_placeholder() -> None:
    for key, text in BOOK.texts["en"].items():
        if key.startswith("learn.") and not key.startswith("learn.page."):
            assert not PLACEHOLDER.search(fill(text, BOOK.library.facts)), key


def test_statements_shown_on_one_page_have_different_names() -> None:
    for article in BOOK.library.articles:
        names = [s.id for s in article.statements]
        names += [ref.partition("/")[2] for section in article.sections for ref in section.refs]
        names += [f"{section.id}-title" for section in article.sections]
        assert len(names) == len(set(names)), article.id


@pytest.mark.parametrize("key", [key for key in BOOK.texts["en"] if key.startswith("recommend.")])
def test_a_reason_for_a_suggestion_names_a_row_or_our_judgement(key: str) -> None:
    rule_id = Why(key=key).rule_id
    assert rule_id == "D" or rule_id in BOOK.evidence


@pytest.mark.parametrize("card", BOOK.safety.help.cards, ids=lambda card: card.id)
def test_a_help_card_names_the_rules_that_lead_to_it(card) -> None:
    assert card.rows
    assert set(card.rows) <= BOOK.evidence.keys()
