"""Figures as a report prints them, in English and in Russian. A figure that there is none of is “–”."""

from collections.abc import Sequence

NONE = "–"
Ends = Sequence[float | None] | None


def whole(value: float | None) -> str:
    return NONE if value is None else _minus(f"{round(value):d}")


def count(value: int | None) -> str:
    """A number of things; “–” where nobody knows it."""
    return NONE if value is None else str(value)


def decimal(value: float | None, places: int = 2, *, language: str = "en", signed: bool = False) -> str:
    """To `places` decimals, with a true minus sign and the language's decimal sign."""
    if value is None:
        return NONE
    value = 0.0 if round(value, places) == 0 else value
    plus = "+" if signed and value > 0 else ""
    return _in(language, plus + _minus(f"{value:.{places}f}"))


def percent(value: float | None, places: int = 1, *, language: str = "en") -> str:
    """A share between 0 and 1, with the sign as the language sets it."""
    if value is None:
        return NONE
    return decimal(100 * value, places, language=language) + ("\N{NO-BREAK SPACE}%" if language == "ru" else "%")


def p_value(value: float | None, *, language: str = "en") -> str:
    """To three decimals; below them, and only there, “<0.001”."""
    if value is None:
        return NONE
    return _in(language, "<0.001" if value < 0.001 else f"{value:.3f}")


def p_phrase(value: float | None, *, language: str = "en") -> str:
    """Within a sentence: “p = 0.045” or “p < 0.001”."""
    shown = p_value(value, language=language)
    return f"p < {shown[1:]}" if shown.startswith("<") else f"p = {shown}"


def span(ends: Ends, kind: str = "whole", *, language: str = "en", places: int = 2) -> str:
    """Two ends of an interval: `whole`, `percent`, `points`, `decimal` or `rank` (one number where both agree)."""
    if ends is None or len(ends) != 2 or ends[0] is None or ends[1] is None:
        return NONE
    low, high = ends[0], ends[1]
    if kind == "rank" and low == high:
        return whole(low)
    if kind == "percent":
        return f"{decimal(100 * low, 1, language=language)}–{percent(high, language=language)}"
    if kind == "points":
        return f"{points(low, language=language)} … {points(high, language=language)}"
    if kind == "decimal":
        low_text, high_text = (decimal(end, places, language=language) for end in (low, high))
    else:
        low_text, high_text = whole(low), whole(high)
    return f"{low_text}{' … ' if low < 0 else '–'}{high_text}"


def points(value: float | None, *, language: str = "en") -> str:
    """A difference of two shares in percentage points, with its sign."""
    return decimal(None if value is None else 100 * value, 1, language=language, signed=True)


def seconds(value: float | None, *, language: str = "en") -> str:
    """To two decimals; below ten milliseconds to three significant digits, so that a fast system is not 0.00."""
    if value is None:
        return NONE
    return _in(language, f"{value:.2f}" if value >= 0.01 or not value else f"{value:#.3g}")


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _in(language: str, text: str) -> str:
    return text.replace(".", ",") if language == "ru" else text
