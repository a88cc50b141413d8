"""The categories that queries are labelled with, as data: the shipped taxonomy, or one of one's own."""

from annotation.taxonomy.categories import Category, Taxonomy, TaxonomyError, Translations
from annotation.taxonomy.documents import parse_taxonomy, read_taxonomy
from annotation.taxonomy.keys import CATEGORY_KEYS, COMMAND_KEYS
from annotation.taxonomy.shipped import BY_SLUG, CATEGORIES, DEFAULT_TAXONOMY, SLUGS, TAXONOMY_VERSION
from annotation.taxonomy.versions import Change, changes, check_successor

__all__ = [
    "BY_SLUG",
    "CATEGORIES",
    "CATEGORY_KEYS",
    "COMMAND_KEYS",
    "DEFAULT_TAXONOMY",
    "SLUGS",
    "TAXONOMY_VERSION",
    "Category",
    "Change",
    "Taxonomy",
    "TaxonomyError",
    "Translations",
    "changes",
    "check_successor",
    "parse_taxonomy",
    "read_taxonomy",
]
