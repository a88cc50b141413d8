"""Train a query-type classifier from labelled queries and say how good it is."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from pathlib import Path
from typing import Any

from annotation.classifier.artifacts import TrainingResult
from annotation.classifier.encoder.ranks import is_main
from annotation.classifier.errors import ClassifierError
from annotation.classifier.metrics import Figure
from annotation.classifier.reading import read_queries
from annotation.classifier.spec import DEVICES, RECIPES, TARGETS, Spec
from annotation.services.training import train_classifier_into
from playoff.common.commands import PlayoffCommand, output_file, whole_number
from playoff.common.progress import show_progress

MOST_SEED = 2**32 - 1


class Command(PlayoffCommand):
    help = (
        "Train a classifier of query types: 70 % to learn from, 20 % to calibrate, 10 % to measure. "
        "The folder that it makes holds a card with every figure."
    )
    input_errors = (ClassifierError,)
    requires_system_checks = []  # reads a file and writes a folder; no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queries", required=True, type=Path, metavar="FILE", help="labelled queries, .jsonl or .jsonl.gz"
        )
        parser.add_argument(
            "--model",
            required=True,
            metavar="tfidf|ID_OR_PATH",
            help="tfidf; rubert, ruroberta, sbert, rumodernbert or minilm; or the hub id or path of any text encoder",
        )
        parser.add_argument(
            "--out", required=True, type=Path, metavar="MODEL_DIR", help="folder to make; never overwritten"
        )
        parser.add_argument(
            "--target", choices=TARGETS, default="both", help="what to learn, and where alpha comes from (both)"
        )
        parser.add_argument(
            "--frozen", action="store_true", help="leave the encoder as it comes, learn linear heads on it"
        )
        parser.add_argument(
            "--recipe", choices=RECIPES, default="default", help="hyper-parameters; paper: those of the Zvuk paper"
        )
        parser.add_argument(
            "--set", action="append", type=_override, default=[], dest="overrides", metavar="NAME=VALUE",
            help="one hyper-parameter, over those of the recipe; may be repeated",
        )  # fmt: skip
        parser.add_argument("--device", choices=DEVICES, default="cpu", help="where to train (cpu)")
        parser.add_argument(
            "--curve", action="store_true", help="learn from parts of the data too, for the learning curve in the card"
        )
        parser.add_argument(
            "--workspace", type=Path, metavar="DIR", help="checkpoints go here (MODEL_DIR.training); kept until done"
        )
        parser.add_argument(
            "--seed", type=whole_number(at_least=0, at_most=MOST_SEED), default=0, help="of every use of chance (0)"
        )
        parser.add_argument(
            "--json", type=output_file, metavar="PATH", help="write the result there; - prints it alone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        out = Path(options["out"])
        spec = Spec(
            **{name: options[name] for name in ("model", "target", "frozen", "recipe", "device", "curve", "seed")},
            overrides=dict(options["overrides"]),
        )
        with show_progress(sys.stderr) as progress:
            training, trained = train_classifier_into(
                directory=out,
                spec=spec,
                queries=read_queries(Path(options["queries"])),
                workspace=Path(options["workspace"] or f"{out}.training"),
                progress=progress,
            )
        if not is_main():  # under `accelerate launch` the first process speaks
            return
        if str(options["json"]) != "-":
            self.stdout.write("\n".join(_lines(training, out, trained)))
        if options["json"]:
            self.write_json(_as_json(training), options["json"])


def _override(text: str) -> tuple[str, int | float | str | bool]:
    """Read `name=value`; a value is a number or a truth value where it looks like one."""
    name, sign, value = text.partition("=")
    if not name.strip() or not sign or not value.strip():
        raise ArgumentTypeError(f"{text!r} is not NAME=VALUE, such as learning_rate=2e-5.")
    return name.strip(), _value(value.strip())


def _value(text: str) -> int | float | str | bool:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _as_json(training: TrainingResult) -> dict[str, Any]:
    whole = training.as_json()
    return {
        "kind": training.recipe.kind,
        "fingerprint": training.fingerprint,
        "seed": training.recipe.seed,
        "target": training.recipe.target,
        "parameters": dict(training.recipe.parameters),
        "split": dict(training.split),
        "unsettled": dict(training.unsettled),
        "alpha": dict(training.alpha),
        "queries": training.metrics.queries,
        "families": training.metrics.families,
        "replicates": training.metrics.replicates,
        "binary": asdict(training.metrics.binary),
        "categories": asdict(training.metrics.categories),
        **{name: whole["metrics"][name] for name in ("by_category", "by_language")},
        "sources": whole["sources"],
        "curve": whole["curve"],
        "code": training.code,
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
        f"{split['train']} queries to learn from, {split['validation']} to calibrate, {split['test']} to measure "
        f"({metrics.queries} of them settled); seed {training.recipe.seed}",
        f"alpha from {alpha['source']}, calibrated by {alpha['calibration']}",
        *([] if training.curve is None else [training.curve.verdict]),
        "",
        f"{'on the test queries':<20}{'personalised or not':<26}19 categories",
        *(f"{name:<20}{_shown(binary):<26}{_shown(categories)}" for name, binary, categories in rows),
    ]


def _shown(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.ci[0]:.3f} to {figure.ci[1]:.3f})"
