"""The rulebook: everything that the coach knows, decoded strictly.

In: the bytes of all rule files by their path (:mod:`unkink.acquire.rulefiles` reads them). Out:
:class:`Rulebook`, or :class:`~unkink.errors.RuleError` with every fault of every file. Next file:
:mod:`unkink.coach.session`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from unkink.body.landmarks import Landmark
from unkink.body.quantities import QUANTITIES
from unkink.coach.body_map import BodyMap, check_body_map
from unkink.coach.evidence import Evidence, EvidenceRows, collect_evidence, collect_sources
from unkink.coach.exercise import (
    Coaching,
    Counting,
    Difference,
    Exercise,
    FaultRule,
    Level,
    RepetitionCounting,
    Strict,
)
from unkink.coach.learning import Library, decode_library
from unkink.coach.mobility import MOBILITY_ID, MobilityCheck
from unkink.coach.progress import ChangeNorms, RangeNorms
from unkink.coach.recognition import RecognitionRules, check_recognition
from unkink.coach.recommendation import Suggesting
from unkink.coach.reviewing import ReviewRules, check_reviews
from unkink.coach.rule_files import find_strays
from unkink.coach.safety_rules import SafetyRules, decode_safety, list_message_keys, make_limits
from unkink.coach.strict import decode_yaml
from unkink.errors import RuleError, RuleFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from unkink.coach.safety import SafetyLimits
    from unkink.coach.safety_grammar import Source

T = TypeVar("T", bound=Strict)
_CHECK = "mobility/check.yaml"
_RECOGNITION = "recognition.yaml"
_BODY_MAP = "body_map.yaml"
_REVIEWS = "norms/outcomes.yaml"
_SUGGESTING = "suggesting.yaml"
PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All rules, frozen."""

    version: str
    """First characters of the SHA-256 over all rule files.

    A session remembers by which rules it was coached.
    """
    exercises: Mapping[str, Exercise]
    mobility: MobilityCheck
    check: Exercise
    """The mobility check as the session's engine runs it: no technique, never suggested as one."""
    coaching: Coaching
    recognition: RecognitionRules
    safety: SafetyRules
    limits: SafetyLimits
    """What :func:`unkink.coach.safety.judge` judges by; made from ``safety``."""
    body_map: BodyMap
    reviews: ReviewRules
    """When the longer look back asks what."""
    change: ChangeNorms
    suggesting: Suggesting
    ranges: RangeNorms
    evidence: Mapping[str, Evidence]
    """By the id of the row."""
    sources: Mapping[str, Source]
    """What the rows rest on, by key."""
    library: Library
    """What a person can read up."""
    texts: Mapping[str, Mapping[str, str]]
    """Language, then key, then sentence."""

    def exercise(self, exercise_id: str, variant_id: str | None = None) -> Exercise:
        """Return one technique as a variant has it.

        Raises
        ------
        KeyError
            If there is no such technique or variant.
        """
        if exercise_id == self.check.id:
            return self.check.with_variant(variant_id)
        return self.exercises[exercise_id].with_variant(variant_id)

    def find_exercise(self, exercise_id: str) -> Exercise | None:
        """Return a technique or the mobility check, None where there is no such one any more."""
        return self.check if exercise_id == self.check.id else self.exercises.get(exercise_id)


def decode_rulebook(files: Mapping[str, bytes]) -> Rulebook:
    """Decode all rule files.

    Parameters
    ----------
    files : mapping of path within ``rules/`` (with ``/``) to bytes

    Returns
    -------
    Rulebook

    Raises
    ------
    RuleError
        With all faults of all files.
    """
    faults: list[RuleFault] = []
    texts = _decode_texts(files, faults)
    exercises: dict[str, Exercise] = {}
    for path in sorted(p for p in files if p.startswith("exercises/")):
        decoded = decode_yaml(path, files[path], Exercise)
        if isinstance(decoded, tuple):
            faults.extend(decoded)
            continue
        if path != f"exercises/{decoded.id}.yaml":
            faults.append(_fault(path, "$.id", "the name of the file", decoded.id))
        exercises[decoded.id] = decoded
        faults.extend(_check_exercise(path, decoded, texts))
    if not exercises:
        faults.append(_fault("exercises/", "$", "at least one technique file", "none that can be used"))
    faults.extend(find_strays(files))
    mobility = _decode(_CHECK, MobilityCheck, files, faults)
    if mobility is not None:
        faults.extend(_check_mobility(mobility, exercises, texts))
    coaching = _decode("coaching.yaml", Coaching, files, faults)
    recognition = _decode(_RECOGNITION, RecognitionRules, files, faults)
    if recognition is not None:
        faults.extend(check_recognition(_RECOGNITION, recognition, exercises))
    named = partial(check_body_map, texts=set(texts.get("en", {})))
    body_map = _decode(_BODY_MAP, BodyMap, files, faults, named)
    reviews = _decode(_REVIEWS, ReviewRules, files, faults, check_reviews)
    change = _decode("norms/change.yaml", ChangeNorms, files, faults)
    suggesting = _decode(_SUGGESTING, Suggesting, files, faults)
    ranges = _decode("norms/mobility.yaml", RangeNorms, files, faults)
    beside = _decode("norms/evidence.yaml", EvidenceRows, files, faults)
    safety: SafetyRules | None = None
    try:
        safety = decode_safety({p: data for p, data in files.items() if p.startswith("safety/")})
    except RuleError as error:
        faults.extend(error.faults)
    if safety is not None:
        known = texts.get("en", {})
        faults.extend(
            _fault("safety/", "$", f"a sentence for {key} in locales/en", "none")
            for key in sorted(list_message_keys(safety) - known.keys())
        )
    if faults or not (
        safety
        and coaching
        and recognition
        and body_map
        and reviews
        and change
        and suggesting
        and beside
        and mobility
        and ranges
    ):
        raise RuleError(tuple(faults))
    evidence = collect_evidence(safety, beside)
    check = mobility.to_exercise()
    unknown = (
        *_find_unknown_evidence(exercises, evidence),
        *_find_unknown_evidence({check.id: check}, evidence, _CHECK),
        *_find_unknown_rows(reviews, evidence),
    )
    if unknown:
        raise RuleError(unknown)
    library = decode_library(
        files, texts, evidence, {"safety": safety, "change": change, "exercises": exercises}
    )
    if isinstance(library, tuple):
        raise RuleError(library)
    return Rulebook(
        version=_version(files),
        exercises=exercises,
        mobility=mobility,
        check=check,
        coaching=coaching,
        recognition=recognition,
        safety=safety,
        limits=make_limits(safety),
        body_map=body_map,
        reviews=reviews,
        change=change,
        suggesting=suggesting,
        ranges=ranges,
        evidence=evidence,
        sources=collect_sources(safety, beside),
        library=library,
        texts=texts,
    )


