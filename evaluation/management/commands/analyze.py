"""Ratings and significance of any file of judgments."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from evaluation.analysis_lines import analysis_lines
from evaluation.comparison_lines import comparison_lines, comparison_of
from evaluation.query_halves import HALVES
from evaluation.reporting.pseudonyms import numbers_of, renumbered
from evaluation.reporting.words import LANGUAGES
from evaluation.stats.analysis import MOST_REPLICATES, analyze
from evaluation.stats.clusters import IntervalMethod
from evaluation.stats.errors import StatisticsError
from evaluation.stats.judgments import read_judgments
from evaluation.stats.likelihoods import ModelName
from evaluation.stats.quality.checks import read_checks
from evaluation.stats.rank_tests import Reading
from evaluation.stats.tables import JudgmentTable
from playoff.common.commands import (
    PlayoffCommand,
    check_folder,
    output_file,
    positive_number,
    whole_number,
    write_folder,
)


class Command(PlayoffCommand):
    help = "Rate the systems in a file of judgments and test their differences."
    input_errors = (StatisticsError,)
    requires_system_checks = []  # reads a file and nothing else, so it runs without a database or settings of one

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "judgments",
            metavar="JUDGMENTS.csv",
            help=(
                "participant,query,system_a,system_b,outcome,created_at[,category,language]; UTF-8; participant "
                "may be empty on every line"
            ),
        )
        parser.add_argument(
            "--against", metavar="OTHER.csv", help="another study's judgments: compare the systems that are in both"
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
        parser.add_argument(
            "--report",
            type=Path,
            metavar="DIR",
            help="write the report there, participants numbered anew: HTML, PDF, LaTeX, CSV, plots; see `report`",
        )
        parser.add_argument("--language", choices=sorted(LANGUAGES), default="en", help="of the report (en)")
        parser.add_argument("--elo-k", type=positive_number, default=32.0, metavar="K", help="K of online Elo (32)")
        parser.add_argument(
            "--mann-whitney",
            choices=get_args(Reading),
            default="mirrored",
            help="reading of the published test: mirrored judgments, all of either system, or participants' win rates",
        )
        parser.add_argument(
            "--trials",
            type=whole_number(at_least=0),
            metavar="N",
            help="how many were shown to participants, answered or not; warns if over 10 %% were not",
        )
        parser.add_argument(
            "--looks",
            type=whole_number(at_least=0),
            metavar="N",
            help="how often results were looked at while judgments came in, this time included; warns from 2",
        )
        parser.add_argument(
            "--checks",
            metavar="CHECKS.csv",
            help="hidden checks of participants: participant,check,passed; check is gold, twin or repeat",
        )
        parser.add_argument(
            "--model", choices=get_args(ModelName), default="davidson", help="of ties, behind the ratings (davidson)"
        )
        parser.add_argument(
            "--interval",
            choices=get_args(IntervalMethod),
            default="auto",
            help="method of the ratings' intervals; auto: jackknife below 1,000 participants, sandwich beyond (auto)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["report"]:
            check_folder(options["report"])
        judgments = read_judgments(options["judgments"])
        compared = comparison_of(judgments, options["judgments"], options["against"]) if options["against"] else None
        checks = read_checks(options["checks"]) if options["checks"] else ()
        if options["report"]:  # before the analysis: it draws by the names of participants
            number = numbers_of(judgments)
            judgments = renumbered(judgments)
            checks = [replace(check, participant=number.get(check.participant, check.participant)) for check in checks]
        table = JudgmentTable.of(judgments)
        result = analyze(
            table,
            seed=options["seed"],
            replicates=options["replicates"],
            elo_k=options["elo_k"],
            halves=HALVES,
            mann_whitney=options["mann_whitney"],
            trials=options["trials"],
            looks=options["looks"],
            checks=checks,
            model=options["model"],
            interval=options["interval"],
        )
        if str(options["json"]) != "-":
            self.stdout.write("\n".join(analysis_lines(result)))
            if compared:
                self.stdout.write("\n".join(["", *comparison_lines(compared)]))
        if options["json"]:
            told = result.as_json() | ({"comparison": compared.as_json()} if compared else {})
            self.write_json(told, options["json"])
        if options["report"]:
            from evaluation.services.file_reports import file_report  # with it come templates and reportlab

            name, language = Path(options["judgments"]).name, options["language"]
            files = file_report(name=name, judgments=judgments, table=table, analysis=result, language=language)
            write_folder(options["report"], files)
