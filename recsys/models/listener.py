from django.db import models


class Listener(models.Model):
    """Somebody whose taste the data set knows; the sample's are simulated."""

    dataset = models.ForeignKey("recsys.Dataset", on_delete=models.CASCADE, related_name="listeners")
    external_id = models.CharField(max_length=200)
    description_en = models.TextField(blank=True)
    description_ru = models.TextField(blank=True)

    class Meta:
        ordering = ["dataset", "external_id"]
        constraints = [models.UniqueConstraint(fields=["dataset", "external_id"], name="recsys_listener_id")]

    def __str__(self) -> str:
        return self.external_id
