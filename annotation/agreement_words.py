"""What the agreement core says in English, in the reader's language, with titles and names in place of codes.

The core knows no translations, so its sentences are recognised by their shape; one that is not known stays English.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

_SHAPES: tuple[tuple[str, str], ...] = (
    # why there is no figure
    (r"There are no votes yet\.", _("There are no labels yet.")),
    (
        r"All votes are by (?P<who>.+); a second annotator has to label some of the same items\.",
        _("All labels are by %(who)s; a second annotator has to label some of the same queries."),
    ),
    (
        r"No item has votes of two annotators; give some items to two of them\.",
        _("No query has labels of two annotators; give some queries to two of them."),
    ),
    (
        r"Every vote is for (?P<category>.+), so chance alone would agree as well; read the observed agreement\.",
        _("Every label is “%(category)s”, so chance alone would agree as well; read the observed agreement."),
    ),
    (r"There is no category to choose\.", _("There is no category to choose.")),
    (
        r"(?P<category>.+) is the only category, so chance alone would agree as well; read the observed agreement\.",
        _("“%(category)s” is the only category, so chance alone would agree as well; read the observed agreement."),
    ),
    (
        r"Nobody chose (?P<category>.+) on an item with two votes\.",
        _("Nobody chose “%(category)s” on a query with two labels."),
    ),
    (
        r"(?P<first>.+) and (?P<second>.+) labelled no item in common\.",
        _("%(first)s and %(second)s labelled no query in common."),
    ),
    (
        r"(?P<who>.+) and the rest chose one and the same category on all common items; chance would too\.",
        _("%(who)s and the rest chose one and the same category on all common queries; chance would too."),
    ),
    (
        r"(?P<first>.+) and (?P<second>.+) chose one and the same category on all (?P<n>\d+) common items; "
        r"chance would too\.",
        _(
            "%(first)s and %(second)s chose one and the same category on all their common queries (%(n)s); "
            "chance would too."
        ),
    ),
    (r"Nobody else labelled an item of (?P<who>.+)\.", _("Nobody else labelled a query of %(who)s.")),
    (
        r"Every resample gives the same value, so there is no interval\.",
        _("Every resample gives the same value, so there is no interval."),
    ),
    # drift
    (
        r"(?P<n>\d+) votes shared with others; a trend needs (?P<least>\d+)\.",
        _("Labels on queries shared with others: %(n)s; a trend needs %(least)s."),
    ),
    (
        r"Agreement with the rest never changed, so there is no trend\.",
        _("Agreement with the rest never changed, so there is no trend."),
    ),
    # warnings
    (
        r"Votes replaced by a later one of the same annotator on the same item: (?P<n>\d+)\.",
        _("Labels replaced by a later one of the same annotator on the same query: %(n)s."),
    ),
    (
        r"(?P<n>\d+) of (?P<all>\d+) items have one vote and say nothing about agreement\.",
        _("Of %(all)s queries, %(n)s have one label and say nothing about agreement."),
    ),
    (
        r"Only (?P<n>\d+) items have two votes; with fewer than (?P<least>\d+) the intervals are too narrow\.",
        _("Queries with two labels: %(n)s; with fewer than %(least)s the intervals are too narrow."),
    ),
    (
        r"Only (?P<n>\d+) families of items have two votes; with fewer than (?P<least>\d+) the intervals are too "
        r"narrow\.",
        _("Families of queries with two labels: %(n)s; with fewer than %(least)s the intervals are too narrow."),
    ),
    (
        r"Cohen's kappa is given for the (?P<n>\d+) pairs of annotators with the most common items\.",
        _("Cohen’s kappa is given for the %(n)s pairs of annotators with the most common queries."),
    ),
    # methods
    (r"exact bound, since nobody disagreed", _("exact bound, since nobody disagreed")),
    (r"BCa bootstrap over items, (?P<n>\d+) resamples", _("BCa bootstrap over queries, %(n)s resamples")),
    (
        r"BCa bootstrap over families of items, (?P<n>\d+) resamples",
        _("BCa bootstrap over families of queries, %(n)s resamples"),
    ),
    (
        r"mean over items of the share of agreeing pairs of votes",
        _("mean over queries of the share of agreeing pairs of labels"),
    ),
    (r"Fleiss 1971", _("Fleiss 1971")),
    (
        r"Fleiss 1971 generalised to unequal numbers of votes \(Gwet 2014\)",
        _("Fleiss 1971 generalised to unequal numbers of labels (Gwet 2014)"),
    ),
    (r"Krippendorff 2011, nominal", _("Krippendorff 2011, nominal")),
    (
        r"Krippendorff 2011, nominal, this category against all others",
        _("Krippendorff 2011, nominal, this category against all others"),
    ),
    (r"Gwet 2008, AC1 over (?P<n>\d+) categories", _("Gwet 2008, AC1 over %(n)s categories")),
    (
        r"share of the other votes on an item that are for it too, given one that is",
        _("share of the other labels on a query that are this category too, given one that is"),
    ),
    (r"share of the votes", _("share of the labels")),
    (r"share of the common items with the same label", _("share of the common queries with the same label")),
    (r"Cohen 1960", _("Cohen 1960")),
    (
        r"Cohen 1960 against the shares of all others on the same items",
        _("Cohen 1960 against the shares of all others on the same queries"),
    ),
    (
        r"mean over items of the share of the others' votes that say the same",
        _("mean over queries of the share of the others’ labels that say the same"),
    ),
    (
        r"own share minus the others' mean share on the same items",
        _("own share minus the others’ mean share on the same queries"),
    ),
    (
        r"Mann-Kendall: Kendall's tau-b between own order and agreement with the rest, two-sided",
        _("Mann–Kendall: Kendall’s tau-b between own order and agreement with the rest, two-sided"),
    ),
)
_KNOWN: tuple[tuple[re.Pattern[str], str], ...] = tuple((re.compile(shape), words) for shape, words in _SHAPES)
_TOLD = frozenset({"reason", "method"})


def in_words(sentence: str, names: Mapping[str, str]) -> str:
    """The sentence in the reader's language.

    Args:
        names: titles of categories and names of annotators by what the core calls them.
    """
    for shape, words in _KNOWN:
        if found := shape.fullmatch(sentence):
            return gettext(words) % {key: names.get(value, value) for key, value in found.groupdict().items()}
    if "; " in sentence:  # an estimator, and how its interval was made
        return "; ".join(in_words(part, names) for part in sentence.split("; "))
    return sentence


def is_known(sentence: str) -> bool:
    """Whether there is a translation for every part of the sentence."""
    if any(shape.fullmatch(sentence) for shape, _words in _KNOWN):
        return True
    return "; " in sentence and all(is_known(part) for part in sentence.split("; "))


def worded(report: Any, names: Mapping[str, str], *, _seen: dict[str, str] | None = None) -> Any:
    """A report, as `AgreementReport.to_json` gives it, with every reason, method and warning in the reader's words."""
    seen = {} if _seen is None else _seen  # a report says the same method thousands of times
    if isinstance(report, dict):
        return {key: _said(key, value, names, seen) for key, value in report.items()}
    if isinstance(report, list):
        return [worded(value, names, _seen=seen) for value in report]
    return report


def _said(key: str, value: Any, names: Mapping[str, str], seen: dict[str, str]) -> Any:
    if key == "warnings":
        return [in_words(warning, names) for warning in value]
    if key not in _TOLD:
        return worded(value, names, _seen=seen)
    if value not in seen:
        seen[value] = in_words(value, names)
    return seen[value]


def sentences(report: Any) -> Iterator[str]:
    """Every sentence of a report that a reader sees."""
    if isinstance(report, dict):
        for key, value in report.items():
            if key in _TOLD:
                yield from filter(None, [value])
            elif key == "warnings":
                yield from value
            else:
                yield from sentences(value)
    elif isinstance(report, Sequence) and not isinstance(report, str):
        for value in report:
            yield from sentences(value)
