"""People who work with Playoff. Participants of a study have no account."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with any of three roles; a superuser has them all."""

    is_annotator = models.BooleanField("annotator", default=False, help_text="Labels queries.")
    is_lead = models.BooleanField("lead", default=False, help_text="Runs labelling campaigns, adjudicates.")
    is_researcher = models.BooleanField(
        "researcher", default=False, help_text="Configures systems and studies, reads reports."
    )

    def has_role(self, role: str) -> bool:
        """Whether the person is active and has the role: annotator, lead or researcher."""
        return self.is_active and (self.is_superuser or bool(getattr(self, f"is_{role}")))

    @property
    def roles(self) -> list[str]:
        return [role for role in ("annotator", "lead", "researcher") if self.has_role(role)]
