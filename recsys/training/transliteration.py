"""Names in the other script, letter by letter: Кино as Kino, Metallica as Металлика.

People type foreign names in their own letters. These spellings are only taught to the encoder as further queries, so
that a rough one does no harm.
"""

import re

from recsys.data.catalogue import is_cyrillic

_TO_LATIN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch . y . e yu ya".replace(".", "").split(" "),
        strict=True,
    )
)
# Longer spellings first. They follow how English and German names are usually written in Russian.
_TO_CYRILLIC = {
    "tch": "тч", "sch": "ш", "tion": "шн", "igh": "ай",
    "sh": "ш", "ch": "ч", "th": "т", "ph": "ф", "ck": "к", "oo": "у", "ee": "и", "ea": "и", "qu": "кв", "ou": "у",
    "ay": "эй", "oy": "ой", "ey": "и", "ei": "ай", "ie": "и", "ow": "оу", "ya": "я", "yu": "ю", "yo": "йо", "zh": "ж",
    "kh": "х", "ce": "се", "ci": "си", "cy": "си", "wh": "у", "kn": "н", "wr": "р", "ts": "ц",
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "дж", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
    "w": "в", "x": "кс", "y": "и", "z": "з",
}  # fmt: skip
_SPELLING = re.compile("|".join(sorted(_TO_CYRILLIC, key=len, reverse=True)))


def other_script(name: str) -> str:
    """Return the name in the other script, in lower case."""
    lower = name.lower()
    if is_cyrillic(lower):
        return "".join(_TO_LATIN.get(letter, letter) for letter in lower.replace("ё", "е"))
    return _SPELLING.sub(lambda match: _TO_CYRILLIC[match.group()], lower)
