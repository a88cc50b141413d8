"""Taxonomies in the database: versions are added, never changed."""

import logging
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from annotation.models import TaxonomyVersion
from annotation.taxonomy import DEFAULT_TAXONOMY, Taxonomy, TaxonomyError, check_successor, parse_taxonomy
from playoff.accounts.models import User
from playoff.common.errors import InvalidInputError, PlayoffError

logger = logging.getLogger(__name__)


def shipped_taxonomy() -> TaxonomyVersion:
    """The taxonomy of the paper, stored at the first call."""
    return _stored(DEFAULT_TAXONOMY, by=None)


@transaction.atomic
def add_taxonomy(*, document: Any, by: User | None) -> TaxonomyVersion:
    """Store a taxonomy of one's own or a new version of one; the same version again changes nothing.

    Raises:
        InvalidInputError: The document is no taxonomy, or no successor of the version before it.
        PlayoffError: This version is there with other content.
    """
    try:
        taxonomy = parse_taxonomy(document)
        latest = TaxonomyVersion.objects.filter(slug=taxonomy.slug).order_by("number").last()
        if latest is not None and taxonomy.version > latest.number:
            check_successor(latest.taxonomy, taxonomy)
    except TaxonomyError as error:
        raise InvalidInputError(str(error)) from error
    return _stored(taxonomy, by=by)


def _stored(taxonomy: Taxonomy, *, by: User | None) -> TaxonomyVersion:
    row, created = TaxonomyVersion.objects.get_or_create(
        slug=taxonomy.slug,
        number=taxonomy.version,
        defaults={"document": taxonomy.to_document(), "digest": taxonomy.digest, "created_by": by},
    )
    if row.digest != taxonomy.digest:
        raise PlayoffError(
            _("Version %(number)s of the taxonomy “%(slug)s” is there with other content; raise its number.")
            % {"number": taxonomy.version, "slug": taxonomy.slug}
        )
    if created:
        logger.info("taxonomy.added slug=%s version=%s", taxonomy.slug, taxonomy.version)
    return row
