"""The card that lies beside a trained classifier: what it is, in plain words."""

from annotation.classifier.artifacts import TrainingResult
from annotation.classifier.metrics import BINS, Figure, TargetMetrics

_TEMPLATE = """\
# Query-type classifier `{kind}`

Given the text of a request for music, it says which of 19 categories the request belongs to and how probably the
playlist should depend on the listener (alpha, 0 to 1).

## Made from

{total} labelled queries: {train} to learn from, {validation} to calibrate, {test} to measure; and the taxonomy's own
titles and examples, to learn from. Sha256 of the queries: `{data}`.
Queries that differ only by case, punctuation, blanks or repeated letters are in the same part.
A query's category is the one that most of its annotators chose, the first of them where they are equally many.
Seed {seed}, version {taxonomy} of the taxonomy, {libraries}.

Alpha comes from {source}; calibration: {calibration}.
Of the ways tried this had the lowest log loss on the queries kept for calibration.

## How good it is

On the {test} queries it has never seen, with 95 % bootstrap intervals over these queries ({replicates} draws).

| | personalised or not | 19 categories |
|---|---|---|
{rows}

The calibration error is taken over {bins} bins of equal width; with so few queries chance alone keeps it above 0.

## Mind

- It has seen the languages of its queries only. Any other text gets an answer too, near the average of its queries.
- It compares words and their parts; it does not understand. A new artist, place or slang is a guess.
- It says nothing of a person: the same words always get the same answer.
"""
_SOURCES = {
    "binary": "the regression on “personalised or not”",
    "categories": "the probability of the nine personalised categories together",
}
_ROWS = {"accuracy": "accuracy", "macro-F1": "macro_f1", "ROC-AUC": "roc_auc", "calibration error": "ece"}


def card(training: TrainingResult) -> str:
    recipe, metrics = training.recipe, training.metrics
    return _TEMPLATE.format(
        kind=recipe.kind,
        total=sum(training.split.values()),
        data=recipe.data,
        **training.split,
        seed=recipe.seed,
        taxonomy=recipe.taxonomy,
        libraries=", ".join(f"{name} {number}" for name, number in sorted(training.libraries.items())),
        source=_SOURCES.get(training.alpha["source"], training.alpha["source"]),
        calibration=training.alpha["calibration"],
        replicates=metrics.replicates,
        rows="\n".join(
            f"| {title} | {_cell(metrics.binary, name)} | {_cell(metrics.categories, name)} |"
            for title, name in _ROWS.items()
        ),
        bins=BINS,
    )


def _cell(target: TargetMetrics, name: str) -> str:
    figure: Figure = getattr(target, name)
    return f"{figure.value:.3f} ({figure.ci[0]:.3f} to {figure.ci[1]:.3f})"
