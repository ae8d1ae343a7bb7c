"""What a person can read up: articles of statements, each with the rows that it rests on.

In: ``rules/learn/*.yaml`` (in the order of the file names), ``rules/norms/facts.yaml`` (every number that a
statement tells) and the texts. Out: :class:`Library`, or every fault: a statement needs a text and known
rows, its words may not be stronger than its grade, and its numbers come from facts that rest on one of its
own rows. Next file: :mod:`unkink.coach.finding`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias, cast

import msgspec

from unkink.coach.evidence import ORDER, Evidence
from unkink.coach.exercise import Strict
from unkink.coach.own_accuracy import OwnAccuracy
from unkink.coach.safety_grammar import Grade, Kebab, Provenance
from unkink.coach.strict import decode_yaml
from unkink.errors import RuleFault

FACTS = "norms/facts.yaml"
OWN = "norms/own_accuracy.yaml"
FOLDER = "learn/"
PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
OURS = "D"
"""The row of what is our own judgement alone."""
GRADES: tuple[Grade, ...] = ("A", "B", "C", "D")
"""From the firmest to the least firm."""
LinkName: TypeAlias = Literal["help", "check", "techniques", "progress", "settings", "about", "accuracy"]

RowId = Annotated[str, msgspec.Meta(pattern=r"^(D|[A-Z]{1,2}[0-9]{1,2})$")]
"""``D`` alone is our own judgement, without a row."""
Ref = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]
FactName = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+$")]

NUMBERS = re.compile(
    r"\d+|\b(?:five|six|seven|eight|nine|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b"
)
"""Numbers that a text would tell by itself."""
STRONG = ("proven", "proves", "prove", "shown", "shows", "demonstrated", "demonstrates", "established")
"""Words for what grade A or B has."""
AS_STUDIES = (
    "studies show",
    "studies found",
    "research shows",
    "research found",
    "trials found",
    "trials show",
)
"""Not for what is only remembered or our own judgement."""
HEDGES = (
    "may", "might", "can", "could", "seems", "seem", "probably", "perhaps", "suggests", "suggest", "reported",
    "unknown", "unclear", "uncertain", "debated", "unproven", "small", "few", "nobody", "hardly",
    "not known", "not clear", "no study", "no figure", "no trial", "no numbers", "one study",
)  # fmt: skip
"""One of these has to be in a fact of grade C or D."""
NEVER = (
    "out of place", "out of line", "crumbling", "bad posture", "weak core", "perfect", "failed", "streak",
    "must", "cure", "cures", "guarantee", "guaranteed", "danger", "dangerous",
)  # fmt: skip
"""Not in what we say; a belief may be told in its own words."""


class Fact(Strict, frozen=True, kw_only=True):
    """A number that a text tells."""

    row: RowId
    """What it rests on."""
    value: float | None = None
    rule: str | None = None
    """Where a rule already has the value, as a path such as ``safety.caps.routines.per_day``."""
    divide_by: Annotated[float, msgspec.Meta(gt=0)] = 1.0
    """To tell seconds as minutes, hours as days."""
    unit: str
    """Empty for a plain count or ratio."""
    population: str = ""


class Facts(Strict, frozen=True, kw_only=True):
    """All numbers of the articles, by name."""

    format: Literal[1]
    facts: dict[FactName, Fact]


class Statement(Strict, frozen=True, kw_only=True):
    """One thing said; its text is ``learn.<article>.<id>``.

    A belief has its popular wording in ``learn.<article>.<id>.belief``; ``.also``, where there is one, are
    further words by which it is found.
    """

    id: Kebab
    rows: Annotated[tuple[RowId, ...], msgspec.Meta(min_length=1)]
    kind: Literal["fact", "advice", "unkink"] = "fact"
    """About the world; what to do; how Unkink itself works."""
    is_belief: bool = False
    """Whether it contradicts what is often said."""
    is_from_memory: bool = False
    """Whether the result itself is remembered, although its source was looked at."""


class Section(Strict, frozen=True, kw_only=True):
    """Statements under one heading, ``learn.<article>.<id>.title``: its own, or those of other articles."""

    id: Kebab
    statements: tuple[Statement, ...] = ()
    refs: tuple[Ref, ...] = ()
    """Statements told here too, as ``article/statement``."""


class Article(Strict, frozen=True, kw_only=True):
    """One article: ``learn.<id>.title`` and ``learn.<id>.summary``."""

    format: Literal[1]
    id: Kebab
    sections: Annotated[tuple[Section, ...], msgspec.Meta(min_length=1)]
    links: tuple[LinkName, ...] = ()
    """Where to go on, in order; the first is the most important."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, in reading order."""
        return tuple(statement for section in self.sections for statement in section.statements)


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    """How firm a statement is: as firm as the least firm row that it rests on."""

    grade: Grade
    provenance: Provenance


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """All articles and the numbers in them."""

    articles: tuple[Article, ...]
    facts: dict[str, str]
    """Numbers as they are told, by name."""
    accuracy: OwnAccuracy

    def find(self, ref: str) -> tuple[Article, Statement]:
        """Return a statement and the article that is its home.

        Raises
        ------
        KeyError
            If there is none.
        """
        home, _, name = ref.partition("/")
        for article in self.articles:
            for statement in article.statements:
                if (article.id, statement.id) == (home, name):
                    return article, statement
        raise KeyError(ref)


