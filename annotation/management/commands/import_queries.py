import sys
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from annotation.intake.columns import ALIASES, Columns
from annotation.intake.source import ENCODINGS
from annotation.models import Campaign, Intake
from annotation.services import intake as services
from annotation.services.intake_reading import IntakeOptions, begin_intake, forget, read_intake
from annotation.services.intake_writing import write_on
from playoff.common.commands import InputError, PlayoffCommand, output_file, whole_number
from playoff.common.progress import Progress, show_progress

LINES_SHOWN = 20


class Command(PlayoffCommand):
    help = (
        "Read a log of queries, report on it and add it to a campaign. Ids of users are hashed while the file is read. "
        "Can be stopped at any time and gone on with by --resume."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", metavar="CAMPAIGN", help="the campaign's short name")
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, TSV, JSON or JSON lines, gzipped or not")
        parser.add_argument(
            "--per-user", type=whole_number(at_least=0), default=2, metavar="N", help="queries kept of one user; 0: all"
        )
        parser.add_argument("--seed", type=whole_number(at_least=0), help="of the draw; else the campaign's")
        parser.add_argument("--drop-near", action="store_true", help="keep one of nearly equal texts")
        parser.add_argument(
            "--column", action="append", default=[], metavar="FIELD=NAME", help=f"FIELD is one of {', '.join(ALIASES)}"
        )
        parser.add_argument("--language", metavar="CODE", help="where the file does not say")
        parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8")
        parser.add_argument("--no-labels", action="store_true", help="leave out the labels that came with the file")
        parser.add_argument("--gold", action="store_true", help="make gold questions of queries with a known answer")
        parser.add_argument("--yes", action="store_true", help="leave out rows with a fault without asking")
        parser.add_argument("--dry-run", action="store_true", help="report only")
        parser.add_argument("--resume", action="store_true", help="go on with this file where an earlier call stopped")
        parser.add_argument("--json", type=output_file, metavar="PATH", help="write the report as JSON; - is stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.select_related("taxonomy").filter(slug=options["campaign"]).first()
        if campaign is None:
            raise InputError(f"There is no campaign {options['campaign']!r}; create it first.")
        with options["file"].open("rb") as stream, show_progress(sys.stderr) as progress:
            intake = self._intake(campaign, options)
            if intake.state == Intake.State.READING:
                intake = read_intake(intake=intake, stream=stream, progress=progress)
        if options["json"]:
            self.write_json(intake.report, options["json"])
        if str(options["json"]) != "-":
            self._print_report(intake)
        if options["dry_run"]:
            forget(intake)
            return
        self._check(intake, options)
        with show_progress(sys.stderr) as progress:
            intake = self._write(intake, progress)
        if str(options["json"]) != "-":
            self._print_result(intake)

    def _intake(self, campaign: Campaign, options: dict[str, Any]) -> Intake:
        """The unfinished intake of this file, or a new one in the place of those that were read and not confirmed."""
        file: Path = options["file"]
        begin = partial(
            begin_intake,
            campaign=campaign,
            by=None,
            name=file.name,
            size=file.stat().st_size,
            options=_options(options),
            door="command",
        )
        if options["dry_run"]:
            return begin()
        unfinished = Intake.objects.filter(campaign=campaign, name=file.name, options__door="command")
        writing = unfinished.filter(state=Intake.State.WRITING).first()
        if writing is not None:
            if not options["resume"]:
                raise InputError(f"{file}: it is half written already; add --resume to go on with it.")
            return writing
        waiting = unfinished.filter(state__in=[Intake.State.READING, Intake.State.CHECKED])
        if options["resume"]:
            found = waiting.first()
            if found is None:
                raise InputError(f"{file}: there is nothing to resume in this campaign; leave out --resume.")
            return found
        for earlier in waiting:
            forget(earlier)
        return begin()

    def _check(self, intake: Intake, options: dict[str, Any]) -> None:
        """Rows with a fault are left out only if somebody said so."""
        faulty = sum(intake.report["problem_kinds"].values())
        if intake.state != Intake.State.CHECKED or not faulty or options["yes"]:
            return
        if sys.stdin.isatty() and input(f"Leave {faulty} rows out and add {intake.kept}? [y/N] ").lower() == "y":
            return
        raise InputError(
            f"{options['file']}: {faulty} rows have a fault; mend them, or leave them out by --resume --yes. "
            "Nothing was written."
        )

    def _write(self, intake: Intake, progress: Progress) -> Intake:
        """Write to the end, in this process; a worker that was woken meanwhile does no harm."""
        if intake.state == Intake.State.CHECKED:
            intake = services.confirm(intake=intake, seconds=0, wake=False)
        return write_on(
            intake_id=intake.pk,
            seconds=float("inf"),
            progress=lambda now: progress("writing", now.written, now.kept),
        )

    def _print_report(self, intake: Intake) -> None:
        report = intake.report
        self.stdout.write(f"{intake.name}: {report['format']}, {report['rows']} rows, {report['kept']} kept")
        for kind, rows in report["problem_kinds"].items():
            self.stdout.write(f"  fault: {rows} {kind}")
        for one in report["problems"][:LINES_SHOWN]:
            self.stdout.write(f"    line {one['line']}: {one['sentence']}")
        if (more := sum(report["problem_kinds"].values()) - LINES_SHOWN) > 0:
            self.stdout.write(f"    and {more} more; --json has the first {len(report['problems'])}")
        for reason, rows in report["dropped"].items():
            self.stdout.write(f"  left out: {rows} {reason}")
        self.stdout.write(
            f"  users: {report['users']}, {report['users_capped']} with more queries than are kept; "
            f"exact duplicates: {report['exact_duplicates']}; near-duplicate groups: {report['near_groups']}"
        )
        languages = ", ".join(
            f"{rows} {language}" for language, rows in list(report["languages"].items())[:LINES_SHOWN]
        )
        self.stdout.write(f"  languages: {languages or 'none'}, {report['languages_guessed']} guessed")
        if report["categories"]:
            labels = sum(report["categories"].values())
            self.stdout.write(f"  labels: {labels} by {len(report['annotators'])} annotators")

    def _print_result(self, intake: Intake) -> None:
        result = intake.options.get("result", {})
        if intake.state == Intake.State.FAILED:
            raise InputError(intake.message)
        self.stdout.write(
            f"  added: {result.get('items', 0)} queries, {result.get('labels', 0)} labels, "
            f"{result.get('gold', 0)} gold questions; {intake.written - result.get('items', 0)} were here already"
        )


def _options(options: dict[str, Any]) -> IntakeOptions:
    named: dict[str, Any] = {}
    for pair in options["column"]:
        field, separator, name = pair.partition("=")
        if field not in ALIASES or not separator or not name:
            raise InputError(f"--column {pair!r}: write FIELD=NAME, with FIELD one of {', '.join(ALIASES)}.")
        named[field] = name
    return IntakeOptions(
        per_user=options["per_user"] or None,
        drop_near=options["drop_near"],
        seed=options["seed"],
        labels=not options["no_labels"],
        gold=options["gold"],
        encoding=options["encoding"],
        columns=Columns(**named, default_language=options["language"]),
    )
