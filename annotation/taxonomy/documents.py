"""Reading a taxonomy from its JSON document, and saying in one sentence what is wrong with it."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar

from annotation.taxonomy.categories import Category, Taxonomy, TaxonomyError, Translations
from annotation.taxonomy.keys import CATEGORY_KEYS, COMMAND_KEYS

FEWEST_CATEGORIES, MOST_CATEGORIES = 2, 40
LAST_VERSION = 32_767  # what a small integer column holds
LONGEST_SLUG = 50
LONGEST_TITLE = 100
LONGEST_TEXT = 2_000
FEWEST_EXAMPLES = 2
HALVES = ("personalised", "not-personalised")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

T = TypeVar("T")


def read_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy from a UTF-8 JSON file, whose form is that of `docs/taxonomies.md`.

    Raises:
        TaxonomyError: The file cannot be read, is not JSON, or holds no usable taxonomy.
    """
    try:
        return parse_taxonomy(json.loads(path.read_text("utf-8-sig"), object_pairs_hook=_without_repetition))
    except OSError as error:
        raise TaxonomyError(f"{path} cannot be read ({error.strerror}); give the path of a JSON file.") from error
    except UnicodeDecodeError as error:
        raise TaxonomyError(f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise TaxonomyError(f"{path} is not JSON: {error.msg} at line {error.lineno}; mend it there.") from error
    except RecursionError as error:
        raise TaxonomyError(f"{path} is nested too deeply; a taxonomy has four levels.") from error
    except TaxonomyError as error:
        raise TaxonomyError(f"{path}: {error}") from error
    except ValueError as error:  # a number of more than 4,300 digits
        raise TaxonomyError(f"{path} is not JSON: {error}; mend it there.") from error


def parse_taxonomy(document: object) -> Taxonomy:
    """Return the taxonomy of a JSON document, whose form is that of `docs/taxonomies.md`.

    Raises:
        TaxonomyError: The first thing that is wrong, with its place.
    """
    fields = _fields(document, "taxonomy", needed=("slug", "version", "title", "categories"), other=("halves",))
    entries = fields["categories"]
    if not isinstance(entries, list) or not FEWEST_CATEGORIES <= len(entries) <= MOST_CATEGORIES:
        found = f"{len(entries)}" if isinstance(entries, list) else _shown(entries)
        raise TaxonomyError(
            f"categories: give a list of {FEWEST_CATEGORIES} to {MOST_CATEGORIES} categories, not {found}."
        )
    taxonomy = Taxonomy(
        slug=_slug(fields["slug"], "slug"),
        version=_version(fields["version"]),
        titles=_translations(fields["title"], "title", _title),
        categories=tuple(_category(entry, f"categories[{number}]") for number, entry in enumerate(entries)),
        halves=_halves(fields.get("halves", {})),
    )
    _check_together(taxonomy)
    return taxonomy


def _category(entry: object, place: str) -> Category:
    if isinstance(entry, dict) and isinstance(entry.get("slug"), str):
        place = f"category {_shown(entry['slug'])}"
    needed = ("slug", "key", "personalised", "title", "definition", "examples")
    fields = _fields(entry, place, needed=needed, other=("not_this",))
    return Category(
        slug=_slug(fields["slug"], f"{place}, slug"),
        key=_key(fields["key"], f"{place}, key"),
        personalised=_personalised(fields["personalised"], f"{place}, personalised"),
        titles=_translations(fields["title"], f"{place}, title", _title),
        definitions=_translations(fields["definition"], f"{place}, definition", _text),
        hints=_translations(fields.get("not_this", {}), f"{place}, not_this", _text, may_lack=True),
        example_lists=_translations(fields["examples"], f"{place}, examples", _examples),
    )


def _halves(value: object) -> tuple[tuple[str, Translations[str]], ...]:
    if value == {}:
        return ()
    names = _fields(value, "halves", needed=HALVES)
    return tuple((name, _translations(names[name], f"halves, {name}", _title)) for name in HALVES)


def _check_together(taxonomy: Taxonomy) -> None:
    categories = taxonomy.categories
    _refuse_repetition("slug", [category.slug for category in categories])
    _refuse_repetition("key", [category.key for category in categories if category.key is not None])
    if len({category.personalised is None for category in categories}) == 2:
        first = next(category.slug for category in categories if category.personalised is None)
        raise TaxonomyError(f"category {first!r}, personalised: say true or false, or null for every category.")
    if taxonomy.halves and not taxonomy.is_split:
        raise TaxonomyError("halves: no category says whether it is personalised; leave the halves out or say it.")
    keyless = [category.slug for category in categories if category.key is None]
    if keyless and len(categories) <= len(CATEGORY_KEYS):
        raise TaxonomyError(f"category {keyless[0]!r}, key: give it a free one of {_keys_left(categories)}.")


def _refuse_repetition(field: str, values: Sequence[str]) -> None:
    for value, times in Counter(values).items():
        if times > 1:
            raise TaxonomyError(f"categories: the {field} {value!r} stands {times} times; each needs one of its own.")


def _keys_left(categories: Sequence[Category]) -> str:
    taken = {category.key for category in categories}
    return " ".join(key for key in CATEGORY_KEYS if key not in taken)


def _fields(value: object, place: str, *, needed: Collection[str], other: Collection[str] = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TaxonomyError(f"{place}: give an object with {', '.join(needed)}, not {_shown(value)}.")
    for name in needed:
        if name not in value:
            raise TaxonomyError(f"{place}: {name} is missing; add it.")
    for name in value:
        if name not in needed and name not in other:
            raise TaxonomyError(f"{place}: unknown field {_shown(name)}; use {', '.join((*needed, *other))}.")
    return value


def _translations(
    value: object, place: str, parse: Callable[[object, str], T], *, may_lack: bool = False
) -> Translations[T]:
    if not isinstance(value, dict) or not (value or may_lack):
        raise TaxonomyError(f'{place}: give one text per language, such as {{"en": ...}}, not {_shown(value)}.')
    for language in value:
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise TaxonomyError(f"{place}: {language!r} is no language; use a code such as en, ru or pt-BR.")
    return Translations(tuple((language, parse(value[language], f"{place}.{language}")) for language in sorted(value)))


def _examples(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) < FEWEST_EXAMPLES:
        raise TaxonomyError(f"{place}: give a list of {FEWEST_EXAMPLES} queries or more, not {_shown(value)}.")
    queries = tuple(_text(query, f"{place}[{number}]") for number, query in enumerate(value))
    if len(set(queries)) < len(queries):
        raise TaxonomyError(f"{place}: the same query stands there twice; give another one.")
    return queries


def _title(value: object, place: str) -> str:
    return _text(value, place, longest=LONGEST_TITLE)


def _text(value: object, place: str, *, longest: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TaxonomyError(f"{place}: give a text, not {_shown(value)}.")
    if len(value) > longest:
        raise TaxonomyError(f"{place}: {len(value)} characters are more than {longest}; shorten the text.")
    for letter in value:
        if unicodedata.category(letter) in {"Cc", "Cs"}:
            raise TaxonomyError(f"{place}: the control character {letter!r} cannot be shown; take it out.")
    return value


def _slug(value: object, place: str) -> str:
    if not isinstance(value, str) or not _SLUG.fullmatch(value) or len(value) > LONGEST_SLUG:
        raise TaxonomyError(
            f"{place}: give at most {LONGEST_SLUG} lower-case Latin letters and digits in words joined by hyphens, "
            f"not {_shown(value)}."
        )
    return value


def _key(value: object, place: str) -> str | None:
    if value is None:
        return None
    for command, key in COMMAND_KEYS.items():
        if value == key:
            raise TaxonomyError(f"{place}: {value!r} is the key of the command {command!r}; choose another one.")
    if not isinstance(value, str) or value not in CATEGORY_KEYS:
        raise TaxonomyError(f"{place}: give one lower-case Latin letter or digit, not {_shown(value)}.")
    return value


def _version(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LAST_VERSION:
        raise TaxonomyError(f"version: give a whole number from 1 to {LAST_VERSION}, not {_shown(value)}.")
    return value


def _personalised(value: object, place: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise TaxonomyError(f"{place}: give true, false or null, not {_shown(value)}.")
    return value


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # JSON readers keep the last of two fields of one name and say nothing, and a text would be lost
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            raise TaxonomyError(f"the field {name!r} stands {times} times in one object; keep one.")
    return dict(pairs)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
