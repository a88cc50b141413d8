import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Intake(models.Model):
    """A file of queries on its way into a campaign: read and checked, shown to the lead, and only then written.

    `read`, `kept` and `written` are rows. The rows themselves wait in a file of their own, without any user's name.
    """

    class State(models.TextChoices):
        READING = "reading", _("being read")
        CHECKED = "checked", _("waiting for confirmation")
        WRITING = "writing", _("being written")
        DONE = "done", _("written")
        FAILED = "failed", _("refused")
        CANCELLED = "cancelled", _("cancelled")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey("annotation.Campaign", on_delete=models.CASCADE, related_name="intakes")
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(default=0)
    options = models.JSONField(default=dict)
    read = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    position = models.PositiveBigIntegerField(default=0)
    report = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name
