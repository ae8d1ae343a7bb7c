"""Where it hurts: the outline of a person and the regions of it that can be pointed at.

In: ``rules/body_map.yaml``, decoded strictly by :mod:`unkink.coach.rulebook`. Out: :class:`BodyMap`, which
the page and the report draw. Next file: :mod:`unkink.coach.reviewing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

import msgspec

from unkink.coach.exercise import Strict
from unkink.errors import RuleFault

View: TypeAlias = Literal["front", "back"]
SvgPath: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^M[0-9. MLCZ]+$", max_length=6000)]
"""Absolute moves, lines and curves only."""


class Lines(Strict, frozen=True, kw_only=True):
    """What is stroked in one view besides the contour."""

    front: tuple[SvgPath, ...]
    back: tuple[SvgPath, ...]


class Region(Strict, frozen=True, kw_only=True):
    """One region in one view; the same id may be in both."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
    view: View
    path: SvgPath


class BodyMap(Strict, frozen=True, kw_only=True):
    """A figure, seen from the front and from the back, in units of its own view box."""

    format: Literal[1]
    width: Annotated[int, msgspec.Meta(gt=0)]
    height: Annotated[int, msgspec.Meta(gt=0)]
    outline: SvgPath
    """Closed, to fill."""
    contour: SvgPath
    """To stroke."""
    lines: Lines
    regions: Annotated[tuple[Region, ...], msgspec.Meta(min_length=1)]

    def region_ids(self) -> tuple[str, ...]:
        """Return every region once, as they are drawn."""
        return tuple(dict.fromkeys(region.id for region in self.regions))


def check_body_map(path: str, body_map: BodyMap, texts: set[str]) -> Iterator[RuleFault]:
    """Yield what the types cannot say: a region twice in a view, a region without a name.

    Parameters
    ----------
    path : str
        Of the file.
    body_map : BodyMap
    texts : set of str
        Keys of the catalogue.

    Yields
    ------
    RuleFault
    """
    seen: set[tuple[str, str]] = set()
    for i, region in enumerate(body_map.regions):
        if (region.id, region.view) in seen:
            yield RuleFault(
                file=path, path=f"$.regions[{i}].id", line=0, expected="each once a view", found=region.id
            )
        seen.add((region.id, region.view))
    for name in body_map.region_ids():
        if f"place.{name}" not in texts:
            yield RuleFault(
                file=path, path="$.regions", line=0, expected=f"a sentence for place.{name}", found="none"
            )
