"""Finding a statement by words, also by misspelt ones.

In: the articles as they are read, and what somebody typed. Out: statements, best first, with the words that
were found. Accents, plurals, endings, missing or additional spaces and a few wrong letters are forgiven. Next
file: :mod:`unkink.front.routes.learn`.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from unkink.coach.learning import Article, Library, Statement, fill

LONGEST_QUERY = 200
"""Characters; the rest is not read."""
_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = (
    "a about am an and any are as at be but by can cause caused causes could do does for from get give"
    " going had has have having how i if in into is it its just me my no not of on only or really"
    " should so some than that the their them then there they this to too very was what when where"
    " which while who why will with would you your"
)
_STOP = frozenset(_STOP_WORDS.split())
_TEXT, _ALSO, _SECTION, _ARTICLE = 1.0, 1.1, 0.55, 0.4
"""How much a word counts by where it stands."""
_PREFIX, _WITHIN, _MISSPELT, _OTHER_START = 0.9, 0.7, 0.85, 0.8
_LEAST_JOINED = 8
"""Letters of two words written as one before they are compared."""
_LEAST_FILLER = 5
_LEAST_BEGUN = 3
"""Fewer letters begin too many words."""
_NEXT_BEST = 0.04
"""What is so much less alike than the best is not what was meant."""
_N_CLOSE = 12
_WRONG_LETTERS = ((9, 3), (6, 2), (3, 1))
"""From so many letters on, so many wrong ones are forgiven."""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that was found."""

    article: Article
    statement: Statement
    score: float
    """Unitless; higher is better."""
    terms: frozenset[str]
    """Stems that were found, for :func:`mark`."""


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """All statements by their words."""

    entries: tuple[tuple[Article, Statement], ...]
    postings: dict[str, dict[int, float]]
    """Stem, then number of the entry, then how much it counts there."""
    stems: dict[str, str]
    """Word as written (folded), then its stem; the words that misspelt ones are compared with."""
    rarity: dict[str, float]
    """Inverse document frequency of each stem."""
    joined: dict[str, tuple[str, str]]
    """Two words written as one, then both stems."""


def make_index(library: Library, texts: Mapping[str, str]) -> Index:
    """Index every statement at its home.

    Parameters
    ----------
    library : Library
    texts : mapping of key to sentence
        Of one language.

    Returns
    -------
    Index
    """
    entries: list[tuple[Article, Statement]] = []
    postings: defaultdict[str, dict[int, float]] = defaultdict(dict)
    stems: dict[str, str] = {}
    joined: dict[str, tuple[str, str]] = {}
    for article in library.articles:
        for section in article.sections:
            for statement in section.statements:
                number = len(entries)
                entries.append((article, statement))
                for weight, text in _fields(article, section.id, statement, library, texts):
                    words = [fold(match[0]) for match in _WORD.finditer(text)]
                    for word, count in Counter(words).items():
                        if word in _STOP:
                            continue
                        root = stem(word)
                        stems[word] = root
                        stems.setdefault(root, root)
                        worth = weight * (1.0 + 0.2 * min(count - 1, 2))
                        postings[root][number] = max(postings[root].get(number, 0.0), worth)
                    if weight >= _TEXT:
                        for one, two in itertools.pairwise(words):
                            is_said = one not in _STOP and two not in _STOP
                            if is_said and len(one) + len(two) >= _LEAST_JOINED:
                                joined.setdefault(one + two, (stem(one), stem(two)))
    n = len(entries)
    rarity = {root: math.log(1.0 + n / (1.0 + len(found))) for root, found in postings.items()}
    return Index(entries=tuple(entries), postings=dict(postings), stems=stems, rarity=rarity, joined=joined)


def find(index: Index, query: str, *, n_most: int = 12) -> tuple[Hit, ...]:
    """Find statements.

    Parameters
    ----------
    index : Index
    query : str
        As typed; only its first 200 characters are read.
    n_most : int
        How many at most.

    Returns
    -------
    tuple of Hit
        Best first; empty when nothing is near.
    """
    words = [fold(match[0]) for match in _WORD.finditer(query[:LONGEST_QUERY])]
    asked = [word for word in words if not _is_filler(word, index)] or words
    if not asked:
        return ()
    scores: defaultdict[int, float] = defaultdict(float)
    n_found: Counter[int] = Counter()
    terms: defaultdict[int, set[str]] = defaultdict(set)
    for word in _join_parts(asked, index):
        best: dict[int, float] = {}
        for root, likeness in _near(word, index).items():
            for number, weight in index.postings.get(root, {}).items():
                # A rare word that is only alike is less likely meant than a common one.
                rarity = index.rarity[root] if likeness >= _PREFIX else math.sqrt(index.rarity[root])
                worth = likeness**2 * weight * rarity
                terms[number].add(root)
                best[number] = max(best.get(number, 0.0), worth)
        for number, worth in best.items():
            scores[number] += worth
            n_found[number] += 1
    n_asked = max(1, len(asked))
    ranked = sorted(
        ((scores[i] * min(1.0, n_found[i] / n_asked) ** 1.5, i) for i in scores),
        key=lambda pair: (-pair[0], pair[1]),
    )
    return tuple(
        Hit(
            article=index.entries[i][0],
            statement=index.entries[i][1],
            score=score,
            terms=frozenset(terms[i]),
        )
        for score, i in ranked[:n_most]
    )


