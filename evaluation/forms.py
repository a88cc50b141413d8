"""Forms of the participant pages. They parse; services decide."""

import uuid

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
