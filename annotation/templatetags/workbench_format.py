"""Counts and times as the workbench shows them."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()
NONE = "–"


@register.filter
def count(value: int | float | None) -> str:
    """A whole number with its thousands set apart: 1,842."""
    return NONE if value is None else number_format(round(value), use_l10n=True, force_grouping=True)


@register.filter
def seconds(value: float | None) -> str:
    """A short time, to a tenth of a second: 3.4 s."""
    if value is None:
        return NONE
    return _("%(seconds)s s") % {"seconds": number_format(round(value, 1), 1, use_l10n=True)}


@register.filter
def worked(value: float) -> str:
    """A time of work, in hours and minutes."""
    minutes = round(value / 60)
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
