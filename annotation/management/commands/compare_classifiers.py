"""Train several query-type classifiers on the same split, and put them into one table, as the Zvuk paper's Table 1."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotation.classifier.dataset import Example
from annotation.classifier.errors import ClassifierError
from annotation.classifier.reading import read_queries
from annotation.classifier.spec import DEVICES, TARGETS, Spec
from annotation.classifier.table import Row, markdown, row_of
from annotation.services.training import train_classifier_into
from playoff.common.commands import PlayoffCommand, output_file, whole_number
from playoff.common.progress import Progress, show_progress

MOST_SEED = 2**32 - 1
FROZEN = ":frozen"


class Command(PlayoffCommand):
    help = (
        "Train every model for every target on one split, measure all on the same test queries, and print a table. "
        "What is trained already in the folder is not trained again."
    )
    input_errors = (ClassifierError,)
    requires_system_checks = []  # reads a file and writes folders; no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queries", required=True, type=Path, metavar="FILE", help="labelled queries, .jsonl or .jsonl.gz"
        )
        parser.add_argument(
            "--models", required=True, type=_names, metavar="A,B,…",
            help=f"as train_classifier takes them; with {FROZEN} behind it, an encoder stays as it comes",
        )  # fmt: skip
        parser.add_argument(
            "--targets", type=_targets, default=("binary", "categories"), metavar="T,…",
            help="of both, binary, categories (binary,categories)",
        )  # fmt: skip
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="one folder per classifier in it")
        parser.add_argument("--device", choices=DEVICES, default="cpu", help="where to train (cpu)")
        parser.add_argument(
            "--seed", type=whole_number(at_least=0, at_most=MOST_SEED), default=0, help="of every use of chance (0)"
        )
        parser.add_argument(
            "--json", type=output_file, metavar="PATH", help="write the result there; - prints it alone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        out = Path(options["out"])
        examples = read_queries(Path(options["queries"]))
        specs = [
            Spec(name.removesuffix(FROZEN), target, name.endswith(FROZEN), device=options["device"],
                 seed=options["seed"])
            for name in options["models"]
            for target in options["targets"]
        ]  # fmt: skip
        with show_progress(sys.stderr) as progress:
            rows = [self._row(spec, examples, out, progress) for spec in specs]
        rows = [replace(row, difference=row.difference_to(rows[0]) if number else None)
                for number, row in enumerate(rows)]  # fmt: skip
        if str(options["json"]) != "-":
            self.stdout.write(markdown(rows))
        if options["json"]:
            self.write_json([row.as_json() for row in rows], options["json"])

    def _row(self, spec: Spec, examples: Sequence[Example], out: Path, progress: Progress) -> Row:
        directory = out / folder_of(spec)

        def said(step: str, done: int, total: int) -> None:
            progress(f"{spec.model} {spec.target}: {step}", done, total)

        workspace = Path(f"{directory}.training")
        train_classifier_into(directory=directory, spec=spec, queries=examples, workspace=workspace, progress=said)
        return row_of(spec, directory, examples)


def folder_of(spec: Spec) -> str:
    """The folder of a classifier: its model's last name, frozen or not, and its target."""
    name = spec.model.rstrip("/").rpartition("/")[2]
    return f"{name}{'-frozen' if spec.frozen else ''}-{spec.target}"


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or len(set(names)) < len(names):
        raise ArgumentTypeError(f"{text!r} does not name different models, such as tfidf,minilm{FROZEN}.")
    return names


def _targets(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or len(set(names)) < len(names) or not set(names) <= set(TARGETS):
        raise ArgumentTypeError(f"{text!r} does not name different targets of {', '.join(TARGETS)}.")
    return names
