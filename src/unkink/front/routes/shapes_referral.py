"""The shapes of what is a reason to talk to somebody.

In: nothing. Out: pydantic models. Next file: :mod:`unkink.front.routes.referrals`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from unkink.coach.history import ReferralWord
from unkink.coach.referral_grammar import Urgency, Whom
from unkink.front.routes.shapes import Sentence, Shape, Wish


class Referral(Shape):
    """One reason to talk to somebody; its texts are here, so that the page need not carry all of them."""

    rule_id: str
    urgency: Urgency
    whom: Whom
    title: str
    reason: Sentence
    text: str
    """The reason in words, with the person's own numbers."""
    whom_text: str
    when_text: str
    card: str | None
    """Help card."""
    raised_at: datetime
    is_open: bool
    """Whether it is to be shown: neither answered since it was raised, nor put off."""
    snoozed_until: datetime | None
    can_snooze: bool
    rows: list[str]
    """Rows, questions and stop signs behind it."""
    answer: Literal["booked", "seen", "later"] | None
    """The newest answer since it was raised."""
    answered_at: datetime | None


class Referrals(Shape):
    """Every reason to talk to somebody, answered ones too; open ones first, most urgent first."""

    referrals: list[Referral]


class ReferralAnswered(Wish):
    """What became of which; in the body, so that no address tells of somebody's health."""

    rule_id: Annotated[str, StringConstraints(pattern=r"^R[0-9]{2}$", max_length=3)]
    answer: ReferralWord
