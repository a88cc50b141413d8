from django.db import models


class OfflineRun(models.Model):
    """One offline evaluation, kept: systems, queries and figures as `evaluate --json` writes them. Never changed.

    The data set is named and not referred to, because evaluating a folder does not need it loaded.
    """

    dataset_name = models.CharField(max_length=200)
    dataset_version = models.CharField(max_length=200)
    dataset_fingerprint = models.CharField(max_length=64)
    split = models.CharField(max_length=10)
    seed = models.BigIntegerField()
    code_version = models.CharField(max_length=64)
    result = models.JSONField(help_text="The whole of `evaluate --json`.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.dataset_name} {self.dataset_version}, {self.split}"
