"""Ratings and significance of any file of judgments."""

from argparse import ArgumentParser
from typing import Any

from evaluation.query_halves import HALVES
from evaluation.stats.analysis import MOST_REPLICATES, analyze
from evaluation.stats.breakdown_results import Breakdown
from evaluation.stats.errors import StatisticsError
from evaluation.stats.judgments import read_judgments
from evaluation.stats.results import Analysis, Bounds, PairResult, SystemResult
from playoff.common.commands import PlayoffCommand, output_file, positive_number, whole_number


class Command(PlayoffCommand):
    help = "Rate the systems in a file of judgments and test their differences."
    input_errors = (StatisticsError,)
    requires_system_checks = []  # reads a file and nothing else, so it runs without a database or settings of one

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "judgments",
            metavar="JUDGMENTS.csv",
            help="participant,query,system_a,system_b,outcome,created_at[,category,language]; UTF-8",
        )
        parser.add_argument(
            "--json", type=output_file, metavar="PATH", help="write the result there; - prints it alone"
        )
        parser.add_argument("--seed", type=whole_number(at_least=0), default=0, help="of all random draws (0)")
        parser.add_argument(
            "--replicates",
            type=whole_number(at_least=2, at_most=MOST_REPLICATES),
            default=1000,
            help="resamples of participants (1000)",
        )
        parser.add_argument("--elo-k", type=positive_number, default=32.0, metavar="K", help="K of online Elo (32)")

    def handle(self, *args: Any, **options: Any) -> None:
        judgments = read_judgments(options["judgments"])
        result = analyze(
            judgments,
            seed=options["seed"],
            replicates=options["replicates"],
            elo_k=options["elo_k"],
            halves=HALVES,
        )
        if str(options["json"]) != "-":
            self.stdout.write("\n".join(_lines(result)))
        if options["json"]:
            self.write_json(result.as_json(), options["json"])


def _lines(result: Analysis) -> list[str]:
    counted = f"{result.judgments} judgments ({result.ties} ties) by {result.participants} participants"
    drawn = f"K {result.elo_k:g}, seed {result.seed}, {result.replicates} resamples"
    ranked = sorted(result.systems, key=lambda system: (-(system.bt or 0.0), -(system.win_rate or 0.0), system.name))
    header = ("system", "n", "won", "lost", "tied", "win rate", "95 %", "rating", "95 %", "rank", "Elo", "95 %")
    against = ("pair", "n", "won", "lost", "tied", "win rate", "95 %", "p", "p (Holm)", "Mann-Whitney p (Holm)")
    bias = result.position_bias
    lines = [f"{counted}; {drawn}", "", *_table([header, *map(_system_row, ranked)]), ""]
    lines += [*_table([against, *map(_pair_row, result.pairs)]), ""]
    if result.breakdown:
        lines += [*_kinds(result.breakdown), ""]
    lines.append("rating: Davidson (Bradley–Terry with ties), Elo scale; intervals and p: the participant is the unit")
    lines.append(f"shown first won {bias.first}, shown second won {bias.second}, p {_p(bias.p)}")
    return lines + [f"! {sentence}" for sentence in result.warnings]


def _kinds(breakdown: Breakdown) -> list[str]:
    """Win rates by half, and where they differ; the JSON has every category and pair."""
    header = ("kind of query", "system", "n", "participants", "win rate", "95 %")
    rates = [
        (
            half.value,
            share.name,
            str(share.judgments),
            str(share.participants),
            *_with_bounds(share.win_rate, share.win_rate_ci, ".3f"),
        )
        for half in breakdown.by_half
        for share in half.systems
    ]
    against = (" less ".join(breakdown.halves), "n", "win rate", "95 %", "p", "p (Holm)")
    differences = [
        (
            f"{contrast.a} – {contrast.b}",
            "{} + {}".format(*contrast.judgments),
            *_with_bounds(contrast.difference, contrast.difference_ci, "+.3f"),
            *map(_p, (contrast.p, contrast.p_holm)),
        )
        for contrast in breakdown.contrasts
    ]
    lines = [*_table([header, *rates]), ""] if rates else []
    lines += _table([against, *differences]) if differences else []
    return lines + [f"! {sentence}" for sentence in breakdown.notes]


def _system_row(system: SystemResult) -> tuple[str, ...]:
    ranks = "–" if system.rank_ci is None else f"{system.rank_ci[0]} to {system.rank_ci[1]}"
    counts = (str(count) for count in (system.judgments, system.wins, system.losses, system.ties))
    return (
        system.name,
        *counts,
        *_with_bounds(system.win_rate, system.win_rate_ci, ".3f"),
        *_with_bounds(system.bt, system.bt_ci, ".0f"),
        ranks,
        *_with_bounds(system.elo, system.elo_ci, ".0f"),
    )


def _pair_row(pair: PairResult) -> tuple[str, ...]:
    counts = (str(count) for count in (pair.judgments, pair.wins_a, pair.wins_b, pair.ties))
    tests = (pair.by_participant.p, pair.by_participant.p_holm, pair.mann_whitney.p_holm)
    return (
        f"{pair.a} – {pair.b}",
        *counts,
        *_with_bounds(pair.win_rate_a, pair.win_rate_a_ci, ".3f"),
        *map(_p, tests),
    )


def _with_bounds(value: float | None, bounds: Bounds | None, form: str) -> tuple[str, str]:
    middle = "–" if value is None else format(value, form)
    return middle, "–" if bounds is None else f"{bounds[0]:{form}} to {bounds[1]:{form}}"


def _p(value: float | None) -> str:
    if value is None:
        return "–"
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if not at else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