def _decode(
    path: str,
    type_: type[T],
    files: Mapping[str, bytes],
    faults: list[RuleFault],
    check: Callable[[str, T], Iterable[RuleFault]] | None = None,
) -> T | None:
    """Decode one file; what is wrong with it is added to the faults."""
    decoded = decode_yaml(path, files.get(path, b""), type_)
    if isinstance(decoded, tuple):
        faults.extend(decoded)
        return None
    if check is not None:
        faults.extend(check(path, decoded))
    return decoded


def _version(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.encode() + b"\0" + files[path] + b"\0")
    return digest.hexdigest()[:12]


def _fault(file: str, path: str, expected: str, found: str) -> RuleFault:
    return RuleFault(file=file, path=path, line=0, expected=expected, found=found)


def _decode_texts(files: Mapping[str, bytes], faults: list[RuleFault]) -> dict[str, dict[str, str]]:
    """Merge ``locales/<language>/*.json``.

    A key stands in one file only; every language has every key and placeholder.
    """
    texts: dict[str, dict[str, str]] = {}
    for path in sorted(p for p in files if p.startswith("locales/")):
        language = path.split("/")[1]
        known = texts.setdefault(language, {})
        try:
            pairs = json.loads(files[path], object_pairs_hook=list)
        except ValueError as error:
            line = getattr(error, "lineno", 0)
            faults.append(
                RuleFault(file=path, path="$", line=line, expected="JSON", found="text that is not JSON")
            )
            continue
        for key, text in pairs:
            if not isinstance(text, str):
                faults.append(_fault(path, f"$[{key!r}]", "a sentence", type(text).__name__))
            elif key in known:
                faults.append(
                    _fault(path, f"$[{key!r}]", "a key that stands in one place only", "a second one")
                )
            else:
                known[key] = text
    reference = texts.get("en", {})
    for language, known in texts.items():
        where = f"locales/{language}"
        faults.extend(
            _fault(where, f"$[{key!r}]", "the same keys in every language", "a difference")
            for key in sorted(reference.keys() ^ known.keys())
        )
        faults.extend(
            _fault(where, f"$[{key!r}]", reference[key], known[key])
            for key in sorted(reference.keys() & known.keys())
            if set(PLACEHOLDER.findall(reference[key])) != set(PLACEHOLDER.findall(known[key]))
        )
    return texts


def _find_unknown_evidence(
    exercises: Mapping[str, Exercise], evidence: Mapping[str, Evidence], path: str | None = None
) -> Iterator[RuleFault]:
    """Yield evidence ids that a technique names and no row has; ``D`` alone is our own judgement."""
    for exercise in exercises.values():
        wholes = (exercise, *(exercise.with_variant(v.id) for v in exercise.variants))
        named = {i for whole in wholes for part in (*whole.guides, *whole.faults) for i in part.evidence}
        named |= {*exercise.evidence, *(i for v in exercise.variants for i in v.evidence)}
        named |= {
            i for w in wholes for d in (w.doses.short, w.doses.start, w.doses.standard) for i in d.evidence
        }
        for row_id in sorted(named - evidence.keys() - {"D"}):
            yield _fault(path or f"exercises/{exercise.id}.yaml", "$", "the id of a row of evidence", row_id)


