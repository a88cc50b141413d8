from django.conf import settings
from django.db import models


class Adjudication(models.Model):
    """A lead's decision on an item, a layer above the annotators' labels, which stay as they are.

    An empty category means that the query cannot be decided; it gets no gold.
    """

    item = models.OneToOneField("annotation.Item", on_delete=models.CASCADE, related_name="adjudication")
    category = models.CharField(max_length=50, blank=True)
    taxonomy_version = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.category or '—'}"
