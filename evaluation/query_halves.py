"""Which half a category of queries belongs to, and what it is called."""

from typing import Any

from annotation.public import BY_SLUG, CATEGORIES
from evaluation.reporting.words import LANGUAGES

PERSONALISED, OTHER = "personalised", "non-personalised"
HALVES = {category.slug: PERSONALISED if category.personalised else OTHER for category in CATEGORIES}
"""Category to half, in the order of the taxonomy that classifiers know."""


def category_titles(breakdown: dict[str, Any] | None) -> dict[str, dict[str, str]]:
    """Title by language of each category of a breakdown, as JSON; those of another taxonomy are left out."""
    slugs = [group["value"] for group in breakdown["values"]] if breakdown else []
    return {slug: {each: BY_SLUG[slug].title(each) for each in LANGUAGES} for slug in slugs if slug in BY_SLUG}