def weigh(statement: Statement, evidence: Mapping[str, Evidence]) -> Weight:
    """Say how firm a statement is.

    Parameters
    ----------
    statement : Statement
    evidence : mapping of row id to Evidence

    Returns
    -------
    Weight
        The weakest grade and the least firm provenance of its rows; ``M`` where it is from memory.
    """
    grades: list[Grade] = []
    provenances: list[Provenance] = ["M"] if statement.is_from_memory else []
    for row_id in statement.rows:
        row = evidence.get(row_id)
        grades.append("D" if row is None else row.grade)
        provenances.append("D" if row is None else row.provenance)
    return Weight(grade=max(grades, key=GRADES.index), provenance=max(provenances, key=ORDER.index))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Return a text with its numbers (unitless, as told)."""
    return PLACEHOLDER.sub(lambda match: facts.get(match[1], match[0]), text)


def decode_library(
    files: Mapping[str, bytes],
    texts: Mapping[str, Mapping[str, str]],
    evidence: Mapping[str, Evidence],
    rules: Mapping[str, Any],
) -> Library | tuple[RuleFault, ...]:
    """Decode and check all articles.

    Parameters
    ----------
    files : mapping of str to bytes
        All rule files by their path within ``rules/``.
    texts : mapping of language to mapping of key to sentence
    evidence : mapping of row id to Evidence
    rules : mapping of str to object
        Decoded rules that facts may point into, by the first word of their path.

    Returns
    -------
    Library or tuple of RuleFault
        The tuple is never empty.
    """
    faults: list[RuleFault] = []
    decoded = decode_yaml(FACTS, files.get(FACTS, b""), Facts)
    own = decode_yaml(OWN, files.get(OWN, b""), OwnAccuracy)
    if isinstance(decoded, tuple) or isinstance(own, tuple):
        return tuple(fault for part in (decoded, own) if isinstance(part, tuple) for fault in part)
    told: dict[str, str] = {}
    for name, fact in decoded.facts.items():
        value = _value_of(fact, rules)
        if fact.row not in evidence:
            faults.append(_fault(FACTS, f"$.facts.{name}.row", "the id of a row of evidence", fact.row))
        if value is None:
            faults.append(_fault(FACTS, f"$.facts.{name}", "one of value and rule, a number", str(fact.rule)))
        else:
            told[name] = f"{value / fact.divide_by:.6g}"
    articles: list[Article] = []
    for path in sorted(p for p in files if p.startswith(FOLDER)):
        article = decode_yaml(path, files[path], Article)
        if isinstance(article, tuple):
            faults.extend(article)
            continue
        if not path.endswith(f"-{article.id}.yaml"):
            faults.append(_fault(path, "$.id", "the name of the file after its number", article.id))
        articles.append(article)
        for language, known in texts.items():
            faults.extend(_check_article(path, article, known, decoded.facts, evidence, language))
    if not articles:
        faults.append(_fault(FOLDER, "$", "at least one article", "none"))
    named = [article.id for article in articles]
    faults.extend(
        _fault(FOLDER, "$", "every article once", name)
        for name in sorted({n for n in named if named.count(n) > 1})
    )
    used = {
        n
        for known in texts.values()
        for k in known
        if k.startswith("learn.")
        for n in PLACEHOLDER.findall(known[k])
    }
    faults.extend(
        _fault(FACTS, f"$.facts.{n}", "a fact that a text tells", n) for n in sorted(told.keys() - used)
    )
    faults.extend(_check_refs(articles))
    faults.extend(_find_strays(articles, texts))
    return tuple(faults) or Library(articles=tuple(articles), facts=told, accuracy=own)


def list_message_keys(article: Article) -> tuple[str, ...]:
    """Return every text that an article needs (unitless)."""
    stem = f"learn.{article.id}"
    keys = [f"{stem}.title", f"{stem}.summary", *(f"{stem}.{s.id}.title" for s in article.sections)]
    for statement in article.statements:
        keys.append(f"{stem}.{statement.id}")
        if statement.is_belief:
            keys.append(f"{stem}.{statement.id}.belief")
    return (*keys, *(f"learn.link.{name}" for name in article.links))


def _value_of(fact: Fact, rules: Mapping[str, Any]) -> float | None:
    """Return the number of a fact, None where it has none or two."""
    if (fact.value is None) == (fact.rule is None):
        return None
    if fact.value is not None:
        return fact.value
    found: Any = rules
    for step in cast("str", fact.rule).split("."):
        if isinstance(found, Mapping):
            found = cast("Mapping[str, Any]", found).get(step)
        elif isinstance(found, tuple):
            parts = cast("tuple[Any, ...]", found)
            found = parts[int(step)] if step.isdigit() and int(step) < len(parts) else None
        else:
            found = getattr(found, step, None)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _check_article(
    path: str,
    article: Article,
    known: Mapping[str, str],
    facts: Mapping[str, Fact],
    evidence: Mapping[str, Evidence],
    language: str,
) -> Iterator[RuleFault]:
    ids = [part.id for part in (*article.sections, *article.statements)]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        yield _fault(path, "$.sections", "every name once", twice)
    for key in list_message_keys(article):
        if key not in known:
            yield _fault(path, "$", f"a sentence for {key} in locales/{language}", "none")
    for i, section in enumerate(article.sections):
        for j, statement in enumerate(section.statements):
            where = f"$.sections[{i}].statements[{j}]"
            unknown = [row_id for row_id in statement.rows if row_id not in evidence and row_id != OURS]
            for row_id in unknown:
                yield _fault(path, f"{where}.rows", "the id of a row of evidence", row_id)
            text = known.get(f"learn.{article.id}.{statement.id}")
            if text is None or unknown:
                continue
            yield from _check_numbers(path, where, statement, text, facts)
            if language == "en":
                yield from _check_words(path, where, statement, text, weigh(statement, evidence))


def _check_numbers(
    path: str, where: str, statement: Statement, text: str, facts: Mapping[str, Fact]
) -> Iterator[RuleFault]:
    """Yield numbers that no fact has, and facts that rest on something else than the statement."""
    for name in PLACEHOLDER.findall(text):
        if name not in facts:
            yield _fault(path, where, f"a fact {name} in {FACTS}", "none")
        elif facts[name].row not in statement.rows:
            yield _fault(path, f"{where}.rows", f"{facts[name].row}, on which {{{name}}} rests", "other rows")
    if typed := NUMBERS.search(PLACEHOLDER.sub("", text).lower()):
        yield _fault(path, where, "numbers as {facts}", typed[0])


def _check_words(
    path: str, where: str, statement: Statement, text: str, weight: Weight
) -> Iterator[RuleFault]:
    """Yield words that claim more than the grade, and words that we do not use."""
    plain = " ".join(re.findall(r"[a-z']+", text.lower()))

    def has(phrase: str) -> bool:
        return f" {phrase} " in f" {plain} "

    is_firm = weight.grade in ("A", "B")
    for phrase in STRONG:
        if not is_firm and has(phrase):
            yield _fault(path, where, f"no {phrase!r} at grade {weight.grade}", phrase)
    for phrase in AS_STUDIES:
        if (not is_firm or weight.provenance in ("M", "D")) and has(phrase):
            yield _fault(path, where, f"no {phrase!r} at {weight.grade}, {weight.provenance}", phrase)
    for phrase in NEVER:
        if has(phrase):
            yield _fault(path, where, "kind and modest words", phrase)
    if statement.kind == "fact" and not is_firm and not any(has(hedge) for hedge in HEDGES):
        yield _fault(path, where, f"a modest word such as may at grade {weight.grade}", text[:40])


def _check_refs(articles: list[Article]) -> Iterator[RuleFault]:
    """Yield references that lead nowhere, and sections that say nothing."""
    known = {f"{article.id}/{statement.id}" for article in articles for statement in article.statements}
    for article in articles:
        for i, section in enumerate(article.sections):
            if not section.statements and not section.refs:
                yield _fault(f"{FOLDER}{article.id}", f"$.sections[{i}]", "statements or refs", "neither")
            for ref in section.refs:
                if ref not in known:
                    yield _fault(f"{FOLDER}{article.id}", f"$.sections[{i}].refs", "article/statement", ref)


def _find_strays(articles: list[Article], texts: Mapping[str, Mapping[str, str]]) -> Iterator[RuleFault]:
    """Yield texts of articles that no article says."""
    wanted = {key for article in articles for key in list_message_keys(article)}
    for language, known in texts.items():
        for key in sorted(known):
            is_ours = key.startswith("learn.") and not key.startswith(("learn.page.", "learn.link."))
            if is_ours and key not in wanted and key.removesuffix(".also") not in wanted:
                yield _fault(f"locales/{language}", key, "a text that an article says", "one that none does")


def _fault(file: str, path: str, expected: str, found: str) -> RuleFault:
    return RuleFault(file=file, path=path, line=0, expected=expected, found=found)
