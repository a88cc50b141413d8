"""Forms of the lead's pages."""

import re
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from annotation.answer_rows import AnswerError, AnswerRow, read_answers
from annotation.models import Campaign, TaxonomyVersion
from annotation.services.answered import MOST_GOLD
from annotation.services.campaigns import WHILE_DRAFT
from annotation.slugs import suggested_slug
from annotation.taxonomy import Taxonomy, TaxonomyError, read_taxonomy
from playoff.accounts.models import User

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MOST_LANGUAGES = 20
MOST_ERRORS = 20
MOST_BYTES = 1_000_000


class PercentField(forms.FloatField):
    """A share from 0 to 1 that people read and write in per cent."""

    def __init__(self, *, low: float, high: float, **kwargs: Any) -> None:
        super().__init__(min_value=low, max_value=high, step_size=None, **kwargs)
        self.widget.attrs["step"] = "any"

    def prepare_value(self, value: Any) -> Any:
        return f"{100 * value:.6g}" if isinstance(value, float | int) else value

    def clean(self, value: Any) -> float | None:
        percent = super().clean(value)
        return None if percent is None else percent / 100


class LanguagesField(forms.CharField):
    """Codes of languages, with commas or spaces between them; none means all."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        codes = list(dict.fromkeys(re.split(r"[\s,;]+", super().clean(value).strip())))
        codes = [code for code in codes if code]
        for code in codes:
            if not LANGUAGE.fullmatch(code):
                raise ValidationError(
                    _("“%(code)s” is no language; write codes such as en, ru."), params={"code": code}
                )
        if len(codes) > MOST_LANGUAGES:
            raise ValidationError(_("Name at most %(most)s languages."), params={"most": MOST_LANGUAGES})
        return codes


def dress(form: forms.BaseForm) -> None:
    """Give the fields the looks of our pages; texts of people run in their own direction."""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect):
            continue
        short = isinstance(widget, forms.NumberInput)
        widget.attrs["class"] = "input input-short" if short else "input"
        if isinstance(widget, forms.TextInput | forms.Textarea) and not short:
            widget.attrs |= {"dir": "auto", "autocomplete": "off"}


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """All settings of a campaign. New needs a title only; what all labels share is fixed once it has opened."""

    overlap_share = PercentField(
        low=0, high=100, initial=1.0, label=_("Queries with overlap, %"),
        help_text=_("The other queries get one label. Fewer here means more queries for the same work."),
    )  # fmt: skip
    gold_rate = PercentField(
        low=0, high=50, initial=0.05, label=_("Gold questions, %"),
        help_text=_("How many of the queries shown are ones whose answer is known. Annotators cannot tell which."),
    )  # fmt: skip
    random_share = PercentField(
        low=10, high=100, initial=0.2, label=_("Random share, %"),
        help_text=_("Drawn at random beside the most useful, 10 or more: only from these may test scores come."),
    )  # fmt: skip

    class Meta:
        model = Campaign
        fields = (
            "title", "slug", "instructions", "taxonomy", "overlap", "overlap_share", "third_label", "gold_rate",
            "lease_minutes", "quota", "invited_only", "order", "strategy", "random_share", "guess",
        )  # fmt: skip
        labels = {
            "title": _("Title"),
            "slug": _("Short name"),
            "instructions": _("Instructions"),
            "taxonomy": _("Taxonomy"),
            "overlap": _("Labels per query"),
            "third_label": _("One more label where these disagree"),
            "lease_minutes": _("Minutes to answer"),
            "quota": _("Most labels per person"),
            "invited_only": _("Only people I have added"),
            "order": _("Order of the queries"),
            "strategy": _("What makes a query useful"),
            "guess": _("The classifier’s guess"),
        }
        help_texts = {
            "title": _("What annotators see in their list."),
            "slug": _("For addresses and exports: lower-case Latin letters, digits and hyphens."),
            "instructions": _(
                "Two or three sentences; the definitions of the categories stand beside the query anyway."
            ),
            "taxonomy": _("The categories to choose from."),
            "overlap": _("How many people label the same query, 1 to 9. Two are needed to see disagreement."),
            "third_label": _("The same majority as one more label for every query, for far fewer labels."),
            "lease_minutes": _("After this time a query that was opened and left goes to somebody else."),
            "quota": _("Empty means as many as they like."),
            "invited_only": _("Otherwise every annotator finds the campaign in their list."),
            "order": _("Random fits most campaigns. Most useful first needs a trained classifier."),
            "strategy": _("Counts only where the most useful come first. Margin does well from the first labels on."),
            "guess": _("A guess shown before the choice saves time and pulls people towards it."),
        }
        error_messages = {
            "slug": {"unique": _("Another campaign has this short name; choose another one.")},
            "title": {"required": _("Give the campaign a title.")},
        }
        widgets = {"instructions": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fixed: list[str] = []
        if self.instance.pk and self.instance.status != Campaign.Status.DRAFT:
            self.fixed = [name for name in self.fields if name in WHILE_DRAFT]
            for name in self.fixed:
                del self.fields[name]
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if "taxonomy" in self.fields:
            choice = self.fields["taxonomy"]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset = TaxonomyVersion.objects.defer("document").order_by("slug", "-number")
            choice.empty_label = None
        dress(self)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The fields that there are, as the page groups them."""
        groups = [
            (_("What"), ("title", "slug", "instructions", "taxonomy")),
            (_("How often"), ("overlap", "overlap_share", "third_label")),
            (_("Who, and how fast"), ("invited_only", "quota", "lease_minutes", "gold_rate")),
            (_("In which order"), ("order", "strategy", "random_share", "guess")),
        ]
        return [
            {"title": title, "fields": [self[name] for name in names if name in self.fields]} for title, names in groups
        ]

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"] or "")
        if slug:
            return slug
        title = self.cleaned_data.get("title", "")
        return suggested_slug(title, taken=frozenset(Campaign.objects.values_list("slug", flat=True)))


