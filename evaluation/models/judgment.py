from django.db import models


class Judgment(models.Model):
    """What a participant said of a trial. There is one per trial, and it is never changed."""

    class Choice(models.TextChoices):
        A = "a"
        B = "b"
        EQUIVALENT = "equivalent"

    trial = models.OneToOneField("evaluation.Trial", on_delete=models.CASCADE, related_name="judgment")
    choice = models.CharField(max_length=10, choices=Choice)
    reason = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(choice__in=["a", "b", "equivalent"]), name="evaluation_known_choice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trial_id}: {self.choice}"
