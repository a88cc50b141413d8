"""Figures as a report shows them. A figure that there is none of is “–”; rounding happens here and nowhere else."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language

register = template.Library()
NONE = "–"
SIGNIFICANT = 0.05


@register.filter
def rating(value: float | None) -> str:
    """A rating on the Elo scale, as a whole number."""
    return NONE if value is None else number_format(round(value), use_l10n=True, force_grouping=False)


@register.filter
def percent(value: float | None, places: int = 1) -> str:
    """A share between 0 and 1, with the sign as the language sets it: 53.2%, 53,2 %."""
    if value is None:
        return NONE
    return f"{_number(100 * value, places)}{_percent_sign()}"


@register.filter
def decimal(value: float | None, places: int = 2) -> str:
    """A statistic to `places` decimals, with a true minus sign."""
    return NONE if value is None else _minus(_number(_no_negative_zero(value, places), places))


@register.filter
def signed(value: float | None, places: int = 2) -> str:
    """As `decimal`, with a plus sign above zero: an effect has a direction."""
    if value is None:
        return NONE
    return ("+" if round(value, places) > 0 else "") + decimal(value, places)


@register.filter
def points(value: float | None) -> str:
    """A difference of two shares in percentage points, with its sign: +12.5."""
    return signed(None if value is None else 100 * value, 1)


@register.filter
def p_value(value: float | None) -> str:
    """A p-value to three decimals; below them, and only there, “<0.001”."""
    if value is None:
        return NONE
    return f"<{_number(0.001, 3)}" if value < 0.001 else _number(value, 3)


@register.filter
def p_phrase(value: float | None) -> str:
    """A p-value within a sentence: “p = 0.045” or “p < 0.001”."""
    shown = p_value(value)
    return f"p < {shown[1:]}" if shown.startswith("<") else f"p = {shown}"


@register.filter
def interval(value: Sequence[float | None] | None, kind: str = "rating") -> str:
    """Two ends of the given kind: `rating`, `percent`, `points`, `decimal`, `gap`, or `rank` (one where both agree)."""
    if value is None or len(value) != 2 or value[0] is None or value[1] is None:
        return NONE
    low, high = value[0], value[1]
    if kind == "percent":
        return f"{_number(100 * low, 1)}–{percent(high)}"
    if kind == "rank" and low == high:
        return rating(low)
    shown = {"rating": rating, "rank": rating, "decimal": decimal, "points": points, "gap": _gap}[kind]
    joint = " … " if low < 0 or kind in ("points", "gap") else "–"
    return f"{shown(low)}{joint}{shown(high)}"


@register.filter
def significant(p: float | None) -> bool:
    """Whether a p-value, corrected already, is below 5 %."""
    return p is not None and p < SIGNIFICANT


@register.filter
def matrix_rows(matrix: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Rows of a win matrix for a table: per cell wins, losses, ties, and the share of wins in ten steps.

    `wins[i][j]` counts judgments for i over j. A cell of a system against itself, and of a pair that never met, has no
    step.
    """
    if not matrix:
        return []
    names, wins, ties = matrix["systems"], matrix["wins"], matrix["ties"]
    return [
        {
            "name": name,
            "cells": [
                None
                if i == j
                else {
                    "wins": wins[i][j],
                    "losses": wins[j][i],
                    "ties": ties[i][j],
                    "step": _step(wins[i][j], wins[j][i], ties[i][j]),
                }
                for j in range(len(names))
            ],
        }
        for i, name in enumerate(names)
    ]


def _gap(value: float) -> str:
    """A difference of two ratings, as a whole number with its sign."""
    return signed(value, 0)


def _step(wins: float, losses: float, ties: float) -> int | None:
    met = wins + losses + ties
    return round(10 * (wins + ties / 2) / met) if met else None


def _no_negative_zero(value: float, places: int) -> float:
    return 0.0 if round(value, places) == 0 else value


def _number(value: float, places: int) -> str:
    """Rounded and then written as the language does; Django's own `number_format` cuts off instead of rounding."""
    return number_format(round(value, places), places, use_l10n=True)


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _percent_sign() -> str:
    return "\N{NO-BREAK SPACE}%" if (get_language() or "").startswith("ru") else "%"
