"""`manage.py train_encoder --dataset DIR --out DIR [--base ID_OR_PATH]`."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from playoff.common.commands import PlayoffCommand, whole_number
from playoff.common.progress import show_progress
from recsys.core.devices import DEVICES
from recsys.core.errors import RecsysError
from recsys.management.parameters import parameter
from recsys.services.encoders import train_encoder


class Command(PlayoffCommand):
    help = (
        "Train a text encoder on a data set, for `train … --encoder DIR`: a small static one from nothing, or fine-tune"
        " any other. The same command again does nothing, after an interruption it goes on."
    )
    input_errors = (RecsysError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dataset", type=Path, required=True, metavar="DIR")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument(
            "--base",
            metavar="ID_OR_PATH",
            help="encoder to fine-tune: a folder of train_encoder, or the folder or hub id of a sentence-transformers"
            " model, an encoder or a decoder; without it a small static one is trained from nothing",
        )
        parser.add_argument("--seed", type=whole_number(at_least=0, at_most=2**32 - 1), default=0)
        parser.add_argument("--device", choices=DEVICES, default="cpu")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="a parameter of the training (docs/encoders.md); may be given more than once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with show_progress(sys.stderr) as progress:
            trained = train_encoder(
                dataset=options["dataset"],
                out=options["out"],
                base=options.get("base"),
                seed=options["seed"],
                device=options["device"],
                parameters=dict(map(parameter, options["set"])),
                progress=progress,
            )
        if trained.already:
            self.stdout.write(f"{trained.directory}: this encoder is already trained, nothing to do.")
            return
        metrics = trained.manifest.metrics
        after = [name for name in metrics if name.startswith("val_") and f"{name}_before" in metrics]
        found = "".join(
            f" {name[4:]} on the validation queries {metrics[f'{name}_before']:.3f} before, {metrics[name]:.3f} after."
            for name in after
        )
        self.stdout.write(f"{trained.directory}: trained in {metrics['seconds']:.1f} s.{found}")
