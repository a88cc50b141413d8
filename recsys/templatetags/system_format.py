"""What the pages about systems look up and round."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
NONE = "–"


@register.filter
def under(mapping: object, name: str) -> Any:
    """What a mapping has under a name that a template cannot spell: `hits@10`; None where there is no mapping."""
    return mapping.get(name) if isinstance(mapping, Mapping) else None


@register.filter
def part(value: float | None) -> str:
    """A part of a score, with decimals enough to tell tracks apart: 12.3, 0.123, 0.00123."""
    if value is None:
        return NONE
    places = 1 if abs(value) >= 10 else 3 if abs(value) >= 0.01 or value == 0 else 5
    return number_format(round(value, places), places, use_l10n=True).replace("-", "−")


@register.filter
def milliseconds(value: float | None) -> str:
    """A time per query: whole milliseconds from ten on, one decimal below."""
    if value is None:
        return NONE
    places = 0 if value >= 10 else 1
    return number_format(round(value, places), places, use_l10n=True)


@register.filter
def width(value: float) -> str:
    """The width of a bar of 100, as SVG reads it: with a point in every language."""
    return f"{value:.1f}"


@register.filter
def breakable(name: str) -> SafeString:
    """A metric's name that a narrow column may break where its parts meet: success | @10, artist_ | entropy."""
    return mark_safe(escape(name).replace("@", "<wbr>@").replace("_", "_<wbr>"))  # escaped
