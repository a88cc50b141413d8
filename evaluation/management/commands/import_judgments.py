"""`manage.py import_judgments SOURCE DIR --out JUDGMENTS.csv`."""

import csv
import io
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from evaluation.sources.registry import SOURCES
from evaluation.stats.errors import StatisticsError
from evaluation.stats.judgments import defuse, write_judgments
from playoff.common.commands import PlayoffCommand, write_whole


class Command(PlayoffCommand):
    help = "Turn a public set of pairwise judgments into a file for `analyze`, and one for `agreement`."
    input_errors = (StatisticsError,)
    requires_system_checks = []  # reads files and writes files

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        sources = "\n".join(f"  {name}: {source.title}" for name, source in SOURCES.items())
        parser.epilog = f"The sources:\n{sources}\n\ndocs/real-judgments.md: what is made of each, what comes out."
        parser.add_argument("source", metavar="SOURCE", choices=sorted(SOURCES), help="a public set, see below")
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder that holds its files")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="judgments file to write")
        parser.add_argument(
            "--agreement", type=Path, metavar="FILE", help="also write item,annotator,label for `agreement`"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = SOURCES[options["source"]].read(options["folder"])
        stream = io.StringIO(newline="")
        write_judgments(found.judgments, stream)
        write_whole(options["out"], stream.getvalue())
        if options["agreement"]:
            labels = io.StringIO(newline="")
            writer = csv.writer(labels)
            writer.writerow(("item", "annotator", "label"))
            writer.writerows([defuse(cell) for cell in row] for row in found.labels)
            write_whole(options["agreement"], labels.getvalue())
        people = len({judgment.participant for judgment in found.judgments})
        self.stdout.write(f"{options['out']}: {len(found.judgments)} judgments by {people} participants")
        for reason, number in found.left_out.items():
            self.stdout.write(f"  left out: {number} {reason}")
