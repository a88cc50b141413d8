from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Track(models.Model):
    """A track of one data set, under the id that its files use."""

    dataset = models.ForeignKey("recsys.Dataset", on_delete=models.CASCADE, related_name="tracks")
    external_id = models.CharField(max_length=200)
    title = models.TextField()
    other_titles = models.JSONField(default=list, blank=True)
    artists = models.JSONField(default=list)
    album = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    genres = models.JSONField(default=list, blank=True)
    moods = models.JSONField(default=list, blank=True)
    themes = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=100, blank=True)
    energy = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    tempo = models.CharField(max_length=100, blank=True)
    vocals = models.CharField(max_length=100, blank=True)
    popularity = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)])
    duration_s = models.FloatField(null=True, blank=True)
    isrc = models.CharField(max_length=100, blank=True)
    preview_url = models.URLField(max_length=2000, blank=True)
    lyrics = models.TextField(blank=True)

    class Meta:
        ordering = ["dataset", "external_id"]
        constraints = [models.UniqueConstraint(fields=["dataset", "external_id"], name="recsys_track_id")]

    def __str__(self) -> str:
        return f"{', '.join(self.artists)} – {self.title}"
