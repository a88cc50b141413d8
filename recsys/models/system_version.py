from django.db import models


class SystemVersion(models.Model):
    """A system, its configuration, artifact and code, frozen: what made a playlist can always be named.

    `artifact` is a folder below `settings.MODELS_ROOT`; the row points, the folder holds.
    """

    system = models.CharField(max_length=64, help_text="Name of the recommender, as in the registry.")
    fingerprint = models.CharField(
        max_length=64, unique=True, help_text="sha256 over everything that decides a ranking."
    )
    dataset = models.ForeignKey("recsys.Dataset", on_delete=models.PROTECT, related_name="system_versions")
    artifact = models.CharField(max_length=500, help_text="Folder below MODELS_ROOT.")
    parameters = models.JSONField(default=dict)
    code_version = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["system", "created_at"]

    def __str__(self) -> str:
        return f"{self.system} {self.fingerprint[:8]}"
