"""Language codes, and a guess from the script where a log has none."""

import re

# a code of ISO 639 with a script, a region or variants after it (BCP 47, without its private and grandfathered forms)
_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")
_CYRILLIC = re.compile(r"[\u0400-\u052f]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_OTHER = re.compile(r"[^\W\d_A-Za-z\u00c0-\u024f\u0400-\u052f]+")

UNDETERMINED = "und"
"""What BCP 47 says of a text whose language nobody knows."""


def language_code(value: str) -> str | None:
    """Return the code in its usual spelling (`ru_RU` is `ru-RU`), or None if it cannot be one."""
    folded = value.strip().replace("_", "-").lower()
    if not _CODE.fullmatch(folded):
        return None
    first, *others = folded.split("-")
    return "-".join([first, *(_spelled(part) for part in others)])


def _spelled(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part


def guess_language(text: str) -> str:
    """Return `ru` where Cyrillic letters lead, `en` where Latin ones do, else `und`.

    This tells scripts apart, not languages: Ukrainian becomes `ru`, French `en`. A log that has others must say so.
    """
    if text.isascii():
        return "en" if _LATIN.search(text) else UNDETERMINED
    latin, other = _LATIN.search(text), _OTHER.search(text)
    if latin is None and other is None:
        return "ru" if _CYRILLIC.search(text) else UNDETERMINED
    counts = {"ru": _letters(_CYRILLIC, text), "en": _letters(_LATIN, text), UNDETERMINED: _letters(_OTHER, text)}
    most, second = sorted(counts, key=lambda code: -counts[code])[:2]
    return most if counts[most] > counts[second] else UNDETERMINED


def _letters(script: re.Pattern[str], text: str) -> int:
    return sum(map(len, script.findall(text)))
