"""How far annotators agree, from any file of labels."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from annotation.agreement.errors import AgreementError
from annotation.agreement.figures import Figure
from annotation.agreement.reading import read_labels
from annotation.agreement.report import MOST_RESAMPLES, AgreementReport, Section, agreement_report
from annotation.taxonomy import CATEGORIES, SLUGS
from playoff.common.commands import PlayoffCommand, output_file, whole_number

GROUPS = {category.slug: "personalised" if category.personalised else "not personalised" for category in CATEGORIES}
_MOST_ROWS = 20


class Command(PlayoffCommand):
    help = (
        "Agreement between annotators with 95 % intervals, overall, by category, by annotator and for the two halves."
    )
    input_errors = (AgreementError,)
    requires_system_checks = []  # reads a file; no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("labels", metavar="FILE", type=Path, help="CSV with item,annotator,label[,family]; UTF-8")
        parser.add_argument(
            "--json", type=output_file, metavar="PATH", help="write the result there; - prints it alone"
        )
        parser.add_argument("--seed", type=whole_number(at_least=0), default=0, help="of all random draws (0)")
        parser.add_argument(
            "--resamples",
            type=whole_number(at_least=2, at_most=MOST_RESAMPLES),
            default=1000,
            help="draws of the items, or of families if there is a column family (1000)",
        )
        parser.add_argument(
            "--binary",
            action="store_true",
            help="insist on the figures for personalised or not, which are given whenever every label is a category "
            "of the taxonomy: refuse any other label",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        labels = read_labels(options["labels"], taxonomy=SLUGS, require_taxonomy=options["binary"])
        report = agreement_report(
            labels.votes,
            groups=GROUPS if labels.votes.categories == SLUGS else None,
            families=labels.families,
            seed=options["seed"],
            resamples=options["resamples"],
            times=labels.order,
        )
        if str(options["json"]) != "-":
            self.stdout.write("\n".join(_lines(report)))
        if options["json"]:
            self.write_json(report.to_json(), options["json"])


def _lines(report: AgreementReport) -> Iterator[str]:
    yield (
        f"{report.n_votes} votes by {report.n_annotators} annotators on {report.n_items} items, {report.n_paired} of "
        f"them with two votes or more; seed {report.seed}, {report.resamples} resamples"
    )
    yield ""
    yield from _section("all categories", report.overall)
    if report.binary is not None:
        yield ""
        yield from _section("personalised or not", report.binary)
    yield from (f"! {warning}" for warning in report.warnings)


def _section(title: str, section: Section) -> Iterator[str]:
    everybody = section.everybody
    whole = (
        ("observed", everybody.observed),
        ("Fleiss' kappa", everybody.fleiss_kappa),
        ("Krippendorff's alpha", everybody.krippendorff_alpha),
        ("Gwet's AC1", everybody.gwet_ac1),
    )
    yield from _table([(title, "value", "95 %"), *((name, *_shown(figure)) for name, figure in whole)])
    for reason in dict.fromkeys(figure.reason for _, figure in whole if figure.reason):
        yield f"! {reason}"
    yield ""
    chosen = [category for category in everybody.categories if category.prevalence.value]
    header = ("category", "share", "alpha", "95 %", "chosen again", "95 %")
    rows = [(one.category, _shown(one.prevalence)[0], *_shown(one.alpha), *_shown(one.positive)) for one in chosen]
    yield from _table([header, *rows])
    yield ""
    pairs = [(f"{one.first} – {one.second}", str(one.kappa.n_items), *_shown(one.kappa)) for one in section.pairs.pairs]
    yield from _shortened([("two annotators", "items", "Cohen's kappa", "95 %"), *pairs])
    yield ""
    people = [
        (one.annotator, str(one.n_votes), *_shown(one.kappa), _tau(one.drift.tau), _p(one.drift.p))
        for one in section.annotators
    ]
    yield from _shortened([("against the rest", "votes", "kappa", "95 %", "trend", "p"), *people])


def _shown(figure: Figure) -> tuple[str, str]:
    value = "–" if figure.value is None else f"{figure.value:.3f}"
    return value, "–" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"


def _tau(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _p(value: float | None) -> str:
    if value is None:
        return "–"
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def _shortened(rows: Sequence[tuple[str, ...]]) -> list[str]:
    shown = _table(rows[: _MOST_ROWS + 1])
    return shown if len(rows) <= _MOST_ROWS + 1 else [*shown, f"… {len(rows) - 1 - _MOST_ROWS} more with --json"]


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
