"""`manage.py report STUDY --out DIR`: the study's report as files."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from evaluation.models import Study
from evaluation.reporting.words import LANGUAGES
from evaluation.services.reports import report_files, study_report
from playoff.common.commands import InputError, PlayoffCommand, check_folder, whole_number, write_folder


class Command(PlayoffCommand):
    help = (
        "Write a study's report: report.html (one file), report.pdf, report.json, the anonymous judgments "
        "and all tables as CSV with a codebook, tables for LaTeX, plots, the paragraph on methods, "
        "MANIFEST."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="short name of the study, as in its address")
        parser.add_argument("--out", required=True, type=Path, help="folder to write to; made if it is not there")
        parser.add_argument(
            "--language", choices=sorted(LANGUAGES), default="en", help="of pages, tables and plots (default en)"
        )
        parser.add_argument(
            "--json", metavar="PATH", help="write the machine-readable report here too; - is standard output"
        )
        parser.add_argument(
            "--seed", type=whole_number(at_least=0), default=0, help="seed of the resampling (default 0)"
        )
        parser.add_argument(
            "--replicates", type=whole_number(at_least=100), default=1000, help="bootstrap replicates (default 1000)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        study = Study.objects.filter(slug=options["study"]).first()
        if study is None:
            known = ", ".join(Study.objects.order_by("slug").values_list("slug", flat=True)) or "none"
            raise InputError(f"There is no study `{options['study']}`; the studies are: {known}.")
        out: Path = options["out"]
        check_folder(out)
        report = study_report(study=study, seed=options["seed"], replicates=options["replicates"])
        write_folder(out, report_files(report, options["language"]))
        if options["json"]:
            self.write_json(report.as_json(), options["json"])
        if options["json"] != "-":
            analysis = report.analysis
            self.stdout.write(
                f"{analysis['judgments']} judgments, {analysis['participants']} participants: {out}/report.html"
            )
