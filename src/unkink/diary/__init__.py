"""What is remembered, on the person's own machine.

In: values. Out: the same values after a restart. Next file: :mod:`unkink.diary.records`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unkink.diary.repository import Diary, open_diary, utc_now

__all__ = ["Diary", "open_diary", "utc_now"]


def __getattr__(name: str) -> Any:
    """Import the database libraries only when a diary is opened."""
    if name in __all__:
        from unkink.diary import repository

        return getattr(repository, name)
    raise AttributeError(name)
