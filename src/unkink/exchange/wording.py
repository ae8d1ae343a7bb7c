"""The words of what leaves: sentences of the message catalogue, numbers and times as people read them.

In: keys and parameters, seconds. Out: text. Next file: :mod:`unkink.exchange.story`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from unkink.acquire.rulefiles import load_rule_files

if TYPE_CHECKING:
    from collections.abc import Mapping

_MINUTE_S = 60
_HOUR_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Sentences of one language."""

    texts: Mapping[str, str]

    def say(self, key: str, **params: Any) -> str:
        """Return the sentence of a key; one that is missing shows as its key, so that it is found."""
        text = self.texts.get(key, key)
        for name, value in params.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def has(self, key: str) -> bool:
        """Tell whether there is a sentence."""
        return key in self.texts

    def count(self, key: str, n: int) -> str:
        """Return the sentence that counts: ``key.one`` for 1, else ``key.other``."""
        return self.say(f"{key}.{'one' if n == 1 else 'other'}", n=n)

    def name_exercise(self, exercise_id: str | None, variant: str | None = None) -> str:
        """Return the name of a technique or its variant as people know it."""
        for key in (variant, exercise_id):
            if key is not None and self.has(f"exercise.{key}.name"):
                return self.say(f"exercise.{key}.name")
        return self.say("chart.title.unknown")


@cache
def load_wording(language: str = "en") -> Wording:
    """Return the sentences that ship with the program."""
    texts: dict[str, str] = {}
    for path, data in load_rule_files().items():
        if path.startswith(f"locales/{language}/"):
            texts.update(json.loads(data))
    return Wording(texts=texts)


def format_length(seconds: float) -> str:
    """Return a duration in seconds as ``58 s``, ``3:05`` (minutes) or ``1:02:05`` (hours)."""
    if not math.isfinite(seconds):
        return "?"
    whole = round(max(seconds, 0.0))
    if whole < 2 * _MINUTE_S:
        return f"{whole} s"
    minutes, rest = divmod(whole, _MINUTE_S)
    if whole < _HOUR_S:
        return f"{minutes}:{rest:02d}"
    return f"{whole // _HOUR_S}:{minutes % _MINUTE_S:02d}:{rest:02d}"


def shorten(text: str, n: int) -> str:
    """Return text of at most ``n`` characters, its middle left out; control characters become spaces."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    if len(plain) <= n:
        return plain
    tail = n // 2
    return f"{plain[: n - tail - 1]}\N{HORIZONTAL ELLIPSIS}{plain[-tail:]}"
