"""Forms of the participant pages and of the planner. They parse; services decide."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.models import Judgment
from evaluation.services.judgments import MAX_REASON
from evaluation.services.trials import MAX_QUERY


class EntryForm(forms.Form):
    listener_choice = forms.CharField(required=False, max_length=200)
    platform_id = forms.CharField(
        label=_("Your platform identifier"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    consent = forms.BooleanField(
        label=_("I have read this and agree"),
        required=True,
        error_messages={"required": _("Please tick the box if you agree.")},
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if not cleaned.get("listener_choice") and not cleaned.get("platform_id"):
            self.add_error("platform_id", _("Please give your platform identifier."))
        return cleaned


class QueryForm(forms.Form):
    query = forms.CharField(
        label=_("What would you like to hear?"),
        max_length=MAX_QUERY,
        error_messages={
            "required": _("Say in a few words what you would like to hear."),
            "max_length": _("That is too long: up to %(limit_value)d characters, please."),
        },
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "autocomplete": "off", "enterkeyhint": "go"}),
    )
    idempotency_key = forms.CharField(max_length=100, widget=forms.HiddenInput, initial=lambda: str(uuid.uuid4()))


class JudgmentForm(forms.Form):
    choice = forms.ChoiceField(choices=Judgment.Choice.choices)


class ReasonForm(forms.Form):
    reason = forms.CharField(required=False, max_length=MAX_REASON)


class PlannerForm(forms.Form):
    """What a study shall be able to find; shares in per cent. The bounds are those of `stats.power.Plan`."""

    gap = forms.FloatField(
        label=_("Difference to find, Elo"),
        min_value=1,
        max_value=2000,
        help_text=_("50 Elo: the better system wins 57 of 100 judgments that decide."),
    )
    participants = forms.IntegerField(
        label=_("Participants, if you know"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Says what so many people can find."),
    )
    judgments = forms.FloatField(
        label=_("Judgments per participant"),
        min_value=1,
        max_value=10_000,
        help_text=_("Spread evenly over the pairs of systems."),
    )
    systems = forms.IntegerField(label=_("Systems"), min_value=2, max_value=100)
    ties = forms.FloatField(label=_("Equivalent, %"), min_value=0, max_value=95, help_text=_("Usual: 10 to 20."))
    taste = forms.FloatField(
        label=_("How much tastes differ"),
        min_value=0,
        max_value=5,
        help_text=_("Standard deviation of the log-odds between participants: 0 not at all, 0.5 usual, 1 much."),
    )
    power = forms.FloatField(
        label=_("Chance to find it, %"), min_value=10, max_value=99.9, help_text=_("Power. Usual: 80.")
    )
    level = forms.FloatField(
        label=_("Chance of a false alarm, %"), min_value=0.01, max_value=10, help_text=_("Over all pairs. Usual: 5.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.update({"class": "input", "step": "any", "inputmode": "decimal", "autocomplete": "off"})
