from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def labelled(self) -> "AssignmentQuerySet":
        return self.filter(state=Assignment.State.LABELLED)

    def votes(self) -> "AssignmentQuerySet":
        """The labels that count: of real work, within the overlap."""
        return self.labelled().filter(item__kind="work", surplus=False)


class Assignment(models.Model):
    """One item in one annotator's hands: lent to them, labelled or skipped by them.

    A lease that ran out lapses and gives its place back. A label that comes after that counts if there is still a
    place (`late`), and is kept beside the others if there is none (`surplus`). `guess` is what a classifier had
    shown the annotator before the choice, empty when nothing was shown.
    """

    class State(models.TextChoices):
        LEASED = "leased", _("leased")
        LABELLED = "labelled", _("labelled")
        SKIPPED = "skipped", _("skipped")
        LAPSED = "lapsed", _("lapsed")

    class Flag(models.TextChoices):
        NONE = "", _("no flag")
        UNCLEAR = "unclear", _("unclear")

    campaign = models.ForeignKey("annotation.Campaign", on_delete=models.CASCADE, related_name="assignments")
    item = models.ForeignKey("annotation.Item", on_delete=models.CASCADE, related_name="assignments")
    annotator = models.ForeignKey("annotation.Annotator", on_delete=models.CASCADE, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.LEASED)
    lease_until = models.DateTimeField(null=True)
    origin = models.CharField(max_length=20, blank=True)

    category = models.CharField(max_length=50, blank=True)
    taxonomy_version = models.PositiveSmallIntegerField(null=True)
    seconds = models.FloatField(null=True)
    flag = models.CharField(max_length=10, choices=Flag, blank=True, default=Flag.NONE)
    comment = models.TextField(blank=True)
    guess = models.CharField(max_length=50, blank=True)
    guess_model = models.CharField(max_length=64, blank=True)
    late = models.BooleanField(default=False)
    surplus = models.BooleanField(default=False)
    acted_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "annotator"], name="annotation_assignment_once"),
            models.CheckConstraint(
                condition=Q(state="labelled", taxonomy_version__isnull=False) & ~Q(category="")
                | ~Q(state="labelled") & Q(category=""),
                name="annotation_assignment_category",
            ),
            models.CheckConstraint(
                condition=Q(state="leased", lease_until__isnull=False)
                | Q(state="lapsed", lease_until__isnull=True)
                | Q(state__in=["labelled", "skipped"], lease_until__isnull=True, acted_at__isnull=False),
                name="annotation_assignment_state",
            ),
            models.CheckConstraint(
                condition=Q(seconds__isnull=True) | Q(seconds__gte=0), name="annotation_assignment_seconds"
            ),
        ]
        indexes = [
            # what an annotator holds now
            models.Index(fields=["annotator", "lease_until"], condition=Q(state="leased"), name="annotation_held"),
            # leases of a campaign that ran out
            models.Index(fields=["campaign", "lease_until"], condition=Q(state="leased"), name="annotation_lease_over"),
            # an annotator's own work, latest first; undo takes the first
            models.Index(fields=["annotator", "-acted_at"], name="annotation_own_work"),
        ]

    def __str__(self) -> str:
        return f"{self.annotator_id}: {self.category or self.state}"
