"""Whether somebody's own words ask for a crisis line (R15).

In: what was typed, the phrases of the language (``referral.crisis-words``). Out: whether one of them is in
it. The text goes nowhere else. It only adds a card: no word takes one away. Next file:
:mod:`unkink.coach.referral`.
"""

from __future__ import annotations

import re

WORDS_KEY = "referral.crisis-words"
"""Key of the phrases, with bars in between."""


def is_crisis(text: str | None, phrases: str) -> bool:
    """Tell whether a text has one of the phrases, whatever its case, spaces and apostrophes.

    Parameters
    ----------
    text : str or None
    phrases : str
        With bars in between.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_crisis("I  dont want to LIVE", "do not want to live|don't want to live")
    True
    >>> is_crisis("this chair kills my back", "kill myself")
    False
    """
    if not text:
        return False
    said = _flatten(text)
    wanted = [_flatten(phrase) for phrase in phrases.split("|")]
    return any(phrase and re.search(rf"\b{re.escape(phrase)}\b", said) for phrase in wanted)


def _flatten(text: str) -> str:
    letters = re.sub(r"[^\w\s-]", "", text.casefold().replace("-", " "))
    return " ".join(letters.split())
