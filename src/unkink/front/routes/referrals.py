"""Reasons to talk to somebody: what they are, and what became of them.

In: the diary and the rules. Out: referrals with their words. Next file:
:mod:`unkink.front.routes.reviews`.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter

from unkink.coach import referral
from unkink.coach.rulebook import Rulebook
from unkink.diary import records
from unkink.front import day
from unkink.front.problems import english, plain_params, refuse
from unkink.front.routes import shapes, shapes_referral
from unkink.front.services import Here, Services

router = APIRouter(prefix="/api", tags=["referrals"])


@router.get("/referrals")
def list_referrals(here: Here) -> shapes_referral.Referrals:
    """List every reason to talk to somebody, answered ones too."""
    found = find_all(here, day.compute_standing(here))
    return shapes_referral.Referrals(referrals=[to_referral(one, here.rulebook) for one in found])


@router.post("/referrals/answer")
def answer_referral(told: shapes_referral.ReferralAnswered, here: Here) -> shapes_referral.Referrals:
    """Say that it is arranged, that it is done, or to ask again later; what is urgent is not put off."""
    found = {one.rule_id: one for one in find_all(here, day.compute_standing(here))}
    one = found.get(told.rule_id)
    if one is None:
        refuse("no-such-referral")
    if told.answer == "later" and not one.can_snooze:
        refuse("referral-urgent")
    here.diary.save_referral_answer(
        records.ReferralAnswer(rule_id=told.rule_id, answer=told.answer, answered_at=here.clock())
    )
    return list_referrals(here)


def find_all(here: Services, standing: day.Standing) -> tuple[referral.Referral, ...]:
    """Find every reason to talk to somebody, as of now."""
    rules = here.rulebook.safety
    return referral.find_referrals(
        standing.history, standing.assessment, rules, standing.now, here.utc_offset_min()
    )


def show_open(here: Services, standing: day.Standing) -> list[shapes_referral.Referral]:
    """Show what is open, for the first page."""
    return [to_referral(one, here.rulebook) for one in find_all(here, standing) if one.is_open]


def to_referral(one: referral.Referral, rulebook: Rulebook) -> shapes_referral.Referral:
    """Return a referral with its words."""
    texts = rulebook.texts.get("en", {})
    # what was ticked is itself the key of a text
    spoken = {
        name: texts.get(value, value) if isinstance(value, str) else _tidy(value)
        for name, value in one.reason.params.items()
    }
    return shapes_referral.Referral(
        rule_id=one.rule_id,
        urgency=one.urgency,
        whom=one.whom,
        title=_title_of(one, texts),
        reason=shapes.Sentence(key=one.reason.message_key, params=plain_params(one.reason.params)),
        text=english(one.reason.message_key, spoken),
        whom_text=texts.get(f"referral.whom.{one.whom}", one.whom),
        when_text=texts.get(f"referral.urgency.{one.urgency}", one.urgency),
        card=one.card,
        raised_at=one.raised_at,
        is_open=one.is_open,
        snoozed_until=one.snoozed_until,
        can_snooze=one.can_snooze,
        rows=list(one.rows),
        answer=one.answer,
        answered_at=one.answered_at,
    )


def _title_of(one: referral.Referral, texts: Mapping[str, str]) -> str:
    own = one.reason.message_key.replace(".reason", ".title")
    return texts.get(own) or texts.get(f"referral.{one.rule_id}.title", one.rule_id)


def _tidy(value: float) -> str:
    """Write a number as a person would: 3, not 3.0."""
    return f"{value:.1f}".removesuffix(".0")
