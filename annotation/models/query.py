from django.db import models
from django.db.models import Q


class Query(models.Model):
    """A text to be labelled, from one version of a data set or one imported log. Its rows never change.

    `family` is what near-duplicates share, so that splits and intervals keep them together. `listener` is the keyed
    hash of whoever typed the query, empty where the log named nobody; the name itself is never stored.
    """

    dataset = models.CharField(max_length=200)
    dataset_version = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, help_text="Its id in the data set.")
    text = models.TextField()
    language = models.CharField(max_length=100)
    family = models.CharField(max_length=16, blank=True)
    listener = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["dataset", "dataset_version", "external_id"]
        verbose_name_plural = "queries"
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "dataset_version", "external_id"], name="annotation_query_once_per_version"
            ),
            models.CheckConstraint(
                condition=~Q(dataset="") & ~Q(dataset_version="") & ~Q(external_id="") & ~Q(text="") & ~Q(language=""),
                name="annotation_query_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.text
