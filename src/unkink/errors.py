"""The one tree of errors.

In: a code, a message key and its parameters. Out: an exception that a door (``front/``) can translate.
Expected lack of data is never an exception (see :mod:`unkink.body.quantities`): only broken files, stores,
rights and our own bugs raise. Next file: :mod:`unkink.pipeline`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class UnkinkError(Exception):
    """Base of every error that Unkink raises on purpose.

    Parameters
    ----------
    code : str
        Permanent kebab-case identity, e.g. ``store-newer``; the ``code`` of an RFC 9457 problem.
    message_key : str
        Key in ``rules/locales`` of the sentence that says what happened and what to do.
    params : mapping of str to object
        Values for the placeholders of the sentence. Never health data.
    hint : str
        The command that repairs it, or an empty string.
    """

    exit_code = 70

    def __init__(
        self, code: str, message_key: str, *, params: Mapping[str, Any] | None = None, hint: str = ""
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message_key = message_key
        self.params = dict(params or {})
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFault:
    """One fault in one rule file."""

    file: str
    """Path relative to the rules folder."""
    path: str
    """Where in the file, as a JSON path such as ``$.faults[0].when``."""
    line: int
    """1-based line, 0 when it cannot be told."""
    expected: str
    found: str


class RuleError(UnkinkError):
    """Rule files cannot be used; carries all faults at once."""

    exit_code = 4

    def __init__(self, faults: tuple[RuleFault, ...]) -> None:
        super().__init__(
            "rules-damaged", "problem.rules-damaged", params={"count": len(faults)}, hint="unkink rules check"
        )
        self.faults = faults


class MediaError(UnkinkError):
    """A recording or video cannot be read."""

    exit_code = 3


class StoreError(UnkinkError):
    """The diary cannot be opened, read or written."""

    exit_code = 5


class AccessError(UnkinkError):
    """A request or connection without the right to be here."""

    exit_code = 2


class ExchangeError(UnkinkError):
    """Something could not be brought out or in."""

    exit_code = 5


class ContractError(UnkinkError):
    """A bug of ours: a promise between two parts was broken."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, "problem.bug", params=params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """A quantity that could not be measured, with its reason: a value, not an exception."""

    reason: str
    """Kebab-case, e.g. ``hips-hidden``; its sentence has the key ``tracking.<reason>``."""
    params: dict[str, Any] = field(default_factory=dict)
