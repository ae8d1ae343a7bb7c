"""What is known: the articles, a search in them, and the evidence behind every rule.

In: the rulebook. Out: articles with their texts, statements that were found, rows and sources. Nothing that
somebody looks for is kept. Next file: :mod:`unkink.coach.finding`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fastapi import APIRouter

from unkink import __version__
from unkink.coach import finding, learning
from unkink.coach.rulebook import Rulebook
from unkink.coach.signing import find_unsigned
from unkink.front.routes import shapes_learn
from unkink.front.services import Here

router = APIRouter(prefix="/api", tags=["learn"])

ABOUT = ("use", "accuracy", "unsigned", "grades", "licences", "version")
"""Parts of the page About, in order."""
_MOST_PARAGRAPHS = 9
_LANGUAGE = "en"
_indexes: dict[str, finding.Index] = {}
"""The index of the rules that are in use, by their version: made when somebody first looks for something."""


@router.get("/evidence")
def list_evidence(here: Here) -> shapes_learn.EvidenceBook:
    """List every row of evidence with its sources, for "why am I seeing this?"."""
    book = here.rulebook
    return shapes_learn.EvidenceBook(
        rows={
            row.id: shapes_learn.EvidenceRow(
                sources=list(row.sources), grade=row.grade, provenance=row.provenance
            )
            for row in book.evidence.values()
        },
        sources={
            key: shapes_learn.Source(
                reference=source.reference, provenance=source.provenance, confirmed=source.confirmed
            )
            for key, source in book.sources.items()
        },
    )


@router.get("/learn")
def list_articles(here: Here) -> list[shapes_learn.LearnArticle]:
    """List all articles with their texts."""
    book = here.rulebook
    texts = book.texts[_LANGUAGE]
    told: list[shapes_learn.LearnArticle] = []
    for article in book.library.articles:
        stem = f"learn.{article.id}"
        sections: list[shapes_learn.LearnSection] = []
        for section in article.sections:
            pairs = [(article, one) for one in section.statements]
            pairs += [book.library.find(ref) for ref in section.refs]
            sections.append(
                shapes_learn.LearnSection(
                    id=section.id,
                    title=texts[f"{stem}.{section.id}.title"],
                    statements=[_to_statement(home, one, book) for home, one in pairs],
                )
            )
        told.append(
            shapes_learn.LearnArticle(
                id=article.id,
                title=texts[f"{stem}.title"],
                summary=texts[f"{stem}.summary"],
                sections=sections,
                links=[
                    shapes_learn.LearnLink(name=name, text=texts[f"learn.link.{name}"])
                    for name in article.links
                ],
            )
        )
    return told


@router.post("/learn/search")
def search(wish: shapes_learn.LearnQuery, here: Here) -> shapes_learn.LearnHits:
    """Find statements by words, also misspelt ones."""
    book = here.rulebook
    texts = book.texts[_LANGUAGE]
    if book.version not in _indexes:
        _indexes.clear()
        _indexes[book.version] = finding.make_index(book.library, texts)
    hits: list[shapes_learn.LearnHit] = []
    for hit in finding.find(_indexes[book.version], wish.query):
        key = f"learn.{hit.article.id}.{hit.statement.id}"
        hits.append(
            shapes_learn.LearnHit(
                article=hit.article.id,
                article_title=texts[f"learn.{hit.article.id}.title"],
                id=hit.statement.id,
                parts=_to_parts(learning.fill(texts[key], book.library.facts), hit.terms),
                belief=_to_parts(texts.get(f"{key}.belief", ""), hit.terms),
            )
        )
    return shapes_learn.LearnHits(hits=hits)


@router.get("/about")
def tell_about(here: Here) -> shapes_learn.About:
    """Tell what Unkink is for, how accurate it is, and which rules nobody has signed yet."""
    book = here.rulebook
    texts = book.texts[_LANGUAGE]
    values = _about_values(book)
    return shapes_learn.About(
        sections=[
            shapes_learn.AboutSection(
                id=name,
                title=texts[f"about.{name}.title"],
                texts=[
                    learning.fill(texts[key], values)
                    for n in range(1, _MOST_PARAGRAPHS)
                    if (key := f"about.{name}.{n}") in texts
                ],
            )
            for name in ABOUT
        ],
        unsigned=[
            shapes_learn.UnsignedRule(
                id=row.id, text=_label_of(row.id, texts), is_judgement=row.provenance == "D"
            )
            for row in find_unsigned(book.safety, book.evidence)
        ],
    )


def _about_values(book: Rulebook) -> dict[str, str]:
    own = book.library.accuracy
    low, high = own.limits_of_agreement_deg
    return {
        "clips": str(own.n_clips),
        "error": f"{own.mean_absolute_error_deg:g}",
        "low": f"{abs(low):g}",
        "high": f"{high:g}",
        "within": f"{100 * own.within_interval_frac:.0f}",
        "version": __version__,
        "rules": book.safety.version,
    }


def _label_of(rule_id: str, texts: Mapping[str, str]) -> str:
    keys = (f"screening.{rule_id}.label", f"check-in.{rule_id}.label", f"safety.symptom.{rule_id}")
    return next((texts[key] for key in keys if key in texts), "")


def _to_statement(
    article: learning.Article, statement: learning.Statement, book: Rulebook
) -> shapes_learn.LearnStatement:
    texts = book.texts[_LANGUAGE]
    key = f"learn.{article.id}.{statement.id}"
    weight = learning.weigh(statement, book.evidence)
    return shapes_learn.LearnStatement(
        article=article.id,
        id=statement.id,
        text=learning.fill(texts[key], book.library.facts),
        belief=texts[f"{key}.belief"] if statement.is_belief else None,
        rows=list(statement.rows),
        grade=weight.grade,
        provenance=weight.provenance,
        kind=statement.kind,
    )


def _to_parts(text: str, terms: Iterable[str]) -> list[shapes_learn.LearnPart]:
    return [
        shapes_learn.LearnPart(text=part, is_found=is_found) for part, is_found in finding.mark(text, terms)
    ]
