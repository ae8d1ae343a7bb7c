"""The shapes of what is known and how well: the evidence behind every rule, and the Learn pages.

In: nothing. Out: pydantic models. Next file: :mod:`unkink.front.routes.learn`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from unkink.front.routes.shapes import Shape, Wish


class Source(Shape):
    """One entry of the bibliography."""

    reference: str
    provenance: str
    """``S`` read in a copy, ``S2`` seen in a summary, ``M`` from memory, ``D`` our own judgement."""
    confirmed: str
    """What of it was really read; may be empty."""


class EvidenceRow(Shape):
    """On what one rule or statement rests."""

    sources: list[str]
    """Keys of ``EvidenceBook.sources``."""
    grade: str
    provenance: str
    """The firmest of its sources."""


class EvidenceBook(Shape):
    """Every row of evidence and every source.

    Asked for as a whole, so that no address tells which rule somebody met.
    """

    rows: dict[str, EvidenceRow]
    """By the id of the row."""
    sources: dict[str, Source]


class LearnStatement(Shape):
    """One thing said, with the rows that it rests on."""

    article: str
    """Its home; elsewhere it is repeated."""
    id: str
    text: str
    belief: str | None
    """What is often said instead; the text contradicts it."""
    rows: list[str]
    """Ids of rows of the evidence; ``D`` is our own judgement."""
    grade: Literal["A", "B", "C", "D"]
    """Of the least firm row."""
    provenance: Literal["S", "S2", "M", "D"]
    """The least firm of its rows; ``M`` also where the result itself is only remembered."""
    kind: Literal["fact", "advice", "unkink"]


class LearnSection(Shape):
    """Statements under one heading."""

    id: str
    title: str
    statements: list[LearnStatement]


class LearnLink(Shape):
    """Where to go on."""

    name: str
    text: str


class LearnArticle(Shape):
    """One article with all its texts."""

    id: str
    title: str
    summary: str
    sections: list[LearnSection]
    links: list[LearnLink]


class LearnQuery(Wish):
    """What somebody looks for; sent in the body, so that no address or log has it."""

    query: Annotated[str, StringConstraints(max_length=200)]


class LearnPart(Shape):
    """A piece of a text."""

    text: str
    is_found: bool
    """Whether it is a word that was looked for."""


class LearnHit(Shape):
    """A statement that was found."""

    article: str
    article_title: str
    id: str
    parts: list[LearnPart]
    """Together they are the statement."""
    belief: list[LearnPart]
    """What is often said instead, if it is about that."""


class LearnHits(Shape):
    """What was found, best first."""

    hits: list[LearnHit]


class AboutSection(Shape):
    """One part of the page About."""

    id: str
    title: str
    texts: list[str]


class UnsignedRule(Shape):
    """A rule that waits for a clinician's signature."""

    id: str
    text: str
    """What it is about, in few words; may be empty."""
    is_judgement: bool
    """Whether it rests on our own judgement alone."""


class About(Shape):
    """What Unkink is for, how accurate it is, what it is made of, what nobody has signed yet."""

    sections: list[AboutSection]
    unsigned: list[UnsignedRule]
