from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LEAST_RANDOM_SHARE = 0.1


class Campaign(models.Model):
    """A set of queries, the taxonomy they are labelled with, and how: by whom, how often, in which order.

    `overlap_share` of the items get `overlap` labels, the others one. With `third_label`, an item whose labels differ
    gets one more. `practice` items with an answer come before the real ones. `order_number` grows when the items are
    put into another order.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    class Order(models.TextChoices):
        RANDOM = "random", _("random")
        OLDEST = "oldest", _("oldest first")
        USEFUL = "useful", _("most useful first")

    class Strategy(models.TextChoices):
        ENTROPY = "entropy", _("entropy")
        MARGIN = "margin", _("margin")
        DISAGREEMENT = "disagreement", _("disagreement")
        DIVERSITY = "diversity", _("diversity")

    class Guess(models.TextChoices):
        AFTER = "after", _("shown after the choice")
        BEFORE = "before", _("shown before the choice, and stored with it")
        NEVER = "never", _("never shown")

    slug = models.SlugField(max_length=50, unique=True)
    title = models.CharField(max_length=200)
    instructions = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    taxonomy = models.ForeignKey("annotation.TaxonomyVersion", on_delete=models.PROTECT, related_name="campaigns")

    overlap = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1), MaxValueValidator(9)])
    overlap_share = models.FloatField(default=1.0, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])
    third_label = models.BooleanField(default=True)
    gold_rate = models.FloatField(default=0.05, validators=[MinValueValidator(0.0), MaxValueValidator(0.5)])
    lease_minutes = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    quota = models.PositiveIntegerField(null=True, blank=True)
    invited_only = models.BooleanField(default=False)

    order = models.CharField(max_length=10, choices=Order, default=Order.RANDOM)
    strategy = models.CharField(max_length=20, choices=Strategy, default=Strategy.MARGIN)
    random_share = models.FloatField(
        default=0.2, validators=[MinValueValidator(LEAST_RANDOM_SHARE), MaxValueValidator(1.0)]
    )
    practice = models.PositiveIntegerField(default=0)
    order_number = models.PositiveIntegerField(default=0)
    ordered_at = models.DateTimeField(null=True, blank=True)
    ordered_labels = models.PositiveIntegerField(default=0)
    guess = models.CharField(max_length=10, choices=Guess, default=Guess.AFTER)
    seed = models.PositiveIntegerField(default=0)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug="") & ~Q(title=""), name="annotation_campaign_named"),
            models.CheckConstraint(condition=Q(overlap__gte=1, overlap__lte=9), name="annotation_campaign_overlap"),
            models.CheckConstraint(
                condition=Q(overlap_share__gte=0, overlap_share__lte=1), name="annotation_campaign_overlap_share"
            ),
            models.CheckConstraint(
                condition=Q(random_share__gte=LEAST_RANDOM_SHARE, random_share__lte=1),
                name="annotation_campaign_random_share",
            ),
            models.CheckConstraint(
                condition=Q(gold_rate__gte=0, gold_rate__lte=0.5), name="annotation_campaign_gold_rate"
            ),
            models.CheckConstraint(condition=Q(lease_minutes__gte=1), name="annotation_campaign_lease"),
        ]

    def __str__(self) -> str:
        return self.title