class PersonForm(forms.Form):
    """What a person may label, and how much."""

    languages = LanguagesField(
        label=_("Languages"), help_text=_("Codes such as en, ru; empty means queries in any language.")
    )
    quota = forms.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, label=_("Most labels"),
        help_text=_("Empty means as the campaign says."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class AddPeopleForm(PersonForm):
    """Annotators to add to a campaign."""

    field_order = ("users", "languages", "quota")

    users = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label=_("Annotators"),
        error_messages={"required": _("Choose at least one person.")},
    )

    def __init__(self, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["users"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = User.objects.filter(pk__in=[user.pk for user in people]).order_by("username")


class PracticeForm(forms.Form):
    """In which language to practise."""

    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, taxonomy: Taxonomy, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = {language for category in taxonomy.categories for language in category.example_lists.languages}
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(language, language) for language in sorted(languages)]
        dress(self)


KINDS = (("gold", _("gold questions")), ("practice", _("practice")))


class SettledForm(forms.Form):
    """How many settled queries of other campaigns become questions."""

    count = forms.IntegerField(min_value=1, max_value=MOST_GOLD, initial=50, label=_("How many"))
    kind = forms.ChoiceField(choices=KINDS, label=_("As"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "settled_%s")  # its page has another form with a kind
        super().__init__(*args, **kwargs)
        dress(self)


class RowsForm(forms.Form):
    """Questions written down as CSV; every line must be right."""

    rows = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        max_length=2_000_000,
        label=_("Lines"),
        help_text=_(
            "text,language,category,why; the last may be missing. Nothing is added unless every line is right."
        ),
    )
    kind = forms.ChoiceField(choices=KINDS, label=_("As"))

    def __init__(self, taxonomy: Taxonomy, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = taxonomy.slugs
        dress(self)

    def clean_rows(self) -> list[AnswerRow]:
        rows, errors = read_answers(self.cleaned_data["rows"], categories=self.categories)
        if errors:
            raise ValidationError([answer_sentence(error, self.categories) for error in errors[:MOST_ERRORS]])
        return rows


def answer_sentence(error: AnswerError, categories: Collection[str]) -> str:
    """Say what is wrong with a line, and how to mend it."""
    sentences = {
        "csv": _("Line %(line)s: a quotation mark is not closed; close it or double it."),
        "cells": _("Line %(line)s has %(value)s cells; give text, language, category and, if you like, why."),
        "text": _("Line %(line)s: the text is empty or longer than 2,000 characters; mend it."),
        "language": _("Line %(line)s: “%(value)s” is no language; write a code such as en or ru."),
        "category": _("Line %(line)s: there is no category “%(value)s”; use one of %(categories)s."),
        "twice": _("Line %(line)s: “%(value)s” stands there twice; take one out."),
        "rows": _("%(value)s lines are too many at once; give at most 1,000."),
        "none": _("There is no line to add; paste at least one."),
    }
    return sentences[error.fault] % {"line": error.line, "value": error.value, "categories": ", ".join(categories)}


class TaxonomyForm(forms.Form):
    """A taxonomy as a JSON file."""

    file = forms.FileField(
        label=_("JSON file"),
        help_text=_("A taxonomy of your own, or a new version of one: download it, change it, raise its version."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty; choose another one.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    def clean_file(self) -> Taxonomy:
        """The taxonomy; what is wrong with it is said beside the field."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 1 MB, and no taxonomy is; choose another one."))
        with TemporaryDirectory() as folder:
            path = Path(folder) / "taxonomy.json"
            path.write_bytes(upload.read())
            try:
                return read_taxonomy(path)
            except TaxonomyError as error:
                raise ValidationError(str(error).replace(str(path), upload.name)) from error
