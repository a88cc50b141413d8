"""The taxonomy that Playoff ships: the 19 categories of Table 3 of "Learning When to Personalize" (Zvuk).

Titles and first examples are the table's; definitions, hints and second examples are ours, for the people who label.
"""

import json
from importlib import resources

from annotation.taxonomy.documents import parse_taxonomy

DEFAULT_TAXONOMY = parse_taxonomy(
    json.loads((resources.files("annotation") / "taxonomies" / "personalisation.json").read_text("utf-8"))
)

TAXONOMY_VERSION = DEFAULT_TAXONOMY.version
"""Raised when a category or an example changes, so that old labels and classifiers can be told apart."""

CATEGORIES = DEFAULT_TAXONOMY.categories
BY_SLUG = DEFAULT_TAXONOMY.by_slug
SLUGS = DEFAULT_TAXONOMY.slugs
"""The order of every array with one column per category."""
