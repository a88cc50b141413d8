import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q


def new_seed() -> str:
    """A secret from which every draw of the study follows, so that an export can replay them."""
    return secrets.token_hex(16)


class Study(models.Model):
    """A blind comparison of two or more systems. Systems, wording and classifier are frozen once it opens."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        OPEN = "open"
        CLOSED = "closed"

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    title_ru = models.CharField(max_length=200, blank=True)
    intro = models.TextField(blank=True)
    intro_ru = models.TextField(blank=True)
    consent = models.TextField(help_text="What a participant agrees to. A study without it cannot open.", blank=True)
    consent_ru = models.TextField(blank=True)
    question = models.CharField(max_length=200, blank=True, help_text="Asked above the two playlists.")
    question_ru = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    playlist_length = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    elo_k = models.FloatField(default=32, validators=[MinValueValidator(0.1), MaxValueValidator(400)])
    listed = models.BooleanField(default=False, help_text="Shown on the home page while open.")
    sample_listeners = models.PositiveSmallIntegerField(
        default=0,
        help_text="How many listeners of the data set a participant may borrow the taste of (demonstrations).",
    )
    classifier = models.ForeignKey(
        "annotation.ClassifierRun",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="studies",
        help_text="Tells the types of the queries: the one in use when the study opened first, none if none was.",
    )
    planned_participants = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="How many shall judge before the study closes; fixed before it opens.",
    )
    planned_judgments = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="How many judgments it shall have before it closes; fixed before it opens.",
    )
    rehearsal = models.BooleanField(
        default=False, editable=False, help_text="Judged by simulated participants; nobody said any of it."
    )
    seed = models.CharField(max_length=64, default=new_seed, editable=False)
    draws = models.PositiveIntegerField(default=0, editable=False, help_text="Draws made so far.")
    created_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="studies"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "studies"
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft") | ~Q(consent=""), name="evaluation_no_open_study_without_consent"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class StudySystem(models.Model):
    """A system version that takes part in a study, under the name its report uses."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="systems")
    version = models.ForeignKey("recsys.SystemVersion", on_delete=models.PROTECT, related_name="studies")
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["study", "name"], name="evaluation_system_names_differ"),
            models.UniqueConstraint(fields=["study", "version"], name="evaluation_one_entry_per_system_version"),
        ]

    def __str__(self) -> str:
        return self.name
