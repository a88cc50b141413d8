"""The form of the try-it box."""

import uuid
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recsys.core.registry import RECOMMENDERS
from recsys.models import SystemVersion
from recsys.selectors.catalogue import is_known_listener
from recsys.services.tryouts import MAX_K, MAX_QUERY

PREFERRED = "retriever-cr-dp"
"""Chosen at first where there is a version of it: its scores have all the parts."""


class TryoutForm(forms.Form):
    """What to ask, of which version or two, with whose taste. `versions` are those to choose from."""

    query = forms.CharField(
        label=gettext_lazy("Query"),
        max_length=MAX_QUERY,
        widget=forms.TextInput(attrs={"class": "input", "dir": "auto", "autocomplete": "off"}),
    )
    version = forms.TypedChoiceField(
        label=gettext_lazy("System version"), coerce=int, widget=forms.Select(attrs={"class": "input"})
    )
    beside = forms.TypedChoiceField(
        label=gettext_lazy("Beside it"),
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.Select(attrs={"class": "input"}),
    )
    k = forms.IntegerField(
        label=gettext_lazy("Tracks"),
        min_value=1,
        max_value=MAX_K,
        initial=20,
        widget=forms.NumberInput(attrs={"class": "input"}),
    )
    listener = forms.CharField(label=gettext_lazy("Whose taste"), max_length=200, required=False)
    key = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, versions: list[SystemVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {version.pk: version for version in versions}
        choices = _grouped(versions)
        self.fields["version"].choices = choices  # type: ignore[attr-defined]  # a field of choices
        self.fields["beside"].choices = [("", _("nothing")), *choices]  # type: ignore[attr-defined]
        first = next(
            (version for version in versions if version.system == PREFERRED), versions[0] if versions else None
        )
        self.initial.setdefault("version", first.pk if first else None)
        self.initial["key"] = uuid.uuid4().hex

    @property
    def picked(self) -> SystemVersion | None:
        """The version that is chosen as the form stands: whose listeners are offered."""
        asked = str(self["version"].value() or "")
        return self.versions.get(int(asked)) if asked.isascii() and asked.isdigit() else None

    @property
    def whose(self) -> str:
        return str(self["listener"].value() or "")

    def asked_versions(self) -> list[SystemVersion]:
        """The versions of a valid form."""
        given = self.cleaned_data
        return [self.versions[key] for key in (given["version"], given["beside"]) if key is not None]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("beside") is not None and given["beside"] == given.get("version"):
            self.add_error("beside", _("This is the same version; choose another one, or nothing."))
        listener = given.get("listener", "")
        for name in ("version", "beside"):
            version = self.versions.get(given.get(name) or 0)
            if listener and version and not is_known_listener(version.dataset_id, listener):
                self.add_error(
                    "listener",
                    _("The data set %(dataset)s knows no listener “%(listener)s”.")
                    % {"dataset": version.dataset, "listener": listener[:50]},
                )
                break
        return given


def version_label(version: SystemVersion) -> str:
    when = date_format(version.created_at, "SHORT_DATE_FORMAT")
    return f"{version.system} · {version.fingerprint[:8]} · {version.dataset} · {when}"


def _grouped(versions: list[SystemVersion]) -> list[tuple[str, list[tuple[int, str]]]]:
    groups: dict[str, list[tuple[int, str]]] = {}
    for version in versions:
        about = RECOMMENDERS.get(version.system)
        groups.setdefault(about.title if about else version.system, []).append((version.pk, version_label(version)))
    return list(groups.items())
