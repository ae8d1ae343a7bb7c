"""One time that a rule of referral was met, and how it is told.

In: a rule and the entry that met it. Out: :class:`Occurrence`. Next file:
:mod:`unkink.coach.occurrences`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from unkink.coach.history import PastCheckIn, PastNote, PastReview, PastSession
from unkink.coach.referral_grammar import Urgency, Whom

if TYPE_CHECKING:
    from unkink.coach.referral_grammar import ReferralRule

Told: TypeAlias = PastCheckIn | PastReview | PastNote | PastSession
Numbers: TypeAlias = dict[str, str | int | float]
"""The person's own numbers, for the sentence."""


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """One time that a rule was met."""

    rule_id: str
    at: datetime
    """Aware UTC."""
    seq: int = 0
    """Order of writing of the entry that met it; 0: met by time alone, or not known."""
    message_key: str
    params: Numbers = {}
    urgency: Urgency
    whom: Whom
    card: str | None = None
    rows: tuple[str, ...] = ()
    """Rows, questions and stop signs behind it."""


def at_of(event: Told) -> datetime:
    """Return when an entry was made.

    Parameters
    ----------
    event : PastCheckIn, PastReview, PastNote or PastSession

    Returns
    -------
    datetime
        Aware UTC.
    """
    return event.started_at if isinstance(event, PastSession) else event.at


def make_occurrence(
    rule: ReferralRule,
    event: Told,
    params: Numbers,
    key: str = "reason",
    *,
    rows: tuple[str, ...] = (),
) -> Occurrence:
    """Return that an entry met a rule.

    Parameters
    ----------
    rule : ReferralRule
    event : PastCheckIn, PastReview, PastNote or PastSession
    params : dict
        The person's own numbers.
    key : str
        Last part of the sentence's key.
    rows : tuple of str
        Rows, questions and stop signs behind it.

    Returns
    -------
    Occurrence
        Unitless.
    """
    one = date_occurrence(rule, at_of(event), event.seq, params)
    return msgspec.structs.replace(one, message_key=f"referral.{rule.id}.{key}", rows=rows)


def date_occurrence(rule: ReferralRule, at: datetime, seq: int, params: Numbers) -> Occurrence:
    """Return that a rule was met at a moment.

    Parameters
    ----------
    rule : ReferralRule
    at : datetime
        Aware UTC.
    seq : int
        Order of writing; 0: by time alone.
    params : dict
        The person's own numbers.

    Returns
    -------
    Occurrence
        Unitless.
    """
    return Occurrence(
        rule_id=rule.id,
        at=at,
        seq=seq,
        message_key=f"referral.{rule.id}.reason",
        params=params,
        urgency=rule.urgency,
        whom=rule.whom,
        card=rule.card,
    )
