"""`manage.py train_encoder --dataset DIR --out DIR`."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from playoff.common.commands import PlayoffCommand, whole_number
from playoff.common.progress import show_progress
from recsys.core.errors import RecsysError
from recsys.services.training import train_encoder


class Command(PlayoffCommand):
    help = "Train the small static text encoder on a data set, for `train … --encoder DIR`."
    input_errors = (RecsysError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dataset", type=Path, required=True, metavar="DIR")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--seed", type=whole_number(at_least=0, at_most=2**32 - 1), default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        with show_progress(sys.stderr) as progress:
            trained = train_encoder(
                dataset=options["dataset"],
                out=options["out"],
                seed=options["seed"],
                progress=progress,
            )
        if trained.already:
            self.stdout.write(f"{trained.directory}: this encoder is already trained, nothing to do.")
        else:
            self.stdout.write(f"{trained.directory}: trained in {trained.manifest.metrics['seconds']:.1f} s.")
