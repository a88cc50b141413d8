from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LabelEvent(models.Model):
    """What happened to a label or a decision: who, when, from what to what. Only ever added to.

    `key` is the client's own name of the action, so that an action sent twice is done once.
    """

    class Action(models.TextChoices):
        LABEL = "label", _("labelled")
        CHANGE = "change", _("changed")
        UNDO = "undo", _("taken back")
        SKIP = "skip", _("skipped")
        FLAG = "flag", _("flagged")
        COMMENT = "comment", _("commented")
        REOPEN = "reopen", _("sent round again")
        DECIDE = "decide", _("adjudicated")

    campaign = models.ForeignKey("annotation.Campaign", on_delete=models.CASCADE, related_name="events")
    item = models.ForeignKey("annotation.Item", on_delete=models.CASCADE, related_name="events")
    annotator = models.ForeignKey(
        "annotation.Annotator", on_delete=models.CASCADE, null=True, blank=True, related_name="events"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    action = models.CharField(max_length=10, choices=Action)
    old = models.CharField(max_length=50, blank=True)
    new = models.CharField(max_length=50, blank=True)
    note = models.TextField(blank=True)
    seconds = models.FloatField(null=True)
    taxonomy_version = models.PositiveSmallIntegerField(null=True)
    guess = models.CharField(max_length=50, blank=True)
    guess_model = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=20, blank=True)
    late = models.BooleanField(default=False)
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["annotator", "key"], condition=~Q(key=""), name="annotation_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.old} → {self.new}"
