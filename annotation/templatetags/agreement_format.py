"""Differences of shares as the agreement page shows them."""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _

from playoff.common.templatetags.playoff_format import NONE, signed

register = template.Library()


@register.filter
def points(value: float | None) -> str:
    """A difference of two shares, in percentage points: +4.2 pts."""
    return NONE if value is None else _("%(points)s pts") % {"points": signed(100 * value, 1)}


@register.filter
def points_interval(ends: Sequence[float] | None) -> str:
    """Both ends of an interval of such a difference: +1.0 … +7.4."""
    return NONE if ends is None else f"{signed(100 * ends[0], 1)} … {signed(100 * ends[1], 1)}"
