"""Before a tick only a few words are read: no way to say yes to a row may hide behind narrower words.

A row is asked once one of its signs is ticked. So every alternative of its question ("or") has to be said by
one of its signs; of what has to come together ("and"), one part is enough, and that part is what stands here.
"""

from __future__ import annotations

import re

import pytest

from safety.cases import RULES, TEXTS

# Each alternative of the question, in the words of its signs (a broad word may stand for narrower ones).
ALTERNATIVES = {
    "E01": "chest pain|tightness|pressure|breathless|sweating|sick|light-headed|arm, neck or jaw",
    "E02": "sudden severe|tearing|faint",
    "E03": "breathless|breathing in|coughing blood|racing heart|faint",
    "E04": "numbness|tingling|bladder|bowel|sexual",
    "E05": "weakness|heaviness|numbness|tingling|unsteady|trouble walking",
    "E06": "accident|fall|blow",
    "E07": "unusual headache|neck pain|face|speech|sight|swallowing|collapse|weakness|dizzy|unsteady",
    "E08": "fever|shivering",
    "E09": "cancer, ever",
    "E10": "aneurysm|marfan|loeys-dietz|ehlers-danlos",
    "E11": "pregnant|gave birth within 12 weeks",
    "E12": "severe|breathless|weakness|numbness|clumsy|trouble walking",
    "U00": "new pain between the shoulder blades",
    "U01": "osteoporosis|steroid tablets|50 or over",
    "U02": "osteoporosis|broken vertebra",
    "U03": "cancer, ever",
    "U04": "weight loss|night sweats|tiredness",
    "U05": "fever|chills|feeling ill",
    "U06": "injected drugs|weak immunity|steroid|diabetes|dialysis|tuberculosis|recent infection"
    "|operation|procedure|injection",
    "U07": "constant and worsening|at night",
    "U08": "growing|weakness|numbness|tingling",
    "U09": "clumsy|unsteady|electric shocks",
    "U10": "band of pain|burning|numbness",
    "U11": "lump|swelling|shape",
    "U12": "operation|injection|injury|last 12 weeks|not healed or cleared",
    "U13": "effort|meals|breathing",
    "U14": "under 18",
    "U15": "50 or over",
    "U16": "7 or more|no sleep|washing|dressing",
    "U17": "chiari|syringomyelia|unstable neck or spine|tumour",
    "U18": "blood clot|last 3 months",
    "U19": "collapsed lung|last 3 months|injury|not healed",
    "C01": "osteoporosis",
    "C02": "low bone density",
    "C03": "steroid tablets|past year",
    "C04": "pregnant",
    "C05": "gave birth within 12 weeks",
    "C06": "hypermobile|dislocating",
    "C07": "blood thinners|bleeding|bruising",
    "C08": "slipped disc",
    "C09": "scoliosis|scheuermann|stoop",
    "C10": "fusion|rods|cages",
    "C11": "spondyl|dish|fused",
    "C12": "rheumatoid|psoriatic",
    "C13": "shoulder pain|frozen shoulder|dislocation|operation",
    "C14": "dizzy|fainting|unsteady",
    "C15": "high blood pressure|heart disease|glaucoma|retina",
    "C16": "operation|last 12 weeks|pacemaker|port|stoma",
    "C17": "broken|sore|infected|burnt",
    "C18": "neck pain|neck arthritis",
    "C19": "low-back pain",
    "C20": "reflux|hiatus",
    "C21": "floor",
    "C22": "parkinson|ms|stroke|neuropathy",
    "C23": "asthma|lung disease|panic",
    "C24": "painkillers|sedatives|alcohol",
    "C25": "before 45",
    "C26": "widespread|fibromyalgia|flare-ups",
    "C27": "twisting|stretching|massage|manipulation",
}
LONGEST = 8
"""Signs on one card."""
LONGEST_LETTERS = 110
SIGNS = [sign for card in RULES.cards.cards for sign in card.signs]


def words_of(sign) -> str:
    name = f"screening.{sign.rows[0]}.label" if sign.id is None else f"screening.sign.{sign.id}"
    return TEXTS[name].lower()


def test_every_row_is_here() -> None:
    assert ALTERNATIVES.keys() == RULES.rows.keys()


@pytest.mark.parametrize("row_id", sorted(ALTERNATIVES))
def test_no_alternative_of_a_row_is_left_out_by_its_signs(row_id: str) -> None:
    said = " / ".join(words_of(sign) for sign in SIGNS if row_id in sign.rows)
    assert [way for way in ALTERNATIVES[row_id].split("|") if way not in said] == []


def test_what_locks_is_read_before_what_does_not() -> None:
    """What cannot wait is on the first pages."""
    firsts = [sign for card in RULES.cards.cards[:3] for sign in card.signs]
    asked = {row_id for sign in firsts for row_id in sign.rows}
    assert {"E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E12"} <= asked


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.id or sign.rows[0])
def test_a_sign_is_a_few_words(sign) -> None:
    assert len(words_of(sign)) <= LONGEST_LETTERS
    assert not re.search(r"[!?]", words_of(sign))


def test_the_check_is_short_enough() -> None:
    assert len(RULES.cards.cards) <= 8
    assert all(len(card.signs) <= LONGEST for card in RULES.cards.cards)
