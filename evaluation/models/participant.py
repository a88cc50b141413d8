import uuid

from django.db import models
from django.db.models import Q


class Participant(models.Model):
    """Who judges, without an account. There is no row without consent: its text's hash, language and time."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    study = models.ForeignKey("evaluation.Study", on_delete=models.CASCADE, related_name="participants")
    platform_id = models.CharField(max_length=200, help_text="The participant's identifier at the music service.")
    listener = models.CharField(
        max_length=200, help_text="Whose taste the systems are told: the platform_id, or a borrowed one."
    )
    language = models.CharField(max_length=8)
    consent_sha256 = models.CharField(max_length=64)
    consented_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "platform_id"], name="evaluation_one_participant_per_platform_id"),
            models.CheckConstraint(
                condition=~Q(consent_sha256="") & ~Q(language="") & ~Q(platform_id=""),
                name="evaluation_no_participant_without_consent",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_authenticated(self) -> bool:
        """A participant of the HTTP interface has proved who they are by their token."""
        return True
