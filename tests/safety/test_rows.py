"""Every row of the Check does to each technique what the evidence table says."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from safety.cases import IDS, MILD, RULES, TEXTS, assessed, effect, is_as_strict
from unkink.coach.safety_rules import choose_provenance, iter_evidenced, list_message_keys
from unkink.coach.screening import Details, assess

with (Path(__file__).parent / "expected_effects.csv").open(encoding="utf-8") as _file:
    EXPECTED = {row["id"]: row for row in csv.DictReader(_file)}
WORDS = {"B": "block", "M": "modify", "OK": "ok"}
# What a row needs for its own line of the table: U00's gate held, U18's clinician agreed.
DETAILS = {"U00": MILD, "U18": Details(agreed=("U18",))}


def test_the_table_is_complete() -> None:
    assert len(EXPECTED) == 12 + 20 + 27
    assert set(EXPECTED) == set(RULES.rows)


@pytest.mark.parametrize("row_id", [pytest.param(i, id=f"{i}-yes") for i in sorted(EXPECTED)])
def test_row(row_id: str) -> None:
    """A yes does to TW, SS, WA and FR what the table says, and is told."""
    assessment = assessed(DETAILS.get(row_id), **{row_id: "yes"})
    for code in IDS:
        assert effect(assessment, code) == WORDS[EXPECTED[row_id][code]], code
    assert [f.rule_id for f in assessment.findings] == [row_id]
    tier = {"E": "emergency", "U": "urgent", "C": "caution"}[row_id[0]]
    assert assessment.tier == tier
    closes_all = all(EXPECTED[row_id][code] == "B" for code in IDS)
    assert assessment.locked == closes_all
    assert assessment.lock_ids == ((row_id,) if closes_all else ())


@pytest.mark.parametrize("row_id", [pytest.param(i, id=f"{i}-no") for i in sorted(EXPECTED)])
def test_row_answered_with_no_closes_nothing(row_id: str) -> None:
    """A no finds nothing; left out, everything is closed."""
    assessment = assessed(DETAILS.get(row_id), **{row_id: "no"})
    assert row_id not in [f.rule_id for f in assessment.findings]
    assert [effect(assessment, code) for code in IDS] == ["ok"] * 4
    told = {i: "no" for i in RULES.rows if i != row_id}
    left_out = assess(told, DETAILS.get(row_id, Details()), RULES)
    assert [effect(left_out, code) for code in IDS] == ["block"] * 4


@pytest.mark.parametrize("row_id", [pytest.param(i, id=f"{i}-unsure") for i in sorted(EXPECTED)])
def test_row_not_sure_is_never_looser_than_no(row_id: str) -> None:
    unsure = assessed(DETAILS.get(row_id), **{row_id: "unsure"})
    no = assessed(DETAILS.get(row_id))
    for exercise_id in IDS.values():
        assert is_as_strict(unsure.permissions[exercise_id], no.permissions[exercise_id])
    finding = unsure.findings[0]
    assert finding.unsure
    if row_id.startswith("E"):
        # Counts as urgent, and shows the emergency's card all the same.
        assert unsure.tier == finding.tier == "urgent"
        assert finding.card == RULES.rows[row_id].card
        assert unsure.locked
    else:
        yes = assessed(DETAILS.get(row_id), **{row_id: "yes"})
        assert unsure.tier == yes.tier
        assert unsure.permissions == yes.permissions


@pytest.mark.parametrize("row_id", sorted(EXPECTED))
def test_row_keeps_its_sources_and_grade(row_id: str) -> None:
    row = RULES.rows[row_id]
    assert row.grade == EXPECTED[row_id]["grade"]
    assert list(row.sources) == EXPECTED[row_id]["sources"].split()


@pytest.mark.parametrize("row_id", sorted(EXPECTED))
def test_row_has_its_words(row_id: str) -> None:
    question = TEXTS[f"screening.{row_id}.question"]
    assert question.endswith("?")
    # a few lines at most on a narrow screen; what has to be read before a tick is in test_signs.py
    assert len(TEXTS[f"screening.{row_id}.label"]) <= 110
    assert TEXTS[f"screening.{row_id}.told"]
    assert (f"screening.{row_id}.when" in TEXTS) == row_id.startswith("U")


def test_every_text_exists() -> None:
    assert sorted(key for key in list_message_keys(RULES) if key not in TEXTS) == []


def test_every_text_that_the_coach_names_exists() -> None:
    source = Path(__file__).parents[2] / "src" / "unkink" / "coach"
    code = "".join(path.read_text("utf-8") for path in source.glob("*.py"))
    named = set(re.findall(r'"((?:safety|recommend)\.[a-z-]+(?:\.[a-z0-9-]+)*)"', code))
    assert len(named) > 20
    assert sorted(key for key in named if key not in TEXTS) == []
    for exercise_position in ("chair", "standing", "floor"):
        assert f"recommend.position.{exercise_position}" in TEXTS
    for turn in ("left-smaller", "right-smaller"):
        assert f"recommend.turn.{turn}" in TEXTS
    for state in ("none", "expired"):
        assert f"safety.today.screening-{state}" in TEXTS


def test_no_emergency_number_is_written_down() -> None:
    ours = {k: v for k, v in TEXTS.items() if k.split(".")[0] in ("screening", "safety", "help", "check-in")}
    assert not [key for key, text in ours.items() if re.search(r"\b(999|112|911|000|111)\b", text)]
    for card in RULES.help.cards:
        if card.call == "emergency":
            steps = " ".join(TEXTS[f"help.{card.id}.do.{i + 1}"] for i in range(card.n_steps))
            assert "{emergency_number}" in steps, card.id
            assert TEXTS[f"help.{card.id}.say"]


def test_words_never_shame_or_scare() -> None:
    never = re.compile(
        r"\b(perfect|failed|streak|must|bad posture|out of place|crumbling|well done|great)\b", re.IGNORECASE
    )
    ours = {k: v for k, v in TEXTS.items() if k.split(".")[0] in ("screening", "safety", "help", "recommend")}
    assert not [key for key, text in ours.items() if never.search(text)]


def test_every_rule_says_what_it_rests_on() -> None:
    marks = {rule.id: choose_provenance(rule, RULES) for rule in iter_evidenced(RULES)}
    # From memory only, or our own judgement: shown as such.
    assert marks["L01"] == "S2"
    assert marks["L02"] == marks["P05"] == marks["S05"] == marks["P01"] == "M"
    assert marks["O01"] == marks["C13"] == marks["C27"] == "D"
    assert marks["E02"] == "S"
    for rule in iter_evidenced(RULES):
        if marks[rule.id] in ("M", "D"):
            assert rule.grade in ("C", "D"), rule.id
