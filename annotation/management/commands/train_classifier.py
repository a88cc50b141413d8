"""Train a query-type classifier from labelled queries and say how good it is."""

import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from annotation.classifier.artifacts import TrainingResult
from annotation.classifier.errors import ClassifierError
from annotation.classifier.metrics import Figure
from annotation.classifier.reading import read_queries
from annotation.services.training import train_classifier_into
from playoff.common.commands import PlayoffCommand, output_file, whole_number
from playoff.common.progress import show_progress

MOST_SEED = 2**32 - 1


class Command(PlayoffCommand):
    help = "Train a classifier of query types: 70 % to learn from, 20 % to calibrate, 10 % to measure."
    input_errors = (ClassifierError,)
    requires_system_checks = []  # reads a file and writes a folder; no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queries", required=True, type=Path, metavar="FILE", help="labelled queries, .jsonl or .jsonl.gz"
        )
        parser.add_argument(
            "--model", required=True, metavar="tfidf|ID_OR_PATH", help="tfidf; text encoders by id or path come later"
        )
        parser.add_argument(
            "--out", required=True, type=Path, metavar="MODEL_DIR", help="folder to make; never overwritten"
        )
        parser.add_argument(
            "--seed", type=whole_number(at_least=0, at_most=MOST_SEED), default=0, help="of every use of chance (0)"
        )
        parser.add_argument(
            "--json", type=output_file, metavar="PATH", help="write the result there; - prints it alone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        out = Path(options["out"])
        with show_progress(sys.stderr) as progress:
            training, trained = train_classifier_into(
                directory=out,
                model=options["model"],
                queries=read_queries(Path(options["queries"])),
                seed=options["seed"],
                progress=progress,
            )
        if str(options["json"]) != "-":
            self.stdout.write("\n".join(_lines(training, out, trained)))
        if options["json"]:
            self.write_json(_as_json(training), options["json"])


def _as_json(training: TrainingResult) -> dict[str, Any]:
    return {
        "kind": training.recipe.kind,
        "fingerprint": training.fingerprint,
        "seed": training.recipe.seed,
        "split": dict(training.split),
        "alpha": dict(training.alpha),
        "replicates": training.metrics.replicates,
        "binary": asdict(training.metrics.binary),
        "categories": asdict(training.metrics.categories),
    }


def _lines(training: TrainingResult, directory: Path, trained: bool) -> list[str]:
    split, alpha, metrics = training.split, training.alpha, training.metrics
    rows = (
        ("accuracy", metrics.binary.accuracy, metrics.categories.accuracy),
        ("macro-F1", metrics.binary.macro_f1, metrics.categories.macro_f1),
        ("ROC-AUC", metrics.binary.roc_auc, metrics.categories.roc_auc),
        ("calibration error", metrics.binary.ece, metrics.categories.ece),
    )
    return [
        f"{directory}: {'trained' if trained else 'nothing to do, the same classifier is here already'}",
        f"{split['train']} queries to learn from, {split['validation']} to calibrate, {split['test']} to measure; "
        f"seed {training.recipe.seed}",
        f"alpha from {alpha['source']}, calibrated by {alpha['calibration']}",
        "",
        f"{'on the test queries':<20}{'personalised or not':<26}19 categories",
        *(f"{name:<20}{_shown(binary):<26}{_shown(categories)}" for name, binary, categories in rows),
    ]


def _shown(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.ci[0]:.3f} to {figure.ci[1]:.3f})"
