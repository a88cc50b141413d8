"""What the pages about classifiers show, in the reader's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from annotation.models import ClassifierRun
from annotation.selectors.classifier_comparison import Compared
from annotation.taxonomy import BY_SLUG

PICTURES = ("reliability", "curve")
ROWS = ("accuracy", "macro_f1", "roc_auc", "ece")
BADGES = {
    "queued": "badge-attention",
    "running": "badge-attention",
    "stopping": "badge-attention",
    "finished": "badge-good",
    "failed": "badge-bad",
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One measure of a run: on “personalised or not”, and on the 19 categories; each `{"value", "ci"}` or None."""

    title: str
    hint: str
    binary: Mapping[str, Any] | None
    categories: Mapping[str, Any] | None


def figure_rows(run: ClassifierRun) -> list[FigureRow]:
    """The measures of a finished run, none before."""
    if not run.metrics:
        return []
    binary, categories = run.metrics.get("binary", {}), run.metrics.get("categories", {})
    titles, hints = measure_titles(), measure_hints()
    return [FigureRow(titles[name], hints[name], binary.get(name), categories.get(name)) for name in ROWS]


def measure_titles() -> dict[str, str]:
    return {
        "accuracy": _("Accuracy"),
        "macro_f1": _("Macro-F1"),
        "roc_auc": _("ROC-AUC"),
        "ece": _("Calibration error"),
    }


def measure_hints() -> dict[str, str]:
    return {
        "accuracy": _("share of right answers"),
        "macro_f1": _("mean F1 of the classes, each counting the same"),
        "roc_auc": _("chance that a query of the class scores above another"),
        "ece": _("how far the probabilities are off; smaller is better"),
    }


def category_rows(run: ClassifierRun) -> list[dict[str, Any]]:
    """Figures by category, with its title; the most frequent in the test first."""
    language = get_language() or "en"
    rows = [
        {
            **row,
            "title": BY_SLUG[row["category"]].title(language),
            "personalised": BY_SLUG[row["category"]].personalised,
        }
        for row in run.metrics.get("by_category", [])
        if row.get("category") in BY_SLUG
    ]
    return sorted(rows, key=lambda row: (-row["queries"], row["title"]))


def language_rows(run: ClassifierRun) -> list[dict[str, Any]]:
    return list(run.metrics.get("by_language", []))


def alpha_words(run: ClassifierRun) -> str:
    """Where alpha comes from."""
    words = {"binary": _("“personalised or not”"), "categories": _("the nine personalised categories")}
    source = str(run.alpha.get("source", ""))
    return words.get(source, source)


def curve_words(run: ClassifierRun) -> str:
    """Whether more labels would help, empty where there is no learning curve."""
    if not run.metrics.get("curve"):
        return ""
    from annotation.classifier.learning_curve import MORE, Curve  # numpy comes in here

    curve = Curve.from_json(run.metrics["curve"])
    low, high = curve.forecast.gain.ci
    endings = {
        "help": _("more labels still help"),
        "hardly": _("more labels of this kind hardly help"),
        "unclear": _("the test is too small to tell"),
    }
    return _("%(more)s more labels would change macro-F1 by about %(value)s (%(low)s to %(high)s): %(ending)s.") % {
        "more": MORE,
        "value": f"{curve.forecast.gain.value:+.3f}",
        "low": f"{low:+.3f}",
        "high": f"{high:+.3f}",
        "ending": endings[curve.outlook],
    }


def parameters_of(run: ClassifierRun) -> list[tuple[str, str]]:
    """The specification of a run, in words."""
    recipes = {"default": _("ours"), "paper": _("of “Learning When to Personalize”")}
    found = [
        (_("Model"), run.model),
        (_("Target"), run.get_target_display()),
        (_("Encoder"), _("left as it comes") if run.frozen else _("fine-tuned")),
        (_("Recipe"), recipes.get(run.recipe, run.recipe)),
        (_("Device"), _("GPU") if run.device == "cuda" else _("processor")),
        (_("Seed"), str(run.seed)),
        (_("Learning curve"), _("yes") if run.curve else _("no")),
        (_("Hyper-parameters"), ", ".join(f"{name}={value}" for name, value in sorted(run.overrides.items()))),
    ]
    return [(name, value) for name, value in found if value and not (run.model == "tfidf" and name == _("Encoder"))]


def source_words(run: ClassifierRun) -> str:
    """What a run learned from."""
    if run.gold is None or run.campaign is None:
        return run.data_name
    return f"{run.campaign.title} · {run.gold.name}"


def difference_words(found: Compared) -> list[dict[str, Any]]:
    """The three differences of two runs with a verdict in words; none where they cannot be compared."""
    if found.comparison is None:
        return []
    titles = {
        "macro_f1": _("Macro-F1, 19 categories"),
        "binary_macro_f1": _("Macro-F1, personalised or not"),
        "accuracy": _("Accuracy, 19 categories"),
    }
    return [
        {"title": title, "difference": difference, "words": verdict_words(difference.verdict)}
        for name, title in titles.items()
        for difference in [getattr(found.comparison, name)]
    ]


def verdict_words(verdict: str) -> str:
    return {
        "better": _("better"),
        "worse": _("worse"),
        "unclear": _("cannot be told yet"),
    }[verdict]


def why_words(found: Compared) -> str:
    """Why two runs cannot be compared query by query; empty where they can."""
    return {
        "foreign": _("They learned from different data, so their tests have no queries in common."),
        "nothing": _("No query is in the test of both and in the training of neither."),
        "unreadable": _("The answers of one of them on its test are missing or cannot be read; train it again."),
    }.get(found.why, "")


def differing_parameters(runs: Sequence[ClassifierRun]) -> list[dict[str, Any]]:
    """Rows of parameters for a table with a column per run; those that differ are marked."""
    columns = [dict(parameters_of(run)) for run in runs]
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = [{"name": name, "values": [column.get(name, "–") for column in columns]} for name in names]
    return [{**row, "differs": len(set(row["values"])) > 1} for row in rows]
