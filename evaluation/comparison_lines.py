"""Two files of judgments compared, as lines of text. Core: no Django."""

from collections.abc import Sequence

from evaluation.stats.comparison import compare_studies
from evaluation.stats.comparison_results import Comparison, GapComparison, StudySummary
from evaluation.stats.judgments import Judgment, read_judgments
from evaluation.stats.results import Bounds
from evaluation.stats.tables import JudgmentTable

RELATIONS = {
    "agree": "both show it",
    "contradict": "THEY CONTRADICT EACH OTHER",
    "only_first": "only the first shows it",
    "only_second": "only the second shows it",
    "neither": "neither shows a difference",
}


def comparison_of(judgments: Sequence[Judgment], path: str, against: str) -> Comparison:
    """Compare the judgments of one file with another file's.

    Raises:
        JudgmentFileError: Something is wrong with a line of the other file.
    """
    return compare_studies(
        JudgmentTable.of(judgments), JudgmentTable.of(read_judgments(against)), labels=(path, against)
    )


def comparison_lines(comparison: Comparison) -> list[str]:
    """What `analyze --against` prints."""
    lines = [_study("first", comparison.first), _study("second", comparison.second)]
    lines += [f"only in the first: {', '.join(comparison.only_first)}"] if comparison.only_first else []
    lines += [f"only in the second: {', '.join(comparison.only_second)}"] if comparison.only_second else []
    for gap in comparison.gaps:
        lines.append(_gap(gap))
    if comparison.homogeneity:
        test = comparison.homogeneity
        lines.append(
            f"all gaps the same in both: F({test.df_1}, {test.df_2:.1f}) = {test.statistic:.2f}, p {_p(test.p)}"
        )
    if comparison.method:
        lines.append(f"gaps in rating points; {comparison.method}; p corrected by Holm")
    return lines + [f"! {note.text}" for note in comparison.notes]


def _study(place: str, study: StudySummary) -> str:
    people = "unknown" if study.participants is None else str(study.participants)
    return f"{place}: {study.label}, {study.judgments} judgments ({study.ties} ties) by {people} participants"


def _gap(gap: GapComparison) -> str:
    sides = " and ".join(_with(value, bounds) for value, bounds in zip(gap.gap, gap.gap_ci, strict=True))
    return (
        f"{gap.a} above {gap.b} by {sides}; difference {_with(gap.difference, gap.difference_ci)}, "
        f"p {_p(gap.p_holm)}; {RELATIONS[gap.relation]}"
    )


def _with(value: float, bounds: Bounds | None) -> str:
    return f"{value:+.0f}" + ("" if bounds is None else f" [{bounds[0]:+.0f}, {bounds[1]:+.0f}]")


def _p(value: float | None) -> str:
    if value is None:
        return "–"
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"
