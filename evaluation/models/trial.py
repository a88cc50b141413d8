from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from evaluation.models.participant import Participant


class TrialQuerySet(models.QuerySet["Trial"]):
    def of(self, participant: Participant) -> TrialQuerySet:
        return self.filter(participant=participant)

    def in_flight(self) -> TrialQuerySet:
        """Trials that still want something: playlists or a judgment."""
        return self.filter(state__in=[Trial.State.GENERATING, Trial.State.READY])

    def untold(self) -> TrialQuerySet:
        """Trials whose query has no type, once their playlists are done with."""
        return self.filter(category="").exclude(state=Trial.State.GENERATING)


class Trial(models.Model):
    """One query, two systems, one participant. The row is the truth; a message to a worker is only a wake-up call.

    How its pair and its sides were drawn is stored with the probability of each draw, and follows from the study's
    seed and `number`, so that an export can replay it.
    """

    class State(models.TextChoices):
        GENERATING = "generating"
        READY = "ready"
        JUDGED = "judged"
        IDENTICAL = "identical"  # both playlists are the same list; recorded, never asked about
        FAILED = "failed"
        EXPIRED = "expired"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    study = models.ForeignKey("evaluation.Study", on_delete=models.CASCADE, related_name="trials")
    participant = models.ForeignKey("evaluation.Participant", on_delete=models.CASCADE, related_name="trials")
    number = models.PositiveIntegerField(
        help_text="Counts the draws of the study from 0; a replacement shares its draw."
    )
    idempotency_key = models.CharField(max_length=100)
    query = models.CharField(max_length=500)
    query_language = models.CharField(max_length=8, blank=True)
    category = models.SlugField(
        blank=True,
        db_index=False,
        help_text="By the study's classifier, for the researcher only; empty until it is told.",
    )
    alpha = models.FloatField(null=True, blank=True, help_text="P(personalised given the query), by the same.")
    state = models.CharField(max_length=12, choices=State, default=State.GENERATING)
    sampler = models.CharField(max_length=40, help_text="Name and version of the rule that drew pair and sides.")
    pair_probability = models.FloatField(help_text="Probability with which this pair was drawn.")
    side_probability = models.FloatField(help_text="Probability with which the system shown as A was put first.")
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by")
    created_at = models.DateTimeField(help_text="By the clock of the database.")
    deadline = models.DateTimeField(help_text="When generation is given up.")
    visible_from = models.DateTimeField(null=True, blank=True, help_text="When both playlists appear, on a whole tick.")
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "number"],
                condition=Q(replaces__isnull=True),
                name="evaluation_draws_are_numbered_once",
            ),
            models.UniqueConstraint(fields=["participant", "idempotency_key"], name="evaluation_one_trial_per_key"),
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(state__in=["generating", "ready"]),
                name="evaluation_one_trial_in_flight",
            ),
            models.CheckConstraint(
                condition=Q(
                    pair_probability__gt=0, pair_probability__lte=1, side_probability__gt=0, side_probability__lte=1
                ),
                name="evaluation_draw_probabilities",
            ),
            models.CheckConstraint(
                # a comparison with no alpha is unknown, and a check lets the unknown pass
                condition=Q(category="", alpha__isnull=True)
                | ~Q(category="") & Q(alpha__isnull=False, alpha__gte=0, alpha__lte=1),
                name="evaluation_category_comes_with_alpha",
            ),
        ]
        indexes = [
            # the reaper looks only at trials that still want something
            models.Index(
                fields=["state", "deadline"],
                name="evaluation_trials_in_flight",
                condition=Q(state__in=["generating", "ready"]),
            ),
            # the clock asks every few seconds which studies have queries without a type; not partial, because SQLite
            # cannot tell that a bound value meets the condition of an index
            models.Index(fields=["study", "category"], name="evaluation_trials_by_type"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Side(models.Model):
    """One of a trial's two playlists, and the state of the work that makes it.

    A worker owns the work by `lease_until` (the database's clock) and by `attempt`: only the latest attempt may store
    its playlist, so a late or doubled worker changes nothing.
    """

    class Name(models.TextChoices):
        A = "a"
        B = "b"

    class State(models.TextChoices):
        QUEUED = "queued"
        LEASED = "leased"
        READY = "ready"
        FAILED = "failed"

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="sides")
    name = models.CharField(max_length=1, choices=Name)
    system = models.ForeignKey("evaluation.StudySystem", on_delete=models.PROTECT, related_name="sides")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When a worker was last woken for it.")
    tracks = models.JSONField(null=True, blank=True, help_text="Track ids, best first.")
    playlist = models.JSONField(null=True, blank=True, help_text="What is shown: title, artists, year, preview.")
    model_seconds = models.FloatField(null=True, blank=True)
    failure = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["trial_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "name"], name="evaluation_one_playlist_per_side"),
            models.UniqueConstraint(fields=["trial", "system"], name="evaluation_two_different_systems"),
            models.CheckConstraint(
                condition=~Q(state="ready") | (Q(tracks__isnull=False) & Q(playlist__isnull=False)),
                name="evaluation_ready_side_has_playlist",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "lease_until"],
                name="evaluation_open_sides",
                condition=Q(state__in=["queued", "leased"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trial_id}{self.name}"
