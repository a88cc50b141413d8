from django.db import models


class Interaction(models.Model):
    """What a listener did with a track: one line of `interactions.csv`."""

    class Event(models.TextChoices):
        LISTEN = "listen"
        LIKE = "like"
        DISLIKE = "dislike"
        SKIP = "skip"

    listener = models.ForeignKey("recsys.Listener", on_delete=models.CASCADE, related_name="interactions")
    track = models.ForeignKey("recsys.Track", on_delete=models.CASCADE, related_name="interactions")
    event = models.CharField(max_length=10, choices=Event.choices)
    count = models.PositiveIntegerField(default=1)
    timestamp = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(count__gte=1), name="recsys_interaction_count"),
            models.CheckConstraint(
                condition=models.Q(event__in=["listen", "like", "dislike", "skip"]), name="recsys_interaction_event"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listener_id} {self.event} {self.track_id}"
