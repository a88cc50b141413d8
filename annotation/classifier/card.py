"""The card that lies beside a trained classifier: what it is, in plain words."""

from collections.abc import Sequence

from annotation.classifier.artifacts import TrainingResult
from annotation.classifier.evidence import ReliabilityBin
from annotation.classifier.learning_curve import Curve
from annotation.classifier.metrics import BINS, Figure, Metrics, TargetMetrics
from annotation.taxonomy import BY_SLUG

SOURCE_WORDS = {
    "binary": "the output for “personalised or not”",
    "categories": "the probability of the nine personalised categories together",
}
ROWS = {"accuracy": "accuracy", "macro-F1": "macro_f1", "ROC-AUC": "roc_auc", "calibration error": "ece"}
_TEMPLATE = """\
# Query-type classifier `{kind}`

Given the text of a request for music, it says which of 19 categories the request belongs to and how probably the
playlist should depend on the listener (alpha, 0 to 1).

{notes}

## Made from

{total} labelled queries: {train} to learn from, {validation} to calibrate, {test} to measure; and the taxonomy's own
titles and examples, to learn from. Sha256 of the queries: `{data}`.
{parts} `split.json` says which query was where.
A query's category is the one that most of its annotators chose, the first of them where they are equally many. Figures
and calibration rest only on queries where more than half agree: {unsettled} queries were left out of them.
Seed {seed}, version {taxonomy} of the taxonomy, Playoff {code}, {libraries}.

Alpha comes from {source}; calibration: {calibration}.
Of the ways tried this had the lowest log loss on the queries kept for calibration:

| source, method | log loss |
|---|---|
{log_loss}

## How good it is

On the {queries} settled test queries, which it has never seen, in {families} families of near-duplicates and
translations; with 95 % bootstrap intervals over the families ({replicates} draws).

| | personalised or not | 19 categories |
|---|---|---|
{rows}

The calibration error is taken over {bins} bins of equal width; with so few queries chance alone keeps it above 0.

The two ways to tell whether a query is personalised, on the same queries:

| alpha from | accuracy | macro-F1 | ROC-AUC | calibration error |
|---|---|---|---|---|
{sources}

### By language

| language | queries | accuracy | macro-F1 | ROC-AUC | 19 categories, macro-F1 |
|---|---|---|---|---|---|
{languages}

### By category

| category | queries | precision | recall | F1 | mean alpha |
|---|---|---|---|---|---|
{categories}

### Can alpha be taken at its word?

![Alpha against the share of personalised queries](reliability.svg)

| alpha | queries | mean alpha | personalised | 95 % |
|---|---|---|---|---|
{reliability}
{curve}
## Mind

- It has seen the languages of its queries only. Any other text gets an answer too, near the average of its queries.
- It says nothing of a person: the same words always get the same answer.
"""
_CURVE = """
## Would more labels help?

![Macro-F1 by the number of labels](curve.svg)

| labels | personalised or not, macro-F1 | 19 categories, macro-F1 |
|---|---|---|
{rows}

From {before} to {after} labels macro-F1 of the categories changed by {gain}.
{verdict} (A straight line over the logarithm of the labels through the last points; the interval is over the test
queries.)
"""


def card(training: TrainingResult, bins: Sequence[ReliabilityBin]) -> str:
    """The card as Markdown."""
    recipe, metrics, alpha = training.recipe, training.metrics, training.alpha
    return _TEMPLATE.format(
        kind=recipe.kind,
        notes="\n".join(training.notes),
        total=sum(training.split.values()),
        data=recipe.data,
        **training.split,
        parts=(
            "The split came with the data."
            if recipe.parts
            else "Near-duplicates and translations are in the same part."
        ),
        unsettled=sum(training.unsettled.values()),
        seed=recipe.seed,
        taxonomy=recipe.taxonomy,
        code=training.code,
        libraries=", ".join(f"{name} {number}" for name, number in sorted(training.libraries.items())),
        source=SOURCE_WORDS[alpha["source"]],
        calibration=alpha["calibration"],
        log_loss="\n".join(
            f"| {name} | {loss:.4f} |" for name, loss in sorted(alpha["log_loss"].items(), key=lambda pair: pair[1])
        )
        or "| too few to compare | |",
        queries=metrics.queries,
        families=metrics.families,
        replicates=metrics.replicates,
        rows="\n".join(
            f"| {title} | {_cell(getattr(metrics.binary, name))} | {_cell(getattr(metrics.categories, name))} |"
            for title, name in ROWS.items()
        ),
        bins=BINS,
        sources="\n".join(
            _source_row(name, training.sources[name]) for name in SOURCE_WORDS if name in training.sources
        ),
        languages=_languages(metrics),
        categories=_categories(metrics),
        reliability="\n".join(_bin_row(one) for one in bins if one.queries),
        curve="" if training.curve is None else _curve(training.curve),
    )


def _source_row(name: str, target: TargetMetrics) -> str:
    return f"| {SOURCE_WORDS[name]} | " + " | ".join(_cell(getattr(target, row)) for row in ROWS.values()) + " |"


def _languages(metrics: Metrics) -> str:
    return "\n".join(
        f"| {one.language} | {one.queries} | {_cell(one.accuracy)} | {_cell(one.macro_f1)} | {_cell(one.roc_auc)} "
        f"| {_cell(one.category_macro_f1)} |"
        for one in metrics.by_language
    )


def _categories(metrics: Metrics) -> str:
    return "\n".join(
        f"| {BY_SLUG[one.category].title('en')} | {one.queries} | {_cell(one.precision)} | {_cell(one.recall)} "
        f"| {_cell(one.f1)} | {'–' if one.alpha is None else f'{one.alpha:.2f}'} |"
        for one in metrics.by_category
    )


def _bin_row(one: ReliabilityBin) -> str:
    low, high = one.share_ci or (0.0, 1.0)
    share = one.personalised / one.queries
    return (
        f"| {one.low:.1f} to {one.high:.1f} | {one.queries} | {one.alpha:.2f} | {share:.2f} | {low:.2f} to {high:.2f} |"
    )


def _curve(curve: Curve) -> str:
    return _CURVE.format(
        rows="\n".join(
            f"| {point.labels} | {_cell(point.binary_macro_f1)} | {_cell(point.category_macro_f1)} |"
            for point in curve.points
        ),
        before=curve.last.before,
        after=curve.last.after,
        gain=f"{curve.last.gain.value:+.3f} ({curve.last.gain.ci[0]:+.3f} to {curve.last.gain.ci[1]:+.3f})",
        verdict=curve.verdict,
    )


def _cell(figure: Figure | None) -> str:
    return "–" if figure is None else f"{figure.value:.3f} ({figure.ci[0]:.3f} to {figure.ci[1]:.3f})"
