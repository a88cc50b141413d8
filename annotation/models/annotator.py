from django.conf import settings
from django.db import models
from django.db.models import Q

BEFORE_ALL = -(2**62)


class Annotator(models.Model):
    """A person's place in a campaign: what they may label, how far they are. Exports know the pseudonym only.

    `rank_cursor` and `returned_cursor` say which items were looked through for this annotator already, so that finding
    the next one costs the same in a pool of a million; they hold under one `order_number` of the campaign.
    The counters are those of the annotator's own labels, kept in the same transaction as the labels.
    """

    campaign = models.ForeignKey("annotation.Campaign", on_delete=models.CASCADE, related_name="annotators")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="annotators"
    )
    pseudonym = models.CharField(max_length=200)
    languages = models.JSONField(default=list, blank=True)
    quota = models.PositiveIntegerField(null=True, blank=True)
    barred = models.BooleanField(default=False)

    rank_cursor = models.BigIntegerField(default=BEFORE_ALL)
    returned_cursor = models.BigIntegerField(default=0)
    order_number = models.PositiveIntegerField(default=0)

    given = models.PositiveIntegerField(default=0)
    labelled = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    practised = models.PositiveIntegerField(default=0)
    gold_seen = models.PositiveIntegerField(default=0)
    gold_right = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    last_label_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["campaign", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "pseudonym"], name="annotation_annotator_pseudonym"),
            models.UniqueConstraint(
                fields=["campaign", "user"], condition=Q(user__isnull=False), name="annotation_annotator_once"
            ),
            models.CheckConstraint(condition=~Q(pseudonym=""), name="annotation_annotator_named"),
            models.CheckConstraint(
                condition=Q(gold_right__lte=models.F("gold_seen")), name="annotation_annotator_gold"
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym

    @property
    def most_labels(self) -> int | None:
        """Their own quota, else the campaign's; None where there is no limit."""
        return self.quota if self.quota is not None else self.campaign.quota
