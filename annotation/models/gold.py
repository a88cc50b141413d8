from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GoldVersion(models.Model):
    """One label per query, settled at one moment under a name. Neither it nor its rows ever change."""

    campaign = models.ForeignKey("annotation.Campaign", on_delete=models.CASCADE, related_name="gold_versions")
    name = models.SlugField(max_length=50)
    method = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    taxonomy = models.ForeignKey("annotation.TaxonomyVersion", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    rows_count = models.PositiveIntegerField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="annotation_gold_name")]

    def __str__(self) -> str:
        return self.name


class GoldRow(models.Model):
    """The gold label of one query in one version, and how sure it is."""

    class Source(models.TextChoices):
        ADJUDICATED = "adjudicated", _("adjudicated")
        UNANIMOUS = "unanimous", _("unanimous")
        AGGREGATED = "aggregated", _("aggregated")

    version = models.ForeignKey(GoldVersion, on_delete=models.CASCADE, related_name="rows")
    query = models.ForeignKey("annotation.Query", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=50)
    probability = models.FloatField()
    source = models.CharField(max_length=15, choices=Source)
    split = models.CharField(max_length=10)
    origin = models.CharField(max_length=20)
    votes = models.JSONField(default=dict)

    class Meta:
        ordering = ["version", "query"]
        constraints = [
            models.UniqueConstraint(fields=["version", "query"], name="annotation_gold_once"),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1), name="annotation_gold_probability"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.query_id}: {self.category}"
