from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ClassifierRun(models.Model):
    """One training of a query-type classifier: what it learns from and how, how far it is, what came out.

    It learns from a gold version of a campaign; one that was trained on the command line has no such version, and
    `data_name` says what it learned from. A finished run never changes. Whoever trains it holds its lock, and writes
    only as long as `attempts` is what it was at the start; `step`, `done`, `total` and `heartbeat` are its last report.
    `artifact` is a folder below MODELS_ROOT, `split` the number of queries in train, validation and test.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        STOPPING = "stopping", _("stopping")
        STOPPED = "stopped", _("stopped")
        FINISHED = "finished", _("finished")
        FAILED = "failed", _("failed")

    class Target(models.TextChoices):
        BOTH = "both", _("both, the better of the two gives alpha")
        BINARY = "binary", _("personalised or not")
        CATEGORIES = "categories", _("the 19 categories")

    name = models.CharField(max_length=120)
    campaign = models.ForeignKey(
        "annotation.Campaign", on_delete=models.PROTECT, null=True, related_name="classifier_runs"
    )
    gold = models.ForeignKey(
        "annotation.GoldVersion", on_delete=models.PROTECT, null=True, related_name="classifier_runs"
    )
    data_name = models.CharField(max_length=200, blank=True)

    model = models.CharField(max_length=300)
    target = models.CharField(max_length=15, choices=Target, default=Target.BOTH)
    frozen = models.BooleanField(default=False)
    recipe = models.CharField(max_length=20, default="default")
    overrides = models.JSONField(default=dict)
    device = models.CharField(max_length=10, default="cpu")
    seed = models.PositiveBigIntegerField(default=0)
    curve = models.BooleanField(default=False)

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    step = models.CharField(max_length=100, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    heartbeat = models.DateTimeField(null=True)
    host = models.CharField(max_length=100, blank=True)
    pid = models.PositiveIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message = models.TextField(blank=True)

    artifact = models.CharField(max_length=300, unique=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    data_hash = models.CharField(max_length=64, blank=True)
    code_version = models.CharField(max_length=64, blank=True)
    split = models.JSONField(default=dict)
    alpha = models.JSONField(default=dict)
    metrics = models.JSONField(default=dict)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField()
    woken_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state"], name="annotation_run_state")]  # read by the clock every few seconds
        constraints = [
            models.CheckConstraint(
                condition=Q(campaign__isnull=False, gold__isnull=False, data_name="")
                | Q(campaign__isnull=True, gold__isnull=True) & ~Q(data_name=""),
                name="annotation_run_learns_from_something",
            ),
            models.CheckConstraint(
                condition=~Q(state="finished") | ~Q(fingerprint=""), name="annotation_run_finished_is_known"
            ),
            # the same folder recorded twice at the same moment is one run
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(gold__isnull=True), name="annotation_run_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def directory(self) -> Path:
        """Where the classifier is, or will be."""
        return Path(settings.MODELS_ROOT) / self.artifact


class ClassifierPromotion(models.Model):
    """Somebody put a finished run to use. Rows are added, never changed; the newest names the run in use."""

    run = models.ForeignKey(ClassifierRun, on_delete=models.PROTECT, related_name="promotions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.run_id} at {self.at:%Y-%m-%d %H:%M}"
