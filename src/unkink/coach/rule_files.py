"""Which rule files there are, and what each of them is: for the decoder, and for the schemas of editors.

In: nothing. Out: a type for every rule file, by its path or pattern; files that nothing reads. Next file:
:mod:`unkink.coach.rulebook`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, cast

import msgspec

from unkink.coach.body_map import BodyMap
from unkink.coach.evidence import EvidenceRows
from unkink.coach.exercise import Coaching, Exercise
from unkink.coach.learning import Article, Facts, OwnAccuracy
from unkink.coach.mobility import MobilityCheck
from unkink.coach.progress import ChangeNorms, RangeNorms
from unkink.coach.recognition import RecognitionRules
from unkink.coach.recommendation import Suggesting
from unkink.coach.reviewing import ReviewRules
from unkink.coach.safety_rules import SAFETY_FILES
from unkink.errors import RuleFault

TYPES: Mapping[str, type[msgspec.Struct]] = {
    "body_map.yaml": BodyMap,
    "coaching.yaml": Coaching,
    "recognition.yaml": RecognitionRules,
    "suggesting.yaml": Suggesting,
    "exercises/*.yaml": Exercise,
    "learn/*.yaml": Article,
    "mobility/check.yaml": MobilityCheck,
    "norms/change.yaml": ChangeNorms,
    "norms/evidence.yaml": EvidenceRows,
    "norms/facts.yaml": Facts,
    "norms/mobility.yaml": RangeNorms,
    "norms/outcomes.yaml": ReviewRules,
    "norms/own_accuracy.yaml": OwnAccuracy,
    **{path: type_ for path, (_, type_) in SAFETY_FILES.items()},
}
"""What each rule file is, by its path within the folder."""

_OTHERS = ("locales/*/*.json", "norms/accuracy.yaml")
"""Texts; and what the measuring was measured to be, which only the documents read."""


def find_strays(paths: Iterable[str]) -> Iterator[RuleFault]:
    """Yield a fault for every file that no rule is read from: a misspelt name must not go unseen.

    Parameters
    ----------
    paths : iterable of str
        Within the folder, with ``/``.

    Yields
    ------
    RuleFault
        But none for ``safety/``: its own decoder tells those.
    """
    known = (*TYPES, *_OTHERS)
    for path in sorted(paths):
        if not path.startswith("safety/") and not any(_matches(path, pattern) for pattern in known):
            yield RuleFault(
                file=path,
                path="$",
                line=0,
                expected="the name of a rule file",
                found="a file that nothing reads",
            )


def make_schemas() -> dict[str, dict[str, Any]]:
    """Make the JSON Schema of every kind of rule file.

    Returns
    -------
    dict of file name to schema
        ``safety.caps.schema.json`` for ``safety/caps.yaml``, ``exercises.schema.json`` for all of a folder.
    """
    return {_name_of(pattern): _make_schema(pattern, type_) for pattern, type_ in TYPES.items()}


def _matches(path: str, pattern: str) -> bool:
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)


def _name_of(pattern: str) -> str:
    stem = pattern.removesuffix(".yaml").removesuffix("/*").replace("/", ".")
    return f"{stem}.schema.json"


def _make_schema(pattern: str, type_: type[msgspec.Struct]) -> dict[str, Any]:
    schema = _settle(msgspec.json.schema(type_))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"rules/{pattern}", **schema}


def _settle(part: object) -> Any:
    """Put one of several equal ways to write a schema: ``typing`` keeps whichever was asked for first.

    ``Meta(ge=0)`` and ``Meta(ge=0.0)`` are equal to it, and so are two orders of the same union.
    """
    if isinstance(part, dict):
        plain = cast("dict[str, object]", part)
        settled = {key: _settle(value) for key, value in plain.items()}
        return settled | {key: sorted(settled[key], key=repr) for key in ("anyOf", "enum") if key in settled}
    if isinstance(part, list):
        return [_settle(one) for one in cast("list[object]", part)]
    return int(part) if isinstance(part, float) and part.is_integer() else part
