"""`manage.py extend MODEL_DIR --dataset DIR --out NEW_MODEL_DIR`."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from playoff.common.commands import PlayoffCommand
from playoff.common.progress import show_progress
from recsys.core.devices import DEVICES
from recsys.core.errors import RecsysError
from recsys.services.extending import extend_recommender


class Command(PlayoffCommand):
    help = "Make a new artifact from a trained one and a data set with more tracks, without training anything."
    input_errors = (RecsysError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("artifact", type=Path, metavar="MODEL_DIR")
        parser.add_argument(
            "--dataset", type=Path, required=True, metavar="DIR", help="with all of its tracks and more"
        )
        parser.add_argument("--out", type=Path, required=True, metavar="NEW_MODEL_DIR")
        parser.add_argument("--device", choices=DEVICES, default="cpu")

    def handle(self, *args: Any, **options: Any) -> None:
        with show_progress(sys.stderr) as progress:
            made = extend_recommender(
                artifact=options["artifact"],
                dataset=options["dataset"],
                out=options["out"],
                device=options["device"],
                progress=progress,
            )
        name = f"{made.manifest.slug} {made.manifest.fingerprint[:8]}"
        if made.already:
            self.stdout.write(f"{made.directory}: {name} is already made, nothing to do.")
        else:
            self.stdout.write(f"{made.directory}: {name} made in {made.manifest.metrics['seconds']:.1f} s.")
