"""A taxonomy, its categories and their texts in several languages. `documents` reads and checks them."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from annotation.taxonomy.keys import key_cap, keyboard_code

T = TypeVar("T")


class TaxonomyError(ValueError):
    """A taxonomy that cannot be used, in one sentence that names the place and the mend."""


@dataclass(frozen=True, slots=True)
class Translations(Generic[T]):
    """One text, or list of texts, in several languages.

    Attributes:
        entries: (language, text) pairs in alphabetical order of language, because a database may forget another order.
    """

    entries: tuple[tuple[str, T], ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(language for language, _ in self.entries)

    def get(self, language: str) -> T | None:
        """Return the text of the language, else of it without its region, else of English, else the first there is."""
        texts = dict(self.entries)
        for wanted in (language, language.split("-")[0], "en", *texts):
            if wanted in texts:
                return texts[wanted]
        return None


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of query.

    Attributes:
        slug: how the data names it; never changes.
        key: the letter or digit that labels with it, by its place on a QWERTY keyboard; None where a taxonomy has more
            categories than there are keys.
        personalised: whether the playlist should depend on the listener; None where the taxonomy does not ask.
        titles: its name.
        definitions: what belongs here, one sentence.
        hints: what looks as if it belonged here, and where it belongs instead.
        example_lists: two or more queries in each language.
    """

    slug: str
    key: str | None
    personalised: bool | None
    titles: Translations[str]
    definitions: Translations[str]
    hints: Translations[str]
    example_lists: Translations[tuple[str, ...]]

    def title(self, language: str) -> str:
        return self.titles.get(language) or ""

    def definition(self, language: str) -> str:
        return self.definitions.get(language) or ""

    def not_this(self, language: str) -> str:
        """Return the "not this but" of a language; empty if the taxonomy has none."""
        return self.hints.get(language) or ""

    def examples(self, language: str) -> tuple[str, ...]:
        return self.example_lists.get(language) or ()

    @property
    def code(self) -> str | None:
        """The place of the key as browsers name it, "KeyQ", on any layout."""
        return None if self.key is None else keyboard_code(self.key)

    def key_cap(self, language: str) -> str:
        """Return what is printed on the key on the layout of a language; empty if it has no key."""
        return "" if self.key is None else key_cap(self.key, language)


@dataclass(frozen=True)
class Taxonomy:
    """One version of a set of categories; made by `parse_taxonomy`, which checks it.

    Attributes:
        slug: its name in data; the same for all its versions.
        version: 1 or more; grows with every change.
        titles: its name for people.
        categories: in the order of every array with one column per category.
        halves: the names of the two halves, by "personalised" and "not-personalised"; empty if it has none.
    """

    slug: str
    version: int
    titles: Translations[str]
    categories: tuple[Category, ...]
    halves: tuple[tuple[str, Translations[str]], ...] = ()

    def title(self, language: str) -> str:
        return self.titles.get(language) or ""

    def half_title(self, personalised: bool, language: str) -> str:
        """Return the name of the half; empty if the taxonomy names none."""
        texts = dict(self.halves).get("personalised" if personalised else "not-personalised", Translations())
        return texts.get(language) or ""

    @property
    def is_split(self) -> bool:
        """Whether its categories are either personalised or not."""
        return self.categories[0].personalised is not None

    @cached_property
    def by_slug(self) -> dict[str, Category]:
        return {category.slug: category for category in self.categories}

    @cached_property
    def by_key(self) -> dict[str, Category]:
        return {category.key: category for category in self.categories if category.key is not None}

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(self.by_slug)

    def category(self, slug: str) -> Category:
        """Return the category.

        Raises:
            TaxonomyError: The taxonomy has no such category.
        """
        if slug not in self.by_slug:
            known = ", ".join(self.slugs)
            raise TaxonomyError(f"{self.slug} {self.version} has no category {slug!r}; use one of {known}.")
        return self.by_slug[slug]

    @cached_property
    def digest(self) -> str:
        """The sha256 of the document without its layout: alike exactly if two taxonomies are."""
        canonical = json.dumps(self.to_document(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def to_document(self) -> dict[str, Any]:
        """Return plain dictionaries and lists that `parse_taxonomy` reads and `json` writes."""
        return {
            "slug": self.slug,
            "version": self.version,
            "title": dict(self.titles.entries),
            "halves": {name: dict(texts.entries) for name, texts in self.halves},
            "categories": [_category_document(category) for category in self.categories],
        }


def _category_document(category: Category) -> dict[str, Any]:
    return {
        "slug": category.slug,
        "key": category.key,
        "personalised": category.personalised,
        "title": dict(category.titles.entries),
        "definition": dict(category.definitions.entries),
        "not_this": dict(category.hints.entries),
        "examples": {language: list(queries) for language, queries in category.example_lists.entries},
    }
