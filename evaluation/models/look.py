from django.db import models


class Look(models.Model):
    """A researcher saw results of an open study, when it had so many judgments; again at that number is the same look.

    Tests meant for one look raise more false alarms the more often they are read, so a report says how often.
    """

    study = models.ForeignKey("evaluation.Study", on_delete=models.CASCADE, related_name="looks")
    judgments = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["study", "judgments"], name="evaluation_one_look_per_number_of_judgments"),
            models.CheckConstraint(condition=models.Q(judgments__gt=0), name="evaluation_looks_see_judgments"),
        ]

    def __str__(self) -> str:
        return f"{self.study_id}: {self.judgments}"
