"""What every door needs: settings, rules, the diary, the clock, the gate.

In: nothing. Out: :class:`Services`, made once per server by :mod:`unkink.front.app`. Next file:
:mod:`unkink.front.app`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from unkink.coach.rulebook import Rulebook
from unkink.diary import Diary
from unkink.front.access import Gate
from unkink.settings import ServerSettings


def read_clock() -> datetime:
    """Return the time of day, aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that a request may use."""

    settings: ServerSettings
    rulebook: Rulebook
    diary: Diary
    gate: Gate
    clock: Callable[[], datetime] = read_clock
    """Time of day, aware UTC."""
    monotonic_s: Callable[[], float] = time.monotonic
    live: dict[str, object] = field(default_factory=dict)
    """Running live sessions by session id."""

    def utc_offset_min(self) -> int:
        """Return local time minus UTC on this computer, minutes."""
        offset = self.clock().astimezone().utcoffset()
        return 0 if offset is None else round(offset.total_seconds() / 60)


def services_of(request: Request) -> Services:
    """Return the services of the app that a request came to."""
    services: Services = request.app.state.services
    return services


Here = Annotated[Services, Depends(services_of)]
"""Annotation with which a route asks for the services."""
