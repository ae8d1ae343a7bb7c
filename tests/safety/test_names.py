"""Before a tick only the name of a safety question is read: no sign of the question may be missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import unkink

# What the question asks for, in the words of its name; a broad word may stand for several narrower ones.
SIGNS = {
    "E01": "chest pain|tightness|pressure|back pain|sweating|breathless|sick|faint|spreads",
    "E02": "tearing|severe|chest|back|tummy|passing out",
    "E03": "breathlessness|breathing in|coughing blood|racing heart|fainting",
    "E04": "numbness|tingling|between the legs|buttocks|bladder|bowel|sexual",
    "E05": "weak|heavy|numb|tingling|unsteady|walking",
    "E06": "accident|fall|blow",
    "E07": "headache|neck pain|sight|speech|swallowing|face|arm|collapse|balance",
    "E08": "fever|shivering|unwell|confused|drowsy|stiff neck|rash",
    "E09": "cancer|weakness|unsteadiness|numbness|bladder|bowel",
    "E10": "aneurysm|marfan|loeys-dietz|ehlers-danlos|new pain",
    "E11": "pregnant|6 weeks|headache|vision|rib|swelling|bleeding",
    "E12": "7 days|exercise|stretching|massage|cracking|severe pain|breathless|weak|numb|clumsi|walking",
    "U01": "fall|knock|lift|cough|bend|osteoporosis|steroids|over 65",
    "U02": "osteoporosis|spine fracture|new or different|stoop|height",
    "U03": "cancer|new or different",
    "U04": "weight loss|night sweats|tiredness",
    "U05": "back pain|fever|chills|ill",
    "U06": "injected drugs|immunity|diabetes|dialysis|tuberculosis|recent infection|operation|injection",
    "U07": "constant|worsening|at night",
    "U08": "numbness|tingling|weakness|arm|leg|side",
    "U09": "clumsy hands|balance|electric shocks",
    "U10": "band|pain|burning|numbness|chest|tummy",
    "U11": "lump|swelling|shape",
    "U12": "12 weeks|operation|procedure|rib|vertebra|breastbone|not cleared",
    "U13": "effort|meals|breathing",
    "U15": "first time|50|no obvious cause",
    "U16": "7 or more|at rest|sleep|washing|dressing",
    "U17": "chiari|syringomyelia|unstable neck|spine|tumour",
    "U18": "clot|leg|lung|now|3 months",
    "U19": "collapsed lung|3 months|chest injury",
}
TEXTS = json.loads(
    (Path(unkink.__file__).parent / "rules/locales/en/screening.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("row_id", SIGNS)
def test_a_name_is_not_narrower_than_its_question(row_id):
    name = TEXTS[f"screening.{row_id}.label"].lower()
    assert [sign for sign in SIGNS[row_id].split("|") if sign not in name] == []
