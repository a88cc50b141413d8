from django.db import models


class Playlist(models.Model):
    """An editorial playlist of one data set. It is read whole and in order: hence a list, not a table."""

    dataset = models.ForeignKey("recsys.Dataset", on_delete=models.CASCADE, related_name="playlists")
    external_id = models.CharField(max_length=200)
    title = models.TextField()
    language = models.CharField(max_length=100, blank=True)
    split = models.CharField(max_length=10, blank=True)
    track_ids = models.JSONField(default=list, help_text="External ids of the tracks, in playing order.")

    class Meta:
        ordering = ["dataset", "external_id"]
        constraints = [models.UniqueConstraint(fields=["dataset", "external_id"], name="recsys_playlist_id")]

    def __str__(self) -> str:
        return self.title
