"""A short name for addresses and files, suggested from a title. Core: no Django."""

import re
import unicodedata

LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya",
}  # fmt: skip
"""Russian letters in Latin ones, as slug.js writes them too."""

LONGEST = 50


def suggested_slug(title: str, *, taken: frozenset[str] = frozenset()) -> str:
    """Return lower-case Latin letters, digits and hyphens; numbered where the slug is taken already."""
    latin = "".join(LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", title).lower())
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST].strip("-") or "campaign"
    found, number = slug, 2
    while found in taken:
        found = f"{slug[: LONGEST - len(str(number)) - 1].rstrip('-')}-{number}"
        number += 1
    return found
