from django.db import models


class Dataset(models.Model):
    """A data set folder that was checked and loaded whole. Its rows never change: other bytes need another version."""

    name = models.CharField(max_length=200)
    version = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, help_text="sha256 over the names and bytes of the folder's files.")
    licence = models.TextField()
    source = models.TextField()
    languages = models.JSONField(default=list)
    folder = models.TextField(help_text="Where it was loaded from.")
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "version"]
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="recsys_dataset_version")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
