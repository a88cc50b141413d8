"""What a new version of a taxonomy changes, so that the labels made under the old one can be looked at again."""

import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeVar

from annotation.taxonomy.categories import Category, Taxonomy, TaxonomyError, Translations

ChangeKind = Literal["added", "removed", "definition", "examples", "wording"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one category.

    Attributes:
        slug: of the category.
        kind: the gravest of its changes: "definition" if its definition, its "not this but" or its half says something
            else; "examples" if queries came or went; "wording" if only its title, its key, the order of examples, a
            translation that came or went, or the case, spaces and punctuation of a text differ.
        places: what differs, as field or field.language ("personalised", "definition.en"); empty if it was added or
            removed.
    """

    slug: str
    kind: ChangeKind
    places: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place.partition(".")[0] for place in self.places))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place.partition(".")[2] for place in self.places if "." in place))

    @property
    def outdates_labels(self) -> bool:
        """Whether labels of the category made under the old version may now be wrong."""
        return self.kind in ("removed", "definition")


def changes(old: Taxonomy, new: Taxonomy) -> tuple[Change, ...]:
    """Return what differs, at most one change for each category: those of `old` in its order, then the added ones."""
    found = []
    for category in old.categories:
        after = new.by_slug.get(category.slug)
        change = Change(category.slug, "removed") if after is None else _change(category, after)
        if change is not None:
            found.append(change)
    added = (Change(slug, "added") for slug in new.slugs if slug not in old.by_slug)
    return (*found, *added)


def check_successor(old: Taxonomy, new: Taxonomy) -> None:
    """Refuse a new version that would mislead people who know the old one by heart.

    Raises:
        TaxonomyError: It is another taxonomy, its version does not grow, or a category's key moved.
    """
    if new.slug != old.slug:
        raise TaxonomyError(
            f"{new.slug!r} is no version of {old.slug!r}; keep the slug, or start a taxonomy of its own."
        )
    if new.version <= old.version:
        raise TaxonomyError(f"version {new.version} must be above {old.version}, the one there is; raise it.")
    for category in old.categories:
        after = new.by_slug.get(category.slug)
        if after is not None and category.key is not None and after.key != category.key:
            raise TaxonomyError(
                f"category {category.slug!r}, key: {category.key!r} became {after.key!r}, and hands remember; "
                f"give it {category.key!r} again."
            )


def _change(before: Category, after: Category) -> Change | None:
    marks: list[tuple[str, ChangeKind]] = []
    if before.personalised != after.personalised:
        marks.append(("personalised", "definition"))
    if before.key != after.key:
        marks.append(("key", "wording"))
    marks += _texts("title", before.titles, after.titles, "wording")
    marks += _texts("definition", before.definitions, after.definitions, "definition")
    marks += _texts("not_this", before.hints, after.hints, "definition")
    marks += _texts("examples", before.example_lists, after.example_lists, "examples")
    if not marks:
        return None
    kinds = {kind for _, kind in marks}
    gravest: ChangeKind = "definition" if "definition" in kinds else "examples" if "examples" in kinds else "wording"
    return Change(before.slug, gravest, tuple(place for place, _ in marks))


def _texts(
    field: str, before: Translations[T], after: Translations[T], kind: ChangeKind
) -> list[tuple[str, ChangeKind]]:
    """Return a mark for each language whose text differs."""
    old, new = dict(before.entries), dict(after.entries)
    marks: list[tuple[str, ChangeKind]] = []
    for language in sorted(old.keys() | new.keys()):
        if language in old and language in new:
            same = _said(old[language]) == _said(new[language])
        else:
            # a translation of what is said already says nothing new; the first text, or the last one to go, does
            same = bool(old and new)
        if old.get(language) != new.get(language):
            marks.append((f"{field}.{language}", "wording" if same else kind))
    return marks


def _said(text: object) -> object:
    """Return what a text says but for case, spaces and punctuation, or what queries say but for their order."""
    if isinstance(text, tuple):
        return sorted(str(_said(query)) for query in text)
    letters = unicodedata.normalize("NFKC", str(text)).casefold()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())
