"""`manage.py simulate_requests DIR --out NEW_DIR`."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from annotation.public import CATEGORIES, families
from playoff.common.commands import PlayoffCommand, whole_number
from recsys.core.errors import RecsysError
from recsys.data.simulated_dataset import write_simulated
from recsys.management.commands.simulate_listeners import SEED


class Command(PlayoffCommand):
    help = (
        "Make a data set with invented listeners and what they ask for out of one with tracks and labelled queries:"
        " personalisation that can be evaluated. docs/personalisation.md says by which assumptions."
    )
    input_errors = (RecsysError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dataset", type=Path, metavar="DIR", help="the data set folder")
        parser.add_argument("--out", type=Path, required=True, metavar="NEW_DIR", help="folder to make")
        parser.add_argument("--requests", type=whole_number(at_least=1, at_most=1_000_000), default=3000)
        parser.add_argument("--listeners", type=whole_number(at_least=1, at_most=1_000_000), default=300)
        parser.add_argument("--seed", type=whole_number(at_least=0), default=SEED)

    def handle(self, *args: Any, **options: Any) -> None:
        written = write_simulated(
            options["dataset"],
            options["out"],
            seed=options["seed"],
            listeners=options["listeners"],
            requests=options["requests"],
            personalised={category.slug: bool(category.personalised) for category in CATEGORIES},
            families_of=families,
        )
        requests = written.simulated.requests
        parts = Counter(request.split for request in requests)
        self.stdout.write(
            f"{options['out']}: {len(written.simulation.listeners)} listeners with"
            f" {len(written.simulation.interactions)} interactions, {len(requests)} requests"
            f" ({parts['val']} val, {parts['test']} test) of {len(set(written.simulated.categories))} categories,"
            f" {len(written.simulated.queries)} labelled queries left for a classifier, seed {options['seed']}."
        )
