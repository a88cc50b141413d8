"""Keys by their place on the keyboard, so that one and the same key works on a Russian and on an English layout."""

import string

COMMAND_KEYS = {
    "undo": "Backspace",
    "skip": "Space",
    "flag": "f",
    "comment": "t",
    "guideline": "g",
    "history": "b",
    "keys": "?",
}
"""What the labelling page does at a key that is no category's. The four letters lie between the two hands' blocks."""

KEY_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
"""Where the keys lie, row by row, under the names of the QWERTY layout."""

LEFT_HAND = frozenset("12345qwertasdfgzxcvb")

CATEGORY_KEYS = tuple(key for row in KEY_ROWS for key in row if key not in COMMAND_KEYS.values())
"""Every key that a category may have: letters and digits, but for the commands' letters."""

_RUSSIAN_CAPS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ", strict=True))


def keyboard_code(key: str) -> str:
    """Return the place of a letter or digit as browsers name it (UI Events `KeyboardEvent.code`): "q" is "KeyQ"."""
    return f"Digit{key}" if key in string.digits else f"Key{key.upper()}"


def key_cap(key: str, language: str) -> str:
    """Return what is printed on the key on the usual layout of a language: "q" is "Й" in Russian, else "Q"."""
    capital = key.upper()
    return _RUSSIAN_CAPS.get(key, capital) if language.split("-")[0].lower() == "ru" else capital
