from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Item(models.Model):
    """A query in a campaign, and how many labels it still wants.

    `planned` labels were foreseen, `wanted` are wanted now: one more where the planned ones settle nothing. Every place
    is free, lent or labelled, and the database itself refuses one label too many. `draw` is the item's
    lot, drawn once by the campaign's seed: the order `random`, the share with overlap and the random share all follow
    it. `rank` is where it stands in the queue now, and `origin` what put it there. `returned` is when (µs) it last
    got a free place back. `dispute` is its place in the adjudication queue, null when it needs no decision.
    """

    class Kind(models.TextChoices):
        WORK = "work", _("work")
        GOLD = "gold", _("gold question")
        PRACTICE = "practice", _("practice")

    campaign = models.ForeignKey("annotation.Campaign", on_delete=models.CASCADE, related_name="items")
    query = models.ForeignKey("annotation.Query", on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WORK)
    answer = models.CharField(max_length=50, blank=True)
    why = models.TextField(blank=True)

    planned = models.PositiveSmallIntegerField()
    wanted = models.PositiveSmallIntegerField()
    labelled = models.PositiveSmallIntegerField(default=0)
    leased = models.PositiveSmallIntegerField(default=0)
    free = models.GeneratedField(
        expression=F("wanted") - F("labelled") - F("leased"), output_field=models.SmallIntegerField(), db_persist=True
    )
    draw = models.BigIntegerField()
    rank = models.BigIntegerField()
    origin = models.CharField(max_length=20, default="random")
    returned = models.BigIntegerField(null=True)

    dispute = models.FloatField(null=True)
    guess = models.CharField(max_length=50, blank=True)
    guess_probability = models.FloatField(null=True)
    guess_uncertainty = models.FloatField(null=True)
    guess_model = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["campaign", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "query"], name="annotation_item_once"),
            models.CheckConstraint(
                condition=Q(wanted__gte=F("labelled") + F("leased")), name="annotation_item_never_too_many"
            ),
            models.CheckConstraint(condition=Q(kind="work") | ~Q(answer=""), name="annotation_item_answer"),
            models.CheckConstraint(condition=Q(kind="work") | Q(planned=0, wanted=0), name="annotation_item_wanted"),
        ]
        indexes = [
            # the next item of an annotator, whatever the size of the pool
            models.Index(fields=["campaign", "rank"], condition=Q(free__gt=0), name="annotation_item_next"),
            # items that got a place back, which annotators have passed already
            models.Index(
                fields=["campaign", "returned"],
                condition=Q(free__gt=0, returned__isnull=False),
                name="annotation_item_returned",
            ),
            # gold questions and practice, a few among very many
            models.Index(
                fields=["campaign", "kind", "draw"], condition=~Q(kind="work"), name="annotation_item_answered"
            ),
            # the adjudication queue
            models.Index(
                fields=["campaign", "-dispute"], condition=Q(dispute__isnull=False), name="annotation_item_dispute"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.query_id}"
