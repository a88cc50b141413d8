"""`manage.py merge_datasets A B … --out OUT`."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from playoff.common.commands import PlayoffCommand, output_file
from recsys.core.errors import RecsysError
from recsys.data.merging import merge
from recsys.data.reading import read_dataset
from recsys.data.writing import write_dataset
from recsys.sources.imported import sizes, sizes_in_words


class Command(PlayoffCommand):
    help = "Join data sets into one; where two say different things of one id, the first named holds."
    input_errors = (RecsysError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("datasets", type=Path, nargs="+", metavar="DIR", help="data set folders, two or more")
        parser.add_argument("--out", type=Path, required=True, metavar="OUT", help="data set folder to make")
        parser.add_argument("--json", type=output_file, metavar="PATH", help="write the counts as JSON; - is stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        merged = merge([read_dataset(folder) for folder in options["datasets"]])
        dataset = write_dataset(merged.dataset, options["out"], about=merged.about)
        summary = {
            "out": str(options["out"]),
            "name": dataset.name,
            "version": dataset.version,
            "fingerprint": dataset.fingerprint,
            "seconds": round(time.perf_counter() - started, 1),
            "kept": sizes(dataset),
            "counts": dict(merged.counts),
        }
        if options["json"]:
            self.write_json(summary, options["json"])
        if str(options["json"]) != "-":
            self.stdout.write(f"{options['out']}: {dataset.name} {dataset.version}, {summary['seconds']} s")
            self.stdout.write(f"  kept: {sizes_in_words(sizes(dataset))}")
            for what, number in merged.counts.items():
                if number:
                    self.stdout.write(f"  {number} {what}")
