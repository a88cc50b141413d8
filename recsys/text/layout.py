"""What was typed on a keyboard that was set to the other language: ghbdtn for привет, кщсл for rock."""

from recsys.data.catalogue import is_cyrillic
from recsys.training.text import folded

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.{}:\"<>`~"
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюхъжэбюее"  # ё as е, since folded text has no ё
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(dict(zip(_CYRILLIC[:32], _LATIN[:32], strict=True)))
# е is the key t; what was meant by ` cannot be told from folded text, and no English word has one


def other_layout(text: str) -> str:
    """Return the text as the same keys give it in the other layout (US English, Russian ЙЦУКЕН), in lower case."""
    lower = folded(text)
    return lower.translate(_TO_LATIN if is_cyrillic(lower) else _TO_CYRILLIC)
