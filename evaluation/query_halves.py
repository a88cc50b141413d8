"""Which half a category of queries belongs to."""

from annotation.public import CATEGORIES

PERSONALISED, OTHER = "personalised", "non-personalised"
HALVES = {category.slug: PERSONALISED if category.personalised else OTHER for category in CATEGORIES}
"""Category to half, in the order of the taxonomy that classifiers know."""
