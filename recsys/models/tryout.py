import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class Tryout(models.Model):
    """A researcher's question to one system version, answered by a worker; kept for a day, no part of any study.

    The row is the truth and the message only a wake-up call. It is queued until it is done or has failed; who works on
    it says so in `worker` and `started_at`, and whoever was overtaken (`attempts`) stores nothing.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        DONE = "done"
        FAILED = "failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey("recsys.SystemVersion", on_delete=models.CASCADE, related_name="tryouts")
    query = models.TextField()
    listener = models.CharField(max_length=200, blank=True, help_text="External id; empty for nobody.")
    k = models.PositiveSmallIntegerField(default=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    answer = models.JSONField(null=True, help_text="Tracks with scores and their parts, alpha, seconds.")
    error = models.TextField(blank=True, help_text="One sentence for the researcher.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker took it.")
    worker = models.CharField(max_length=200, blank=True, help_text="Host and process of the last who took it.")
    started_at = models.DateTimeField(null=True, help_text="When it was last taken.")
    sent_at = models.DateTimeField(default=timezone.now, help_text="When a worker was last called.")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["created_at"], name="recsys_tryout_age")]  # the clock removes old ones

    def __str__(self) -> str:
        return f"{self.version}: {self.query[:40]}"
