"""Who may come in: this computer's own browser, with a key that only its user has seen.

In: the data folder, the address that the server listens on. Out: :class:`Gate`, which answers whether a
request may pass. The opened address carries a token that works once and is exchanged for a cookie; only
hashes of both are kept, in a file that only the user can read, so that a page goes on after a restart of
the server. Next file: :mod:`unkink.front.app`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unkink.errors import StoreError

ACCESS_FILE = "access.json"
COOKIE_DAYS = 90
MAX_COOKIES = 12
"""Browsers that are remembered; the oldest is forgotten first."""
MAX_TOKENS = 8
_DAY_S = 24 * 3600


def _hash(secret: str) -> str:
    """Return the hash that is kept; secrets are 256 random bits, so that no salt or slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    """Contents of the access file."""

    instance: str
    cookies: tuple[tuple[str, float], ...] = ()
    """Hash and expiry (seconds since 1970), oldest first."""
    tokens: tuple[str, ...] = ()


class KeyRing:
    """The hashes of cookies and one-time tokens, kept in the data folder.

    Parameters
    ----------
    folder : Path
        The data folder; must exist.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / ACCESS_FILE
        self._lock = threading.Lock()

    @property
    def exists(self) -> bool:
        """Whether a server ever ran on this data folder."""
        return self._path.exists()

    @property
    def instance(self) -> str:
        """Name of this data folder, without saying where it is."""
        with self._lock:
            keys = self._load()
            self._save(keys)
            return keys.instance

    def issue_token(self) -> str:
        """Make a token that opens the door once."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            keys = self._load()
            tokens = (*keys.tokens, _hash(token))[-MAX_TOKENS:]
            self._save(_Keys(instance=keys.instance, cookies=keys.cookies, tokens=tokens))
        return token

    def forget_tokens(self) -> None:
        """Tokens of an earlier run that nobody used are worth nothing."""
        with self._lock:
            keys = self._load()
            if keys.tokens:
                self._save(_Keys(instance=keys.instance, cookies=keys.cookies))

    def exchange(self, token: str, now_s: float) -> str | None:
        """Return a cookie for a token and forget the token; None if it does not open."""
        wanted = _hash(token)
        with self._lock:
            keys = self._load()
            left = tuple(known for known in keys.tokens if not hmac.compare_digest(known, wanted))
            if len(left) == len(keys.tokens):
                return None
            cookie = secrets.token_urlsafe(32)
            cookies = (*keys.cookies, (_hash(cookie), now_s + COOKIE_DAYS * _DAY_S))[-MAX_COOKIES:]
            self._save(_Keys(instance=keys.instance, cookies=cookies, tokens=left))
        return cookie

    def knows(self, cookie: str, now_s: float) -> bool:
        """Whether a cookie is one of ours and still good."""
        wanted = _hash(cookie)
        found = False
        with self._lock:
            for known, expires_s in self._load().cookies:
                found |= hmac.compare_digest(known, wanted) and now_s < expires_s
        return found

    def _load(self) -> _Keys:
        try:
            found: Any = json.loads(self._path.read_text(encoding="utf-8"))
            return _Keys(
                instance=str(found["instance"]),
                cookies=tuple((str(known), float(expires_s)) for known, expires_s in found["cookies"]),
                tokens=tuple(str(known) for known in found["tokens"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            # Damaged or not there: everybody needs a new key, nothing worse.
            return _Keys(instance=secrets.token_hex(8))

    def _save(self, keys: _Keys) -> None:
        text = json.dumps({"instance": keys.instance, "cookies": keys.cookies, "tokens": keys.tokens})
        try:
            if self._path.exists() and self._path.read_text(encoding="utf-8") == text:
                return
            draft = self._path.with_suffix(f".{os.getpid()}.part")
            draft.unlink(missing_ok=True)
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            draft.replace(self._path)
        except OSError:
            code = "store-folder"
            raise StoreError(
                code, "store.folder", params={"path": str(self._path.parent)}, hint="unkink doctor"
            ) from None


class Gate:
    """Decides on every request, before anything else sees it.

    Parameters
    ----------
    ring : KeyRing
    port : int
        Where the server listens; part of the only names that it answers to.
    extra_hosts : tuple of str
        Further ``host:port`` it is reached by, e.g. behind a proxy of one's own.
    """

    def __init__(self, ring: KeyRing, *, port: int, extra_hosts: tuple[str, ...] = ()) -> None:
        self.ring = ring
        self.port = port
        own = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        if port == 80:  # noqa: PLR2004 - the port that is left out of a Host header
            own |= {"127.0.0.1", "localhost", "[::1]"}
        self.hosts: frozenset[str] = frozenset(own | {host.lower() for host in extra_hosts})

    @property
    def cookie_name(self) -> str:
        """Cookies know no ports: two servers on one computer need two names."""
        return f"unkink-{self.port}"

    def is_host(self, host: str) -> bool:
        """Whether the server was called by a name of its own.

        A foreign name that leads here is DNS rebinding.
        """
        return host.lower() in self.hosts

    def is_own_origin(self, origin: str) -> bool:
        """Whether a page of this very server is asking."""
        scheme, _, host = origin.partition("://")
        return scheme in {"http", "https"} and host.lower() in self.hosts

    def is_known(self, cookies: Mapping[str, str], now_s: float) -> bool:
        """Whether the browser has a key."""
        cookie = cookies.get(self.cookie_name, "")
        return bool(cookie) and self.ring.knows(cookie, now_s)

    def cookie_header(self, cookie: str) -> str:
        """Return the value of ``Set-Cookie``."""
        return (
            f"{self.cookie_name}={cookie}; Path=/; Max-Age={COOKIE_DAYS * _DAY_S}; HttpOnly; SameSite=Strict"
        )
