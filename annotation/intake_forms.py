"""The form with which a lead gives a log."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation.forms import dress
from annotation.intake.columns import Columns
from annotation.intake.languages import language_code
from annotation.intake.source import ENCODINGS
from annotation.services.intake_reading import IntakeOptions

COLUMNS = ("text", "user", "language", "id", "label", "annotator")


class IntakeForm(forms.Form):
    """A file, and how it is read; all but the file may be left as it is."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, TSV, JSON or JSON lines, packed with gzip or not; an export of Label Studio or doccano too."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty; choose another one.")},
    )
    per_user = forms.IntegerField(
        required=False, min_value=1, max_value=1_000_000, initial=2, label=_("Most queries of one user"),
        help_text=_("Drawn at random, so that nobody’s taste leads. Empty keeps all."),
    )  # fmt: skip
    drop_near = forms.BooleanField(
        required=False, label=_("Leave out near-duplicates"),
        help_text=_("Texts that differ in case, blanks or punctuation only. Exact duplicates are always left out."),
    )  # fmt: skip
    labels = forms.BooleanField(
        required=False, initial=True, label=_("Take the labels that came with the file"),
        help_text=_("They count as if they had been given here."),
    )  # fmt: skip
    gold = forms.BooleanField(
        required=False, label=_("Make gold questions of queries with a known answer"),
        help_text=_("A column answer or gold, or what Label Studio calls ground truth."),
    )  # fmt: skip
    default_language = forms.CharField(
        required=False, max_length=20, label=_("Language"),
        help_text=_("Where the file does not say: a code such as en or ru. Empty guesses from the script."),
    )  # fmt: skip
    encoding = forms.ChoiceField(choices=[(name, name) for name in ENCODINGS], label=_("Encoding"), initial="utf-8")
    text = forms.CharField(required=False, max_length=100, label=_("Column of the text"))
    user = forms.CharField(required=False, max_length=100, label=_("Column of the user"))
    language = forms.CharField(required=False, max_length=100, label=_("Column of the language"))
    id = forms.CharField(required=False, max_length=100, label=_("Column of the id"))
    label = forms.CharField(required=False, max_length=100, label=_("Column of the label"))
    annotator = forms.CharField(required=False, max_length=100, label=_("Column of the annotator"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    @property
    def usual(self) -> list[forms.BoundField]:
        return [self[name] for name in ("per_user", "default_language")]

    @property
    def checks(self) -> list[forms.BoundField]:
        return [self[name] for name in ("drop_near", "labels", "gold")]

    @property
    def rare(self) -> list[forms.BoundField]:
        return [self[name] for name in (*COLUMNS, "encoding")]

    @property
    def rare_in_use(self) -> bool:
        """Whether one of the rarely needed fields was filled in or is wrong, so that they must not be folded away."""
        return self.is_bound and (
            any(self[name].errors or self.data.get(name) for name in COLUMNS) or self.data.get("encoding") != "utf-8"
        )

    def clean_default_language(self) -> str:
        value = str(self.cleaned_data["default_language"]).strip()
        if value and language_code(value) is None:
            raise forms.ValidationError(
                _("“%(code)s” is no language; write a code such as en or ru."), params={"code": value}
            )
        return value

    def options(self) -> IntakeOptions:
        """What the valid form says."""
        said = self.cleaned_data
        named: dict[str, Any] = {name: said[name].strip() or None for name in COLUMNS}
        columns = Columns(**named, default_language=said["default_language"] or None)
        return IntakeOptions(
            per_user=said["per_user"],
            drop_near=said["drop_near"],
            labels=said["labels"],
            gold=said["gold"],
            encoding=said["encoding"],
            columns=columns,
        )
