"""Figures as the page shows them: rounding happens here and nowhere else."""

from collections.abc import Sequence
from html import escape

from recsys.offline.words import WORDS

NONE = "–"


class Writer:
    """Writes words and numbers in one language, safe to put into HTML."""

    def __init__(self, language: str) -> None:
        self.language = language

    def plain(self, key: str, **values: object) -> str:
        """A text of the table, with values put into it, as it is."""
        return WORDS[key][self.language].format(**values)

    def word(self, key: str, **values: object) -> str:
        """The same, escaped for HTML; the values must not be."""
        return escape(self.plain(key, **values))

    def number(self, value: float | None, places: int = 3, *, sign: bool = False) -> str:
        """A figure to `places` decimals; a true minus sign, a comma in Russian, no negative zero."""
        if value is None:
            return NONE
        rounded = round(value, places)
        text = f"{0.0 if rounded == 0 else rounded:.{places}f}"
        if sign and rounded > 0:
            text = f"+{text}"
        return (text.replace(".", ",") if self.language == "ru" else text).replace("-", "−")

    def interval(self, ci: Sequence[float] | None, places: int = 3, *, sign: bool = False) -> str:
        """Both ends; an ellipsis parts them where a minus sign might be taken for a dash."""
        if ci is None:
            return NONE
        low, high = (self.number(end, places, sign=sign) for end in ci)
        return f"{low} … {high}" if sign else f"{low}–{high}"

    def p(self, value: float | None) -> str:
        """A p-value to three decimals."""
        if value is None:
            return NONE
        return f"&lt;{self.number(0.001)}" if value < 0.001 else self.number(value)

    def metric(self, name: str) -> str:
        return self.word("entropy") if name == "artist_entropy" else escape(name)


def small(text: str) -> str:
    return f"<small>{text}</small>"
