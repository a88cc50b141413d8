"""A labelled query, and which category it has when its annotators differ."""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Protocol

from annotation.classifier.errors import ClassifierError
from annotation.taxonomy import BY_SLUG


class Labelled(Protocol):
    """Anything that can stand for an `Example`; other apps keep labelled queries of their own."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def annotations(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def group(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Example:
    """A query with what its annotators said, in the order in which they stand in the data.

    Attributes:
        annotations: (annotator, category slug) pairs, one per annotator.
        group: what near-duplicates and translations of one wish share; empty if the data do not say.
    """

    id: str
    text: str
    language: str
    annotations: tuple[tuple[str, str], ...]
    group: str = ""

    @property
    def category(self) -> str:
        """The slug that most annotators chose; where several are chosen equally often, the one that stands first."""
        # Counter keeps the order of first appearance, and most_common keeps that order among equals
        return Counter(category for _, category in self.annotations).most_common(1)[0][0]

    @property
    def settled(self) -> bool:
        """Whether more than half of the annotators chose the category; only then can it count as gold."""
        chosen = sum(category == self.category for _, category in self.annotations)
        return 2 * chosen > len(self.annotations)

    @property
    def personalised(self) -> bool:
        return BY_SLUG[self.category].personalised is True


def as_examples(queries: Iterable[Labelled]) -> list[Example]:
    """Return the queries as examples that can be trained on.

    Raises:
        ClassifierError: A query has no annotations or a category outside the taxonomy.
    """
    examples = [
        Example(query.id, query.text, query.language, tuple(query.annotations), query.group) for query in queries
    ]
    for example in examples:
        if not example.annotations:
            raise ClassifierError(f"Query {example.id!r} has no annotations; add one or leave the query out.")
        for _, category in example.annotations:
            if category not in BY_SLUG:
                raise ClassifierError(
                    f"Query {example.id!r} has the unknown category {category!r}; use one of {', '.join(BY_SLUG)}."
                )
    return examples


def data_hash(examples: Sequence[Example]) -> str:
    """Return one sha256 over the queries, their order, their annotations and their groups."""
    return hashlib.sha256(json.dumps([astuple(example) for example in examples]).encode()).hexdigest()


_NOT_LETTERS = re.compile(r"[\W_]+")
_REPEATED = re.compile(r"([^\W\d_])\1+")


def near_duplicate_key(text: str) -> str:
    """Return what two texts share if they differ by case, punctuation, blanks or repeated letters only.

    A text of nothing but punctuation or emoji stands for itself.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _REPEATED.sub(r"\1", _NOT_LETTERS.sub("", folded)) or "".join(folded.split())
