from django.conf import settings
from django.db import models
from django.db.models import Q

from annotation.taxonomy import CATEGORIES, SLUGS, TAXONOMY_VERSION


class Label(models.Model):
    """One annotator's choice of a category for one query.

    `annotator` is a pseudonym: the data set's for an imported label, ours for a person's, who is then `user` too.
    """

    query = models.ForeignKey("annotation.Query", on_delete=models.CASCADE, related_name="labels")
    annotator = models.CharField(max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="labels"
    )
    category = models.CharField(max_length=50, choices=[(c.slug, c.title_en) for c in CATEGORIES])
    taxonomy_version = models.PositiveSmallIntegerField(default=TAXONOMY_VERSION)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["query", "pk"]  # the order of annotation settles ties
        constraints = [
            models.UniqueConstraint(fields=["query", "annotator"], name="annotation_one_label_per_annotator"),
            models.CheckConstraint(condition=~Q(annotator=""), name="annotation_label_annotator"),
            models.CheckConstraint(condition=Q(category__in=SLUGS), name="annotation_label_category"),
            models.CheckConstraint(condition=Q(taxonomy_version__gte=1), name="annotation_label_taxonomy"),
        ]

    def __str__(self) -> str:
        return f"{self.annotator}: {self.category}"
