"""The language of a query, as far as its letters tell. Core: no Django."""

import unicodedata


def query_language(text: str) -> str:
    """`ru` when most letters are Cyrillic, `en` when most are Latin, else empty."""
    cyrillic = latin = other = 0
    for character in text:
        if not character.isalpha():
            continue
        name = unicodedata.name(character, "")
        if name.startswith("CYRILLIC"):
            cyrillic += 1
        elif name.startswith("LATIN"):
            latin += 1
        else:
            other += 1
    most = max(cyrillic, latin, other)
    if most == 0 or most == other:
        return ""
    return "ru" if cyrillic >= latin else "en"
