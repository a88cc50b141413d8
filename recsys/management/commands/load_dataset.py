import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from playoff.common.commands import PlayoffCommand, output_file
from playoff.common.progress import show_progress
from recsys.core.errors import DatasetError
from recsys.services.catalogue import LoadSummary, load_dataset


class Command(PlayoffCommand):
    help = "Check a data set folder whole and load it; loading the same version again changes nothing."
    input_errors = (DatasetError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the data set folder")
        parser.add_argument("--json", type=output_file, metavar="PATH", help="write the summary as JSON; - is stdout")
        parser.add_argument("--dry-run", action="store_true", help="check and compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with show_progress(sys.stderr) as progress:
            summary = load_dataset(folder=options["folder"], progress=progress, dry_run=options["dry_run"])
        if options["json"]:
            self.write_json(asdict(summary), options["json"])
        if str(options["json"]) != "-":
            self._print(summary)

    def _print(self, summary: LoadSummary) -> None:
        self.stdout.write(f"{summary.name} {summary.version}, {summary.fingerprint[:12]}")
        self.stdout.write(f"  read: {_counts(summary.read)}")
        self.stdout.write(f"  added: {_counts(summary.added) or 'nothing'}")
        for reason in summary.skipped:
            self.stdout.write(f"  skipped: {reason}")


def _counts(sizes: Any) -> str:
    return ", ".join(f"{n} {table.replace('_', ' ')}" for table, n in sizes.items() if n)
