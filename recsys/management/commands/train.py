"""`manage.py train SYSTEM --dataset DIR --out MODEL_DIR`."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from playoff.common.commands import PlayoffCommand, whole_number
from playoff.common.progress import show_progress
from recsys.core.devices import DEVICES
from recsys.core.errors import RecsysError
from recsys.core.registry import RECOMMENDERS
from recsys.management.parameters import parameter
from recsys.services.training import train_recommender


class Command(PlayoffCommand):
    help = "Train one system on a data set; the same command again does nothing, after an interruption it goes on."
    input_errors = (RecsysError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("system", metavar="SYSTEM", help=f"one of {', '.join(RECOMMENDERS)}")
        parser.add_argument("--dataset", type=Path, required=True, metavar="DIR")
        parser.add_argument("--out", type=Path, required=True, metavar="MODEL_DIR")
        parser.add_argument(
            "--encoder",
            metavar="ID_OR_PATH",
            help="text encoder: a folder of train_encoder, or the folder or hub id of a sentence-transformers model, an"
            " encoder or a decoder; used as it is, but for biencoder, which fine-tunes it; without it the bi-encoders"
            " take the one of ENCODER or a pretrained one, and the others train a small one on the data set",
        )
        parser.add_argument("--classifier", type=Path, metavar="DIR", help="query-type classifier of train_classifier")
        parser.add_argument("--seed", type=whole_number(at_least=0, at_most=2**32 - 1), default=0)
        parser.add_argument("--device", choices=DEVICES, default="cpu")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="one of the system's own parameters; may be given more than once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with show_progress(sys.stderr) as progress:
            trained = train_recommender(
                system=options["system"],
                dataset=options["dataset"],
                out=options["out"],
                seed=options["seed"],
                device=options["device"],
                encoder=options["encoder"],
                classifier=options["classifier"],
                parameters=dict(map(parameter, options["set"])),
                progress=progress,
            )
        name = f"{trained.manifest.slug} {trained.manifest.fingerprint[:8]}"
        if trained.already:
            self.stdout.write(f"{trained.directory}: {name} is already trained, nothing to do.")
        else:
            self.stdout.write(f"{trained.directory}: {name} trained in {trained.manifest.metrics['seconds']:.1f} s.")
