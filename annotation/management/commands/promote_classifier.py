"""Put a finished run of a classifier to use."""

from argparse import ArgumentParser
from typing import Any

from annotation.models import ClassifierRun
from annotation.services.classifier_promotion import promote
from playoff.common.commands import InputError, PlayoffCommand, whole_number


class Command(PlayoffCommand):
    help = (
        "Put a finished run of a classifier to use, after its files are compared; the one in use stays in the history."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", metavar="RUN", type=whole_number(at_least=1), help="its number")

    def handle(self, *args: Any, **options: Any) -> None:
        run = ClassifierRun.objects.filter(pk=options["run"]).first()
        if run is None:
            raise InputError(f"There is no run {options['run']}; /research/classifiers/ names them.")
        promote(run=run, by=None)
        self.stdout.write(f"Run {run.pk}, {run.name}, is in use: {run.directory}")
