"""`manage.py import_source SOURCE DIR --out OUT`."""

import time
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from playoff.common.commands import PlayoffCommand, output_file, whole_number
from recsys.core.errors import RecsysError
from recsys.data.writing import write_dataset
from recsys.sources.imported import Wanted, sizes, sizes_in_words
from recsys.sources.registry import SOURCES, importer


class Command(PlayoffCommand):
    help = "Turn the folder of a public set into a data set folder; the same seed gives the same splits."
    input_errors = (RecsysError,)

    def add_arguments(self, parser: CommandParser) -> None:
        sources = "\n".join(f"  {name}: {source.title}" for name, source in SOURCES.items())
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = f"The sources:\n{sources}\n\ndocs/public-data.md says what is made of each, and what is not."
        parser.add_argument("source", metavar="SOURCE", help="the name of a public set, see below")
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder that holds its files")
        parser.add_argument("--out", type=Path, required=True, metavar="OUT", help="data set folder to make")
        parser.add_argument(
            "--seed", type=whole_number(at_least=0, at_most=2**32 - 1), default=0, help="of the splits; %(default)s"
        )
        parser.add_argument("--val", type=share, default=0.1, help="share kept for choosing parameters; %(default)s")
        parser.add_argument("--test", type=share, default=0.2, help="share kept for the figures; %(default)s")
        parser.add_argument(
            "--catalogue", type=Path, metavar="DATASET", help="data set whose tracks are looked up: music-reco-ner only"
        )
        parser.add_argument("--json", type=output_file, metavar="PATH", help="write the counts as JSON; - is stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        wanted = Wanted(options["seed"], options["val"], options["test"], options["catalogue"])
        imported = importer(options["source"])(options["folder"], wanted)
        dataset = write_dataset(imported.dataset, options["out"], about=imported.about)
        summary = {
            "source": options["source"],
            "out": str(options["out"]),
            "fingerprint": dataset.fingerprint,
            "seconds": round(time.perf_counter() - started, 1),
            "read": dict(imported.counts.read),
            "kept": sizes(dataset),
            "left_out": dict(imported.counts.left_out),
        }
        if options["json"]:
            self.write_json(summary, options["json"])
        if str(options["json"]) != "-":
            self.stdout.write(f"{options['out']}: {dataset.name} {dataset.version}, {summary['seconds']} s")
            self.stdout.write(f"  read: {sizes_in_words(imported.counts.read)}")
            self.stdout.write(f"  kept: {sizes_in_words(sizes(dataset))}")
            for reason, number in imported.counts.left_out.items():
                self.stdout.write(f"  left out: {number} {reason}")


def share(text: str) -> float:
    """The type of an option that takes a share from 0 to below 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1:
        raise ArgumentTypeError(f"must be a share from 0 to below 1, got {text!r}")
    return value
