from functools import lru_cache

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotation.taxonomy import Taxonomy, parse_taxonomy


class TaxonomyVersion(models.Model):
    """One version of a taxonomy, as the document it was written in. Its rows never change."""

    slug = models.SlugField(max_length=50)
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug", "number"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "number"], name="annotation_taxonomy_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="annotation_taxonomy_number"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.number}"

    @property
    def taxonomy(self) -> Taxonomy:
        return _parsed(self.pk, self.digest)


@lru_cache(maxsize=64)
def _parsed(pk: int, digest: str) -> Taxonomy:
    """A version never changes, so each process reads its document once: parsing it costs more than saving a label."""
    return parse_taxonomy(TaxonomyVersion.objects.values_list("document", flat=True).get(pk=pk, digest=digest))
