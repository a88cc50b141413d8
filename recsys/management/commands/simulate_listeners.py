from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from playoff.common.commands import InputError, PlayoffCommand, whole_number, write_whole
from recsys.core.errors import DatasetError
from recsys.data.reading import read_dataset
from recsys.data.simulation import interactions_csv, listeners_jsonl, simulate

SEED = 2026


class Command(PlayoffCommand):
    help = "Invent listeners for a data set: writes interactions.csv and listeners.jsonl, the same for the same seed."
    input_errors = (DatasetError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dataset", type=Path, metavar="DIR", help="the data set folder")
        parser.add_argument("--listeners", type=whole_number(at_least=1, at_most=1_000_000), default=300)
        parser.add_argument("--seed", type=whole_number(at_least=0), default=SEED)
        parser.add_argument("--out", type=Path, metavar="DIR", help="folder to write to; the data set's own by default")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"] or options["dataset"]
        if not out.is_dir():
            raise InputError(f"{out}: there is no such folder; create it or name another with --out.")
        dataset = read_dataset(options["dataset"])
        simulation = simulate(
            dataset.tracks, seed=options["seed"], listeners=options["listeners"], tag_names=dataset.tag_names
        )
        write_whole(out / "interactions.csv", interactions_csv(simulation))
        write_whole(out / "listeners.jsonl", listeners_jsonl(simulation))
        self.stdout.write(
            f"{len(simulation.listeners)} listeners with {len(simulation.interactions)} interactions written to {out}, "
            f"seed {options['seed']}."
        )