def _find_unknown_rows(reviews: ReviewRules, evidence: Mapping[str, Evidence]) -> Iterator[RuleFault]:
    """Yield evidence ids that a part of the longer look names and no row has."""
    for i, part in enumerate(reviews.parts):
        for row_id in sorted(set(part.evidence) - evidence.keys()):
            yield _fault(_REVIEWS, f"$.parts[{i}].evidence", "the id of a row of evidence", row_id)


def _check_exercise(
    path: str, exercise: Exercise, texts: Mapping[str, Mapping[str, str]]
) -> Iterator[RuleFault]:
    """Yield what the types cannot say: names that must exist elsewhere, bounds that must be in order."""
    landmarks = {member.name.lower() for member in Landmark}
    for i, name in enumerate(exercise.camera.required):
        if name not in landmarks:
            yield _fault(path, f"$.camera.required[{i}]", "the name of a landmark", name)
    for i, name in enumerate(exercise.camera.preferred):
        if name not in landmarks:
            yield _fault(path, f"$.camera.preferred[{i}]", "the name of a landmark", name)
    for where, variant in [
        ("$", None),
        *((f"$.variants[{i}]", v.id) for i, v in enumerate(exercise.variants)),
    ]:
        whole = exercise.with_variant(variant)
        yield from _check_counting(path, f"{where}.counting", whole.counting)
        for i, fault in enumerate(whole.faults):
            yield from _check_fault(path, f"{where}.faults[{i}]", fault)
    known = texts.get("en", {})
    for key in _keys_of(exercise):
        if key not in known:
            yield _fault(path, "$", f"a sentence for {key} in locales/en", "none")


def _check_mobility(
    check: MobilityCheck, exercises: Mapping[str, Exercise], texts: Mapping[str, Mapping[str, str]]
) -> Iterator[RuleFault]:
    """Yield what the types cannot say about the mobility check."""
    if check.id != MOBILITY_ID:
        yield _fault(_CHECK, "$.id", MOBILITY_ID, check.id)
    if all(part.warms_up for part in check.parts):
        yield _fault(_CHECK, "$.parts", "a part that is measured", "none")
        return
    known = texts.get("en", {})
    for i, part in enumerate(check.parts):
        if part.technique not in exercises:
            yield _fault(_CHECK, f"$.parts[{i}].technique", "the id of a technique", part.technique)
        for key in (f"mobility.part.{part.id}", f"mobility.next.{part.id}"):
            if key not in known:
                yield _fault(_CHECK, f"$.parts[{i}]", f"a sentence for {key} in locales/en", "none")
    yield from _check_exercise(_CHECK, check.to_exercise(), texts)


def _check_counting(path: str, where: str, counting: Counting) -> Iterator[RuleFault]:
    names = counting.quantities if isinstance(counting, RepetitionCounting) else (counting.quantity,)
    for name in names:
        if name not in QUANTITIES:
            yield _fault(path, where, "the name of a quantity", name)
    if isinstance(counting, RepetitionCounting) and not (
        counting.floor_deg < counting.bottom_deg < counting.top_deg - counting.release_deg
    ):
        yield _fault(path, where, "floor_deg < bottom_deg < top_deg - release_deg", "another order")


def _check_fault(path: str, where: str, fault: FaultRule) -> Iterator[RuleFault]:
    when = fault.when
    names = (
        (when.quantity,)
        if isinstance(when, Level)
        else when.quantities
        if isinstance(when, Difference)
        else ()
    )
    for name in names:
        if name not in QUANTITIES:
            yield _fault(path, f"{where}.when", "the name of a quantity", name)
    if isinstance(when, Level):
        if (when.above is None) == (when.below is None):
            yield _fault(path, f"{where}.when", "one of above and below", "both or none")
        elif (when.above is not None and when.clear > when.above) or (
            when.below is not None and when.clear < when.below
        ):
            yield _fault(
                path, f"{where}.when.clear", "a value on the good side of the bound", str(when.clear)
            )
    if isinstance(when, Difference) and when.clear > when.above:
        yield _fault(path, f"{where}.when.clear", "at most the bound", str(when.clear))


def _keys_of(exercise: Exercise) -> Iterator[str]:
    """Yield every message key that a technique needs."""
    yield from (f"exercise.{exercise.id}.{part}" for part in ("name", "what", "benefit", "camera"))
    yield from (*exercise.setup, *exercise.dont, *exercise.ladder, *exercise.unseen)
    yield from (f"equipment.{name}" for name in exercise.equipment)
    for variant in exercise.variants:
        if not exercise.parts:
            yield from (f"exercise.{variant.id}.{part}" for part in ("name", "what"))
        yield from variant.setup
        yield from (f"equipment.{name}" for name in variant.equipment or ())
    for variant_id in (None, *(v.id for v in exercise.variants)):
        whole = exercise.with_variant(variant_id)
        for fault in whole.faults:
            yield fault.cue
            yield f"fault.{fault.id}"
        for guide in whole.guides:
            yield from ((f"{guide.cue}.{side}" for side in whole.sides) if guide.per_side else (guide.cue,))
            if guide.again is not None:
                yield from (
                    (f"{guide.again}.{side}" for side in whole.sides) if guide.per_side else (guide.again,)
                )