def mark(text: str, terms: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """Cut a text into parts that were found and parts that were not.

    Parameters
    ----------
    text : str
    terms : iterable of str
        Stems, as :class:`Hit` has them.

    Returns
    -------
    tuple of (str, bool)
        Together they are the text.
    """
    wanted = frozenset(terms)
    parts: list[tuple[str, bool]] = []
    at = 0
    for match in _WORD.finditer(text):
        word = fold(match[0])
        if word in _STOP or stem(word) not in wanted:
            continue
        if match.start() > at:
            parts.append((text[at : match.start()], False))
        parts.append((match[0], True))
        at = match.end()
    if at < len(text):
        parts.append((text[at:], False))
    return tuple(parts)


def fold(word: str) -> str:
    """Return a word without capitals and accents (unitless)."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


def stem(word: str) -> str:
    """Return a folded English word without its ending (unitless): cracks, cracking and cracked are crack."""
    short = 4
    if len(word) > short and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > short and word.endswith(("sses", "xes", "ches", "shes", "zes")):
        word = word[:-2]
    elif len(word) > short - 1 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ingly", "ing", "edly", "ed", "ly"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= short - 1 and re.search(r"[aeiouy]", root):
            word = root[:-1] if len(root) > short and root[-1] == root[-2] and root[-1] not in "ls" else root
            break
    return word[:-1] if len(word) > short and word.endswith("e") else word


def _fields(
    article: Article, section_id: str, statement: Statement, library: Library, texts: Mapping[str, str]
) -> Iterator[tuple[float, str]]:
    """Yield what a statement is found by, with how much it counts."""
    key = f"learn.{article.id}.{statement.id}"
    yield _TEXT, fill(texts.get(key, ""), library.facts)
    yield _TEXT, texts.get(f"{key}.belief", "")
    yield _ALSO, texts.get(f"{key}.also", "")
    yield _SECTION, texts.get(f"learn.{article.id}.{section_id}.title", "")
    yield _ARTICLE, texts.get(f"learn.{article.id}.title", "")


def _is_filler(word: str, index: Index) -> bool:
    """Tell whether a word says nothing, also when it is misspelt: "realy"."""
    if word in _STOP or len(word) < _LEAST_FILLER or _knows(word, index):
        return word in _STOP
    return process.extractOne(word, _STOP, scorer=OSA.distance, score_cutoff=1) is not None


def _join_parts(asked: list[str], index: Index) -> list[str]:
    """Write two words as one, or one as two, where only that is known: "knuck les", "deskjob"."""
    whole: list[str] = []
    skip = False
    for i, word in enumerate(asked):
        if skip:
            skip = False
            continue
        after = asked[i + 1] if i + 1 < len(asked) else ""
        if after and not (_knows(word, index) and _knows(after, index)) and _knows(word + after, index):
            whole.append(word + after)
            skip = True
        else:
            whole.extend(_split(word, index))
    return whole


def _knows(word: str, index: Index) -> bool:
    return word in index.stems or stem(word) in index.postings


def _split(word: str, index: Index) -> tuple[str, ...]:
    """Return both words of one that is not known, where there are two."""
    if len(word) >= _LEAST_JOINED - 1 and not _knows(word, index) and word not in index.joined:
        for at in range(len(word) - _LEAST_BEGUN, _LEAST_BEGUN - 1, -1):
            if word[:at] in index.stems and word[at:] in index.stems:
                return word[:at], word[at:]
    return (word,)


def _near(word: str, index: Index) -> dict[str, float]:
    """Return the stems that a word may mean, each with how alike it is (0 to 1)."""
    found: defaultdict[str, float] = defaultdict(float)
    root = stem(word)
    if root in index.postings:
        found[root] = 1.0
    for part in index.joined.get(word, ()):
        found[part] = 1.0
    for known_root, likeness in (*_begun(root, index), *_misspelt(word, root, index)):
        found[known_root] = max(found[known_root], likeness)
    return found


def _begun(root: str, index: Index) -> Iterator[tuple[str, float]]:
    """Yield stems of longer words that begin so, and of shorter ones that this begins with."""
    if len(root) < _LEAST_BEGUN:
        return
    for known, known_root in index.stems.items():
        if known != root and known.startswith(root):
            yield known_root, _PREFIX * max(0.6, len(root) / len(known))
        elif len(known) > _LEAST_BEGUN + 1 and root.startswith(known):
            yield known_root, _WITHIN * len(known) / len(root)


def _misspelt(word: str, root: str, index: Index) -> Iterator[tuple[str, float]]:
    """Yield stems of words with a few other letters; none where the word is known."""
    wrong = next((n for letters, n in _WRONG_LETTERS if len(word) >= letters), 0)
    if not wrong or root in index.postings:
        return
    alike: list[tuple[str, float]] = []
    for known, n_wrong, _ in process.extract(
        word, index.stems.keys(), scorer=OSA.distance, score_cutoff=wrong, limit=_N_CLOSE
    ):
        # Letters that only changed places are the likelier slip.
        cost = n_wrong * (0.5 if sorted(known) == sorted(word) else 1.0)
        likeness = _MISSPELT * (1.0 - cost / max(len(word), len(known)))
        alike.append((index.stems[known], likeness * (1.0 if known[0] == word[0] else _OTHER_START)))
    best = max((likeness for _, likeness in alike), default=0.0)
    yield from (pair for pair in alike if pair[1] > best - _NEXT_BEST)
    if len(word) >= _LEAST_JOINED and word not in index.joined:
        for known, n_wrong, _ in process.extract(
            word, index.joined.keys(), scorer=OSA.distance, score_cutoff=min(wrong, 2), limit=3
        ):
            for part in index.joined[known]:
                yield part, _MISSPELT * (1.0 - n_wrong / len(word))
