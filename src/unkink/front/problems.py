"""Everything that goes wrong, told one way: over HTTP, on the wire and in the terminal.

In: an exception. Out: a :class:`Problem` with a code, a sentence of the catalogue and, for our own bugs, an
identity to quote. What an unknown exception says is never passed on or logged: it could quote what the
person told us. Next file: :mod:`unkink.front.access`.
"""

from __future__ import annotations

import json
import logging
import secrets
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any, NoReturn

from unkink.acquire.rulefiles import RULES_DIR
from unkink.errors import AccessError, ContractError, RuleError, StoreError, UnkinkError

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("unkink.front")

_STATUS: dict[str, int] = {
    "no-key": 401,
    "key-used": 403,
    "other-host": 421,
    "other-origin": 403,
    "not-found": 404,
    "no-such-technique": 404,
    "session-unknown": 404,
    "method-not-allowed": 405,
    "session-elsewhere": 409,
    "session-over": 409,
    "no-such-referral": 404,
    "referral-urgent": 409,
    "session-running": 409,
    "screening-needed": 409,
    "check-in-needed": 409,
    "not-allowed-today": 409,
    "check-needs-camera": 409,
    "body-too-big": 413,
    "not-json": 415,
    "import-not-a-diary": 422,
    "import-newer": 422,
    "import-damaged": 422,
    "input-invalid": 422,
    "report-period": 422,
    "page-not-built": 503,
    "store-locked": 503,
    "store-full": 503,
    "store-readonly": 503,
    "store-io": 503,
    "store-unreachable": 503,
}
_BY_HTTP: dict[int, str] = {404: "not-found", 405: "method-not-allowed", 413: "body-too-big", 415: "not-json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that went wrong, ready to be told."""

    status: int
    code: str
    key: str
    params: Mapping[str, Any] = field(default_factory=dict)
    error_id: str | None = None
    hint: str = ""
    faults: Sequence[str] = ()

    def detail(self) -> str:
        """Return the English sentence."""
        return english(self.key, self.params)

    def document(self) -> dict[str, Any]:
        """Return the RFC 9457 document."""
        return {
            "type": f"urn:unkink:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail(),
            "code": self.code,
            "key": self.key,
            "params": plain_params(self.params),
            "error_id": self.error_id,
            "hint": self.hint,
            "faults": list(self.faults),
        }


@cache
def _english_texts() -> Mapping[str, str]:
    """Return the English sentences; whatever is damaged is left out: a problem has to be told even then."""
    texts: dict[str, str] = {}
    for path in sorted((RULES_DIR / "locales" / "en").glob("*.json")):
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(found, dict):
            texts.update({k: v for k, v in found.items() if isinstance(v, str)})
    return texts


def english(key: str, params: Mapping[str, Any]) -> str:
    """Return the sentence of a key, with its placeholders filled in as far as they are known."""
    text = _english_texts().get(key, key)
    for name, value in params.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def plain_params(params: Mapping[str, Any]) -> dict[str, str | int | float]:
    """Return parameters that any page can read: numbers and texts."""
    return {
        name: value if isinstance(value, str | int | float) and not isinstance(value, bool) else str(value)
        for name, value in params.items()
    }


def problem_of(code: str, *, faults: Sequence[str] = (), hint: str = "", **params: Any) -> Problem:
    """Make a problem of one of the codes in ``locales/en/problems.json``."""
    return Problem(
        status=_STATUS.get(code, 500),
        code=code,
        key=f"problem.{code}",
        params=params,
        faults=faults,
        hint=hint,
    )


def refuse(code: str) -> NoReturn:
    """Raise the error of a code of ours."""
    raise StoreError(code, f"problem.{code}")


def problem_from_http(status: int) -> Problem:
    """Make a problem of a bare HTTP status."""
    code = _BY_HTTP.get(status, "input-invalid" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "bug")
    return Problem(status=status, code=code, key=f"problem.{code}", params={"error_id": ""})


def problem_from(exc: BaseException) -> Problem:
    """Translate any exception; one that was not raised on purpose is a bug, logged without its words."""
    if isinstance(exc, UnkinkError) and not isinstance(exc, ContractError):
        faults = [f"{f.file}:{f.line} {f.path}" for f in exc.faults] if isinstance(exc, RuleError) else []
        status = _STATUS.get(exc.code, 403 if isinstance(exc, AccessError) else 500)
        return Problem(
            status=status, code=exc.code, key=exc.message_key, params=exc.params, hint=exc.hint, faults=faults
        )
    return bug_from(exc)


def bug_from(exc: BaseException) -> Problem:
    """Make the problem of a bug of ours and log where it happened."""
    error_id = secrets.token_hex(4)
    _LOG.error("bug %s: %s\n%s", error_id, type(exc).__name__, where(exc))
    return Problem(
        status=500, code="bug", key="problem.bug", params={"error_id": error_id}, error_id=error_id
    )


def where(exc: BaseException) -> str:
    """Return files, lines and functions of a traceback: no values, no words of the exception."""
    return "\n".join(
        f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(exc.__traceback__)
    )


def validation_faults(errors: Sequence[Any]) -> list[str]:
    """Say which fields are wrong and what was expected, without the values that were sent."""
    faults = []
    for error in errors[:20]:
        place = ".".join(str(part)[:40] for part in error.get("loc", ()))
        faults.append(f"{place}: {error.get('msg', '')[:160]}")
    return faults
