"""The categories as the labelling page and the guideline lay them out: halves, keys, and the words of one language."""

from dataclasses import dataclass

from annotation.taxonomy import Category, Taxonomy, changes
from annotation.taxonomy.keys import KEY_ROWS, key_cap, keyboard_code


@dataclass(frozen=True, slots=True)
class Choice:
    """A category to choose. `code` and `cap` are its key's place and print, empty where it has none."""

    slug: str
    title: str
    code: str
    cap: str
    definition: str
    examples: tuple[str, ...]
    not_this: str


@dataclass(frozen=True, slots=True)
class Half:
    """One block of the board: `columns` is how many of its keys lie side by side in one row of the keyboard."""

    name: str
    title: str
    columns: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """What a new version did to one category; `before` and `after` are its definitions, where they differ."""

    title: str
    kind: str
    before: str
    after: str


def board(taxonomy: Taxonomy, language: str) -> tuple[Half, ...]:
    """The personalised half, then the other; one block for a taxonomy that has no halves."""
    if not taxonomy.is_split:
        return (_half("all", "", taxonomy.categories, language),)
    return tuple(
        _half(
            "personalised" if personalised else "not-personalised",
            taxonomy.half_title(personalised, language),
            tuple(each for each in taxonomy.categories if each.personalised is personalised),
            language,
        )
        for personalised in (True, False)
    )


def key_caps(language: str) -> dict[str, str]:
    """What is printed on every letter and digit, by the key's place."""
    return {keyboard_code(key): key_cap(key, language) for row in KEY_ROWS for key in row}


def revisions(old: Taxonomy, new: Taxonomy, language: str) -> tuple[Revision, ...]:
    """What differs between two versions, in the words of a language."""
    found = []
    for change in changes(old, new):
        before, after = old.by_slug.get(change.slug), new.by_slug.get(change.slug)
        known = after or before
        old_words = before.definition(language) if before else ""
        new_words = after.definition(language) if after else ""
        if old_words == new_words:
            old_words = new_words = ""
        title = known.title(language) if known else change.slug
        found.append(Revision(title, change.kind, old_words, new_words))
    return tuple(found)


def _half(name: str, title: str, categories: tuple[Category, ...], language: str) -> Half:
    rows = [sum(category.key in tuple(row) for category in categories) for row in KEY_ROWS]
    choices = tuple(_choice(category, language) for category in categories)
    return Half(name, title, min(5, max(2, *rows)), choices)


def _choice(category: Category, language: str) -> Choice:
    return Choice(
        slug=category.slug,
        title=category.title(language),
        code=category.code or "",
        cap=category.key_cap(language),
        definition=category.definition(language),
        examples=category.examples(language)[:2],
        not_this=category.not_this(language),
    )
