"""The form that asks for a classifier."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from annotation.classifier.spec import Spec
from annotation.forms import dress
from annotation.models import ClassifierRun, GoldVersion
from annotation.services.classifier_runs import MOST_SEED, specified
from annotation.taxonomy import DEFAULT_TAXONOMY
from playoff.common.errors import InvalidInputError

MOST_OVERRIDES = 50


class GoldChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.campaign.title} · {obj.name} ({obj.rows_count})"


class OverridesField(forms.CharField):
    """Hyper-parameters, one `name=value` per line; a value is a number, true, false, or a word."""

    def clean(self, value: Any) -> dict[str, int | float | str | bool]:
        found: dict[str, int | float | str | bool] = {}
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            name, equals, given = (part.strip() for part in line.partition("="))
            if not (equals and name.isidentifier() and given):
                raise ValidationError(
                    _("“%(line)s”: write one name=value per line, such as epochs=3."), params={"line": line.strip()}
                )
            found[name] = _value(given)
        if len(found) > MOST_OVERRIDES:
            raise ValidationError(_("Set at most %(most)s hyper-parameters."), params={"most": MOST_OVERRIDES})
        return found


class ClassifierForm(forms.Form):
    """What to train, on which gold version. Only versions that classifiers can learn from are offered."""

    gold = GoldChoiceField(
        label=_("Gold version"),
        queryset=GoldVersion.objects.none(),
        empty_label=None,
        help_text=_("Its train, validation and test queries stay what they are."),
    )
    model = forms.CharField(
        label=_("Model"),
        max_length=300,
        initial="tfidf",
        help_text=_("tfidf takes seconds; or a preset, the hub id or the path of any text encoder."),
    )
    target = forms.ChoiceField(
        label=_("What it learns, and where alpha comes from"), choices=ClassifierRun.Target, initial="both"
    )
    frozen = forms.BooleanField(
        label=_("Leave the encoder as it comes"),
        required=False,
        help_text=_("Only linear heads on its embeddings are learned: minutes instead of hours."),
    )
    recipe = forms.ChoiceField(
        label=_("Recipe"),
        choices=[("default", _("ours")), ("paper", _("of “Learning When to Personalize”"))],
        initial="default",
    )
    device = forms.ChoiceField(label=_("Device"), choices=[("cpu", _("processor")), ("cuda", _("GPU"))], initial="cpu")
    seed = forms.IntegerField(label=_("Seed"), min_value=0, max_value=MOST_SEED, initial=0)
    curve = forms.BooleanField(
        label=_("Learning curve"),
        required=False,
        help_text=_("Learns from parts of the data as well, to say whether more labels would help. Takes longer."),
    )
    overrides = OverridesField(
        label=_("Hyper-parameters"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One name=value per line, over those of the recipe."),
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("For people; made of model and version if empty.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gold"].queryset = (  # type: ignore[attr-defined]  # a field that chooses among models
            GoldVersion.objects.filter(taxonomy__digest=DEFAULT_TAXONOMY.digest)
            .exclude(digest="")
            .select_related("campaign")
            .defer("summary", "parameters", "campaign__instructions")
        )
        dress(self)
        self.fields["model"].widget.attrs |= {"list": "classifier-presets", "spellcheck": "false"}

    @property
    def usual(self) -> list[forms.BoundField]:
        return [self["gold"], self["model"]]

    @property
    def rare(self) -> list[forms.BoundField]:
        return [self[name] for name in ("target", "recipe", "device", "seed", "name", "overrides")]

    @property
    def rare_in_use(self) -> bool:
        return any(self[name].errors for name in ("target", "recipe", "device", "seed", "name", "overrides"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                given["spec"] = spec_of(given)
            except InvalidInputError as error:
                raise ValidationError(str(error)) from error
        return given


def spec_of(given: dict[str, Any]) -> Spec:
    names = ("model", "target", "frozen", "recipe", "overrides", "device", "seed", "curve")
    return specified(**{name: given[name] for name in names})


def _value(text: str) -> int | float | str | bool:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float | bool) else text
