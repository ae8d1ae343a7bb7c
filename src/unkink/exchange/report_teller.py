"""How a report says things: sentences, days, names, numbers.

In: the message catalogue, what a person typed. Out: text. Next file: :mod:`unkink.exchange.report_words`.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from unkink.exchange.wording import Wording

NOTHING = "\N{EN DASH}"
"""In the place of a value that is not known."""
_MINUS = "\N{MINUS SIGN}"
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Kinds of characters that are not shown, or that turn others around."""


def clean(text: str) -> str:
    """Return what a person typed as one line of characters that are shown as they are."""
    plain = "".join(
        " " if unicodedata.category(c) in _UNSEEN else c for c in unicodedata.normalize("NFC", text)
    )
    return " ".join(plain.split())


class Teller:
    """Words for one report.

    Parameters
    ----------
    wording : Wording
    """

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self._months = wording.say("report.months").split()

    def say(self, word: str, **params: object) -> str:
        """Return the sentence ``report.<word>``."""
        return self.wording.say(f"report.{word}", **params)

    def day(self, day: date | None) -> str:
        """Return a day as ``3 Mar 2026``."""
        return "" if day is None else f"{day.day} {self._months[day.month - 1]} {day.year}"

    def name(self, *keys: str, otherwise: str = "") -> str:
        """Return the first of these keys that has words."""
        return next((self.wording.say(key) for key in keys if self.wording.has(key)), otherwise)

    def place(self, region: str) -> str:
        """Return the name of a place."""
        return self.name(f"place.{region}", otherwise=clean(region))

    def technique(self, exercise_id: str) -> str:
        """Return the name of a technique."""
        return self.name(f"exercise.{exercise_id}.name", otherwise=clean(exercise_id))

    def row(self, rule_id: str) -> str:
        """Return what the person read when they ticked it."""
        keys = (f"screening.{rule_id}.label", f"check-in.{rule_id}.label", f"safety.symptom.{rule_id}")
        return self.name(*keys, f"referral.{rule_id}.title", otherwise=rule_id)


def number(value: float | None) -> str:
    """Return a number as people write it: 3, 2.5."""
    return NOTHING if value is None else f"{value:.1f}".removesuffix(".0")


def signed(value: float | None) -> str:
    """Return a change with its sign."""
    if value is None:
        return NOTHING
    text = number(abs(value))
    return "0" if text == "0" else f"{'+' if value > 0 else _MINUS}{text}"


def minutes(seconds: float) -> str:
    """Return a duration as ``72 min`` or ``3 h 20 min``."""
    whole = round(seconds / 60)
    return f"{whole} min" if whole < 120 else f"{whole // 60} h {whole % 60} min"  # noqa: PLR2004
